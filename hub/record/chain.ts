/**
 * The hash chain. Per row: commitment = SHA-256(salt | body), hash = SHA-256(previous hash | seq | at | kind | commitment),
 * numbers as 64-bit big-endian, kind preceded by its length in bytes. `at` is in the hash because a row whose payload was
 * erased must still prove when it was written.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type Situated, SituationWriter } from './situations.ts'
import type { Db } from './sql.ts'
import { first, sql } from './sql.ts'

export const GENESIS: Buffer = createHash('sha256').update('vigie journal v1').digest()
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

export const commit = (salt: Buffer, body: string): Buffer => createHash('sha256').update(salt).update(body).digest()

export function link(previous: Buffer, seq: number, at: number, kind: string, commitment: Buffer): Buffer {
  const name = Buffer.from(kind, 'utf8')
  const numbers = Buffer.alloc(18)
  numbers.writeBigUInt64BE(BigInt(seq), 0)
  numbers.writeBigUInt64BE(BigInt(at), 8)
  numbers.writeUInt16BE(name.length, 16)
  return createHash('sha256').update(previous).update(numbers).update(name).update(commitment).digest()
}

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

export type Verdict =
  | { readonly ok: true; readonly rows: number; readonly head: string }
  | { readonly ok: false; readonly row: number; readonly cause: Damage }
export type Damage =
  | 'the row is missing'
  | 'its content was changed'
  | 'its content is gone'
  | 'it does not follow from the row before'
  | 'the tail was cut: a later payload remains'

/**
 * Walks the whole chain; memory stays flat. The first bad row is named. Nothing erases payloads yet, so a missing one is
 * damage; once something does, a row of its own will vouch for each. One consistent read: a hub that goes on writing
 * meanwhile is no damage.
 */
export const verify = (db: Db): Verdict => db.transaction(() => walk(db)).deferred()

function walk(db: Db): Verdict {
  const rows = db
    .prepare<
      [],
      {
        seq: number
        at: number
        kind: string
        commitment: Buffer
        hash: Buffer
        salt: Buffer | null
        body: string | null
      }
    >(
      'select j.seq, j.at, j.kind, j.commitment, j.hash, p.salt, p.body from journal j left join journal_payload p on p.seq = j.seq order by j.seq',
    )
    .iterate()
  let previous: Head = { seq: 0, hash: GENESIS }
  for (const row of rows) {
    if (row.seq !== previous.seq + 1) return { ok: false, row: previous.seq + 1, cause: 'the row is missing' }
    if (row.salt === null || row.body === null) return { ok: false, row: row.seq, cause: 'its content is gone' }
    if (!commit(row.salt, row.body).equals(row.commitment))
      return { ok: false, row: row.seq, cause: 'its content was changed' }
    if (!link(previous.hash, row.seq, row.at, row.kind, row.commitment).equals(row.hash))
      return { ok: false, row: row.seq, cause: 'it does not follow from the row before' }
    previous = row
  }
  const stray = first(db, sql.selectFrom('journal_payload').select('seq').where('seq', '>', previous.seq).limit(1))
  if (stray) return { ok: false, row: previous.seq + 1, cause: 'the tail was cut: a later payload remains' }
  return { ok: true, rows: previous.seq, head: previous.hash.toString('hex') }
}
