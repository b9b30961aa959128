/**
 * A site compiled for deciding: everything a badge can lead to, in memory, behind one map look-up each. Built anew for
 * every change of rights and never altered; a decision names the revision it was made from.
 */
import { compileSchedule, STOPPED, unionOf, type WallClock, type Week, wallClock } from './calendar.ts'
import { type Validity, validityOf } from './instant.ts'
import {
  type AccessPoint,
  type Badge,
  CLASSES,
  type FailureMode,
  type PointClass,
  type Role,
  type Site,
} from './site.ts'

export const DEFAULT_UNLOCK_MS = 5_000

/** A place a badge can be held to. */
export interface SnapshotPoint {
  readonly accessPoint: string
  readonly zone: string
  readonly class: PointClass
  readonly failureMode: FailureMode
  /** 500 to 60000 ms. */
  readonly unlockMs: number
  /** Where the unlock command goes: the reader's own device and point unless the lock hangs elsewhere. */
  readonly lock: { readonly device: string; readonly point: string }
}

/** Access point id -> when it may be opened. A missing entry is no right at all. */
export type Rights = ReadonlyMap<string, Week>

export interface SnapshotPerson {
  /** Pseudonym. */
  readonly person: string
  readonly validity: Validity
  /** One map for each role; roles add up. */
  readonly roles: readonly Rights[]
}

export interface SnapshotBadge {
  /** Pseudonym. */
  readonly credential: string
  readonly status: Badge['status']
  readonly validity: Validity
  readonly holder: SnapshotPerson
}

export interface Snapshot {
  readonly revision: number
  readonly clock: WallClock
  /** By `device/point` of the reader. */
  readonly points: ReadonlyMap<string, SnapshotPoint>
  /** By uid, upper-case hexadecimal. */
  readonly badges: ReadonlyMap<string, SnapshotBadge>
  /** Badges without a pseudonym or a holder: they can't be journaled, so they are unknown at every door. Expect 0. */
  readonly omittedBadges: number
}

/** Person id -> pseudonym, badge uid -> pseudonym. */
export interface Pseudonyms {
  readonly person: ReadonlyMap<string, string>
  readonly badge: ReadonlyMap<string, string>
}

/**
 * Pure; a hundred people take about a millisecond. Never throws: what does not fit together (validate.ts says so before it gets here)
 * gives no right, and in an unknown time zone every schedule is closed.
 */
export function compile(site: Site, revision: number, pseudonyms: Pseudonyms): Snapshot {
  const zone = wallClock(site.site.timeZone)
  const people = peopleOf(site, pseudonyms, rightsByRole(site))
  const badges = badgesOf(site, pseudonyms, people)
  return Object.freeze({
    revision,
    clock: zone.ok ? zone.clock : STOPPED,
    points: new Map(site.accessPoints.map(a => [pointKey(a.device, a.point), pointOf(a)])),
    badges,
    omittedBadges: site.badges.length - badges.size,
  })
}

/** Ids hold no slash, so no other pair of device and point has this key. */
export const pointKey = (device: string, point: string): string => `${device}/${point}`

function pointOf(a: AccessPoint): SnapshotPoint {
  return {
    accessPoint: a.id,
    zone: a.zone,
    class: a.class,
    failureMode: effectiveFailureMode(a),
    unlockMs: a.unlockMs ?? DEFAULT_UNLOCK_MS,
    lock: a.lock ?? { device: a.device, point: a.point },
  }
}

/** A class that is fixed can't be loosened or tightened by a single point. */
export function effectiveFailureMode(a: Pick<AccessPoint, 'class' | 'failureMode'>): FailureMode {
  const { fixed, failureMode } = CLASSES[a.class]
  return fixed ? failureMode : (a.failureMode ?? failureMode)
}

function rightsByRole(site: Site): Map<string, Rights> {
  const byId = new Map(site.accessPoints.map(a => [a.id, [a]]))
  const byZone = pointsBelowZones(site)
  const weeks = new Map(site.schedules.map(s => [s.id, compileSchedule(s.weekly)]))
  const reach = (right: Role['rights'][number]): readonly AccessPoint[] => {
    if ((right.zone === undefined) === (right.accessPoint === undefined)) return []
    const points = (right.zone === undefined ? byId.get(right.accessPoint!) : byZone.get(right.zone)) ?? []
    return right.classes ? points.filter(a => right.classes!.includes(a.class)) : points
  }
  return new Map(site.roles.map(role => [role.id, rightsOf(role, reach, weeks)]))
}

function rightsOf(
  role: Role,
  reach: (right: Role['rights'][number]) => readonly AccessPoint[],
  weeks: ReadonlyMap<string, Week>,
): Rights {
  const collected = new Map<string, Set<Week>>()
  for (const right of role.rights) {
    const week = weeks.get(right.schedule)
    if (!week) continue
    for (const { id } of reach(right)) collected.set(id, (collected.get(id) ?? new Set()).add(week))
  }
  return new Map([...collected].map(([id, parts]) => [id, unionOf([...parts])]))
}

/** Zone id -> the access points in it and in every zone below it. */
function pointsBelowZones(site: Site): Map<string, AccessPoint[]> {
  const parents = new Map(site.zones.map(z => [z.id, z.parent]))
  const below = new Map<string, AccessPoint[]>(site.zones.map(z => [z.id, []]))
  for (const point of site.accessPoints) {
    for (const zone of upwards(point.zone, parents)) below.get(zone)?.push(point)
  }
  return below
}

/** The zone and those above it; ends at a cycle rather than running round it. */
function upwards(zone: string, parents: ReadonlyMap<string, string | undefined>): Set<string> {
  const chain = new Set<string>()
  for (let at: string | undefined = zone; at !== undefined && !chain.has(at); at = parents.get(at)) chain.add(at)
  return chain
}

function peopleOf(
  site: Site,
  pseudonyms: Pseudonyms,
  rights: ReadonlyMap<string, Rights>,
): Map<string, SnapshotPerson> {
  const people = new Map<string, SnapshotPerson>()
  for (const p of site.people) {
    const person = pseudonyms.person.get(p.id)
    const roles = p.roles.map(r => rights.get(r)).filter(r => r !== undefined)
    if (person !== undefined) people.set(p.id, { person, validity: validityOf(p), roles })
  }
  return people
}

function badgesOf(
  site: Site,
  pseudonyms: Pseudonyms,
  people: ReadonlyMap<string, SnapshotPerson>,
): Map<string, SnapshotBadge> {
  const badges = new Map<string, SnapshotBadge>()
  for (const b of site.badges) {
    const credential = pseudonyms.badge.get(b.uid)
    const holder = people.get(b.person)
    if (credential === undefined || holder === undefined) continue
    badges.set(b.uid.toUpperCase(), { credential, status: b.status, validity: validityOf(b), holder })
  }
  return badges
}
