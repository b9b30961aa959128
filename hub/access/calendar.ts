/**
 * Timetables, and the clock on the wall of a site that they are read on. Minutes count from 1970-01-01 00:00 as that clock
 * shows it, days likewise; a window belongs to the day it begins on.
 *
 * When clocks change, a window stays one unbroken stretch, and windows that touch on paper touch in time: no hole, no
 * double. A time that does not exist is taken as the moment the clock jumps. A time that comes twice is taken at its
 * first coming (as RFC 5545, 3.3.5): 22:00-02:30 ends at the first 02:30 and does not open again, and someone whose
 * window began at the first 02:30 is not locked out while the clock shows 02:00 once more.
 */
import { type CalendarDays, calendarDays, isDayOf } from './days.ts'
import type { Calendar, Schedule } from './site.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY_MINUTES = 1_440
const WEEK_MINUTES = 10_080
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** 1970-01-01 was a Thursday; a week more, because the first days of 1970 begin in 1969 west of Greenwich. */
const FIRST_WEEKDAY = 3 + 7
/** First millisecond of the year 10000: beyond, and before 1970, nothing is open. */
const END_OF_TIME = 253_402_300_800_000
/** Longer than any clock was put back in living memory (3 h), shorter than any two changes are apart. */
const LOOK_BACK = 24 * HOUR
/** Longer than any day on a wall clock. */
const LONG_DAY = 48 * HOUR

/** Minutes, `from` inclusive, `to` exclusive, from < to. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** The hours of one day: sorted borders, 0 to 2880 minutes from its midnight, entered at each even index, left at the next. */
type Hours = readonly number[]

/** When something is open, day by day. Made by compileTimetable, read by isOpen. */
export interface Timetable {
  /** Seven, Monday first. */
  readonly weekly: readonly Hours[]
  /** The first that has the day counts, instead of the weekly hours. */
  readonly special: readonly { readonly days: CalendarDays; readonly hours: Hours }[]
  /** How far hours may run into the next day, in minutes: until then the day before has to be looked at too. */
  readonly overnight: number
}

type Line = { readonly from: string; readonly to: string }

/** From the midnight of the day it begins on: 0 to 2880. `to` before or equal to `from` is a time of the next day. */
export function windowOf({ from, to }: Line): Window {
  const start = minuteOfDay(from)
  const end = minuteOfDay(to)
  return { from: start, to: end > start ? end : end + DAY_MINUTES }
}

const minuteOfDay = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** What one weekly line covers, in minutes of the week from Monday: a window per day, cut where it runs past Sunday. */
export function windowsOf(line: Schedule['weekly'][number]): Window[] {
  const { from, to } = windowOf(line)
  return line.days.flatMap(day => {
    const midnight = DAYS.indexOf(day) * DAY_MINUTES
    return fold(midnight + from, midnight + to)
  })
}

function fold(from: number, to: number): Window[] {
  if (to <= WEEK_MINUTES) return [{ from, to }]
  return [
    { from, to: WEEK_MINUTES },
    { from: 0, to: to - WEEK_MINUTES },
  ]
}

type Hourly = Pick<Schedule, 'weekly' | 'specialDays'>

/** Pure; never throws. Special days of a calendar that is not in `calendars` are left out. */
export function compileTimetable(schedule: Hourly, calendars: readonly Calendar[]): Timetable {
  return timetableOf(schedule, new Map(calendars.map(c => [c.id, calendarDays(c)])))
}

/** The same with calendars that are worked out already. */
export function timetableOf(schedule: Hourly, calendars: ReadonlyMap<string, CalendarDays>): Timetable {
  const weekly = DAYS.map(day => hoursOf(schedule.weekly.filter(line => line.days.includes(day))))
  const special = (schedule.specialDays ?? []).flatMap(({ calendar, hours }) => {
    const days = calendars.get(calendar)
    return days ? [{ days, hours: hoursOf(hours) }] : []
  })
  const ends = [...weekly, ...special.map(s => s.hours)].map(hours => hours.at(-1) ?? 0)
  return { weekly, special, overnight: Math.max(0, ...ends.map(end => end - DAY_MINUTES)) }
}

function hoursOf(lines: readonly Line[]): Hours {
  const borders: number[] = []
  for (const { from, to } of lines.map(windowOf).sort((a, b) => a.from - b.from)) {
    const end = borders.at(-1)
    if (end === undefined || from > end) borders.push(from, to)
    else if (to > end) borders[borders.length - 1] = to
  }
  return borders
}

/** `wallMinute` as WallClock.minuteOf gives it; NaN lies in no window. Costs about 20 ns, 50 ns with special days. */
export function isOpen(timetable: Timetable, wallMinute: number): boolean {
  if (Number.isNaN(wallMinute)) return false
  const day = Math.floor(wallMinute / DAY_MINUTES)
  const time = wallMinute - day * DAY_MINUTES
  if (within(hoursOn(timetable, day), time)) return true
  return time < timetable.overnight && within(hoursOn(timetable, day - 1), time + DAY_MINUTES)
}

