/**
 * A backup of the data folder to one or more destinations:
 *
 *   room      on the disk of the data for all that will be written to it; a folder there that has none gets no backup
 *   copy      the database as it stands, encrypted, in a folder of its own beside it; verified and signed
 *   describe  what goes in, with its hashes: the database, its keys, the certificate authority
 *   write     to each destination: under another name, read back, then named; one that fails stops no other
 *   clear     the copy goes, whatever happened
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, type ErrorCode, isVigieError, VigieError } from '../errors.ts'
import { clearAbandoned } from './abandoned.ts'
import { type Copied, copyDatabase, signAll } from './backup-copy.ts'
import { type SealFile, type WrittenBackup, writeBackup } from './backup-file.ts'
import { COPY_PREFIX, DATABASE, JOURNAL_KEY, type Manifest, RECIPIENT, SIGNING_KEY } from './backup-manifest.ts'
import { described, exists, filesBelow, type Source } from './backup-pack.ts'
import { copyBytes, type DiskOf, diskOf, FULL, withoutRoom } from './backup-room.ts'
import { type DataFolder, takeHubLock } from './database.ts'

export interface BackupWish {
  readonly folder: DataFolder
  /** Of the signing key. */
  readonly keyFile: string
  readonly destinations: readonly string[]
  /** ms */
  readonly at: number
}
export type BackupOutcome =
  | ({
      readonly destination: string
      readonly at: number
      readonly rows: number
      readonly origin: string
    } & WrittenBackup)
  | {
      readonly destination: string
      readonly code?: ErrorCode
      readonly details?: VigieError['details']
      readonly cause: string
    }

/** @throws VigieError backup-copy-failed, journal-damaged: then there is no backup anywhere */
export async function makeBackup(wish: BackupWish, seal: SealFile, disk: DiskOf = diskOf): Promise<BackupOutcome[]> {
  const { folder, destinations } = wish
  await clearCopies(folder.dir)
  const keys = await besides(folder.dir)
  const refused = await withoutRoom(
    { dir: folder.dir, copy: copyBytes(folder.file), beside: await bytesOf(keys), destinations },
    disk,
  )
  if (!refused) throw new VigieError('backup-copy-failed', { cause: FULL })
  const rest = destinations.filter(d => !refused.has(d))
  const made = rest.length > 0 ? await copied({ ...wish, destinations: rest }, keys, seal) : []
  return destinations.map(d => made.find(o => o.destination === d) ?? withoutRoomIn(d))
}

const withoutRoomIn = (destination: string): BackupOutcome => {
  const error = new VigieError('backup-unwritable', { file: destination, cause: FULL })
  return { destination, cause: causeOf(error), code: error.code, details: error.details }
}

async function bytesOf(sources: readonly Source[]): Promise<number> {
  let bytes = 0
  for (const { path } of sources) bytes += (await stat(path)).size
  return bytes
}

async function copied(wish: BackupWish, keys: readonly Source[], seal: SealFile): Promise<BackupOutcome[]> {
  const { folder, keyFile, at } = wish
  const own = await mkdtemp(join(folder.dir, COPY_PREFIX))
  const held = takeHubLock(own)
  try {
    const path = join(own, DATABASE)
    const copied = copyDatabase(folder, path, db => signAll(db, keyFile, at))
    const sources = [{ name: DATABASE, path }, ...keys]
    const manifest = await manifestOf(copied, sources, at)
    const outcomes: BackupOutcome[] = []
    for (const destination of wish.destinations) outcomes.push(await one(destination, manifest, sources, at, seal))
    return outcomes
  } finally {
    held?.release()
    await rm(own, { recursive: true, force: true })
  }
}

/** A key that comes from the environment, or lies elsewhere, is kept apart by whoever put it there. */
async function besides(dir: string): Promise<Source[]> {
  const single = [JOURNAL_KEY, SIGNING_KEY, RECIPIENT].map(name => ({ name, path: join(dir, name) }))
  const there = await Promise.all(single.map(s => exists(s.path)))
  return [...single.filter((_, i) => there[i]), ...(await filesBelow(dir, 'pki'))]
}

async function manifestOf(copied: Copied, sources: readonly Source[], at: number): Promise<Manifest> {
  const created = new Date(at).toISOString()
  return { vigie: 'backup', version: 1, ...copied, created, files: await described(sources) }
}

async function one(
  destination: string,
  manifest: Manifest,
  sources: readonly Source[],
  at: number,
  seal: SealFile,
): Promise<BackupOutcome> {
  try {
    const written = await writeBackup(destination, manifest, sources, seal)
    return { destination, at, rows: manifest.rows, origin: manifest.origin, ...written }
  } catch (error) {
    const known = isVigieError(error) ? { code: error.code, details: error.details } : {}
    return { destination, cause: causeOf(error), ...known }
  }
}

/**
 * Copies that a process left which died: the lock each one holds on its own went with it. They hold what may have been erased
 * since, and take the room of the next one.
 */
export const clearCopies = (dir: string): Promise<void> => clearAbandoned(dir, COPY_PREFIX)
