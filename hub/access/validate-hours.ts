/** Checks of calendars and schedules: days that exist, hours and days that come once. */
import { windowOf, windowsOf } from './calendar.ts'
import { dayOf, isYearly, MAX_RUN_DAYS, yearlyDayOf } from './days.ts'
import { EXPECTED } from './expected.ts'
import { type Found, idsOf, overlaps, repeated } from './problems.ts'
import type { Calendar, Schedule, Site } from './site.ts'

type Day = Calendar['days'][number]
type SpecialDays = NonNullable<Schedule['specialDays']>

export function* ofCalendars({ calendars = [] }: Site): Found {
  yield* repeated(calendars, c => c.id, 'calendars', 'id')
  for (const [i, { days }] of calendars.entries()) {
    const pointer = `/calendars/${i}/days`
    const wrong = days.map((day, j) => [...ofDay(day, `${pointer}/${j}`)])
    yield* wrong.flat()
    const spans = days.map((day, line) => ({ ...spanOf(day), line, yearly: isYearly(day.date) }))
    const good = spans.filter(span => wrong[span.line]!.length === 0)
    for (const yearly of [false, true]) {
      yield* overlaps(
        good.filter(span => span.yearly === yearly),
        pointer,
        EXPECTED.freeDays,
      )
    }
  }
}

const dayNumber = (date: string): number => (isYearly(date) ? yearlyDayOf(date) : dayOf(date))

function spanOf({ date, until }: Day): { readonly from: number; readonly to: number } {
  return { from: dayNumber(date), to: dayNumber(until ?? date) + 1 }
}

function* ofDay(day: Day, pointer: string): Found {
  const { from, to } = spanOf(day)
  if (Number.isNaN(from)) yield { pointer: `${pointer}/date`, expected: EXPECTED.day }
  if (day.until === undefined) return
  const until = `${pointer}/until`
  if (isYearly(day.date)) yield { pointer: until, expected: EXPECTED.yearly }
  else if (Number.isNaN(to)) yield { pointer: until, expected: EXPECTED.day }
  else if (to <= from) yield { pointer: until, expected: EXPECTED.lastDay }
  else if (to - from > MAX_RUN_DAYS) yield { pointer: until, expected: EXPECTED.longRun }
}

export function* ofSchedules(site: Site): Found {
  const calendars = idsOf(site.calendars ?? [])
  yield* repeated(site.schedules, s => s.id, 'schedules', 'id')
  for (const [i, { weekly, specialDays = [] }] of site.schedules.entries()) {
    const pointer = `/schedules/${i}`
    yield* windowTimes(weekly, `${pointer}/weekly`)
    const windows = weekly.flatMap((line, index) => windowsOf(line).map(window => ({ ...window, line: index })))
    yield* overlaps(windows, `${pointer}/weekly`, EXPECTED.freeHours)
    yield* repeated(specialDays, s => s.calendar, `schedules/${i}/specialDays`, 'calendar')
    yield* ofSpecialDays(specialDays, `${pointer}/specialDays`, calendars)
  }
}

function* ofSpecialDays(special: SpecialDays, pointer: string, calendars: ReadonlySet<string>): Found {
  for (const [j, { calendar, hours }] of special.entries()) {
    const own = `${pointer}/${j}/hours`
    if (!calendars.has(calendar)) yield { pointer: `${pointer}/${j}/calendar`, expected: EXPECTED.calendar }
    yield* windowTimes(hours, own)
    const windows = hours.map((line, index) => ({ ...windowOf(line), line: index }))
    yield* overlaps(windows, own, EXPECTED.freeSpecialHours)
  }
}

/** Whoever writes 07:00 to 07:00 may mean a whole day or nothing at all: neither is guessed. */
function* windowTimes(lines: readonly { readonly from: string; readonly to: string }[], pointer: string): Found {
  for (const [i, { from, to }] of lines.entries()) {
    if (from === '24:00') yield { pointer: `${pointer}/${i}/from`, expected: EXPECTED.windowStart }
    else if (from === to) yield { pointer: `${pointer}/${i}/to`, expected: EXPECTED.windowEnd }
  }
}