function hoursOn({ weekly, special }: Timetable, day: number): Hours {
  for (const { days, hours } of special) {
    if (isDayOf(days, day)) return hours
  }
  return weekly[(day + FIRST_WEEKDAY) % 7]!
}

function within(hours: Hours, minute: number): boolean {
  let passed = 0
  while (passed < hours.length && hours[passed]! <= minute) passed++
  return (passed & 1) === 1
}

/** What the clock on the wall shows, as far as timetables care. */
export interface WallClock {
  /**
   * Minutes since 1970-01-01 00:00 on the wall clock; never runs backwards as `at` rises. Costs about 20 ns.
   * @param at ms since 1970, UTC
   * @returns NaN for anything but a time from 1970 to 9999
   */
  minuteOf(at: number): number
}

/** A clock that no timetable finds open. */
export const STOPPED: WallClock = { minuteOf: () => Number.NaN }

/** The midnight that ends the day `at` lies on, ms since 1970, UTC. NaN for a time or a time zone that does not exist. */
export function endOfLocalDay(at: number, timeZone: string): number {
  const zone = wallClock(timeZone)
  return zone.ok ? nextMidnight(at, zone.clock) : Number.NaN
}

/** The same for a clock at hand: the first instant whose wall minute lies on a later day. */
export function nextMidnight(at: number, clock: WallClock): number {
  const minute = clock.minuteOf(at)
  if (Number.isNaN(minute)) return Number.NaN
  return reached(at, clock, (Math.floor(minute / DAY_MINUTES) + 1) * DAY_MINUTES)
}

/**
 * When the clock on the wall next comes to this time of day, after `at`; the first instant after it where the clocks skip it.
 * @param clock HH:MM
 */
export function nextTime(at: number, time: string, clock: WallClock): number {
  const minute = clock.minuteOf(at)
  if (Number.isNaN(minute)) return Number.NaN
  const today = Math.floor(minute / DAY_MINUTES) * DAY_MINUTES + minuteOfDay(time)
  return reached(at, clock, today > minute ? today : today + DAY_MINUTES)
}

/** The first instant after `at` at which the wall shows this minute or a later one; at most a long day away. */
function reached(at: number, clock: WallClock, wanted: number): number {
  let before = Math.floor(at)
  let after = Math.min(before + LONG_DAY, END_OF_TIME)
  const guess = (Math.floor(before / MINUTE) + wanted - clock.minuteOf(at)) * MINUTE
  if (clock.minuteOf(guess) >= wanted) after = guess
  if (clock.minuteOf(guess - 1) < wanted) before = guess - 1
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (clock.minuteOf(middle) >= wanted) after = middle
    else before = middle
  }
  return after
}

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
  } catch {
    // Of a text in letters, ECMA-402 refuses only this: that no zone has the name.
    return undefined
  }
}

/** `10/25/2026, GMT+02:00` -> 7200000; plain `GMT`, as some versions of ICU have it, is 0. */
function offsetIn(text: string): number {
  const [, sign, hours, minutes, seconds] = /GMT([+-]?)(\d*):?(\d*):?(\d*)$/.exec(text)!
  const passed = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
  return (sign === '-' ? -1_000 : 1_000) * passed
}

/** Part of one hour during which the clock is not touched. Wall time, in ms, is `max(at + offset, floor)`. */
interface Stretch {
  readonly from: number
  readonly until: number
  readonly offset: number
  /** The last time shown before the clock was put back; until it is passed again, no time passes for schedules. */
  readonly floor: number
}

/** Hours a clock remembers: five months, far more than a look back over a month of badges needs. */
const REMEMBERED = 3_600

/** Asks Intl a few times for each hour and remembers it; the answer depends on `at` alone. */
class ZonedClock implements WallClock {
  readonly #offsetAt: OffsetAt
  /** By hour; of an hour in which the clock changes, the part asked for last. */
  readonly #hours = new Map<number, Stretch>()
  #stretch: Stretch = { from: 0, until: 0, offset: 0, floor: 0 }

  constructor(offsetAt: OffsetAt) {
    this.#offsetAt = offsetAt
  }

  minuteOf(at: number): number {
    if (!(at >= 0 && at < END_OF_TIME)) return Number.NaN
    const stretch = holds(this.#stretch, at) ? this.#stretch : this.#look(at)
    return Math.floor(Math.max(at + stretch.offset, stretch.floor) / MINUTE)
  }

  #look(at: number): Stretch {
    const hour = Math.floor(at / HOUR)
    const known = this.#hours.get(hour)
    this.#stretch = known && holds(known, at) ? known : this.#ask(hour, at)
    return this.#stretch
  }

  #ask(hour: number, at: number): Stretch {
    if (this.#hours.size >= REMEMBERED) this.#hours.clear()
    const stretch = stretchAround(at, this.#offsetAt)
    this.#hours.set(hour, stretch)
    return stretch
  }
}

const holds = (stretch: Stretch, at: number): boolean => at >= stretch.from && at < stretch.until

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
