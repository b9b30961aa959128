/**
 * Rights at one revision, with the ways there and back between ids, names and pseudonyms: what questions are answered
 * from. Deciding never needs it. Made once for a question; a site of 5,000 people takes about 10 ms.
 */
import type { NamedId, Obstacle, PlaceAsked, Way } from './ask.ts'
import { both, demandsOf, grantWords, reasonWords } from './ask-words.ts'
import { isOpen } from './calendar.ts'
import { decide } from './decide.ts'
import type { AccessRequest } from './decision.ts'
import type { Reason } from './reasons.ts'
import type { AccessPoint, Badge, Conditions, Person, Role, Schedule, Site } from './site.ts'
import { CALM } from './situations.ts'
import {
  endAt,
  type Pseudonyms,
  pointKey,
  type Snapshot,
  type SnapshotGrant,
  type SnapshotPerson,
  type SnapshotPoint,
  type SnapshotRule,
} from './snapshot.ts'

export interface View {
  readonly site: Site
  readonly snapshot: Snapshot
  readonly pseudonyms: Pseudonyms
}

/** A way as deciding sees it. */
export type RawWay =
  | { readonly kind: 'rule'; readonly rule: SnapshotRule }
  /** `until`: when it ends at the point asked about. */
  | { readonly kind: 'grant'; readonly grant: SnapshotGrant; readonly until: number }

/** Everything that comes before rights: the badge, its holder, and rules that forbid. */
const BADGE_REASONS: ReadonlySet<Reason> = new Set([
  'badge-suspended',
  'badge-lost',
  'badge-revoked',
  'badge-not-yet-valid',
  'badge-expired',
])
const HOLDER_REASONS: ReadonlySet<Reason> = new Set(['person-not-yet-valid', 'person-expired'])
export const isBadgeReason = (reason: Reason): boolean => BADGE_REASONS.has(reason) || reason === 'badge-unknown'
export const isHolderReason = (reason: Reason): boolean => HOLDER_REASONS.has(reason)

export class Book {
  readonly site: Site
  readonly snapshot: Snapshot
  readonly #pseudonyms: Pseudonyms
  readonly #people: ReadonlyMap<string, Person>
  readonly #roles: ReadonlyMap<string, Role>
  readonly #schedules: ReadonlyMap<string, Schedule>
  readonly #zones: ReadonlyMap<string, string>
  readonly #points: ReadonlyMap<string, AccessPoint>
  readonly #badges = new Map<string, Badge[]>()
  readonly #personOf: ReadonlyMap<string, string>
  readonly #uidOf: ReadonlyMap<string, string>
  readonly #reach = new Map<string, ReadonlySet<string>>()

  constructor({ site, snapshot, pseudonyms }: View) {
    this.site = site
    this.snapshot = snapshot
    this.#pseudonyms = pseudonyms
    this.#people = byId(site.people)
    this.#roles = byId(site.roles)
    this.#schedules = byId(site.schedules)
    this.#points = byId(site.accessPoints)
    this.#zones = new Map(site.zones.map(z => [z.id, z.name]))
    for (const badge of site.badges) this.#badges.set(badge.person, [...(this.#badges.get(badge.person) ?? []), badge])
    this.#personOf = reversed(pseudonyms.person)
    this.#uidOf = reversed(pseudonyms.badge)
  }

  person = (id: string): Person | undefined => this.#people.get(id)
  accessPoint = (id: string): AccessPoint | undefined => this.#points.get(id)
  badgesOf = (person: string): readonly Badge[] => this.#badges.get(person) ?? []
  /** Undefined where a pseudonym stands for nobody of this site any more. */
  personOf = (pseudonym: string): string | undefined => this.#personOf.get(pseudonym)
  uidOf = (pseudonym: string): string | undefined => this.#uidOf.get(pseudonym)

  /** What no longer exists is called by its id. */
  roleName = (id: string): string => this.#roles.get(id)?.name ?? id
  zoneName = (id: string): string => this.#zones.get(id) ?? id
  pointName = (id: string): string => this.#points.get(id)?.name ?? id
  named = (person: Person): NamedId => ({ id: person.id, name: person.name })
  namedRole = (id: string): NamedId => ({ id, name: this.roleName(id) })
  /** Undefined where there is no such schedule: a rule that forbids then stands at all hours. */
  schedule = (rule: SnapshotRule): Schedule | undefined => this.#schedules.get(this.#scheduleId(rule))
  /** A rule is of a role of this site. */
  #scheduleId = ({ role, right }: SnapshotRule): string => this.#roles.get(role)!.rights[right]!.schedule

  place(point: AccessPoint): PlaceAsked {
    const zone = { id: point.zone, name: this.zoneName(point.zone) }
    return { id: point.id, name: point.name, zone, class: point.class }
  }

  snapshotPerson(id: string): SnapshotPerson | undefined {
    const pseudonym = this.#pseudonyms.person.get(id)
    return pseudonym === undefined ? undefined : this.snapshot.people.get(pseudonym)
  }
  /** Of a point of this site: every one is in the snapshot. */
  snapshotPoint(point: AccessPoint): SnapshotPoint {
    return this.snapshot.points.get(pointKey(point.device, point.point))!
  }

