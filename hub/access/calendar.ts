/**
 * Weekly schedules on the wall clock of a site. Minutes of the week count from Monday 00:00 (0) to Sunday 24:00 (10080).
 *
 * When clocks change, a window stays one unbroken stretch, and windows that touch on paper touch in time: no hole, no
 * double. A time that does not exist is taken as the moment the clock jumps. A time that comes twice is taken at its
 * first coming (as RFC 5545, 3.3.5): 22:00-02:30 ends at the first 02:30 and does not open again, and someone whose
 * window began at the first 02:30 is not locked out while the clock shows 02:00 once more.
 */
import type { Schedule } from './site.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY_MINUTES = 1_440
export const WEEK_MINUTES = 10_080
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** 1970-01-01 was a Thursday. */
const EPOCH_MINUTE = 3 * DAY_MINUTES
/** First millisecond of the year 10000: beyond, and before 1970, nothing is open. */
const END_OF_TIME = 253_402_300_800_000
/** Longer than any clock was put back in living memory (3 h), shorter than any two changes are apart. */
const LOOK_BACK = 24 * HOUR

/** Minutes of the week, `from` inclusive, `to` exclusive, 0 to 10080, from < to. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** A set of minutes of the week as sorted borders: entered at each even index, left at the next odd one. */
export type Week = readonly number[]

type Weekly = Schedule['weekly'][number]

/** What one line of a schedule covers: a window per day, cut in two where it runs past Sunday midnight. */
export function windowsOf(line: Weekly): Window[] {
  return line.days.flatMap(day => {
    const midnight = DAYS.indexOf(day) * DAY_MINUTES
    const start = minuteOfDay(line.from)
    const end = minuteOfDay(line.to)
    return fold(midnight + start, midnight + (end > start ? end : end + DAY_MINUTES))
  })
}

function minuteOfDay(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
}

function fold(from: number, to: number): Window[] {
  if (from >= WEEK_MINUTES) return [{ from: from - WEEK_MINUTES, to: to - WEEK_MINUTES }]
  if (to <= WEEK_MINUTES) return [{ from, to }]
  return [
    { from, to: WEEK_MINUTES },
    { from: 0, to: to - WEEK_MINUTES },
  ]
}

export const compileSchedule = (weekly: readonly Weekly[]): Week => weekOf(weekly.flatMap(windowsOf))

/** Open whenever any of these is. */
export function unionOf(weeks: readonly Week[]): Week {
  return weekOf(weeks.flatMap(week => pairs(week)))
}

const pairs = (week: Week): Window[] =>
  Array.from({ length: week.length / 2 }, (_, i) => ({ from: week[2 * i]!, to: week[2 * i + 1]! }))

function weekOf(windows: readonly Window[]): Week {
  const borders: number[] = []
  for (const { from, to } of windows.toSorted((a, b) => a.from - b.from)) {
    const end = borders.at(-1)
    if (end === undefined || from > end) borders.push(from, to)
    else if (to > end) borders[borders.length - 1] = to
  }
  return borders
}

/** True if the minute lies in a window. NaN lies in none. */
export function isOpen(week: Week, minuteOfWeek: number): boolean {
  let low = 0
  let high = week.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (week[middle]! <= minuteOfWeek) low = middle + 1
    else high = middle
  }
  return (low & 1) === 1
}

/** What the clock on the wall shows, as far as schedules care. */
export interface WallClock {
  /** `at`: ms since 1970, UTC. @returns 0 to 10079; NaN for anything but a time from 1970 to 9999. Costs about 20 ns. */
  minuteOfWeek(at: number): number
}

/** A clock that schedules never find open. */
export const STOPPED: WallClock = { minuteOfWeek: () => Number.NaN }

/** An IANA name such as Europe/Paris. A bad name is a value, not an exception: the caller decides who hears of it. */
export function wallClock(
  timeZone: string,
): { readonly ok: true; readonly clock: WallClock } | { readonly ok: false; readonly expected: string } {
  const offsetAt = offsetsOf(timeZone)
  return offsetAt
    ? { ok: true, clock: new ZonedClock(offsetAt) }
    : { ok: false, expected: 'an IANA time zone such as Europe/Paris' }
}

type OffsetAt = (at: number) => number

/** Undefined if there is no such zone. Intl also takes plain offsets, which have no daylight saving: refused. */
function offsetsOf(timeZone: string): OffsetAt | undefined {
  if (!/^[A-Za-z]/.test(timeZone)) return undefined
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    return at => offsetIn(format.format(at))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** `10/25/2026, GMT+02:00` -> 7200000; plain `GMT` is 0. */
function offsetIn(text: string): number {
  const m = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text)
  if (!m) return 0
  const seconds = Number(m[2]) * 3_600 + Number(m[3]) * 60 + Number(m[4] ?? 0)
  return (m[1] === '-' ? -1_000 : 1_000) * seconds
}

/** Part of one hour during which the clock is not touched. Wall time, in ms, is `max(at + offset, floor)`. */
interface Stretch {
  readonly from: number
  readonly until: number
  readonly offset: number
  /** The last time shown before the clock was put back; until it is passed again, no time passes for schedules. */
  readonly floor: number
}

/** Asks Intl a few times an hour and remembers the present stretch; the answer depends on `at` alone. */
class ZonedClock implements WallClock {
  readonly #offsetAt: OffsetAt
  #stretch: Stretch = { from: 0, until: 0, offset: 0, floor: 0 }

  constructor(offsetAt: OffsetAt) {
    this.#offsetAt = offsetAt
  }

  minuteOfWeek(at: number): number {
    if (!(at >= 0 && at < END_OF_TIME)) return Number.NaN
    let stretch = this.#stretch
    if (at < stretch.from || at >= stretch.until) {
      stretch = stretchAround(at, this.#offsetAt)
      this.#stretch = stretch
    }
    const wall = Math.max(at + stretch.offset, stretch.floor)
    return (Math.floor(wall / MINUTE) + EPOCH_MINUTE) % WEEK_MINUTES
  }
}

function stretchAround(at: number, offsetAt: OffsetAt): Stretch {
  const hour = Math.floor(at / HOUR) * HOUR
  const offset = offsetAt(at)
  const earlier = offsetAt(hour - LOOK_BACK)
  const began = earlier === offset ? hour : changeBetween(hour - LOOK_BACK, at, offsetAt)
  const last = hour + HOUR - 1
  return {
    from: Math.max(hour, began),
    until: offsetAt(last) === offset ? hour + HOUR : changeBetween(at, last, offsetAt),
    offset,
    floor: earlier > offset ? began + earlier - 1 : Number.NEGATIVE_INFINITY,
  }
}

/** The first millisecond after `low` at which the offset is that of `high`, given that it changes once in between. */
function changeBetween(low: number, high: number, offsetAt: OffsetAt): number {
  const target = offsetAt(high)
  let before = Math.floor(low)
  let after = Math.floor(high)
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle) === target) after = middle
    else before = middle
  }
  return after
}
