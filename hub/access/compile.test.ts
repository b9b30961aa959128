import { describe, expect, test } from 'vitest'
import { fullSite, smallSite } from '../test/small-site.ts'
import { compile } from './compile.ts'
import { decide } from './decide.ts'
import type { Site } from './site.ts'
import { CALM } from './situations.ts'
import { DEFAULT_UNLOCK_MS } from './snapshot.ts'
import { changed, compiled, HOUR, NOON, pointOf } from './testing/compiled.ts'

const atDrugs = (site: Site, uid: string) =>
  decide(compiled(site), CALM, { device: 'cabinet-1', point: 'drawer-1', uid, at: NOON }).reason

describe('a compiled site', () => {
  test('knows each access point by reader, with what holds when the file says nothing', () => {
    const { points, revision } = compiled(smallSite())
    expect(revision).toBe(3)
    expect([...points.keys()]).toEqual(['cabinet-1/drawer-1', 'cabinet-1/drawer-2', 'door-1/door', 'door-2/door'])
    expect(points.get('cabinet-1/drawer-1')).toEqual({
      index: 0,
      accessPoint: 'drugs',
      zone: 'pharmacy',
      class: 'controlled-drugs',
      failureMode: 'secure',
      unlockMs: DEFAULT_UNLOCK_MS,
      lock: { device: 'cabinet-1', point: 'drawer-1' },
      interlocked: [],
      lockdownPlans: [],
      musters: [],
    })
  })

  test('sends the unlock to the lock where it hangs on another device', () => {
    const site = smallSite()
    site.accessPoints[0]!.lock = { device: 'door-2', point: 'door' }
    expect(compiled(site).points.get('cabinet-1/drawer-1')?.lock).toEqual({ device: 'door-2', point: 'door' })
  })

  test('holds no names and no ids of people', () => {
    const site = smallSite()
    const { badges } = compiled(site)
    const text = JSON.stringify([...badges.values()].map(b => [b.credential, b.holder.person]))
    for (const word of [...site.people.flatMap(p => [p.id, p.name]), ...site.badges.map(b => b.uid)])
      expect(text).not.toContain(word)
  })

  test('leaves out and counts badges that could not be journaled', () => {
    const site = smallSite()
    const snapshot = compile(site, 1, {
      person: new Map([['anna', 'p']]),
      badge: new Map([
        ['04AA0001', 'a'],
        ['04AA0002', 'b'],
      ]),
    })
    expect([...snapshot.badges.keys()]).toEqual(['04AA0001'])
    expect(snapshot.omittedBadges).toBe(5)
    expect(compiled(site).omittedBadges).toBe(0)
  })
})

describe('what does not fit together gives no right and does not throw', () => {
  const right = (rights: Site['roles'][number]['rights'], change: (site: Site) => void = () => undefined) => {
    const site = smallSite()
    site.roles[0]!.rights = rights
    change(site)
    return atDrugs(site, '04AA0001')
  }

  test.each([
    ['a role to the zone', [{ zone: 'ward', schedule: 'always' }], 'granted'],
    ['no target', [{ schedule: 'always' }], 'no-right'],
    ['two targets', [{ zone: 'ward', accessPoint: 'drugs', schedule: 'always' }], 'no-right'],
    ['an unknown zone', [{ zone: 'x', schedule: 'always' }], 'no-right'],
    ['an unknown access point', [{ accessPoint: 'x', schedule: 'always' }], 'no-right'],
    ['an unknown schedule', [{ zone: 'ward', schedule: 'x' }], 'no-right'],
    ['no class', [{ zone: 'ward', classes: [], schedule: 'always' }], 'no-right'],
    ['an access point of another class', [{ accessPoint: 'drugs', classes: ['door'], schedule: 'always' }], 'no-right'],
  ] as const)('%s', (_, rights, reason) => {
    expect(
      right(
        rights.map(r => ({
          ...r,
          ...('classes' in r && { classes: [...r.classes] }),
        })) as Site['roles'][number]['rights'],
      ),
    ).toBe(reason)
  })

  test('a cycle of zones ends', () => {
    const cycle = (site: Site) => {
      site.zones[0]!.parent = 'pharmacy'
    }
    expect(right([{ zone: 'ward', schedule: 'always' }], cycle)).toBe('granted')
    expect(right([{ zone: 'garden', schedule: 'always' }], cycle)).toBe('no-right')
  })

  test('an access point in no zone is out of reach of zones', () => {
    expect(
      right([{ zone: 'ward', schedule: 'always' }], site => {
        site.accessPoints[0]!.zone = 'nowhere'
      }),
    ).toBe('no-right')
  })

  test('a validity that is no date is never reached', () => {
    const site = smallSite()
    site.badges[0]!.validFrom = '2026-02-30T00:00:00Z'
    expect(atDrugs(site, '04AA0001')).toBe('badge-not-yet-valid')
    site.badges[0] = { ...site.badges[1]!, uid: '04AA0001', validFrom: '2026-01-01T00:00:00Z', validUntil: 'soon' }
    expect(atDrugs(site, '04AA0001')).toBe('badge-expired')
  })

  test('a status outside the list is a deny', () => {
    const site = smallSite()
    site.badges[0] = JSON.parse(JSON.stringify({ ...site.badges[0]!, status: 'ACTIVE' }))
    expect(atDrugs(site, '04AA0001')).toBe('badge-revoked')
  })
})

