/**
 * A file beside the journal that is derived from it: encrypted like it, and made anew whenever it can't be read. What a
 * power cut takes from it is derived again.
 */
import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import Database from 'better-sqlite3-multiple-ciphers'
import { causeOf } from '../errors.ts'
import type { Db } from './sql.ts'

/** How long one of two processes that write waits for the other, milliseconds. */
const BUSY_MS = 5_000

/** Which file, whose key, and the statements that make its tables where they are not there. */
export interface DerivedOptions {
  readonly file: string
  readonly key: string
  readonly tables: string
  /** One that can't be read is put aside under this ending, in place of being removed: not all of it can be derived again. */
  readonly aside?: string
}
export interface DerivedFile {
  readonly db: Db
  /** Tells this file from another one that took its place. */
  readonly inode: number
}

/** Opens it, or makes it. One that can't be read is made anew. */
export function openDerived(options: DerivedOptions): DerivedFile {
  try {
    return opened(options)
  } catch (error) {
    if (!isDamage(error)) throw error
    discard(options)
    return opened(options)
  }
}

/** @param inode as for removeDerived */
export function discard({ file, aside }: Pick<DerivedOptions, 'file' | 'aside'>, inode?: number): void {
  const there = statSync(file, { throwIfNoEntry: false })
  if (aside !== undefined && there && (inode === undefined || there.ino === inode)) renameSync(file, file + aside)
  removeDerived(file, inode)
}

function opened({ file, key, tables }: DerivedOptions): DerivedFile {
  const db = new Database(file, { timeout: BUSY_MS })
  try {
    db.pragma("cipher = 'sqlcipher'")
    db.pragma(`key = "x'${key}'"`)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('temp_store = MEMORY')
    db.pragma('secure_delete = ON')
    db.pragma('cache_size = -32000')
    db.exec(tables)
    for (const each of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(each)) chmodSync(each, 0o600)
    return { db, inode: statSync(file).ino }
  } catch (error) {
    db.close()
    throw error
  }
}

/** @param inode only if it is that file still: another process may have made it anew already */
export function removeDerived(file: string, inode?: number): void {
  const there = statSync(file, { throwIfNoEntry: false })?.ino
  if (inode !== undefined && there !== undefined && there !== inode) return
  for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each, { force: true })
}

/** What is in the file is not what was written to it, or not all of it: a row that it has already comes again. */
export function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^SQLITE_(CORRUPT|CONSTRAINT|NOTADB|IOERR_SHORT_READ)/.test(code)) return true
  return /not a database|hmac|malformed|no such (table|column)|datatype mismatch/i.test(causeOf(error))
}
