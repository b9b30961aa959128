/** Checks of people and badges: roles and holders exist, times exist and follow each other, guests' badges end. */
import { EXPECTED } from './expected.ts'
import { instantOf } from './instant.ts'
import { type Found, idsOf, repeated } from './problems.ts'
import type { Badge, Person, Site } from './site.ts'

export function* ofPeople(site: Site): Found {
  const roles = idsOf(site.roles)
  yield* repeated(site.people, p => p.id, 'people', 'id')
  for (const [i, person] of site.people.entries()) {
    for (const [j, role] of person.roles.entries()) {
      if (!roles.has(role)) yield { pointer: `/people/${i}/roles/${j}`, expected: EXPECTED.role }
    }
    yield* ofValidity(person, `/people/${i}`)
  }
}

export function* ofBadges(site: Site): Found {
  const people = new Map(site.people.map(p => [p.id, p]))
  yield* repeated(site.badges, b => b.uid, 'badges', 'uid')
  for (const [i, badge] of site.badges.entries()) {
    const holder = people.get(badge.person)
    if (!holder) yield { pointer: `/badges/${i}/person`, expected: EXPECTED.personHere }
    yield* ofValidity(badge, `/badges/${i}`)
    if (holder && isEndless(badge, holder)) yield { pointer: `/badges/${i}/validUntil`, expected: EXPECTED.guestEnds }
  }
}

/** A guest's badge ends on the day it begins; without any day it would have no end. */
const isEndless = (badge: Badge, { kind = 'staff', validFrom }: Person): boolean =>
  kind !== 'staff' && (badge.validUntil ?? badge.validFrom ?? validFrom) === undefined

function* ofValidity(limits: { readonly validFrom?: string; readonly validUntil?: string }, pointer: string): Found {
  const from = instantOf(limits.validFrom ?? '0000-01-01T00:00Z')
  const until = instantOf(limits.validUntil ?? '9999-12-31T23:59Z')
  if (Number.isNaN(from)) yield { pointer: `${pointer}/validFrom`, expected: EXPECTED.instant }
  if (Number.isNaN(until)) yield { pointer: `${pointer}/validUntil`, expected: EXPECTED.instant }
  if (until <= from) yield { pointer: `${pointer}/validUntil`, expected: EXPECTED.afterValidFrom }
}
