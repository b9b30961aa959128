/** The hospital's wall clock and its sun. Instants are milliseconds since 1970, UTC. */
import { isOpen, type Wall } from './hospital-hours.ts'
import type { Shift } from './hospital-staff.ts'

const MINUTE_MS = 60_000
export const DAY_MINUTES = 1440

const FORMATS = new Map<string, Intl.DateTimeFormat>()

/** What a clock on the wall shows at an instant. */
export function wallClock(at: number, timeZone: string): Wall {
  let format = FORMATS.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    })
    FORMATS.set(timeZone, format)
  }
  const part = Object.fromEntries(format.formatToParts(at).map(p => [p.type, Number(p.value)])) as Record<
    string,
    number
  >
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = part
  return {
    year,
    month,
    day,
    weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(),
    minutes: hour * 60 + minute,
  }
}

/** The instant at which the local day that contains `at` began. On days of 23 or 25 hours too. */
export function startOfDay(at: number, timeZone: string): number {
  const { year, month, day } = wallClock(at, timeZone)
  const midnight = Date.UTC(year, month - 1, day)
  let guess = midnight
  for (let i = 0; i < 2; i++) {
    const w = wallClock(guess, timeZone)
    guess += midnight - (Date.UTC(w.year, w.month - 1, w.day) + w.minutes * MINUTE_MS)
  }
  return guess
}

/** The beginning of the next local day. */
export const nextDay = (dayStart: number, timeZone: string): number =>
  startOfDay(dayStart + 26 * 60 * MINUTE_MS, timeZone)

/** Whether people of a shift are at work then: the hours of the site file's schedules, holidays and all. */
export const onDuty = (shift: Shift, at: number, timeZone: string): boolean => isOpen(shift, wallClock(at, timeZone))

const LATITUDE = (46.8 * Math.PI) / 180
const CLEAR_NOON_LUX = 90_000

/** Daylight outdoors in lux under a clear sky, from the sun's height; 0 at night. `minutes` of solar time. */
export function daylightLux(dayOfYear: number, minutes: number): number {
  const declination = -0.4093 * Math.cos((2 * Math.PI * (dayOfYear + 10)) / 365)
  const hourAngle = ((minutes - 720) / DAY_MINUTES) * 2 * Math.PI
  const sine =
    Math.sin(LATITUDE) * Math.sin(declination) + Math.cos(LATITUDE) * Math.cos(declination) * Math.cos(hourAngle)
  return Math.max(0, sine) ** 1.3 * CLEAR_NOON_LUX
}

export const dayOfYear = ({ year, month, day }: Wall): number =>
  Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / 86_400_000)
