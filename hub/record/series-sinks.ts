/** How far each outside store has come, what it was sent of each hour, and what it never took. */
import type { Measurement, Point } from '../rules/points.ts'

export type { Reached } from './series-store.ts'

import { SeriesIds } from './series-ids.ts'
import type { Reached, SeriesStore } from './series-store.ts'
import { type Db, transaction } from './sql.ts'

const HOUR_MS = 3_600_000
/** Of a part of what hours lack. */
const PART = 5_000
/** Newest ones that are kept to be looked at; all are counted. */
const ASIDE_KEPT = 1_000
/** Where what an hour lacked lies within it: where no point of a row does. */
const LAST_NTH = 999_999

interface Aside {
  readonly reason: string
  readonly points: readonly Point[]
}
interface Lacking {
  readonly series: number
  readonly at: number
  readonly n: number
  readonly sum: number
  readonly measurement: Measurement
  readonly field: string
  readonly tags: string
}

export class SinkLog {
  readonly #store: SeriesStore
  readonly #name: string
  #ids: { readonly db: Db; readonly ids: SeriesIds } | undefined

  /** @param name of the store and where it is: another place begins at the beginning */
  constructor(store: SeriesStore, name: string) {
    this.#store = store
    this.#name = name
  }

  get reached(): Reached {
    return this.#store.guarded(() => this.#row() ?? { seq: 0, hash: '' })
  }
  /** Points that it never took, since the beginning. */
  get aside(): number {
    return this.#store.guarded(() => {
      const count = this.#store.db.prepare<[string], { n: number | null }>(
        'select sum(points) as n from aside where sink = ?',
      )
      return count.get(this.#name)?.n ?? 0
    })
  }

  /** In one transaction: what was sent, what of it was not taken, and how far it is. */
  keep(points: readonly Point[], reached: Reached, refused: readonly Aside[], now: number): void {
    this.#writing(db => {
      const sent = db.prepare<[string, number, number, number, number]>(
        `insert into sent (sink, series, hour, n, sum) values (?, ?, ?, ?, ?)
         on conflict (sink, series, hour) do update set n = n + excluded.n, sum = sum + excluded.sum`,
      )
      for (const [series, hours] of hoursOf(this.#idsIn(db), points))
        for (const [hour, { n, sum }] of hours) sent.run(this.#name, series, hour, n, sum)
      this.#setAside(db, refused, now)
      db.prepare<[string, number, string]>(
        `insert into sink (name, seq, hash, settled) values (?, ?, ?, 0)
         on conflict (name) do update set seq = excluded.seq, hash = excluded.hash`,
      ).run(this.#name, reached.seq, reached.hash)
    })
  }

  /**
   * What the embedded store has of hours before `until`, and this one was never sent: as one point an hour and series, where
   * the sum or the mean of what is lacking stands. Days stand for hours that are past their term.
   */
  *lacking(until: number): Iterable<readonly Point[]> {
    const settled = this.#row()?.settled ?? 0
    if (settled >= until) return
    for (let after: readonly [number, number] = [-1, 0]; ; ) {
      const rows = this.#part(settled, until, after)
      const last = rows.at(-1)
      if (!last) return
      yield rows.map(pointOf)
      after = [last.series, last.at]
    }
  }

  /** Hours before `until` lack nothing any more. */
  settle(until: number, refused: readonly Aside[], now: number): void {
    this.#writing(db => {
      this.#setAside(db, refused, now)
      db.prepare<[number, string]>('update sink set settled = max(settled, ?) where name = ?').run(until, this.#name)
      db.prepare<[string, number]>('delete from sent where sink = ? and hour < ?').run(this.#name, until)
    })
  }

  /** Another file has other numbers. */
  #idsIn(db: Db): SeriesIds {
    if (this.#ids?.db !== db) this.#ids = { db, ids: new SeriesIds(db) }
    return this.#ids.ids
  }

  #row(): (Reached & { readonly settled: number }) | undefined {
    const find = this.#store.db.prepare<[string], Reached & { settled: number }>(
      'select seq, hash, settled from sink where name = ?',
    )
    return find.get(this.#name)
  }

  #part(settled: number, until: number, [series, at]: readonly [number, number]): readonly Lacking[] {
    const query = this.#store.db.prepare<[object], Lacking>(
      `with spans as (
         select series, at, n, sum from hour where at >= @settled and at < @until
         union all
         select series, at, n, sum from day where at >= @settled and at < (select min(at) - 86400000 from hour))
       select h.series, h.at, h.n - coalesce(s.n, 0) as n, h.sum - coalesce(s.sum, 0) as sum,
         series.measurement, series.field, series.tags
       from spans h join series on series.id = h.series
       left join sent s on s.sink = @sink and s.series = h.series and s.hour = h.at
       where h.n > coalesce(s.n, 0) and (h.series, h.at) > (@series, @at)
       order by h.series, h.at limit ${PART}`,
    )
    return query.all({ settled, until, sink: this.#name, series, at })
  }

  #setAside(db: Db, refused: readonly Aside[], now: number): void {
    const put = db.prepare<[string, number, string, number, string]>(
      'insert into aside (sink, at, reason, points, sample) values (?, ?, ?, ?, ?)',
    )
    for (const { reason, points } of refused)
      put.run(this.#name, now, reason.slice(0, 300), points.length, JSON.stringify(points[0] ?? null))
    if (refused.length > 0) this.#gather(db)
  }

  /** Older ones are one line, with their number. */
  #gather(db: Db): void {
    const before = db.prepare<[string], { id: number }>(
      `select id from aside where sink = ? order by id desc limit 1 offset ${ASIDE_KEPT}`,
    )
    const last = before.get(this.#name)?.id
    if (last === undefined) return
    db.prepare<[string, number]>(
      `update aside set points = (select sum(points) from aside o where o.sink = aside.sink and o.id <= aside.id)
       where sink = ? and id = ?`,
    ).run(this.#name, last)
    db.prepare<[string, number]>('delete from aside where sink = ? and id < ?').run(this.#name, last)
  }

  #writing(work: (db: Db) => void): void {
    this.#store.guarded(() => {
      const { db } = this.#store
      try {
        transaction(db, () => work(db))
      } catch (error) {
        this.#ids = undefined // series of a transaction that came to nothing
        throw error
      }
    })
  }
}

interface Sum {
  n: number
  sum: number
}
function hoursOf(ids: SeriesIds, points: readonly Point[]): ReadonlyMap<number, ReadonlyMap<number, Sum>> {
  const all = new Map<number, Map<number, Sum>>()
  for (const { series, at, value } of ids.samplesOf(points)) {
    const hours = all.get(series) ?? new Map<number, Sum>()
    all.set(series, hours)
    const hour = at - (at % HOUR_MS)
    const sum = hours.get(hour) ?? { n: 0, sum: 0 }
    sum.n += 1
    sum.sum += value
    hours.set(hour, sum)
  }
  return all
}

/** Counts add up; of what was measured the mean stands for all. */
function pointOf({ at, n, sum, measurement, field, tags }: Lacking): Point {
  const value = /(^|_)count$/.test(field) ? sum : sum / n
  return { measurement, at, nth: LAST_NTH, tags: JSON.parse(tags) as Point['tags'], fields: { [field]: value } }
}
