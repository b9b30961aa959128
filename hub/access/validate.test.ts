import { describe, expect, test } from 'vitest'
import { knows, smallSite } from '../test/small-site.ts'
import type { Site } from './site.ts'
import { validate } from './validate.ts'

/** The problems of the small site after one change. */
function problemsAfter(change: (site: Site) => void) {
  const site = smallSite()
  change(site)
  return validate(site, knows)
}
const pointers = (change: (site: Site) => void) => problemsAfter(change).map(p => p.pointer)

test('the small site has no problem', () => {
  expect(validate(smallSite(), knows)).toEqual([])
})

describe('names the place of', () => {
  const cases: readonly (readonly [string, string, (site: Site) => void])[] = [
    [
      'a time zone that does not exist',
      '/site/timeZone',
      s => {
        s.site.timeZone = 'Europe/Lutece'
      },
    ],
    [
      'a zone id used twice',
      '/zones/3/id',
      s => {
        s.zones.push({ ...s.zones[0]! })
      },
    ],
    [
      'an unknown parent',
      '/zones/1/parent',
      s => {
        s.zones[1]!.parent = 'nowhere'
      },
    ],
    [
      'a zone that is its own parent',
      '/zones/2/parent',
      s => {
        s.zones[2]!.parent = 'garden'
      },
    ],
    [
      'a schedule id used twice',
      '/schedules/3/id',
      s => {
        s.schedules.push({ id: 'day', name: 'Again', weekly: [] })
      },
    ],
    [
      'a window from 24:00',
      '/schedules/1/weekly/0/from',
      s => {
        s.schedules[1]!.weekly[0]!.from = '24:00'
      },
    ],
    [
      'windows that overlap',
      '/schedules/1/weekly/1',
      s => {
        s.schedules[1]!.weekly.push({ days: ['fri'], from: '18:59', to: '20:00' })
      },
    ],
    [
      'a window inside another',
      '/schedules/1/weekly/1',
      s => {
        s.schedules[1]!.weekly.push({ days: ['tue'], from: '08:00', to: '09:00' })
      },
    ],
    [
      'a night that runs into the next morning',
      '/schedules/2/weekly/1',
      s => {
        s.schedules[2]!.weekly.push({ days: ['thu'], from: '06:59', to: '08:00' })
      },
    ],
    [
      'a Sunday night that runs into Monday',
      '/schedules/1/weekly/1',
      s => {
        s.schedules[1]!.weekly.push({ days: ['sun'], from: '22:00', to: '07:01' })
      },
    ],
    [
      'a day named twice',
      '/schedules/1/weekly/0',
      s => {
        s.schedules[1]!.weekly[0]!.days.push('mon')
      },
    ],
    [
      'a device id used twice',
      '/devices/3/id',
      s => {
        s.devices.push({ ...s.devices[1]! })
      },
    ],
    [
      'an unknown model',
      '/devices/1/model',
      s => {
        s.devices[1]!.model = 'toaster'
      },
    ],
    [
      'a device in no zone',
      '/devices/1/zone',
      s => {
        s.devices[1]!.zone = 'nowhere'
      },
    ],
    [
      'an access point id used twice',
      '/accessPoints/4/id',
      s => {
        s.accessPoints.push({ ...s.accessPoints[0]!, point: 'drawer-3' })
      },
    ],
    [
      'a reader used twice',
      '/accessPoints/1/point',
      s => {
        s.accessPoints[1]!.point = 'drawer-1'
      },
    ],
    [
      'an access point in no zone',
      '/accessPoints/0/zone',
      s => {
        s.accessPoints[0]!.zone = 'nowhere'
      },
    ],
    [
      'an access point on no device',
      '/accessPoints/0/device',
      s => {
        s.accessPoints[0]!.device = 'nothing'
      },
    ],
    [
      'a drawer the cabinet does not have',
      '/accessPoints/0/point',
      s => {
        s.accessPoints[0]!.point = 'drawer-17'
      },
    ],
    [
      'a point without a lock',
      '/accessPoints/2/lock/point',
      s => {
        s.devices.push({ id: 'lamp-1', model: 'light', name: 'Lamp', zone: 'ward' })
        s.accessPoints[2]!.lock = { device: 'lamp-1', point: 'lamp' }
      },
    ],
    [
      'a reader that reads no badges',
      '/accessPoints/2/point',
      s => {
        s.devices.push({ id: 'lamp-1', model: 'light', name: 'Lamp', zone: 'ward' })
        s.accessPoints[2] = {
          ...s.accessPoints[2]!,
          device: 'lamp-1',
          point: 'lamp',
          lock: { device: 'door-1', point: 'door' },
        }
      },
    ],
    [
      'a lock on no device',
      '/accessPoints/2/lock/device',
      s => {
        s.accessPoints[2]!.lock = { device: 'nothing', point: 'door' }
      },
    ],
    [
      'drugs that would open without a journal',
      '/accessPoints/0/failureMode',
      s => {
        s.accessPoints[0]!.failureMode = 'open-with-alarm'
      },
    ],
    [
      'an escape door that would lock people in',
      '/accessPoints/3/failureMode',
      s => {
        s.accessPoints[3]!.class = 'escape-door'
      },
    ],
    [
      'a crash cart that would stay shut',
      '/accessPoints/3/failureMode',
      s => {
        s.accessPoints[3]!.class = 'crash-cart'
      },
    ],
    [
      'a role id used twice',
      '/roles/3/id',
      s => {
        s.roles.push({ id: 'nurse', name: 'Again', rights: [] })
      },
    ],
    [
      'a right to nothing',
      '/roles/2/rights/0',
      s => {
        delete s.roles[2]!.rights[0]!.zone
      },
    ],
    [
      'a right to a zone and a point at once',
      '/roles/2/rights/0',
      s => {
        s.roles[2]!.rights[0]!.accessPoint = 'drugs'
      },
    ],
    [
      'a right to an unknown zone',
      '/roles/2/rights/0/zone',
      s => {
        s.roles[2]!.rights[0]!.zone = 'nowhere'
      },
    ],
    [
      'a right to an unknown access point',
      '/roles/0/rights/1/accessPoint',
      s => {
        s.roles[0]!.rights[1]!.accessPoint = 'nothing'
      },
    ],
    [
      'a right in an unknown schedule',
      '/roles/0/rights/1/schedule',
      s => {
        s.roles[0]!.rights[1]!.schedule = 'never'
      },
    ],
    [
      'a person id used twice',
      '/people/3/id',
      s => {
        s.people.push({ ...s.people[0]! })
      },
    ],
    [
      'an unknown role',
      '/people/1/roles/1',
      s => {
        s.people[1]!.roles[1] = 'doctor'
      },
    ],
    [
      'a contract that ends before it begins',
      '/people/2/validUntil',
      s => {
        s.people[2]!.validUntil = '2026-02-01T00:00:00Z'
      },
    ],
    [
      'a contract that ends as it begins, in another zone',
      '/people/2/validUntil',
      s => {
        s.people[2]!.validUntil = '2026-03-01T01:00:00+01:00'
      },
    ],
    [
      '30 February',
      '/people/2/validFrom',
      s => {
        s.people[2]!.validFrom = '2026-02-30T00:00:00Z'
      },
    ],
    [
      'a uid used twice',
      '/badges/6/uid',
      s => {
        s.badges.push({ ...s.badges[0]! })
      },
    ],
    [
      'a badge of nobody',
      '/badges/0/person',
      s => {
        s.badges[0]!.person = 'nobody'
      },
    ],
    [
      '31 November',
      '/badges/1/validUntil',
      s => {
        s.badges[1]!.validUntil = '2026-11-31T00:00:00Z'
      },
    ],
  ]

  test.each(cases)('%s: %s', (_, pointer, change) => {
    expect(pointers(change)).toEqual([pointer])
  })

  test('each window that overlaps the longest one before it, not only the nearest', () => {
    expect(
      pointers(s => {
        s.schedules[1]!.weekly.push(
          { days: ['tue'], from: '08:00', to: '09:00' },
          { days: ['tue'], from: '10:00', to: '11:00' },
        )
      }),
    ).toEqual(['/schedules/1/weekly/1', '/schedules/1/weekly/2'])
  })

  test('every zone of a cycle, and none that only hangs below it', () => {
    expect(
      pointers(s => {
        s.zones[0]!.parent = 'pharmacy'
        s.zones[2]!.parent = 'ward'
      }),
    ).toEqual(['/zones/0/parent', '/zones/1/parent'])
  })
})

