/**
 * A backup in its destination: written under a name that is not final, made durable, read back and compared, and only then
 * given its name. Whatever goes wrong leaves nothing behind.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isVigieError, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import type { Manifest } from './backup-manifest.ts'
import { holds, packed, type Source, streamOf } from './backup-pack.ts'

type Bytes = ReadableStream<Uint8Array>
/** Encrypts for whoever keeps the recovery key; `readBack` decrypts this one file again, for as long as the process holds it. */
export type SealFile = (plain: Bytes) => Promise<{ readonly stream: Bytes; readBack(file: Bytes): Promise<Bytes> }>

export interface WrittenBackup {
  readonly file: string
  readonly bytes: number
  /** Hexadecimal, of the encrypted file. */
  readonly sha256: string
}

const SUFFIX = '.backup.age'
/** `vigie-journal/0123456789abcdef` -> the digits by which files are told apart. */
const shortOf = (origin: string): string => (origin.split('/')[1] ?? origin).slice(0, 8)

/** `vigie-<8 hex of the journal's name>-<UTC>.backup.age` */
export const nameOf = (origin: string, created: string): string =>
  `vigie-${shortOf(origin)}-${created.replace(/[-:]/g, '').replace(/\.\d+Z$/, 'Z')}${SUFFIX}`

/** True for names that a hub gives its backups, and for no other file. */
export const isBackupName = (file: string): boolean => /^vigie-[0-9a-f]{8}-\d{8}T\d{6}Z\.backup\.age$/.test(file)

/**
 * @param folder must exist: a disk that is not mounted must not become a folder on this one
 * @throws VigieError backup-unwritable, backup-differs
 */
export async function writeBackup(
  folder: string,
  manifest: Manifest,
  sources: readonly Source[],
  seal: SealFile,
): Promise<WrittenBackup> {
  const file = nameOf(manifest.origin, manifest.created)
  const path = join(folder, file)
  const part = `${path}.part`
  try {
    await needFolder(folder)
    const sealed = await seal(packed(manifest, sources))
    const written = await writeDurable(part, sealed.stream)
    if (!(await sameOnDisk(part, written.sha256, manifest, sealed.readBack)))
      throw new VigieError('backup-differs', { file: folder })
    await rename(part, path)
    await syncFolder(folder)
    return { file, ...written }
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined) // a destination that fails may fail at this too
    if (isVigieError(error)) throw error
    throw new VigieError('backup-unwritable', { file: folder, cause: fileCauseOf(error) }, { cause: error })
  }
}

async function needFolder(folder: string): Promise<void> {
  const found = await stat(folder)
  if (!found.isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
}

async function writeDurable(path: string, stream: Bytes): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  const handle = await open(path, 'w', 0o600)
  try {
    for await (const piece of stream) {
      await writeAll(handle, piece)
      hash.update(piece)
      bytes += piece.length
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** A disk that is nearly full takes a part of a piece: the next call then says why. */
async function writeAll(handle: FileHandle, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.length; ) done += (await handle.write(piece, done, piece.length - done)).bytesWritten
}

/** Every byte as it was written, and, decrypted, every file as the manifest has it. */
async function sameOnDisk(
  path: string,
  sha256: string,
  manifest: Manifest,
  readBack: (file: Bytes) => Promise<Bytes>,
): Promise<boolean> {
  const hash = createHash('sha256')
  const file = createReadStream(path)
  file.on('data', piece => hash.update(piece))
  file.pause()
  try {
    const same = await holds(await readBack(streamOf(file)), manifest)
    return same && hash.digest('hex') === sha256
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error
    return false // it does not decrypt, or is no archive any more
  } finally {
    file.destroy()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** @returns true if it is gone now; a file that somebody took away is gone too */
export async function removeBackup(folder: string, file: string): Promise<boolean> {
  try {
    await rm(join(folder, file), { force: true })
    return true
  } catch {
    return false // a destination that can't be written keeps one too many; the next backup says what is wrong with it
  }
}
