/**
 * Visits end by themselves: at their minute, and when whom they visit is not there any more. Nothing opens after a visit's
 * end in any case, as its badge and its grants end with it: this takes back what is left, and says so.
 */
import type { DepartureWish } from './person-departed.ts'

export interface OpenVisit {
  readonly id: string
  readonly person: string
  readonly host: string
  /** Milliseconds since 1970, UTC. */
  readonly from: number
  readonly until: number
}
interface Needs {
  readonly open: () => readonly OpenVisit[]
  /** Of the site, and their time has not ended. @param person by id */
  readonly isThere: (person: string, at: number) => boolean
  /** That it ended is in the same commit. */
  readonly end: (visit: OpenVisit, wish: DepartureWish, byItself: true) => Promise<unknown>
  /** Once for each. */
  readonly onFailure: (visit: string, error: unknown) => void
  readonly now: () => number
}

export class VisitsDue {
  readonly #needs: Needs
  readonly #failing = new Set<string>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Never rejects: what fails is tried again at the next look. */
  async look(): Promise<void> {
    const { open, isThere, now } = this.#needs
    for (const visit of open()) {
      if (visit.until <= now()) await this.#end(visit)
      else if (!isThere(visit.host, now())) await this.#end(visit, 'host departed')
    }
  }

  nextAt(): number {
    return Math.min(...this.#needs.open().map(({ id, until }) => (this.#failing.has(id) ? Infinity : until)))
  }

  async #end(visit: OpenVisit, statedReason?: string): Promise<void> {
    const { end, onFailure } = this.#needs
    try {
      await end(visit, { person: visit.person, by: 'hub', ...(statedReason !== undefined && { statedReason }) }, true)
      this.#failing.delete(visit.id)
    } catch (error) {
      if (!this.#failing.has(visit.id)) onFailure(visit.id, error)
      this.#failing.add(visit.id)
    }
  }
}
