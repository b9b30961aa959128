import { describe, expect, test } from 'vitest'
import { fullSite, smallSite } from '../test/small-site.ts'
import { ITEM_KINDS, ITEM_LISTS, idOf, isItemKind, itemsOf, LISTED_KINDS, withItem } from './site-items.ts'

describe('the kinds of items', () => {
  test('are every list of a site, and the site itself', () => {
    const { version: _, site: __, ...lists } = fullSite()
    expect(Object.values(ITEM_LISTS).sort()).toEqual(Object.keys(lists).sort())
    expect(ITEM_KINDS).toEqual(['site', ...LISTED_KINDS])
  })

  test.each([
    ['site', true],
    ['evacuationPlan', true],
    ['zones', false],
    ['__proto__', false],
    ['toString', false],
  ])('%s: %s', (kind, known) => {
    expect(isItemKind(kind)).toBe(known)
  })

  test('a badge is known by its uid, everything else by its id', () => {
    const site = fullSite()
    expect(LISTED_KINDS.map(kind => idOf(itemsOf(site, kind)[0]!))).toEqual([
      'holidays',
      'ward',
      'always',
      'cabinet-1',
      'drugs',
      'nurse',
      'anna',
      '04AA0001',
      'airlock',
      'ward',
      'fire',
      'door-forced',
      'nights',
      'pharmacy',
    ])
  })
})

describe('a site with one item', () => {
  test('changed has it in its place, and is another site', () => {
    const site = smallSite()
    const attic = { id: 'pharmacy', name: 'Attic' }
    const after = withItem(site, 'zone', 'pharmacy', attic)
    expect(after.zones.map(z => z.name)).toEqual(['Ward', 'Attic', 'Garden'])
    expect(site).toEqual(smallSite())
    expect(after.roles).toBe(site.roles)
  })

  test('more has it at the end, in a list that was left out too', () => {
    const plan = { id: 'gate', name: 'Gate', accessPoints: ['ward-door', 'garden-door'] }
    expect(withItem(smallSite(), 'interlock', 'gate', plan).interlocks).toEqual([plan])
    const badge = { uid: '04AA0009', person: 'anna', status: 'active' as const }
    expect(withItem(smallSite(), 'badge', '04AA0009', badge).badges.at(-1)).toEqual(badge)
  })

  test('less has not', () => {
    expect(withItem(smallSite(), 'badge', '04AA0001', undefined).badges.map(b => b.uid)).not.toContain('04AA0001')
    expect(withItem(smallSite(), 'zone', 'gone', undefined).zones).toEqual(smallSite().zones)
  })

  test('which is the site itself has its name and rules; withdrawn it stays', () => {
    const head = { name: 'Other', timeZone: 'UTC' }
    expect(withItem(smallSite(), 'site', 'site', head).site).toEqual(head)
    expect(withItem(smallSite(), 'site', 'site', undefined)).toEqual(smallSite())
  })
})
