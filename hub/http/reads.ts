/** Reading the journal is itself in the journal: at once, then at most one row a minute for each operator and token, with the count. */
import { causeOf } from '../errors.ts'
import type { JournalRead } from '../events.ts'
import { type ActingToken, actingToken, withToken } from './acting-token.ts'
import type { Log, RecordEvent } from './ports.ts'

const WINDOW_MS = 60_000

interface Pending {
  rows: number
  readonly by: string
  /** The token that reads in their name. */
  readonly token: ActingToken | undefined
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
    const token = actingToken()
    const key = `${by} ${token?.token ?? ''}`
    const pending = this.#pending.get(key)
    if (pending) {
      pending.rows += rows
      return
    }
    const opened = this.#open(key, { by, token })
    try {
      await this.#write(opened, rows)
    } catch (error) {
      this.#drop(key, opened) // the next reading tries again instead of hiding behind this one
      throw error
    }
  }

  /** Writes down what is still counted. */
  async stop(): Promise<void> {
    await Promise.all([...this.#pending.keys()].map(key => this.#close(key)))
    for (const [key, pending] of this.#pending) this.#drop(key, pending)
  }

  async #write({ by, token }: Pick<Pending, 'by' | 'token'>, rows: number): Promise<void> {
    await this.#record(withToken({ kind: 'journal.read', by, rows }, token))
  }

  #open(key: string, { by, token }: Pick<Pending, 'by' | 'token'>): Pending {
    const opened = { by, token, rows: 0, timer: setTimeout(() => void this.#close(key), this.#windowMs).unref() }
    this.#pending.set(key, opened)
    return opened
  }

  #drop(key: string, pending: Pending): void {
    clearTimeout(pending.timer)
    if (this.#pending.get(key) === pending) this.#pending.delete(key)
  }

  async #close(key: string): Promise<void> {
    const pending = this.#pending.get(key)
    if (!pending) return
    this.#drop(key, pending)
    if (pending.rows === 0) return
    const next = this.#open(key, pending)
    try {
      await this.#write(pending, pending.rows)
    } catch (error) {
      next.rows += pending.rows
      this.#log.error(
        { by: pending.by, rows: pending.rows, cause: causeOf(error) },
        'a reading of the journal could not be recorded',
      )
    }
  }
}
