/**
 * What the hub concludes. Every event is one journal row of that `kind`, and the same object goes to observers.
 * Subjects are pseudonyms (`person`, `credential`, `operator`): names and badge numbers are joined at reading time only,
 * for those who may see them.
 */
import type { Refusal } from '#devices/messages.ts'
import type { Via } from './access/decision.ts'
import type { GrantOrigin } from './access/grants.ts'
import type { Reason } from './access/reasons.ts'
import type { PointClass } from './access/site-classes.ts'
import type { PinFact, Reference } from './access/situations.ts'
import type { AccountEvent } from './events-accounts.ts'
import type { ApprovalsEvent } from './events-approvals.ts'
import type { ArchiveEvent } from './events-archive.ts'
import type { DirectoryEvent } from './events-directory.ts'
import type { IncidentsEvent } from './events-incidents.ts'
import type { MovementsEvent } from './events-movements.ts'
import type { TenantEvent } from './events-tenants.ts'

export type * from './events-accounts.ts'
export type * from './events-approvals.ts'
export type * from './events-archive.ts'
export type * from './events-directory.ts'
export type * from './events-incidents.ts'
export type * from './events-movements.ts'
export type * from './events-tenants.ts'

/** Where a message came from, and how its clock and ours differed. Times are milliseconds since 1970, UTC. */
export interface Origin {
  readonly device: string
  /** The device's own message id and sequence number. */
  readonly message: string
  readonly deviceSeq: number
  readonly deviceAt: number
  /** Hub time minus device time, milliseconds. Present only when beyond the configured limit. */
  readonly skewMs?: number
  /** True if a lower sequence number arrived after a higher one: recorded, but it changes no state and opens nothing. */
  readonly late?: true
}

/** The place an event is about. */
export interface Place {
  readonly point: string
  readonly accessPoint?: string
  readonly zone?: string
  /** Of the access point, as it was then: what the row is kept for, and how long, follows from it. */
  readonly class?: PointClass
}

/** What came with a badge: with the rights of that revision, enough to explain the decision again later. */
export interface Presented {
  readonly rights: number
  /** `duress` stands as `right` here: security is told by a row of its own. */
  readonly pin?: Exclude<PinFact, 'duress'>
  readonly statedReason?: string
  readonly reference?: Reference
  readonly breakGlass?: true
}
export interface AccessGranted extends Origin, Place, Presented {
  readonly kind: 'access.granted'
  readonly person: string
  readonly credential: string
  readonly command: string
  readonly unlockMs: number
  /** What opened: a rule of a role, a grant, an emergency opening by its id. */
  readonly via:
    | Extract<Via, { readonly kind: 'rule' | 'grant' }>
    | { readonly kind: 'break-glass'; readonly id: string }
  /** The second of two people. `person` is the first. */
  readonly witness?: string
}
export interface AccessDenied extends Origin, Place, Presented {
  readonly kind: 'access.denied'
  readonly reason: Reason
  readonly person?: string
  readonly credential?: string
  /** What stood in the way, by id. */
  readonly because?: string
}
/**
 * Granted, and taken back before the lock heard of it: while the row was on its way to the disk the badge was reported
 * lost, a lockdown began, a right was withdrawn. Nothing was released. `rights` are those that refuse it.
 */
