/**
 * A device comes or goes.
 *
 *   decode   its status, sent by itself or by the broker as its last will
 *   clock    what its clock says when it comes: later messages are measured against it
 *   record   device.online, device.offline: on a change only
 *   notify   observers
 */
import type { Refusal } from '#devices/messages.ts'
import { decodeStatus } from '#devices/registry.ts'
import type { DeviceIdentity, JournalWriter, Recorded } from '../ports.ts'
import type { DeviceClocks } from './clocks.ts'

interface Needs {
  readonly journal: JournalWriter
  readonly clocks: DeviceClocks
  readonly zoneOf: (device: string) => string | undefined
  readonly refused: (device: string, refusal: Refusal, field?: string) => void
  readonly notify: (recorded: Recorded) => void
  readonly onUnrecorded: (error: unknown) => void
  readonly now: () => number
}

interface Told {
  /** Undefined after a row that could not be written: whatever comes next is told. */
  readonly online: boolean | undefined
  readonly stored: Promise<void>
}
const STORED = Promise.resolve()

export class DeviceStatus {
  readonly #needs: Needs
  readonly #online = new Set<string>()
  /** What the journal says, or is being told. */
  readonly #told = new Map<string, Told>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** A socket with a valid certificate is proof enough of being there. */
  connected(device: DeviceIdentity): void {
    this.#needs.clocks.connect(device.id, this.#needs.now())
    this.#change(device.id, true).catch(this.#needs.onUnrecorded)
  }

  disconnected(device: DeviceIdentity): void {
    this.#needs.clocks.leave(device.id)
    this.#change(device.id, false).catch(this.#needs.onUnrecorded)
  }

  /** Resolves when recorded, so that the PUBACK of a status means stored, too. */
  async status(device: DeviceIdentity, payload: Buffer): Promise<void> {
    const decoded = decodeStatus(payload)
    if (!decoded.ok) return this.#needs.refused(device.id, decoded.refusal, decoded.field)
    const { online, at } = decoded.message
    if (online) this.#needs.clocks.announce(device.id, at === undefined ? undefined : Date.parse(at), this.#needs.now())
    await this.#change(device.id, online)
  }

  get online(): ReadonlySet<string> {
    return this.#online
  }

  /** The same again waits for the row of the first; a row that could not be written is tried again with the next. */
  #change(device: string, online: boolean): Promise<void> {
    if (online) this.#online.add(device)
    else this.#online.delete(device)
    const before = this.#told.get(device) ?? { online: false, stored: STORED }
    if (before.online === online) return before.stored
    const told: Told = { online, stored: this.#record(device, online) }
    this.#told.set(device, told)
    return told.stored.catch(error => {
      if (this.#told.get(device) === told) this.#told.set(device, { online: undefined, stored: STORED })
      throw error
    })
  }

  async #record(device: string, online: boolean): Promise<void> {
    const { journal, notify, zoneOf, now } = this.#needs
    const zone = zoneOf(device)
    const event = { kind: online ? 'device.online' : 'device.offline', device, ...(zone ? { zone } : {}) } as const
    notify(await journal.append({ event, at: now() }))
  }
}
