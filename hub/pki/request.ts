/** A certificate request (PKCS#10, RFC 2986) from outside: what it must be before the authority signs anything. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { type Said, VigieError } from '../errors.ts'
import { pemBlock } from './der.ts'
import { Pkcs10CertificateRequest } from './x509.ts'

const CURVES = new Set(['prime256v1', 'secp384r1'])
const HASHES = new Set(['SHA-256', 'SHA-384', 'SHA-512'])
const RSA_BITS = { min: 2048, max: 4096 } as const

const refuse = (expected: Said, cause?: unknown): VigieError => new VigieError('csr-invalid', { expected }, { cause })
const WORDS = {
  syntax: {
    en: 'a PKCS#10 request in DER, base64 or PEM is expected, as made by: openssl req -new',
    fr: 'il faut une demande PKCS#10 en DER, base64 ou PEM, telle que la fait\u202f: openssl req -new',
  },
  key: {
    en: 'the key must be EC P-256, EC P-384, or RSA of 2048 to 4096 bits',
    fr: 'la clé doit être EC P-256, EC P-384 ou RSA de 2048 à 4096\u00a0bits',
  },
  hash: {
    en: 'it must be signed with SHA-256, SHA-384 or SHA-512',
    fr: 'elle doit être signée avec SHA-256, SHA-384 ou SHA-512',
  },
  signature: { en: 'its signature does not match its key', fr: 'sa signature ne correspond pas à sa clé' },
  unsigned: { en: 'its signature cannot be checked', fr: 'sa signature ne peut pas être vérifiée' },
} as const
const wrongName = (device: string): Said => ({
  en: `its common name (CN) must be exactly ${device}`,
  fr: `son nom commun (CN) doit être exactement ${device}`,
})

/**
 * Checks that the request is well formed, that whoever made it holds the private key (its signature), that the key is EC
 * P-256, EC P-384 or RSA of 2048 to 4096 bits, and that its one common name is this device. Everything else it asks for is
 * ignored.
 * @returns the public key (SPKI, DER)
 * @throws VigieError csr-invalid, which quotes nothing of the request
 */
export async function checkRequest(request: Uint8Array | string, device: string): Promise<Buffer> {
  const csr = parse(request)
  if (!acceptable(csr.key)) throw refuse(WORDS.key)
  if (!HASHES.has(csr.hash)) throw refuse(WORDS.hash)
  if (!(await signed(csr.request))) throw refuse(WORDS.signature)
  const names = csr.commonNames
  if (names.length !== 1 || names[0] !== device) throw refuse(wrongName(device))
  return csr.key.export({ type: 'spki', format: 'der' })
}

interface Parsed {
  readonly request: Pkcs10CertificateRequest
  readonly key: KeyObject
  readonly hash: string
  readonly commonNames: readonly string[]
}

function parse(bytes: Uint8Array | string): Parsed {
  try {
    const request = new Pkcs10CertificateRequest(derOf(bytes))
    const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
    return { request, key, hash: hashOf(request), commonNames: request.subjectName.getField('CN') }
  } catch (error) {
    throw refuse(WORDS.syntax, error)
  }
}

function hashOf(request: Pkcs10CertificateRequest): string {
  const { hash } = request.signatureAlgorithm as { hash?: { name: string } }
  return hash?.name ?? ''
}

/** DER begins with a SEQUENCE (0x30, the character 0), which neither base64 of DER nor PEM can begin with. */
function derOf(bytes: Uint8Array | string): Uint8Array<ArrayBuffer> {
  const raw = typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes)
  if (raw[0] === 0x30) return new Uint8Array(raw)
  const text = raw.toString('latin1')
  const block = pemBlock('CERTIFICATE REQUEST', text) ?? pemBlock('NEW CERTIFICATE REQUEST', text)
  return new Uint8Array(block ?? Buffer.from(text, 'base64'))
}

function acceptable(key: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'ec') return CURVES.has(namedCurve)
  return key.asymmetricKeyType === 'rsa' && modulusLength >= RSA_BITS.min && modulusLength <= RSA_BITS.max
}

async function signed(request: Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify()
  } catch (error) {
    throw refuse(WORDS.unsigned, error)
  }
}
