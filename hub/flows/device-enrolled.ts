/**
 * A device gets its certificate, over the network (EST) or from the command line:
 *
 *   check    who asks, with what proof: a one-time code, the present certificate, or the operator at the hub
 *   issue    the authority signs
 *   record   journal row, certificate row and the code's use, in one commit
 *   answer   only now does the certificate leave the hub
 *
 * Renewing overlaps: the old certificate stays good until it expires, so a device that loses the answer just asks again.
 */
import { VigieError } from '../errors.ts'
import type { DeviceEvent } from '../events.ts'

type Awaitable<T> = T | Promise<T>

/** A certificate as the registry keeps it. Times are milliseconds since 1970, UTC. */
export interface CertificateRow {
  /** 32 lower-case hex digits. */
  readonly serial: string
  readonly device: string
  readonly notBefore: number
  readonly notAfter: number
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string
}

export interface EnrolmentRegistry {
  device(id: string): Awaitable<{ readonly revoked: boolean } | undefined>
  /** The device's unused code, as its hash; undefined if it has none. */
  code(device: string): Awaitable<{ readonly hash: string; readonly expiresAt: number } | undefined>
  certificate(
    serial: string,
  ): Awaitable<{ readonly device: string; readonly notAfter: number; readonly revoked: boolean } | undefined>
  /**
   * Journal row, certificate row and the use of the code, durable together or not at all.
   * @returns false, with nothing written, if the proof has lost its worth since it was checked: the code was used, the
   * certificate presented was revoked or has expired, or the device was revoked
   * @throws VigieError renewal-too-early, journal-unavailable
   */
  recordCertificate(event: DeviceEvent, certificate: CertificateRow, proof: Proof): Awaitable<boolean>
}

/** What a request rests on; empty for the operator at the hub. Checked once more in the commit that records it. */
export interface Proof {
  /** Hash of the one-time code. */
  readonly codeHash?: string
  /** Serial of the certificate that the device has presented. */
  readonly presented?: string
}

export interface CertificateIssuer {
  readonly caPem: string
  codeMatches(device: string, code: string, storedHash: string | undefined): boolean
  checkRequest(csr: Uint8Array, device: string): Promise<Buffer>
  makeDeviceKey(): Promise<{ readonly keyPem: string; readonly publicKey: Buffer }>
  issueDevice(
    device: string,
    publicKey: Buffer,
    lifeMs: number,
  ): Promise<Omit<CertificateRow, 'device'> & { readonly certPem: string }>
}

export interface EnrolmentPorts {
  readonly registry: EnrolmentRegistry
  readonly authority: CertificateIssuer
  readonly now: () => number
  /** Life of a device certificate, milliseconds. */
  readonly lifeMs: number
}

/** What leaves the hub. */
export interface Enrolled extends CertificateRow {
  readonly certPem: string
  readonly caPem: string
}
export interface EnrolledWithKey extends Enrolled {
  readonly keyPem: string
}

/** A request that passed the first step. */
interface Checked {
  readonly device: string
  readonly kind: 'device.enrolled' | 'device.renewed'
  readonly publicKey: Buffer
  readonly proof: Proof
}

export class DeviceEnrolled {
  readonly #ports: EnrolmentPorts

  constructor(ports: EnrolmentPorts) {
    this.#ports = ports
  }

  /**
   * First certificate, for a request made by the device itself.
   * @throws VigieError enrol-code-invalid (the same for an unknown device), device-revoked, csr-invalid, journal-unavailable
   */
  async enrol(device: string, code: string, csr: Uint8Array): Promise<Enrolled> {
    return this.#finish(await this.#checkCode(device, code, csr))
  }

  /**
   * Next certificate for the holder of a valid one.
   * @throws VigieError client-certificate-required, renewal-too-early, csr-invalid, journal-unavailable
   */
  async reenrol(serial: string, commonName: string, csr: Uint8Array): Promise<Enrolled> {
    return this.#finish(await this.#checkCertificate(serial, commonName, csr))
  }

  /**
   * A certificate with a key made here, for `vigie device add` and `vigie device renew`.
   * @throws VigieError device-unknown, device-revoked, journal-unavailable
   */
  async provide(device: string, kind: Checked['kind']): Promise<EnrolledWithKey> {
    await this.#checkDevice(device)
    const { keyPem, publicKey } = await this.#ports.authority.makeDeviceKey()
    return { ...(await this.#finish({ device, kind, publicKey, proof: {} })), keyPem }
  }

  // check: the code before anything else, so that a stranger learns nothing about devices or requests
  async #checkCode(device: string, code: string, csr: Uint8Array): Promise<Checked> {
    const { registry, authority, now } = this.#ports
    const stored = await registry.code(device)
    const matches = authority.codeMatches(device, code, stored?.hash)
    if (!matches || !stored || now() >= stored.expiresAt) throw new VigieError('enrol-code-invalid', { device })
    await this.#checkDevice(device)
    const publicKey = await authority.checkRequest(csr, device)
    return { device, kind: 'device.enrolled', publicKey, proof: { codeHash: stored.hash } }
  }

  // check: TLS has verified the chain; whether the certificate still speaks for its device only the registry knows
  async #checkCertificate(serial: string, commonName: string, csr: Uint8Array): Promise<Checked> {
    const { registry, authority, now } = this.#ports
    const present = await registry.certificate(serial)
    const device = present && (await registry.device(present.device))
    const valid = present?.device === commonName && !present.revoked && now() < present.notAfter
    if (!valid || !device || device.revoked) throw new VigieError('client-certificate-required')
    const publicKey = await authority.checkRequest(csr, commonName)
    return { device: commonName, kind: 'device.renewed', publicKey, proof: { presented: serial } }
  }

  async #checkDevice(device: string): Promise<void> {
    const known = await this.#ports.registry.device(device)
    if (!known) throw new VigieError('device-unknown', { device })
    if (known.revoked) throw new VigieError('device-revoked', { device })
  }

  async #finish(checked: Checked): Promise<Enrolled> {
    const { certPem, ...issued } = await this.#ports.authority.issueDevice(
      checked.device,
      checked.publicKey,
      this.#ports.lifeMs,
    )
    const row: CertificateRow = { device: checked.device, ...issued }
    await this.#record(checked, row)
    return { ...row, certPem, caPem: this.#ports.authority.caPem }
  }

  async #record(checked: Checked, row: CertificateRow): Promise<void> {
    const event: DeviceEvent = { kind: checked.kind, device: checked.device, serial: row.serial }
    if (await this.#ports.registry.recordCertificate(event, row, checked.proof)) return
    if (checked.proof.presented !== undefined) throw new VigieError('client-certificate-required')
    await this.#checkDevice(checked.device)
    throw new VigieError('enrol-code-invalid', { device: checked.device })
  }
}
