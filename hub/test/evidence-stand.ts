/** A real encrypted journal, filled through the real appender, signed and exported: what tests and campaigns of evidence need. */
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VigieEvent } from '../events.ts'
import { evidenceLines } from '../export/jsonl.ts'
import type { Evidence } from '../ports.ts'
import { Appender } from '../record/chain.ts'
import { makeCheckpoint } from '../record/checkpoints.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { type EvidenceOptions, evidenceOfSpan } from '../record/evidence.ts'
import { missingNodes } from '../record/merkle-nodes.ts'
import { EVIDENCE_OPS } from '../record/ops-evidence.ts'
import { journalKeys, openSigner, prepareRotation, type Signer } from '../record/signing.ts'
import { type Db, transaction } from '../record/sql.ts'
import { hospitalYear } from './year.ts'

const BATCH = 1_000
const NODES_AT_ONCE = 200

export interface Signable {
  readonly at: number
  readonly event: VigieEvent
}

export class Stand {
  readonly dir: string
  readonly db: Db
  readonly #appender: Appender
  #signer: Signer
  #at = Date.UTC(2026, 0, 1)

  /** @param dir kept if it is given; else a temporary folder that close() removes */
  constructor(dir?: string) {
    this.dir = dir ?? mkdtempSync(join(tmpdir(), 'vigie-evidence-'))
    this.#isTemporary = dir === undefined
    this.db = openDatabase(openFolder(this.dir, ''))
    this.#appender = new Appender(this.db)
    this.#signer = openSigner(this.db, this.#keyFile)
  }
  readonly #isTemporary: boolean
  get #keyFile(): string {
    return join(this.dir, 'checkpoint.key.pem')
  }

  close(): void {
    this.db.close()
    if (this.#isTemporary) rmSync(this.dir, { recursive: true })
  }

  /** Verifier keys, oldest first. */
  get keys(): string[] {
    return journalKeys(this.db).map(k => k.vkey)
  }

  append(rows: Iterable<Signable>): void {
    let batch: { at: number; kind: string; body: string; inbox: [] }[] = []
    const write = () => transaction(this.db, () => this.#appender.append(batch))
    for (const { at, event } of rows) {
      this.#at = at
      batch.push({ at, kind: event.kind, body: JSON.stringify(event), inbox: [] })
      if (batch.length < BATCH) continue
      write()
      batch = []
    }
    if (batch.length > 0) write()
  }

  tell(event: VigieEvent): void {
    this.append([{ at: this.#at + 1, event }])
  }

  /** Signs what stands now. @returns the note */
  sign(): string {
    for (
      let nodes = missingNodes(this.db, NODES_AT_ONCE);
      nodes.length > 0;
      nodes = missingNodes(this.db, NODES_AT_ONCE)
    )
      transaction(this.db, () => EVIDENCE_OPS.keepNodes(this.#context, { nodes }))
    const made = makeCheckpoint(this.db, this.#signer, this.#at)
    transaction(this.db, () => EVIDENCE_OPS.keepCheckpoint(this.#context, made))
    return made.note
  }

  rotate(): void {
    const size = (this.db.prepare('select max(size) as size from checkpoint').get() as { size: number }).size
    const { from, to, note, finish } = prepareRotation(this.db, this.#keyFile, size)
    const event = { kind: 'journal.key-rotated', by: 'cli:test', from, to, note } as const
    transaction(this.db, () => EVIDENCE_OPS.rotateKey(this.#context, { at: this.#at, event, file: this.#keyFile }))
    finish()
    this.#signer = openSigner(this.db, this.#keyFile)
  }

  /** As at their term: one row vouches for all of them. */
  erase(seqs: readonly number[]): void {
    transaction(this.db, () => {
      const event = { kind: 'payloads.erased', cause: 'term', ranges: seqs.join(','), count: seqs.length } as const
      const row = this.#appender.append([{ at: this.#at, kind: event.kind, body: JSON.stringify(event), inbox: [] }])
      for (const seq of seqs) {
        this.db.prepare('insert into erased (seq, row) values (?, ?)').run(seq, row)
        this.db.prepare('delete from journal_payload where seq = ?').run(seq)
      }
    })
  }

  /** Of the newest row, ms. */
  get at(): number {
    return this.#at
  }

  get #context() {
    return { db: this.db, appender: this.#appender }
  }

  get rows(): number {
    return (this.db.prepare('select max(seq) as seq from journal').get() as { seq: number | null }).seq ?? 0
  }

  /** The lines of an export of a whole span, everything where none is given. */
  lines(options: Partial<EvidenceOptions> = {}): Promise<string[]> {
    return linesOf(evidenceOfSpan(this.db, { from: 1, to: this.rows, ...options }))
  }
}

/** Every checkpoint, smallest first, as a witness keeps them. */
export const notesOf = (db: Db): string[] =>
  db.prepare<[], string>('select note from checkpoint order by size').pluck().all()

export async function linesOf(evidence: Evidence): Promise<string[]> {
  const lines: string[] = []
  for await (const chunk of evidenceLines(evidence)) lines.push(...chunk.split('\n').slice(0, -1))
  return lines
}

export async function writeEvidence(file: string, evidence: Evidence): Promise<void> {
  const stream = createWriteStream(file, { highWaterMark: 1 << 20 })
  for await (const chunk of evidenceLines(evidence)) if (!stream.write(chunk)) await once(stream, 'drain')
  stream.end()
  await once(stream, 'finish')
}

/** Adds a hospital's year and signs after every `each` rows, at the end as well. */
export function liveYear(stand: Stand, count: number, each: number, seed?: number): void {
  let waiting: Signable[] = []
  for (const row of hospitalYear(count, seed, stand.at)) {
    waiting.push(row)
    if (waiting.length < each) continue
    stand.append(waiting)
    stand.sign()
    waiting = []
  }
  if (waiting.length > 0) stand.append(waiting)
  stand.sign()
}
