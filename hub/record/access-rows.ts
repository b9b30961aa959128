/**
 * What happened at readers in a span of time, for explanations and dry runs: slice by slice, so that the doors have the
 * event loop in between. The journal is in the order of writing, not of `at`: rows of the spool come later than their
 * time, and clocks are set. So the search begins a little before the span and goes on for a day after it.
 */
import type {
  AccessAwaiting,
  AccessDenied,
  AccessGranted,
  AccessLapsed,
  AccessWithdrawn,
  EventKind,
  Recorded,
} from '../events.ts'
import { type Budget, turn } from './paging.ts'
import { lastSeq } from './reading.ts'
import { all, type Db, sql } from './sql.ts'

export type AccessEvent = AccessGranted | AccessDenied | AccessWithdrawn | AccessAwaiting | AccessLapsed
const ACCESS_KINDS = [
  'access.granted',
  'access.denied',
  'access.withdrawn',
  'access.awaiting',
  'access.lapsed',
] as const satisfies readonly EventKind[]

export interface Span {
  /** Milliseconds since 1970, hub time; `since` inclusive, `until` exclusive. */
  readonly since: number
  readonly until: number
  /** At least 1. */
  readonly limit: number
  /** Only rows with a higher seq: the `next` of the page before. */
  readonly after?: number
}
export interface AccessPage {
  /** In the order of writing; fewer than asked for, or none, where the budget ended before the span. */
  readonly rows: readonly Recorded<AccessEvent>[]
  /** `after` of the next page; absent once the whole span has been looked at. */
  readonly next?: number
}

/** Payloads are read of matching rows only: 5,000 rows take about 10 ms where all of them match. */
const BUDGET: Budget = { rows: 5_000, slices: 40 }
/** How late a row may be written, milliseconds: by the spool. */
const LATE_MS = 86_400_000
/** How far a clock is set back in ordinary operation, milliseconds. */
export const SET_BACK_MS = 3_600_000
/** Rows looked at to tell the time at a place in the journal: the newest of them is right, drained ones are older. */
const ABOUT = 500

export async function accessEvents(db: Db, span: Span, budget = BUDGET): Promise<AccessPage> {
  const { since, until, limit, after } = span
  const rows: Recorded<AccessEvent>[] = []
  const end = seqNear(db, until + LATE_MS)
  let from = after === undefined ? seqNear(db, since - SET_BACK_MS) : after + 1
  for (let slices = 0; slices < budget.slices && from < end && rows.length < limit; slices++) {
    await turn()
    const to = Math.min(from + budget.rows, end)
    rows.push(...slice(db, { since, until, from, to, limit: limit - rows.length }))
    from = rows.length < limit ? to : rows.at(-1)!.seq + 1
  }
  return from < end ? { rows, next: from - 1 } : { rows }
}

/** Rows `from` (inclusive) to `to` (exclusive). */
function slice(
  db: Db,
  { since, until, from, to, limit }: { since: number; until: number; from: number; to: number; limit: number },
): Recorded<AccessEvent>[] {
  const query = sql
    .selectFrom('journal as j')
    .innerJoin('journal_payload as p', 'p.seq', 'j.seq')
    .select(['j.seq', 'j.at', 'p.body'])
    .where('j.seq', '>=', from)
    .where('j.seq', '<', to)
    .where('j.kind', 'in', [...ACCESS_KINDS])
    .where('j.at', '>=', since)
    .where('j.at', '<', until)
    .orderBy('j.seq')
    .limit(limit)
  return all(db, query).map(({ seq, at, body }) => ({ seq, at, event: JSON.parse(body) as AccessEvent }))
}

/** Every row before this one was written before `time`, by the clock of the hub; by halving, a millisecond or two. */
export function seqNear(db: Db, time: number): number {
  const newest = db.prepare<[number, number], { at: number | null }>(
    'select max(at) as at from journal where seq > ? and seq <= ?',
  )
  let [low, high] = [1, lastSeq(db) + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((newest.get(middle - ABOUT, middle)?.at ?? Number.NEGATIVE_INFINITY) < time) low = middle + 1
    else high = middle
  }
  return low
}
