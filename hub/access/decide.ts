/**
 * May this badge open this point now? Steps, in this order; the first that fails gives the reason:
 *
 *   1 point     configured at all                     point-unknown
 *   2 badge     known                                 badge-unknown
 *   3 status    active                                badge-suspended, badge-lost, badge-revoked
 *   4 validity  of the badge                          badge-not-yet-valid, badge-expired
 *   5 validity  of its holder                         person-not-yet-valid, person-expired
 *   6 rights    some role reaches the point           no-right
 *   7 hours     one of those rights is open now       outside-hours
 *
 * Pure: the same at the hub, at the edge and in an explanation. Only the last line grants. (stale-message, rate-limited
 * and audit-unavailable are the flow's to give: they are about the message and the journal, not about rights.)
 */
import { isOpen } from './calendar.ts'
import type { Validity } from './instant.ts'
import type { Reason } from './reasons.ts'
import type { FailureMode } from './site.ts'
import { pointKey, type Snapshot, type SnapshotBadge, type SnapshotPoint } from './snapshot.ts'

export interface AccessRequest {
  /** The reader's device id, from its certificate, and the point its message names. */
  readonly device: string
  readonly point: string
  /** Hexadecimal, any case. */
  readonly uid: string
  /** Hub time, ms since 1970, UTC; never the device's own clock. */
  readonly at: number
}

export type DenyReason = Exclude<Reason, 'granted'>

/** `person` and `credential` are pseudonyms; `rights` is the revision of the snapshot. */
export interface Granted {
  readonly granted: true
  readonly reason: 'granted'
  readonly rights: number
  readonly person: string
  readonly credential: string
  readonly accessPoint: string
  readonly zone: string
  /** 500 to 60000 ms. */
  readonly unlockMs: number
  /** Where the unlock command goes. */
  readonly lock: { readonly device: string; readonly point: string }
}
/** Whatever is known of who and where is named, so that the journal can tell. */
export interface Denied {
  readonly granted: false
  readonly reason: DenyReason
  readonly rights: number
  readonly person?: string
  readonly credential?: string
  readonly accessPoint?: string
  readonly zone?: string
}
export type Decision = Granted | Denied

/** Total: never throws, whatever the strings and the time; anything unknown is a deny. About a microsecond. */
export function decide(snapshot: Snapshot, request: AccessRequest): Decision {
  const point = snapshot.points.get(pointKey(request.device, request.point))
  const badge = badgeOf(snapshot, request.uid)
  if (!point) return denied(snapshot, 'point-unknown', point, badge)
  if (!badge) return denied(snapshot, 'badge-unknown', point, badge)
  const reason =
    statusReason(badge.status) ??
    badgeValidity(badge, request.at) ??
    holderValidity(badge, request.at) ??
    rightsReason(snapshot, badge, point, request.at)
  return reason ? denied(snapshot, reason, point, badge) : granted(snapshot, point, badge)
}

/** How a point behaves when the journal can't be written. A point nobody configured stays shut. */
export function failureModeOf(snapshot: Snapshot, device: string, point: string): FailureMode {
  return snapshot.points.get(pointKey(device, point))?.failureMode ?? 'secure'
}

/** Checked before upper-casing, which turns some letters that are no hexadecimal digits (the ligature ff) into two that are. */
const UID = /^[0-9A-Fa-f]{8,20}$/
const badgeOf = (snapshot: Snapshot, uid: string): SnapshotBadge | undefined =>
  UID.test(uid) ? snapshot.badges.get(uid.toUpperCase()) : undefined

function statusReason(status: SnapshotBadge['status']): DenyReason | undefined {
  switch (status) {
    case 'active':
      return undefined
    case 'suspended':
      return 'badge-suspended'
    case 'lost':
      return 'badge-lost'
    default:
      return 'badge-revoked'
  }
}

function badgeValidity(badge: SnapshotBadge, at: number): DenyReason | undefined {
  if (!begun(badge.validity, at)) return 'badge-not-yet-valid'
  return ended(badge.validity, at) ? 'badge-expired' : undefined
}

function holderValidity(badge: SnapshotBadge, at: number): DenyReason | undefined {
  if (!begun(badge.holder.validity, at)) return 'person-not-yet-valid'
  return ended(badge.holder.validity, at) ? 'person-expired' : undefined
}

// Written so that NaN, on either side, is neither begun nor still valid.
const begun = (validity: Validity, at: number): boolean => at >= validity.from
const ended = (validity: Validity, at: number): boolean => !(at < validity.until)

function rightsReason(
  snapshot: Snapshot,
  badge: SnapshotBadge,
  point: SnapshotPoint,
  at: number,
): DenyReason | undefined {
  const minute = snapshot.clock.minuteOfWeek(at)
  let reason: DenyReason = 'no-right'
  for (const rights of badge.holder.roles) {
    const week = rights[point.index]
    if (week === undefined) continue
    if (isOpen(week, minute)) return undefined
    reason = 'outside-hours'
  }
  return reason
}

function denied(
  snapshot: Snapshot,
  reason: DenyReason,
  point: SnapshotPoint | undefined,
  badge: SnapshotBadge | undefined,
): Denied {
  return {
    granted: false,
    reason,
    rights: snapshot.revision,
    ...(badge && { person: badge.holder.person, credential: badge.credential }),
    ...(point && { accessPoint: point.accessPoint, zone: point.zone }),
  }
}

function granted(snapshot: Snapshot, point: SnapshotPoint, badge: SnapshotBadge): Granted {
  return {
    granted: true,
    reason: 'granted',
    rights: snapshot.revision,
    person: badge.holder.person,
    credential: badge.credential,
    accessPoint: point.accessPoint,
    zone: point.zone,
    unlockMs: point.unlockMs,
    lock: point.lock,
  }
}
