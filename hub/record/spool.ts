/**
 * Where rows wait while the journal can't be written: a file, fsynced before a row is acknowledged, drained into the
 * journal in order. A row is drained exactly once, also when the hub dies between the commit and the clearing of the file.
 *
 * Two files take turns: `spool.jsonl` takes new rows, and is renamed when its rows are drained, so that what comes in
 * meanwhile neither waits for the journal nor is cleared with them. Nothing here holds up the event loop.
 */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, VigieError } from '../errors.ts'
import type { Entry, Recorded } from '../ports.ts'

const RETRY_MS = 1_000

interface Needs {
  readonly dir: string
  /** Commits the rows that the journal does not hold yet, all or none. @throws VigieError journal-unavailable */
  readonly journal: { drain(entries: readonly Entry[]): Promise<Recorded[]> }
  readonly onDrained: (recorded: readonly Recorded[]) => void
  readonly onTrouble: (cause: string) => void
}

export class Spool {
  readonly #needs: Needs
  readonly #file: string
  readonly #draining: string
  #timer: NodeJS.Timeout | undefined
  #waiting = 0
  /** Writing and renaming, one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #drained: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(needs: Needs) {
    this.#needs = needs
    this.#file = join(needs.dir, 'spool.jsonl')
    this.#draining = join(needs.dir, 'spool.draining.jsonl')
  }

  /** Drains what an earlier run left behind; what can't be drained yet is tried again each second. */
  async start(): Promise<void> {
    this.#waiting = (await this.#read(this.#draining)).length + (await this.#read(this.#file)).length
    if (this.#waiting > 0) await this.#drain()
  }

  /** Resolves when the files are at rest. What waits is drained after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await Promise.all([this.#turn, this.#drained])
  }

  get waiting(): number {
    return this.#waiting
  }

  /** Durable when it resolves. @throws VigieError journal-unavailable if the file can't be written either */
  async add(entries: readonly Entry[]): Promise<void> {
    try {
      await this.#inTurn(() => this.#write(entries))
    } catch (error) {
      this.#needs.onTrouble(causeOf(error))
      throw new VigieError('journal-unavailable', { cause: causeOf(error) }, { cause: error })
    }
    this.#waiting += entries.length
    this.#drainLater()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined) // its own caller hears of it; the next one starts anew
    return done
  }

  /** The line break comes first, so that a line a crash cut short never swallows the one after it. */
  async #write(entries: readonly Entry[]): Promise<void> {
    const file = await open(this.#file, 'a', 0o600)
    try {
      await file.appendFile(`\n${entries.map(e => `${JSON.stringify(e)}\n`).join('')}`)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  #drainLater(): void {
    if (this.#timer || this.#stopped) return
    this.#timer = setTimeout(() => {
      void this.#drain()
    }, RETRY_MS)
    this.#timer.unref()
  }

  /** One at a time: the next is planned only when this one is over. */
  #drain(): Promise<void> {
    this.#drained = this.#drainBoth()
    return this.#drained
  }

  async #drainBoth(): Promise<void> {
    try {
      await this.#drainFile() // left behind by an attempt that failed
      if (await this.#inTurn(() => this.#rotate())) await this.#drainFile()
      this.#timer = undefined
      if (this.#waiting > 0) this.#drainLater()
    } catch (error) {
      this.#timer = undefined
      this.#needs.onTrouble(causeOf(error))
      this.#drainLater()
    }
  }

  async #drainFile(): Promise<void> {
    const entries = await this.#read(this.#draining)
    const recorded = entries.length > 0 ? await this.#needs.journal.drain(entries) : []
    await rm(this.#draining, { force: true })
    this.#waiting -= entries.length
    if (recorded.length > 0) this.#needs.onDrained(recorded)
  }

  /** @returns false if there is nothing to rename */
  async #rotate(): Promise<boolean> {
    try {
      await rename(this.#file, this.#draining)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw error
    }
  }

  async #read(file: string): Promise<Entry[]> {
    try {
      const lines = (await readFile(file, 'utf8')).split('\n')
      return lines.slice(0, -1).flatMap(line => (line === '' ? [] : this.#parse(line)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
      throw error
    }
  }

  /** A line cut short by a crash was never acknowledged, so it is dropped, and the rest is not lost with it. */
  #parse(line: string): Entry[] {
    try {
      return [JSON.parse(line) as Entry]
    } catch {
      this.#needs.onTrouble('a line of the spool is cut short and was left out')
      return []
    }
  }
}
