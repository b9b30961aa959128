/**
 * Rows of the journal as evidence (hub/ports.ts): a whole span, or a selection with a proof for each row. Read in slices, so
 * that memory stays flat; rows never change, so that nothing has to be locked in between.
 */
import { VigieError } from '../errors.ts'
import type { Evidence, EvidenceHead, EvidenceRow, EvidenceTail } from '../ports.ts'
import { entryOf, GENESIS } from './chain.ts'
import { checkpointOf, checkpointsBetween, newestCheckpoint, type StoredCheckpoint } from './checkpoints.ts'
import { covering, leafHash } from './merkle.ts'
import { nodeHashes } from './merkle-nodes.ts'
import { Prover } from './prover.ts'
import { journalKeys, originOf } from './signing.ts'
import type { Db } from './sql.ts'
import { first, sql } from './sql.ts'

const SLICE = 500
/** Earlier checkpoints that an export carries at most: the closer together, the narrower a damage can be named. */
const CHECKPOINTS = 1_000

export interface EvidenceOptions {
  /** First and last row, both included, `to` at most the size of the newest checkpoint. */
  readonly from: number
  readonly to: number
  /** Kinds whose rows are withheld from whoever asks. */
  readonly hidden?: ReadonlySet<string>
  /** Names for a slice of rows: pseudonym -> who, by row. Absent: no names. */
  readonly names?: (rows: readonly EvidenceRow[]) => readonly EvidenceRow['who'][]
  /** What was looked for, as told in the file. */
  readonly filter?: Readonly<Record<string, unknown>>
  /** Signs what stands now. Asked when payloads are erased by a row newer than the newest checkpoint. @returns its size */
  readonly sign?: () => Promise<number>
}

/** Every row of the span. @throws VigieError journal-damaged; RangeError where no checkpoint covers it */
export function evidenceOfSpan(db: Db, options: EvidenceOptions): Evidence {
  const { from, to } = options
  checkpointFor(db, to)
  const later = new Set<number>()
  return {
    head: headOf(db, options, true),
    slices: spanOf(db, options, later),
    tail: async () => {
      const checkpoint = await covers(db, Math.max(to, ...later), options.sign)
      const right = nodeHashes(db, covering(to, checkpoint.size))
      const earlier = checkpointsBetween(db, from, Math.min(to, checkpoint.size - 1), CHECKPOINTS)
      return { ...tailOf(db, later, checkpoint), right, checkpoints: earlier.map(c => c.note) }
    },
  }
}

/**
 * Some rows, each with its proof: nothing is said about others.
 * @param seqs ascending, in slices; all within `from`..`to`
 */
export function evidenceOfRows(
  db: Db,
  options: EvidenceOptions,
  seqs: Iterable<readonly number[]> | AsyncIterable<readonly number[]>,
): Evidence {
  const checkpoint = checkpointFor(db, options.to)
  const later = new Set<number>()
  return {
    head: headOf(db, options, false),
    slices: rowsOf(db, options, seqs, checkpoint.size, later),
    tail: () => {
      const newest = Math.max(0, ...later)
      if (newest > checkpoint.size)
        throw new VigieError('journal-unavailable', { cause: `row ${newest} is not signed` })
      return tailOf(db, later, checkpoint)
    },
  }
}

function headOf(db: Db, { from, to, filter }: EvidenceOptions, complete: boolean): EvidenceHead {
  const keys = journalKeys(db)
  const before = first(
    db,
    sql
      .selectFrom('journal')
      .select('hash')
      .where('seq', '=', from - 1),
  )
  return {
    ...{ origin: originOf(db), from, to, complete, previous: before?.hash ?? GENESIS },
    left: complete ? nodeHashes(db, covering(0, from - 1)) : [],
    ...(filter && { filter }),
    keys: keys.map(k => k.vkey),
    rotations: keys.flatMap(k => k.note ?? []),
  }
}

/** @throws RangeError where the newest checkpoint does not cover row `seq` */
function checkpointFor(db: Db, seq: number): StoredCheckpoint {
  const checkpoint = newestCheckpoint(db)
  if (!checkpoint || checkpoint.size < seq) throw new RangeError(`no checkpoint covers row ${seq}`)
  return checkpoint
}

