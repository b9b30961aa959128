/**
 * What a connected application may do: where, for whom, how long and how often it grants, and what it is told. Everything
 * that is not named is refused. Pure; looked at before anything else, so that an application learns nothing of what lies
 * outside: neither whether a person, a zone or a door exists.
 */
import type { Grant, GrantOrigin } from '../access/grants.ts'
import { CLASSES, type PointClass } from '../access/site-classes.ts'
import type { EventKind, VigieEvent } from '../events.ts'
import { type ZoneNode, zonesBelow } from './zones.ts'

/** Kinds an application may ask to be told of. Nothing under duress, nothing of operators, nothing about the whole site. */
export const TENANT_KINDS = [
  'access.granted',
  'access.denied',
  'access.withdrawn',
  'access.awaiting',
  'access.lapsed',
  'break-glass.opened',
  'break-glass.ended',
  'grant.issued',
  'grant.revoked',
  'lock.unlocked',
  'lock.locked',
  'lock.refused',
  'lock.failed',
  'lock.silent',
  'point.opened',
  'point.closed',
  'point.forced',
  'point.locked',
  'point.released',
  'exit.requested',
  'tamper.raised',
  'tamper.cleared',
  'device.online',
  'device.offline',
] as const satisfies readonly EventKind[]
export type TenantKind = (typeof TENANT_KINDS)[number]
const OWN_KINDS: ReadonlySet<EventKind> = new Set<EventKind>(['grant.issued', 'grant.revoked'])

const HOUR_MS = 3_600_000
/** Bounds of what a scope may say. A grant's class may allow less, never more. */
export const TENANT_LIMITS = {
  longestMs: 8_760 * HOUR_MS,
  aheadMs: 400 * 24 * HOUR_MS,
  grants: 10_000,
  /** Grants in one request. */
  batch: 500,
  /** Days until a token ends. */
  days: 366,
} as const

export interface TenantPeople {
  /** Of people's roles in the site. */
  readonly roles: readonly string[]
  readonly ids: readonly string[]
}
export interface TenantScope {
  /** With those below them. Zones and access points together: where it grants, and what it hears of. */
  readonly zones: readonly string[]
  readonly accessPoints: readonly string[]
  /** Classes of access points that it may grant; none: only shifts without a place. */
  readonly classes: readonly PointClass[]
  /** None: it may write no grants at all. `shift`: it may also say who is on duty. */
  readonly origins: readonly GrantOrigin[]
  /** From `from` to `until` of one grant, milliseconds. */
  readonly longestMs: number
  /** From now to the `until` of a grant, milliseconds. */
  readonly aheadMs: number
  /** Grants that have not ended, at most. */
  readonly mostGrants: number
  /** Whom it may name in a grant, and is told by name. */
  readonly people: TenantPeople | 'everyone'
  readonly events: readonly TenantKind[]
  readonly webhooks: boolean
}

export interface ScopedSite {
  readonly zones: readonly ZoneNode[]
  readonly accessPoints: readonly { readonly id: string; readonly zone: string; readonly class: PointClass }[]
  readonly people: readonly { readonly id: string; readonly roles: readonly string[] }[]
  readonly roles: readonly { readonly id: string }[]
  readonly badges: readonly { readonly uid: string }[]
}
type Person = ScopedSite['people'][number]
export type Wish = Omit<Grant, 'id' | 'by'>

/** Where something of a wish or of a scope is not as it may be. */
export interface Outside {
  /** A pointer into the wish, as a form holds it. */
  readonly field: string
  readonly expected: OutsideWords
}
/** In words: tenant-words.ts. */
export type OutsideWords =
  | 'person'
  | 'origin'
  | 'zone'
  | 'point'
  | 'classes'
  | 'place'
  | 'longest'
  | 'ahead'
  | 'opaque'
  | 'known-zone'
  | 'known-point'
  | 'known-role'
  | 'known-person'

/** Zones with those below them, and access points, of a scope as the site is now. */
export interface ScopePlaces {
  readonly zones: ReadonlySet<string>
  readonly points: ReadonlySet<string>
}
export function placesOf(
  { zones, accessPoints }: TenantScope,
  site: Pick<ScopedSite, 'zones' | 'accessPoints'>,
): ScopePlaces {
  const all = zonesBelow(site.zones, zones)
  const named = new Set(accessPoints)
  return {
    zones: all,
    points: new Set(site.accessPoints.filter(p => named.has(p.id) || all.has(p.zone)).map(p => p.id)),
  }
}

/** @param person undefined: there is none, which is told like one it may not name */
export const mayName = ({ people }: Pick<TenantScope, 'people'>, person: Person | undefined): boolean =>
  people === 'everyone' ||
  (person !== undefined && (people.ids.includes(person.id) || person.roles.some(role => people.roles.includes(role))))

