/**
 * The hash chain. Per row: commitment = SHA-256(salt | body), entry = seq | at | kind | commitment, numbers as 64-bit
 * big-endian, kind preceded by its length in bytes; hash = SHA-256(previous hash | entry). `at` is in the entry because a
 * row whose payload was erased must still prove when it was written. The entry is also the leaf of the Merkle tree.
 */
import { randomBytes } from 'node:crypto'
import { digest } from './digest.ts'
import { type Situated, SituationWriter } from './situations.ts'
import type { Db } from './sql.ts'
import { first, sql } from './sql.ts'

export const GENESIS: Buffer = digest(Buffer.from('vigie journal v1'))
const SALT_BYTES = 16

export interface Mark {
  readonly device: string
  readonly seq: number
}

export interface Row {
  readonly at: number
  readonly kind: string
  /** JSON. */
  readonly body: string
  /** Up messages this row stands for: their devices' highest sequence numbers move in the same commit. */
  readonly inbox: readonly Mark[]
  /** Situations that change in the same commit. */
  readonly situations?: Situated
}

export interface Head {
  readonly seq: number
  readonly hash: Buffer
}

export const commit = (salt: Uint8Array, body: string): Buffer => digest(Buffer.concat([salt, Buffer.from(body)]))

/** The row without its payload, as chain and tree hash it. @param kind at most 65,535 bytes */
export function entryOf(seq: number, at: number, kind: string, commitment: Uint8Array): Buffer {
  const length = Buffer.byteLength(kind)
  const entry = Buffer.allocUnsafe(18 + length + commitment.length)
  writeNumber(entry, seq, 0)
  writeNumber(entry, at, 8)
  entry.writeUInt16BE(length, 16)
  entry.write(kind, 18)
  entry.set(commitment, 18 + length)
  return entry
}

/** 64 bits, big-endian. Without BigInt: this is the hot path. @throws RangeError unless 0 <= value < 2^53 */
function writeNumber(target: Buffer, value: number, offset: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('a whole number of at most 53 bits')
  target.writeUInt32BE(Math.floor(value / 2 ** 32), offset)
  target.writeUInt32BE(value % 2 ** 32, offset + 4)
}

export const link = (previous: Uint8Array, seq: number, at: number, kind: string, commitment: Uint8Array): Buffer =>
  digest(Buffer.concat([previous, entryOf(seq, at, kind, commitment)]))

export function head(db: Db): Head {
  const row = first(db, sql.selectFrom('journal').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1))
  return row ?? { seq: 0, hash: GENESIS }
}

/** Prepared once per connection: this is the hot path. */
export class Appender {
  readonly situations: SituationWriter
  readonly #journal
  readonly #payload
  readonly #inbox
  readonly #head

  constructor(db: Db) {
    this.situations = new SituationWriter(db)
    this.#head = db.prepare<[], Head>('select seq, hash from journal order by seq desc limit 1')
    this.#journal = db.prepare('insert into journal (seq, at, kind, commitment, hash) values (?, ?, ?, ?, ?)')
    this.#payload = db.prepare('insert into journal_payload (seq, salt, body) values (?, ?, ?)')
    this.#inbox = db.prepare(
      'insert into inbox (device, seq) values (?, ?) on conflict (device) do update set seq = max(seq, excluded.seq)',
    )
  }

  /** Appends within the caller's transaction. The head is read afresh: another process may have appended. @returns the first row's seq */
  append(rows: readonly Row[]): number {
    const before = this.#head.get() ?? { seq: 0, hash: GENESIS }
    const salts = randomBytes(SALT_BYTES * rows.length)
    let { seq, hash } = before
    for (const [i, row] of rows.entries()) {
      const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES)
      const commitment = commit(salt, row.body)
      seq += 1
      hash = link(hash, seq, row.at, row.kind, commitment)
      this.#journal.run(seq, row.at, row.kind, commitment, hash)
      this.#payload.run(seq, salt, row.body)
      if (row.situations) this.situations.write(row.situations, row.at)
    }
    this.#receive(rows)
    return before.seq + 1
  }

  /** One update per device and batch, whatever the number of its messages. */
  #receive(rows: readonly Row[]): void {
    const highest = new Map<string, number>()
    for (const row of rows)
      for (const m of row.inbox) highest.set(m.device, Math.max(m.seq, highest.get(m.device) ?? 0))
    for (const [device, seq] of highest) this.#inbox.run(device, seq)
  }
}
