/** When the hospital's doors are open to whom: its schedules, and the days that are not like others. */
import type { Shift } from './hospital-staff.ts'

/** Public holidays of France (Code du travail, L3133-1); Easter moves, and what follows from it is written out. */
export const CALENDARS = [
  {
    id: 'jours-feries',
    name: 'Jours fériés',
    days: [
      { date: '--01-01', name: 'Jour de l’An' },
      { date: '2026-04-06', name: 'Lundi de Pâques' },
      { date: '2027-03-29', name: 'Lundi de Pâques' },
      { date: '--05-01', name: 'Fête du Travail' },
      { date: '--05-08', name: 'Victoire 1945' },
      { date: '2026-05-14', name: 'Ascension' },
      { date: '2027-05-06', name: 'Ascension' },
      { date: '2026-05-25', name: 'Lundi de Pentecôte' },
      { date: '2027-05-17', name: 'Lundi de Pentecôte' },
      { date: '--07-14', name: 'Fête nationale' },
      { date: '--08-15', name: 'Assomption' },
      { date: '--11-01', name: 'Toussaint' },
      { date: '--11-11', name: 'Armistice 1918' },
      { date: '--12-25', name: 'Noël' },
    ],
  },
  {
    id: 'veilles-de-fete',
    name: 'Veilles de fête',
    days: [
      { date: '--12-24', name: 'Veille de Noël' },
      { date: '--12-31', name: 'Saint-Sylvestre' },
    ],
  },
] as const

type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'
interface Hours {
  readonly from: string
  readonly to: string
}
interface Schedule {
  readonly id: Shift | 'visites'
  readonly name: string
  readonly weekly: readonly (Hours & { readonly days: readonly Day[] })[]
  readonly specialDays?: readonly {
    readonly calendar: (typeof CALENDARS)[number]['id']
    readonly hours: readonly Hours[]
  }[]
}

const ALL_WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export const SCHEDULES: readonly Schedule[] = [
  { id: 'jour', name: 'Jour', weekly: [{ days: ALL_WEEK, from: '07:00', to: '19:00' }] },
  { id: 'nuit', name: 'Nuit', weekly: [{ days: ALL_WEEK, from: '19:00', to: '07:00' }] },
  {
    id: 'heures-ouvrees',
    name: 'Heures ouvrées',
    weekly: [{ days: ALL_WEEK.slice(0, 5), from: '08:00', to: '18:00' }],
    specialDays: [
      { calendar: 'jours-feries', hours: [] },
      { calendar: 'veilles-de-fete', hours: [{ from: '08:00', to: '16:00' }] },
    ],
  },
  { id: 'toujours', name: 'Toujours', weekly: [{ days: ALL_WEEK, from: '00:00', to: '24:00' }] },
  {
    id: 'visites',
    name: 'Visites',
    weekly: [{ days: ALL_WEEK, from: '13:00', to: '20:00' }],
    specialDays: [{ calendar: 'jours-feries', hours: [{ from: '10:00', to: '20:00' }] }],
  },
]

/** A day and a time of day on the wall clock. */
export interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  /** 0 is Sunday. */
  readonly weekday: number
  readonly minutes: number
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const DAY_MINUTES = 1440
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
const two = (n: number): string => String(n).padStart(2, '0')

/** Whether a shift's schedule is open then; windows over midnight belong to the day they begin on. */
export function isOpen(shift: Shift, now: Wall): boolean {
  return covers(shift, now, now.minutes) || covers(shift, dayBefore(now), now.minutes + DAY_MINUTES)
}

function covers(shift: Shift, day: Wall, minutes: number): boolean {
  return hoursOf(shift, day).some(({ from, to }) => {
    const start = minutesOf(from)
    const end = minutesOf(to) <= start ? minutesOf(to) + DAY_MINUTES : minutesOf(to)
    return minutes >= start && minutes < end
  })
}

function hoursOf(shift: Shift, day: Wall): readonly Hours[] {
  const { weekly, specialDays = [] } = SCHEDULES.find(s => s.id === shift)!
  const date = `${two(day.month)}-${two(day.day)}`
  const special = specialDays.find(({ calendar }) =>
    CALENDARS.find(c => c.id === calendar)!.days.some(d => d.date === `--${date}` || d.date === `${day.year}-${date}`),
  )
  return special?.hours ?? weekly.filter(w => w.days.includes(WEEKDAYS[day.weekday]!))
}

function dayBefore({ year, month, day, minutes }: Wall): Wall {
  const date = new Date(Date.UTC(year, month - 1, day - 1))
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    minutes,
  }
}
