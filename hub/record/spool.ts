/**
 * Where rows wait while the journal can't be written: a file, fsynced row by row, drained into the journal in order. A row
 * is drained exactly once, also when the hub dies between the commit and the clearing of the file.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { causeOf, VigieError } from '../errors.ts'
import type { Entry, JournalWriter, Recorded } from '../ports.ts'

const RETRY_MS = 1_000

interface Needs {
  readonly dir: string
  readonly journal: JournalWriter
  /** True if the journal already holds the row of this message. */
  readonly known: (device: string, message: string) => boolean
  readonly onDrained: (recorded: readonly Recorded[]) => void
  readonly onTrouble: (cause: string) => void
}

export class Spool {
  readonly #needs: Needs
  readonly #file: string
  #timer: NodeJS.Timeout | undefined
  #waiting = 0

  constructor(needs: Needs) {
    this.#needs = needs
    this.#file = join(needs.dir, 'spool.jsonl')
  }

  /** Drains what an earlier run left behind; what can't be drained yet is tried again each second. */
  async start(): Promise<void> {
    this.#waiting = this.#read().length
    if (this.#waiting > 0) await this.#drain()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Durable when it returns. @throws VigieError journal-unavailable if the file can't be written either */
  async add(entries: readonly Entry[]): Promise<void> {
    try {
      const fd = openSync(this.#file, 'a', 0o600)
      try {
        writeSync(fd, entries.map(e => `${JSON.stringify(e)}\n`).join(''))
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
    } catch (error) {
      this.#needs.onTrouble(causeOf(error))
      throw new VigieError('journal-unavailable', { cause: causeOf(error) }, { cause: error })
    }
    this.#waiting += entries.length
    this.#retryLater()
  }

  #retryLater(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#drain(), RETRY_MS)
    this.#timer.unref()
  }

  async #drain(): Promise<void> {
    const entries = this.#read().filter(e => !e.inbox || !this.#needs.known(e.inbox.device, e.inbox.id))
    try {
      const recorded = entries.length > 0 ? await this.#needs.journal.appendAll(entries) : []
      this.#clear()
      this.#needs.onDrained(recorded)
    } catch (error) {
      this.#needs.onTrouble(causeOf(error))
      this.#retryLater()
    }
  }

  /** A line cut short by a crash was never acknowledged, so it is dropped. */
  #read(): Entry[] {
    if (!existsSync(this.#file)) return []
    const lines = readFileSync(this.#file, 'utf8').split('\n')
    return lines.slice(0, -1).map(line => JSON.parse(line) as Entry)
  }

  #clear(): void {
    renameSync(this.#file, `${this.#file}.done`)
    rmSync(`${this.#file}.done`)
    this.#waiting = 0
  }
}