/** A whole site is looked at once, however many wishes there are. */
export class ScopeCheck {
  readonly #scope: TenantScope
  readonly #places: ScopePlaces
  readonly #people: ReadonlyMap<string, Person>
  readonly #classOf: ReadonlyMap<string, PointClass>
  readonly #names: ReadonlySet<string>

  constructor(scope: TenantScope, site: ScopedSite) {
    this.#scope = scope
    this.#places = placesOf(scope, site)
    this.#people = new Map(site.people.map(p => [p.id, p]))
    this.#classOf = new Map(site.accessPoints.map(p => [p.id, p.class]))
    this.#names = new Set([...site.people.map(p => p.id), ...site.badges.map(b => b.uid.toLowerCase())])
  }

  /** @param now milliseconds since 1970 @returns the first thing that lies outside */
  outside(wish: Wish, now: number): Outside | undefined {
    for (const found of this.#all(wish, now)) return found
    return undefined
  }

  /** The part that a scope may take away from a grant that stands: who, why and where; never its times. */
  stands(wish: Wish): boolean {
    for (const _ of this.#standing(wish)) return false
    return true
  }

  *#all(wish: Wish, now: number): Generator<Outside> {
    const { longestMs, aheadMs } = this.#scope
    const { from, until, reference } = wish
    yield* this.#standing(wish)
    if (until - from > longestMs) yield { field: '/until', expected: 'longest' }
    if (until - now > aheadMs) yield { field: '/until', expected: 'ahead' }
    if (reference !== undefined && this.#tellsWho(reference)) yield { field: '/reference', expected: 'opaque' }
  }

  *#standing({ person, origin, target }: Wish): Generator<Outside> {
    if (!mayName(this.#scope, this.#people.get(person))) yield { field: '/person', expected: 'person' }
    if (!this.#scope.origins.includes(origin)) yield { field: '/origin', expected: 'origin' }
    if (target) yield* this.#target(target)
  }

  /**
   * A zone or a whole class is granted by naming classes that are all allowed: what is put there tomorrow is no more than
   * what may be granted today. Of the whole site nothing is granted.
   */
  *#target({ zone, accessPoint, classes }: NonNullable<Wish['target']>): Generator<Outside> {
    const { zones, points } = this.#places
    if (zone === undefined && accessPoint === undefined) yield { field: '/zone', expected: 'place' }
    if (zone !== undefined && !zones.has(zone)) yield { field: '/zone', expected: 'zone' }
    if (accessPoint !== undefined && !points.has(accessPoint)) yield { field: '/accessPoint', expected: 'point' }
    const own = accessPoint === undefined ? undefined : this.#classOf.get(accessPoint)
    const meant = classes ?? (own === undefined ? ALL_CLASSES : [own])
    if (!meant.every(one => this.#scope.classes.includes(one))) yield { field: '/classes', expected: 'classes' }
  }

  /** The id of a person or of a badge is no reference. */
  #tellsWho(reference: string): boolean {
    const low = reference.toLowerCase()
    return [low, ...low.split(/[.:_]/)].some(part => this.#names.has(part))
  }
}
const ALL_CLASSES = Object.keys(CLASSES) as PointClass[]

/** A scope names what there is. @returns the first thing that is not of the site */
export function unknownIn({ zones, accessPoints, people }: TenantScope, site: ScopedSite): Outside | undefined {
  const missing = (named: readonly string[], known: readonly { readonly id: string }[]): boolean => {
    const ids = new Set(known.map(one => one.id))
    return named.some(id => !ids.has(id))
  }
  if (missing(zones, site.zones)) return { field: '/scope/zones', expected: 'known-zone' }
  if (missing(accessPoints, site.accessPoints)) return { field: '/scope/accessPoints', expected: 'known-point' }
  if (people === 'everyone') return undefined
  if (missing(people.roles, site.roles)) return { field: '/scope/people/roles', expected: 'known-role' }
  if (missing(people.ids, site.people)) return { field: '/scope/people/ids', expected: 'known-person' }
  return undefined
}

/** Whether an event is for them: of a kind they asked for, and in a place of theirs; of grants only their own. @param by `tenant:<id>` */
export function tellsTenant(
  event: VigieEvent,
  scope: Pick<TenantScope, 'events'>,
  places: ScopePlaces,
  by: string,
): boolean {
  if (!(scope.events as readonly EventKind[]).includes(event.kind)) return false
  if (OWN_KINDS.has(event.kind)) return (event as { readonly by?: string }).by === by
  const { accessPoint, zone } = event as { readonly accessPoint?: string; readonly zone?: string }
  return (accessPoint !== undefined && places.points.has(accessPoint)) || (zone !== undefined && places.zones.has(zone))
}

/** How the journal names an application that acts. */
export const tenantBy = (id: string): string => `tenant:${id}`
export const isTenantKind = (text: string): text is TenantKind => (TENANT_KINDS as readonly string[]).includes(text)