describe('accepts', () => {
  const cases: readonly (readonly [string, (site: Site) => void])[] = [
    [
      'windows that touch, over midnight and over Sunday night too',
      s => {
        s.schedules[2]!.weekly.push({ days: ['mon', 'sun'], from: '07:00', to: '22:00' })
      },
    ],
    [
      'a fixed class that repeats its own failure mode',
      s => {
        s.accessPoints[0]!.failureMode = 'secure'
      },
    ],
    [
      'two readers, one on each side, for one lock',
      s => {
        s.accessPoints[3]!.lock = { device: 'door-1', point: 'door' }
      },
    ],
    [
      'a validity with one end only',
      s => {
        delete s.people[2]!.validUntil
      },
    ],
    [
      'zones 50 deep',
      s => {
        s.zones.push(
          ...Array.from({ length: 50 }, (_, i) => ({
            id: `z-${i}`,
            name: 'Z',
            parent: i === 0 ? 'ward' : `z-${i - 1}`,
          })),
        )
      },
    ],
    [
      '__proto__-like ids nowhere special',
      s => {
        s.zones.push({ id: 'constructor', name: 'C', parent: 'ward' })
      },
    ],
  ]
  test.each(cases)('%s', (_, change) => {
    expect(problemsAfter(change)).toEqual([])
  })
})

test('says of a drawer the cabinet does not have what is missing', () => {
  const site = smallSite()
  site.accessPoints[0]!.point = 'drawer-17'
  const pointer = '/accessPoints/0/point'
  expect(validate(site, knows)).toEqual([{ pointer, expected: 'a point of medicine-cabinet that reads badges' }])
  const { readsBadges: _, ...locksOnly } = knows
  expect(validate(site, locksOnly)).toEqual([{ pointer, expected: 'a point of medicine-cabinet that has a lock' }])
})

test('no problem quotes what stands in the file', () => {
  const problems = problemsAfter(s => {
    s.badges[0]!.person = 'secret-person'
    s.zones[1]!.parent = 'secret-zone'
    s.site.timeZone = 'secret-place'
  })
  expect(problems).toHaveLength(3)
  expect(JSON.stringify(problems)).not.toContain('secret')
})
