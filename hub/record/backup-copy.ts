/**
 * A consistent copy of a database that is in use: one read transaction, so that badges go on being written meanwhile. The
 * copy is encrypted like the original, page by page as it is written: nothing plain touches the disk. It is opened and its
 * whole chain verified before it is called a copy.
 */
import { chmodSync, closeSync, openSync, rmSync } from 'node:fs'
import { isVigieError, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { Appender, head as headOf } from './chain.ts'
import { type Verdict, verify } from './chain-verify.ts'
import { checkpointOf, makeCheckpoint } from './checkpoints.ts'
import { type DataFolder, openDatabase } from './database.ts'
import { perform } from './ops.ts'
import { revocations } from './revocations.ts'
import { openSigner, originOf } from './signing.ts'
import { siteId } from './site.ts'
import type { Db } from './sql.ts'

/** What the copy holds, read from the copy itself. */
export interface Copied {
  readonly site: string
  readonly origin: string
  readonly rows: number
  /** Hexadecimal. */
  readonly head: string
  readonly checkpoint: string
  readonly revoked: readonly string[]
}

/** @returns the signed note of exactly what stands in a database that nobody else writes to; kept in it */
export function signAll(db: Db, keyFile: string, at: number): string {
  const size = headOf(db).seq
  const stored = checkpointOf(db, size)
  if (stored) return stored.note
  const made = makeCheckpoint(db, openSigner(db, keyFile), at)
  perform({ db, appender: new Appender(db) }, 'keepCheckpoint', made)
  return made.note
}

/**
 * @param file where the copy goes; must not exist
 * @throws VigieError backup-copy-failed, journal-damaged
 */
export function copyDatabase(folder: DataFolder, file: string, sign: (db: Db) => string): Copied {
  try {
    vacuumInto(folder, file)
    return inspect({ ...folder, file }, sign)
  } catch (error) {
    rmSync(file, { force: true })
    if (isVigieError(error) && error.code !== 'journal-unavailable') throw error
    const cause = isVigieError(error) && error.details.cause !== undefined ? error.details.cause : fileCauseOf(error)
    throw new VigieError('backup-copy-failed', { cause }, { cause: error })
  }
}

/** VACUUM INTO leaves out free pages: what was erased is not in the copy either. */
function vacuumInto(folder: DataFolder, file: string): void {
  closeSync(openSync(file, 'wx', 0o600))
  const db = openDatabase(folder)
  try {
    db.prepare('vacuum into ?').run(file)
  } finally {
    db.close()
  }
  chmodSync(file, 0o600)
}

function inspect(copy: DataFolder, sign: (db: Db) => string): Copied {
  const db = openDatabase(copy)
  try {
    const { rows, head } = checked(db)
    const checkpoint = sign(db)
    return {
      site: siteId(db),
      origin: originOf(db),
      rows,
      head,
      checkpoint,
      revoked: revocations(db),
    }
  } finally {
    db.close() // writes its WAL back: the copy is one file again
  }
}

/** @throws VigieError journal-damaged */
export function checked(db: Db): Extract<Verdict, { ok: true }> {
  const pages = db.pragma('integrity_check', { simple: true })
  if (pages !== 'ok') throw new VigieError('backup-copy-failed', { cause: String(pages) })
  const verdict = verify(db)
  if (!verdict.ok) throw new VigieError('journal-damaged', { row: verdict.row, cause: verdict.cause })
  return verdict
}
