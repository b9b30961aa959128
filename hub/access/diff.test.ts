import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullSite, smallSite } from '../test/small-site.ts'
import { countChanges, diffSite } from './diff.ts'
import type { Site } from './site.ts'

function changesAfter(change: (site: Site) => void) {
  const site = smallSite()
  change(site)
  return diffSite(smallSite(), site)
}

/** The same value with every list and every object in an order drawn from `random`. */
function shuffled(value: unknown, random: () => number): unknown {
  const mix = <T>(items: T[]): T[] =>
    items
      .map(item => [random(), item] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, item]) => item)
  if (Array.isArray(value)) return mix(value.map(v => shuffled(v, random)))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(mix(Object.entries(value)).map(([k, v]) => [k, shuffled(v, random)]))
}

describe('applying a site', () => {
  test('twice changes nothing', () => {
    expect(diffSite(smallSite(), smallSite())).toEqual([])
  })

  test('with lists and fields in any other order changes nothing', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), numbers => {
        const other = shuffled(fullSite(), () => numbers.next().value) as Site
        expect(diffSite(fullSite(), other)).toEqual([])
      }),
    )
  })

  test('for the first time adds everything, in the order things depend on each other', () => {
    const changes = diffSite(undefined, smallSite())
    expect(changes.every(c => c.change === 'added')).toBe(true)
    expect([...new Set(changes.map(c => c.kind))]).toEqual([
      'site',
      'zone',
      'schedule',
      'device',
      'accessPoint',
      'role',
      'person',
      'badge',
    ])
    expect(countChanges(changes)).toEqual({ added: 1 + 3 + 3 + 3 + 4 + 3 + 3 + 6, changed: 0, removed: 0 })
  })

  test.each([
    [
      'a new badge',
      (s: Site) => {
        s.badges.push({ uid: '04AA0009', person: 'anna', status: 'active' })
      },
      { kind: 'badge', id: '04AA0009', change: 'added' },
    ],
    [
      'a badge declared lost',
      (s: Site) => {
        s.badges[0]!.status = 'lost'
      },
      { kind: 'badge', id: '04AA0001', change: 'changed', fields: ['status'] },
    ],
    [
      'a role with one right less',
      (s: Site) => {
        s.roles[0]!.rights.pop()
      },
      { kind: 'role', id: 'nurse', change: 'changed', fields: ['rights'] },
    ],
    [
      'a person withdrawn',
      (s: Site) => {
        s.people.pop()
      },
      { kind: 'person', id: 'cleo', change: 'removed' },
    ],
    [
      'a contract without end',
      (s: Site) => {
        delete s.people[2]!.validUntil
      },
      { kind: 'person', id: 'cleo', change: 'changed', fields: ['validUntil'] },
    ],
    [
      'a door renamed and moved',
      (s: Site) => {
        Object.assign(s.accessPoints[2]!, { name: 'Door', zone: 'garden' })
      },
      { kind: 'accessPoint', id: 'ward-door', change: 'changed', fields: ['name', 'zone'] },
    ],
    [
      'another time zone',
      (s: Site) => {
        s.site.timeZone = 'UTC'
      },
      { kind: 'site', id: 'test', change: 'changed', fields: ['timeZone'] },
    ],
    [
      'other hours',
      (s: Site) => {
        s.schedules[1]!.weekly[0]!.to = '20:00'
      },
      { kind: 'schedule', id: 'day', change: 'changed', fields: ['weekly'] },
    ],
    [
      'a device of another model',
      (s: Site) => {
        s.devices[2]!.model = 'pir'
      },
      { kind: 'device', id: 'door-2', change: 'changed', fields: ['model'] },
    ],
    [
      'a zone moved on the plan',
      (s: Site) => {
        s.zones[2]!.plan = { x: 1, y: 1, width: 1, height: 1, kind: 'outdoor' }
      },
      { kind: 'zone', id: 'garden', change: 'changed', fields: ['plan'] },
    ],
    [
      'another site id',
      (s: Site) => {
        s.site.id = 'other'
      },
      { kind: 'site', id: 'other', change: 'changed', fields: ['id'] },
    ],
  ] as const)('shows %s and nothing else', (_, change, expected) => {
    expect(changesAfter(change)).toEqual([expected])
  })

  test.each([
    [
      'a holiday more',
      (s: Site) => {
        s.calendars![0]!.days.push({ date: '--01-01' })
      },
      { kind: 'calendar', id: 'holidays', change: 'changed', fields: ['days'] },
    ],
    [
      'a man-trap withdrawn',
      (s: Site) => {
        s.interlocks = []
      },
      { kind: 'interlock', id: 'airlock', change: 'removed' },
    ],
    [
      'the list of man-traps left out',
      (s: Site) => {
        delete s.interlocks
      },
      { kind: 'interlock', id: 'airlock', change: 'removed' },
    ],
    [
      'a lockdown that lasts longer',
      (s: Site) => {
        s.lockdownPlans![0]!.revertAfterMinutes = 90
      },
      { kind: 'lockdownPlan', id: 'ward', change: 'changed', fields: ['revertAfterMinutes'] },
    ],
    [
      'a new evacuation plan',
      (s: Site) => {
        s.evacuationPlans!.push({ ...s.evacuationPlans![0]!, id: 'flood' })
      },
      { kind: 'evacuationPlan', id: 'flood', change: 'added' },
    ],
    [
      'other house rules',
      (s: Site) => {
        s.site.policy = { ...s.site.policy, pin: { tries: 5 } }
      },
      { kind: 'site', id: 'test', change: 'changed', fields: ['policy'] },
    ],
    [
      'a role that inherits no more',
      (s: Site) => {
        delete s.roles[3]!.inherits
      },
      { kind: 'role', id: 'head-nurse', change: 'changed', fields: ['inherits'] },
    ],
    [
      'special days',
      (s: Site) => {
        delete s.schedules[1]!.specialDays
      },
      { kind: 'schedule', id: 'day', change: 'changed', fields: ['specialDays'] },
    ],
  ] as const)('of every kind shows %s and nothing else', (_, change, expected) => {
    const site = fullSite()
    change(site)
    expect(diffSite(fullSite(), site)).toEqual([expected])
  })

  test('of every kind for the first time adds calendars before schedules and plans last', () => {
    const kinds = new Set(diffSite(undefined, fullSite()).map(c => c.kind))
    expect([...kinds].join()).toBe(
      'site,calendar,zone,schedule,device,accessPoint,role,person,badge,interlock,lockdownPlan,evacuationPlan,scenario,rota,escalation',
    )
  })

  test('with its special days in another order is a change: the first calendar counts', () => {
    const both = (...calendars: string[]) => {
      const site = fullSite()
      site.schedules[1]!.specialDays = calendars.map(calendar => ({ calendar, hours: [] }))
      return site
    }
    expect(diffSite(both('a', 'b'), both('b', 'a'))).toEqual([
      { kind: 'schedule', id: 'day', change: 'changed', fields: ['specialDays'] },
    ])
    expect(diffSite(both('a', 'b'), both('a', 'b'))).toEqual([])
  })

  test('that names a site id for the first time adds nothing else', () => {
    const nameless = smallSite()
    delete nameless.site.id
    expect(diffSite(nameless, smallSite())).toEqual([])
    expect(diffSite(undefined, nameless)[0]).toEqual({ kind: 'site', id: 'site', change: 'added' })
  })

  test('that names no site id keeps the one there is', () => {
    expect(
      changesAfter(s => {
        delete s.site.id
      }),
    ).toEqual([])
  })

  test('lists changes by kind, then by id', () => {
    const changes = changesAfter(s => {
      s.badges = []
      s.zones.push({ id: 'attic', name: 'Attic' })
      s.zones[0]!.name = 'Ward 1'
    })
    expect(changes.map(c => `${c.change} ${c.kind} ${c.id}`)).toEqual([
      'added zone attic',
      'changed zone ward',
      ...[1, 2, 3, 4, 5, 6].map(n => `removed badge 04AA000${n}`),
    ])
  })
})
