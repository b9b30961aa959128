/**
 * Signing in by the hospital's identity provider, and proving once more who one is:
 *
 *   begin    the browser is sent to the provider, with what it has to bring back in a cookie, sealed, for ten minutes, once
 *   finish   that cookie? -> may this network try now? -> the provider's answer -> whose account -> how far it gets
 *   logout   the provider ends what it vouched for -> the sessions of that subject end, sockets too
 *
 * What the provider shows of two factors counts as ours; where it shows none, the role's second factor is owed as it is
 * after a password. Outcomes are journal rows.
 */
import { VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import { STEP_UP_MS } from '../rules/roles.ts'
import type { Account, DirectoryAccounts, Turned } from './account-ports.ts'
import type { Auth, Entered } from './auth.ts'
import { hasFactor, needsFactor, stageAfterPassword } from './factors.ts'
import { LogoutTokens } from './logout-token.ts'
import type { Clock, Log, RecordEvent } from './ports.ts'
import type { Begun, Provider, Vouched } from './provider.ts'
import { SealedOnce } from './sealed-once.ts'
import { hashOf } from './secrets.ts'
import type { Sessions, SignedIn } from './sessions.ts'

/** From being sent there until being back. */
export const TRANSACTION_MS = 10 * 60_000

export interface ProviderSignInNeeds {
  /** What it is called on the sign-in page. */
  readonly name: string
  readonly issuer: string
  readonly provider: Provider
  readonly accounts: DirectoryAccounts
  readonly auth: Auth
  readonly sessions: Sessions
  /** Never rejects. */
  readonly record: RecordEvent<OperatorEvent>
  readonly log: Log
  readonly now: Clock
}
export type Purpose = 'sign-in' | 'step-up'
interface Transaction {
  readonly begun: Begun
  readonly purpose: Purpose
  /** Hash of the session that the browser had: its cookie does not come back from another site. */
  readonly session?: string
}
/** Signed in, with the session that gives way; or the session that is proved afresh, under its new id. */
export type Finished =
  | { readonly entered: Entered; readonly before: SignedIn | undefined }
  | { readonly renewed: string }

export class ProviderSignIn {
  readonly name: string
  readonly #needs: ProviderSignInNeeds
  readonly #kept: SealedOnce<Transaction>
  readonly #tokens: LogoutTokens

  constructor(needs: ProviderSignInNeeds) {
    this.name = needs.name
    this.#needs = needs
    this.#kept = new SealedOnce(TRANSACTION_MS, needs.now)
    this.#tokens = new LogoutTokens(needs.log, needs.now)
  }

  /** @returns where to send the browser, and its cookie @throws VigieError provider-unreachable, not-signed-in */
  async begin(
    redirect: string,
    purpose: Purpose,
    session: SignedIn | undefined,
  ): Promise<{ readonly url: string; readonly cookie: string }> {
    if (purpose === 'step-up' && session?.stage !== 'in') throw new VigieError('not-signed-in')
    const { url, begun } = await this.#needs.provider.begin(redirect, purpose === 'step-up')
    return { url, cookie: this.#kept.seal({ begun, purpose, ...(session && { session: session.session }) }) }
  }

  /**
   * @param answer query of the address that the browser came back to
   * @throws VigieError provider-expired, provider-declined, provider-refused, provider-unreachable, provider-no-group,
   * provider-disabled, provider-name-taken, provider-one-factor, provider-someone-else, directory-unusable, operator-last,
   * not-signed-in, too-many-requests, journal-unavailable
   */
  async finish(cookie: string | undefined, answer: URLSearchParams, address: string): Promise<Finished> {
    const transaction = this.#kept.take(cookie)
    if (!transaction || answer.get('state') !== transaction.begun.state) throw new VigieError('provider-expired')
    const { auth, sessions } = this.#needs
    const attempt = await auth.attempts.begin(undefined, address)
    const vouched = await this.#answered(answer, transaction.begun)
    attempt.right()
    const before = transaction.session === undefined ? undefined : await sessions.known(transaction.session)
    if (transaction.purpose === 'step-up') return { renewed: await this.#stepUp(vouched, before) }
    return { entered: await this.#signIn(vouched), before }
  }

  async #answered(answer: URLSearchParams, begun: Begun): Promise<Vouched> {
    try {
      return await this.#needs.provider.finish(answer, begun)
    } catch (error) {
      if (error instanceof VigieError && error.code === 'provider-refused')
        await this.#needs.record({ kind: 'operator.refused', reason: 'provider', factor: 'provider' })
      throw error
    }
  }

  async #signIn(vouched: Vouched): Promise<Entered> {
    const { accounts, auth, sessions, now } = this.#needs
    const come = await accounts.come(this.#operatorOf(vouched))
    if ('refused' in come) return this.#turnAway(come.refused, come.operator)
    if (come.endsSessions) await sessions.endAllOf(come.id)
    const account = await auth.accounts.byId(come.id)
    if (account?.status !== 'active') throw new VigieError('provider-disabled')
    const stage = vouched.twoFactors ? 'in' : stageAfterPassword(account)
    if (stage !== 'factor') await auth.tellSignedIn(account, 'provider')
    // Only what was proved a moment ago is a fresh proof: the provider may have known them since the morning.
    const fresh = vouched.provedAt !== undefined && now() - vouched.provedAt < STEP_UP_MS
    return { account, stage, steppedUp: vouched.twoFactors && fresh }
  }

  /** Of an account that has lost its groups the row is there already, and all it had has ended with it. */
  async #turnAway(reason: Turned, operator: string | undefined): Promise<never> {
    const isTold = reason === 'no-group' && operator !== undefined
    if (!isTold)
      await this.#needs.record({
        ...{ kind: 'operator.refused', reason, factor: 'provider' },
        ...(operator !== undefined && { operator }),
      })
    if (operator !== undefined) await this.#needs.sessions.endAllOf(operator)
    throw new VigieError(`provider-${reason}`)
  }

  async #stepUp(vouched: Vouched, who: SignedIn | undefined): Promise<string> {
    const { accounts, auth, sessions, record } = this.#needs
    const account = who?.stage === 'in' ? await auth.accounts.byId(who.id) : undefined
    if (!who || !account) throw new VigieError('not-signed-in')
    const right = accounts.bySubject(this.#subjectOf(vouched)) === account.id
    if (!right || !countsAfresh(vouched, account)) {
      await record({ kind: 'operator.refused', reason: 'provider', operator: account.id, factor: 'provider' })
      throw new VigieError(right ? 'provider-one-factor' : 'provider-someone-else')
    }
    await record({ kind: 'operator.stepped-up', operator: account.id, factor: 'provider' })
    const id = await sessions.renew(who)
    if (id === undefined) throw new VigieError('not-signed-in')
    return id
  }

  /** Where the browser ends its session there; undefined where the provider has no such page. @throws VigieError provider-unreachable */
  endUrl(back: string): Promise<string | undefined> {
    return this.#needs.provider.endUrl(back)
  }

  /** @throws VigieError logout-token-refused, provider-unreachable */
  async logout(token: string): Promise<void> {
    const { accounts, provider, sessions } = this.#needs
    const subject = await this.#tokens.subjectOf(token, await provider.keys())
    const id = accounts.bySubject(this.#subjectOf({ subject }))
    if (id !== undefined) await sessions.endAllOf(id)
  }

  #operatorOf(vouched: Vouched): Parameters<DirectoryAccounts['come']>[0] {
    const subject = this.#subjectOf(vouched)
    const login = loginOf(vouched.username) ?? `sso-${hashOf(subject).slice(0, 12).toLowerCase()}`
    return { subject, login, name: nameIn(vouched.name) ?? nameIn(vouched.username) ?? login, groups: vouched.groups }
  }

  /** Of two providers, the same subject is two people. */
  #subjectOf({ subject }: Pick<Vouched, 'subject'>): string {
    return `oidc:${hashOf(this.#needs.issuer).slice(0, 16)}:${subject}`
  }
}

/** As a password does for an account that has nothing else and needs nothing else. */
const countsAfresh = ({ twoFactors }: Vouched, account: Account): boolean =>
  twoFactors || !(hasFactor(account) || needsFactor(account))

const LOGIN = /^[a-z0-9][a-z0-9._@-]{1,62}$/
function loginOf(username: string | undefined): string | undefined {
  const login = username?.toLowerCase()
  return login !== undefined && LOGIN.test(login) ? login : undefined
}

/** As the rest of the hub takes names: one line, 80 characters. */
function nameIn(name: string | undefined): string | undefined {
  const line = name?.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line ? [...line].slice(0, 80).join('') : undefined
}
