/** Writes the embedded time series: points as they were measured, and added up by minute, hour and day. */
import type { Point } from '../rules/points.ts'
import { DAY_TERM, HOUR_TERM, MINUTE_TERM, RAW_TERM } from '../rules/series.ts'
import { type Sample, SeriesIds } from './series-ids.ts'
import { type Db, transaction } from './sql.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** The first moment of the day of the site's calendar that a moment lies in, ms. */
export type DayBegins = (at: number) => number

/** What a stretch of time adds up to. `lastAt`: ms, with what lies below as a fraction. */
export interface Sum {
  n: number
  sum: number
  min: number
  max: number
  last: number
  lastAt: number
}
type Sums = Map<number, Map<number, Sum>>
type Tier = 'minute' | 'hour' | 'day'

export class SeriesWriter {
  readonly #db: Db
  readonly #ids: SeriesIds
  readonly #raw
  readonly #tiers

  constructor(db: Db) {
    this.#db = db
    this.#ids = new SeriesIds(db)
    this.#raw = db.prepare<[number, number, number, number]>(
      'insert or ignore into raw (series, at, nth, value) values (?, ?, ?, ?)',
    )
    this.#tiers = { minute: upsert(db, 'minute'), hour: upsert(db, 'hour'), day: upsert(db, 'day') }
  }

  /**
   * A point that is there already is not counted twice, as long as raw points of its age are kept.
   * @param after within the same transaction
   */
  add(points: readonly Point[], { now, dayBegins }: { now: number; dayBegins: DayBegins }, after: () => void): void {
    try {
      transaction(this.#db, () => {
        const samples = this.#ids.samplesOf(points).sort(inOrder)
        const fresh = samples.filter(s => s.at < now - RAW_TERM || this.#isNew(s))
        this.#addUp(fresh, dayBegins)
        after()
      })
    } catch (error) {
      this.#ids.forget()
      throw error
    }
  }

  /** Days on another calendar are made of the hours that there are. */
  recount(dayBegins: DayBegins): void {
    transaction(this.#db, () => {
      const hours = this.#db.prepare<[], Sum & { series: number; at: number }>(
        'select series, at, n, sum, min, max, last, last_at as lastAt from hour order by series, at',
      )
      const days: Sums = new Map()
      for (const { series, at, ...sum } of hours.iterate()) merge(days, series, dayBegins(at), sum)
      const [first] = this.#db.prepare<[], { at: number | null }>('select min(at) as at from hour').all()
      this.#db.prepare<[number]>('delete from day where at >= ?').run(first?.at == null ? 0 : dayBegins(first.at))
      this.#put('day', days)
    })
  }

  /**
   * Drops what is older than its term. @param part of each term: less than 1 where room is short
   * @returns rows that were dropped
   */
  trim(now: number, part = 1): number {
    const ends = { raw: RAW_TERM, minute: MINUTE_TERM, hour: HOUR_TERM, day: DAY_TERM }
    const all = this.#db.prepare<[], { id: number }>('select id from series').all()
    return transaction(this.#db, () =>
      Object.entries(ends).reduce((dropped, [table, term]) => {
        const drop = this.#db.prepare<[number, number]>(`delete from ${table} where series = ? and at < ?`)
        const before = now - term * (table === 'day' ? 1 : part)
        return dropped + all.reduce((sum, { id }) => sum + drop.run(id, before).changes, 0)
      }, 0),
    )
  }

  /** Bytes that are in use; what was dropped is used again before the file grows. */
  get bytes(): number {
    const [pages, free, size] = ['page_count', 'freelist_count', 'page_size'].map(name =>
      Number(this.#db.pragma(name, { simple: true })),
    ) as [number, number, number]
    return (pages - free) * size
  }

  #isNew({ series, at, nth, value }: Sample): boolean {
    return this.#raw.run(series, at, nth, value).changes > 0
  }

  #addUp(samples: readonly Sample[], dayBegins: DayBegins): void {
    const minutes: Sums = new Map()
    for (const { series, at, nth, value } of samples)
      merge(minutes, series, at - (at % MINUTE_MS), pointSum(value, at + nth / 1e6))
    this.#put('minute', minutes)
    const hours = coarser(minutes, at => at - (at % HOUR_MS))
    this.#put('hour', hours)
    this.#put('day', coarser(minutes, dayBegins))
  }

  #put(tier: Tier, sums: Sums): void {
    const statement = this.#tiers[tier]
    for (const [series, list] of sums)
      for (const [at, s] of list) statement.run(series, at, s.n, s.sum, s.min, s.max, s.last, s.lastAt)
  }
}

/** As they lie in the file: neighbours are written together. */
const inOrder = (a: Sample, b: Sample): number => a.series - b.series || a.at - b.at || a.nth - b.nth

const pointSum = (value: number, lastAt: number): Sum => ({
  n: 1,
  sum: value,
  min: value,
  max: value,
  last: value,
  lastAt,
})

function merge(sums: Sums, series: number, at: number, more: Sum): void {
  const list = sums.get(series) ?? new Map<number, Sum>()
  sums.set(series, list)
  const there = list.get(at)
  if (!there) {
    list.set(at, { ...more })
    return
  }
  there.n += more.n
  there.sum += more.sum
  there.min = Math.min(there.min, more.min)
  there.max = Math.max(there.max, more.max)
  if (more.lastAt >= there.lastAt) Object.assign(there, { last: more.last, lastAt: more.lastAt })
}

function coarser(fine: Sums, beginningOf: (at: number) => number): Sums {
  const sums: Sums = new Map()
  for (const [series, list] of fine) for (const [at, sum] of list) merge(sums, series, beginningOf(at), sum)
  return sums
}

const upsert = (db: Db, tier: Tier) =>
  db.prepare<[number, number, number, number, number, number, number, number]>(
    `insert into ${tier} (series, at, n, sum, min, max, last, last_at) values (?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (series, at) do update set n = n + excluded.n, sum = sum + excluded.sum,
       min = min(min, excluded.min), max = max(max, excluded.max),
       last = iif(excluded.last_at >= last_at, excluded.last, last), last_at = max(last_at, excluded.last_at)`,
  )
