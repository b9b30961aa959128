/**
 * What a decision leads to beside the opening: rows of situations that change, in the same commit as the journal row of the
 * decision, and what has to be told of. In this order: PIN count, second person, emergency, passage, man-trap, alarms, muster.
 * Pure; nothing here can turn a decision round.
 */

import { badgeOf } from './decide.ts'
import type { AccessRequest, Consequences, Decision, Denied, DenyReason, Granted, Tell } from './decision.ts'
import { USES_MS } from './emergency.ts'
import type { SituationChange, Situations } from './situations.ts'
import { pointKey, type Snapshot, type SnapshotBadge, type SnapshotPoint } from './snapshot.ts'
import { isSound } from './standing.ts'

/**
 * Order and report travel, and the lock counts its time from when the order came: so much longer, in ms, a released door
 * counts as released, and a place is kept for whoever was let through.
 */
export const SETTLE_MS = 2_000
const LONGEST_PIN_PAUSE_MS = 3_600_000

/** What the hub knows beside: a fresh id, should an emergency begin, and whether the door reports that it was opened. */
export interface Circumstances {
  readonly id: string
  readonly confirmsPassage: boolean
}

interface Facts extends Circumstances {
  readonly snapshot: Snapshot
  readonly situations: Situations
  readonly request: AccessRequest
  readonly key: string
  readonly point: SnapshotPoint
  /** At the reader now; of two people, that of the second. */
  readonly badge: SnapshotBadge
  readonly changes: SituationChange[]
  readonly tells: Tell[]
}

/** @param decision made from the same snapshot, situations and request */
export function consequences(
  snapshot: Snapshot,
  situations: Situations,
  request: AccessRequest,
  decision: Decision,
  circumstances: Circumstances,
): Consequences {
  const changes: SituationChange[] = []
  const tells: Tell[] = []
  const key = pointKey(request.device, request.point)
  const point = snapshot.points.get(key)
  const badge = badgeOf(snapshot, request.uid)
  if (decision.duress) tells.push({ kind: 'duress.raised' })
  if (point && badge) {
    const facts = { ...circumstances, snapshot, situations, request, key, point, badge, changes, tells }
    ofPin(facts, decision)
    if (decision.granted) ofGrant(facts, decision)
    else ofRefusal(facts, decision)
    ofMuster(facts)
  }
  return { changes, tells }
}

/** The decision is about the first of two people, and this badge was held to the reader by the second. */
const isJoint = ({ badge }: Facts, decision: Decision): boolean => decision.person !== badge.holder.person

/** Refused before the PIN was judged, or by the PIN itself. */
const PIN_NOT_ACCEPTED: ReadonlySet<DenyReason | 'granted'> = new Set([
  'badge-suspended',
  'badge-lost',
  'badge-revoked',
  'badge-not-yet-valid',
  'badge-expired',
  'person-not-yet-valid',
  'person-expired',
  'denied-by-rule',
  'pin-locked',
  'pin-wrong',
  'pin-unset',
])

function ofPin(f: Facts, decision: Decision): void {
  const key = f.badge.credential
  if (f.request.pin === undefined) return
  if (isJoint(f, decision) || !PIN_NOT_ACCEPTED.has(decision.reason)) {
    if (f.situations.pin.has(key)) f.changes.push({ kind: 'pin', key })
  } else if (decision.reason === 'pin-wrong') wrongPin(f, key)
}

/** EN 60839-11-1, grade 4: the N-th wrong PIN with a valid badge is an alarm. From there on each one costs twice the pause. */
function wrongPin({ snapshot, situations, request, changes, tells }: Facts, key: string): void {
  const { pinTries, pinSlowDownMs } = snapshot.policy
  const wrong = (situations.pin.get(key)?.wrong ?? 0) + 1
  const pause = wrong < pinTries ? 0 : Math.min(pinSlowDownMs * 2 ** (wrong - pinTries), LONGEST_PIN_PAUSE_MS)
  const lockedUntil = pause === 0 ? 0 : request.at + pause
  changes.push({ kind: 'pin', key, value: { wrong, lastAt: request.at, lockedUntil } })
  if (pause > 0) tells.push({ kind: 'pin.alarm', wrong, lockedUntil })
}

/** What may be over in a moment, so that the second person only has to badge again. */
const PASSING: ReadonlySet<DenyReason> = new Set(['passback', 'zone-full', 'interlock'])

function ofRefusal(f: Facts, decision: Denied): void {
  if (isJoint(f, decision)) {
    // The first one's right is gone: nothing is awaited any more, and the second one can ask for themselves.
    if (PASSING.has(decision.reason)) return
    f.changes.push({ kind: 'witness', key: f.key })
    lapse(f)
  } else if (decision.reason === 'witness-awaited') awaitSecond(f, decision.waitMs ?? 0)
}

/** Whoever was told that a second person is awaited is told that nobody is. */
function lapse({ situations, key, badge, tells }: Facts): void {
  const before = situations.witness.get(key)
  if (before !== undefined && before.person !== badge.holder.person)
    tells.push({ kind: 'access.lapsed', person: before.person })
}

