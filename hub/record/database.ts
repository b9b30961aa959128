/**
 * Opens the one database of a data folder: SQLCipher format (AES-256-CBC with an HMAC per page, so a changed page is
 * noticed), WAL, every commit on disk before it is acknowledged.
 */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3-multiple-ciphers'
import { causeOf, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { migrate } from './migrations.ts'
import type { Db } from './sql.ts'

/** How long a writer waits for another process before it reports failure, milliseconds. Doors can't wait longer. */
const BUSY_MS = 1_500

export const databaseFile = (dir: string): string => join(dir, 'vigie.db')

export interface DataFolder {
  readonly dir: string
  readonly file: string
  /** 64 hexadecimal digits. */
  readonly key: string
}

/**
 * Makes the folder (owner only) and the key file at first use. The key may come from the environment instead, and then
 * no key file is written.
 * @throws VigieError key-missing when a database is there but its key is not; data-permissions when others may read it;
 *   file-unwritable
 */
export function openFolder(dir: string, keyFromEnvironment: string): DataFolder {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new VigieError('file-unwritable', { file: dir, cause: fileCauseOf(error) }, { cause: error })
  }
  const file = databaseFile(dir)
  return { dir, file, key: keyFromEnvironment || keyFile(join(dir, 'journal.key'), existsSync(file)) }
}

function keyFile(path: string, databaseExists: boolean): string {
  if (!existsSync(path)) {
    if (databaseExists) throw new VigieError('key-missing', { file: path })
    makeKey(path)
  }
  if ((statSync(path).mode & 0o077) !== 0) throw new VigieError('data-permissions', { file: path })
  const key = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(key)) throw new VigieError('key-wrong', { file: path })
  return key
}

/** `wx`: of two programs starting at once, one makes the key and the other reads it. */
function makeKey(path: string): void {
  try {
    const fd = openSync(path, 'wx', 0o600)
    writeSync(fd, `${randomBytes(32).toString('hex')}\n`)
    fsyncSync(fd)
    closeSync(fd)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new VigieError('file-unwritable', { file: path, cause: fileCauseOf(error) }, { cause: error })
  }
}

/** @throws VigieError key-wrong; journal-unavailable where it can't be read, or has to be brought up to date and can't be written */
export function openDatabase(folder: DataFolder, options: { readonly?: boolean } = {}): Db {
  const db = new Database(folder.file, { timeout: BUSY_MS })
  db.pragma("cipher = 'sqlcipher'")
  db.pragma(`key = "x'${folder.key}'"`)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('temp_store = MEMORY')
    db.pragma('secure_delete = ON')
    if (options.readonly) db.pragma('query_only = ON')
    else prepareFiles(db, folder)
  } catch (error) {
    db.close()
    throw /not a database|hmac|encrypted/i.test(causeOf(error))
      ? new VigieError('key-wrong', { file: folder.file }, { cause: error })
      : storageError(error)
  }
  return db
}

/** What the database could not do, as an error of the table; anything else as it came. */
export function storageError(error: unknown): unknown {
  const isStorage = error instanceof Error && 'code' in error && /^SQLITE_/.test(String(error.code))
  return isStorage ? new VigieError('journal-unavailable', { cause: fileCauseOf(error) }, { cause: error }) : error
}

function prepareFiles(db: Db, folder: DataFolder): void {
  migrate(db)
  for (const file of [folder.file, `${folder.file}-wal`, `${folder.file}-shm`])
    if (existsSync(file)) chmodSync(file, 0o600)
}

/**
 * Held for as long as this process lives; the operating system lets go of it when the process dies, however it dies.
 * @returns undefined if another process holds it
 */
export function takeHubLock(dir: string): { release(): void } | undefined {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const db = new Database(join(dir, 'hub.lock'), { timeout: 0 })
  try {
    db.pragma('journal_mode = DELETE')
    db.exec('begin exclusive')
    return { release: () => db.close() }
  } catch (error) {
    db.close()
    if (/locked|busy/i.test(causeOf(error))) return undefined
    throw error
  }
}
