import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarDays, dayOf, isDayOf, MAX_RUN_DAYS, yearlyDayOf } from './days.ts'

const DAY = 86_400_000

describe('a date', () => {
  test.each([
    ['1970-01-01', 0],
    ['2000-02-29', 11_016],
    ['2026-12-25', Date.UTC(2026, 11, 25) / DAY],
    ['0099-01-01', -683_368],
  ])('%s is day %i', (date, day) => {
    expect(dayOf(date)).toBe(day)
  })

  test.each(['2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'])(
    '%s does not exist',
    date => {
      expect(dayOf(date)).toBeNaN()
    },
  )

  test.each(['--02-30', '--13-01', '--00-10', '--04-31'])('%s is in no year', date => {
    expect(yearlyDayOf(date)).toBeNaN()
  })
})

describe('a calendar', () => {
  const has = (days: Parameters<typeof calendarDays>[0]['days'], date: string) =>
    isDayOf(calendarDays({ days }), dayOf(date))

  test.each([
    ['a date', [{ date: '2026-12-25' }], '2026-12-25', true],
    ['no other year of it', [{ date: '2026-12-25' }], '2027-12-25', false],
    ['the first day of several', [{ date: '2026-12-24', until: '2026-12-26' }], '2026-12-24', true],
    ['the last one', [{ date: '2026-12-24', until: '2026-12-26' }], '2026-12-26', true],
    ['not the one after', [{ date: '2026-12-24', until: '2026-12-26' }], '2026-12-27', false],
    ['none where the last is before the first', [{ date: '2026-12-24', until: '2026-12-23' }], '2026-12-24', false],
    ['a day of every year', [{ date: '--12-25' }], '2031-12-25', true],
    ['one day of it only, whatever until says', [{ date: '--12-25', until: '2026-12-26' }], '2026-12-26', false],
    ['29 February in a leap year', [{ date: '--02-29' }], '2028-02-29', true],
    ['not 1 March in another', [{ date: '--02-29' }], '2027-03-01', false],
    ['nothing for a date that does not exist', [{ date: '2026-02-30' }], '2026-03-02', false],
    ['nothing for one that no year has', [{ date: '--02-30' }], '2026-03-02', false],
  ])('names %s', (_, days, date, named) => {
    expect(has(days, date)).toBe(named)
  })

  test('that runs on for ever is cut after a year', () => {
    const { dates } = calendarDays({ days: [{ date: '2026-01-01', until: '9999-12-31' }] })
    expect(dates.size).toBe(MAX_RUN_DAYS)
  })

  test('finds a yearly day in any year as the runtime does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -800_000, max: 2_900_000 }), day => {
        const date = new Date(day * DAY)
        const yearly = `--${date.toISOString().slice(-19, -14)}`
        expect(isDayOf(calendarDays({ days: [{ date: yearly }] }), day)).toBe(true)
        expect(isDayOf(calendarDays({ days: [{ date: yearly }] }), day + 1)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})
