/** Outside stores of time series: which there are, and how points get to them, in this thread. */
import { setTimeout as later } from 'node:timers/promises'
import { causeOf } from '../errors.ts'
import { type Batch, PointsShipped, type Trouble } from '../flows/points-shipped.ts'
import { type Reached, SinkLog } from '../record/series-sinks.ts'
import type { Point } from '../rules/points.ts'
import type { StoreName } from '../rules/series.ts'
import { Influx1, type Influx1Options } from '../series/influx1.ts'
import { Influx2, type Influx2Options } from '../series/influx2.ts'
import type { OutsideStore } from '../series/store.ts'
import type { SeriesFollowing } from './series-following.ts'

/** Across threads. */
export type StoreTold =
  | ({ readonly name: 'influx1' } & Influx1Options)
  | ({ readonly name: 'influx2' } & Influx2Options)
export interface ShippingState {
  readonly name: StoreName
  readonly place: string
  /** Rows of the journal. */
  readonly behind: number
  readonly aside: number
  readonly trouble?: Trouble
}

/** Points of a batch, or rows where there are few points in them; rows are looked at in stretches. */
const BATCH_POINTS = 5_000
const BATCH_ROWS = 5_000
const STRETCH_ROWS = 250
const HOUR_MS = 3_600_000
/** Rows that waited in a spool come a little after their hour. */
const GRACE_MS = 300_000

export const openStore = (told: StoreTold): OutsideStore =>
  told.name === 'influx1' ? new Influx1(told) : new Influx2(told)

export class Shipping {
  readonly store: OutsideStore
  readonly #following: SeriesFollowing
  readonly #log: SinkLog
  readonly #flow: PointsShipped<Reached>
  readonly #ends = new AbortController()
  #now = 0
  /** The hub's own fault, if it had one. */
  broken: string | undefined

  constructor(store: OutsideStore, following: SeriesFollowing) {
    this.store = store
    this.#following = following
    this.#log = new SinkLog(following.store, store.place)
    this.#flow = new PointsShipped<Reached>({
      next: after => this.#next(after ?? this.#log.reached),
      write: points => store.write(points),
      keep: ({ points, reached }, refused) => this.#log.keep(points, reached, refused, this.#now),
      missing: () => this.#log.lacking(this.#over),
      settled: refused => this.#log.settle(this.#over, refused, this.#now),
      pause: ms => later(ms, undefined, { signal: this.#ends.signal }).catch(() => undefined),
      random: Math.random,
      now: () => this.#now,
    })
  }

  get state(): ShippingState {
    const { trouble } = this.#flow
    const behind = Math.max(0, this.#following.store.newestSeq - this.#log.reached.seq)
    return {
      name: this.store.name,
      place: this.store.place,
      behind,
      aside: this.#log.aside,
      ...(trouble && { trouble }),
    }
  }

  /** @param now of the hub, ms */
  wake(now: number): void {
    this.#now = now
    this.broken = undefined
    this.#flow.wake(error => {
      this.broken = causeOf(error)
    })
  }

  async stop(): Promise<void> {
    this.#ends.abort()
    const stopped = this.#flow.stop()
    this.store.close()
    await stopped
  }

  /** Hours before this are over. */
  get #over(): number {
    const at = this.#now - GRACE_MS
    return at - (at % HOUR_MS)
  }

  /** Only what the embedded store has: what it adds up to is compared, hour by hour. */
  #next(after: Reached): Batch<Reached> | undefined {
    const { store } = this.#following
    const upTo = store.reached.seq
    const points: Point[] = []
    let reached = after
    for (let rows = 0; rows < BATCH_ROWS && points.length < BATCH_POINTS; rows += STRETCH_ROWS) {
      const stretch = store.rowsAfter(reached.seq, upTo, STRETCH_ROWS)
      const last = stretch.at(-1)
      if (!last) break
      for (const point of this.#following.pointsIn(stretch)) points.push(point)
      reached = { seq: last.seq, hash: last.hash.toString('hex') }
    }
    return reached === after ? undefined : { points, reached }
  }
}
