/**
 * Checks one journal row in the browser: commitment, leaf, RFC 9162 inclusion path, signed checkpoint (C2SP signed note).
 * What it shows, and what not: the page that computes it came from the hub, so this catches a hub whose data were changed,
 * not one that lies on purpose; an export with docs/verify/verify.mjs does, on another machine.
 */
import type { RowProof } from './contract.ts'

export const STEPS = ['content', 'chain', 'leaf', 'path', 'signature'] as const
export type Step = (typeof STEPS)[number]
/** `erased`: the payload is gone, so there is nothing to compare. `unable`: this browser can't. */
export type Outcome = 'holds' | 'fails' | 'erased' | 'unable'
export interface Verified {
  readonly steps: Readonly<Record<Step, Outcome>>
  /** Nothing fails; what could not be checked is in `steps`. */
  readonly intact: boolean
}
export interface SignedNote {
  readonly origin: string
  readonly size: number
  readonly root: string
  /** What is signed: everything up to and with the line end before the blank line. */
  readonly text: string
  readonly signatures: readonly { readonly name: string; readonly bytes: Bytes }[]
}
type Bytes = Uint8Array<ArrayBuffer>

const utf8 = (text: string): Bytes => new TextEncoder().encode(text)
export function base64(text: string): Bytes {
  return Uint8Array.from(atob(text), c => c.charCodeAt(0))
}
export function hex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}
const same = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])
function joined(...parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
const sha256 = async (...parts: readonly Bytes[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', joined(...parts)))
const LEAF = Uint8Array.of(0)
const INNER = Uint8Array.of(1)

/** seq u64 | at u64 | kind length u16, big-endian | kind | commitment. */
function entryOf({ seq, at, kind, commitment }: RowProof): Bytes {
  const name = utf8(kind)
  const numbers = new DataView(new ArrayBuffer(18))
  numbers.setBigUint64(0, BigInt(seq))
  numbers.setBigUint64(8, BigInt(at))
  numbers.setUint16(16, name.length)
  return joined(new Uint8Array(numbers.buffer), name, base64(commitment))
}

/** RFC 9162, 2.1.3.2. @returns the root that the path leads to, or undefined where it can't belong to that leaf and size */
export async function rootOf(
  leaf: Bytes,
  index: number,
  size: number,
  path: readonly Bytes[],
): Promise<Bytes | undefined> {
  if (index < 0 || index >= size) return undefined
  let [fn, sn, root] = [index, size - 1, leaf]
  for (const step of path) {
    if (sn === 0) return undefined
    if (fn % 2 === 1 || fn === sn) {
      root = await sha256(INNER, step, root)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else root = await sha256(INNER, root, step)
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  return sn === 0 ? root : undefined
}

/** @returns undefined for what is no signed checkpoint */
export function readNote(note: string): SignedNote | undefined {
  const end = note.lastIndexOf('\n\n')
  if (end < 0) return undefined
  const text = note.slice(0, end + 1)
  const [origin, size, root] = text.split('\n')
  if (!origin || !/^(0|[1-9]\d*)$/.test(size ?? '') || !root) return undefined
  const signatures = [...note.slice(end + 2).matchAll(/^— (\S+) ([A-Za-z0-9+/=]+)$/gm)].map(m => ({
    name: m[1]!,
    bytes: base64(m[2]!),
  }))
  return { origin, size: Number(size), root, text, signatures }
}

/** `<name>+<8 hex digits>+<base64 of 0x01 and the public key>`. */
async function keyOf(vkey: string): Promise<{ name: string; id: Bytes; key: Bytes } | undefined> {
  const parts = /^(\S+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey)
  if (!parts) return undefined
  const [name, id, key] = [parts[1]!, hex(parts[2]!), base64(parts[3]!)]
  if (key.length !== 33 || key[0] !== 1) return undefined
  const right = await sha256(utf8(`${name}\n`), key)
  return same(right.slice(0, 4), id) ? { name, id, key: key.slice(1) } : undefined
}

/** True if one of the keys signed the note. @throws DOMException NotSupportedError where the browser has no Ed25519 */
export async function signedBy(note: SignedNote, vkeys: readonly string[]): Promise<boolean> {
  for (const vkey of vkeys) {
    const known = await keyOf(vkey)
    const found = known && note.signatures.find(s => s.name === known.name && same(s.bytes.slice(0, 4), known.id))
    if (!known || !found) continue
    const key = await crypto.subtle.importKey('raw', known.key, { name: 'Ed25519' }, false, ['verify'])
    if (await crypto.subtle.verify({ name: 'Ed25519' }, key, found.bytes.slice(4), utf8(note.text))) return true
  }
  return false
}

async function signature(note: SignedNote | undefined, keys: readonly string[]): Promise<Outcome> {
  if (!note) return 'fails'
  try {
    return (await signedBy(note, keys)) ? 'holds' : 'fails'
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotSupportedError') return 'unable'
    throw cause
  }
}
async function content({ salt, body, commitment }: RowProof): Promise<Outcome> {
  if (salt === undefined || body === undefined) return 'erased'
  return told(same(await sha256(base64(salt), utf8(body)), base64(commitment)))
}
const told = (holds: boolean): Outcome => (holds ? 'holds' : 'fails')

async function steps(proof: RowProof): Promise<Record<Step, Outcome>> {
  const { checkpoint } = proof
  const entry = entryOf(proof)
  const leaf = await sha256(LEAF, entry)
  const root = await rootOf(leaf, proof.seq - 1, checkpoint.size, proof.proof.map(base64))
  const note = readNote(checkpoint.note)
  const named = note !== undefined && note.size === checkpoint.size && note.root === checkpoint.root
  return {
    content: await content(proof),
    chain: told(same(await sha256(hex(proof.previous), entry), hex(proof.hash))),
    leaf: told(same(leaf, base64(proof.leaf))),
    path: told(named && root !== undefined && same(root, base64(checkpoint.root))),
    signature: await signature(note, checkpoint.keys),
  }
}

/** Without a secure context (https, or this machine) there is no WebCrypto, and every step is `unable`. */
export async function verifyRow(proof: RowProof): Promise<Verified> {
  if (globalThis.crypto?.subtle === undefined) return { steps: all('unable'), intact: true }
  try {
    const done = await steps(proof)
    return { steps: done, intact: !Object.values(done).includes('fails') }
  } catch (cause) {
    if (!malformed(cause)) throw cause
    return { steps: all('fails'), intact: false }
  }
}
const all = (outcome: Outcome): Record<Step, Outcome> => ({
  content: outcome,
  chain: outcome,
  leaf: outcome,
  path: outcome,
  signature: outcome,
})
/** Characters that are no base64, numbers out of range, a key of another length: nothing that proves anything. */
const malformed = (cause: unknown): boolean =>
  cause instanceof DOMException ||
  cause instanceof RangeError ||
  cause instanceof TypeError ||
  cause instanceof SyntaxError
