/**
 * A grant is looked at once more, just before the lock is told: its row has been on its way to the disk, and meanwhile the
 * badge may have been reported lost, a lockdown may have begun, a right may be gone. Pure.
 */
import { decide } from './decide.ts'
import type { AccessRequest, Denied, Granted } from './decision.ts'
import { CALM, type SituationRows, type Situations } from './situations.ts'
import { pointKey, type Snapshot } from './snapshot.ts'

/**
 * Decided again, by the rights as they are now and by what an operator can close. What this very opening has changed since
 * (where somebody is, the door of a man-trap, the count of uses) takes no part: it would refuse itself.
 * @param awaited the row of the first person, as it stood when the second one completed it
 * @returns why it opens no more; undefined if it stands
 */
export function withdrawal(
  snapshot: Snapshot,
  situations: Situations,
  request: AccessRequest,
  before: Granted,
  awaited: SituationRows['witness'] | undefined,
): Denied | undefined {
  const { lockdown, 'break-glass': glass } = situations
  const key = pointKey(request.device, request.point)
  const joint = before.witness !== undefined && awaited !== undefined
  const witness = joint ? new Map([[key, awaited]]) : CALM.witness
  const again = decide(snapshot, { ...CALM, lockdown, 'break-glass': glass, witness }, request)
  const reason = again.granted ? otherwise(again, before) : again.reason
  return reason && refusal(reason, again, before)
}

/** It has to be the same lock, for the same person: a badge may have changed hands, and a lock its place. */
function otherwise(again: Granted, { person, lock, accessPoint }: Granted): Denied['reason'] | undefined {
  if (again.person !== person) return 'badge-unknown'
  const { device, point } = again.lock
  return again.accessPoint === accessPoint && device === lock.device && point === lock.point
    ? undefined
    : 'point-unknown'
}

/** About the person it had been granted to. Nobody is awaited: what would need a second person now is no right any more. */
function refusal(reason: Denied['reason'], again: Denied | Granted, before: Granted): Denied {
  const { person, credential, accessPoint, zone, class: kept } = before
  const because = again.granted ? undefined : again.because
  return {
    granted: false,
    reason: reason === 'witness-awaited' ? 'no-right' : reason,
    rights: again.rights,
    ...{ person, credential, accessPoint, zone, class: kept },
    ...(because !== undefined && { because }),
    ...(before.duress && { duress: true }),
  }
}
