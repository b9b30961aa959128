/**
 * What an event changes on the live page, as pure functions: (state before, event) -> state after, and event -> line of
 * the feed. A state that did not change is returned as the same object.
 */
import type { DeviceState, LiveEvent, PointState, Someone } from '../api.ts'
import type {
  AccessGranted,
  DeviceEvent,
  DeviceRefused,
  DeviceReplayed,
  Origin,
  ReadingsStored,
  Recorded,
  VigieEvent,
} from '../events.ts'

/** Joins a pseudonym to the name of the person, for those who may see it. */
export interface Names {
  person(pseudonym: string): Someone | undefined
  /** Of a connected application, by id. */
  tenant?(id: string): string | undefined
}

type Shown = Pick<PointState, 'lock' | 'contact' | 'tamper' | 'on' | 'brightness' | 'battery' | 'sounding'>
type Patch = Shown & Pick<PointState, 'ordered' | 'forced'>
/** One device's message among the many of a readings row. */
export type ReadingsMessage = ReadingsStored['messages'][number]

/** An event that came late, after a later one of its device, changes no state. */
const isLate = (event: VigieEvent): boolean => 'late' in event && event.late === true

/** Stored and shown as state, but no line of the feed: they would drown what somebody has to read. */
export const QUIET_KINDS: readonly VigieEvent['kind'][] = ['readings', 'state.changed', 'lock.kept']

/** What an event says about its point; undefined if nothing. Ordered is not released is not opened. */
export function patchOf(event: VigieEvent): Patch | undefined {
  if (isLate(event)) return undefined
  switch (event.kind) {
    case 'access.granted':
      return { ordered: true }
    case 'lock.unlocked':
    case 'lock.kept':
      return { lock: 'unlocked', ordered: false }
    case 'lock.locked':
      return { lock: 'locked', ordered: false }
    case 'access.withdrawn':
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

function reported(state: Readonly<Record<string, unknown>>): Shown {
  const { lock, contact, tamper, on, brightness, battery, sounding } = state
  return {
    ...((lock === 'locked' || lock === 'unlocked') && { lock }),
    ...((contact === 'open' || contact === 'closed') && { contact }),
    ...(typeof tamper === 'boolean' && { tamper }),
    ...(typeof on === 'boolean' && { on }),
    ...(typeof brightness === 'number' && { brightness }),
    ...(typeof battery === 'number' && { battery }),
    ...(typeof sounding === 'boolean' && { sounding }),
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

export function deviceAfterEvent(
  before: DeviceState,
  event: DeviceEvent | DeviceRefused | DeviceReplayed,
  at: number,
): DeviceState {
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
    case 'device.replayed':
      return {
        ...before,
        refused: { ...before.refused, [event.refusal]: (before.refused[event.refusal] ?? 0) + event.count },
      }
  }
}

/** True if the event tells of a message its device sent, beside those inside a readings row, the gap before one and its coming again. */
export function isMessage(event: VigieEvent): event is Extract<VigieEvent, Origin> {
  return 'deviceSeq' in event && event.kind !== 'device.gap' && event.kind !== 'device.replayed'
}

/** True if it becomes a line of the feed. */
export const isNews = (event: VigieEvent): boolean => !QUIET_KINDS.includes(event.kind)

/** One line of the feed, with names joined. Never what a badge holder stated, nor a reference. */
export function lineOf({ seq, at, event }: Recorded, names: Names): LiveEvent {
  const person = someone(event, 'person', names)
  const witness = someone(event, 'witness', names)
  return {
    seq,
    at,
    kind: event.kind,
    ...whereOf(event),
    ...detailOf(event),
    ...actOf(event, names),
    ...(person && { person }),
    ...(witness && { witness }),
  }
}

function someone(event: VigieEvent, field: 'person' | 'witness', names: Names): ReturnType<Names['person']> {
  const pseudonym = (event as { readonly [f in typeof field]?: string })[field]
  return pseudonym === undefined ? undefined : names.person(pseudonym)
}

function whereOf(event: VigieEvent): Pick<LiveEvent, 'device' | 'point' | 'accessPoint' | 'zone'> {
  return {
    ...('device' in event && { device: event.device }),
    ...('point' in event && { point: event.point }),
    ...('accessPoint' in event && event.accessPoint !== undefined && { accessPoint: event.accessPoint }),
    ...('zone' in event && event.zone !== undefined && { zone: event.zone }),
  }
}

/** Which plan, and by whom: a name where `by` is an operator's pseudonym; a pseudonym without a name is not shown. */
function actOf(event: VigieEvent, names: Names): Pick<LiveEvent, 'plan' | 'by' | 'tenant'> {
  const by = 'by' in event ? byName(event.by, names) : undefined
  return {
    ...('plan' in event && { plan: event.plan }),
    ...('tenant' in event && event.tenant !== undefined && { tenant: tenantNamed(event.tenant, names) }),
    ...(by !== undefined && { by }),
  }
}

const TENANT = 'tenant:'
const tenantNamed = (id: string, names: Names): string => names.tenant?.(id) ?? id

/** `cli:<user>` and the like stand for themselves; `tenant:` goes before an application's name. */
export function byName(by: string | undefined, names: Names): string | undefined {
  if (by?.startsWith(TENANT)) return `${TENANT}${tenantNamed(by.slice(TENANT.length), names)}`
  if (by === undefined || by === 'reverted' || by === 'provider' || by.includes(':')) return by
  return names.person(by)?.name
}

type Detail = Omit<LiveEvent, 'seq' | 'at' | 'kind' | 'person' | 'witness' | 'plan' | 'by' | 'tenant'>
function detailOf(event: VigieEvent): Detail {
  switch (event.kind) {
    case 'access.granted':
      return viaOf(event)
    case 'access.denied':
    case 'access.withdrawn':
      return { reason: event.reason }
    case 'device.refused':
      return { refusal: event.refusal, count: event.count }
    case 'break-glass.ended':
      return { why: event.why }
    case 'break-glass.review-closed':
      return event.finding === undefined ? {} : { finding: event.finding }
    case 'evacuation.released':
      return { count: event.released.length, silent: event.silent.length }
    case 'grant.issued':
    case 'grant.revoked':
      return { origin: event.origin }
    default:
      return { ...counted(event), ...timed(event) }
  }
}

/** Rows of the first version do not say what opened; it was a rule. */
function viaOf({ via }: Partial<AccessGranted>): Pick<LiveEvent, 'via'> {
  return via === undefined || via.kind === 'rule' ? {} : { via: via.kind }
}

function counted(event: VigieEvent): Pick<LiveEvent, 'count'> {
  const count = countOf(event)
  return count === undefined ? {} : { count }
}

function countOf(event: VigieEvent): number | undefined {
  switch (event.kind) {
    case 'device.gap':
      return event.missing
    case 'rights.changed':
      return event.added + event.changed + event.removed
    case 'journal.read':
      return event.rows
    case 'pin.alarm':
      return event.wrong
    case 'break-glass.review-overdue':
      return event.escalation
    case 'passback.reset':
      return event.count
    case 'badge.lost':
      return event.ended
    default:
      return undefined
  }
}

function timed(event: VigieEvent): Pick<LiveEvent, 'ms'> {
  const ms = event.kind === 'point.closed' ? event.openMs : event.kind.startsWith('lock.') ? lockMs(event) : undefined
  return ms === undefined ? {} : { ms }
}

const lockMs = (event: VigieEvent): number | undefined => ('tookMs' in event ? event.tookMs : undefined)
