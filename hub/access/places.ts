/** The access points of a site, ready to be decided about: what each is, what stands around it, what a scope reaches. */
import {
  type AccessPoint,
  CLASSES,
  type EvacuationPlan,
  type FailureMode,
  type Interlock,
  type LockdownPlan,
  type Scope,
  type Zone,
} from './site.ts'
import {
  DEFAULT_UNLOCK_MS,
  pointKey,
  type SnapshotArea,
  type SnapshotLockdown,
  type SnapshotPassage,
  type SnapshotPoint,
} from './snapshot.ts'
import { upwards } from './trees.ts'

const MINUTE = 60_000

/** Which access points, by index, a scope is about, in order. None for a scope that names two places, or nothing at all. */
export type Reach = (scope: Scope) => readonly number[]

export interface PlaceLists {
  readonly zones: readonly Zone[]
  readonly accessPoints: readonly AccessPoint[]
  readonly interlocks: readonly Interlock[]
  readonly lockdownPlans: readonly LockdownPlan[]
  readonly evacuationPlans: readonly EvacuationPlan[]
}

type Parents = ReadonlyMap<string, string | undefined>
const parentsOf = (zones: readonly Zone[]): Parents => new Map(zones.map(z => [z.id, z.parent]))

/** Pure. An index is the place of an access point in its list. */
export function reachOf({ zones, accessPoints }: Pick<PlaceLists, 'zones' | 'accessPoints'>): Reach {
  const byId = new Map(accessPoints.map((a, index) => [a.id, [index]]))
  const byZone = pointsBelowZones(zones, accessPoints)
  const all = accessPoints.map((_, index) => index)
  return ({ zone, accessPoint, classes }) => {
    if (zone !== undefined && accessPoint !== undefined) return []
    if (zone === undefined && accessPoint === undefined && classes === undefined) return []
    const points = accessPoint !== undefined ? byId.get(accessPoint) : zone !== undefined ? byZone.get(zone) : all
    return (points ?? []).filter(index => classes?.includes(accessPoints[index]!.class) ?? true)
  }
}

/** Zone id -> indexes of the access points in it and in every zone below it. */
function pointsBelowZones(zones: readonly Zone[], accessPoints: readonly AccessPoint[]): Map<string, number[]> {
  const parents = parentsOf(zones)
  const below = new Map<string, number[]>(zones.map(z => [z.id, []]))
  for (const [index, point] of accessPoints.entries()) {
    for (const zone of upwards(point.zone, parents)) below.get(zone)?.push(index)
  }
  return below
}

/** What stands around the points of a site, looked up by point. */
interface Around {
  readonly parents: Parents
  readonly areas: ReadonlyMap<string, SnapshotArea>
  readonly interlocked: ReadonlyMap<string, readonly string[]>
  /** By zone. */
  readonly lockdowns: ReadonlyMap<string, readonly SnapshotLockdown[]>
  readonly musters: ReadonlyMap<string, readonly string[]>
}

/** By `device/point` of the reader. Pure; never throws. */
export function pointsOf(lists: PlaceLists): ReadonlyMap<string, SnapshotPoint> {
  const parents = parentsOf(lists.zones)
  const around: Around = {
    parents,
    areas: areasOf(lists.zones, parents),
    interlocked: interlockedOf(lists),
    lockdowns: lockdownsOf(lists.lockdownPlans),
    musters: mustersOf(lists.evacuationPlans),
  }
  return new Map(lists.accessPoints.map((a, index) => [pointKey(a.device, a.point), pointOf(a, index, around)]))
}

function pointOf(a: AccessPoint, index: number, around: Around): SnapshotPoint {
  return Object.freeze({
    index,
    accessPoint: a.id,
    zone: a.zone,
    class: a.class,
    failureMode: effectiveFailureMode(a),
    unlockMs: a.unlockMs ?? DEFAULT_UNLOCK_MS,
    lock: a.lock ?? { device: a.device, point: a.point },
    ...(a.requires && { requires: a.requires }),
    ...(a.passage && { passage: passageOf(a.passage, around) }),
    interlocked: around.interlocked.get(a.id) ?? [],
    lockdownPlans: plansAt(a, around),
    musters: around.musters.get(a.id) ?? [],
  })
}

