/**
 * Getting in: the first administrator by a one-time link, then name and password.
 *
 *   setup     token? -> strong password? -> hash -> account and token in one transaction
 *   sign-in   may this account and this network try now? -> verify (the same work for a name nobody has) -> journal
 *
 * Every outcome is a journal row, also where it has to wait for the journal: an operator must be able to get in while the
 * disk fails, to let people out.
 */
import type { SetupRequest, SignInRequest } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import { Passwords, requireStrong } from './passwords.ts'
import type { Account, Accounts, Clock, RecordEvent } from './ports.ts'
import { hashOf, newSecret } from './secrets.ts'
import { networkOf, Throttle } from './throttle.ts'

/** An account's owner waits a minute at worst, whoever hammers at it; a network may hold a whole hospital. */
const ACCOUNT = { free: 0, capMs: 60_000 }
const NETWORK = { free: 10, capMs: 300_000 }
const SETUP = { free: 5, capMs: 60_000 }

export interface AuthOptions {
  readonly accounts: Accounts
  readonly record: RecordEvent<OperatorEvent>
  readonly now: Clock
}

export class Auth {
  readonly #accounts: Accounts
  readonly #record: RecordEvent<OperatorEvent>
  readonly #now: Clock
  readonly #passwords = new Passwords()
  readonly #byAccount: Throttle
  readonly #byNetwork: Throttle
  readonly #bySetup: Throttle
  #hasAdmin = false

  constructor({ accounts, record, now }: AuthOptions) {
    this.#accounts = accounts
    this.#record = record
    this.#now = now
    this.#byAccount = new Throttle(ACCOUNT, now)
    this.#byNetwork = new Throttle(NETWORK, now)
    this.#bySetup = new Throttle(SETUP, now)
  }

  async setupNeeded(): Promise<boolean> {
    this.#hasAdmin ||= await this.#accounts.adminExists()
    return !this.#hasAdmin
  }

  /**
   * While there is no administrator: a new one-time token of 256 bits, which replaces any earlier one.
   * @returns undefined once there is one
   */
  async newSetupToken(): Promise<string | undefined> {
    if (!(await this.setupNeeded())) return undefined
    const token = newSecret()
    await this.#accounts.keepSetupToken(hashOf(token))
    return token
  }

  /** @throws VigieError setup-refused, password-weak, too-many-requests */
  async setup(request: SetupRequest, address: string): Promise<Account> {
    const network = networkOf(address)
    refuseEarly(this.#bySetup.waitMs(network))
    const setupTokenHash = hashOf(request.token)
    if (!(await this.setupNeeded()) || !(await this.#accounts.isSetupToken(setupTokenHash)))
      return this.#refuseSetup(network)
    requireStrong(request.password, request.login, request.name)
    const passwordHash = await this.#passwords.hash(request.password)
    const login = request.login.toLowerCase()
    const account = await this.#accounts.createOperator({
      login,
      name: request.name,
      role: 'administrator',
      passwordHash,
      createdAt: this.#now(),
      setupTokenHash,
    })
    if (!account) return this.#refuseSetup(network)
    await this.#record({ kind: 'operator.signed-in', operator: account.id })
    return account
  }

  async #refuseSetup(network: string): Promise<never> {
    this.#bySetup.charge(network)
    await this.#record({ kind: 'operator.refused', reason: 'setup-token' })
    throw new VigieError('setup-refused')
  }

  /** @throws VigieError sign-in-refused, too-many-requests (both with the seconds to wait) */
  async signIn(request: SignInRequest, address: string): Promise<Account> {
    const login = request.login.toLowerCase()
    const network = networkOf(address)
    await this.#refuseDelayed(login, network)
    const delayMs = Math.max(this.#byAccount.charge(login), this.#byNetwork.charge(network))
    const account = await this.#accounts.byLogin(login)
    const right = await this.#passwords.verify(account?.passwordHash, request.password)
    if (!account || !right) return this.#refuse(account, delayMs)
    await this.#record({ kind: 'operator.signed-in', operator: account.id })
    this.#byAccount.refund(login, true)
    this.#byNetwork.refund(network, false)
    return account
  }

  async #refuseDelayed(login: string, network: string): Promise<void> {
    const waits = [
      [this.#byAccount, login],
      [this.#byNetwork, network],
    ] as const
    for (const [throttle, key] of waits) {
      const waitMs = throttle.waitMs(key)
      if (waitMs > 0 && throttle.tellOnce(key)) await this.#record({ kind: 'operator.refused', reason: 'too-many' })
      refuseEarly(waitMs)
    }
  }

  /** The name typed is not written down: now and then it is a password. */
  async #refuse(account: Account | undefined, delayMs: number): Promise<never> {
    await this.#record({ kind: 'operator.refused', reason: 'password', ...(account && { operator: account.id }) })
    throw new VigieError('sign-in-refused', { seconds: seconds(delayMs) })
  }
}

const seconds = (ms: number): number => Math.ceil(ms / 1000)

function refuseEarly(waitMs: number): void {
  if (waitMs > 0) throw new VigieError('too-many-requests', { seconds: seconds(waitMs) })
}
