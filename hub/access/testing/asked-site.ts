/** A site with something to ask about: inheritance, conditions, a rule that forbids, emergencies, holidays, odd badges. */
import { pseudonymsOf, smallSite } from '../../test/small-site.ts'
import { Book } from '../ask-book.ts'
import { compile } from '../compile.ts'
import type { Grant } from '../grants.ts'
import type { Site } from '../site.ts'

/** Wednesday 10 June 2026, 10:00 in Paris. */
export const AT = Date.UTC(2026, 5, 10, 8)
export const HOUR = 3_600_000

export function askedSite(): Site {
  const small = smallSite()
  return {
    ...small,
    calendars: [{ id: 'holidays', name: 'Jours fériés', days: [{ date: '--12-25' }] }],
    schedules: small.schedules.map(s =>
      s.id === 'day' ? { ...s, specialDays: [{ calendar: 'holidays', hours: [] }] } : s,
    ),
    roles: [
      ...small.roles,
      {
        id: 'charge',
        name: 'Charge nurse',
        inherits: ['nurse'],
        rights: [
          {
            accessPoint: 'drugs',
            schedule: 'always',
            requires: { pin: true, witness: { role: 'nurse', withinS: 30 } },
          },
        ],
        breakGlass: [{ zone: 'ward', classes: ['controlled-drugs', 'medicines'] }],
      },
      { id: 'barred', name: 'Barred', rights: [{ accessPoint: 'drugs', schedule: 'always', effect: 'deny' }] },
    ],
    people: [
      ...small.people,
      { id: 'dora', name: 'Dora', roles: ['charge'] },
      { id: 'emil', name: 'Émil', roles: ['charge', 'barred'] },
      { id: 'fay', name: 'Fay', roles: ['charge'] },
      { id: 'gus', name: 'Gus', roles: ['charge'] },
      { id: 'hal', name: 'Hal', roles: ['charge'], validUntil: '2026-06-01T00:00:00Z' },
    ],
    badges: [
      ...small.badges,
      { uid: '04AA0010', person: 'dora', status: 'active' },
      { uid: '04AA0011', person: 'emil', status: 'active' },
      { uid: '04AA0012', person: 'fay', status: 'lost' },
      { uid: '04AA0013', person: 'hal', status: 'active' },
    ],
  }
}

export const grant = (id: string, person: string, over: Partial<Grant> = {}): Grant => ({
  id,
  person,
  target: { accessPoint: 'drugs' },
  from: AT - HOUR,
  until: AT + HOUR,
  origin: 'loan',
  by: 'cli:test',
  ...over,
})

export function bookFor(
  site: Site = askedSite(),
  grants: readonly Grant[] = [],
  now = AT,
  pseudonyms = pseudonymsOf(site),
): Book {
  return new Book({ site, pseudonyms, snapshot: compile(site, 7, pseudonyms, grants, now) })
}
