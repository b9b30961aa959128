/**
 * A site compiled for deciding: everything a badge can lead to, in memory, a look-up away. Built anew for
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
  /** Its place in the lists of rights. */
  readonly index: number
  readonly accessPoint: string
  readonly zone: string
  readonly class: PointClass
  readonly failureMode: FailureMode
  /** 500 to 60000 ms. */
  readonly unlockMs: number
  /** Where the unlock command goes: the reader's own device and point unless the lock hangs elsewhere. */
  readonly lock: { readonly device: string; readonly point: string }
}

/** For each access point, by index, when it may be opened. Undefined is no right at all. */
export type Rights = readonly (Week | undefined)[]

export interface SnapshotPerson {
  /** Pseudonym. */
  readonly person: string
  readonly validity: Validity
  /** One list for each role; roles add up. */
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
 * Pure; 5,000 access points, 50 roles and 20,000 people take about 0.1 s. Never throws: what does not fit together
 * (validate.ts refuses it before it gets here) gives no right, and in an unknown time zone every schedule is closed.
 */
export function compile(site: Site, revision: number, pseudonyms: Pseudonyms): Snapshot {
  const zone = wallClock(site.site.timeZone)
  const people = peopleOf(site, pseudonyms, rightsByRole(site))
  const badges = badgesOf(site, pseudonyms, people)
  return Object.freeze({
    revision,
    clock: zone.ok ? zone.clock : STOPPED,
    points: new Map(site.accessPoints.map((a, index) => [pointKey(a.device, a.point), pointOf(a, index)])),
    badges,
    omittedBadges: site.badges.length - badges.size,
  })
}

/** Ids hold no slash, so no other pair of device and point has this key. */
export const pointKey = (device: string, point: string): string => `${device}/${point}`

function pointOf(a: AccessPoint, index: number): SnapshotPoint {
  return {
    index,
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

type Right = Role['rights'][number]
type Reach = (right: Right) => readonly number[]

function rightsByRole(site: Site): Map<string, Rights> {
  const weeks = new Map(site.schedules.map(s => [s.id, compileSchedule(s.weekly)]))
  const reach = reachOf(site)
  return new Map(site.roles.map(role => [role.id, rightsOf(role, site.accessPoints.length, reach, weeks)]))
}

/** Which access points, by index, a right is about. */
function reachOf(site: Site): Reach {
  const byId = new Map(site.accessPoints.map((a, index) => [a.id, [index]]))
  const byZone = pointsBelowZones(site)
  return ({ zone, accessPoint, classes }) => {
    if ((zone === undefined) === (accessPoint === undefined)) return []
    const points = (zone === undefined ? byId.get(accessPoint!) : byZone.get(zone)) ?? []
    return classes ? points.filter(index => classes.includes(site.accessPoints[index]!.class)) : points
  }
}

function rightsOf(role: Role, points: number, reach: Reach, weeks: ReadonlyMap<string, Week>): Rights {
  const rights = new Array<Week | undefined>(points).fill(undefined)
  for (const right of role.rights) {
    const week = weeks.get(right.schedule)
    if (week) addWeek(rights, reach(right), week)
  }
  return rights
}

/** Points that share their hours go on sharing them: a site has few different weeks, and thousands of points. */
function addWeek(rights: (Week | undefined)[], points: readonly number[], week: Week): void {
  const sums = new Map<Week | undefined, Week>([[undefined, week]])
  for (const index of points) {
    const present = rights[index]
    const sum = sums.get(present) ?? unionOf([present!, week])
    sums.set(present, sum)
    rights[index] = sum
  }
}

/** Zone id -> indexes of the access points in it and in every zone below it. */
function pointsBelowZones(site: Site): Map<string, number[]> {
  const parents = new Map(site.zones.map(z => [z.id, z.parent]))
  const below = new Map<string, number[]>(site.zones.map(z => [z.id, []]))
  for (const [index, point] of site.accessPoints.entries()) {
    for (const zone of upwards(point.zone, parents)) below.get(zone)?.push(index)
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
