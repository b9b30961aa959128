/**
 * The key that signs checkpoints: Ed25519, in a file that only its owner may read, made at first use. The journal knows its
 * verifier keys, past and present, so that the file of another journal signs nothing here.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { causeOf, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import { readNote, readVerifierKey, signersOf, signNote, type VerifierKey, verifierKey } from './note.ts'
import { meta } from './site.ts'
import type { Db } from './sql.ts'

/** One of the journal's own. `since`: the row that told of it; checkpoints of at least that size are signed by it. */
export interface JournalKey {
  readonly vkey: string
  readonly since: number
  /** The rotation note by which the key before it named this one; absent for the first. */
  readonly note?: string
}
export interface Signer {
  readonly by: VerifierKey
  /** @param text lines, the last one ended. @returns the signed note */
  sign(text: string): string
  /** @param bytes that begin with a header of their own, which no note of ours begins with: a cosignature of another journal's checkpoint */
  signBytes(bytes: Buffer): Buffer
}

export const KEYS_META = 'journal_keys'
export const originOf = (db: Db): string => meta(db, 'journal_origin') ?? ''
/** Oldest first; none before the first checkpoint. */
export const journalKeys = (db: Db): readonly JournalKey[] => JSON.parse(meta(db, KEYS_META) ?? '[]') as JournalKey[]

export const signingKeyFile = (dir: string, configured: string): string =>
  configured === '' ? join(dir, 'checkpoint.key.pem') : configured

/**
 * Reads the key, or makes it where the journal has none yet.
 * @throws VigieError signing-key-missing, signing-key-wrong (of another journal, or no key), data-permissions,
 *   file-unreadable, file-unwritable
 */
export function openSigner(db: Db, file: string): Signer {
  const name = originOf(db)
  const expected = journalKeys(db).at(-1)?.vkey
  if (expected !== undefined) finishRotation(file, name, expected)
  if (!existsSync(file)) {
    if (expected !== undefined) throw new VigieError('signing-key-missing', { file })
    writeKey(file, newKey())
  }
  const signer = signerOf(name, readKey(file), file)
  if (expected !== undefined && signer.by.vkey !== expected) throw new VigieError('signing-key-wrong', { file })
  return signer
}

/** Its verifier key as it lies in the file; undefined where there is none. Makes nothing. @throws as openSigner */
export const keyInFile = (db: Db, file: string): string | undefined =>
  existsSync(file) ? signerOf(originOf(db), readKey(file), file).by.vkey : undefined

function signerOf(name: string, key: KeyObject, file: string): Signer {
  if (key.asymmetricKeyType !== 'ed25519') throw new VigieError('signing-key-wrong', { file })
  const by = verifierKey(name, key)
  return { by, sign: text => signNote(text, by, key), signBytes: bytes => sign(null, bytes, key) }
}

function readKey(file: string): KeyObject {
  let pem: string
  try {
    if ((statSync(file).mode & 0o077) !== 0) throw new VigieError('data-permissions', { file })
    pem = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof VigieError) throw error
    throw new VigieError('file-unreadable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
  try {
    return createPrivateKey(pem)
  } catch (error) {
    throw new VigieError('signing-key-wrong', { file }, { cause: causeOf(error) })
  }
}

const newKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** Whole or not at all; of two programs at once, one makes it and the other finds it. */
function writeKey(file: string, pem: string): void {
  const part = `${file}.${randomBytes(6).toString('hex')}.part`
  try {
    writeWhole(part, pem)
    linkSync(part, file)
    syncFolder(dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new VigieError('file-unwritable', { file, cause: fileCauseOf(error) }, { cause: error })
  } finally {
    rmSync(part, { force: true })
  }
}

function writeWhole(file: string, text: string): void {
  const fd = openSync(file, 'wx', 0o600)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function syncFolder(dir: string): void {
  const fd = openSync(dir, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** One for each key: of two changes at once none takes away the key that the other has told the journal of. */
const nextOf = (file: string, id: string): string => `${file}.${id}.next`

/**
 * The key that follows, beside the one in use: it takes its place once the journal knows it.
 * @param size of the newest checkpoint: the present key signs no larger one
 * @returns its verifier key, the note by which the present key names it, what puts it in place, and what takes it away
 *   where the journal was not told
 */
export function prepareRotation(
  db: Db,
  file: string,
  size: number,
): {
  readonly from: string
  readonly to: string
  readonly note: string
  readonly finish: () => void
  readonly discard: () => void
} {
  const present = openSigner(db, file)
  const pem = newKey()
  const { by } = signerOf(originOf(db), createPrivateKey(pem), file)
  const next = nextOf(file, by.id)
  writeKey(next, pem)
  const note = present.sign(rotationText(originOf(db), present.by.vkey, by.vkey, size))
  return {
    from: present.by.vkey,
    to: by.vkey,
    note,
    finish: () => finishRotation(file, originOf(db), by.vkey),
    discard: () => rmSync(next, { force: true }),
  }
}

/** Also after a rotation that was interrupted between the journal's row and the file. */
function finishRotation(file: string, name: string, expected: string): void {
  const next = nextOf(file, readVerifierKey(expected)?.id ?? '')
  if (!existsSync(next) || signerOf(name, readKey(next), next).by.vkey !== expected) return
  try {
    renameSync(next, file)
    syncFolder(dirname(file))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new VigieError('file-unwritable', { file, cause: fileCauseOf(error) }, { cause: error })
  }
}

const rotationText = (origin: string, from: string, to: string, size: number): string =>
  `vigie key rotation\n${origin}\n${from}\n${to}\n${size}\n`

/** Whether `note` is the one by which the key `from` of this journal names `to`. */
export function isRotation(note: string, origin: string, from: string, to: string): boolean {
  const by = readVerifierKey(from)
  const read = readNote(note)
  if (by?.name !== origin || !read || !signersOf(read, [by])) return false
  return read.text === rotationText(origin, from, to, rotatedAt(note) ?? Number.NaN)
}

/** Size of the newest checkpoint by the key before, as a rotation note says it. */
export function rotatedAt(note: string): number | undefined {
  const size = /\n(\d{1,15})\n$/.exec(readNote(note)?.text ?? '')?.[1]
  return size === undefined ? undefined : Number(size)
}
