/**
 * Getting in: the first administrator by a one-time link, others by an invitation, then by password and second factor, or
 * by a passkey alone.
 *
 *   setup       token? -> password good enough? -> hash -> account and token in one transaction
 *   invitation  token? -> password good enough? -> hash -> account and token in one transaction
 *   sign-in     may this account and this network try now? -> verify (the same work for a name nobody has) -> how far it gets
 *   factor      second-factor.ts -> journal
 *
 * Every outcome is a journal row, also where it has to wait for the journal: an operator must be able to get in while the
 * disk fails, to let people out. Nothing tells a wrong password from an account that is unknown, disabled or only invited.
 */
import type { FactorRequest, InvitationAccepted, SetupRequest, SignInRequest, Stage, StepUpRequest } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import { Attempts, refuseEarly } from './attempts.ts'
import { hasFactor, stageAfterPassword } from './factors.ts'
import { KnownBrowsers } from './known-browsers.ts'
import { OwedWrites } from './owed-writes.ts'
import { credentialIn, Passkeys } from './passkeys.ts'
import { Passwords, requireStrong } from './passwords.ts'
import type { Account, Accounts, Clock, Log, RecordEvent } from './ports.ts'
import { type From, SecondFactor } from './second-factor.ts'
import { hashOf, newSecret } from './secrets.ts'
import { networkOf, Throttle } from './throttle.ts'
import { TotpClaims } from './totp.ts'

const LINK = { free: 5, capMs: 60_000 }

export interface AuthOptions {
  readonly accounts: Accounts
  /** Never rejects. */
  readonly record: RecordEvent<OperatorEvent>
  readonly log: Log
  readonly now: Clock
}
/** Who came how far. */
export interface Entered {
  readonly account: Account
  readonly stage: Stage
  /** A second factor was shown just now. */
  readonly steppedUp: boolean
  /** By a badge, at the workstation beside this access point. */
  readonly station?: string
}

export class Auth {
  readonly accounts: Accounts
  readonly passwords = new Passwords()
  readonly attempts: Attempts
  readonly passkeys: Passkeys
  readonly claims = new TotpClaims()
  readonly browsers: KnownBrowsers
  readonly #factor: SecondFactor
  readonly #record: RecordEvent<OperatorEvent>
  readonly #now: Clock
  readonly #owed: OwedWrites
  readonly #byLink: Throttle
  #hasAdmin = false

  constructor({ accounts, record, log, now }: AuthOptions) {
    this.accounts = accounts
    this.#record = record
    this.#now = now
    this.#owed = new OwedWrites(log)
    this.#byLink = new Throttle(LINK, now)
    this.attempts = new Attempts(record, now)
    this.passkeys = new Passkeys(now)
    this.browsers = new KnownBrowsers(() => accounts.browserKey(), now)
    const { attempts, passkeys, claims } = this
    this.#factor = new SecondFactor({ accounts, attempts, passkeys, claims, record, now, owed: this.#owed })
  }

  stop(): void {
    this.#owed.stop()
  }

  async setupNeeded(): Promise<boolean> {
    this.#hasAdmin ||= await this.accounts.adminExists()
    return !this.#hasAdmin
  }

  /**
   * While there is no administrator: a new one-time token of 256 bits, which replaces any earlier one.
   * @returns undefined once there is one
   */
  async newSetupToken(): Promise<string | undefined> {
    if (!(await this.setupNeeded())) return undefined
    const token = newSecret()
    await this.accounts.keepSetupToken(hashOf(token))
    return token
  }

