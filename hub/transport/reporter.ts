/** Tells the edge what happened. The edge failing is logged and changes nothing for the socket in hand. */
import type { Refusal } from '#devices/messages.ts'
import { causeOf } from '#hub/errors.ts'
import type { DeviceEdge, DeviceIdentity } from '#hub/ports.ts'
import type { BurstLog } from './burst.ts'

export type Subject = Parameters<DeviceEdge['refused']>[0]

export class Reporter {
  readonly #edge: DeviceEdge
  readonly #log: BurstLog

  constructor(edge: DeviceEdge, log: BurstLog) {
    this.#edge = edge
    this.#log = log
  }

  /** Fails closed: a certificate that can't be looked up speaks for nobody. */
  identify(serial: string, commonName: string): DeviceIdentity | undefined {
    try {
      return this.#edge.identify(serial, commonName)
    } catch (error) {
      this.#failed('identify', error)
      return undefined
    }
  }

  connected(device: DeviceIdentity): void {
    this.#tell('connected', () => this.#edge.connected(device))
  }

  disconnected(device: DeviceIdentity): void {
    this.#tell('disconnected', () => this.#edge.disconnected(device))
  }

  refused(subject: Subject, refusal: Refusal): void {
    this.#tell('refused', () => this.#edge.refused(subject, refusal))
  }

  will(device: DeviceIdentity, payload: Buffer): void {
    this.#tell('will', () => {
      this.#edge.status(device, payload).catch((error: unknown) => this.#failed('will', error))
    })
  }

  #tell(what: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#failed(what, error)
    }
  }

  #failed(what: string, error: unknown): void {
    this.#log.warn(`device edge failed: ${what}`, { cause: causeOf(error) })
  }
}
