/**
 * What the hub concludes. Every event is one journal row of that `kind`, and the same object goes to observers.
 * Subjects are pseudonyms (`person`, `credential`, `operator`): names and badge numbers are joined at reading time only,
 * for those who may see them.
 */
import type { Refusal } from '#devices/messages.ts'
import type { Reason } from './access/reasons.ts'

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
}

export interface AccessGranted extends Origin, Place {
  readonly kind: 'access.granted'
  readonly person: string
  readonly credential: string
  readonly command: string
  readonly unlockMs: number
  readonly rights: number
}
export interface AccessDenied extends Origin, Place {
  readonly kind: 'access.denied'
  readonly reason: Reason
  readonly person?: string
  readonly credential?: string
  readonly rights: number
}
export interface LockAnswered extends Origin, Place {
  readonly kind: 'lock.unlocked' | 'lock.refused' | 'lock.failed'
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
}
export interface OperatorEvent {
  readonly kind: 'operator.created' | 'operator.signed-in' | 'operator.signed-out' | 'operator.refused'
  readonly operator?: string
  readonly reason?: string
}
export interface JournalRead {
  readonly kind: 'journal.read'
  readonly by: string
  readonly rows: number
}
export interface HubEvent {
  readonly kind: 'hub.started' | 'hub.stopped'
  readonly version: string
}

export type VigieEvent =
  | AccessGranted
  | AccessDenied
  | LockAnswered
  | LockSilent
  | PointChanged
  | ReadingsStored
  | DeviceEvent
  | DeviceRefused
  | SequenceGap
  | AuditUnavailable
  | RightsChanged
  | OperatorEvent
  | JournalRead
  | HubEvent
export type EventKind = VigieEvent['kind']

/** An event once it stands in the journal. `seq` is the journal's, `at` the hub's time of recording (ms, UTC). */
export interface Recorded<E extends VigieEvent = VigieEvent> {
  readonly seq: number
  readonly at: number
  readonly event: E
}
