/**
 * What the HTTP edge asks of the store of accounts. hub/record implements it; wiring/accounts.ts hands it in. Reads are at
 * once and work while nothing can be written; writes reject with VigieError journal-unavailable then. Secrets come and go
 * as hashes, but for the secret of one-time codes, which the codes are worked out from.
 */
import type { Invited, OperatorList, OperatorStatus, OperatorView, TokenView } from '../api.ts'
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
  createOperator(account: NewAccount): Awaitable<Account | undefined>
  keepSetupToken(hash: string): Awaitable<void>
  isSetupToken(hash: string): Awaitable<boolean>
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
  /** @returns false if there is no such code any more */
  useRecoveryCode(id: string, hash: string): Awaitable<boolean>
  signedIn(id: string, at: number): Awaitable<void>
}

/** Accounts as administrators see and change them: a flow decides, the store commits with the row. `by` is who does it. */
export interface OperatorAdmin {
  list(): OperatorList
  view(login: string): OperatorView
  /** @throws VigieError operator-exists, role-unknown, zone-unknown, not-allowed */
  invite(
    wish: { login: string; name: string; role: Role; zones?: readonly string[]; email?: string },
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
  /** Password, factors and sessions end; a new one-time link. @throws VigieError operator-unknown, operator-own */
  reset(login: string, reason: string, by: string): Promise<Invited>
}

/** A key for programs, found by the hash of what was sent. Undefined where it ended, or its maker's account did. */
export interface StoredToken {
  readonly id: string
  readonly operator: string
  readonly role: Role
  readonly capabilities: readonly Capability[]
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
  }): Promise<void>
  list(at: number): readonly TokenView[]
  /** @returns false if there is none */
  revoke(id: string, by: string, at: number): Promise<boolean>
}
export type RecordAccountEvent = (event: AccountEvent) => Awaitable<unknown>
