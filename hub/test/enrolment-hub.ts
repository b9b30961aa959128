/** A hub's enrolment side for tests: real authority, real flows, a real TLS server; the registry is kept in memory. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import Fastify, { type FastifyInstance } from 'fastify'
import type { DeviceEvent } from '../events.ts'
import { type CertificateRow, DeviceEnrolled, type EnrolmentRegistry, type Proof } from '../flows/device-enrolled.ts'
import { DeviceRevoked, type RevocationReason, type RevokedCertificate } from '../flows/device-revoked.ts'
import { clientCertificate, est } from '../http/est.ts'
import { type Authority, openAuthority } from '../pki/authority.ts'
import { hashCode } from '../pki/code.ts'
import { certsOnly } from '../pki/pkcs7.ts'

const run = promisify(execFile)
export const DAY = 86_400_000

export const openssl = async (cwd: string, ...args: string[]): Promise<string> =>
  (await run('openssl', args, { cwd })).stdout

/** Follows the ports' promises with plain maps; `events` is its journal. */
export class MemoryRegistry implements EnrolmentRegistry {
  readonly devices = new Map<string, { revoked: boolean }>()
  readonly codes = new Map<string, { hash: string; expiresAt: number }>()
  readonly certificates = new Map<string, CertificateRow & { revokedAt?: number; reason?: RevocationReason }>()
  readonly events: DeviceEvent[] = []

  device = (id: string) => this.devices.get(id)
  code = (device: string) => this.codes.get(device)
  certificate(serial: string) {
    const row = this.certificates.get(serial)
    return row && { device: row.device, notAfter: row.notAfter, revoked: row.revokedAt !== undefined }
  }
  recordCertificate(event: DeviceEvent, certificate: CertificateRow, { codeHash, presented }: Proof): boolean {
    if (this.devices.get(certificate.device)?.revoked !== false) return false
    if (presented !== undefined && this.certificate(presented)?.revoked !== false) return false
    if (codeHash !== undefined && this.codes.get(certificate.device)?.hash !== codeHash) return false
    if (codeHash !== undefined) this.codes.delete(certificate.device)
    this.certificates.set(certificate.serial, certificate)
    this.events.push(event)
    return true
  }
  revokeDevice(event: DeviceEvent, at: number, reason: RevocationReason): void {
    this.devices.set(event.device, { revoked: true })
    for (const row of this.certificates.values()) {
      if (row.device === event.device) Object.assign(row, { revokedAt: at, reason })
    }
    this.events.push(event)
  }
  revoked(): RevokedCertificate[] {
    return [...this.certificates.values()].flatMap(({ serial, revokedAt, reason }) =>
      revokedAt === undefined || !reason ? [] : [{ serial, revokedAt, reason }],
    )
  }
}

/** A revocation's view of the sockets: how many were cut, and the list in force. */
export interface EnrolmentHub {
  readonly dir: string
  readonly port: number
  readonly authority: Authority
  readonly registry: MemoryRegistry
  readonly enrolled: DeviceEnrolled
  readonly revoked: DeviceRevoked
  readonly refusals: string[]
  /** Adds to the clock that codes and certificates are judged by, milliseconds. */
  advance(ms: number): void
  invite(device: string, code: string, lifeMs?: number): void
  stop(): Promise<void>
}