test('a zone tree 2,000 deep compiles and reaches from top to bottom', () => {
  const site = smallSite()
  site.zones = Array.from({ length: 2_000 }, (_, i) => ({
    id: `z-${i}`,
    name: 'Z',
    ...(i > 0 && { parent: `z-${i - 1}` }),
  }))
  site.accessPoints[0]!.zone = 'z-1999'
  site.roles[0]!.rights = [{ zone: 'z-0', schedule: 'always' }]
  expect(atDrugs(site, '04AA0001')).toBe('granted')
})

describe('around a point', () => {
  const snapshot = compiled(fullSite())

  test('stand its conditions, the other doors of its man-traps, and the readers that count people as safe', () => {
    expect(pointOf(snapshot, 'drugs').requires).toEqual({ pin: true, witness: { role: 'nurse', withinS: 30 } })
    expect(pointOf(snapshot, 'airlock-in').interlocked).toEqual(['airlock-out'])
    expect(pointOf(snapshot, 'garden-door').musters).toEqual(['fire'])
    expect(pointOf(snapshot, 'ward-door').musters).toEqual([])
  })

  test('of two man-traps stand the doors of both, once, and none that does not exist', () => {
    const site = changed(s => {
      s.interlocks!.push({ id: 'b', name: 'B', accessPoints: ['airlock-in', 'ward-door', 'airlock-out', 'gone'] })
    })
    expect(pointOf(compiled(site), 'airlock-in').interlocked).toEqual(['airlock-out', 'ward-door'])
  })

  test('stand the lockdown plans of its zones and of what it leads to, highest rank first', () => {
    const plansAt = (id: string) => pointOf(snapshot, id).lockdownPlans.map(p => p.plan)
    expect(plansAt('drugs')).toEqual(['pharmacy', 'ward'])
    expect(plansAt('ward-door')).toEqual(['ward'])
    expect(plansAt('garden-door')).toEqual([])
    expect(pointOf(snapshot, 'ward-door').lockdownPlans[0]).toEqual({
      plan: 'ward',
      rank: 2,
      allow: new Set(['night-nurse']),
    })
    const site = changed(s => {
      s.accessPoints[3]!.passage = { from: 'garden', to: 'ward' }
      s.lockdownPlans![1]!.rank = 2
    })
    expect(pointOf(compiled(site), 'garden-door').lockdownPlans.map(p => p.plan)).toEqual(['ward'])
    expect(pointOf(compiled(site), 'drugs').lockdownPlans.map(p => p.plan)).toEqual(['pharmacy', 'ward'])
  })

  test('that is gone through stand the areas it enters and leaves, innermost first', () => {
    const ward = { zone: 'ward', within: new Set(['ward', 'pharmacy']), antiPassback: { mode: 'timed', ms: 600_000 } }
    const pharmacy = { zone: 'pharmacy', within: new Set(['pharmacy']), occupancyLimit: 2 }
    expect(pointOf(snapshot, 'ward-door').passage).toEqual({ from: 'garden', to: 'ward', enters: [ward], leaves: [] })
    expect(pointOf(snapshot, 'airlock-in').passage).toMatchObject({ enters: [pharmacy], leaves: [] })
    expect(pointOf(snapshot, 'airlock-out').passage).toMatchObject({ enters: [], leaves: [pharmacy] })
    const site = changed(s => {
      s.zones[0]!.antiPassback = { mode: 'hard' }
      s.accessPoints[2]!.passage = { from: 'garden', to: 'pharmacy' }
    })
    expect(pointOf(compiled(site), 'ward-door').passage?.enters).toEqual([
      pharmacy,
      { ...ward, antiPassback: { mode: 'hard', ms: 0 } },
    ])
  })
})

describe('house rules', () => {
  test('have defaults', () => {
    expect(compiled(smallSite()).policy).toEqual({
      breakGlassMs: 900_000,
      breakGlassPerDay: 3,
      reviewMs: 72 * HOUR,
      pinTries: 3,
      pinSlowDownMs: 30_000,
    })
  })

  test('are those of the site', () => {
    const site = changed(s => {
      s.site.policy = {
        breakGlass: { minutes: 1, perPersonPerDay: 5, reviewWithinHours: 24 },
        pin: { tries: 10, slowDownS: 5 },
      }
    })
    expect(compiled(site).policy).toEqual({
      breakGlassMs: 60_000,
      breakGlassPerDay: 5,
      reviewMs: 24 * HOUR,
      pinTries: 10,
      pinSlowDownMs: 5_000,
    })
  })
})
