/**
 * Where rows wait while the journal can't be written: a file, fsynced before a row is acknowledged, drained into the
 * journal in order. A row is drained exactly once, also when the hub dies between the commit and the clearing of the file.
 *
 * Two files take turns: `spool.jsonl` takes new rows, and is renamed when its rows are drained, so that what comes in
 * meanwhile neither waits for the journal nor is cleared with them. A line this hub did not write, or not to its end,
 * goes to `spool.bad.jsonl` and holds up nothing. Nothing here holds up the event loop.
 */
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { causeOf, VigieError } from '../errors.ts'
import type { Entry, Recorded } from '../ports.ts'
import { Seal } from './seal.ts'

const RETRY_MS = 1_000
const START_PATIENCE_MS = 5_000
const BAD = 'spool.bad.jsonl'

interface Lines {
  readonly entries: readonly Entry[]
  readonly bad: readonly string[]
}

interface Needs {
  readonly dir: string
  /** The journal's: 64 hexadecimal digits. */
  readonly key: string
  /** Commits the rows that the journal does not hold yet, all or none. @throws VigieError journal-unavailable */
  readonly journal: { drain(entries: readonly Entry[]): Promise<Recorded[]> }
  readonly onDrained: (recorded: readonly Recorded[]) => void
  readonly onTrouble: (cause: string) => void
}

export class Spool {
  readonly #needs: Needs
  readonly #file: string
  readonly #draining: string
  readonly #bad: string
  readonly #seal: Seal
  #timer: NodeJS.Timeout | undefined
  /** Rows in the file that takes new ones, and in the one that is drained. */
  #fresh = 0
  #leaving = 0
  /** Writing and renaming, one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  #drained: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(needs: Needs) {
    this.#needs = needs
    this.#file = join(needs.dir, 'spool.jsonl')
    this.#draining = join(needs.dir, 'spool.draining.jsonl')
    this.#bad = join(needs.dir, BAD)
    this.#seal = new Seal(needs.key)
  }

  /**
   * Drains what an earlier run left behind; what can't be drained yet is tried again each second.
   * @returns the rows that wait all the same: what they tell has happened, and is in none of the tables
   */
  async start(): Promise<readonly Entry[]> {
    const [leaving, fresh] = [await this.#read(this.#draining), await this.#read(this.#file)]
    this.#leaving = leaving.entries.length
    this.#fresh = fresh.entries.length
    if (this.waiting + leaving.bad.length + fresh.bad.length > 0) await inTime(this.#drain())
    if (this.waiting === 0) return []
    return [...(await this.#read(this.#draining)).entries, ...(await this.#read(this.#file)).entries]
  }

  /** Resolves when the files are at rest. What waits is drained after the next start. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await Promise.all([this.#turn, this.#drained])
  }

  get waiting(): number {
    return this.#fresh + this.#leaving
  }

  /** Durable when it resolves. @throws VigieError journal-unavailable if the file can't be written either */
  async add(entries: readonly Entry[]): Promise<void> {
    try {
      await this.#inTurn(() => this.#write(entries))
    } catch (error) {
      this.#needs.onTrouble(causeOf(error))
      throw new VigieError('journal-unavailable', { cause: causeOf(error) }, { cause: error })
    }
    this.#drainLater()
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined) // its own caller hears of it; the next one starts anew
    return done
  }

  async #write(entries: readonly Entry[]): Promise<void> {
    await append(
      this.#file,
      entries.map(e => this.#seal.close(e)),
    )
    this.#fresh += entries.length
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
      if (this.waiting > 0) this.#drainLater()
    } catch (error) {
      this.#timer = undefined
      this.#needs.onTrouble(causeOf(error))
      this.#drainLater()
    }
  }

  async #drainFile(): Promise<void> {
    const { entries, bad } = await this.#read(this.#draining)
    const recorded = entries.length > 0 ? await this.#needs.journal.drain(entries) : []
    if (bad.length > 0) await this.#setAside(bad)
    await rm(this.#draining, { force: true })
    this.#leaving = 0
    if (recorded.length > 0) this.#needs.onDrained(recorded)
  }

  /** For whoever looks into it; never tried again. A disk too full for that is no reason to hold up what follows. */
  async #setAside(lines: readonly string[]): Promise<void> {
    const text = `${lines.length} line(s) of the spool were cut short, changed or not written by this hub`
    try {
      await append(this.#bad, lines)
      this.#needs.onTrouble(`${text}: they are no rows of the journal, and were moved to ${BAD}`)
    } catch (error) {
      this.#needs.onTrouble(`${text}, and could not be kept: ${causeOf(error)}`)
    }
  }

  /** @returns false if there is nothing to rename */
  async #rotate(): Promise<boolean> {
    try {
      await rename(this.#file, this.#draining)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      if (this.#fresh > 0) this.#needs.onTrouble(`${this.#fresh} row(s) are gone: somebody took the spool away`)
      this.#fresh = 0
      return false
    }
    this.#leaving = this.#fresh
    this.#fresh = 0
    return true
  }

  async #read(file: string): Promise<Lines> {
    try {
      return this.#sort((await readFile(file, 'utf8')).split('\n'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], bad: [] }
      throw error
    }
  }

  #sort(lines: readonly string[]): Lines {
    const entries: Entry[] = []
    const bad: string[] = []
    for (const line of lines) {
      const entry = this.#seal.open(line)
      if (entry) entries.push(entry)
      else if (line !== '') bad.push(line)
    }
    return { entries, bad }
  }
}

/** A hub that starts does not wait for a disk that does not answer: it drains later. */
function inTime(drained: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, START_PATIENCE_MS)
    void drained.finally(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** On disk when it resolves. The line break comes first, so that a line a crash cut short never swallows the next one. */
async function append(path: string, lines: readonly string[]): Promise<void> {
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(`\n${lines.map(line => `${line}\n`).join('')}`)
    await file.sync()
  } finally {
    await file.close()
  }
}
