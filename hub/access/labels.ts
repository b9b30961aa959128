/** Names for what rights are made of, from the site they were compiled from: ids and pseudonyms go in, words come out. */
import type { Said } from '../errors.ts'
import { both, instantWords, scopeWords } from './ask-words.ts'
import { type WallClock, wallClock, windowOf } from './calendar.ts'
import { calendarDays, isDayOf } from './days.ts'
import type { Calendar, Right, Schedule, Site } from './site.ts'

export interface Labels {
  role(id: string): string
  zone(id: string): string
  accessPoint(id: string): string
  /** By pseudonym; the pseudonym itself where no name is known or may be shown. */
  person(pseudonym: string): string
  /** Lockdown plans. */
  plan(id: string): string
  /** A right of a role, by its place in the role's list; undefined if the role has no such right any more. */
  right(role: string, index: number): RightLabel | undefined
  /** Date and time on the wall clock of the site. @param at ms since 1970, UTC */
  time(at: number): Said
  /** `19:42` on the wall clock of the site. */
  clock(at: number): string
}

export interface RightLabel {
  /** `Porte, Médicaments de Service` */
  readonly target: Said
  /** Name of the schedule. */
  readonly schedule: string
  /** What the schedule says of the day of `at`; of the day before while its hours run on over midnight. */
  hours(at: number): DayLabel
}
export interface DayLabel {
  /** `le mercredi`, `ce jour-là (Jours fériés)` */
  readonly day: Said
  /** `de 07:00 à 19:00`; undefined if it is shut all day. */
  readonly windows: Said | undefined
}

/** @param people pseudonym -> name, for whoever may see names */
export function labelsOf(site: Site, people: ReadonlyMap<string, string> = new Map()): Labels {
  const names = (list: readonly { readonly id: string; readonly name: string }[] | undefined) => {
    const byId = new Map(list?.map(item => [item.id, item.name]))
    return (id: string): string => byId.get(id) ?? id
  }
  const [zone, accessPoint] = [names(site.zones), names(site.accessPoints)]
  const { timeZone } = site.site
  const zoned = wallClock(timeZone)
  return {
    role: names(site.roles),
    zone,
    accessPoint,
    person: pseudonym => people.get(pseudonym) ?? pseudonym,
    plan: names(site.lockdownPlans),
    right: (role, index) => {
      const right = site.roles.find(r => r.id === role)?.rights[index]
      return right && rightLabel(right, site, { zone, point: accessPoint })
    },
    time: at => (zoned.ok && isDate(at) ? instantWords(at, timeZone) : UNKNOWN),
    clock: at => clockWords(zoned.ok ? zoned.clock.minuteOf(at) : Number.NaN),
  }
}

const UNKNOWN: Said = { fr: 'date inconnue', en: 'unknown date' }
const isDate = (at: number): boolean => !Number.isNaN(new Date(at).getTime())

function clockWords(wallMinute: number): string {
  if (Number.isNaN(wallMinute)) return '--:--'
  const minute = wallMinute % DAY_MINUTES
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

function rightLabel(
  right: Right,
  site: Site,
  nameOf: { zone(id: string): string; point(id: string): string },
): RightLabel {
  const schedule = site.schedules.find(s => s.id === right.schedule)
  const zoned = wallClock(site.site.timeZone)
  return {
    target: scopeWords(right, nameOf),
    schedule: schedule?.name ?? right.schedule,
    hours: at => (schedule && zoned.ok ? dayLabel(schedule, site.calendars ?? [], zoned.clock, at) : NO_HOURS),
  }
}

const NO_HOURS: DayLabel = { day: { fr: 'ce jour-là', en: 'on this day' }, windows: undefined }
const DAY_MINUTES = 1_440
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const DAY_NAMES = {
  fr: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
  en: ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'],
} as const

interface Line {
  readonly from: string
  readonly to: string
}

function dayLabel(schedule: Schedule, calendars: readonly Calendar[], clock: WallClock, at: number): DayLabel {
  const minute = clock.minuteOf(at)
  if (Number.isNaN(minute)) return NO_HOURS
  const today = Math.floor(minute / DAY_MINUTES)
  const time = minute - today * DAY_MINUTES + DAY_MINUTES
  const yesterday = linesOn(schedule, calendars, today - 1)
  const runsOn = yesterday.lines.map(windowOf).some(({ from, to }) => time >= from && time < to)
  return runsOn ? labelOf(yesterday) : labelOf(linesOn(schedule, calendars, today))
}

interface DayLines {
  readonly weekday: number
  readonly special: string | undefined
  readonly lines: readonly Line[]
}

/** As compileTimetable reads it: the first calendar that has the day counts instead of the weekly hours. */
function linesOn(schedule: Schedule, calendars: readonly Calendar[], day: number): DayLines {
  // 1970-01-01 was a Thursday.
  const weekday = (day + 3 + 7) % 7
  for (const { calendar, hours } of schedule.specialDays ?? []) {
    const found = calendars.find(c => c.id === calendar)
    if (found && isDayOf(calendarDays(found), day)) return { weekday, special: found.name, lines: hours }
  }
  const lines = schedule.weekly.filter(line => line.days.includes(WEEKDAYS[weekday]!))
  return { weekday, special: undefined, lines }
}

function labelOf({ weekday, special, lines }: DayLines): DayLabel {
  const day =
    special === undefined
      ? { fr: `le ${DAY_NAMES.fr[weekday]}`, en: `on ${DAY_NAMES.en[weekday]}` }
      : { fr: `ce jour-là (${special})`, en: `on this day (${special})` }
  return {
    day,
    windows: lines.length > 0 ? both(l => lines.map(line => windowWords(line, l)).join(AND[l])) : undefined,
  }
}

const AND: Said = { fr: ' et ', en: ' and ' }
function windowWords({ from, to }: Line, language: keyof Said): string {
  if (from === '00:00' && to === '24:00') return language === 'fr' ? 'toute la journée' : 'all day'
  const next = to <= from
  if (language === 'fr') return `de ${from} à ${to}${next ? ' le lendemain' : ''}`
  return `from ${from} to ${to}${next ? ' the next day' : ''}`
}
