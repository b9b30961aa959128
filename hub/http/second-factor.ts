/**
 * The second factor of a sign-in, and the fresh one of a step-up:
 *
 *   may this account and this network try now? -> is it right? -> was it used already? -> written as used -> journal
 *
 * Each code counts once, decided in memory in one turn and then in the store: also of fifty at the same moment, also while
 * the disk fails, also after a restart.
 */
import type { Factor, FactorRequest } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import type { Account, Accounts } from './account-ports.ts'
import type { Attempts } from './attempts.ts'
import type { OwedWrites } from './owed-writes.ts'
import type { Page, Passkeys } from './passkeys.ts'
import type { Clock, RecordEvent } from './ports.ts'
import { recoveryHash } from './recovery.ts'
import { stepOf, type TotpClaims } from './totp.ts'

/** From where a proof comes. */
export interface From {
  readonly page: Page
  readonly address: string
}

export interface SecondFactorNeeds {
  readonly accounts: Accounts
  readonly attempts: Attempts
  readonly passkeys: Passkeys
  readonly claims: TotpClaims
  readonly owed: OwedWrites
  readonly record: RecordEvent<OperatorEvent>
  readonly now: Clock
}

export class SecondFactor {
  readonly #needs: SecondFactorNeeds
  /** Recovery codes that were used, by hash, also while the store can't be told. */
  readonly #usedCodes = new Set<string>()

  constructor(needs: SecondFactorNeeds) {
    this.#needs = needs
  }

  /** @returns which one it was @throws VigieError factor-refused, too-many-requests (both with the seconds to wait) */
  async prove(account: Account, proof: FactorRequest, { page, address }: From): Promise<Factor> {
    const attempt = await this.#needs.attempts.begin(`factor ${account.id}`, address)
    const factor = await this.#right(account, proof, page)
    if (factor) {
      attempt.right()
      return factor
    }
    await this.#needs.record({ kind: 'operator.refused', operator: account.id, reason: 'factor' })
    throw new VigieError('factor-refused', { seconds: attempt.seconds })
  }

  async #right(account: Account, proof: FactorRequest, page: Page): Promise<Factor | undefined> {
    if ('totp' in proof) return (await this.#totp(account, proof.totp)) ? 'totp' : undefined
    if ('recovery' in proof) return (await this.#recovery(account, proof.recovery)) ? 'recovery' : undefined
    return (await this.passkey(account, proof.passkey, page, account.id)) ? 'passkey' : undefined
  }

  async #totp({ id, totpSecret, totpStep }: Account, code: string): Promise<boolean> {
    const { accounts, claims, owed, now } = this.#needs
    const step = stepOf(totpSecret, code, now())
    if (step === undefined || !claims.claim(id, step, totpStep)) return false
    return (await owed.run(() => accounts.useTotpStep(id, step))) !== false
  }

  async #recovery({ id }: Account, code: string): Promise<boolean> {
    const { accounts, owed } = this.#needs
    const hash = recoveryHash(code)
    const known = await accounts.hasRecoveryCode(id, hash)
    if (!known || this.#usedCodes.has(hash)) return false
    this.#usedCodes.add(hash)
    return (await owed.run(() => accounts.useRecoveryCode(id, hash))) !== false
  }

  /** @param askedOf the account that the challenge was made for; undefined: for whoever comes */
  async passkey(account: Account, shown: unknown, page: Page, askedOf: string | undefined): Promise<boolean> {
    const { accounts, passkeys, owed, now } = this.#needs
    const used = await passkeys.proved(page, account, shown, askedOf)
    if (used) await owed.run(() => accounts.passkeyUsed(used.id, used.counter, now()))
    return used !== undefined
  }
}
