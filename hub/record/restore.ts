/**
 * A data folder from a backup:
 *
 *   clear      what restores into the same place left that were killed
 *   refuse     a folder that holds anything
 *   unpack     beside it, under another name: whatever goes wrong from here on leaves nothing behind
 *   check      files, rows, checkpoint
 *   reconcile  what was revoked since is revoked in it; without word of that nothing is restored
 *   renew      another journal name, no sessions, no codes, nothing half open; a row that says so, and a checkpoint over it
 *   place      under its own name
 *
 * Another journal name: the lost rows and the ones to come would bear the same numbers, and two signed histories under one
 * name are a split view. The same backup may be restored twice, for a drill, while the first hub runs.
 */
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isVigieError, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { clearAbandoned } from './abandoned.ts'
import { signAll } from './backup-copy.ts'
import { DATABASE, type Manifest } from './backup-manifest.ts'
import { Appender } from './chain.ts'
import { takeHubLock } from './database.ts'
import { newOrigin } from './new-origin.ts'
import { readVerifierKey, type VerifierKey } from './note.ts'
import { append, type OpContext } from './op-context.ts'
import { folderOf, openChecked, unpack } from './restore-open.ts'
import { revokeAll } from './restore-revoke.ts'
import type { Witnessed } from './restore-witness.ts'
import { journalKeys, signingKeyFile } from './signing.ts'
import { bump, setMeta } from './site.ts'
import { all, type Db, run, sql, transaction } from './sql.ts'

/** What is known of revocations after the backup. */
export type Known =
  | {
      readonly how: 'witness'
      readonly read: (origin: string, keys: readonly VerifierKey[], rows: number) => Witnessed
    }
  | { readonly how: 'list'; readonly lines: readonly string[] }
  /** `by`: an operator's login, who says that nothing was. */
  | { readonly how: 'stated'; readonly by: string }

export interface RestoreWish {
  /** Of the backup: for words. */
  readonly file: string
  readonly plain: ReadableStream<Uint8Array>
  readonly into: string
  readonly keyFromEnvironment: string
  /** VIGIE_SIGNING_KEY_FILE, or ''. */
  readonly signingKeyFile: string
  readonly by: string
  /** ms */
  readonly at: number
  /** Asked once the backup is known to be good. Undefined: nobody can say. */
  readonly known: (manifest: Manifest) => Promise<Known | undefined>
}
export interface Restored {
  readonly into: string
  readonly site: string
  readonly rows: number
  /** RFC 3339, when the backup was made. */
  readonly created: string
  /** Revocations that the backup did not know. */
  readonly revoked: number
  /** Rows that a witness counts and the backup does not have. */
  readonly lost?: number
  readonly origin: string
  readonly before: string
  /** Verifier keys of the backup's journal, to be compared with what witnesses and exports carry. */
  readonly keys: readonly string[]
}

/** @throws VigieError restore-not-empty, data-in-use, restore-damaged, restore-key-needed, restore-revocations-needed, restore-witness-invalid, file-unwritable */
export async function restore(wish: RestoreWish): Promise<Restored> {
  await clearRestores(wish.into)
  await refuseUsed(wish.into)
  const work = await workFolder(wish.into)
  const held = takeHubLock(work)
  try {
    const manifest = await unpack(wish.plain, work, wish.file)
    const restored = await bringUp(wish, manifest, work)
    await place(work, wish.into)
    return restored
  } catch (error) {
    if (isVigieError(error)) throw error
    throw new VigieError('file-unwritable', { file: wish.into, cause: fileCauseOf(error) }, { cause: error })
  } finally {
    held?.release()
    await rm(work, { recursive: true, force: true })
  }
}

const WORK = '.restoring-'
const besideOf = (into: string): string => `.${basename(into)}${WORK}`

/** They hold what may have been erased since. @throws VigieError file-unwritable */
export async function clearRestores(into: string): Promise<void> {
  try {
    await clearAbandoned(dirname(into), besideOf(into))
    await clearAbandoned(into, WORK)
  } catch (error) {
    throw new VigieError('file-unwritable', { file: into, cause: fileCauseOf(error) }, { cause: error })
  }
}

async function refuseUsed(into: string): Promise<void> {
  const names = await readdir(into).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new VigieError('restore-not-empty', { file: into }, { cause: error })
  })
  const left = names.filter(name => name !== 'lost+found')
  if (left.length === 0) return
  const lock = left.includes('hub.lock') ? takeHubLock(into) : { release: () => undefined }
  if (!lock) throw new VigieError('data-in-use', { file: into })
  lock.release()
  throw new VigieError('restore-not-empty', { file: into })
}

/** Beside the folder, or, where that is a disk of its own, in it: renaming must not copy. */
async function workFolder(into: string): Promise<string> {
  try {
    const parent = dirname(into)
    await mkdir(parent, { recursive: true })
    const [own, beside] = [await stat(into).catch(() => undefined), await stat(parent)] // it may not exist yet
    const apart = own !== undefined && own.dev !== beside.dev
    return await mkdtemp(apart ? join(into, WORK) : join(parent, besideOf(into)))
  } catch (error) {
    throw new VigieError('file-unwritable', { file: into, cause: fileCauseOf(error) }, { cause: error })
  }
}

