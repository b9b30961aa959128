import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chipsOf } from '../src/chips.ts'
import { barsOf, rowsWithin } from '../src/day-bars.ts'
import {
  contextOf,
  dayOf,
  EMPTY,
  FIELDS,
  fieldsFor,
  filterOf,
  journalHref,
  midnight,
  paramsOf,
  rowOf,
  type Search,
  searchFrom,
  searchOf,
  spanOf,
  withField,
  without,
  withSpan,
} from '../src/journal-filter.ts'
import { grouped, KIND_GROUPS, kindsOf } from '../src/kind-groups.ts'
import { fr } from '../src/words/fr.ts'

const PARIS = 'Europe/Paris'
const names = {
  device: () => undefined,
  zone: () => ({ name: 'Pharmacie' }),
  accessPoint: () => undefined,
  plan: () => undefined,
}
const here = { w: fr, names, timeZone: PARIS, now: Date.parse('2026-03-18T01:47:00Z') }
const value = fc.string({ minLength: 1, maxLength: 20 }).filter(s => s.trim() === s && s !== '')
const kinds = fc.uniqueArray(fc.constantFrom(...KIND_GROUPS.flatMap(kindsOf)))
const searches: fc.Arbitrary<Search> = fc
  .tuple(fc.record(Object.fromEntries(FIELDS.map(f => [f, value])), { requiredKeys: [] }), kinds)
  .map(([fields, k]) => ({ ...fields, kinds: [...k].sort() }))

describe('a search in the address', () => {
  it('comes back from its address as it went there, whatever is typed', () => {
    fc.assert(
      fc.property(searches, s => {
        expect(searchOf(new URLSearchParams(paramsOf(s).toString()))).toEqual({ ...s })
      }),
    )
  })
  it('has one address, and the row that is open is beside it', () => {
    const search = { zone: 'ward', kinds: ['point.opened', 'access.granted'] }
    expect(journalHref(search)).toBe('/journal?zone=ward&kind=access.granted&kind=point.opened')
    expect(journalHref({ ...search, kinds: [...search.kinds].reverse() })).toBe(journalHref(search))
    const params = new URL(journalHref(search, 42), 'http://hub').searchParams
    expect([rowOf(params), searchOf(params).zone]).toEqual([42, 'ward'])
    expect(journalHref(EMPTY)).toBe('/journal')
    expect(rowOf(new URLSearchParams('row=-1'))).toBeUndefined()
  })
  it('loses a criterion that is emptied, and no other', () => {
    const search = { zone: 'ward', text: 'choc', kinds: ['readings'] }
    expect(withField(search, 'text', ' ')).toEqual({ zone: 'ward', kinds: ['readings'] })
    expect(without(search, 'kinds')).toEqual({ zone: 'ward', text: 'choc', kinds: [] })
  })
  it('offers people, badges and words only to those who may look for them', () => {
    expect(fieldsFor(true)).toEqual(FIELDS)
    expect(fieldsFor(false)).not.toContain('person')
    expect(fieldsFor(false)).not.toContain('text')
  })
})

describe('time on the site’s calendar', () => {
  it('knows the first instant of a day, on days of 23 and 25 hours too', () => {
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26']) {
      const at = midnight(day, PARIS)
      expect([dayOf(at, PARIS), dayOf(at - 1, PARIS)]).not.toContain(undefined)
      expect(dayOf(at, PARIS)).toBe(day)
      expect(dayOf(at - 1, PARIS) < day).toBe(true)
    }
    expect(midnight('2026-03-30', PARIS) - midnight('2026-03-29', PARIS)).toBe(23 * 3_600_000)
  })
  it('keeps a search for the hub in milliseconds, and makes days of midnights again', () => {
    const search = {
      from: '2026-03-12',
      until: '2026-03-18T01:47:00.000Z',
      class: 'medicines',
      kinds: ['point.opened'],
    }
    const filter = filterOf(search, PARIS)
    expect(filter).toMatchObject({ from: Date.parse('2026-03-11T23:00:00Z'), kinds: ['point.opened'] })
    expect(searchFrom(filter, PARIS)).toEqual(search)
  })
  it('names spans by the days they cover', () => {
    const week = withSpan(EMPTY, 'week', '2026-03-18')
    expect(week).toEqual({ from: '2026-03-12', until: '2026-03-19', kinds: [] })
    expect(spanOf(week, '2026-03-18')).toBe('week')
    expect(spanOf(week, '2026-03-19')).toBeUndefined()
    expect(spanOf(EMPTY, '2026-03-18')).toBe('all')
  })
})

describe('criteria in words', () => {
  it('says the last day that counts, and leaves the rest of the search when one is taken off', () => {
    const chips = chipsOf({ from: '2026-03-12', until: '2026-03-19', zone: 't15', kinds: [] }, here)
    expect(chips.map(c => `${c.label} ${c.value}`)).toEqual(['Du 12/03/2026', 'Au 18/03/2026', 'Zone Pharmacie'])
    expect(chips[2]!.rest).toEqual({ from: '2026-03-12', until: '2026-03-19', kinds: [] })
  })
  it('makes one chip of a whole group of kinds, and says an unknown one as it is', () => {
    const chips = chipsOf({ kinds: [...kindsOf('locks'), 'readings', 'no.such'] }, here)
    expect(chips.map(c => c.value)).toEqual(['Serrures', 'Mesures', 'no.such'])
    expect(chips[0]!.rest.kinds).toEqual(['readings', 'no.such'])
    expect(grouped(kindsOf('locks').slice(1)).groups).toEqual([])
  })
})

describe('counts by day', () => {
  const days = [
    { day: '2026-03-12', rows: 3 },
    { day: '2026-03-14', rows: 5 },
  ]
  it('have a bar for each day of the span, also where nothing happened', () => {
    expect(barsOf(days, {}).map(b => b.rows)).toEqual([3, 0, 5])
    expect(barsOf(days, { from: '2026-03-10', until: '2026-03-15' }).map(b => b.rows)).toEqual([0, 0, 3, 0, 5])
    expect(barsOf([], {})).toEqual([])
  })
  it('are drawn by the week where the span is long, and lose no row', () => {
    const bars = barsOf(days, { from: '2024-01-01', until: '2026-04-01' })
    expect(bars.length).toBeLessThanOrEqual(120)
    expect(bars.reduce((n, b) => n + b.rows, 0)).toBe(8)
    expect(bars.at(-1)!.until).toBe('2026-04-01')
  })
  it('are shown among a month of neighbours where the search is made of days', () => {
    const search = { from: '2026-03-12', until: '2026-03-13', kinds: [] }
    expect(contextOf(search, '2026-03-18')).toEqual({ from: '2026-02-10', until: '2026-03-13' })
    expect(contextOf({ ...search, from: '2026-03-12T10:00:00Z' }, '2026-03-18')).toBeUndefined()
    expect(contextOf(EMPTY, '2026-03-18')).toBeUndefined()
    expect(rowsWithin(days, '2026-03-12', '2026-03-13')).toBe(3)
  })
})
