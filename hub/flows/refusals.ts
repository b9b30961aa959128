/**
 * Something was refused: counted per device at once, told once per burst. The first refusal of a kind is journaled and
 * logged when it happens; what follows within a minute becomes one row with the count. No byte of what was refused is kept.
 */
import type { Refusal } from '#devices/messages.ts'
import type { DeviceRefused } from '../events.ts'
import type { JournalWriter, Recorded } from '../ports.ts'

const BURST_MS = 60_000
/** Stands for everything that had no valid certificate: addresses are not journaled. */
export const UNIDENTIFIED = 'unidentified'

interface Needs {
  readonly journal: JournalWriter
  readonly notify: (recorded: Recorded) => void
  readonly log: (fields: { device: string; refusal: Refusal; field?: string; count: number; address?: string }) => void
  readonly onUnrecorded: (error: unknown) => void
  readonly now: () => number
}

interface Burst {
  readonly device: string
  readonly refusal: Refusal
  more: number
}

export class Refusals {
  readonly #needs: Needs
  readonly #counts = new Map<string, Partial<Record<Refusal, number>>>()
  readonly #bursts = new Map<string, Burst>()
  #timer: NodeJS.Timeout | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  start(): void {
    this.#timer = setInterval(() => this.#endBursts(), BURST_MS)
    this.#timer.unref()
  }

  /** Writes what the open bursts have counted. */
  stop(): void {
    clearInterval(this.#timer)
    this.#endBursts()
  }

  refused(subject: { readonly device: string } | { readonly address: string }, refusal: Refusal, field = ''): void {
    const device = 'device' in subject ? subject.device : UNIDENTIFIED
    const counts = this.#countsOf(device)
    counts[refusal] = (counts[refusal] ?? 0) + 1
    const key = `${device} ${refusal}`
    const burst = this.#bursts.get(key)
    if (burst) {
      burst.more += 1
      return
    }
    this.#bursts.set(key, { device, refusal, more: 0 })
    this.#needs.log({
      device,
      refusal,
      count: 1,
      ...(field ? { field } : {}),
      ...('address' in subject ? { address: subject.address } : {}),
    })
    this.#record({ kind: 'device.refused', device, refusal, count: 1, ...(field ? { field } : {}) })
  }

  /** Since the hub's start. */
  countsFor(device: string): Readonly<Partial<Record<Refusal, number>>> {
    return this.#counts.get(device) ?? {}
  }

  #countsOf(device: string): Partial<Record<Refusal, number>> {
    const known = this.#counts.get(device)
    if (known) return known
    const counts: Partial<Record<Refusal, number>> = {}
    this.#counts.set(device, counts)
    return counts
  }

  #endBursts(): void {
    for (const [key, { device, refusal, more }] of this.#bursts) {
      if (more === 0) this.#bursts.delete(key)
      else {
        this.#bursts.set(key, { device, refusal, more: 0 })
        this.#needs.log({ device, refusal, count: more })
        this.#record({ kind: 'device.refused', device, refusal, count: more })
      }
    }
  }

  #record(event: DeviceRefused): void {
    this.#needs.journal.append({ event, at: this.#needs.now() }).then(this.#needs.notify, this.#needs.onUnrecorded)
  }
}
