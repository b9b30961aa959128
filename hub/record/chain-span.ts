/**
 * A stretch of the journal, checked by itself: each payload against its commitment, each row against the hash of the row
 * before, each missing payload against the row that vouches for it, each checkpoint against the rows; and the hashes of the
 * Merkle tree, to be joined with those of the stretches before. Written for speed: the hot loop makes few objects.
 */
import { hash } from 'node:crypto'
import type { KeyRotated } from '../events.ts'
import { commit, GENESIS } from './chain.ts'
import type { Bad, Damage } from './chain-damage.ts'
import { readCheckpointText, type StoredCheckpoint } from './checkpoints.ts'
import { nodeHash } from './merkle.ts'
import type { FormerJournal } from './new-origin.ts'
import { readNote, readVerifierKey, signersOf } from './note.ts'
import { isRotation, type JournalKey } from './signing.ts'
import type { Db } from './sql.ts'

/** Rows of a span: 2^14, a whole subtree. */
export const SPAN_LEVEL = 14
export const SPAN_ROWS: number = 2 ** SPAN_LEVEL
const SLICE = 1_000
/** Of the smallest subtrees that are kept. */
const KEPT_ROWS = 256

/** What is the same for every stretch. Crosses threads. */
export interface SpanPlan {
  readonly origin: string
  readonly keys: readonly JournalKey[]
  /** Notes that are not in the database, of this journal under its present or a former name, and signed by it: a witness's. */
  readonly others: readonly { readonly size: number; readonly note: string }[]
  /** Names and keys before a restore. */
  readonly before: readonly FormerJournal[]
}
export interface Span {
  /** First and last seq; `from - 1` is a multiple of SPAN_ROWS. */
  readonly from: number
  readonly to: number
}
export interface SpanResult {
  readonly bad?: Bad
  /** Smallest first; up to the bad row. `fold`: of the stretch's rows up to `size`. Base64. */
  readonly checkpoints: readonly { readonly size: number; readonly fold: string; readonly root: string }[]
  /** Of all its rows; absent where it is bad. Base64. */
  readonly fold?: string
  readonly erased: number
}

/** One consistent read: a hub may go on writing, and erasing, meanwhile. */
export const checkSpan = (db: Db, plan: SpanPlan, span: Span): SpanResult =>
  db.transaction(() => new SpanCheck(db, plan, span).run()).deferred()

/** commitment | hash | salt | body; ends after the hash where the payload is gone, or its salt is no salt. */
type RawRow = readonly [seq: number, at: number, kind: string, bytes: Buffer]
/** Concatenated by the database: one object a row instead of four. Of text, `length` would count characters. */
const ROWS = `select j.seq, j.at, j.kind,
    cast(j.commitment || j.hash || iif(typeof(p.salt) = 'blob' and length(p.salt) = 16, p.salt || p.body, x'') as blob)
  from journal j left join journal_payload p on p.seq = j.seq where j.seq between ? and ? order by j.seq`
const SALT_BYTES = 16
const HASH = 32
const PAYLOAD_AT = 2 * HASH
/** Where the entry begins behind the hash before it, and where the kind begins. */
const KIND_AT = HASH + 18
const NEVER_ERASED: ReadonlySet<string> = new Set(['payloads.erased', 'journal.key-rotated'])

class SpanCheck {
  readonly #db: Db
  readonly #plan: SpanPlan
  readonly #span: Span
  readonly #tree = new SpanTree()
  readonly #vouchers: Vouchers
  readonly #kept: ReadonlyMap<number, Buffer>
  readonly #checkpoints: { size: number; fold: string; root: string }[] = []
  /** hash before | seq | at | length | kind | commitment */
  readonly #bytes = Buffer.alloc(KIND_AT + 65_535 + HASH)
  #erased = 0

  constructor(db: Db, plan: SpanPlan, span: Span) {
    this.#db = db
    this.#plan = plan
    this.#span = span
    this.#vouchers = new Vouchers(db)
    const nodes = db.prepare<[number, number], { idx: number; hash: Buffer }>(
      'select idx, hash from merkle_node where level = 8 and idx >= ? and idx < ?',
    )
    const from = (span.from - 1) / KEPT_ROWS
    this.#kept = new Map(nodes.all(from, from + SPAN_ROWS / KEPT_ROWS).map(n => [n.idx, n.hash]))
  }

