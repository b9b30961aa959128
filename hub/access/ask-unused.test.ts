import { describe, expect, it } from 'vitest'
import { pseudonymsOf } from '../test/small-site.ts'
import { type UnusedFacts, type Used, unusedRights } from './ask-unused.ts'
import type { Site } from './site.ts'
import { AT, askedSite, grant, HOUR } from './testing/asked-site.ts'

const DAY = 24 * HOUR
const SINCE = AT - 90 * DAY
const nothing: Used = { rights: [], roles: [], grants: new Set(), witnesses: new Set(), emergencies: new Set() }
const by = (person: string, role: string) => ({ person, role })

function found(over: Partial<UnusedFacts> = {}, used: Partial<Used> = {}) {
  const now = over.now ?? askedSite()
  const lists = unusedRights({
    now,
    formerly: now,
    used: { ...nothing, ...used },
    pseudonymOf: person => pseudonymsOf(now).person.get(person),
    grants: [],
    since: SINCE,
    until: AT,
    ...over,
  })
  return {
    rights: lists.rights.map(r => `${r.role.id}/${r.right}`),
    memberships: lists.memberships.map(m => `${m.person.id}:${m.role.id}`),
    grants: lists.grants.map(g => [g.grant, g.ended]),
    lists,
  }
}

describe('what nobody used', () => {
  it('lists rights with their words and where they stand, but for those that forbid', () => {
    const { rights, lists } = found()
    expect(rights).toEqual(['nurse/0', 'nurse/1', 'night-nurse/0', 'gardener/0', 'charge/0'])
    expect(lists.rights[0]).toEqual({
      role: { id: 'nurse', name: 'Nurse' },
      right: 0,
      what: { fr: 'Porte, Médicaments de Ward (Day)', en: 'Door, Medicines in Ward (Day)' },
      pointer: '/roles/0/rights/0',
    })
  })

  it('leaves out what was used', () => {
    const { rights } = found({}, { rights: [{ role: 'nurse', right: 1 }] })
    expect(rights).toEqual(['nurse/0', 'night-nurse/0', 'gardener/0', 'charge/0'])
  })

  it('leaves out what has not been in force for so long', () => {
    const before = askedSite()
    const formerly: Site = {
      ...before,
      roles: before.roles.filter(r => r.id !== 'charge').map(r => (r.id === 'gardener' ? { ...r, rights: [] } : r)),
      people: before.people.map(p => (p.id === 'anna' ? { ...p, roles: [] } : p)),
    }
    const { rights, memberships } = found({ formerly })
    expect(rights).toEqual(['nurse/0', 'nurse/1', 'night-nurse/0'])
    expect(memberships).not.toContain('anna:nurse')
    expect(found({ formerly: undefined })).toMatchObject({ rights: [], memberships: [] })
  })

  it('takes a right that only changed the order of its fields for the same', () => {
    const now = askedSite()
    const roles = now.roles.map(r =>
      r.id === 'nurse'
        ? {
            ...r,
            rights: [{ schedule: 'day', classes: ['medicines', 'door'] as never, zone: 'ward' }, ...r.rights.slice(1)],
          }
        : r,
    )
    expect(found({ now: { ...now, roles }, formerly: now }).rights).toContain('nurse/0')
  })

  it('lists memberships of people who used none of the rights, inherited ones included', () => {
    const used = { roles: [by('person-3', 'nurse'), by('person-1', 'night-nurse')] }
    expect(found({}, used).memberships).toEqual([
      'anna:nurse',
      'bela:nurse',
      'cleo:gardener',
      'emil:charge',
      'fay:charge',
      'gus:charge',
      'hal:charge',
    ])
  })

  it('takes whoever has no pseudonym yet for somebody the journal can’t know', () => {
    const used = { roles: [by('person-0', 'nurse')] }
    expect(found({}, used).memberships).not.toContain('anna:nurse')
    expect(found({ pseudonymOf: () => undefined }, used).memberships).toContain('anna:nurse')
  })

  it('calls by its id what no longer exists, and offers no role for withdrawal that is not there', () => {
    const site = askedSite()
    const now: Site = {
      ...site,
      zones: site.zones.filter(z => z.id !== 'garden'),
      schedules: site.schedules.filter(s => s.id !== 'day'),
      people: site.people.map(p => (p.id === 'anna' ? { ...p, roles: ['gone', 'nurse'] } : p)),
    }
    const { memberships, lists } = found({ now, grants: [grant('g-1', 'zoe', { from: SINCE, until: AT })] })
    expect(lists.rights.find(r => r.role.id === 'gardener')?.what.en).toBe('garden (day)')
    expect(memberships.filter(m => m.startsWith('anna:'))).toEqual(['anna:nurse'])
    expect(lists.grants[0]?.person).toEqual({ id: 'zoe', name: 'zoe' })
  })

  it('in doubt takes a role for used: by whoever was a second person, or broke the glass', () => {
    const { memberships } = found({}, { witnesses: new Set(['person-0']), emergencies: new Set(['person-4']) })
    expect(memberships).not.toContain('anna:nurse')
    expect(memberships).not.toContain('emil:charge')
    expect(memberships).toContain('bela:nurse')
  })

  it('lists grants in force for so long, and those whose whole life was watched, unless they opened something', () => {
    const grants = [
      grant('g-old', 'anna', { from: SINCE, until: AT + DAY }),
      grant('g-used', 'anna', { from: SINCE, until: AT + DAY }),
      grant('g-young', 'anna', { from: SINCE + DAY, until: AT + DAY }),
      grant('g-over', 'anna', { from: SINCE, until: AT }),
      grant('g-before', 'anna', { from: SINCE - 1, until: AT }),
      grant('g-coming', 'anna', { from: AT + 1, until: AT + DAY }),
    ]
    const { target: _, ...shift } = grant('g-shift', 'anna', { from: SINCE, until: AT, origin: 'shift' })
    expect(found({ grants: [...grants, shift] }, { grants: new Set(['g-used']) }).grants).toEqual([
      ['g-old', false],
      ['g-over', true],
    ])
  })
})
