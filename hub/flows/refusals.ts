/**
 * Something was refused: counted per device at once, told once per burst. The first refusal of a kind is journaled and
 * logged when it happens; what follows within a minute becomes one row with the count. No byte of what was refused is kept;
 * of a message that came again, its id and number are.
 */
import type { Refusal } from '#devices/messages.ts'
import type { DeviceRefused, DeviceReplayed } from '../events.ts'
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

type Told = DeviceRefused | DeviceReplayed
/** A message that was received before came again, or one with an older number. */
export type Replayed = Omit<DeviceReplayed, 'kind' | 'count'>

interface Burst {
  readonly device: string
  readonly refusal: Refusal
  /** The row of the newest one, without its count. */
  last: Untold
  more: number
}
type Untold = Omit<DeviceRefused, 'count'> | Omit<DeviceReplayed, 'count'>

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
    const named = field ? { field } : {}
    const address = 'address' in subject ? { address: subject.address } : {}
    this.#count({ kind: 'device.refused', device, refusal }, named, address)
  }

  replayed(what: Replayed): void {
    this.#count({ kind: 'device.replayed', ...what })
  }

  /** @param named of the first only: what follows may be about another field */
  #count(what: Untold, named: { readonly field?: string } = {}, address: { readonly address?: string } = {}): void {
    const { device, refusal } = what
    const counts = this.#countsOf(device)
    counts[refusal] = (counts[refusal] ?? 0) + 1
    const key = `${device} ${refusal}`
    const burst = this.#bursts.get(key)
    if (burst) {
      burst.more += 1
      burst.last = what
      return
    }
    this.#bursts.set(key, { device, refusal, last: what, more: 0 })
    this.#needs.log({ device, refusal, count: 1, ...named, ...address })
    this.#record({ ...what, ...named, count: 1 })
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
    for (const [key, burst] of this.#bursts) {
      const { device, refusal, last, more } = burst
      if (more === 0) this.#bursts.delete(key)
      else {
        burst.more = 0
        this.#needs.log({ device, refusal, count: more })
        this.#record({ ...last, count: more })
      }
    }
  }

  #record(event: Told): void {
    this.#needs.journal.append({ event, at: this.#needs.now() }).then(this.#needs.notify, this.#needs.onUnrecorded)
  }
}
