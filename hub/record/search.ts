/**
 * Looking for rows of the journal: through the index, newest or oldest first, without a cap and in flat memory. Times are
 * exact whatever the order of writing was. Whoever asks has waited for `index.ready()` first.
 *
 *   const search = resolved(db, filter, hiddenKinds)                   search-filter.ts: names and numbers become pseudonyms
 *   for await (const hits of matching(index, search, { order: 'asc' })) ...
 */
import { setImmediate } from 'node:timers/promises'
import { SPAN_ROWS } from './search-file.ts'
import type { SearchIndex } from './search-index.ts'
import { type Hit, Query, type Search, type Stretch } from './search-query.ts'
import type { Db } from './sql.ts'

export type { Hit, Search, Way } from './search-query.ts'

export interface Walk {
  readonly order: 'asc' | 'desc'
  /** Only rows with a lower seq. */
  readonly before?: number
  /** Only rows with a higher seq. */
  readonly after?: number
  /** Rows of one slice at most; 500 if left out. */
  readonly slice?: number
}

/** Rows looked at in one go: other searches have their turn in between. It grows while nothing is found. */
const STEP_LEAST = 32_768
const STEP_MOST = 1_048_576
const SLICE = 500

/** Every row that fits, slice by slice; none is empty. Rows written meanwhile are left out. @throws VigieError index-behind where the index was made anew */
export async function* matching(index: SearchIndex, search: Search, walk: Walk): AsyncGenerator<readonly Hit[]> {
  const db = index.db
  const query = index.guarded(() => Query.of(db, search))
  if (!query) return
  const limit = walk.slice ?? SLICE
  let step = STEP_LEAST
  for (const stretch of index.guarded(() => stretchesOf(index, search, walk))) {
    for (let left: Stretch | undefined = stretch; left; ) {
      await setImmediate()
      const [part, rest] = cut(left, step, walk.order)
      const hits = index.guarded(() => query.hits(part, walk.order, limit), db)
      if (hits.length > 0) yield hits
      step = hits.length < limit / 4 ? Math.min(STEP_MOST, step * 2) : Math.max(STEP_LEAST, step / 2)
      left = hits.length < limit ? rest : beyond(left, hits.at(-1)!.seq, walk.order)
    }
  }
}

/** Rows that fit by quarter of an hour (since 1970, UTC): midnight on any clock of today lies between two of them. */
export async function quarters(index: SearchIndex, search: Search): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>()
  const db = index.db
  const query = index.guarded(() => Query.of(db, search))
  if (!query) return found
  for (const stretch of index.guarded(() => stretchesOf(index, search, { order: 'asc' }))) {
    for (let left: Stretch | undefined = stretch; left; ) {
      await setImmediate()
      const [part, rest] = cut(left, STEP_MOST, 'asc')
      for (const { quarter, rows } of index.guarded(() => query.quarters(part), db))
        found.set(quarter, (found.get(quarter) ?? 0) + rows)
      left = rest
    }
  }
  return found
}
/** Where rows of that time may be: a few stretches, because the journal is nearly in the order of time. */
function stretchesOf(index: SearchIndex, { from, until }: Search, walk: Omit<Walk, 'slice'>): Stretch[] {
  const first = (walk.after ?? 0) + 1
  const end = Math.min(walk.before ?? Number.MAX_SAFE_INTEGER, index.upTo + 1)
  const found: Stretch[] = []
  if (from === undefined && until === undefined) found.push({ from: first, to: end })
  else for (const slice of slicesIn(index.db, from, until)) join(found, slice, first, end)
  const stretches = found.filter(s => s.from < s.to)
  return walk.order === 'asc' ? stretches : stretches.reverse()
}

const slicesIn = (db: Db, from = Number.MIN_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER): readonly number[] =>
  db
    .prepare<[number, number], { slice: number }>(
      'select slice from span where latest >= ? and earliest < ? order by slice',
    )
    .all(from, until)
    .map(row => row.slice)

function join(found: Stretch[], slice: number, first: number, end: number): void {
  const stretch = { from: Math.max(first, slice * SPAN_ROWS), to: Math.min(end, (slice + 1) * SPAN_ROWS) }
  const last = found.at(-1)
  if (last?.to === stretch.from) found[found.length - 1] = { from: last.from, to: stretch.to }
  else found.push(stretch)
}

/** The part of a stretch that comes first, and what is left of it. */
function cut({ from, to }: Stretch, step: number, order: Walk['order']): [Stretch, Stretch | undefined] {
  if (to - from <= step) return [{ from, to }, undefined]
  if (order === 'asc')
    return [
      { from, to: from + step },
      { from: from + step, to },
    ]
  return [
    { from: to - step, to },
    { from, to: to - step },
  ]
}

function beyond({ from, to }: Stretch, seq: number, order: Walk['order']): Stretch | undefined {
  const left = order === 'asc' ? { from: seq + 1, to } : { from, to: seq }
  return left.from < left.to ? left : undefined
}
