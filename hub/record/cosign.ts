/**
 * Cosignatures (c2sp.org/tlog-cosignature, version 1): one hub says of another's checkpoint when it saw it, and that it
 * continues every one that it saw before. The key is that of the hub's own checkpoints: what is signed here begins with a
 * line that no note of a journal begins with.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { digest } from './digest.ts'
import { fromBase64, readNote, type VerifierKey } from './note.ts'
import type { Signer } from './signing.ts'

/** Signature type of a timestamped Ed25519 cosignature. */
const TYPE = 4
const KEY_BYTES = 32
const ID_BYTES = 4
const TIME_BYTES = 8
const SIGNATURE_BYTES = 64

interface Cosigner {
  readonly name: string
  readonly id: string
  readonly key: KeyObject
  readonly vkey: string
}

const signed = (text: string, seconds: number): Buffer => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)

/** How others know this hub's cosignatures: `<name>+<id>+<base64>`. */
export const cosignerOf = ({ name, key }: Pick<VerifierKey, 'name' | 'key'>): Cosigner => {
  const { x } = key.export({ format: 'jwk' })
  return made(name, Buffer.from(x ?? '', 'base64url'))
}

function made(name: string, raw: Buffer): Cosigner {
  const typed = Buffer.concat([Buffer.from([TYPE]), raw])
  const id = digest(Buffer.concat([Buffer.from(`${name}\n`), typed]))
    .subarray(0, ID_BYTES)
    .toString('hex')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  return { name, id, key, vkey: `${name}+${id}+${typed.toString('base64')}` }
}

/** @returns undefined where it is no key of a cosigner */
export function readCosigner(vkey: string): Cosigner | undefined {
  const [, name, , base64] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey) ?? []
  const typed = base64 === undefined ? undefined : fromBase64(base64)
  if (name === undefined || typed?.length !== 1 + KEY_BYTES || typed[0] !== TYPE) return undefined
  const cosigner = made(name, typed.subarray(1))
  return cosigner.vkey === vkey ? cosigner : undefined
}

/** @param text of a checkpoint @param at ms @returns one signature line, ended */
export function cosign(text: string, signer: Signer, at: number): string {
  const seconds = Math.floor(at / 1000)
  const time = Buffer.alloc(TIME_BYTES)
  time.writeBigUInt64BE(BigInt(seconds))
  const { name, id } = cosignerOf(signer.by)
  const bytes = Buffer.concat([Buffer.from(id, 'hex'), time, signer.signBytes(signed(text, seconds))])
  return `— ${name} ${bytes.toString('base64')}\n`
}

export interface Cosignature {
  readonly line: string
  readonly name: string
  /** When it was given, ms. */
  readonly at: number
}

/**
 * @param answer of a witness: signature lines
 * @param trusted keys of cosigners; others are passed over
 * @returns the first line by one of them, or where none is trusted the first that has the form of one; undefined where
 *   there is none, or the signature of a trusted one is wrong
 */
export function cosignatureIn(answer: string, text: string, trusted: readonly Cosigner[]): Cosignature | undefined {
  for (const s of readNote(`${text}\n${answer}`)?.signatures ?? []) {
    if (s.bytes.length !== TIME_BYTES + SIGNATURE_BYTES) continue
    const seconds = Number(s.bytes.readBigUInt64BE(0))
    const by = trusted.find(t => t.name === s.name && t.id === s.id)
    if (!by && trusted.length > 0) continue
    if (by && !verify(null, signed(text, seconds), by.key, s.bytes.subarray(TIME_BYTES))) return undefined
    const bytes = Buffer.concat([Buffer.from(s.id, 'hex'), s.bytes])
    return { line: `— ${s.name} ${bytes.toString('base64')}\n`, name: s.name, at: seconds * 1000 }
  }
  return undefined
}
