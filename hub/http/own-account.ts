/**
 * What operators do with their own account: second factors, recovery codes, password. The first factor of an account brings
 * its recovery codes, the last one takes them along, and where the role needs a factor the last one stays.
 */
import type { AccountView, RecoveryCodes, TotpOffer } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { Auth } from './auth.ts'
import { hasFactor, needsFactor } from './factors.ts'
import type { Page } from './passkeys.ts'
import { requireStrong } from './passwords.ts'
import type { Account, Clock } from './ports.ts'
import { newRecoveryCodes, recoveryHash } from './recovery.ts'
import { newTotp, stepOf } from './totp.ts'

const OFFER_MS = 10 * 60_000
const MOST_PASSKEYS = 20

export class OwnAccount {
  readonly #auth: Auth
  readonly #now: Clock
  /** Secrets that are not proved yet, by account: the newest each. */
  readonly #offers = new Map<string, { readonly secret: string; readonly until: number }>()

  constructor(auth: Auth, now: Clock) {
    this.#auth = auth
    this.#now = now
  }

  async view(id: string): Promise<AccountView> {
    const account = await this.#of(id)
    const { login, name, role, zones, totpSecret, passkeys, recoveryCodesLeft, passwordAt, person } = account
    return {
      ...{ login, name, role, recoveryCodesLeft },
      ...(zones && { zones }),
      totp: totpSecret !== undefined,
      passkeys: passkeys.map(p => ({
        ...{ id: p.id, name: p.name, createdAt: p.createdAt },
        ...(p.usedAt !== undefined && { usedAt: p.usedAt }),
      })),
      secondFactorRequired: needsFactor(account),
      ...(account.external !== undefined && { external: true as const }),
      ...(passwordAt !== undefined && { passwordSince: passwordAt }),
      ...(person !== undefined && { person }),
    }
  }

  async offerTotp(id: string): Promise<TotpOffer> {
    const { login } = await this.#of(id)
    const offer = newTotp(login)
    const now = this.#now()
    for (const [old, { until }] of this.#offers) if (until <= now) this.#offers.delete(old)
    this.#offers.set(id, { secret: offer.secret, until: now + OFFER_MS })
    return offer
  }

  /** @returns recovery codes where there were none @throws VigieError totp-unoffered, factor-refused, too-many-requests */
  async confirmTotp(id: string, code: string, address: string): Promise<Partial<RecoveryCodes>> {
    const account = await this.#of(id)
    const offer = this.#offers.get(id)
    if (!offer || offer.until <= this.#now()) throw new VigieError('totp-unoffered')
    const attempt = await this.#auth.attempts.begin(`offer ${id}`, address)
    const step = stepOf(offer.secret, code, this.#now())
    if (step === undefined) throw new VigieError('factor-refused', { seconds: attempt.seconds })
    attempt.right()
    if (this.#offers.get(id) !== offer) throw new VigieError('totp-unoffered')
    this.#offers.delete(id)
    await this.#auth.accounts.setTotp(id, { secret: offer.secret, step }, this.#now())
    this.#auth.claims.begin(id, step)
    return this.#firstCodes(account)
  }

  /** @throws VigieError factor-none, factor-needed */
  async removeTotp(id: string): Promise<void> {
    const { totpSecret, ...left } = await this.#of(id)
    if (totpSecret === undefined) throw new VigieError('factor-none')
    requireLeft(left)
    await this.#auth.accounts.setTotp(id, undefined, this.#now())
    await this.#dropCodes(left)
  }

  /** @throws VigieError passkey-needs-name, passkeys-full */
  async passkeyOptions(id: string, page: Page): Promise<object> {
    const account = await this.#of(id)
    requireRoom(account)
    return this.#auth.passkeys.creation(page, account)
  }

  /** @returns recovery codes where there were none @throws VigieError passkey-refused, passkey-needs-name, passkeys-full */
  async addPasskey(id: string, name: string, made: unknown, page: Page): Promise<Partial<RecoveryCodes>> {
    const account = await this.#of(id)
    requireRoom(account)
    const passkey = await this.#auth.passkeys.created(page, account, name, made)
    await this.#auth.accounts.addPasskey(id, passkey, this.#now())
    return this.#firstCodes(account)
  }

  /** @throws VigieError factor-none, factor-needed */
  async removePasskey(id: string, credential: string): Promise<void> {
    const account = await this.#of(id)
    const left = { ...account, passkeys: account.passkeys.filter(p => p.id !== credential) }
    if (left.passkeys.length === account.passkeys.length) throw new VigieError('factor-none')
    requireLeft(left)
    if (!(await this.#auth.accounts.removePasskey(id, credential, this.#now()))) throw new VigieError('factor-none')
    await this.#dropCodes(left)
  }

  /** The old ones end. @throws VigieError factor-none where there is no factor they could stand in for */
  async newRecoveryCodes(id: string): Promise<RecoveryCodes> {
    if (!hasFactor(await this.#of(id))) throw new VigieError('factor-none')
    const recoveryCodes = newRecoveryCodes()
    await this.#auth.accounts.setRecoveryCodes(id, recoveryCodes.map(recoveryHash), this.#now())
    return { recoveryCodes }
  }

  /** @throws VigieError operator-external, password-wrong, password-weak, password-breached, too-many-requests */
  async changePassword(id: string, wish: { current: string; next: string }, address: string): Promise<void> {
    const account = await this.#of(id)
    if (account.external !== undefined && account.passwordHash === '')
      throw new VigieError('operator-external', { login: account.login })
    await this.#auth.requirePassword(account, wish.current, address)
    requireStrong(wish.next, account.login, account.name)
    await this.#auth.accounts.setPassword(id, await this.#auth.passwords.hash(wish.next), this.#now())
  }

  async #firstCodes(before: Account): Promise<Partial<RecoveryCodes>> {
    return before.recoveryCodesLeft > 0 ? {} : this.newRecoveryCodes(before.id)
  }

  async #dropCodes(left: Omit<Account, 'totpSecret'>): Promise<void> {
    if (!hasFactor(left) && left.recoveryCodesLeft > 0)
      await this.#auth.accounts.setRecoveryCodes(left.id, [], this.#now())
  }

  async #of(id: string): Promise<Account> {
    const account = await this.#auth.accounts.byId(id)
    if (!account) throw new VigieError('not-signed-in')
    return account
  }
}

function requireLeft(left: Omit<Account, 'totpSecret'>): void {
  if (needsFactor(left) && !hasFactor(left)) throw new VigieError('factor-needed')
}

function requireRoom({ passkeys }: Account): void {
  if (passkeys.length >= MOST_PASSKEYS) throw new VigieError('passkeys-full', { limit: MOST_PASSKEYS })
}