  /** Every right and grant that reaches the point, whatever the time. */
  ways(person: SnapshotPerson, point: SnapshotPoint): RawWay[] {
    const rules = this.snapshot.profiles[person.profile]?.allow[point.index] ?? []
    const grants = this.snapshot.grants.get(person.person) ?? []
    return [
      ...rules.map(rule => ({ kind: 'rule', rule }) as const),
      ...grants.flatMap(grant => {
        const until = endAt(grant, point.index)
        return until === undefined ? [] : [{ kind: 'grant', grant, until } as const]
      }),
    ]
  }
  forbidding(person: SnapshotPerson, point: SnapshotPoint): readonly SnapshotRule[] {
    return this.snapshot.profiles[person.profile]?.deny[point.index] ?? []
  }
  mayBreakGlass(person: SnapshotPerson, point: SnapshotPoint): boolean {
    return this.snapshot.profiles[person.profile]?.breakGlass[point.index] === true
  }

  /** Open at that time; whether its demands are met is another matter. */
  isOpen(way: RawWay, at: number): boolean {
    if (way.kind === 'grant') return way.grant.from <= at && at < way.until
    return isOpen(way.rule.timetable, this.snapshot.clock.minuteOf(at))
  }

  /** A way in words, for this person at this time. */
  describe(way: RawWay, person: SnapshotPerson, point: SnapshotPoint, at: number): Way {
    const demands = this.#demands(way, person, point, at)
    if (way.kind === 'grant') {
      const { id, origin, from } = way.grant
      return { kind: 'grant', grant: id, origin, from, until: way.until, demands, text: grantWords(origin) }
    }
    const { role, right } = way.rule
    const through = this.#through(person, role)
    const schedule = this.#scheduleId(way.rule)
    const [own, held] = [this.roleName(role), through?.name]
    return {
      kind: 'rule',
      role: this.namedRole(role),
      right,
      ...(through && { through }),
      schedule: { id: schedule, name: this.#schedules.get(schedule)?.name ?? schedule },
      demands,
      text: both(l =>
        held === undefined ? own : l === 'fr' ? `${own}, hérité par ${held}` : `${own}, inherited by ${held}`,
      ),
    }
  }

  #demands(way: RawWay, person: SnapshotPerson, point: SnapshotPoint, at: number) {
    const conditions: (Conditions | undefined)[] = [way.kind === 'rule' ? way.rule.requires : undefined, point.requires]
    const grants = this.snapshot.grants.get(person.person) ?? []
    return demandsOf(conditions, this.roleName, {
      onDuty: grants.some(g => g.origin === 'shift' && g.from <= at && at < g.until),
      prescription: way.kind === 'grant' && way.grant.origin === 'prescription' && way.grant.reference !== undefined,
    })
  }

  /** The role the person holds, if the one that states the right is inherited. */
  #through(person: SnapshotPerson, role: string): NamedId | undefined {
    const held = this.#people.get(this.#personOf.get(person.person)!)!.roles
    if (held.includes(role)) return undefined
    return this.namedRole(held.find(r => this.rolesBelow(r).has(role))!)
  }

  /** The role and all it inherits. */
  rolesBelow(role: string): ReadonlySet<string> {
    const known = this.#reach.get(role)
    if (known) return known
    const found = new Set<string>([role])
    for (const r of found) for (const inherited of this.#roles.get(r)?.inherits ?? []) found.add(inherited)
    this.#reach.set(role, found)
    return found
  }

  /**
   * What keeps a badge from opening whatever its holder's rights: decided by the one function that decides, so that an
   * answer can't promise what a door refuses.
   */
  obstacle(uid: string, point: AccessPoint, at: number): Obstacle | undefined {
    const request: AccessRequest = { device: point.device, point: point.point, uid, at }
    const decision = decide(this.snapshot, CALM, request)
    const { reason } = decision
    if (decision.granted || !(isBadgeReason(reason) || isHolderReason(reason) || reason === 'denied-by-rule'))
      return undefined
    return {
      reason,
      ...(decision.because !== undefined && { because: decision.because }),
      text: reasonWords(reason),
    }
  }

  /** The least of what the badges of a person meet: empty if one of them is good. */
  obstacles(person: string, point: AccessPoint, at: number): Obstacle[] {
    const badges = this.badgesOf(person)
    if (badges.length === 0) return [{ reason: 'badge-missing', text: reasonWords('badge-missing') }]
    const found: Obstacle[] = []
    for (const { uid } of badges) {
      const obstacle = this.obstacle(uid, point, at)
      if (!obstacle) return []
      if (!found.some(o => o.reason === obstacle.reason)) found.push(obstacle)
    }
    // A rule forbids the person, with whichever badge: the state of the others no longer matters.
    const forbidden = found.find(o => o.reason === 'denied-by-rule')
    return forbidden ? [forbidden] : found
  }
}

const byId = <T extends { readonly id: string }>(list: readonly T[]): Map<string, T> =>
  new Map(list.map(i => [i.id, i]))
const reversed = (map: ReadonlyMap<string, string>): Map<string, string> => new Map([...map].map(([k, v]) => [v, k]))
