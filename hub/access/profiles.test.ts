import { describe, expect, test } from 'vitest'
import { fullSite } from '../test/small-site.ts'
import { isOpen } from './calendar.ts'
import type { Right, Scope, Site } from './site.ts'
import { changed, compiled, pointOf, profileOf } from './testing/compiled.ts'

describe('a profile', () => {
  const profile = (roles: string[], change: (site: Site) => void = () => undefined) => {
    const site = fullSite()
    site.people[0]!.roles = roles
    change(site)
    const snapshot = compiled(site)
    const own = profileOf(snapshot, 0)
    const at = (id: string) => {
      const { index } = pointOf(snapshot, id)
      const places = (rules = own.allow[index]) => (rules ?? []).map(r => `${r.role}/${r.right}`)
      return { allow: places(), deny: places(own.deny[index] ?? []), breakGlass: own.breakGlass[index] }
    }
    return { own, at }
  }

  test('is shared by people who hold the same roles, in whatever order', () => {
    const snapshot = compiled(
      changed(s => {
        s.people[0]!.roles = ['night-nurse', 'nurse', 'nurse']
      }),
    )
    expect(profileOf(snapshot, 0)).toBe(profileOf(snapshot, 1))
    expect(snapshot.profiles).toHaveLength(4)
  })

  test('adds up roles, each rule under the role that states it', () => {
    const { at, own } = profile(['night-nurse', 'nurse'])
    expect(at('medicines').allow).toEqual(['night-nurse/0', 'nurse/0'])
    expect(at('ward-door').allow).toEqual(['night-nurse/0', 'nurse/0', 'nurse/1'])
    expect(at('garden-door').allow).toEqual([])
    expect(own.roles).toEqual(new Set(['night-nurse', 'nurse']))
    expect(own.lockdownRank).toBe(0)
  })

  test('has what its roles inherit, own rules first, and the highest lockdown rank', () => {
    const { at, own } = profile(['head-nurse'])
    expect(at('medicines').allow).toEqual(['head-nurse/0', 'nurse/0'])
    expect(at('ward-door').allow).toEqual(['nurse/0', 'nurse/1'])
    expect(own.roles).toEqual(new Set(['head-nurse', 'nurse']))
    expect(own.lockdownRank).toBe(2)
  })

  test('inherits over several steps, and a cycle ends', () => {
    const { at, own } = profile(['gardener'], s => {
      s.roles[2]!.inherits = ['head-nurse']
      s.roles[0]!.inherits = ['gardener']
    })
    expect(at('medicines').allow).toEqual(['head-nurse/0', 'nurse/0'])
    expect(own.roles).toEqual(new Set(['gardener', 'head-nurse', 'nurse']))
  })

  test('keeps what is forbidden apart from what is allowed', () => {
    const { at } = profile(['guest', 'nurse'])
    expect(at('drugs')).toMatchObject({ allow: [], deny: ['guest/0'] })
    expect(at('medicines')).toMatchObject({ allow: ['nurse/0'], deny: ['guest/0'] })
    expect(at('ward-door').deny).toEqual([])
  })

  test('keeps the conditions of a rule', () => {
    const { own } = profile(['head-nurse'])
    expect(own.allow.flat().find(r => r?.role === 'head-nurse')?.requires).toEqual({ reason: true })
    expect(own.allow.flat().find(r => r?.role === 'nurse')).not.toHaveProperty('requires')
  })

  test('says where the glass may be broken', () => {
    const { at } = profile(['head-nurse'])
    expect(at('drugs').breakGlass).toBe(true)
    expect(at('medicines').breakGlass).toBe(true)
    expect(at('airlock-in').breakGlass).toBeUndefined()
  })

  test('of no role, or of one that does not exist, gives nothing', () => {
    for (const roles of [[], ['gone']]) {
      const { own } = profile(roles)
      expect(own.roles.size).toBe(0)
      expect(own.allow.filter(rules => rules !== undefined)).toEqual([])
    }
  })

  test('forbids at all hours where the schedule of a deny does not exist', () => {
    const { at, own } = profile(['guest', 'nurse'], s => {
      s.roles[4]!.rights[0]!.schedule = 'gone'
    })
    expect(at('medicines').deny).toEqual(['guest/0'])
    const { timetable } = own.deny.flat().find(r => r !== undefined)!
    expect([0, 3_000, 29_000_000].map(minute => isOpen(timetable, minute))).toEqual([true, true, true])
  })
})

describe('the reach of a right', () => {
  const reach = (right: Scope) => {
    const site = changed(s => {
      s.roles[2]!.rights = [{ schedule: 'always', ...right } as Right]
    })
    const snapshot = compiled(site)
    const { allow } = profileOf(snapshot, 2)
    return [...snapshot.points.values()].filter(p => allow[p.index]).map(p => p.accessPoint)
  }

  test.each([
    ['a zone and those below', { zone: 'ward' }, ['drugs', 'medicines', 'ward-door', 'airlock-in', 'airlock-out']],
    ['one access point', { accessPoint: 'drugs' }, ['drugs']],
    ['classes, wherever', { classes: ['door'] }, ['ward-door', 'garden-door', 'airlock-in', 'airlock-out']],
    [
      'classes in a zone',
      { zone: 'pharmacy', classes: ['door', 'medicines'] },
      ['medicines', 'airlock-in', 'airlock-out'],
    ],
    ['no place and no class', {}, []],
    ['a class nothing has', { classes: ['records'] }, []],
  ] as const)('%s', (_, right, points) => {
    expect(reach(right)).toEqual(points)
  })
})
