import { describe, expect, test } from 'vitest'
import { fullSite, pseudonymsOf, smallSite } from '../test/small-site.ts'
import { Compiler } from './compile.ts'
import type { Grant } from './grants.ts'
import type { AccessPoint } from './site.ts'
import { HOUR, NOON, profileOf } from './testing/compiled.ts'

const grant = (id: string, until: number): Grant => ({
  id,
  person: 'anna',
  target: { accessPoint: 'drugs' },
  from: NOON - HOUR,
  until,
  origin: 'loan',
  by: 'cli:test',
})
const named = (id: string, pseudonym: string) => ({ person: new Map([[id, pseudonym]]), badge: new Map() })

describe('one change', () => {
  const compiler = () => new Compiler(fullSite(), 1, pseudonymsOf(fullSite()), [], NOON)
  const update = (of: Compiler, items: Parameters<Compiler['update']>[0]['items']) =>
    of.update({ revision: 2, now: NOON, items, grants: [] })

  test('leaves the snapshot before it as it was, and shares what stayed the same', () => {
    const of = compiler()
    const before = of.snapshot
    const after = update(of, [{ kind: 'person', id: 'anna', item: { id: 'anna', name: 'Anna', roles: ['gardener'] } }])
    expect(of.snapshot).toBe(after)
    expect([before.revision, after.revision]).toEqual([1, 2])
    expect(profileOf(before, 0).roles).toEqual(new Set(['nurse']))
    expect(profileOf(after, 0).roles).toEqual(new Set(['gardener']))
    expect(after.badges.get('04AA0001')?.holder).toBe(after.people.get('person-0'))
    expect(after.points).toBe(before.points)
    expect(after.grants).toBe(before.grants)
    expect(after.people.get('person-1')).toBe(before.people.get('person-1'))
  })

  test('of a name changes no rights', () => {
    const of = compiler()
    const before = of.snapshot
    const after = update(of, [
      { kind: 'device', id: 'door-1', item: { id: 'door-1', model: 'door', name: 'Renamed', zone: 'ward' } },
    ])
    expect({ ...after, revision: 1 }).toEqual(before)
    for (const part of ['points', 'badges', 'people', 'credentials', 'profiles', 'grants'] as const)
      expect(after[part]).toBe(before[part])
  })

  test('of one role leaves the profiles of the others alone', () => {
    const of = compiler()
    const before = of.snapshot
    const after = update(of, [{ kind: 'role', id: 'gardener', item: { id: 'gardener', name: 'G', rights: [] } }])
    expect(profileOf(after, 0)).toBe(profileOf(before, 0))
    expect(profileOf(after, 2).allow.some(rules => rules)).toBe(false)
  })

  test('uses the place of a profile again that nobody holds any more', () => {
    const of = compiler()
    const count = of.snapshot.profiles.length
    for (const role of ['guest', 'night-nurse', 'head-nurse', 'guest'])
      update(of, [{ kind: 'person', id: 'cleo', item: { id: 'cleo', name: 'Cleo', roles: [role, 'nurse'] } }])
    expect(of.snapshot.profiles.length).toBe(count + 1)
  })

  test('gives that place to one set of roles only', () => {
    const of = compiler()
    const to = (id: string, role: string) =>
      update(of, [{ kind: 'person', id, item: { id, name: 'N', roles: [role, 'night-nurse'] } }])
    const freed = to('cleo', 'head-nurse').profiles.find(p => p.roles.size === 0)
    expect(freed?.allow).toEqual([])
    for (const [i, id] of ['fred', 'gina'].entries()) {
      of.update({ revision: 2, now: NOON, items: [], grants: [], pseudonyms: named(id, `person-${5 + i}`) })
      to(id, ['guest', 'gardener'][i]!)
    }
    expect([2, 5, 6].map(i => profileOf(of.snapshot, i).roles)).toEqual([
      new Set(['head-nurse', 'night-nurse', 'nurse']),
      new Set(['guest', 'night-nurse']),
      new Set(['gardener', 'night-nurse']),
    ])
  })

  test('gives a badge its pseudonym alone, and a person theirs', () => {
    const site = smallSite()
    const { person, badge } = pseudonymsOf(site)
    const of = new Compiler(site, 1, { person, badge: new Map() }, [], 0)
    const bare = { revision: 2, now: 0, items: [], grants: [] }
    expect(of.update({ ...bare, pseudonyms: { person: new Map(), badge } }).omittedBadges).toBe(0)
    const other = new Compiler(site, 1, { person: new Map(), badge }, [], 0)
    expect(other.update({ ...bare, pseudonyms: { person, badge: new Map() } }).omittedBadges).toBe(0)
  })

  test('of the holder of a badge leaves the one before without it', () => {
    const of = compiler()
    update(of, [{ kind: 'badge', id: '04AA0001', item: { uid: '04AA0001', person: 'cleo', status: 'active' } }])
    const after = update(of, [{ kind: 'person', id: 'anna' }])
    expect(after.badges.get('04AA0001')?.holder.person).toBe('person-2')
    expect(after.badges.has('04AA0004')).toBe(false)
    expect(after.omittedBadges).toBe(3)
  })

  test('gives a person and a badge that were waiting for their pseudonyms', () => {
    const site = smallSite()
    const of = new Compiler(site, 1, { person: new Map(), badge: new Map() }, [], 0)
    expect(of.snapshot.omittedBadges).toBe(6)
    const after = of.update({ revision: 2, now: 0, items: [], grants: [], pseudonyms: pseudonymsOf(site) })
    expect(after.omittedBadges).toBe(0)
    expect(after.badges.get('04AA0001')?.holder.person).toBe('person-0')
  })

  test('of the site keeps it if it is withdrawn: there is always one', () => {
    const of = compiler()
    const before = of.snapshot.policy
    expect(update(of, [{ kind: 'site', id: 'site' }]).policy).toEqual(before)
  })

  test('of the time zone moves the midnight at which guests’ badges end', () => {
    const of = compiler()
    const { site } = fullSite()
    const after = update(of, [{ kind: 'site', id: 'site', item: { ...site, timeZone: 'America/New_York' } }])
    expect(after.badges.get('04AA0008')?.validity.until).toBe(Date.parse('2026-07-02T00:00:00-04:00'))
  })

  test('is in the grants that the compiler hands out: issued, replaced, revoked, long over', () => {
    const of = new Compiler(fullSite(), 1, pseudonymsOf(fullSite()), [grant('g-1', NOON), grant('g-2', NOON)], NOON)
    const change = (now: number, grants: Parameters<Compiler['update']>[0]['grants']) =>
      of.update({ revision: 2, now, items: [], grants })
    change(NOON, [{ id: 'g-1' }, { id: 'g-2', grant: grant('g-2', NOON + 2 * HOUR) }])
    change(NOON, [{ id: 'g-3', grant: grant('g-3', NOON + HOUR) }])
    expect(of.grants).toEqual([grant('g-2', NOON + 2 * HOUR), grant('g-3', NOON + HOUR)])
    change(NOON + 26 * HOUR - 1, [])
    expect(of.grants.map(g => g.id)).toEqual(['g-2'])
  })

  test('is in the site that the compiler hands out', () => {
    const of = compiler()
    const withdrawn: AccessPoint['id'] = 'garden-door'
    update(of, [{ kind: 'accessPoint', id: withdrawn }])
    const expected = fullSite()
    expected.accessPoints = expected.accessPoints.filter(a => a.id !== withdrawn)
    expect(of.site).toEqual(expected)
  })
})
