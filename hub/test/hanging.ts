/** The real journal with a disk that fails on demand: at once, or by a COMMIT that hangs and is carried out later. */
import { VigieError } from '../errors.ts'
import type { Entry, JournalWriter, Recorded } from '../ports.ts'
import type { Journal, Late } from '../record/journal.ts'

export class Hanging implements JournalWriter {
  readonly #journal: Journal
  readonly #held: Entry[] = []
  #onLate: (late: readonly Late[]) => void = () => undefined
  /** Rows are refused as by a full disk. */
  failing = false
  /** Rows are given up at once, and stored all the same at `letGo`. */
  hangs = false
  /** Rows are stored, and whoever waits for that hears of it at `tell` only. */
  #untold: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  constructor(journal: Journal) {
    this.#journal = journal
  }

  append(entry: Entry): Promise<Recorded> {
    return this.failing || this.hangs ? this.#refuse([entry]) : this.#later(this.#journal.append(entry))
  }

  appendAll(entries: readonly Entry[]): Promise<Recorded[]> {
    return this.failing || this.hangs ? this.#refuse(entries) : this.#later(this.#journal.appendAll(entries))
  }

  keepQuiet(): void {
    this.#untold = Promise.withResolvers<void>()
  }

  tell(): void {
    this.#untold?.resolve()
    this.#untold = undefined
  }

  async #later<T>(stored: Promise<T>): Promise<T> {
    const told = this.#untold?.promise
    try {
      return await stored
    } finally {
      await told
    }
  }

  onLateCommit(listener: (late: readonly Late[]) => void): void {
    this.#onLate = listener
    this.#journal.onLateCommit(listener)
  }

  async letGo(): Promise<void> {
    this.hangs = false
    const entries = this.#held.splice(0)
    const recorded = await this.#journal.appendAll(entries)
    this.#onLate(entries.map((entry, i) => ({ entry, recorded: recorded[i] as Recorded })))
  }

  #refuse(entries: readonly Entry[]): Promise<never> {
    if (this.hangs) this.#held.push(...entries)
    const cause = this.hangs ? 'no answer from the disk' : 'disk full'
    return this.#later(Promise.reject(new VigieError('journal-unavailable', { cause })))
  }
}
