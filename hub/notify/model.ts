/**
 * What an event changes on the live page, as pure functions: (state before, event) -> state after, and event -> line of
 * the feed. A state that did not change is returned as the same object.
 */
import type { DeviceState, LiveEvent, PointState } from '../api.ts'
import type { DeviceEvent, DeviceRefused, Origin, ReadingsStored, Recorded, VigieEvent } from '../events.ts'

/** Joins a pseudonym to the name of the person, for those who may see it. */
export interface Names {
  person(pseudonym: string): { readonly name: string; readonly role?: string } | undefined
}

type Shown = Pick<PointState, 'lock' | 'contact' | 'tamper' | 'on' | 'brightness' | 'battery'>
type Patch = Shown & Pick<PointState, 'ordered' | 'forced'>
/** One device's message among the many of a readings row. */
export type ReadingsMessage = ReadingsStored['messages'][number]

/** An event that came late, after a later one of its device, changes no state. */
const isLate = (event: VigieEvent): boolean => 'late' in event && event.late === true

/** Stored and shown as state, but no line of the feed: they would drown what somebody has to read. */
export const QUIET_KINDS: readonly VigieEvent['kind'][] = ['readings', 'state.changed']

/** What an event says about its point; undefined if nothing. Ordered is not released is not opened. */
export function patchOf(event: VigieEvent): Patch | undefined {
  if (isLate(event)) return undefined
  switch (event.kind) {
    case 'access.granted':
      return { ordered: true }
    case 'lock.unlocked':
      return { lock: 'unlocked', ordered: false }
    case 'lock.refused':
    case 'lock.failed':
    case 'lock.silent':
      return { ordered: false }
    case 'point.opened':
      return { ...reported(event.state), contact: 'open' }
    case 'point.forced':
      return { ...reported(event.state), contact: 'open', forced: true }
    case 'point.closed':
      return { ...reported(event.state), contact: 'closed', forced: false }
    case 'point.locked':
      return { ...reported(event.state), lock: 'locked' }
    case 'point.released':
      return { ...reported(event.state), lock: 'unlocked', ordered: false }
    case 'tamper.raised':
      return { ...reported(event.state), tamper: true }
    case 'tamper.cleared':
      return { ...reported(event.state), tamper: false }
    case 'state.changed':
    case 'exit.requested':
      return reported(event.state)
    default:
      return undefined
  }
}

function reported({ lock, contact, tamper, on, brightness, battery }: Readonly<Record<string, unknown>>): Shown {
  return {
    ...((lock === 'locked' || lock === 'unlocked') && { lock }),
    ...((contact === 'open' || contact === 'closed') && { contact }),
    ...(typeof tamper === 'boolean' && { tamper }),
    ...(typeof on === 'boolean' && { on }),
    ...(typeof brightness === 'number' && { brightness }),
    ...(typeof battery === 'number' && { battery }),
  }
}

/** The point after a patch at hub time `at`; the same object if it says nothing new. */
export function pointAfter(before: PointState, patch: Patch, at: number): PointState {
  const changed = (Object.keys(patch) as (keyof Patch)[]).filter(k => before[k] !== patch[k])
  if (changed.length === 0) return before
  return { ...before, ...patch, since: changed.some(moves) ? at : before.since }
}

/** `since` tells how long a thing has been as it is: an order or a battery's percent is not such a change. */
const moves = (field: keyof Patch): boolean => field !== 'ordered' && field !== 'battery' && field !== 'brightness'

/** The device after one of its own messages. `counted` is false for a further event of a message already counted. */
export function deviceAfterMessage(before: DeviceState, origin: Origin, at: number, counted: boolean): DeviceState {
  const { skewMs: _, skewed: __, ...rest } = before
  const skew = origin.skewMs === undefined ? {} : { skewMs: origin.skewMs, skewed: true }
  return { ...rest, ...skew, lastSeen: at, messages: before.messages + (counted ? 1 : 0) }
}

/** Late readings don't overwrite newer ones. */
export function deviceAfterReadings(before: DeviceState, message: ReadingsMessage, at: number): DeviceState {
  const after = deviceAfterMessage(before, message, at, true)
  if (message.late) return after
  const fresh = message.readings.map(({ quantity, value, unit }) => [quantity, { value, unit, at }] as const)
  return { ...after, readings: { ...before.readings, ...Object.fromEntries(fresh) } }
}

export function deviceAfterEvent(before: DeviceState, event: DeviceEvent | DeviceRefused, at: number): DeviceState {
  switch (event.kind) {
    case 'device.online':
      return { ...before, online: true, since: at, lastSeen: at }
    case 'device.offline':
      return { ...before, online: false, since: at }
    case 'device.enrolled':
    case 'device.renewed':
      return { ...before, status: 'enrolled' }
    case 'device.revoked':
      return { ...before, status: 'revoked' }
    case 'device.added':
    case 'device.code':
      return before
    case 'device.refused':
      return {
        ...before,
        refused: { ...before.refused, [event.refusal]: (before.refused[event.refusal] ?? 0) + event.count },
      }
  }
}

/** True if the event tells of a message its device sent, beside those inside a readings row and the gap before one. */
export function isMessage(event: VigieEvent): event is Extract<VigieEvent, Origin> {
  return 'deviceSeq' in event && event.kind !== 'device.gap'
}

/** True if it becomes a line of the feed. */
export const isNews = (event: VigieEvent): boolean => !QUIET_KINDS.includes(event.kind)

/** One line of the feed, with the person's name joined. */
export function lineOf({ seq, at, event }: Recorded, names: Names): LiveEvent {
  const person = 'person' in event && event.person !== undefined ? names.person(event.person) : undefined
  return { seq, at, kind: event.kind, ...whereOf(event), ...detailOf(event), ...(person && { person }) }
}

function whereOf(event: VigieEvent): Pick<LiveEvent, 'device' | 'point' | 'accessPoint' | 'zone'> {
  return {
    ...('device' in event && { device: event.device }),
    ...('point' in event && { point: event.point }),
    ...('accessPoint' in event && event.accessPoint !== undefined && { accessPoint: event.accessPoint }),
    ...('zone' in event && event.zone !== undefined && { zone: event.zone }),
  }
}

function detailOf(event: VigieEvent): Pick<LiveEvent, 'reason' | 'refusal' | 'count' | 'ms'> {
  switch (event.kind) {
    case 'access.denied':
      return { reason: event.reason }
    case 'device.refused':
      return { refusal: event.refusal, count: event.count }
    case 'device.gap':
      return { count: event.missing }
    case 'rights.changed':
      return { count: event.added + event.changed + event.removed }
    case 'journal.read':
      return { count: event.rows }
    case 'point.closed':
      return event.openMs === undefined ? {} : { ms: event.openMs }
    case 'lock.unlocked':
    case 'lock.refused':
    case 'lock.failed':
      return event.tookMs === undefined ? {} : { ms: event.tookMs }
    default:
      return {}
  }
}
