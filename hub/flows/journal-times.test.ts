import { describe, expect, it } from 'vitest'
import { daysOf, spanAsked } from './journal-times.ts'

const PARIS = 'Europe/Paris'
const at = (text: string): number => Date.parse(text)

describe('a span of the journal', () => {
  it.each([
    ['2026-07-01', PARIS, '2026-06-30T22:00:00Z'],
    ['2026-12-01', PARIS, '2026-11-30T23:00:00Z'],
    // Midnight is skipped there: the day begins at one o'clock.
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z'],
    ['2026-07-01T10:00:00+02:00', PARIS, '2026-07-01T08:00:00Z'],
    ['2026-07-01T08:00:00.250Z', 'America/Santiago', '2026-07-01T08:00:00.250Z'],
  ])('from %s in %s is from %s', (text, zone, expected) => {
    expect(spanAsked({ from: text }, zone)).toEqual({ from: at(expected) })
  })

  it.each([
    '',
    'today',
    '2026-02-30',
    '2026-13-01',
    '2026-07-01T08:00',
    '2026-07-01T08:00:00',
    '2026-07-01T25:00:00Z',
    '1969-12-31T00:00:00Z',
  ])('until %j is refused by name', text => {
    expect(() => spanAsked({ until: text }, PARIS)).toThrow(
      expect.objectContaining({ code: 'filter-invalid', details: expect.objectContaining({ field: 'until' }) }),
    )
  })
})

describe('rows by day', () => {
  const quarterOf = (text: string): number => Math.floor(at(text) / 900_000)

  it('are those of the calendar on the wall, on the day of 23 hours and on that of 25', () => {
    for (const [day, hours] of [
      ['2026-03-29', 23],
      ['2026-10-25', 25],
      ['2026-07-01', 24],
    ] as const) {
      const from = spanAsked({ from: day }, PARIS).from!
      const all = Array.from({ length: 31 * 4 }, (_, i) => [from / 900_000 - 4 + i, 1] as const)
      const found = daysOf(all, PARIS).find(d => d.day === day)
      expect(found).toEqual({ day, rows: hours * 4 })
    }
  })

  it('are in order, and only days that have any', () => {
    const rows = [
      [quarterOf('2026-07-03T21:59:00Z'), 2],
      [quarterOf('2026-07-01T22:00:00Z'), 3],
      [quarterOf('2026-07-03T22:00:00Z'), 1],
    ] as const
    expect(daysOf(rows, PARIS)).toEqual([
      { day: '2026-07-02', rows: 3 },
      { day: '2026-07-03', rows: 2 },
      { day: '2026-07-04', rows: 1 },
    ])
  })
})
