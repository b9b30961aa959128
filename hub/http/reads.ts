/** Reading the journal is itself in the journal: at once, then at most one row a minute and operator, with the count. */
import { causeOf } from '../errors.ts'
import type { JournalRead } from '../events.ts'
import type { Log, RecordEvent } from './ports.ts'

const WINDOW_MS = 60_000

interface Pending {
  rows: number
  readonly timer: NodeJS.Timeout
}

export class JournalReads {
  readonly #record: RecordEvent<JournalRead>
  readonly #log: Log
  readonly #windowMs: number
  readonly #pending = new Map<string, Pending>()

  constructor(record: RecordEvent<JournalRead>, log: Log, windowMs = WINDOW_MS) {
    this.#record = record
    this.#log = log
    this.#windowMs = windowMs
  }

  /** Call before the rows are handed out. @throws VigieError journal-unavailable: what can't be recorded isn't read */
  async note(by: string, rows: number): Promise<void> {
    const pending = this.#pending.get(by)
    if (pending) {
      pending.rows += rows
      return
    }
    const opened = this.#open(by)
    try {
      await this.#record({ kind: 'journal.read', by, rows })
    } catch (error) {
      this.#drop(by, opened) // the next reading tries again instead of hiding behind this one
      throw error
    }
  }

  /** Writes down what is still counted. */
  async stop(): Promise<void> {
    await Promise.all([...this.#pending.keys()].map(by => this.#close(by)))
    for (const [by, pending] of this.#pending) this.#drop(by, pending)
  }

  #open(by: string): Pending {
    const opened = { rows: 0, timer: setTimeout(() => void this.#close(by), this.#windowMs).unref() }
    this.#pending.set(by, opened)
    return opened
  }

  #drop(by: string, pending: Pending): void {
    clearTimeout(pending.timer)
    if (this.#pending.get(by) === pending) this.#pending.delete(by)
  }

  async #close(by: string): Promise<void> {
    const pending = this.#pending.get(by)
    if (!pending) return
    this.#drop(by, pending)
    if (pending.rows === 0) return
    const next = this.#open(by)
    try {
      await this.#record({ kind: 'journal.read', by, rows: pending.rows })
    } catch (error) {
      next.rows += pending.rows
      this.#log.error(
        { by, rows: pending.rows, cause: causeOf(error) },
        'a reading of the journal could not be recorded',
      )
    }
  }
}
