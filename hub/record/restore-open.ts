/**
 * A backup, unpacked into a folder that is not final and checked: every file against the manifest, the journal row by row,
 * and its state against the signed checkpoint that the manifest carries.
 */
import { createHash } from 'node:crypto'
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isVigieError, type Said, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { checked } from './backup-copy.ts'
import { DATABASE, JOURNAL_KEY, MANIFEST, type Manifest, type PackedFile, readManifest } from './backup-manifest.ts'
import { entriesOf, type Unpacked } from './backup-pack.ts'
import { readCheckpointText } from './checkpoints.ts'
import { type DataFolder, openDatabase, openFolder } from './database.ts'
import { rootOf } from './merkle-nodes.ts'
import { readNote, readVerifierKey, signersOf } from './note.ts'
import { revocations } from './revocations.ts'
import { journalKeys, originOf } from './signing.ts'
import type { Db } from './sql.ts'

const MANIFEST_LIMIT = 64 * 1024 * 1024

const damaged = (file: string, en: string, fr: string): VigieError =>
  new VigieError('restore-damaged', { file, cause: { en, fr } })

/**
 * @param plain decrypted @param file of the backup, for the words of errors
 * @throws VigieError restore-damaged; file-unwritable where the disk does not take it
 */
export async function unpack(plain: ReadableStream<Uint8Array>, into: string, file: string): Promise<Manifest> {
  let manifest: Manifest | undefined
  const seen: PackedFile[] = []
  try {
    for await (const entry of entriesOf(plain)) {
      if (manifest === undefined) manifest = await manifestFrom(entry, file)
      else seen.push(await writeOne(entry, manifest, into, file))
    }
  } catch (error) {
    throw isVigieError(error) ? error : troubleWith(error, into, file)
  }
  if (!manifest || JSON.stringify(seen) !== JSON.stringify(manifest.files))
    throw damaged(file, 'files are missing or were changed', 'des fichiers manquent ou ont été modifiés')
  return manifest
}

/** What the disk says is the disk's; anything else comes from a file that is cut or changed. */
function troubleWith(error: unknown, into: string, file: string): VigieError {
  const { syscall } = error as NodeJS.ErrnoException
  if (syscall !== undefined && syscall !== 'read')
    return new VigieError('file-unwritable', { file: into, cause: fileCauseOf(error) }, { cause: error })
  return damaged(file, 'it was cut or changed', 'elle a été coupée ou modifiée')
}

async function manifestFrom({ name, content }: Unpacked, file: string): Promise<Manifest> {
  if (name !== MANIFEST)
    throw damaged(file, 'it does not begin with a manifest', 'elle ne commence pas par un manifeste')
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of content) {
    bytes += piece.length
    if (bytes > MANIFEST_LIMIT) throw damaged(file, 'its manifest is too long', 'son manifeste est trop long')
    pieces.push(piece)
  }
  return readManifest(Buffer.concat(pieces).toString('utf8'), file)
}

/** Only names that the manifest may carry, none twice, and none longer than it says. */
async function writeOne(
  { name, type, content }: Unpacked,
  manifest: Manifest,
  into: string,
  file: string,
): Promise<PackedFile> {
  const expected = manifest.files.find(f => f.name === name)
  if (!expected || type !== 'file')
    throw damaged(
      file,
      'it holds a file that its manifest does not name',
      'elle contient un fichier absent du manifeste',
    )
  const path = join(into, name)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const handle = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const piece of content) {
      await handle.writeFile(piece)
      hash.update(piece)
      bytes += piece.length
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { name, bytes, sha256: hash.digest('hex') }
}

/** @throws VigieError restore-key-needed */
export async function folderOf(dir: string, keyFromEnvironment: string): Promise<DataFolder> {
  const inside = await stat(join(dir, JOURNAL_KEY)).catch(() => undefined) // not in it, or not readable: told just below
  if (!inside && keyFromEnvironment === '') throw new VigieError('restore-key-needed')
  return openFolder(dir, inside ? '' : keyFromEnvironment)
}

/**
 * The database of an unpacked backup, open; the caller closes it.
 * @throws VigieError restore-damaged, key-wrong
 */
export function openChecked(folder: DataFolder, manifest: Manifest, file: string): Db {
  const db = openDatabase({ ...folder, file: join(folder.dir, DATABASE) })
  try {
    const { rows, head } = checked(db)
    if (rows !== manifest.rows || head !== manifest.head || originOf(db) !== manifest.origin)
      throw damaged(file, 'its journal is not the one of its manifest', 'son journal n’est pas celui de son manifeste')
    const wrong = checkpointWrong(db, manifest)
    if (wrong) throw new VigieError('restore-damaged', { file, cause: wrong })
    if (JSON.stringify(revocations(db)) !== JSON.stringify(manifest.revoked))
      throw damaged(file, 'its list of what is revoked is another', 'sa liste de révocations est une autre')
    return db
  } catch (error) {
    db.close()
    throw asDamaged(error, file)
  }
}

function asDamaged(error: unknown, file: string): unknown {
  if (!isVigieError(error) || error.code !== 'journal-damaged') return error
  const { row = '?' } = error.details
  return damaged(file, `row ${row} of its journal: ${error.details.cause}`, `ligne ${row} de son journal`)
}

function checkpointWrong(db: Db, { checkpoint, rows, head }: Manifest): Said | undefined {
  const note = readNote(checkpoint)
  const text = note && readCheckpointText(note.text)
  const keys = journalKeys(db).flatMap(k => readVerifierKey(k.vkey) ?? [])
  if (!note || !text || !signersOf(note, keys) || text.origin !== originOf(db))
    return {
      en: 'its checkpoint is not signed by its journal',
      fr: 'son point de contrôle n’est pas signé par son journal',
    }
  if (text.size !== rows || text.chain.toString('hex') !== head || !text.root.equals(rootOf(db, rows)))
    return { en: 'its journal is not what was signed', fr: 'son journal n’est pas celui qui a été signé' }
  return undefined
}