export interface AccessWithdrawn extends Origin, Place, Presented {
  readonly kind: 'access.withdrawn'
  readonly person: string
  readonly credential: string
  readonly reason: Reason
  /** What stood in the way, by id. */
  readonly because?: string
  /** The order that the access.granted row names, and that was never sent. */
  readonly command: string
  readonly witness?: string
}
/** The first of two people has badged. Nothing opens until the second one does, or until it lapses. */
export interface AccessAwaiting extends Origin, Place, Presented {
  readonly kind: 'access.awaiting'
  readonly person: string
  readonly credential: string
  readonly until: number
}
/** No second person came. */
export interface AccessLapsed extends Place {
  readonly kind: 'access.lapsed'
  readonly device: string
  readonly person: string
}
/** An alarm about a badge that was just held to a reader. */
export interface BadgeAlarm extends Place {
  readonly kind: 'duress.raised' | 'pin.alarm' | 'passback.violated'
  readonly device: string
  readonly person: string
  readonly credential: string
  /** pin.alarm: wrong PINs in a row, and until when none counts. */
  readonly wrong?: number
  readonly lockedUntil?: number
  /** passback.violated: the zone entered twice. */
  readonly area?: string
}
export interface BreakGlassOpened extends Place {
  readonly kind: 'break-glass.opened'
  readonly id: string
  readonly device: string
  readonly person: string
  readonly credential: string
  readonly statedReason: string
  readonly until: number
  readonly dueAt: number
}
export interface BreakGlassEnded {
  readonly kind: 'break-glass.ended'
  readonly id: string
  readonly person: string
  readonly accessPoint: string
  readonly why: 'expired' | 'badge-lost' | 'withdrawn'
}
export interface BreakGlassReview {
  readonly kind: 'break-glass.review-overdue' | 'break-glass.review-closed'
  readonly id: string
  readonly person: string
  readonly accessPoint: string
  readonly zone: string
  /** review-overdue: how often it has been called so. */
  readonly escalation?: number
  /** review-closed. */
  readonly by?: string
  readonly finding?: Finding
  readonly comment?: string
}
export const FINDINGS = ['justified', 'not-justified', 'training-needed'] as const
export type Finding = (typeof FINDINGS)[number]
export interface LockdownEvent {
  readonly kind: 'lockdown.started' | 'lockdown.ended'
  readonly plan: string
  /** Operator's pseudonym or `cli:<user>`; `reverted` when it ended by itself. */
  readonly by: string
  readonly until?: number
}
export interface EvacuationEvent {
  readonly kind: 'evacuation.started' | 'evacuation.ended' | 'evacuation.resumed' | 'evacuation.paused'
  readonly plan: string
  readonly by: string
}
/** One round of release orders, told when something about it is new: which locks moved, which did not answer. */
export interface EvacuationReleased {
  readonly kind: 'evacuation.released'
  readonly plan: string
  readonly released: readonly string[]
  readonly silent: readonly string[]
}
export interface Mustered {
  readonly kind: 'muster.counted'
  readonly plan: string
  readonly person: string
  readonly accessPoint?: string
  readonly by?: string
}
export interface GrantEvent {
  readonly kind: 'grant.issued' | 'grant.revoked'
  readonly grant: string
  readonly person: string
  readonly by: string
  readonly origin: GrantOrigin
  readonly from: number
  readonly until: number
  /** What it opens, by id; classes joined by commas. */
  readonly accessPoint?: string
  readonly zone?: string
  readonly classes?: string
  readonly reference?: string
}
export interface BadgeLost {
  readonly kind: 'badge.lost'
  readonly credential: string
  readonly person: string
  readonly by: string
  /** Situations that ended with it: emergency openings, awaited second people, locks called back. */
  readonly ended: number
}
/** Never the PIN, nor anything of it. */
export interface PinSet {
  readonly kind: 'pin.set' | 'pin.cleared'
  readonly person: string
  readonly by: string
}
export interface PassbackReset {
  readonly kind: 'passback.reset'
  readonly by: string
  readonly zone?: string
  readonly person?: string
  readonly count: number
}
/** A door of a man-trap counts as shut from here on: somebody has seen that it is. */
export interface InterlockReset {
  readonly kind: 'interlock.reset'
  readonly by: string
  readonly accessPoint: string
  readonly zone?: string
}
export interface LockAnswered extends Origin, Place {
  /** lock.locked: it was called back. lock.kept: an evacuation's next order found it released, and it stays so. */
  readonly kind: 'lock.unlocked' | 'lock.kept' | 'lock.locked' | 'lock.refused' | 'lock.failed'
  readonly command: string
  readonly person?: string
  /** Milliseconds from the badge's arrival to the lock's answer. */
  readonly tookMs?: number
}
/** No acknowledgement came before the command expired. */
export interface LockSilent extends Place {
  readonly kind: 'lock.silent'
  readonly device: string
  readonly command: string
  readonly person?: string
}
export interface PointChanged extends Origin, Place {
  readonly kind:
    | 'point.opened'
    | 'point.closed'
    | 'point.forced'
    | 'point.locked'
    | 'point.released'
    | 'exit.requested'
    | 'tamper.raised'
    | 'tamper.cleared'
    | 'state.changed'
  readonly person?: string
  readonly state: Readonly<Record<string, string | number | boolean>>
  /** point.closed: how long it was open, milliseconds. */
  readonly openMs?: number
}
/** Many readings in one row: telemetry is stored as it is acknowledged, at a fraction of a row's cost each. */
export interface ReadingsStored {
  readonly kind: 'readings'
  readonly messages: readonly (Origin & {
    readonly zone?: string
    readonly readings: readonly { quantity: string; value: number; unit: string }[]
  })[]
}
export interface DeviceEvent {
  readonly kind:
    | 'device.online'
    | 'device.offline'
    | 'device.enrolled'
    | 'device.renewed'
    | 'device.revoked'
    | 'device.added'
    | 'device.code'
  readonly device: string
  readonly zone?: string
  readonly serial?: string
  readonly reason?: string
  /** Vouched for by a password, and how that may travel; else by a certificate. */
  readonly trust?: 'password' | 'password-plain'
}
/** One row per burst: the first refusal at once, then a count when the burst ends or each minute. Never any bytes. */
export interface DeviceRefused {
  readonly kind: 'device.refused'
  readonly device: string
  readonly refusal: Refusal
  readonly count: number
  readonly field?: string
}
export interface SequenceGap extends Origin {
  readonly kind: 'device.gap'
  readonly missing: number
}
/** A badge could not be journaled; what happened then is the class's failure mode. Written when the journal is back. */
export interface AuditUnavailable extends Place {
  readonly kind: 'audit.unavailable'
  readonly device: string
  readonly request: string
  readonly outcome: 'refused' | 'opened'
  readonly person?: string
}
export interface RightsChanged {
  readonly kind: 'rights.changed'
  readonly revision: number
  readonly added: number
  readonly changed: number
  readonly removed: number
  readonly origin: string
  /** One item edited by itself: which. */
  readonly item?: { readonly kind: string; readonly id: string }
}
export interface HubEvent {
  readonly kind: 'hub.started' | 'hub.stopped'
  readonly version: string
}

