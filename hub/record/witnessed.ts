/** What this hub knows of the journals of others, as their witness; and what others say of this one. */
import { readCosigner } from './cosign.ts'
import { readVerifierKey, type VerifierKey } from './note.ts'
import { all, type Db, first, sql } from './sql.ts'

export interface Watched {
  readonly origin: string
  readonly keys: readonly string[]
  /** Of the newest checkpoint seen, ms and rows; absent where none came yet. */
  readonly at?: number
  readonly size?: number
}
export interface Seen {
  readonly size: number
  readonly note: string
  readonly at: number
}

/** Keys that a journal of that name may sign with; none for one that is unknown. */
export const trustedKeys = (db: Db, origin: string): readonly VerifierKey[] =>
  all(db, sql.selectFrom('witness_key').select('vkey').where('origin', '=', origin)).flatMap(
    ({ vkey }) => readVerifierKey(vkey) ?? [],
  )

/** Keys of hubs whose cosignatures count here. */
export const trustedCosigners = (db: Db) =>
  all(db, sql.selectFrom('witness_key').select('vkey')).flatMap(({ vkey }) => readCosigner(vkey) ?? [])

export const seenOf = (db: Db, origin: string): Seen | undefined =>
  first(db, sql.selectFrom('witness_log').select(['size', 'note', 'at']).where('origin', '=', origin))

/** Every journal with a key, by name. */
export function watched(db: Db): Watched[] {
  const byOrigin = new Map<string, string[]>()
  for (const { origin, vkey } of all(db, sql.selectFrom('witness_key').selectAll().orderBy('added_at')))
    if (readVerifierKey(vkey)) byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), vkey])
  return [...byOrigin].map(([origin, keys]) => {
    const seen = seenOf(db, origin)
    return { origin, keys, ...(seen && { at: seen.at, size: seen.size }) }
  })
}

export const cosignatures = (db: Db) => all(db, sql.selectFrom('cosignature').selectAll().orderBy('destination'))

/** This journal's own signed checkpoints of more than `size` rows and at most `upTo`, smallest first. */
export const notesAfter = (db: Db, size: number, upTo: number, limit: number) =>
  all(
    db,
    sql
      .selectFrom('checkpoint')
      .selectAll()
      .where('size', '>', size)
      .where('size', '<=', upTo)
      .orderBy('size')
      .limit(limit),
  )
