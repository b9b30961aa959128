/**
 * A journal of so many rows of a hospital's year, made once and kept; and, as it is made, how fast rows are appended beside
 * plain inserts of the same bytes into an encrypted SQLite file with the same settings, batch by batch in turn.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openDatabase, openFolder } from '#hub/record/database.ts'
import { type Db, transaction } from '#hub/record/sql.ts'
import { type Signable, Stand } from '#hub/test/evidence-stand.ts'
import { hospitalYear } from '#hub/test/year.ts'

/** Rows of a commit, on both sides: what a rush makes of group commit. */
const BATCH = 1_000
const SIGN_EACH = 10_000
/** Beside more than these, plain inserts would fill the disk to say nothing new. */
const PLAIN_ROWS = 1_000_000
/** Whoever is searched for. */
export const SOMEBODY = { id: 'somebody', pseudonym: `p-${(41 * 0x9e3779b1).toString(16).padStart(16, '0')}` }

export interface Ground {
  readonly dir: string
  readonly rows: number
  /** Rows a second. */
  readonly appended: number
  readonly plain: number
}

/** @param cache folder that keeps journals from one run to the next */
export function ground(cache: string, rows: number): Ground {
  const dir = join(cache, `rows-${rows}`)
  const figures = join(dir, 'appended.json')
  if (existsSync(figures)) return JSON.parse(readFileSync(figures, 'utf8')) as Ground
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const made = fill(dir, rows)
  writeFileSync(`${figures}.part`, JSON.stringify(made))
  renameSync(`${figures}.part`, figures)
  return made
}

function fill(dir: string, rows: number): Ground {
  const stand = new Stand(dir)
  const plain = openPlain(join(dir, 'plain'))
  const spent = { ours: 0, plain: 0, plainRows: 0 }
  let done = 0
  for (const batch of batches(rows)) {
    spent.ours += timed(() => stand.append(batch))
    done += batch.length
    if (done <= Math.max(PLAIN_ROWS, BATCH)) {
      const bytes = stored(stand.db, done - batch.length)
      spent.plain += timed(() => plain.insert(bytes))
      spent.plainRows += batch.length
    }
    if (done % SIGN_EACH === 0) stand.sign()
  }
  stand.sign()
  nameSomebody(stand.db)
  plain.close()
  rmSync(join(dir, 'plain'), { recursive: true })
  stand.close()
  return { dir, rows, appended: (rows / spent.ours) * 1000, plain: (spent.plainRows / spent.plain) * 1000 }
}

function* batches(rows: number): Generator<Signable[]> {
  let batch: Signable[] = []
  for (const row of hospitalYear(rows)) {
    batch.push(row)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

const timed = (work: () => void): number => {
  const started = performance.now()
  work()
  return performance.now() - started
}

type Bytes = readonly [
  seq: number,
  at: number,
  kind: string,
  commitment: Buffer,
  hash: Buffer,
  salt: Buffer,
  body: string,
]

const stored = (db: Db, after: number): Bytes[] =>
  db
    .prepare<[number], Bytes>(
      `select j.seq, j.at, j.kind, j.commitment, j.hash, p.salt, p.body from journal j join journal_payload p on p.seq = j.seq
       where j.seq > ? order by j.seq`,
    )
    .raw()
    .all(after)

/** The same bytes in one table, without anything being worked out: what encrypted SQLite can do by itself. */
function openPlain(dir: string): { insert(rows: readonly Bytes[]): void; close(): void } {
  const db = openDatabase(openFolder(dir, ''))
  db.exec(
    'create table plain (seq integer primary key, at integer, kind text, commitment blob, hash blob, salt blob, body text)',
  )
  const insert = db.prepare('insert into plain values (?, ?, ?, ?, ?, ?, ?)')
  return {
    insert: rows =>
      transaction(db, () => {
        for (const row of rows) insert.run(...row)
      }),
    close: () => db.close(),
  }
}

function nameSomebody(db: Db): void {
  const insert = db.prepare('insert into pseudonym (pseudonym, kind, id, label, role) values (?, ?, ?, ?, ?)')
  insert.run(SOMEBODY.pseudonym, 'person', SOMEBODY.id, 'Somebody', 'nurse')
}
