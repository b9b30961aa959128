/** The embedded time series, put together from what record/ and rules/ have for it: in this thread. */
import { setImmediate } from 'node:timers/promises'
import type { VigieEvent } from '../events.ts'
import { dayBegins } from '../flows/journal-times.ts'
import type { DataFolder } from '../record/database.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { type SeriesRow, SeriesStore } from '../record/series-store.ts'
import { type ItemKind, items, revision, siteId } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import { type Point, type PointPlaces, pointsOf } from '../rules/points.ts'
import { type CurveAsked, type CurvePoint, DAY_STEP } from '../rules/series.ts'

const TRIM_MS = 3_600_000
const QUARTER_MS = 900_000
/** A quarter of a year: beginnings of days that are remembered. */
const KNOWN_QUARTERS = 10_000

/** What the thread is told of the hub each time. */
export interface Following {
  readonly now: number
  readonly timeZone: string
  /** What the file may take, megabytes. */
  readonly mostMb: number
}

export class SeriesFollowing {
  readonly store: SeriesStore
  readonly #journal: Db
  readonly #quarters = new Map<number, number>()
  #places: { readonly revision: number; readonly places: PointPlaces } | undefined
  #timeZone = ''
  #trimmed = Number.NEGATIVE_INFINITY
  #closed = false
  /** What part of each term is kept: less than 1 where the file would be larger than it may be. */
  part = 1

  constructor(folder: DataFolder, journal: Db) {
    this.#journal = journal
    this.store = new SeriesStore(folder, journal)
  }

  /** Takes in what the journal has; in slices, others have their turn in between. @throws VigieError series-unwritable */
  async catchUp({ now, timeZone, mostMb }: Following): Promise<void> {
    this.#settle(timeZone)
    while (!this.#closed && this.#slice(now)) await setImmediate()
    if (this.#closed || now - this.#trimmed < TRIM_MS) return
    this.part = this.store.trim(now, mostMb)
    this.#trimmed = now
  }

  /** Oldest first; begins with a whole step. @throws VigieError series-unwritable */
  curve(asked: CurveAsked, timeZone: string): CurvePoint[] {
    this.#settle(timeZone)
    return this.store.curve(this.aligned(asked))
  }

  /** The same, from where its first step begins. */
  aligned(asked: CurveAsked): CurveAsked {
    const { from, step } = asked
    return { ...asked, from: step.name === DAY_STEP.name ? this.dayBegins(from) : from - (from % step.ms) }
  }

  readonly dayBegins = (at: number): number => {
    const quarter = Math.floor(at / QUARTER_MS)
    const known = this.#quarters.get(quarter)
    if (known !== undefined) return known
    if (this.#quarters.size >= KNOWN_QUARTERS) this.#quarters.clear()
    const begins = dayBegins(at, this.#timeZone)
    this.#quarters.set(quarter, begins)
    return begins
  }

  /** What rows of the journal have for a curve. */
  pointsIn(rows: readonly SeriesRow[]): Point[] {
    const places = this.#placesNow()
    return rows.flatMap(({ seq, at, body }) =>
      body === null ? [] : pointsOf({ seq, at, event: JSON.parse(body) as VigieEvent }, places),
    )
  }

  close(): void {
    this.#closed = true
    this.store.close()
  }

  #settle(timeZone: string): void {
    if (timeZone !== this.#timeZone) this.#quarters.clear()
    this.#timeZone = timeZone
    this.store.check(timeZone, this.dayBegins)
  }

  /** @returns false where nothing follows */
  #slice(now: number): boolean {
    const rows = this.store.rowsAfter(this.store.reached.seq)
    const last = rows.at(-1)
    if (!last) return false
    const reached = { seq: last.seq, hash: last.hash.toString('hex') }
    this.store.add({ points: this.pointsIn(rows), reached }, now, this.dayBegins)
    return true
  }

  #placesNow(): PointPlaces {
    const at = revision(this.#journal)
    if (this.#places?.revision !== at) this.#places = { revision: at, places: placesIn(this.#journal) }
    return this.#places.places
  }
}

/** What the site has, and had: a device that was taken away keeps its curve. */
function placesIn(journal: Db): PointPlaces {
  const bodies = <T>(kind: ItemKind): ReadonlyMap<string, T> =>
    new Map(
      [...lastOfWithdrawn(journal, kind), ...items(journal, kind).map(({ id, body }) => [id, body] as const)].map(
        ([id, body]) => [id, JSON.parse(body) as T],
      ),
    )
  const zones = bodies('zone')
  const devices = bodies<{ zone: string }>('device')
  const points = bodies<{ class: string }>('accessPoint')
  return {
    site: siteId(journal),
    zoneOf: id => devices.get(id)?.zone,
    classOf: id => points.get(id)?.class,
    hasZone: id => zones.has(id),
  }
}
