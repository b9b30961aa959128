/**
 * What the HTTP edge asks of the store of accounts. hub/record implements it; wiring/accounts.ts hands it in. Reads are at
 * once and work while nothing can be written; writes reject with VigieError journal-unavailable then. Secrets come and go
 * as hashes, but for the secret of one-time codes, which the codes are worked out from.
 */
import type { Invited, Operator, OperatorList, OperatorStatus, OperatorView, Stage, TokenView } from '../api.ts'
import type { AccountEvent } from '../events.ts'
import type { Capability, Role } from '../rules/roles.ts'
import type { Awaitable } from './ports.ts'

/** `id` is the pseudonym that stands in the journal; it never leaves the hub. */
export interface Account {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly zones?: readonly string[]
  readonly status: OperatorStatus
  /** Empty: there is none. */
  readonly passwordHash: string
  readonly passwordAt?: number
  readonly totpSecret?: string
  readonly totpStep?: number
  readonly passkeys: readonly Passkey[]
  readonly recoveryCodesLeft: number
  readonly email?: string
  readonly revision: number
  /** Person of the site that the operator is, by id. */
  readonly person?: string
  /** Where the account comes from: `scim:<id>`, or whom the identity provider vouches for; absent: made in Vigie. */
  readonly external?: string
}
export interface Passkey {
  /** WebAuthn credential id, base64url. */
  readonly id: string
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
  readonly name: string
  readonly createdAt: number
  readonly usedAt?: number
}
export interface NewAccount {
  readonly login: string
  readonly name: string
  readonly role: Role
  readonly passwordHash: string
  readonly createdAt: number
  /** SHA-256, base64url, of the token of the setup link. */
  readonly setupTokenHash: string
}

/** Every write takes the rows that tell of it and commits them with it. */
export interface Accounts {
  adminExists(): Awaitable<boolean>
  /** `login` in lower case. Of any status. */
  byLogin(login: string): Awaitable<Account | undefined>
  byId(id: string): Awaitable<Account | undefined>
  byPasskey(credential: string): Awaitable<Account | undefined>
  /** The account that a one-time link was made for, by the hash of its token; none past its term. */
  byInvitation(tokenHash: string, at: number): Awaitable<Account | undefined>
  /**
   * The first administrator, only while there is none and `setupTokenHash` is the one kept; the token is used up with it.
   * @returns undefined if refused, and then nothing changed
   */
  createOperator(account: NewAccount): Awaitable<Account | undefined>
  /** Replaces any earlier one: only the newest link works. */
  keepSetupToken(hash: string): Awaitable<void>
  isSetupToken(hash: string): Awaitable<boolean>
  /** Hexadecimal, the same as long as the data folder is: browsers are known again by it. */
  browserKey(): string
  /** Uses the link up; the account is active with this password. @returns false, and nothing changed, if it was used in between */
  acceptInvitation(wish: {
    readonly tokenHash: string
    readonly passwordHash: string
    readonly at: number
  }): Awaitable<boolean>
  setPassword(id: string, passwordHash: string, at: number): Awaitable<void>
  /** `secret` undefined takes it away. `step`: of the code that proved it, used up. */
  setTotp(id: string, totp: { readonly secret: string; readonly step: number } | undefined, at: number): Awaitable<void>
  /** @returns false if that step, or a later one, was used already */
  useTotpStep(id: string, step: number): Awaitable<boolean>
  addPasskey(id: string, passkey: Passkey, at: number): Awaitable<void>
  removePasskey(id: string, credential: string, at: number): Awaitable<boolean>
  passkeyUsed(credential: string, counter: number, at: number): Awaitable<void>
  /** In place of all there were. */
  setRecoveryCodes(id: string, hashes: readonly string[], at: number): Awaitable<void>
  hasRecoveryCode(id: string, hash: string): Awaitable<boolean>
  /** @returns false if there is no such code any more */
  useRecoveryCode(id: string, hash: string): Awaitable<boolean>
  signedIn(id: string, at: number): Awaitable<void>
}

