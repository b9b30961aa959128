/** Days on the wall calendar of a site: counted from 1970-01-01 (0), and the days that a calendar names. */
import type { Calendar } from './site.ts'

const DAY = 86_400_000
/** 2000-03-01, counted in days. Years that begin in March end with the leap day, where there is one. */
const MARCH_2000 = 11_017
const DAYS_PER_400_YEARS = 146_097
const DAYS_PER_100_YEARS = 36_524
const DAYS_PER_4_YEARS = 1_461
const DAYS_PER_YEAR = 365
/** Longest run of days in one line of a calendar; validate.ts refuses longer ones. */
export const MAX_RUN_DAYS = 366

/** What compileTimetable needs of a calendar. */
export interface CalendarDays {
  readonly dates: ReadonlySet<number>
  /** Month and day, as yearDayOf numbers them. */
  readonly yearly: ReadonlySet<number>
}

/** `2026-12-25` -> days since 1970; NaN for a day that does not exist, such as 2026-02-30. */
export function dayOf(date: string): number {
  const at = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(date) ? Number.NaN : at / DAY
}

/** `--12-25` -> a number for that day of any year; NaN for one that no year has. `--02-29` comes in leap years. */
export function yearlyDayOf(date: string): number {
  const leapYear = dayOf(`2000${date.slice(1)}`)
  return Number.isNaN(leapYear) ? Number.NaN : yearDayOf(leapYear)
}

export const isYearly = (date: string): boolean => date.startsWith('--')

/** Days that do not exist are left out; a run that ends before it begins, or is far too long, is cut. */
export function calendarDays(calendar: Pick<Calendar, 'days'>): CalendarDays {
  const dates = new Set<number>()
  const yearly = new Set<number>()
  for (const { date, until } of calendar.days) {
    if (isYearly(date)) yearly.add(yearlyDayOf(date))
    else for (const day of run(dayOf(date), dayOf(until ?? date))) dates.add(day)
  }
  return { dates, yearly }
}

function* run(first: number, last: number): Generator<number> {
  for (let day = first; day <= last && day < first + MAX_RUN_DAYS; day++) yield day
}

/** True if the calendar names this day (since 1970). About 10 ns. */
export function isDayOf({ dates, yearly }: CalendarDays, day: number): boolean {
  return dates.has(day) || (yearly.size > 0 && yearly.has(yearDayOf(day)))
}

/** By day of a year that begins on 1 March: month * 32 + day of the month. 2003-03-01 began one with a leap day. */
const YEAR_DAYS = Uint16Array.from({ length: DAYS_PER_YEAR + 1 }, (_, n) => {
  const day = new Date(Date.UTC(2003, 2, 1 + n))
  return (day.getUTCMonth() + 1) * 32 + day.getUTCDate()
})

/** Month and day of a day since 1970, in one number; of the proleptic Gregorian calendar. Without Date: it is asked at every badge. */
function yearDayOf(day: number): number {
  let n = (day - MARCH_2000) % DAYS_PER_400_YEARS
  if (n < 0) n += DAYS_PER_400_YEARS
  n -= Math.min(3, (n / DAYS_PER_100_YEARS) | 0) * DAYS_PER_100_YEARS
  n %= DAYS_PER_4_YEARS
  n -= Math.min(3, (n / DAYS_PER_YEAR) | 0) * DAYS_PER_YEAR
  return YEAR_DAYS[n]!
}
