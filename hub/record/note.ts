/**
 * Signed notes and verifier keys as C2SP writes them (c2sp.org/signed-note): text that people and programs read alike, and
 * below it one line for each signature. Ed25519 only; signatures of unknown keys are passed over, a bad one of a known key
 * spoils the note.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { digest } from './digest.ts'

const ED25519 = 1
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const ID_BYTES = 4
/** More than any note of ours has; what a stranger hands in is not read without an end. */
const MAX_CHARS = 65_536
const MAX_SIGNATURES = 16

export interface VerifierKey {
  readonly name: string
  /** 8 hexadecimal digits. */
  readonly id: string
  readonly key: KeyObject
  /** `<name>+<id>+<base64>`. */
  readonly vkey: string
}
export interface Signature {
  readonly name: string
  readonly id: string
  readonly bytes: Buffer
}
export interface Note {
  /** Ends with a line break. */
  readonly text: string
  readonly signatures: readonly Signature[]
}

/** @param key an Ed25519 key, public or private */
export function verifierKey(name: string, key: KeyObject): VerifierKey {
  const { x } = key.export({ format: 'jwk' })
  const raw = Buffer.from(x ?? '', 'base64url')
  if (raw.length !== KEY_BYTES || !isName(name)) throw new RangeError('an Ed25519 key and a name without spaces or +')
  return made(name, raw)
}

function made(name: string, raw: Buffer): VerifierKey {
  const typed = Buffer.concat([Buffer.from([ED25519]), raw])
  const id = digest(Buffer.concat([Buffer.from(`${name}\n`), typed]))
    .subarray(0, ID_BYTES)
    .toString('hex')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  return { name, id, key, vkey: `${name}+${id}+${typed.toString('base64')}` }
}

/** @returns undefined where it is no verifier key, or its id is not that of its key */
export function readVerifierKey(vkey: string): VerifierKey | undefined {
  const [, name, , base64] = /^([^+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey) ?? []
  const typed = base64 === undefined ? undefined : fromBase64(base64)
  if (name === undefined || !isName(name) || typed?.length !== 1 + KEY_BYTES || typed[0] !== ED25519) return undefined
  const key = made(name, typed.subarray(1))
  return key.vkey === vkey ? key : undefined
}

/** @param text lines, the last one ended. @throws RangeError where that can't be signed */
export function signNote(text: string, by: VerifierKey, privateKey: KeyObject): string {
  if (!isText(text)) throw new RangeError('a note is lines of text, the last one ended')
  const bytes = Buffer.concat([Buffer.from(by.id, 'hex'), sign(null, Buffer.from(text), privateKey)])
  return `${text}\n— ${by.name} ${bytes.toString('base64')}\n`
}

/** @returns undefined where it is not exactly what the standard writes */
export function readNote(note: string): Note | undefined {
  const end = note.lastIndexOf('\n\n')
  if (note.length > MAX_CHARS || end < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  const signatures = lines.map(readSignature)
  if (!isText(text) || lines.length > MAX_SIGNATURES) return undefined
  return signatures.every(s => s !== undefined) ? { text, signatures } : undefined
}

function readSignature(line: string): Signature | undefined {
  const [, name, base64] = /^— (\S+) (\S+)$/u.exec(line) ?? []
  const bytes = base64 === undefined ? undefined : fromBase64(base64)
  if (name === undefined || !isName(name) || bytes === undefined || bytes.length <= ID_BYTES) return undefined
  return { name, id: bytes.subarray(0, ID_BYTES).toString('hex'), bytes: bytes.subarray(ID_BYTES) }
}

/** @returns the keys among `keys` that signed it; `undefined` if none did, or the signature of one of them is wrong */
export function signersOf(note: Note, keys: readonly VerifierKey[]): readonly VerifierKey[] | undefined {
  const signers: VerifierKey[] = []
  for (const s of note.signatures) {
    const by = keys.find(k => k.name === s.name && k.id === s.id)
    if (!by) continue
    if (s.bytes.length !== SIGNATURE_BYTES || !verify(null, Buffer.from(note.text), by.key, s.bytes)) return undefined
    signers.push(by)
  }
  return signers.length > 0 ? signers : undefined
}

/** Only the one way of writing it: no spaces, padding as it must be. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}

const isName = (name: string): boolean => name !== '' && !/[\s+\p{Cc}]/u.test(name)
const isText = (text: string): boolean =>
  text.endsWith('\n') && text.isWellFormed() && !/\p{Cc}/u.test(text.replaceAll('\n', ''))