async function bringUp(wish: RestoreWish, manifest: Manifest, work: string): Promise<Restored> {
  const folder = await folderOf(work, wish.keyFromEnvironment)
  const db = openChecked(folder, manifest, wish.file)
  try {
    const known = await wish.known(manifest)
    if (!known)
      throw new VigieError('restore-revocations-needed', { date: manifest.created.replace('T', ' ').slice(0, 16) })
    const keys = journalKeys(db)
    const { lines, lost } = since(
      known,
      manifest,
      keys.flatMap(k => readVerifierKey(k.vkey) ?? []),
    )
    const by = known.how === 'stated' ? operatorId(db, known.by) : wish.by
    keepNotes(db, work)
    const { revoked, origin } = renew(db, { wish, manifest, known, lines, lost, by })
    signAll(db, signingKeyFile(work, wish.signingKeyFile), wish.at)
    const told = { site: manifest.site, rows: manifest.rows, created: manifest.created, revoked, origin }
    const before = { before: manifest.origin, keys: keys.map(k => k.vkey) }
    return { into: wish.into, ...told, ...before, ...(lost !== undefined && { lost }) }
  } finally {
    db.close()
  }
}

function since(
  known: Known,
  manifest: Manifest,
  keys: readonly VerifierKey[],
): { lines: readonly string[]; lost?: number } {
  if (known.how === 'stated') return { lines: [] }
  if (known.how === 'list') return { lines: known.lines }
  const { revoked, size } = known.read(manifest.origin, keys, manifest.rows)
  return { lines: revoked, lost: size - manifest.rows }
}

/** Who vouches for it stands in the journal by pseudonym. @throws VigieError operator-unknown */
function operatorId(db: Db, login: string): string {
  const [found] = all(db, sql.selectFrom('operator').select('id').where('login', '=', login.toLowerCase()))
  if (!found) throw new VigieError('operator-unknown', { login })
  return found.id
}

/** The notes of the former journal name leave the database, not the folder. */
function keepNotes(db: Db, work: string): void {
  const notes = all(db, sql.selectFrom('checkpoint').select('note').orderBy('size'))
  const file = join(work, `checkpoints-before-${randomBytes(4).toString('hex')}.txt`)
  writeFileSync(file, notes.map(n => `${n.note}\n`).join(''), { mode: 0o600 })
  if (notes.length === 0) rmSync(file)
}

interface Renewal {
  readonly wish: RestoreWish
  readonly manifest: Manifest
  readonly known: Known
  readonly lines: readonly string[]
  readonly lost: number | undefined
  readonly by: string
}

function renew(db: Db, r: Renewal): { revoked: number; origin: string } {
  const { at, file } = r.wish
  const c: OpContext = { db, appender: new Appender(db) }
  return transaction(db, () => {
    const revoked = revokeAll(c, r.lines, at)
    forget(db, at)
    const origin = newOrigin(db)
    const { origin: was, rows } = r.manifest
    const lost = r.lost === undefined ? {} : { lost: r.lost }
    const told = { kind: 'backup.restored', destination: basename(file), by: r.by, rows, revoked, ...lost } as const
    append(c, at, { ...told, known: r.known.how, origin: was })
    return { revoked, origin }
  })
}

/**
 * Sessions and one-time codes were for then. Somebody awaited as a second person, somebody let through and an emergency
 * opening under way are over; what is locked down stays so, and an evacuation waits for a person, as after any start.
 */
function forget(db: Db, at: number): void {
  run(db, sql.deleteFrom('session'))
  // An application that was cut off since, or given another token, does not come back by an older one.
  run(db, sql.updateTable('tenant').set({ token_hash: null }))
  // One that was removed since, or told another secret, is told nothing until somebody has looked.
  run(
    db,
    sql
      .updateTable('webhook')
      .set({ status: 'paused', paused_because: 'restored', paused_at: at })
      .where('status', '=', 'active'),
  )
  // A workstation that was removed since does not come back; what waited for a second person is asked for again.
  run(db, sql.updateTable('station').set({ hash: null, code_hash: null }))
  run(
    db,
    sql.updateTable('approval').set({ state: 'expired', args: null }).where('state', 'in', ['pending', 'approved']),
  )
  run(db, sql.deleteFrom('enrol_code'))
  run(db, sql.deleteFrom('meta').where('key', 'in', ['setup_token', 'applied']))
  run(db, sql.deleteFrom('situation').where('kind', 'in', ['witness', 'passage', 'break-glass']))
  setMeta(db, 'restored_at', String(at))
  bump(db, at)
}

async function place(work: string, into: string): Promise<void> {
  await syncFolder(work)
  if (dirname(work) !== into) {
    await rename(work, into)
    return syncFolder(dirname(into))
  }
  // The database last: without it a hub that starts in between refuses, because its key is there already.
  const names = (await readdir(work)).sort((a, b) => Number(a.startsWith(DATABASE)) - Number(b.startsWith(DATABASE)))
  for (const name of names) await rename(join(work, name), join(into, name))
  await rmdir(work)
  await syncFolder(into)
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
