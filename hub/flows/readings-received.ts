/**
 * A sensor has measured something: stored (many messages to one row, see record/journal.ts), then told to observers.
 */
import type { Reading } from '#devices/messages.ts'
import type { ReadingsStored } from '../events.ts'
import type { JournalWriter, Recorded } from '../ports.ts'
import type { Incoming } from './message-received.ts'

interface Needs {
  readonly journal: JournalWriter
  readonly zoneOf: (device: string) => string | undefined
  readonly notify: (recorded: Recorded) => void
}

export class ReadingsReceived {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  async handle({ message, origin, at }: Incoming<Reading>): Promise<void> {
    const { journal, zoneOf, notify } = this.#needs
    const zone = zoneOf(origin.device)
    const stored = { ...origin, ...(zone ? { zone } : {}), readings: message.readings }
    const event: ReadingsStored = { kind: 'readings', messages: [stored] }
    notify(await journal.append({ event, at, inbox: { device: origin.device, seq: message.seq, id: message.id } }))
  }
}
