/**
 * Payloads that go: in the transaction that appends the row that vouches for them, so that a payload is never missing
 * without one. And reading those that are there, slice by slice.
 */
import type { PayloadsErased } from '../events.ts'
import { holdsInForce } from './holds.ts'
import { append, type OpContext } from './op-context.ts'
import { item } from './site.ts'
import type { Db } from './sql.ts'

const NEVER_ERASED: ReadonlySet<string> = new Set(['payloads.erased', 'journal.key-rotated'])

export interface PayloadRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  /** JSON. */
  readonly body: string
}

/** Rows that have their payload, with a higher seq than `after`, in order. */
export const payloadsAfter = (db: Db, after: number, limit: number): PayloadRow[] =>
  db
    .prepare<[number, number], PayloadRow>(
      'select p.seq, j.at, j.kind, p.body from journal_payload p join journal j on j.seq = p.seq where p.seq > ? order by p.seq limit ?',
    )
    .all(after, limit)

/**
 * The same of a stretch of the journal, only those written by `at` (ms since 1970): the journal is in the order of writing,
 * which is not always that of its times. @param from, to seqs, both inclusive
 */
export const payloadsBy = (db: Db, at: number, from: number, to: number): PayloadRow[] =>
  db
    .prepare<[number, number, number], PayloadRow>(
      `select p.seq, j.at, j.kind, p.body from journal_payload p join journal j on j.seq = p.seq
       where p.seq between ? and ? and j.at <= ? order by p.seq`,
    )
    .all(from, to, at)

/**
 * The same of a stretch of the journal, only those whose body holds one of these texts (1 to 100 of them). Case counts.
 * @param from, to seqs, both inclusive
 */
export function payloadsWith(db: Db, texts: readonly string[], from: number, to: number): PayloadRow[] {
  const any = texts.map(() => 'instr(p.body, ?) > 0').join(' or ')
  return db
    .prepare<unknown[], PayloadRow>(
      `select p.seq, j.at, j.kind, p.body from journal_payload p join journal j on j.seq = p.seq
       where p.seq between ? and ? and (${any}) order by p.seq`,
    )
    .all(from, to, ...texts)
}

/** What an answer about retention rests on: it changes with every hold, and with the house rules. */
export const retentionBasis = (db: Db): string =>
  [item(db, 'site', 'site')?.revision ?? 0, ...holdsInForce(db).map(h => h.id)].join()

export interface Erasure {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly cause: PayloadsErased['cause']
  readonly purpose?: string
  readonly request?: string
  readonly seqs: readonly number[]
  /** Of the answer by which these are to go. */
  readonly basis: string
}

/**
 * @returns how many went: those that are gone already don't count; false, with nothing written, if a hold was placed or a
 *   term changed since
 */
export function erasePayloads(c: OpContext, { at, basis, seqs, ...why }: Erasure): number | false {
  if (retentionBasis(c.db) !== basis) return false
  const kind = c.db.prepare<[number], string>(
    'select j.kind from journal_payload p join journal j on j.seq = p.seq where p.seq = ?',
  )
  const there = kind.pluck()
  const going = [...new Set(seqs)]
    .filter(seq => !NEVER_ERASED.has(there.get(seq) ?? 'payloads.erased'))
    .sort((a, b) => a - b)
  if (going.length === 0) return 0
  const row = append(c, at, { kind: 'payloads.erased', ranges: rangesText(going), count: going.length, ...why })
  const vouch = c.db.prepare('insert into erased (seq, row) values (?, ?)')
  const drop = c.db.prepare('delete from journal_payload where seq = ?')
  for (const seq of going) {
    vouch.run(seq, row)
    drop.run(seq)
  }
  return going.length
}

/** `1-5,8,10-12`. @param seqs ascending, none twice */
export function rangesText(seqs: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last && last[1] === seq - 1) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join()
}

/** What was deleted leaves the write-ahead log. @returns false where somebody was reading: a later call does it */
export function cleanLog(db: Db): boolean {
  const [{ busy } = { busy: 1 }] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  return busy === 0
}
