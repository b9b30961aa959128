/**
 * The file of the search index: derived from the journal, encrypted like it, and made anew whenever it can't be read. What
 * a power cut takes from it is indexed again.
 */
import { chmodSync, existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3-multiple-ciphers'
import { causeOf } from '../errors.ts'
import type { DataFolder } from './database.ts'
import type { Db } from './sql.ts'

/** Rises with every change of what is indexed, or how: another one's file is made anew. */
export const INDEX_VERSION = '1'
/** How long one of two processes that index waits for the other, milliseconds. */
const BUSY_MS = 5_000

export const searchFile = (dir: string): string => join(dir, 'search.db')

/**
 * `term.rows`: how many rows have it; one that nobody has is deleted, so that no word outlives its last row. `entry.terms`:
 * JSON, ids: how a row is forgotten. `span`: the earliest and latest time in each stretch of SPAN_ROWS rows, because the
 * journal is in the order of writing and not of its times.
 */
const TABLES = `
  create table if not exists term
    (id integer primary key, field text not null, value text not null, rows integer not null, unique (field, value));
  create table if not exists posting
    (term integer not null, seq integer not null, at integer not null, primary key (term, seq)) without rowid;
  create table if not exists entry (seq integer primary key, terms text not null);
  create table if not exists span (slice integer primary key, earliest integer not null, latest integer not null);
  create table if not exists meta (key text primary key, value text not null) without rowid;
`
export const SPAN_ROWS = 1_024

export interface SearchFile {
  readonly db: Db
  /** Tells this file from another one that took its place. */
  readonly inode: number
}

/** Opens it, or makes it. One that can't be read is made anew. */
export function openSearchFile(folder: DataFolder): SearchFile {
  try {
    return opened(folder)
  } catch (error) {
    if (!isDamage(error)) throw error
    removeSearchFile(folder)
    return opened(folder)
  }
}

function opened(folder: DataFolder): SearchFile {
  const file = searchFile(folder.dir)
  const db = new Database(file, { timeout: BUSY_MS })
  try {
    db.pragma("cipher = 'sqlcipher'")
    db.pragma(`key = "x'${folder.key}'"`)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('temp_store = MEMORY')
    db.pragma('secure_delete = ON')
    db.pragma('cache_size = -32000')
    db.exec(TABLES)
    for (const each of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(each)) chmodSync(each, 0o600)
    return { db, inode: statSync(file).ino }
  } catch (error) {
    db.close()
    throw error
  }
}

/** @param inode only if it is that file still: another process may have made it anew already */
export function removeSearchFile(folder: DataFolder, inode?: number): void {
  const file = searchFile(folder.dir)
  if (inode !== undefined && statSync(file, { throwIfNoEntry: false })?.ino !== inode) return
  for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each, { force: true })
}

/** What is in the file is not what was written to it, or not all of it: a row that it has already comes again. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^SQLITE_(CORRUPT|CONSTRAINT|NOTADB|IOERR_SHORT_READ)/.test(code)) return true
  return /not a database|hmac|malformed|no such (table|column)|datatype mismatch/i.test(causeOf(error))
}
