/** Proofs of RFC 9162 from the stored journal: that a row is in a checkpoint, and that one tree continues another. */
import type { ConsistencyProof, RowProof } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { EventKind, VigieEvent } from '../events.ts'
import { entryOf, GENESIS } from './chain.ts'
import { checkpointView, type StoredCheckpoint } from './checkpoints.ts'
import { consistencyPlaces, folded, inclusionPlaces, leafHash, type Place } from './merkle.ts'
import { nodeHashes, rootOf } from './merkle-nodes.ts'
import { lastSeq } from './reading.ts'
import { type Db, first, sql } from './sql.ts'

interface ProvenRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly commitment: Buffer
  readonly hash: Buffer
  readonly salt: Buffer | null
  readonly body: string | null
}

/** Row `seq`, without what was erased of it; undefined where there is none. */
export function rowAt(db: Db, seq: number): { readonly kind: EventKind; readonly event?: VigieEvent } | undefined {
  const query = sql
    .selectFrom('journal as j')
    .leftJoin('journal_payload as p', 'p.seq', 'j.seq')
    .select(['j.kind', 'p.body'])
    .where('j.seq', '=', seq)
  const row = first(db, query)
  if (!row) return undefined
  return { kind: row.kind as EventKind, ...(row.body !== null && { event: JSON.parse(row.body) as VigieEvent }) }
}

/**
 * Row `seq` with the hashes that lead from it to the root of `checkpoint`. One consistent read.
 * @throws VigieError row-unknown where the checkpoint has no such row
 */
export const rowProof = (db: Db, seq: number, checkpoint: StoredCheckpoint): RowProof =>
  db.transaction(() => prove(db, seq, checkpoint)).deferred()

function prove(db: Db, seq: number, checkpoint: StoredCheckpoint): RowProof {
  const row = seq <= checkpoint.size ? rowOf(db, seq) : undefined
  if (!row) throw new VigieError('row-unknown', { row: seq })
  const { at, kind, commitment, hash, salt, body } = row
  const previous =
    first(
      db,
      sql
        .selectFrom('journal')
        .select('hash')
        .where('seq', '=', seq - 1),
    )?.hash ?? GENESIS
  return {
    ...{ seq, at, kind, commitment: commitment.toString('base64'), previous: previous.toString('hex') },
    hash: hash.toString('hex'),
    ...(salt !== null && body !== null && { salt: salt.toString('base64'), body }),
    leaf: leafHash(entryOf(seq, at, kind, commitment)).toString('base64'),
    proof: base64Of(db, inclusionPlaces(seq - 1, checkpoint.size)),
    checkpoint: checkpointView(db, checkpoint),
  }
}

const rowOf = (db: Db, seq: number): ProvenRow | undefined =>
  first(
    db,
    sql
      .selectFrom('journal as j')
      .leftJoin('journal_payload as p', 'p.seq', 'j.seq')
      .select(['j.seq', 'j.at', 'j.kind', 'j.commitment', 'j.hash', 'p.salt', 'p.body'])
      .where('j.seq', '=', seq),
  )

/** Hashes in order of the proof, base64; siblings at the ragged edge folded to one. */
const base64Of = (db: Db, groups: readonly (readonly Place[])[]): string[] =>
  groups.map(group => folded(nodeHashes(db, group)).toString('base64'))

/**
 * That the journal of `to` rows continues the one of `from` rows.
 * @throws VigieError range-inverted; row-unknown where the journal has not as many rows
 */
export function consistency(db: Db, from: number, to: number): ConsistencyProof {
  if (from > to) throw new VigieError('range-inverted')
  if (to > lastSeq(db)) throw new VigieError('row-unknown', { row: to })
  return db
    .transaction(() => ({
      ...{ from, to },
      fromRoot: rootOf(db, from).toString('base64'),
      toRoot: rootOf(db, to).toString('base64'),
      proof: base64Of(db, consistencyPlaces(from, to)),
    }))
    .deferred()
}
