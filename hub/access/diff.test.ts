import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { smallSite } from '../test/small-site.ts'
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
        const other = shuffled(smallSite(), () => numbers.next().value) as Site
        expect(diffSite(smallSite(), other)).toEqual([])
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
