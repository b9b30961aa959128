/**
 * A backup of the data folder to one or more destinations:
 *
 *   copy      the database as it stands, encrypted, in a folder of its own beside it; verified and signed
 *   describe  what goes in, with its hashes: the database, its keys, the certificate authority
 *   write     to each destination: under another name, read back, then named; one that fails stops no other
 *   clear     the copy goes, whatever happened
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, type ErrorCode, isVigieError, type VigieError } from '../errors.ts'
import { type Copied, copyDatabase, signAll } from './backup-copy.ts'
import { type SealFile, type WrittenBackup, writeBackup } from './backup-file.ts'
import { COPY_PREFIX, DATABASE, JOURNAL_KEY, type Manifest, RECIPIENT, SIGNING_KEY } from './backup-manifest.ts'
import { described, exists, filesBelow, type Source } from './backup-pack.ts'
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
export async function makeBackup(wish: BackupWish, seal: SealFile): Promise<BackupOutcome[]> {
  const { folder, keyFile, at } = wish
  await clearCopies(folder.dir)
  const own = await mkdtemp(join(folder.dir, COPY_PREFIX))
  const held = takeHubLock(own)
  try {
    const path = join(own, DATABASE)
    const copied = copyDatabase(folder, path, db => signAll(db, keyFile, at))
    const sources = [{ name: DATABASE, path }, ...(await besides(folder.dir))]
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
export async function clearCopies(dir: string): Promise<void> {
  for (const name of (await readdir(dir)).filter(n => n.startsWith(COPY_PREFIX))) {
    const free = takeHubLock(join(dir, name))
    if (!free) continue
    free.release()
    await rm(join(dir, name), { recursive: true, force: true })
  }
}
