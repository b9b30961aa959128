/**
 * Vigie's own certificate authority: ECDSA P-256, made at the first start, one file only its owner may read. It signs the
 * server's certificate, the devices' certificates and the list of revoked ones. Times are milliseconds since 1970, UTC.
 */
import { join } from 'node:path'
import { ID_PATTERN } from '#devices/messages.ts'
import { causeOf, VigieError } from '../errors.ts'
import { codeMatches } from './code.ts'
import { makeCrl, type Revoked } from './crl.ts'
import { createOwn, ownFolder, readOwn, replaceOwn } from './files.ts'
import { alternativeNames, machineHosts } from './names.ts'
import { certsOnly } from './pkcs7.ts'
import { checkRequest } from './request.ts'
import {
  BACKDATE_MS,
  type KeyPem,
  makeAuthority,
  makeKey,
  pemOf,
  readSigner,
  type Signer,
  sign,
  USAGE,
} from './signer.ts'
import { SubjectAlternativeNameExtension, type X509Certificate } from './x509.ts'

export type { Revoked } from './crl.ts'
export type { KeyPem } from './signer.ts'

const DAY_MS = 86_400_000

export interface AuthorityOptions {
  readonly now: () => number
  /** Life of the server certificate; default 90 days. */
  readonly serverLifeMs?: number
  /** Names and addresses always in the server certificate; default those of this machine. */
  readonly ownHosts?: () => readonly string[]
}

export interface ServerCertificate {
  /** PEM. */
  readonly key: string
  /** PEM. */
  readonly cert: string
  readonly notBefore: number
  readonly notAfter: number
  /** When to call ensureServerCertificate again: a third of its life is left then. */
  readonly renewAt: number
}

export interface DeviceCertificate {
  readonly certPem: string
  /** 32 lower-case hex digits. */
  readonly serial: string
  readonly notBefore: number
  readonly notAfter: number
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string
}

export interface Authority {
  readonly caPem: string
  /** SHA-256 of the authority's certificate, lower-case hex: what an installer compares. */
  readonly fingerprint: string
  readonly notAfter: number
  /** certs-only PKCS#7, DER (RFC 7030 4.1.3). */
  caChain(): Buffer
  /**
   * The server's key and certificate for localhost, this machine's names and addresses, and these hosts. Made anew when the
   * names change, less than a third of its life is left, or it is of a future that a wrong clock once showed. @throws VigieError data-permissions, file-unwritable
   */
  ensureServerCertificate(hosts: readonly string[]): Promise<ServerCertificate>
  /**
   * A client certificate with CN = device, from five minutes ago until lifeMs from now.
   * @param publicKey SPKI, DER, from checkRequest or makeDeviceKey
   * @throws VigieError device-id-invalid, authority-expired
   */
  issueDevice(device: string, publicKey: Buffer, lifeMs: number): Promise<DeviceCertificate>
  makeDeviceKey(): Promise<KeyPem>
  /** @returns the public key (SPKI, DER) @throws VigieError csr-invalid, see request.ts */
  checkRequest(request: Uint8Array | string, device: string): Promise<Buffer>
  codeMatches(device: string, code: string, storedHash: string | undefined): boolean
  /** Writes and returns the list of revoked certificates (PEM). @throws VigieError file-unwritable */
  crl(revoked: readonly Revoked[]): Promise<string>
}

/**
 * Opens the authority in this folder, or makes it if there is none. Several processes may do so at once: all end up with
 * the same one.
 * @throws VigieError data-permissions, authority-damaged, file-unreadable, file-unwritable
 */
export async function openAuthority(dir: string, options: AuthorityOptions): Promise<Authority> {
  await ownFolder(dir)
  const file = join(dir, 'ca.pem')
  const text = (await readOwn(file)) ?? (await firstAuthority(file, options.now()))
  const signer = await readSigner(text).catch((error: unknown) => {
    throw new VigieError('authority-damaged', { file, cause: causeOf(error) }, { cause: error })
  })
  return new FileAuthority(dir, signer, await fingerprintOf(signer.certificate), options)
}

async function firstAuthority(file: string, now: number): Promise<string> {
  const made = await makeAuthority(now)
  if (await createOwn(file, made)) return made
  return (await readOwn(file)) ?? made // another process was first: its authority is the one
}

