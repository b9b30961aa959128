/**
 * The journal page by page, for readers on the hub's own thread. A filter may match one row in a million, so it looks at
 * a slice of rows at a time and lets the doors have the event loop in between.
 */
import { setImmediate } from 'node:timers/promises'
import type { Recorded } from '../events.ts'
import { type EventFilter, events, lastSeq } from './reading.ts'
import type { Db } from './sql.ts'

export type PageFilter = Pick<
  EventFilter,
  'before' | 'limit' | 'kinds' | 'except' | 'zone' | 'device' | 'zones' | 'points' | 'own'
>
/** How much one page may look at: rows at a stretch, and stretches. */
export interface Budget {
  readonly rows: number
  readonly slices: number
}
export interface Page {
  /** Newest first; fewer than asked for, or none, where the budget ended before the journal. */
  readonly rows: readonly Recorded[]
  /** `before` of the next page; absent once the journal's first row has been looked at. */
  readonly next?: number
}

/** 2,000 rows take about 5 ms with their payloads; 100 times that, 200,000 rows, are days of a busy site. */
const BUDGET: Budget = { rows: 2_000, slices: 100 }

/** @param filter `limit` is at least 1 */
export async function page(db: Db, { before, limit, ...filter }: PageFilter, budget = BUDGET): Promise<Page> {
  const found: Recorded[] = []
  let end = Math.min(before ?? Number.MAX_SAFE_INTEGER, lastSeq(db) + 1)
  for (let slices = 0; slices < budget.slices && end > 1 && found.length < limit; slices++) {
    await turn()
    const from = Math.max(end - budget.rows, 1)
    // One more than asked for tells whether there is a next page.
    found.push(...events(db, { ...filter, from, before: end, limit: limit + 1 - found.length }))
    end = from
  }
  const rows = found.slice(0, limit)
  if (found.length > limit) return { rows, next: rows.at(-1)!.seq }
  return end > 1 ? { rows, next: end } : { rows }
}

let turns: Promise<unknown> = Promise.resolve()
/** One slice each time round the event loop, however many pages are being read: they take turns. */
export function turn(): Promise<unknown> {
  turns = turns.then(() => setImmediate())
  return turns
}
