/**
 * What the HTTP edge asks of the rest of the hub. hub/record implements the stores; main.ts hands them in. The edge sees
 * no SQL, and the stores see no password, token or session id: hashes only.
 */
import type {
  DeviceState,
  EventPage,
  EventQuery,
  HubState,
  Operator,
  OperatorRole,
  PointState,
  SiteView,
} from '../api.ts'
import type { VigieEvent } from '../events.ts'

export type Awaitable<T> = T | Promise<T>
/** Milliseconds since 1970, UTC. */
export type Clock = () => number

/** `id` is the pseudonym that stands in the journal; it never leaves the hub. */
export interface Account extends Operator {
  readonly id: string
  readonly passwordHash: string
}
export interface NewAccount {
  readonly login: string
  readonly name: string
  readonly role: OperatorRole
  readonly passwordHash: string
  readonly createdAt: number
  /** SHA-256, base64url, of the token of the setup link. */
  readonly setupTokenHash: string
}

export interface Accounts {
  adminExists(): Awaitable<boolean>
  /** `login` comes in lower case. */
  byLogin(login: string): Awaitable<Account | undefined>
  /**
   * The first administrator, with its `operator.created` row, in one transaction: only while there is none and
   * `setupTokenHash` is the one kept; the token is used up with it.
   * @returns undefined if refused, and then nothing changed
   */
  createOperator(account: NewAccount): Awaitable<Account | undefined>
  /** Replaces any earlier one: only the newest link works. */
  keepSetupToken(hash: string): Awaitable<void>
  isSetupToken(hash: string): Awaitable<boolean>
}

export interface StoredSession {
  readonly hash: string
  /** Joined at reading time, so that a changed role or a deleted account counts at once. */
  readonly operator: Operator & { readonly id: string }
  readonly createdAt: number
  readonly seenAt: number
}
export interface SessionStore {
  /** `expiresAt` is the absolute limit; the store may drop rows that are past it. */
  create(session: {
    readonly hash: string
    readonly operator: string
    readonly createdAt: number
    readonly seenAt: number
    readonly expiresAt: number
  }): Awaitable<void>
  /** Undefined too when its operator is gone. */
  find(hash: string): Awaitable<StoredSession | undefined>
  touch(hash: string, seenAt: number): Awaitable<void>
  end(hash: string): Awaitable<void>
  endAllOf(operator: string): Awaitable<void>
}

/** Resolves once the row is on disk. @throws VigieError journal-unavailable */
export type RecordEvent<E extends VigieEvent> = (event: E) => Awaitable<unknown>

/** The live model's reading side. */
export interface ReadModel {
  site(): SiteView
  devices(): readonly DeviceState[]
  device(id: string): DeviceState | undefined
  pointsOf(device: string): readonly PointState[]
}
export type ReadEvents = (query: EventQuery) => Awaitable<EventPage>
export type ReadHealth = () => HubState

/** Fits pino. */
export interface Log {
  warn(details: object, words: string): void
  error(details: object, words: string): void
}
