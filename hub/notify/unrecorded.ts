/** What has happened and is not in the journal yet: told at once under a number below zero, and not twice when it is. */
import type { Recorded, VigieEvent } from '../events.ts'

/** An event as pages hear of it. */
export interface Heard extends Recorded {
  /** The number below zero that it was told under before. */
  readonly replaces?: number
}

/** Told and not recorded yet; the oldest are forgotten first, and then told again as any other row. */
const LIMIT = 1_000

export class Unrecorded {
  readonly #told = new Map<string, Heard>()
  #last = 0

  /** @returns undefined if it was told before */
  tell({ at, event }: Pick<Recorded, 'at' | 'event'>): Heard | undefined {
    const key = keyOf(at, event)
    if (this.#told.has(key)) return undefined
    const heard: Heard = { seq: --this.#last, at, event, unrecorded: true }
    this.#told.set(key, heard)
    if (this.#told.size > LIMIT) this.#told.delete(this.#told.keys().next().value as string)
    return heard
  }

  /** It stands in the journal now. @returns the row, naming what it takes the place of; the same object if nothing */
  recorded(row: Recorded): Heard {
    if (this.#told.size === 0) return row
    const key = keyOf(row.at, row.event)
    const told = this.#told.get(key)
    this.#told.delete(key)
    return told ? { ...row, replaces: told.seq } : row
  }

  /** Oldest first. */
  list(): Heard[] {
    return [...this.#told.values()]
  }
}

const keyOf = (at: number, event: VigieEvent): string => `${at} ${JSON.stringify(event)}`