export async function startHub(): Promise<EnrolmentHub> {
  const dir = await mkdtemp(join(tmpdir(), 'vigie-est-'))
  let offset = 0
  const now = () => Date.now() + offset
  const authority = await openAuthority(join(dir, 'pki'), { now })
  const registry = new MemoryRegistry()
  const enrolled = new DeviceEnrolled({ registry, authority, now, lifeMs: 90 * DAY })
  const server = await authority.ensureServerCertificate([])
  const tls = { key: server.key, cert: server.cert, ca: authority.caPem, crl: await authority.crl([]) }
  const app: FastifyInstance = Fastify({
    https: { ...tls, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' },
  }) as never
  const renewTls = (crl: string) => (app.server as import('node:https').Server).setSecureContext({ ...tls, crl })
  const revoked = new DeviceRevoked({ registry, authority, link: { renewTls, cutDevice: () => 0 }, now })
  const refusals: string[] = []
  await app.register(est, {
    caChain: () => authority.caChain(),
    enrol: async (device, code, csr) => certsOnly([(await enrolled.enrol(device, code, csr)).certPem]),
    reenrol: async (serial, name, csr) => certsOnly([(await enrolled.reenrol(serial, name, csr)).certPem]),
    clientCertificate,
    refused: (_, code) => refusals.push(code),
    now,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  await writeFile(join(dir, 'ca.cert.pem'), authority.caPem)
  const invite = (device: string, code: string, lifeMs = 3_600_000): void => {
    if (!registry.devices.has(device)) registry.devices.set(device, { revoked: false })
    registry.codes.set(device, { hash: hashCode(device, code), expiresAt: now() + lifeMs })
  }
  return {
    dir,
    authority,
    registry,
    enrolled,
    revoked,
    refusals,
    invite,
    port: (app.server.address() as AddressInfo).port,
    advance: ms => {
      offset += ms
    },
    stop: async () => {
      await app.close()
      await rm(dir, { recursive: true })
    },
  }
}

export interface Answer {
  readonly status: number
  readonly headers: string
  readonly body: string
}

/** Exit codes of curl: nothing more could be sent, or received. */
const CUT_OFF: readonly unknown[] = [55, 56]
/**
 * A hub that refuses a body by its length answers and hangs up while curl still sends: now and then the kernel then drops
 * the answer unread. Whoever asks again hears it.
 */
async function untilHeard(ask: () => Promise<{ readonly stdout: string }>, tries = 5): Promise<string> {
  try {
    return (await ask()).stdout
  } catch (error) {
    if (tries <= 1 || !CUT_OFF.includes((error as { readonly code?: unknown }).code)) throw error
    return untilHeard(ask, tries - 1)
  }
}

/** One request with the real curl. */
export async function curl(hub: EnrolmentHub, path: string, ...args: string[]): Promise<Answer> {
  const out = join(hub.dir, 'answer')
  await writeFile(out, '')
  const url = `https://localhost:${hub.port}/.well-known/est/${path}`
  const common = [
    '--silent',
    '--show-error',
    '--noproxy',
    '*',
    '--max-time',
    '20',
    '--resolve',
    `localhost:${hub.port}:127.0.0.1`,
  ]
  const written = ['--output', out, '--dump-header', '-', '--write-out', '\n%{http_code}']
  const stdout = await untilHeard(() =>
    run('curl', [...common, '--cacert', 'ca.cert.pem', ...written, ...args, url], { cwd: hub.dir }),
  )
  const [, headers = '', status = ''] = /^([\s\S]*)\n(\d{3})$/.exec(stdout) ?? []
  return { status: Number(status), headers: headers.toLowerCase(), body: await readFile(out, 'utf8') }
}

const P10 = ['--header', 'Content-Type: application/pkcs10']
export const post = (hub: EnrolmentHub, path: string, file: string, ...args: string[]): Promise<Answer> =>
  curl(hub, path, ...P10, '--data-binary', `@${file}`, ...args)

/** A key and request made by plain openssl: `<name>.key.pem` and `<name>.p10` (DER). */
export async function makeRequest(
  dir: string,
  name: string,
  commonName = name,
  key = ['-name', 'prime256v1'],
): Promise<string> {
  await openssl(dir, 'ecparam', ...key, '-genkey', '-noout', '-out', `${name}.key.pem`)
  await openssl(
    dir,
    'req',
    '-new',
    '-key',
    `${name}.key.pem`,
    '-subj',
    `/CN=${commonName}`,
    '-outform',
    'DER',
    '-out',
    `${name}.p10`,
  )
  return `${name}.p10`
}

/** Stores the certificate of an answer as `<name>.cert.pem`; openssl reads it. */
export async function keepCertificate(dir: string, name: string, answer: Answer): Promise<string> {
  await writeFile(join(dir, `${name}.p7`), Buffer.from(answer.body, 'base64'))
  await openssl(dir, 'pkcs7', '-inform', 'DER', '-in', `${name}.p7`, '-print_certs', '-out', `${name}.cert.pem`)
  return `${name}.cert.pem`
}

/** Enrols with a fresh code; leaves `<device>.key.pem` and `<device>.cert.pem` in the hub's folder. */
export async function enrolDevice(hub: EnrolmentHub, device: string): Promise<string[]> {
  hub.invite(device, 'CODE-1234')
  const answer = await post(hub, 'simpleenroll', await makeRequest(hub.dir, device), '--user', `${device}:CODE-1234`)
  if (answer.status !== 200) throw new Error(answer.body)
  const cert = await keepCertificate(hub.dir, device, answer)
  return ['--cert', cert, '--key', `${device}.key.pem`]
}
