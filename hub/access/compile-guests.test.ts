import { describe, expect, test } from 'vitest'
import { fullSite } from '../test/small-site.ts'
import type { Grant } from './grants.ts'
import type { Badge } from './site.ts'
import { changed, compiled, HOUR, NOON } from './testing/compiled.ts'

describe('the badge of a guest', () => {
  const endOf = (
    kind: 'staff' | 'visitor' | 'contractor',
    badge: Partial<Badge>,
    validFrom?: string,
    timeZone?: string,
  ) => {
    const site = changed(s => {
      s.people = [{ id: 'emil', name: 'Emil', roles: [], kind, ...(validFrom && { validFrom }) }]
      s.badges = [{ uid: '04AA0008', person: 'emil', status: 'active', ...badge }]
      s.site.timeZone = timeZone ?? 'Europe/Paris'
    })
    return compiled(site).badges.get('04AA0008')!.validity.until
  }
  const JULY = '2026-07-01T08:00:00+02:00'
  const MIDNIGHT = Date.parse('2026-07-02T00:00:00+02:00')

  test.each([
    ['ends with the day it begins', 'visitor', { validFrom: JULY }, undefined, MIDNIGHT],
    ['of a contractor too', 'contractor', { validFrom: JULY }, undefined, MIDNIGHT],
    ['or with the day the guest comes', 'visitor', {}, JULY, MIDNIGHT],
    ['its own day before the guest’s', 'visitor', { validFrom: JULY }, '2026-06-01T00:00Z', MIDNIGHT],
    [
      'late in the evening of UTC it is another day',
      'visitor',
      { validFrom: '2026-06-30T22:00Z' },
      undefined,
      MIDNIGHT,
    ],
    ['ends as it says', 'visitor', { validUntil: '2026-08-01T00:00Z' }, JULY, Date.parse('2026-08-01T00:00Z')],
    ['staff’s does not end', 'staff', { validFrom: JULY }, undefined, Number.POSITIVE_INFINITY],
    ['without any day it is never valid', 'visitor', {}, undefined, Number.NaN],
    ['nor with one that does not exist', 'visitor', { validFrom: '2026-02-30T00:00Z' }, undefined, Number.NaN],
  ] as const)('%s', (_, kind, badge, validFrom, until) => {
    expect(endOf(kind, badge, validFrom)).toBe(until)
  })

  test('in a time zone that does not exist it is never valid', () => {
    expect(endOf('visitor', { validFrom: JULY }, undefined, 'Mars/Olympus')).toBeNaN()
  })
})

describe('temporary grants', () => {
  const grant = (id: string, more: Partial<Grant> = {}): Grant => ({
    id,
    person: 'anna',
    target: { accessPoint: 'drugs' },
    from: NOON,
    until: NOON + HOUR,
    origin: 'loan',
    by: 'cli:test',
    ...more,
  })

  /** Index -> what the class of the drawer allows; the house allows less for medicines than their class does. */
  const DRAWERS = new Map([
    [0, 12 * HOUR],
    [1, 12 * HOUR],
  ])

  test('stand under the pseudonym of their holder, by their beginning', () => {
    const { grants } = compiled(fullSite(), [
      grant('g-c', { from: NOON + 1, reference: 'rx-1', origin: 'prescription' }),
      grant('g-b', { target: { zone: 'pharmacy', classes: ['medicines', 'controlled-drugs'] } }),
      grant('g-a'),
      { id: 'g-d', person: 'bela', from: NOON, until: NOON + HOUR, origin: 'shift', by: 'cli:test' },
    ])
    expect([...grants.keys()]).toEqual(['person-0', 'person-1'])
    expect(grants.get('person-0')).toEqual([
      { id: 'g-a', origin: 'loan', from: NOON, until: NOON + HOUR, points: new Map([[0, 12 * HOUR]]) },
      { id: 'g-b', origin: 'loan', from: NOON, until: NOON + HOUR, points: DRAWERS },
      {
        id: 'g-c',
        origin: 'prescription',
        from: NOON + 1,
        until: NOON + HOUR,
        points: new Map([[0, 12 * HOUR]]),
        reference: 'rx-1',
      },
    ])
    expect(grants.get('person-1')![0]!.points.size).toBe(0)
  })

  test('for the same place share one map of points', () => {
    const { grants } = compiled(fullSite(), [grant('g-a'), grant('g-b', { person: 'bela' })])
    expect(grants.get('person-0')![0]!.points).toBe(grants.get('person-1')![0]!.points)
  })

  test('are kept for a day after they ended', () => {
    const kept = (now: number) => compiled(fullSite(), [grant('g-a')], now).grants.size
    expect(kept(NOON + 25 * HOUR - 1)).toBe(1)
    expect(kept(NOON + 25 * HOUR)).toBe(0)
  })

  test('of somebody unknown, and to a place that does not exist, open nothing', () => {
    const { grants } = compiled(fullSite(), [
      grant('g-a', { person: 'nobody' }),
      grant('g-b', { target: { zone: 'gone' } }),
      grant('g-c', { target: { zone: 'ward', accessPoint: 'drugs' } }),
    ])
    expect([...grants.values()].flat().map(g => [g.id, g.points.size])).toEqual([
      ['g-b', 0],
      ['g-c', 0],
    ])
  })
})
