/**
 * The situation that a journaled refusal came from, put in place again from what its row tells, so that an explanation stops
 * where the door did. Only what the refusal needs; when it began or was to end is not in the row, and is told as unknown.
 */
import type { AccessDenied, AccessWithdrawn } from '../events.ts'
import type { DenyReason } from './decision.ts'
import type { Situations } from './situations.ts'
import { pointKey, type Snapshot, type SnapshotPoint } from './snapshot.ts'

/** A time that is not known: later than any other. explain-steps.ts leaves it out of its sentences. */
const UNKNOWN = Number.POSITIVE_INFINITY

interface Row {
  readonly person: string
  readonly credential: string
  readonly because: string
  /** Hub time, ms. */
  readonly at: number
  readonly point: SnapshotPoint
  readonly snapshot: Snapshot
}

const STAND_INS: Readonly<Partial<Record<DenyReason, (row: Row) => Partial<Situations>>>> = {
  lockdown: ({ because, at }) => ({ lockdown: new Map([[because, { since: at, until: UNKNOWN, by: '' }]]) }),
  'pin-locked': ({ credential, at }) => ({
    pin: new Map([[credential, { wrong: 0, lastAt: at, lockedUntil: UNKNOWN }]]),
  }),
  'break-glass-cap': ({ person, at, snapshot }) => ({
    uses: new Map([[person, { at: Array<number>(snapshot.policy.breakGlassPerDay).fill(at) }]]),
  }),
  passback: ({ person, because, point }) => ({
    position: new Map([[person, { zone: because, since: UNKNOWN, accessPoint: point.accessPoint }]]),
  }),
  'zone-full': ({ because, at, point }) => ({ position: crowd(because, at, point) }),
  interlock: ({ because }) => ({ door: new Map([[because, { open: false, releasedUntil: UNKNOWN }]]) }),
}

/** Reasons that come from what is going on, not from rights. */
export const isSituational = (reason: string): boolean => reason in STAND_INS

/**
 * @param at hub time of the row, ms
 * @param rest what else is put in place for it
 * @returns undefined where its reason comes from no situation, or its rights know no such reader
 */
export function standInFor(
  event: AccessDenied | AccessWithdrawn,
  at: number,
  snapshot: Snapshot,
  rest: Situations,
): Situations | undefined {
  const { person, credential, because = '' } = event
  const put = STAND_INS[event.reason as DenyReason]
  const point = snapshot.points.get(pointKey(event.device, event.point))
  if (put === undefined || point === undefined || person === undefined || credential === undefined) return undefined
  return { ...rest, ...put({ person, credential, because, at, point, snapshot }) }
}

/** As many others as the area takes. */
function crowd(zone: string, at: number, point: SnapshotPoint): Situations['position'] {
  const limit = point.passage?.enters.find(a => a.zone === zone)?.occupancyLimit ?? 0
  const { accessPoint } = point
  return new Map(Array.from({ length: limit }, (_, i) => [`somebody ${i}`, { zone, since: at, accessPoint }]))
}