/** A class that is fixed can't be loosened or tightened by a single point. */
export function effectiveFailureMode(a: Pick<AccessPoint, 'class' | 'failureMode'>): FailureMode {
  const { fixed, failureMode } = CLASSES[a.class]
  return fixed ? failureMode : (a.failureMode ?? failureMode)
}

/** Innermost zone first: the nearest limit is the one a refusal names. */
function passageOf({ from, to }: { readonly from: string; readonly to: string }, around: Around): SnapshotPassage {
  const above = (zone: string): SnapshotArea[] =>
    [...upwards(zone, around.parents)].flatMap(id => around.areas.get(id) ?? [])
  return {
    from,
    to,
    enters: above(to).filter(area => !area.within.has(from)),
    leaves: above(from).filter(area => !area.within.has(to)),
  }
}

function areasOf(zones: readonly Zone[], parents: Parents): Map<string, SnapshotArea> {
  const limited = zones.filter(z => z.antiPassback !== undefined || z.occupancyLimit !== undefined)
  const within = new Map(limited.map(z => [z.id, new Set([z.id])]))
  if (limited.length > 0) {
    for (const { id } of zones) for (const above of upwards(id, parents)) within.get(above)?.add(id)
  }
  return new Map(limited.map(z => [z.id, areaOf(z, within.get(z.id)!)]))
}

function areaOf({ id, antiPassback, occupancyLimit }: Zone, within: ReadonlySet<string>): SnapshotArea {
  return {
    zone: id,
    within,
    ...(antiPassback && {
      antiPassback: { mode: antiPassback.mode, ms: (antiPassback.minutes ?? 0) * MINUTE },
    }),
    ...(occupancyLimit !== undefined && { occupancyLimit }),
  }
}

function interlockedOf({ interlocks, accessPoints }: PlaceLists): Map<string, string[]> {
  const known = new Set(accessPoints.map(a => a.id))
  const others = new Map<string, Set<string>>()
  for (const { accessPoints: doors } of interlocks) {
    for (const door of doors) {
      const set = others.get(door) ?? new Set()
      for (const other of doors) if (other !== door && known.has(other)) set.add(other)
      others.set(door, set)
    }
  }
  return new Map([...others].map(([door, set]) => [door, [...set].sort()]))
}

function lockdownsOf(plans: readonly LockdownPlan[]): Map<string, SnapshotLockdown[]> {
  const byZone = new Map<string, SnapshotLockdown[]>()
  for (const { id, rank, allow, zones } of plans) {
    const plan: SnapshotLockdown = { plan: id, rank, allow: new Set(allow) }
    for (const zone of zones) listIn(byZone, zone).push(plan)
  }
  return byZone
}

/** Plans of the zones it lies in, and of those it leads to. */
function plansAt(a: AccessPoint, { parents, lockdowns }: Around): readonly SnapshotLockdown[] {
  if (lockdowns.size === 0) return []
  const zones = [...upwards(a.zone, parents), ...(a.passage ? upwards(a.passage.to, parents) : [])]
  const plans = new Set(zones.flatMap(zone => lockdowns.get(zone) ?? []))
  return [...plans].sort((x, y) => y.rank - x.rank || (x.plan < y.plan ? -1 : 1))
}

function mustersOf(plans: readonly EvacuationPlan[]): Map<string, string[]> {
  const musters = new Map<string, string[]>()
  for (const { id, muster } of plans) for (const point of new Set(muster)) listIn(musters, point).push(id)
  for (const list of musters.values()) list.sort()
  return musters
}

function listIn<T>(map: Map<string, T[]>, key: string): T[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}
