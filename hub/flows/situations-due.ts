/**
 * Time has passed, and something is over: nobody came as the second of two, an emergency opening or a lockdown has run out,
 * a review is overdue, a place that was kept is free.
 *
 *   look     access/due.ts, each second: what is due, and what there is to tell of it
 *   follow   in memory at once
 *   record   what is told and what changed, in one commit; what changes without anything to tell, by itself
 *   notify   observers
 *
 * Nothing is sent to a device here: time opens nothing. Safety never waits for this either, because decisions look at the
 * times themselves. What can't be recorded is taken back, and found again a second later.
 */
import { due } from '../access/due.ts'
import type { SituationChange } from '../access/situations.ts'
import type { Snapshot } from '../access/snapshot.ts'
import type { Entry, JournalWriter, Recorded } from '../ports.ts'
import type { Pending, Standing } from './standing.ts'

interface Needs {
  readonly rights: () => Snapshot
  readonly situations: Standing
  readonly journal: Pick<JournalWriter, 'appendAll'>
  /** Writes rows that nothing is told of. @throws VigieError journal-unavailable */
  readonly write: (changes: readonly SituationChange[]) => Promise<unknown>
  readonly notify: (recorded: Recorded) => void
  readonly onFailure: (error: unknown) => void
  readonly now: () => number
}

const LOOK_MS = 1_000

export class SituationsDue {
  readonly #needs: Needs
  /** What a row stood for that was given up, for as long as the journal still holds on to that row. */
  readonly #givenUp = new WeakMap<Entry, Pending>()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined

  constructor(needs: Needs) {
    this.#needs = needs
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS)
  }

  /** Resolves when what was found is recorded, or given up. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  /** One at a time: while the disk is slow, what is due later is found later. Never rejects. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** It was given up, and then turned out to be stored all the same: it has happened, and does not happen again. */
  storedAfterAll(entry: Entry): void {
    this.#givenUp.get(entry)?.redo()
  }

  async #look(): Promise<void> {
    const { rights, situations, journal, write, notify, onFailure, now } = this.#needs
    const at = now()
    const { changes, tells } = due(rights(), situations, at)
    if (changes.length === 0) return
    const pending = situations.apply(changes)
    const entries = tells.map((event, i): Entry => ({ event, at, ...(i === 0 ? { situations: changes } : {}) }))
    try {
      const recorded = entries.length > 0 ? await journal.appendAll(entries) : void (await write(changes))
      pending.keep()
      recorded?.forEach(notify)
    } catch (error) {
      pending.undo()
      if (entries[0]) this.#givenUp.set(entries[0], pending)
      onFailure(error)
    }
  }
}
