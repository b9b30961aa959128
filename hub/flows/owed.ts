/** Rows that neither the journal nor the spool took: kept in memory, and offered to the spool again each second. */
import type { Entry } from '../ports.ts'

const RETRY_MS = 1_000
/** The oldest are given up first. */
const LIMIT = 1_000

interface Needs {
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly onFailure: (error: unknown) => void
}

export class Owed {
  readonly #needs: Needs
  #kept: Entry[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Rejects if the spool does: the rows are kept all the same. */
  readonly add = async (entries: readonly Entry[]): Promise<void> => {
    try {
      await this.#needs.spool(entries)
    } catch (error) {
      this.#kept = [...this.#kept, ...entries].slice(-LIMIT)
      this.#timer ??= setTimeout(() => void this.#again(), RETRY_MS).unref()
      throw error
    }
  }

  /** One last try. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#offer()
    clearTimeout(this.#timer)
  }

  async #again(): Promise<void> {
    this.#timer = undefined
    await this.#offer()
  }

  async #offer(): Promise<void> {
    const entries = this.#kept
    this.#kept = []
    if (entries.length > 0) await this.add(entries).catch(this.#needs.onFailure)
  }
}