  /** @throws VigieError setup-refused, password-weak, password-breached, too-many-requests */
  async setup(request: SetupRequest, address: string): Promise<Entered> {
    refuseEarly(this.#byLink.waitMs(networkOf(address)))
    const setupTokenHash = hashOf(request.token)
    if (!(await this.setupNeeded()) || !(await this.accounts.isSetupToken(setupTokenHash)))
      return this.#refuseLink('setup', address)
    requireStrong(request.password, request.login, request.name)
    const passwordHash = await this.passwords.hash(request.password)
    const login = request.login.toLowerCase()
    const account = await this.accounts.createOperator({
      login,
      name: request.name,
      role: 'administrator',
      passwordHash,
      createdAt: this.#now(),
      setupTokenHash,
    })
    return account ? this.#afterPassword(account) : this.#refuseLink('setup', address)
  }

  /** @throws VigieError invitation-refused, password-weak, password-breached, too-many-requests */
  async acceptInvitation({ token, password }: InvitationAccepted, address: string): Promise<Entered> {
    refuseEarly(this.#byLink.waitMs(networkOf(address)))
    const tokenHash = hashOf(token)
    const invited = await this.accounts.byInvitation(tokenHash, this.#now())
    if (!invited) return this.#refuseLink('invitation', address)
    requireStrong(password, invited.login, invited.name)
    const passwordHash = await this.passwords.hash(password)
    if (!(await this.accounts.acceptInvitation({ tokenHash, passwordHash, at: this.#now() })))
      return this.#refuseLink('invitation', address)
    const account = await this.accounts.byId(invited.id)
    return account ? this.#afterPassword(account) : this.#refuseLink('invitation', address)
  }

  async #refuseLink(what: 'setup' | 'invitation', address: string): Promise<never> {
    this.#byLink.charge(networkOf(address))
    await this.#record({ kind: 'operator.refused', reason: `${what}-token` })
    throw new VigieError(`${what}-refused`)
  }

  /**
   * @param known id of a browser that this account has been signed in with before
   * @throws VigieError sign-in-refused, too-many-requests (both with the seconds to wait)
   */
  async signIn(request: SignInRequest, address: string, known?: string): Promise<Entered> {
    const login = request.login.toLowerCase()
    const attempt = await this.attempts.begin(login, address, known)
    const account = await this.accounts.byLogin(login)
    const right = await this.passwords.verify(passwordOf(account), request.password)
    if (!account || !right) return this.#refuse(account, attempt.seconds)
    attempt.right()
    return this.#afterPassword(account)
  }

  /** The name typed is not written down: now and then it is a password. */
  async #refuse(account: Account | undefined, seconds: number): Promise<never> {
    await this.#record({ kind: 'operator.refused', reason: 'password', ...(account && { operator: account.id }) })
    throw new VigieError('sign-in-refused', { seconds })
  }

  async #afterPassword(account: Account): Promise<Entered> {
    const stage = stageAfterPassword(account)
    if (stage !== 'factor') await this.tellSignedIn(account)
    return { account, stage, steppedUp: false }
  }

  /** All the way, or as far as setting a factor up. */
  async tellSignedIn({ id: operator }: Account, factor?: OperatorEvent['factor']): Promise<void> {
    await this.#record({ kind: 'operator.signed-in', operator, ...(factor && { factor }) })
    void this.#owed.run(() => this.accounts.signedIn(operator, this.#now()))
  }

  /** @param id of whom the password was right @throws VigieError factor-refused, too-many-requests, not-signed-in */
  async finish(id: string, proof: FactorRequest, from: From): Promise<Entered> {
    const account = await this.#active(id)
    const factor = await this.#factor.prove(account, proof, from)
    await this.tellSignedIn(account, factor)
    return { account, stage: 'in', steppedUp: true }
  }

  /**
   * A passkey stands for a password and a second factor: it shows possession, and that its owner was there (ASVS 5, 6.5).
   * @param askedOf the account that the challenge was made for, if it was for one
   * @throws VigieError factor-refused, provider-only, too-many-requests, passkey-needs-name
   */
  async passkeyAlone(shown: unknown, { page, address }: From, askedOf: string | undefined): Promise<Entered> {
    const attempt = await this.attempts.begin(undefined, address)
    const account = await this.accounts.byPasskey(credentialIn(shown))
    const active = account?.status === 'active' ? account : undefined
    if (active && (await this.#factor.passkey(active, shown, page, askedOf))) {
      attempt.right()
      if (isOfProvider(active)) throw new VigieError('provider-only')
      await this.tellSignedIn(active, 'passkey')
      return { account: active, stage: 'in', steppedUp: true }
    }
    await this.#record({ kind: 'operator.refused', reason: 'factor', ...(account && { operator: account.id }) })
    throw new VigieError('factor-refused', { seconds: attempt.seconds })
  }

  /**
   * A fresh proof of who is signed in. The password alone will do only where there is no second factor.
   * @throws VigieError factor-refused, password-wrong, too-many-requests, not-signed-in
   */
  async stepUp(id: string, proof: StepUpRequest, from: From): Promise<void> {
    const account = await this.#active(id)
    if ('password' in proof) return this.#stepUpByPassword(account, proof.password, from.address)
    const factor = await this.#factor.prove(account, proof, from)
    await this.#record({ kind: 'operator.stepped-up', operator: id, factor })
  }

  async #stepUpByPassword(account: Account, password: string, address: string): Promise<void> {
    if (hasFactor(account)) throw new VigieError('factor-refused', { seconds: 0 })
    await this.requirePassword(account, password, address)
    await this.#record({ kind: 'operator.stepped-up', operator: account.id })
  }

  /** Of who is signed in already. @throws VigieError password-wrong, too-many-requests */
  async requirePassword(account: Account, password: string, address: string): Promise<void> {
    const attempt = await this.attempts.begin(account.login, address)
    if (await this.passwords.verify(passwordOf(account), password)) return attempt.right()
    await this.#record({ kind: 'operator.refused', reason: 'password', operator: account.id })
    throw new VigieError('password-wrong', { seconds: attempt.seconds })
  }

  async #active(id: string): Promise<Account> {
    const account = await this.accounts.byId(id)
    if (account?.status !== 'active') throw new VigieError('not-signed-in')
    return account
  }
}

/** It lives by the word of the identity provider: nothing of ours alone gets in where the provider would not. */
const isOfProvider = ({ external }: Account): boolean => external?.startsWith('oidc:') === true

/** None for whoever may not sign in by one: the same work is done in vain. */
const passwordOf = (account: Account | undefined): string | undefined =>
  account?.status === 'active' && account.passwordHash !== '' ? account.passwordHash : undefined
