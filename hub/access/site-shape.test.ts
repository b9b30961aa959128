import { describe, expect, test } from 'vitest'
import { fullSite } from '../test/small-site.ts'
import { said } from './french.ts'
import { ITEM_KINDS, idOf, itemsOf, LISTED_KINDS } from './site-items.ts'
import { isItem, isSite, itemMisfit, siteMisfit } from './site-shape.ts'

describe('an item by itself', () => {
  test('has the shape it has in a site, whatever its kind', () => {
    const site = fullSite()
    expect(isItem('site', 'site', site.site)).toBe(true)
    for (const kind of LISTED_KINDS) {
      for (const item of itemsOf(site, kind)) expect(isItem(kind, idOf(item), item), `${kind} ${idOf(item)}`).toBe(true)
    }
  })

  test('of another kind is refused', () => {
    for (const kind of ITEM_KINDS) {
      expect(isItem(kind, 'x', { nothing: true })).toBe(false)
      expect(itemMisfit(kind, { nothing: true }).pointer).toMatch(/^\//)
    }
  })

  test('under another id is refused', () => {
    const zone = { id: 'ward', name: 'Ward' }
    expect(isItem('zone', 'ward', zone)).toBe(true)
    expect(isItem('zone', 'attic', zone)).toBe(false)
    expect(itemMisfit('zone', zone)).toEqual({ pointer: '/id', expected: 'the id that was asked for' })
    const badge = { uid: '04AA0001', person: 'anna', status: 'active' }
    expect(isItem('badge', '04AA0002', badge)).toBe(false)
    expect(itemMisfit('badge', badge).pointer).toBe('/uid')
  })
})

describe('plain words, in both languages, for', () => {
  /** One field of the full site replaced, by pointer. */
  const misfit = (pointer: string, value: unknown) => {
    const site: unknown = fullSite()
    const path = pointer.split('/').slice(1)
    const last = path.pop()!
    const holder = path.reduce((at, key) => (at as Record<string, unknown>)[key], site) as Record<string, unknown>
    if (value === undefined) Reflect.deleteProperty(holder, last)
    else holder[last] = value
    expect(isSite(site)).toBe(false)
    return siteMisfit(site)
  }

  test.each([
    ['/version', 2, '1, the version of this format'],
    ['/site/timeZone', 1, 'must be string'],
    ['/site/policy/pin/tries', 11, 'must be <= 10'],
    ['/site/policy/pin/tries', 1, 'must be >= 2'],
    ['/site/policy/pin/tries', 2.5, 'must be integer'],
    ['/calendars/0/days', {}, 'must be array'],
    ['/calendars/0/days/0', 'Christmas', 'must be object'],
    ['/calendars/0/days/0/date', '25.12.', 'a day such as 2026-12-25, or --12-25 for every year'],
    ['/calendars/0/days/0/until', '--12-26', 'a day such as 2026-12-25'],
    ['/schedules/1/specialDays/0/hours/0/from', '9', 'a time of day such as 07:30, or 24:00'],
    ['/schedules/1/weekly/0/days', [], 'must not have fewer than 1 items'],
    ['/zones/0/plan', { x: '1', y: 1, width: 1, height: 1, kind: 'room' }, 'must be number'],
    ['/accessPoints/0/requires', {}, 'at least one condition, or no such field'],
    ['/accessPoints/0/requires/pin', false, 'true, or no such field'],
    ['/accessPoints/0/requires/reference', 'none', 'one of ["patient","prescription","any"]'],
    ['/roles/0/id', 'Nurse', 'lower-case letters, digits and hyphens, not starting with a hyphen'],
    ['/roles/0/name', '', 'must not have fewer than 1 characters'],
    ['/people/4/validFrom', '2026-07-01', 'a date and time with a zone, such as 2026-09-01T00:00:00+02:00'],
    ['/badges/0/uid', 'ab', '8 to 20 hexadecimal digits in upper case'],
    ['/interlocks/0/accessPoints', ['airlock-in'], 'must not have fewer than 2 items'],
    ['/people/0/name', 'A\u0007', 'a name without control characters'],
    ['/zones/0/colour', 'red', 'no such field'],
    ['/zones/0/name', undefined, 'this field is required'],
  ])('%s: %j', (pointer, value, expected) => {
    const problem = misfit(pointer, value)
    expect(problem.expected).toBe(expected)
    expect(problem.pointer.startsWith(pointer)).toBe(true)
    expect(said(expected).fr).not.toBe(expected)
  })

  test('what is no site at all', () => {
    expect(siteMisfit('site')).toEqual({ pointer: '', expected: 'must be object' })
  })
})