  run(): SpanResult {
    const { from, to } = this.#span
    const rows = this.#db.prepare<[number, number], RawRow>(ROWS).raw()
    const marks = this.#marks()
    let due = marks.next()
    this.#bytes.write(this.#before(), 0, HASH, 'latin1')
    for (let next = from; next <= to; next += SLICE) {
      const slice = rows.all(next, Math.min(next + SLICE - 1, to))
      for (const row of slice) {
        if (row[0] !== this.#span.from + this.#tree.count) break
        const cause = this.#row(row)
        if (cause) return this.#ended({ ok: false, row: row[0], cause })
        for (; !due.done && due.value.size === row[0]; due = marks.next()) {
          const wrong = this.#checkpoint(due.value)
          if (wrong) return this.#ended({ ok: false, row: row[0], until: row[0], cause: wrong })
        }
      }
      const seen = from + this.#tree.count
      if (seen <= Math.min(next + SLICE - 1, to))
        return this.#ended({ ok: false, row: seen, cause: 'the row is missing' })
    }
    return this.#ended()
  }

  #ended(bad?: Bad): SpanResult {
    const all = { checkpoints: this.#checkpoints, erased: this.#erased }
    return bad ? { ...all, bad } : { ...all, fold: this.#tree.fold().toString('base64') }
  }

  /** The hash of the row before the first; if that is wrong, the stretch before says so. */
  #before(): string {
    const before = this.#db.prepare<[number], Buffer>('select hash from journal where seq = ?').pluck()
    return (before.get(this.#span.from - 1) ?? GENESIS).toString('latin1')
  }

  #row([seq, at, kind, stored]: RawRow): Damage | undefined {
    const commitment = stored.toString('latin1', 0, HASH)
    if (stored.length === PAYLOAD_AT) {
      if (NEVER_ERASED.has(kind) || !this.#vouchers.vouch(seq)) return 'its content is gone'
      this.#erased += 1
    } else if (hash('sha256', stored.subarray(PAYLOAD_AT), 'binary') !== commitment) return 'its content was changed'
    const bytes = this.#bytes
    writeNumber(bytes, seq, HASH)
    writeNumber(bytes, at, HASH + 8)
    const length = bytes.write(kind, KIND_AT)
    bytes.writeUInt16BE(length, HASH + 16)
    bytes.write(commitment, KIND_AT + length, HASH, 'latin1')
    const end = KIND_AT + length + HASH
    const chain = hash('sha256', bytes.subarray(0, end), 'binary')
    if (chain !== stored.toString('latin1', HASH, PAYLOAD_AT)) return 'it does not follow from the row before'
    // The last byte of the hash before, which has served, is where the leaf's 0x00 goes.
    bytes[HASH - 1] = 0
    this.#tree.push(hash('sha256', bytes.subarray(HASH - 1, end), 'binary'))
    bytes.write(chain, 0, HASH, 'latin1')
    if (kind === 'journal.key-rotated') return this.#rotation(seq, stored)
    return seq % KEPT_ROWS === 0 ? this.#keptNode(seq / KEPT_ROWS - 1) : undefined
  }

  #keptNode(index: number): Damage | undefined {
    const kept = this.#kept.get(index)
    return kept === undefined || kept.toString('latin1') === this.#tree.at(8)
      ? undefined
      : 'a stored hash of the tree does not match its rows'
  }

  #rotation(seq: number, stored: Buffer): Damage | undefined {
    const { keys, origin } = this.#plan.before.find(b => seq <= b.rows) ?? this.#plan
    const { from, to, note } = JSON.parse(stored.toString('utf8', PAYLOAD_AT + SALT_BYTES)) as KeyRotated
    const named = readVerifierKey(from ?? '')?.name
    const at = keys.findIndex(k => k.since === seq)
    const fits = keys[at]?.vkey === to && keys[at]?.note === note && keys[at - 1]?.vkey === from
    // A restored journal has another name; keys that were changed under its former one sign nothing any more.
    return named !== undefined && (fits || named !== origin) && isRotation(note, named, from, to)
      ? undefined
      : 'the change of the signing key is not signed by the key before'
  }

  /** Those of the database and of witnesses, smallest first. */
  *#marks(): Generator<Mark> {
    const { from, to } = this.#span
    const stored = this.#db.prepare<[number, number], StoredCheckpoint>(
      'select size, at, root, head, note from checkpoint where size between ? and ? order by size',
    )
    const others = this.#plan.others.filter(o => o.size >= from && o.size <= to)
    yield* [...stored.all(from, to), ...others].sort((a, b) => a.size - b.size)
  }

  #checkpoint(mark: Mark): Damage | undefined {
    const text = this.#signedText(mark.note, mark.size, 'root' in mark)
    if (!text) return 'a stored checkpoint is not as it was signed'
    const root = text.root.toString('base64')
    if ('root' in mark && !(mark.root.equals(text.root) && mark.head.equals(text.chain) && mark.at === text.time))
      return 'a stored checkpoint is not as it was signed'
    if (text.chain.toString('latin1') !== this.#bytes.toString('latin1', 0, HASH))
      return 'a signed checkpoint does not match: the rows were written anew'
    this.#checkpoints.push({ size: mark.size, fold: this.#tree.fold().toString('base64'), root })
    return undefined
  }

  /** @param stored in the database: then of the present name; a witness may hold those of a former one too */
  #signedText(note: string, size: number, stored: boolean) {
    const read = readNote(note)
    const text = read && readCheckpointText(read.text)
    const former = stored ? [] : this.#plan.before.filter(b => size <= b.rows)
    const journal = [this.#plan, ...former].find(j => j.origin === text?.origin)
    const key = journal?.keys.findLast(k => k.since <= size)
    const by = key && readVerifierKey(key.vkey)
    return by && read && text?.size === size && signersOf(read, [by]) ? text : undefined
  }
}
type Mark = StoredCheckpoint | SpanPlan['others'][number]

