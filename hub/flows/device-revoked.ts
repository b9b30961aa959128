/**
 * A device is revoked: stolen, lost, or taken out of service:
 *
 *   record   journal row and registry durable; from here on nothing it sends or asks for is accepted
 *   list     the list of revoked certificates is written anew
 *   renew    the TLS edges take the new list: no new handshake
 *   cut      its live sockets are closed
 *
 * The time from the call to the last socket closed is measured and returned. Where the list can't be written the sockets
 * are cut all the same, and the failure is reported.
 */
import { VigieError } from '../errors.ts'
import type { DeviceEvent } from '../events.ts'

type Awaitable<T> = T | Promise<T>

/** Reasons of RFC 5280 5.3.1 that apply to a device. */
export type RevocationReason = 'key-compromise' | 'superseded' | 'cessation-of-operation' | 'privilege-withdrawn'

export interface RevokedCertificate {
  readonly serial: string
  /** Milliseconds since 1970, UTC. */
  readonly revokedAt: number
  readonly reason: string
}

export interface RevocationPorts {
  readonly registry: {
    device(id: string): Awaitable<{ readonly revoked: boolean } | undefined>
    /**
     * Journal row, device and all its certificates revoked, its unused codes withdrawn, durable together or not at all.
     * @throws VigieError journal-unavailable
     */
    revokeDevice(event: DeviceEvent, at: number, reason: RevocationReason): Awaitable<void>
    /** All revoked certificates that have not expired. */
    revoked(): Awaitable<readonly RevokedCertificate[]>
  }
  readonly authority: { crl(revoked: readonly RevokedCertificate[]): Promise<string> }
  readonly link: {
    /** Hands the new list (PEM) to every TLS edge; open sockets stay. */
    renewTls(crl: string): Awaitable<void>
    /** @returns how many sockets were closed */
    cutDevice(device: string): Awaitable<number>
  }
  readonly now: () => number
}

export interface Revocation {
  readonly cut: number
  /** Milliseconds from the call to the last socket closed. */
  readonly tookMs: number
}

export class DeviceRevoked {
  readonly #ports: RevocationPorts
  #lists: Promise<unknown> = Promise.resolve()

  constructor(ports: RevocationPorts) {
    this.#ports = ports
  }

  /**
   * Revoking a device that is revoked already repeats the steps after the record, as a repair.
   * @throws VigieError device-unknown, journal-unavailable (nothing happened), file-unwritable (revoked and cut, but the
   * list is the old one)
   */
  async revoke(device: string, reason: RevocationReason = 'cessation-of-operation'): Promise<Revocation> {
    const began = performance.now()
    await this.#record(device, reason)
    let cut = 0
    try {
      await this.renewList()
    } finally {
      cut = await this.#ports.link.cutDevice(device)
    }
    return { cut, tookMs: performance.now() - began }
  }

  async #record(device: string, reason: RevocationReason): Promise<void> {
    const { registry, now } = this.#ports
    const known = await registry.device(device)
    if (!known) throw new VigieError('device-unknown', { device })
    if (known.revoked) return
    await registry.revokeDevice({ kind: 'device.revoked', device, reason }, now(), reason)
  }

  /**
   * Writes the list and hands it to the TLS edges: at start, and after an enrolment that superseded older certificates.
   * One after the other: a list read before another revocation must not be written after that one's.
   * @throws VigieError file-unwritable
   */
  renewList(): Promise<void> {
    const { registry, authority, link } = this.#ports
    const renewed = this.#lists.then(async () => {
      const crl = await authority.crl(await registry.revoked())
      await link.renewTls(crl)
    })
    this.#lists = renewed.catch(() => undefined) // its own caller hears of it; the next list starts anew
    return renewed
  }
}
