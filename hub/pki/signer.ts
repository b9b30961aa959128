/** A key, its certificate, and what it signs. Times are milliseconds since 1970, UTC; certificates know whole seconds. */
import { randomBytes } from 'node:crypto'
import { VigieError } from '../errors.ts'
import { pem, pemBlock } from './der.ts'
import {
  ALGORITHM,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from './x509.ts'

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

const SECOND = 1000
const DAY = 86_400 * SECOND
/** Certificates begin this much before they are made, for devices whose clock is behind. */
export const BACKDATE_MS = 5 * 60 * SECOND
/** Authority and revocation list begin a day early: a step of the hub's clock must not put them in the future. */
export const LONG_BACKDATE_MS = DAY
const AUTHORITY_LIFE_MS = 3652 * DAY

/** Extended key usages of RFC 5280 4.2.1.12. */
export const USAGE = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const

export interface Signer {
  readonly certificate: X509Certificate
  readonly privateKey: CryptoKey
  readonly pem: string
}

export interface Subject {
  readonly commonName: string
  readonly publicKey: Buffer
  readonly usage: string
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions?: readonly Extension[]
}

export interface KeyPem {
  /** PKCS#8, PEM. */
  readonly keyPem: string
  /** SPKI, DER. */
  readonly publicKey: Buffer
}

export async function makeKey(): Promise<KeyPem> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey)
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
  return { keyPem: pem('PRIVATE KEY', new Uint8Array(pkcs8)), publicKey: Buffer.from(spki) }
}

/** A new authority as one PEM text, certificate first: in one file the two can't disagree. */
export async function makeAuthority(now: number): Promise<string> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', pair.privateKey)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: makeSerial(),
    name: [{ CN: [`Vigie CA ${randomBytes(4).toString('hex')}`] }], // distinct, so that two hubs are never confused
    notBefore: new Date(wholeSecond(now - LONG_BACKDATE_MS)),
    notAfter: new Date(wholeSecond(now + AUTHORITY_LIFE_MS)),
    keys: pair,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(pair.publicKey),
    ],
  })
  return pemOf(certificate) + pem('PRIVATE KEY', new Uint8Array(pkcs8))
}

/** @throws Error in plain words if the text does not hold a certificate and the key that belongs to it. */
export async function readSigner(text: string): Promise<Signer> {
  const der = pemBlock('CERTIFICATE', text)
  const pkcs8 = pemBlock('PRIVATE KEY', text)
  if (!der || !pkcs8) throw new Error('a certificate and a private key are expected')
  const certificate = new X509Certificate(new Uint8Array(der))
  const privateKey = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), ALGORITHM, false, ['sign'])
  const probe = Buffer.from('vigie')
  const signature = await crypto.subtle.sign(ALGORITHM, privateKey, probe)
  const publicKey = await certificate.publicKey.export(ALGORITHM, ['verify'])
  if (!(await crypto.subtle.verify(ALGORITHM, publicKey, signature, probe)))
    throw new Error('the key is of another certificate')
  return { certificate, privateKey, pem: pemOf(certificate) }
}

/**
 * Signs an end certificate: CA:false, digitalSignature, one usage, key identifiers, a random serial. Its validity is
 * cut to the authority's.
 * @throws VigieError authority-expired
 */
export async function sign(signer: Signer, subject: Subject): Promise<X509Certificate> {
  const { notBefore, notAfter } = signer.certificate
  if (subject.notAfter <= subject.notBefore || subject.notBefore >= notAfter.getTime()) {
    throw new VigieError('authority-expired', { date: notAfter.toISOString().slice(0, 10) })
  }
  const key = new PublicKey(new Uint8Array(subject.publicKey))
  return X509CertificateGenerator.create({
    serialNumber: makeSerial(),
    subject: [{ CN: [subject.commonName] }],
    issuer: signer.certificate.subjectName,
    notBefore: new Date(Math.max(wholeSecond(subject.notBefore), notBefore.getTime())),
    notAfter: new Date(Math.min(wholeSecond(subject.notAfter), notAfter.getTime())),
    publicKey: key,
    signingKey: signer.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([subject.usage]),
      await SubjectKeyIdentifierExtension.create(key),
      await AuthorityKeyIdentifierExtension.create(signer.certificate.publicKey),
      ...(subject.extensions ?? []),
    ],
  })
}

export const pemOf = (certificate: X509Certificate): string => pem('CERTIFICATE', new Uint8Array(certificate.rawData))
export const wholeSecond = (ms: number): number => Math.floor(ms / SECOND) * SECOND

/** 126 random bits, always positive and always 32 lower-case hex digits: the same text wherever a serial is compared. */
function makeSerial(): string {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x3f) | 0x40
  return bytes.toString('hex')
}
