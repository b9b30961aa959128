/**
 * What the HTTP edge asks of the rest of the hub. hub/record implements the stores; main.ts hands them in. The edge sees
 * no SQL, and the stores see no password, token or session id: hashes only.
 */
import type {
  AccountedFor,
  ApprovalAsked,
  BadgeLostDone,
  DepartureDone,
  DeviceDetail,
  DeviceState,
  EvacuationMuster,
  EvacuationStarted,
  EventPage,
  EventQuery,
  GrantIssued,
  GrantList,
  GrantRequest,
  HubState,
  InterlockResetDone,
  LockdownStarted,
  PassbackResetDone,
  PassbackResetRequest,
  PinDone,
  PinRequest,
  PlanEnded,
  PointState,
  ReviewClosing,
  ReviewList,
  SiteItem,
  SiteItemIds,
  SiteView,
  SituationsView,
} from '../api.ts'
import type { VigieEvent } from '../events.ts'
import type { Reach } from '../rules/zones.ts'

export type Awaitable<T> = T | Promise<T>
/** Milliseconds since 1970, UTC. */
export type Clock = () => number

export type { Account, Accounts, NewAccount, Passkey, SessionStore, StoredSession } from './account-ports.ts'

/** Resolves once the row is on disk, or kept for when it can be. @throws VigieError journal-unavailable */
export type RecordEvent<E extends VigieEvent> = (event: E) => Awaitable<unknown>

/** The live model's reading side. */
export interface ReadModel {
  site(): SiteView
  devices(): readonly DeviceState[]
  device(id: string): DeviceState | undefined
  pointsOf(device: string): readonly PointState[]
  /** What a gateway told of that no device of the site is. */
  foundBehind(gateway: string): DeviceDetail['found']
}
export type ReadEvents = (query: EventQuery) => Awaitable<EventPage>
export type ReadHealth = () => HubState

/**
 * What operators do. `by` is the operator's pseudonym: each act is journaled with it. Each resolves when the hub decides
 * by it; each throws VigieError with what stands in the way.
 */
export interface OperatorActs {
  /** As those see it whose role counts in these zones. */
  situations(reach: Reach): SituationsView
  startLockdown(plan: string, by: string): Promise<LockdownStarted>
  endLockdown(plan: string, by: string): Promise<PlanEnded>
  startEvacuation(plan: string, by: string): Promise<EvacuationStarted>
  resumeEvacuation(plan: string, by: string): Promise<EvacuationStarted>
  endEvacuation(plan: string, by: string): Promise<PlanEnded>
  accountFor(plan: string, person: string, by: string): Promise<AccountedFor>
  muster(plan: string, by: string): Promise<EvacuationMuster>
  resetPassback(wish: PassbackResetRequest, by: string): Promise<PassbackResetDone>
  resetInterlock(accessPoint: string, by: string): Promise<InterlockResetDone>
  reviews(by: string): ReviewList
  closeReview(
    id: string,
    closing: ReviewClosing,
    by: string,
  ): Promise<{ readonly id: string; readonly revision: number }>
  grants(all: boolean): GrantList
  issueGrant(wish: GrantRequest, by: string): Promise<GrantIssued>
  revokeGrant(id: string, by: string): Promise<GrantIssued>
  badgeLost(uid: string, by: string): Promise<BadgeLostDone>
  setPin(person: string, pins: PinRequest, by: string): Promise<PinDone>
  clearPin(person: string, by: string): Promise<PinDone>
  /** A site file. */
  exportSite(): string
  itemIds(kind: string): SiteItemIds
  item(kind: string, id: string): SiteItem
  /** `expected`: the revision of the item that the editor saw; 0 if it must be new. */
  putItem(kind: string, id: string, item: unknown, edit: ItemEdit): Promise<Edited>
  removeItem(kind: string, id: string, edit: ItemEdit): Promise<Edited>
  /** `person` absent: the link is taken away. */
  linkOperator(login: string, person: string | undefined, by: string): Promise<{ readonly revision: number }>
  /** Somebody leaves. `person` is the id in the site. */
  depart(person: string, statedReason: string, by: string): Promise<DepartureDone>
}
/** Done; or, where nobody does it alone, waiting for a second operator. */
export type Edited = { readonly revision: number } | ApprovalAsked
export interface ItemEdit {
  readonly expected: number
  readonly by: string
}

/** Fits pino. */
export interface Log {
  warn(details: object, words: string): void
  error(details: object, words: string): void
}