export type VigieEvent =
  | AccessGranted
  | AccessDenied
  | AccessWithdrawn
  | AccessAwaiting
  | AccessLapsed
  | BadgeAlarm
  | BreakGlassOpened
  | BreakGlassEnded
  | BreakGlassReview
  | LockdownEvent
  | EvacuationEvent
  | EvacuationReleased
  | Mustered
  | GrantEvent
  | BadgeLost
  | PinSet
  | PassbackReset
  | InterlockReset
  | LockAnswered
  | LockSilent
  | PointChanged
  | ReadingsStored
  | DeviceEvent
  | DeviceRefused
  | SequenceGap
  | AuditUnavailable
  | RightsChanged
  | AccountEvent
  | ApprovalsEvent
  | DirectoryEvent
  | IncidentsEvent
  | MovementsEvent
  | TenantEvent
  | ArchiveEvent
  | HubEvent
export type EventKind = VigieEvent['kind']

/** Who entered their PIN under duress must be safe from whoever reads along: only who can come to help may see these. */
export const GUARDED_KINDS = ['duress.raised'] as const satisfies readonly EventKind[]

/** An event once it stands in the journal. `seq` is the journal's, `at` the hub's time of recording (ms, UTC). */
export interface Recorded<E extends VigieEvent = VigieEvent> {
  readonly seq: number
  readonly at: number
  readonly event: E
  /** Not in the journal yet, which can't be written: `seq` is 0. It is told again, with its seq, once it stands there. */
  readonly unrecorded?: true
}
