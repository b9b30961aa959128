/** Rows on their way to a log server, and how far each destination has been served. Read in short stretches: doors share the thread. */
import type { VigieEvent } from '../events.ts'
import { lastSeq } from './reading.ts'
import { meta } from './site.ts'
import { all, type Db, first, sql } from './sql.ts'

export interface Queued {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly hash: Buffer
  readonly event: VigieEvent
}

/** Rows looked at, and rows handed over, at a stretch: 2 ms. */
const WINDOW = 2_000
const MOST = 50

/**
 * Rows after `seq`, oldest first, and how far it looked. Without those whose payload was erased, and without readings: they
 * are measurements of a room and tell of nobody, a hundred to a row.
 */
export function queuedAfter(db: Db, seq: number): { readonly rows: readonly Queued[]; readonly upTo: number } {
  const end = Math.min(lastSeq(db), seq + WINDOW)
  const query = sql
    .selectFrom('journal as j')
    .innerJoin('journal_payload as p', 'p.seq', 'j.seq')
    .select(['j.seq', 'j.at', 'j.kind', 'j.hash', 'p.body'])
    .where('j.seq', '>', seq)
    .where('j.seq', '<=', end)
    .where('j.kind', '!=', 'readings')
    .orderBy('j.seq')
    .limit(MOST)
  const rows = all(db, query).map(({ body, ...row }) => ({ ...row, event: JSON.parse(body) as VigieEvent }))
  return { rows, upTo: rows.length === MOST ? (rows.at(-1)?.seq ?? end) : end }
}

/** Undefined for a destination that is new. */
export const servedUpTo = (db: Db, destination: string): number | undefined =>
  first(db, sql.selectFrom('forwarded').select('seq').where('destination', '=', destination))?.seq

export const failingKey = (destination: string): string => `failing ${destination}`
/** Whether the journal holds that it fails, and not yet that it is served again. */
export const isFailing = (db: Db, destination: string): boolean => meta(db, failingKey(destination)) === 'yes'
