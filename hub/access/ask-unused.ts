/** Rights, role memberships and temporary grants that nobody used: a list for withdrawal, to be judged by a person. Pure. */
import type { Said } from '../errors.ts'
import type { NamedId, UnusedAnswer } from './ask.ts'
import { both, scopeWords } from './ask-words.ts'
import type { Grant } from './grants.ts'
import type { Conditions, Right, Role, Site } from './site.ts'

/** What the journal tells of use since a time. People are pseudonyms. */
export interface Used {
  /** Rights that opened, each by its place in the role as the site stands now. */
  readonly rights: readonly { readonly role: string; readonly right: number }[]
  /** Roles by a right of which a person opened, whatever has become of that right. */
  readonly roles: readonly { readonly person: string; readonly role: string }[]
  /** Ids of grants. */
  readonly grants: ReadonlySet<string>
  /** Who completed somebody else's opening, and who broke the glass: which role that took is not in the journal. */
  readonly witnesses: ReadonlySet<string>
  readonly emergencies: ReadonlySet<string>
}

export interface UnusedFacts {
  readonly now: Site
  /** As it was at `since`; undefined if nothing is known of it, and then nothing was in force for as long. */
  readonly formerly: Site | undefined
  readonly used: Used
  readonly pseudonymOf: (person: string) => string | undefined
  /** In force since `since` or later, each with the end it came to. */
  readonly grants: readonly Grant[]
  readonly since: number
  readonly until: number
}

/** @returns only what was in force all the time from `since` on, as far as both ends of it show. */
export function unusedRights(q: UnusedFacts): Pick<UnusedAnswer, 'rights' | 'memberships' | 'grants'> {
  return { rights: rightsOf(q), memberships: membershipsOf(q), grants: grantsOf(q) }
}

function rightsOf({ now, formerly, used }: UnusedFacts): UnusedAnswer['rights'] {
  const roles = new Map(formerly?.roles.map(r => [r.id, r]))
  const names = namesOf(now)
  const opened = new Set(used.rights.map(u => `${u.role}/${u.right}`))
  return now.roles.flatMap((role, i) =>
    role.rights.flatMap((right, j) => {
      const key = canonical(right)
      const old = roles.get(role.id)?.rights.some(r => canonical(r) === key)
      if (right.effect === 'deny' || !old || opened.has(`${role.id}/${j}`)) return []
      const what = rightWords(right, names)
      return [{ role: named(role), right: j, what, pointer: `/roles/${i}/rights/${j}` }]
    }),
  )
}

function membershipsOf(q: UnusedFacts): UnusedAnswer['memberships'] {
  const below = belowOf(q.now)
  const before = new Map(q.formerly?.people.map(p => [p.id, p.roles]))
  const exercised = exercisedBy(q)
  const roles = new Map(q.now.roles.map(r => [r.id, r]))
  return q.now.people.flatMap((person, i) =>
    person.roles.flatMap((id, j) => {
      const role = roles.get(id)
      const reach = below(id)
      if (!role || !before.get(person.id)?.includes(id) || !givesSomething(reach, roles)) return []
      if (exercised(person.id, reach)) return []
      return [{ person: named(person), role: named(role), pointer: `/people/${i}/roles/${j}` }]
    }),
  )
}

const named = ({ id, name }: NamedId): NamedId => ({ id, name })

/** A role that only forbids, or only lets pass as a second person, is never withdrawn for want of openings. */
const givesSomething = (reach: ReadonlySet<string>, roles: ReadonlyMap<string, Role>): boolean =>
  [...reach].some(id => roles.get(id)?.rights.some(r => r.effect !== 'deny'))

/** Whether a person made use of any of these roles, in doubt yes. */
function exercisedBy({ now, used, pseudonymOf }: UnusedFacts) {
  const byPerson = new Map<string, Set<string>>()
  for (const { person, role } of used.roles) {
    const roles = byPerson.get(person) ?? new Set()
    byPerson.set(person, roles.add(role))
  }
  const witnessing = witnessRolesOf(now)
  const emergency = new Set(now.roles.filter(r => (r.breakGlass ?? []).length > 0).map(r => r.id))
  return (person: string, reach: ReadonlySet<string>): boolean => {
    const pseudonym = pseudonymOf(person) ?? ''
    const touches = (roles: ReadonlySet<string>): boolean => [...reach].some(r => roles.has(r))
    return (
      touches(byPerson.get(pseudonym) ?? NOBODY) ||
      (used.witnesses.has(pseudonym) && touches(witnessing)) ||
      (used.emergencies.has(pseudonym) && touches(emergency))
    )
  }
}
const NOBODY: ReadonlySet<string> = new Set()

function witnessRolesOf(site: Site): Set<string> {
  const asked: (Conditions | undefined)[] = [
    ...site.accessPoints.map(a => a.requires),
    ...site.roles.flatMap(r => r.rights.map(right => right.requires)),
  ]
  return new Set(asked.flatMap(c => c?.witness?.role ?? []))
}

/** A role and all it inherits. */
function belowOf(site: Site): (role: string) => ReadonlySet<string> {
  const inherits = new Map(site.roles.map(r => [r.id, r.inherits ?? []]))
  return role => {
    const found = new Set([role])
    for (const r of found) for (const inherited of inherits.get(r) ?? []) found.add(inherited)
    return found
  }
}

/** Live ones that are as old as was asked for, and those whose whole life lies in that time. */
function grantsOf({ now, grants, used, since, until }: UnusedFacts): UnusedAnswer['grants'] {
  const names = new Map(now.people.map(p => [p.id, p.name]))
  const watched = (g: Grant): boolean => (g.until <= until ? g.from >= since : g.from <= since)
  return grants
    .filter(g => g.target !== undefined && g.from <= until && watched(g) && !used.grants.has(g.id))
    .map(g => ({
      grant: g.id,
      person: { id: g.person, name: names.get(g.person) ?? g.person },
      origin: g.origin,
      from: g.from,
      until: g.until,
      ended: g.until <= until,
    }))
}

interface Names {
  zone(id: string): string
  point(id: string): string
  schedule(id: string): string
}
function namesOf(site: Site): Names {
  const of = (list: readonly NamedId[]) => {
    const names = new Map(list.map(i => [i.id, i.name]))
    return (id: string): string => names.get(id) ?? id
  }
  return { zone: of(site.zones), point: of(site.accessPoints), schedule: of(site.schedules) }
}

function rightWords(right: Right, names: Names): Said {
  const scope = scopeWords(right, names)
  return both(l => `${scope[l]} (${names.schedule(right.schedule)})`)
}

/** Equal texts for equal rights, whatever the order of their fields and lists. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, v]) => v !== undefined)
  return `{${fields
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .sort()
    .join()}}`
}