class FileAuthority implements Authority {
  readonly caPem: string
  readonly fingerprint: string
  readonly notAfter: number
  readonly checkRequest = checkRequest
  readonly codeMatches = codeMatches
  readonly makeDeviceKey = makeKey
  readonly #dir: string
  readonly #signer: Signer
  readonly #now: () => number
  readonly #serverLifeMs: number
  readonly #ownHosts: () => readonly string[]

  constructor(dir: string, signer: Signer, fingerprint: string, options: AuthorityOptions) {
    this.#dir = dir
    this.#signer = signer
    this.caPem = signer.pem
    this.fingerprint = fingerprint
    this.notAfter = signer.certificate.notAfter.getTime()
    this.#now = options.now
    this.#serverLifeMs = options.serverLifeMs ?? 90 * DAY_MS
    this.#ownHosts = options.ownHosts ?? machineHosts
  }

  caChain(): Buffer {
    return certsOnly([this.caPem])
  }

  async ensureServerCertificate(hosts: readonly string[]): Promise<ServerCertificate> {
    const file = join(this.#dir, 'server.pem')
    const names = new SubjectAlternativeNameExtension(alternativeNames([...this.#ownHosts(), ...hosts]))
    const present = await this.#presentServer(file, names)
    if (present && this.#now() >= present.notBefore && this.#now() < present.renewAt) return present
    const { keyPem, publicKey } = await makeKey()
    const now = this.#now()
    const certificate = await sign(this.#signer, {
      commonName: 'Vigie hub',
      publicKey,
      usage: USAGE.server,
      notBefore: now - BACKDATE_MS,
      notAfter: now + this.#serverLifeMs,
      extensions: [names],
    })
    await replaceOwn(file, pemOf(certificate) + keyPem)
    return serverOf(certificate, keyPem)
  }

  /** What is on disk, if it is whole, signed by this authority and for exactly these names. Anything else is made anew. */
  async #presentServer(file: string, names: SubjectAlternativeNameExtension): Promise<ServerCertificate | undefined> {
    const text = (await readOwn(file)) ?? ''
    const present = await readSigner(text).catch(() => undefined)
    if (!present?.certificate.getExtension(SubjectAlternativeNameExtension)?.equal(names)) return undefined
    const { publicKey } = this.#signer.certificate
    if (!(await present.certificate.verify({ publicKey, signatureOnly: true }))) return undefined
    return serverOf(present.certificate, text.slice(present.pem.length))
  }

  async issueDevice(device: string, publicKey: Buffer, lifeMs: number): Promise<DeviceCertificate> {
    if (!new RegExp(ID_PATTERN).test(device)) throw new VigieError('device-id-invalid', { field: plain(device) })
    const now = this.#now()
    const certificate = await sign(this.#signer, {
      commonName: device,
      publicKey,
      usage: USAGE.client,
      notBefore: now - BACKDATE_MS,
      notAfter: now + lifeMs,
    })
    return {
      certPem: pemOf(certificate),
      serial: certificate.serialNumber,
      notBefore: certificate.notBefore.getTime(),
      notAfter: certificate.notAfter.getTime(),
      fingerprint: await fingerprintOf(certificate),
    }
  }

  async crl(revoked: readonly Revoked[]): Promise<string> {
    const file = join(this.#dir, 'crl.pem')
    const list = await makeCrl(this.#signer, revoked, this.#now(), await readOwn(file))
    await replaceOwn(file, list)
    return list
  }
}

function serverOf(certificate: X509Certificate, key: string): ServerCertificate {
  const notAfter = certificate.notAfter.getTime()
  const notBefore = certificate.notBefore.getTime()
  const lifeMs = notAfter - notBefore - BACKDATE_MS
  return { key, cert: pemOf(certificate), notBefore, notAfter, renewAt: notAfter - lifeMs / 3 }
}

async function fingerprintOf(certificate: X509Certificate): Promise<string> {
  return Buffer.from(await certificate.getThumbprint('SHA-256')).toString('hex')
}

/** An id that failed its pattern may hold anything: only harmless characters reach a message. */
const plain = (id: string): string => id.replace(/[^A-Za-z0-9_.-]/g, '?').slice(0, 63)