function awaitSecond(f: Facts, waitMs: number): void {
  const { request, key, point, badge, changes } = f
  const { at, pin, statedReason, reference } = request
  lapse(f)
  changes.push({
    kind: 'witness',
    key,
    value: {
      person: badge.holder.person,
      credential: badge.credential,
      accessPoint: point.accessPoint,
      since: at,
      until: at + waitMs,
      ...(pin !== undefined && { pin }),
      ...(statedReason !== undefined && { statedReason }),
      ...(reference !== undefined && { reference }),
    },
  })
}

function ofGrant(f: Facts, decision: Granted): void {
  // Completed, or opened by the same person in another way.
  if (f.situations.witness.get(f.key)?.person === decision.person) f.changes.push({ kind: 'witness', key: f.key })
  if (decision.via.kind === 'break-glass' && decision.via.begins) breakGlassBegins(f, decision)
  if (f.point.passage) f.changes.push(passes(f, decision, f.point.passage.to))
  if (f.point.interlocked.length > 0) f.changes.push(released(f))
  if (decision.passback !== undefined) f.tells.push({ kind: 'passback.violated', area: decision.passback })
}

function breakGlassBegins({ snapshot, situations, request, id, changes, tells }: Facts, decision: Granted): void {
  const { person, accessPoint, zone } = decision
  const { at, statedReason = '' } = request
  const until = at + snapshot.policy.breakGlassMs
  const dueAt = at + snapshot.policy.reviewMs
  const uses = situations.uses.get(person)?.at.filter(use => use > at - USES_MS) ?? []
  changes.push(
    { kind: 'break-glass', key: `${person}/${accessPoint}`, value: { id, since: at, until } },
    { kind: 'uses', key: person, value: { at: [...uses, at] } },
    { kind: 'review', key: id, value: { person, accessPoint, zone, at, dueAt, escalations: 0, statedReason } },
  )
  tells.push({ kind: 'break-glass.opened', id, statedReason, until, dueAt })
}

/** A door that tells of its contact is passed when it opens; any other one is taken to be passed now. */
function passes({ confirmsPassage, request: { at } }: Facts, decision: Granted, to: string): SituationChange {
  const { person, accessPoint, unlockMs } = decision
  return confirmsPassage
    ? { kind: 'passage', key: person, value: { accessPoint, to, until: at + unlockMs + SETTLE_MS } }
    : { kind: 'position', key: person, value: { zone: to, since: at, accessPoint } }
}

function released({ situations, request, point }: Facts): SituationChange {
  const open = situations.door.get(point.accessPoint)?.open ?? false
  const value = { open, releasedUntil: request.at + point.unlockMs + SETTLE_MS }
  return { kind: 'door', key: point.accessPoint, value }
}

/** Whoever shows a sound badge at a muster reader is out of danger, whatever the badge may open there. */
function ofMuster({ situations, request: { at }, point, badge, changes, tells }: Facts): void {
  if (point.musters.length === 0 || !isSound(badge, at)) return
  for (const plan of point.musters) {
    const key = `${plan}/${badge.holder.person}`
    if (!situations.evacuation.has(plan) || situations.mustered.has(key)) continue
    changes.push({ kind: 'mustered', key, value: { at, accessPoint: point.accessPoint } })
    tells.push({ kind: 'muster.counted', plan })
  }
}

/**
 * A door was seen to open. `person`: whom it had been released to; absent if nobody. Whoever was let through has passed.
 * @param at hub time, ms
 */
export function opened(
  snapshot: Snapshot,
  situations: Situations,
  accessPoint: string,
  person: string | undefined,
  at: number,
): SituationChange[] {
  const point = pointOf(snapshot, accessPoint)
  const changes: SituationChange[] = []
  if (point === undefined) return changes
  const door = situations.door.get(accessPoint)
  if (point.interlocked.length > 0 && door?.open !== true)
    changes.push({ kind: 'door', key: accessPoint, value: { open: true, releasedUntil: door?.releasedUntil ?? 0 } })
  if (person !== undefined && point.passage) {
    if (situations.passage.get(person)?.accessPoint === accessPoint) changes.push({ kind: 'passage', key: person })
    changes.push({ kind: 'position', key: person, value: { zone: point.passage.to, since: at, accessPoint } })
  }
  return changes
}

/** A door was seen to close. A man-trap's stays released for as long as its lock may still be. */
export function closed(situations: Situations, accessPoint: string, at: number): SituationChange[] {
  const door = situations.door.get(accessPoint)
  if (door?.open !== true) return []
  const { releasedUntil } = door
  return releasedUntil > at
    ? [{ kind: 'door', key: accessPoint, value: { open: false, releasedUntil } }]
    : [{ kind: 'door', key: accessPoint }]
}

function pointOf(snapshot: Snapshot, accessPoint: string): SnapshotPoint | undefined {
  for (const point of snapshot.points.values()) if (point.accessPoint === accessPoint) return point
  return undefined
}
