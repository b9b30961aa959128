/**
 * May this badge open this point now? Steps, in this order; the first that fails gives the reason:
 *
 *    1 point        configured at all                      point-unknown
 *    2 badge        known                                  badge-unknown
 *    3 status       active                                 badge-suspended, badge-lost, badge-revoked
 *    4 validity     of the badge                           badge-not-yet-valid, badge-expired
 *    5 validity     of its holder                          person-not-yet-valid, person-expired
 *    6 deny rules   none in force                          denied-by-rule
 *    7 PIN          right, if one was entered              pin-locked, pin-wrong, pin-unset
 *    8 emergency    asked for, or running: goes to 13      break-glass-not-allowed, reason-required, break-glass-cap
 *    9 lockdown     each plan in force lets them pass      lockdown
 *   10 rights       a rule or grant is open, and nothing   witness-awaited, pin-required, reason-required,
 *                   it asks for is missing                 reference-required, not-on-duty, outside-hours,
 *                                                          grant-not-yet, grant-expired, no-right
 *   11 two people   a badge that completes somebody else's awaited opening: 3 to 13 are then about the first person
 *   12 passage      not inside already; room for one more  passback, zone-full
 *   13 interlock    the other doors of the man-trap shut   interlock
 *
 * Pure: the same at the hub, at the edge and in an explanation. Everything unknown is a deny. (stale-message, rate-limited
 * and audit-unavailable are the flow's to give: they are about the message and the journal, not about rights.)
 * 3 to 7 are in standing.ts, 8 and 9 in emergency.ts, 10 in rights.ts, 11 in witness.ts, 12 and 13 in passage.ts.
 */
import { caseOf, type Trace } from './case.ts'
import type { AccessRequest, Decision, Denied, DenyReason } from './decision.ts'
import { judge } from './judge.ts'
import type { FailureMode } from './site.ts'
import type { Situations } from './situations.ts'
import { pointKey, type Snapshot, type SnapshotBadge, type SnapshotPoint } from './snapshot.ts'
import { jointly } from './witness.ts'

/**
 * Total: never throws, whatever the strings and the time. About a microsecond.
 * @param trace hears of every rule looked at, for explain.ts; the decision is the same without it.
 */
export function decide(snapshot: Snapshot, situations: Situations, request: AccessRequest, trace?: Trace): Decision {
  const key = pointKey(request.device, request.point)
  const point = snapshot.points.get(key)
  const badge = badgeOf(snapshot, request.uid)
  trace?.({ code: 'point', point })
  if (!point) return unknown(snapshot, 'point-unknown', point, badge, request)
  trace?.({ code: 'badge', badge })
  if (!badge) return unknown(snapshot, 'badge-unknown', point, badge, request)
  const c = caseOf(snapshot, situations, { key, point }, badge, request, request.at, trace)
  return jointly(c) ?? judge(c)
}

/** How a point behaves when the journal can't be written. A point nobody configured stays shut. */
export function failureModeOf(snapshot: Snapshot, device: string, point: string): FailureMode {
  return snapshot.points.get(pointKey(device, point))?.failureMode ?? 'secure'
}

/** Checked before upper-casing, which turns some letters that are no hexadecimal digits (the ligature ff) into two that are. */
const UID = /^[0-9A-Fa-f]{8,20}$/
/** Snapshots know badges in upper case, which is how nearly all of them come. */
export const badgeOf = ({ badges }: Snapshot, uid: string): SnapshotBadge | undefined =>
  badges.get(uid) ?? (UID.test(uid) ? badges.get(uid.toUpperCase()) : undefined)

function unknown(
  snapshot: Snapshot,
  reason: DenyReason,
  point: SnapshotPoint | undefined,
  badge: SnapshotBadge | undefined,
  request: AccessRequest,
): Denied {
  return {
    granted: false,
    reason,
    rights: snapshot.revision,
    ...(badge && { person: badge.holder.person, credential: badge.credential }),
    ...(point && { accessPoint: point.accessPoint, zone: point.zone, class: point.class }),
    // A cry for help is heard at a reader that nobody has set up, too.
    ...(badge && request.pin === 'duress' && { duress: true }),
  }
}
