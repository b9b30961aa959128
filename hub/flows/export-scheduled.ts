/**
 * A month has ended, and somebody wants its rows without asking each time.
 *
 *   due       at its day and time on the clock of the site; what was missed while the hub was off is made up for, month by month
 *   make      the calendar month before, under a name that tells schedule and month: made twice, it takes its own place
 *   deliver   into a folder, or by mail
 *   mark      the next month; only then is this one done
 *
 * What fails is told once and tried again each hour, and once more when it works again.
 */
import { causeOf, isVigieError } from '../errors.ts'
import { dayAt, momentOn, type Span, spanAsked } from './journal-times.ts'

export interface MonthlyAt {
  /** 1 to 28. */
  readonly day: number
  /** HH:MM on the clock of the site. */
  readonly time: string
}
export interface Month extends Required<Span> {
  /** 2026-11 */
  readonly name: string
}
export interface Scheduled extends MonthlyAt {
  readonly id: string
  readonly nextAt: number
}
/** Told once when it begins to fail, once when it works again. */
export interface Telling {
  failed(error: string, cause: string): void
  served(): void
}
interface Needs<S extends Scheduled> {
  readonly schedules: () => readonly S[]
  readonly timeZone: () => string
  readonly deliver: (schedule: S, month: Month) => Promise<void>
  readonly mark: (done: { readonly id: string; readonly nextAt: number; readonly lastAt: number }) => Promise<unknown>
  readonly telling: (schedule: S) => Telling
  readonly now: () => number
}
const RETRY_MS = 3_600_000

/** The calendar month before the one that `at` lies in. */
export function monthBefore(at: number, timeZone: string): Month {
  const [year = 0, month = 0] = dayAt(at, timeZone).split('-').map(Number)
  const [first, end] = [dayOf(year, month - 1, 1), dayOf(year, month, 1)]
  const { from = 0, until = 0 } = spanAsked({ from: first, until: end }, timeZone)
  return { name: first.slice(0, 7), from, until }
}

/** The first run later than `after`. */
export function nextRun({ day, time }: MonthlyAt, after: number, timeZone: string): number {
  const [year = 0, month = 0] = dayAt(after, timeZone).split('-').map(Number)
  const at = momentOn(dayOf(year, month, day), time, timeZone)
  return at > after ? at : momentOn(dayOf(year, month + 1, day), time, timeZone)
}

/** Months before the first and after the twelfth belong to the years around. */
const dayOf = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10)

export class ExportScheduled<S extends Scheduled> {
  readonly #needs: Needs<S>
  readonly #retryAt = new Map<string, number>()
  #looking: Promise<void> | undefined
  #stopped = false

  constructor(needs: Needs<S>) {
    this.#needs = needs
  }

  /** Makes what is due, one after the other. Never rejects for a delivery that failed; not begun again while it runs. */
  look(): Promise<void> {
    this.#looking ??= this.#all().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Begins nothing more, and waits for what has begun. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#looking
  }

  async #all(): Promise<void> {
    for (const { id } of this.#needs.schedules()) await this.#months(id)
  }

  /** @param id looked up anew after each month: it may have been removed meanwhile */
  async #months(id: string): Promise<void> {
    const { schedules, now } = this.#needs
    for (;;) {
      const schedule = schedules().find(s => s.id === id)
      const at = Math.max(schedule?.nextAt ?? 0, this.#retryAt.get(id) ?? 0)
      if (!schedule || this.#stopped || at > now() || !(await this.#one(schedule))) return
    }
  }

  async #one(schedule: S): Promise<boolean> {
    const { deliver, mark, telling, timeZone, now } = this.#needs
    const { id, nextAt } = schedule
    try {
      await deliver(schedule, monthBefore(nextAt, timeZone()))
      await mark({ id, nextAt: nextRun(schedule, nextAt, timeZone()), lastAt: now() })
    } catch (error) {
      if (this.#stopped) return false
      this.#retryAt.set(id, now() + RETRY_MS)
      telling(schedule).failed(isVigieError(error) ? error.code : 'internal', causeOf(error))
      return false
    }
    this.#retryAt.delete(id)
    telling(schedule).served()
    return true
  }
}
