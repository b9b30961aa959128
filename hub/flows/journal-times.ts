/** Spans and days of the journal on the clock of the site. Pure. */
import { type WallClock, wallClock } from '../access/calendar.ts'
import { instantOf } from '../access/instant.ts'
import { type Said, VigieError } from '../errors.ts'

const MINUTE = 60_000
const DAY_MINUTES = 1_440
const DAY_MS = 86_400_000
/** No clock is further than this from UTC. */
const FURTHEST = 26 * 60 * MINUTE
const QUARTER_MS = 900_000
const END_OF_TIME = 253_402_300_800_000

const EXPECTED: Said = {
  en: 'a day such as 2026-12-25, on the calendar of the site, or a time such as 2026-12-25T03:00:00+01:00',
  fr: 'un jour tel que 2026-12-25, au calendrier du site, ou un moment tel que 2026-12-25T03:00:00+01:00',
}

export interface AskedSpan {
  readonly from?: string | undefined
  readonly until?: string | undefined
}
/** Milliseconds since 1970, UTC; `from` inclusive, `until` exclusive. */
export interface Span {
  readonly from?: number
  readonly until?: number
}

/**
 * A day is its beginning: until 2026-12-25 ends with the 24th. RFC 3339 has a zone of its own.
 * @throws VigieError filter-invalid naming from or until
 */
export function spanAsked({ from, until }: AskedSpan, timeZone: string): Span {
  return {
    ...(from !== undefined && { from: timeOf('from', from, timeZone) }),
    ...(until !== undefined && { until: timeOf('until', until, timeZone) }),
  }
}

function timeOf(field: string, text: string, timeZone: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? beginningOf(text, clockOf(timeZone)) : rfc3339(text)
  if (!(at >= 0 && at < END_OF_TIME)) throw new VigieError('filter-invalid', { field, expected: EXPECTED })
  return at
}

const rfc3339 = (text: string): number =>
  /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.test(text)
    ? instantOf(text.toUpperCase())
    : Number.NaN

/** The first moment of a day, which is not midnight where the clocks go forward then. */
function beginningOf(day: string, clock: WallClock): number {
  const midnight = instantOf(`${day}T00:00:00Z`)
  return Number.isNaN(midnight) ? midnight : firstAt(midnight / MINUTE, clock)
}

function firstAt(minute: number, clock: WallClock): number {
  let before = Math.max(-1, minute * MINUTE - FURTHEST)
  let after = minute * MINUTE + FURTHEST
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (clock.minuteOf(middle) >= minute) after = middle
    else before = middle
  }
  return after
}

/**
 * @param quarters how many, by quarter of an hour since 1970 (UTC): days begin between two of them on every clock
 * @returns days of the site's calendar that have any, oldest first
 */
export function daysOf(
  quarters: Iterable<readonly [quarter: number, rows: number]>,
  timeZone: string,
): { readonly day: string; readonly rows: number }[] {
  const clock = clockOf(timeZone)
  const days = new Map<number, number>()
  for (const [quarter, rows] of quarters) {
    const day = Math.floor(clock.minuteOf(quarter * QUARTER_MS) / DAY_MINUTES)
    days.set(day, (days.get(day) ?? 0) + rows)
  }
  return [...days].sort(([a], [b]) => a - b).map(([day, rows]) => ({ day: dateOf(day), rows }))
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

const UTC: WallClock = { minuteOf: at => Math.floor(at / MINUTE) }
/** A site is checked for its time zone when it is applied. */
function clockOf(timeZone: string): WallClock {
  const zone = wallClock(timeZone)
  return zone.ok ? zone.clock : UTC
}

/** The first moment at which the clock of the site shows that time of that day, or has passed it where it skips it. @param time HH:MM */
export const momentOn = (day: string, time: string, timeZone: string): number =>
  firstAt(instantOf(`${day}T${time}:00Z`) / MINUTE, clockOf(timeZone))

/** The day on the calendar of the site, as 2026-12-25. */
export const dayAt = (at: number, timeZone: string): string =>
  dateOf(Math.floor(clockOf(timeZone).minuteOf(at) / DAY_MINUTES))

/** The first moment of the day that a moment lies in, on the calendar of the site. */
export function dayBegins(at: number, timeZone: string): number {
  const clock = clockOf(timeZone)
  return firstAt(Math.floor(clock.minuteOf(at) / DAY_MINUTES) * DAY_MINUTES, clock)
}
