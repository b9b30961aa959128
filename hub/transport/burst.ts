/** One log line when trouble of a kind begins, then at most one a minute with how many more there were. */
import type { Clock } from '#hub/ports.ts'

/** The part of a logger (pino's shape) that the broker uses. */
export interface Log {
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
}

const QUIET_MS = 60_000

export class BurstLog {
  readonly #log: Log
  readonly #now: Clock
  readonly #bursts = new Map<string, { at: number; more: number }>()

  constructor(log: Log, now: Clock) {
    this.#log = log
    this.#now = now
  }

  /** @param kind from a small closed set: it is kept for ever. `fields` never hold what a device sent. */
  warn(kind: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const now = this.#now()
    const burst = this.#bursts.get(kind)
    if (burst && Math.abs(now - burst.at) < QUIET_MS) {
      burst.more++
      return
    }
    this.#log.warn(burst?.more ? { ...fields, more: burst.more } : fields, kind)
    this.#bursts.set(kind, { at: now, more: 0 })
  }
}
