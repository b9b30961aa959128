/** What the checks of scenarios ask for, one fault at a time. */
import { describe, expect, test } from 'vitest'
import { SHIPPED } from '../rules/shipped-scenarios.ts'
import { fullSite } from '../test/small-site.ts'
import { EXPECTED } from './expected.ts'
import { isItem, itemMisfit } from './site-shape.ts'
import { ofScenarios } from './validate-scenarios.ts'

type Scenarios = NonNullable<ReturnType<typeof fullSite>['scenarios']>
const begins = { kinds: ['point.forced'] } satisfies { kinds: string[] }
const alert = { do: 'alert', kind: 'other', severity: 'info' } as const
const plain = { id: 's', name: 'S', when: { begins }, acts: [alert] } as const

const found = (...scenarios: readonly object[]): readonly [string, string][] =>
  [...ofScenarios({ ...fullSite(), scenarios: scenarios as Scenarios })].map(p => [p.pointer, p.expected])

describe('scenarios of a site', () => {
  test('those of the full site, and every one that ships, are in order', () => {
    expect([...ofScenarios(fullSite())]).toEqual([])
    expect(found(...SHIPPED)).toEqual([])
    for (const scenario of SHIPPED) {
      const asFile = JSON.parse(JSON.stringify(scenario)) as object
      expect([scenario.id, isItem('scenario', scenario.id, asFile)]).toEqual([scenario.id, true])
    }
  })

  test.each<readonly [string, object, string, string]>([
    ['a zone that is not there', { where: { zones: ['attic'] } }, '/where/zones/0', EXPECTED.zone],
    ['a zone twice', { where: { zones: ['ward', 'ward'] } }, '/where/zones/1', EXPECTED.unused],
    ['a device that is not there', { where: { devices: ['ghost'] } }, '/where/devices/0', EXPECTED.device],
    ['a schedule that is not there', { if: [{ schedule: 'x', open: true }] }, '/if/0/schedule', EXPECTED.schedule],
    ['no bound', { when: { begins: { quantity: 'illuminance' } } }, '/when/begins', EXPECTED.bounds],
    [
      'bounds that leave no room',
      { when: { begins, ends: { quantity: 'heat', above: 3, below: 3 } } },
      '/when/ends',
      EXPECTED.bounds,
    ],
    ['a condition without a bound', { if: [{ quantity: 'illuminance' }] }, '/if/0', EXPECTED.bounds],
    [
      'a time of day that arms nowhere',
      { when: { at: '21:00' }, acts: [{ do: 'arm', armed: true }] },
      '/where/zones',
      EXPECTED.clockZones,
    ],
    [
      'a time of day that asks about no place',
      { when: { at: '21:00' }, if: [{ occupied: true }] },
      '/where/zones',
      EXPECTED.clockZones,
    ],
    [
      'a time of day of a class',
      { when: { at: '21:00' }, where: { zones: ['ward'], classes: ['door'] } },
      '/where/classes',
      EXPECTED.clockOnlyZones,
    ],
    [
      'a time of day of a device',
      { when: { at: '21:00' }, where: { zones: ['ward'], devices: ['door-1'] } },
      '/where/devices',
      EXPECTED.clockOnlyZones,
    ],
    [
      'a time of day of the doors that are access points',
      { when: { at: '21:00' }, where: { zones: ['ward'], accessPoints: true } },
      '/where/accessPoints',
      EXPECTED.clockOnlyZones,
    ],
    ['the same act twice', { acts: [alert, alert] }, '/acts/1/do', EXPECTED.oneAct],
    [
      'a brightness of darkness',
      { acts: [{ do: 'light', on: false, brightness: 5 }] },
      '/acts/0/brightness',
      EXPECTED.noBrightness,
    ],
    ['a lockdown plan that is not there', { acts: [{ do: 'lockdown', plan: 'ghost' }] }, '/acts/0/plan', EXPECTED.plan],
    ['a sunset where the site is nowhere', { when: { sun: 'sunset' } }, '/when/sun', EXPECTED.position],
    [
      'a time of day that calls locks back nowhere',
      { when: { at: '21:00' }, acts: [{ do: 'lock' }] },
      '/where/zones',
      EXPECTED.clockZones,
    ],
    ['a panel that disarms itself', { acts: [{ do: 'arm', armed: false }] }, '/acts/0/armed', EXPECTED.disarms],
    [
      'a sensor that disarms',
      { when: { begins: { quantity: 'occupancy', above: 0 } }, acts: [{ do: 'arm', armed: false }] },
      '/acts/0/armed',
      EXPECTED.disarms,
    ],
  ])('%s', (_, fault, pointer, expected) => {
    expect(found({ ...plain, ...fault })).toEqual([[`/scenarios/0${pointer}`, expected]])
  })

  test('a lockdown of the site, and its sunset, are in order', () => {
    const site = fullSite()
    site.site.position = { latitude: 48.8, longitude: 2.3 }
    const when = { sun: 'sunset', offsetMinutes: 15 } as const
    site.scenarios = [{ ...plain, when, acts: [{ do: 'lockdown', plan: 'ward' }] }]
    expect([...ofScenarios(site)]).toEqual([])
    const { lockdownPlans: _, ...without } = site
    expect([...ofScenarios(without)]).toHaveLength(1)
  })

  test('two with the same id', () => {
    expect(found(plain, plain)).toEqual([['/scenarios/1/id', EXPECTED.unused]])
  })

  test.each([
    ['hours of the house', { when: { at: '06:00' }, where: { zones: ['ward'] } }],
    ['a badge that was let in', { when: { begins: { kinds: ['access.granted'] } } }],
  ])('%s may disarm', (_, more) => {
    expect(found({ ...plain, ...more, acts: [{ do: 'arm', armed: false }] })).toEqual([])
  })

  test.each<readonly [object]>([
    [{ when: { begins: { kinds: ['nonsense'] } } }],
    [{ when: { begins: { kinds: [] } } }],
    [{ when: { begins: { quantity: 'heat', above: Number.NaN } } }],
    [{ when: { begins: { quantity: 'heat', above: 1e12 } } }],
    [{ when: { at: '24:00' } }],
    [{ when: { at: '7:00' } }],
    [{ when: { begins, forMs: 86_400_001 } }],
    [{ when: { begins, forMs: -1 } }],
    [{ when: {} }],
    [{ acts: [] }],
    [{ acts: [{ do: 'unlock' }] }],
    [{ acts: [{ do: 'lockdown' }] }],
    [{ acts: [{ do: 'siren', seconds: 181 }] }],
    [{ when: { sun: 'noon' } }],
    [{ when: { sun: 'sunset', offsetMinutes: 241 } }],
    [{ if: [{}] }],
    [{ enabled: 'yes' }],
    [{ unknown: true }],
  ])('no scenario: %j', fault => {
    const value = { ...plain, ...fault }
    expect(isItem('scenario', 's', value)).toBe(false)
    expect(itemMisfit('scenario', value).expected).not.toBe('')
  })
})
