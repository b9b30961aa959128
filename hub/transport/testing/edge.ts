/** A hub's edge that remembers what it was told, in order, and lets tests wait for it. */
import type { Refusal } from '#devices/messages.ts'
import type { DeviceEdge, DeviceIdentity } from '#hub/ports.ts'
import { within } from './deadline.ts'

export interface Heard {
  readonly device: string
  readonly kind: string
  readonly payload: string
  readonly receivedAt: number
}

export class RecordingEdge implements DeviceEdge {
  readonly devices = new Map<string, DeviceIdentity>()
  readonly messages: Heard[] = []
  readonly statuses: { device: string; payload: string }[] = []
  /** `+door-1`, `-door-1`, `status door-1`: comings, goings and statuses in the order they were told. */
  readonly presence: string[] = []
  readonly refusals: string[] = []
  /** How often a certificate was looked up. */
  identified = 0
  /** What storing a message takes, and whether it works. */
  store: (heard: Heard) => Promise<void> = async () => undefined
  readonly #watchers = new Set<() => void>()

  identify(serial: string, commonName: string): DeviceIdentity | undefined {
    this.identified++
    this.#changed()
    const device = this.devices.get(serial)
    return device?.id === commonName ? device : undefined
  }

  async message(device: DeviceIdentity, kind: string, payload: Buffer, receivedAt: number): Promise<void> {
    const heard = { device: device.id, kind, payload: payload.toString(), receivedAt }
    this.messages.push(heard)
    this.#changed()
    await this.store(heard)
  }

  async status(device: DeviceIdentity, payload: Buffer): Promise<void> {
    this.statuses.push({ device: device.id, payload: payload.toString() })
    this.presence.push(`status ${device.id}`)
    this.#changed()
  }

  connected(device: DeviceIdentity): void {
    this.presence.push(`+${device.id}`)
    this.#changed()
  }

  disconnected(device: DeviceIdentity): void {
    this.presence.push(`-${device.id}`)
    this.#changed()
  }

  refused(subject: { readonly device: string } | { readonly address: string }, refusal: Refusal): void {
    this.refusals.push(`${'device' in subject ? subject.device : subject.address} ${refusal}`)
    this.#changed()
  }

  /** Resolves as soon as the condition holds; looks each time the edge is told something. */
  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return
    let watcher = (): void => undefined
    const met = new Promise<void>(resolve => {
      watcher = () => condition() && resolve()
      this.#watchers.add(watcher)
    })
    try {
      await within(met, `${what}; refused: ${this.refusals.join(', ')}`)
    } finally {
      this.#watchers.delete(watcher)
    }
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher()
  }
}
