/**
 * What arrivals and departures come to by themselves, looked at every so often and after each act.
 *
 *   look     tasks that are seen to be done are ticked off; one whose tasks are all done is finished
 *   leave    a departure whose minute has come is carried out, once, as if somebody had asked for it then: a hub that was off
 *            does it when it is back
 *
 * A departure that can't be carried out (the last administrator) is tried again at each look, and said once.
 */

import { doneByNow, isDue, type Looked, type Standing } from '../rules/movements.ts'
import type { DepartureWish } from './person-departed.ts'

export interface LookedAt extends Looked {
  readonly id: string
  readonly direction: 'arrival' | 'departure'
  readonly person: string
  readonly carriedOutAt: number | null
}
interface Needs {
  readonly open: () => readonly LookedAt[]
  readonly standing: (person: string, at: number) => Standing
  readonly seen: (a: { at: number; id: string; by: string; tasks: readonly string[] }) => Promise<unknown> | unknown
  /** That it was carried out is in the same commit. @throws VigieError operator-last, … */
  readonly depart: (movement: string, wish: DepartureWish) => Promise<unknown>
  /** Once for each. */
  readonly onFailure: (movement: string, error: unknown) => void
  readonly now: () => number
}

/** How the journal names the hub where it does something by itself. */
const BY_ITSELF = 'hub'

export class MovementsDue {
  readonly #needs: Needs
  readonly #failing = new Set<string>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError journal-unavailable where what is seen can't be written */
  async look(): Promise<void> {
    const { open, standing, seen, now } = this.#needs
    for (const movement of open()) {
      const { id, person } = movement
      const known = standing(person, now())
      if (isDue(movement, now()) && known.roles !== undefined) await this.#leave(movement)
      const tasks = doneByNow(movement, standing(person, now()), now())
      if (tasks.length > 0) await seen({ at: now(), id, by: BY_ITSELF, tasks })
    }
  }

  /** When the next departure is to be carried out; infinity where none is filed. One that fails waits for the next look. */
  nextAt(): number {
    const waiting = this.#needs.open().filter(m => m.direction === 'departure' && m.carriedOutAt === null)
    return Math.min(...waiting.filter(({ id }) => !this.#failing.has(id)).map(({ at }) => at))
  }

  async #leave({ id, person }: Pick<LookedAt, 'id' | 'person'>): Promise<void> {
    const { depart, onFailure } = this.#needs
    try {
      await depart(id, { person, by: BY_ITSELF, statedReason: `movement ${id}` })
      this.#failing.delete(id)
    } catch (error) {
      if (!this.#failing.has(id)) onFailure(id, error)
      this.#failing.add(id)
    }
  }
}