async function covers(db: Db, seq: number, sign: EvidenceOptions['sign']): Promise<StoredCheckpoint> {
  const newest = newestCheckpoint(db)
  if ((newest && newest.size >= seq) || !sign) return checkpointFor(db, seq)
  const size = await sign()
  return checkpointOf(db, size) ?? checkpointFor(db, seq)
}

/** `bytes`: commitment, hash and, unless the payload is gone, salt: one buffer instead of three for each row. */
type Stored = readonly [seq: number, at: number, kind: string, bytes: Buffer, body: string | null, by: number | null]
const HASH = 32

const reader = (db: Db) =>
  db
    .prepare<[number, number], Stored>(
      `select j.seq, j.at, j.kind, cast(j.commitment || j.hash || coalesce(p.salt, x'') as blob), p.body, e.row
         from journal j left join journal_payload p on p.seq = j.seq left join erased e on e.seq = j.seq
         where j.seq between ? and ? order by j.seq`,
    )
    .raw()

function* spanOf(db: Db, options: EvidenceOptions, later: Set<number>): Generator<EvidenceRow[]> {
  const read = reader(db)
  for (let seq = options.from; seq <= options.to; seq += SLICE) {
    const end = Math.min(seq + SLICE - 1, options.to)
    const rows = read.all(seq, end)
    if (rows.length !== end - seq + 1) throw damaged(firstMissing(rows, seq), 'the row is missing')
    yield named(
      rows.map(row => evidenceOf(row, options, later)),
      options,
    )
  }
}

async function* rowsOf(
  db: Db,
  options: EvidenceOptions,
  slices: Iterable<readonly number[]> | AsyncIterable<readonly number[]>,
  size: number,
  later: Set<number>,
): AsyncGenerator<EvidenceRow[]> {
  const read = reader(db)
  const prover = new Prover(db, size)
  for await (const seqs of slices) {
    const rows = seqs.flatMap(seq => read.all(seq, seq)).filter(([, , kind]) => !options.hidden?.has(kind))
    // In a selection nothing says that the vouching row is there as well: it is always added.
    const within = { ...options, to: 0 }
    const proven = rows.map(row => ({ ...evidenceOf(row, within, later), proof: prover.proof(row[0]) }))
    yield named(proven, options)
  }
}

function named(rows: EvidenceRow[], { names }: EvidenceOptions): EvidenceRow[] {
  const who = names?.(rows)
  return who ? rows.map((row, i) => (who[i] ? { ...row, who: who[i] } : row)) : rows
}

type Within = Pick<EvidenceOptions, 'to' | 'hidden'>

/** @param later takes the rows after `to` that vouch for an erased one */
function evidenceOf([seq, at, kind, bytes, body, by]: Stored, { to, hidden }: Within, later: Set<number>): EvidenceRow {
  const commitment = bytes.subarray(0, HASH)
  const hash = bytes.subarray(HASH, 2 * HASH)
  if (hidden?.has(kind))
    return { seq, at, kind, commitment, hash, withheld: leafHash(entryOf(seq, at, kind, commitment)) }
  if (body !== null) return { seq, at, kind, commitment, hash, salt: bytes.subarray(2 * HASH), body }
  if (by === null) throw damaged(seq, 'its content is gone')
  if (by > to) later.add(by)
  return { seq, at, kind, commitment, hash, erasedBy: by }
}

function firstMissing(rows: readonly Stored[], from: number): number {
  const gap = rows.findIndex(([seq], i) => seq !== from + i)
  return from + (gap < 0 ? rows.length : gap)
}

const damaged = (row: number, cause: string): VigieError => new VigieError('journal-damaged', { row, cause })

function tailOf(db: Db, later: ReadonlySet<number>, checkpoint: StoredCheckpoint): EvidenceTail {
  const prover = new Prover(db, checkpoint.size)
  const read = reader(db)
  const vouchers = [...later]
    .sort((a, b) => a - b)
    .flatMap(seq => read.all(seq, seq))
    .map(row => ({ ...evidenceOf(row, { to: row[0] }, new Set()), proof: prover.proof(row[0]) }))
  return { vouchers, right: [], checkpoint: checkpoint.note, checkpoints: [] }
}