function writeNumber(target: Buffer, value: number, offset: number): void {
  target.writeUInt32BE(Math.floor(value / 2 ** 32) >>> 0, offset)
  target.writeUInt32BE((value % 2 ** 32) >>> 0, offset + 4)
}

/** The tree over a stretch: as Range of merkle.ts does it, with strings of 32 characters instead of buffers. */
class SpanTree {
  readonly #levels: string[] = []
  readonly #pair = Buffer.alloc(1 + 2 * HASH, 1)
  count = 0

  push(leaf: string): void {
    let [top, level] = [leaf, 0]
    for (let n = this.count; n % 2 === 1; n = (n - 1) / 2) {
      this.#pair.write(this.#levels[level] as string, 1, HASH, 'latin1')
      this.#pair.write(top, 1 + HASH, HASH, 'latin1')
      top = hash('sha256', this.#pair, 'binary')
      level += 1
      this.#levels[level - 1] = ''
      this.#completed[level] = top
    }
    this.#levels[level] = top
    this.count += 1
  }

  /** The newest whole subtree of each level. */
  readonly #completed: string[] = []
  at(level: number): string | undefined {
    return this.#completed[level]
  }

  /** One hash for all its leaves, the smaller subtrees folded into the larger. @throws RangeError of none */
  fold(): Buffer {
    let right: Buffer | undefined
    for (const hashed of this.#levels) {
      if (hashed === '' || hashed === undefined) continue
      const left = Buffer.from(hashed, 'latin1')
      right = right ? nodeHash(left, right) : left
    }
    if (!right) throw new RangeError('no rows')
    return right
  }
}

/** Whether a row of kind payloads.erased says that a payload is gone: `erased` names the row, and the row names the seq. */
class Vouchers {
  readonly #row
  readonly #voucher
  #known = new Map<number, readonly (readonly [number, number])[]>()

  constructor(db: Db) {
    this.#row = db.prepare<[number], number>('select row from erased where seq = ?').pluck()
    this.#voucher = db.prepare<[number], { commitment: Buffer; salt: Buffer; body: string }>(
      "select j.commitment, p.salt, p.body from journal j join journal_payload p on p.seq = j.seq where j.seq = ? and j.kind = 'payloads.erased'",
    )
  }

  vouch(seq: number): boolean {
    const row = this.#row.get(seq)
    if (row === undefined || row <= seq) return false
    return this.#rangesOf(row).some(([from, to]) => seq >= from && seq <= to)
  }

  #rangesOf(row: number): readonly (readonly [number, number])[] {
    const known = this.#known.get(row)
    if (known) return known
    if (this.#known.size >= KNOWN_VOUCHERS) this.#known = new Map()
    const v = this.#voucher.get(row)
    const sound = v?.commitment.equals(commit(v.salt, v.body)) ? (JSON.parse(v.body) as { ranges: string }).ranges : ''
    const ranges = readRanges(sound)
    this.#known.set(row, ranges)
    return ranges
  }
}
const KNOWN_VOUCHERS = 200

/** `1-5,8,10-12`. */
function readRanges(text: string): readonly (readonly [number, number])[] {
  return text
    .split(',')
    .filter(Boolean)
    .map(part => {
      const [from, to] = part.split('-').map(Number)
      return [from ?? Number.NaN, to ?? from ?? Number.NaN] as const
    })
}