/** Joined at reading time, so that a changed role or zone and an ended account count at once. */
export type SessionOperator = Operator & { readonly id: string }
export interface StoredSession {
  readonly hash: string
  readonly operator: SessionOperator
  readonly stage: Stage
  readonly createdAt: number
  readonly seenAt: number
  /** The absolute limit. */
  readonly expiresAt: number
  /** When who it is was last proved by a second factor. */
  readonly steppedUpAt?: number
  /** The browser in a few words. */
  readonly client: string
  readonly address: string
  /** Begun by a badge at the workstation beside this access point. */
  readonly station?: string
}
/** A session as it is written: `operator` is the pseudonym. */
export type NewSession = Omit<StoredSession, 'operator'> & { readonly operator: string }
export interface SessionStore {
  /** The store may drop rows that are past `expiresAt`. */
  create(session: NewSession): Awaitable<void>
  /** Undefined too when its operator is gone, or is not active. */
  find(hash: string): Awaitable<StoredSession | undefined>
  /** All of an operator's, in no order; some may be past their limits. */
  listOf(operator: string): Awaitable<readonly StoredSession[]>
  /** The account of a session that is not in the store yet; undefined if it is gone, or not active. */
  operator(id: string): Awaitable<SessionOperator | undefined>
  touch(hash: string, seenAt: number): Awaitable<void>
  end(hash: string): Awaitable<void>
  /** @param but the session that stays */
  endAllOf(operator: string, but?: string): Awaitable<void>
}

/** Accounts as administrators see and change them: a flow decides, the store commits with the row. `by` is who does it. */
export interface OperatorAdmin {
  list(): OperatorList
  view(login: string): OperatorView
  /**
   * @param wish `origin`: the address the hub was called under, for the link that is mailed; without it none is
   * @throws VigieError operator-exists, role-unknown, zone-unknown
   */
  invite(
    wish: {
      readonly login: string
      readonly name: string
      readonly role: Role
      readonly zones?: readonly string[]
      readonly email?: string
      readonly origin?: string
    },
    by: string,
  ): Promise<Invited>
  /** @throws VigieError operator-unknown, operator-own, operator-last, edit-conflict */
  change(
    login: string,
    change: {
      readonly name?: string
      readonly role?: Role
      readonly zones?: readonly string[] | null
      readonly email?: string | null
      readonly status?: 'active' | 'disabled'
      readonly reason: string
    },
    edit: { readonly expected: number; readonly by: string },
  ): Promise<OperatorView>
  /** Password, factors and sessions end; a new one-time link. @throws VigieError operator-unknown, operator-own, operator-disabled */
  reset(login: string, reason: string, by: string, origin?: string): Promise<Invited>
}

/** Why somebody the identity provider vouches for does not get in. */
export type Turned = 'no-group' | 'disabled' | 'name-taken'
/** Accounts as the directory's groups say: a flow decides, the store commits with the row. */
export interface DirectoryAccounts {
  /**
   * Somebody the identity provider vouches for: the account is made or follows the groups.
   * @returns its pseudonym, and whether its sessions end with what changed
   * @throws VigieError directory-unusable, operator-last, journal-unavailable
   */
  come(vouched: {
    /** Of the provider and the person there. */
    readonly subject: string
    readonly login: string
    readonly name: string
    readonly groups: readonly string[]
  }): Promise<
    { readonly id: string; readonly endsSessions: boolean } | { readonly refused: Turned; readonly operator?: string }
  >
  /** The pseudonym of the account of that subject. */
  bySubject(subject: string): string | undefined
}

/** A key for programs, found by the hash of what was sent. Undefined where it ended, or its maker's account did. */
export interface StoredToken {
  /** Names it; opens nothing. */
  readonly id: string
  /** Whoever made it, as the account is now. */
  readonly operator: SessionOperator
  readonly capabilities: readonly Capability[]
  /** Of the token alone. */
  readonly zones?: readonly string[]
  readonly usedAt?: number
}
export interface Tokens {
  find(hash: string, at: number): StoredToken | undefined
  used(id: string, at: number): Promise<void>
  create(token: {
    readonly id: string
    readonly hash: string
    readonly name: string
    readonly operator: string
    readonly capabilities: readonly Capability[]
    readonly zones?: readonly string[]
    readonly createdAt: number
    readonly expiresAt: number
    /** Whoever made it, where that is not the operator. */
    readonly by?: string
  }): Promise<void>
  /** Newest first; those that have run out lately too. */
  list(at: number): readonly TokenView[]
  /** In force, of one operator. */
  countOf(operator: string, at: number): number
  /** @returns false if there is none */
  revoke(id: string, by: string, at: number): Promise<boolean>
}
export type RecordAccountEvent = (event: AccountEvent) => Awaitable<unknown>
