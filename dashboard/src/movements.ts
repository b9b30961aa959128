/** Arrivals, departures and visits: what their forms mean, and how far they are. Pure. */
import type { ArrivalWish, MovementView, TaskView, VisitView } from './contract.ts'
import { hourMinute } from './format.ts'
import { dayOf, midnight } from './journal-filter.ts'

/** An instant on a wall clock; an hour that a change of the clock leaves out is the one after. @returns undefined for no time */
export function instantAt(day: string, time: string, timeZone: string): number | undefined {
  const clock = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day)) || !clock) return undefined
  const first = midnight(day, timeZone)
  const plain = first + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000
  const shifted = [plain, plain - HOUR_MS, plain + HOUR_MS]
  return shifted.find(at => dayOf(at, timeZone) === day && hourMinute(at, timeZone) === time) ?? plain
}
const HOUR_MS = 3_600_000

/** Day and time as fields hold them. */
export const wallOf = (at: number, timeZone: string): { readonly day: string; readonly time: string } => ({
  day: dayOf(at, timeZone),
  time: hourMinute(at, timeZone),
})

/** One a line, each once. */
export const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map(line => line.trim())
      .filter(Boolean),
  ),
]

/** A number as readers and labels write it: `04:A2:B3:C4` and `04 a2 b3 c4` are `04A2B3C4`. @returns undefined for none */
export function uidOf(text: string): string | undefined {
  const digits = text.replaceAll(/[\s:.-]/g, '').toUpperCase()
  return /^[0-9A-F]{8,20}$/.test(digits) ? digits : undefined
}

export interface ArrivalForm {
  name: string
  /** Somebody of the site who comes back. */
  returning: string | undefined
  job: string
  zone: string
  day: string
  /** Empty: not known. */
  leaves: string
  roles: readonly string[]
  equipment: string
  mail: string
  note: string
}
export const emptyArrival = (today: string): ArrivalForm => ({
  ...{ name: '', returning: undefined, job: '', zone: '', day: today, leaves: '' },
  ...{ roles: [], equipment: '', mail: '', note: '' },
})
const START = '07:00'
const END = '23:59'

/** What the hub is asked; undefined while a needed field is empty or no day. Begins at 7 in the morning, ends at midnight. */
export function arrivalOf(form: ArrivalForm, timeZone: string, now: number): ArrivalWish | undefined {
  const begins = instantAt(form.day, START, timeZone)
  const leavesAt = form.leaves === '' ? undefined : instantAt(form.leaves, END, timeZone)
  if (begins === undefined || form.name.trim() === '' || (form.leaves !== '' && leavesAt === undefined))
    return undefined
  const filled = (key: 'job' | 'zone' | 'mail' | 'note') => (form[key].trim() === '' ? {} : { [key]: form[key].trim() })
  const equipment = linesOf(form.equipment)
  return {
    name: form.name.trim(),
    // Who comes today may be here before the form is.
    at: dayOf(now, timeZone) === form.day ? Math.max(begins, now) : begins,
    ...(form.returning !== undefined && { id: form.returning, returning: true }),
    ...(leavesAt !== undefined && { leavesAt }),
    ...(form.roles.length > 0 && { roles: form.roles }),
    ...(equipment.length > 0 && { equipment }),
    ...filled('job'),
    ...filled('zone'),
    ...filled('mail'),
    ...filled('note'),
  }
}

export interface Progress {
  readonly done: number
  readonly of: number
  readonly overdue: number
}
export const progressOf = ({ tasks }: Pick<MovementView, 'tasks'>): Progress => ({
  done: tasks.filter(t => t.doneAt !== undefined).length,
  of: tasks.length,
  overdue: tasks.filter(t => t.overdue).length,
})
/** Ticked off by hand; the others Vigie sees. */
export const isByHand = ({ kind }: Pick<TaskView, 'kind'>): boolean =>
  kind === 'return' || kind === 'equipment' || kind === 'other'

export type VisitStage = 'to-come' | 'now' | 'over' | 'cancelled'
export function stageOf({ state, from, until }: Pick<VisitView, 'state' | 'from' | 'until'>, now: number): VisitStage {
  if (state === 'cancelled') return 'cancelled'
  if (state === 'ended' || until <= now) return 'over'
  return from <= now ? 'now' : 'to-come'
}
