import { describe, expect, test } from 'vitest'
import { fullSite } from '../test/small-site.ts'
import { EXPECTED } from './expected.ts'
import { said } from './french.ts'
import { grantHours, grantProblem } from './grant-check.ts'
import type { Grant } from './grants.ts'
import type { Site } from './site.ts'

const NOW = Date.parse('2026-07-01T12:00:00+02:00')
const HOUR = 3_600_000
const DAY = 24 * HOUR

const GRANT: Grant = {
  id: 'g-0000000000000001',
  person: 'anna',
  target: { accessPoint: 'drugs' },
  from: NOW,
  until: NOW + HOUR,
  origin: 'loan',
  by: 'cli:test',
}
const problemOf = (change: Partial<Grant>, edit: (site: Site) => void = () => undefined) => {
  const site = fullSite()
  edit(site)
  return grantProblem({ ...GRANT, ...change }, site, NOW)
}
const lasting = (hours: number) => ({ until: NOW + hours * HOUR })

describe('a grant is refused', () => {
  test.each([
    ['to nobody', { person: 'nobody' }, '/person', EXPECTED.person],
    ['for no known reason', { origin: 'whim' as Grant['origin'] }, '/origin', EXPECTED.origin],
    ['to an unknown point', { target: { accessPoint: 'nothing' } }, '/accessPoint', EXPECTED.accessPoint],
    ['to an unknown zone', { target: { zone: 'nowhere' } }, '/zone', EXPECTED.zone],
    ['to a zone and a point', { target: { zone: 'ward', accessPoint: 'drugs' } }, '/zone', EXPECTED.oneScope],
    ['to an empty target', { target: {} }, '/accessPoint', EXPECTED.oneScope],
    [
      'to a point of another class',
      { target: { accessPoint: 'drugs', classes: ['door'] as const } },
      '/classes',
      EXPECTED.ownClass,
    ],
    ['to a class nothing has', { target: { classes: ['records'] as const } }, '/classes', EXPECTED.covered],
    [
      'to a zone that has no such thing',
      { target: { zone: 'garden', classes: ['records'] as const } },
      '/zone',
      EXPECTED.covered,
    ],
    ['from no time', { from: Number.NaN }, '/from', EXPECTED.instant],
    ['until no time', { until: Number.POSITIVE_INFINITY }, '/until', EXPECTED.instant],
    ['from six minutes ago', { from: NOW - 6 * 60_000 }, '/from', EXPECTED.notPast],
    ['that ends before it begins', { until: NOW - 1 }, '/until', EXPECTED.afterFrom],
    ['that ends as it begins', { until: NOW }, '/until', EXPECTED.afterFrom],
    ['far ahead', { from: NOW + 400 * DAY, until: NOW + 400 * DAY + 1 }, '/until', EXPECTED.farAhead],
    [
      'longer than its class allows',
      { until: NOW + 12 * HOUR + 1 },
      '/until',
      'at most 12 h after from: the class controlled-drugs allows no more',
    ],
    [
      'to a zone, longer than the strictest class in it allows',
      { target: { zone: 'ward' }, ...lasting(13) },
      '/until',
      'at most 12 h after from: the class controlled-drugs allows no more',
    ],
    [
      'to classes, longer than the house rule for one of them',
      { target: { classes: ['door', 'medicines'] as const }, ...lasting(13) },
      '/until',
      'at most 12 h after from: the class medicines allows no more',
    ],
    [
      'to a shift longer than a day',
      { origin: 'shift' as const, target: { accessPoint: 'ward-door' }, ...lasting(25) },
      '/until',
      EXPECTED.shiftHours,
    ],
  ])('%s', (_, change, pointer, expected) => {
    expect(problemOf(change as Partial<Grant>)).toEqual({ pointer, expected })
    expect(said(expected).fr).not.toBe(expected)
  })

  test('for the strictest class of all it covers', () => {
    const edit = (site: Site) => {
      site.site.policy = { grantHours: { door: 2 } }
    }
    expect(problemOf({ target: { zone: 'ward' }, ...lasting(13) }, edit)?.expected).toBe(
      'at most 2 h after from: the class door allows no more',
    )
  })

  test('without a target, unless it is a shift', () => {
    const { target: _, ...bare } = GRANT
    expect(grantProblem(bare, fullSite(), NOW)).toEqual({ pointer: '/accessPoint', expected: EXPECTED.target })
    expect(grantProblem({ ...bare, origin: 'shift', ...lasting(24) }, fullSite(), NOW)).toBeUndefined()
    expect(grantProblem({ ...bare, origin: 'shift', ...lasting(25) }, fullSite(), NOW)).toEqual({
      pointer: '/until',
      expected: EXPECTED.shiftHours,
    })
  })
})

describe('a grant may be', () => {
  test.each([
    ['for as long as its class allows', lasting(12)],
    ['entered five minutes late', { from: NOW - 5 * 60_000, ...lasting(1) }],
    ['for a door, for a year', { target: { accessPoint: 'garden-door' }, ...lasting(8_760) }],
    ['for next year', { from: NOW + 399 * DAY, until: NOW + 399 * DAY + HOUR }],
    ['for a zone', { target: { zone: 'pharmacy' } }],
    ['for classes in a zone', { target: { zone: 'ward', classes: ['door' as const] }, ...lasting(100) }],
  ])('%s', (_, change) => {
    expect(problemOf(change)).toBeUndefined()
  })

  test('longer where the house rules say so', () => {
    const edit = (site: Site) => {
      site.site.policy = { grantHours: { 'controlled-drugs': 48 } }
    }
    expect(problemOf(lasting(48), edit)).toBeUndefined()
    expect(problemOf(lasting(49), edit)?.expected).toContain('at most 48 h')
    expect(grantHours('door', fullSite())).toBe(8_760)
  })
})

test('what a class allows is told in French too', () => {
  expect(said('at most 12 h after from: the class controlled-drugs allows no more').fr).toBe(
    '12\u00a0h après from au plus\u202f: la classe controlled-drugs ne permet pas davantage',
  )
})
