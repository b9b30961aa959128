/**
 * While an evacuation lasts its declared doors are released, round after round.
 *
 *   order    every 20 s an unlock of 30 s to each of its doors that is connected, each with an id and an expiry of its own,
 *            never retained, never queued: a door that comes back is released by the next round, not by an old order
 *   listen   which locks answered that they moved; the others are silent
 *   record   a row when that is different from what was last told; where the journal can't take it, the spool
 *
 * The first round goes out at once. Nothing here waits for a disk. Stopped, it orders nothing more, and the locks fall
 * back by themselves within 30 s.
 */
import type { EvacuationReleased as Released } from '../events.ts'
import type { Answered, LockPlace } from './orders.ts'

export const ROUND_MS = 20_000
export const RELEASE_MS = 30_000

interface Needs {
  /** The declared doors and where their locks hang; empty for a plan that is not in the site any more. */
  readonly doorsOf: (plan: string) => readonly LockPlace[]
  /** An order that can't be sent is `silent` at once. */
  readonly unlock: (door: LockPlace, unlockMs: number) => Promise<Answered>
  /** Journal, else spool. */
  readonly record: (event: Released) => Promise<void>
  readonly onFailure: (error: unknown) => void
}
interface Running {
  readonly timer: NodeJS.Timeout
  told: string
}

export class EvacuationReleased {
  readonly #needs: Needs
  readonly #running = new Map<string, Running>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** The first round at once. Started again while it runs: nothing. */
  start(plan: string): void {
    if (this.#running.has(plan)) return
    const timer = setInterval(() => this.#round(plan), ROUND_MS)
    this.#running.set(plan, { timer, told: '' })
    this.#round(plan)
  }

  stop(plan: string): void {
    clearInterval(this.#running.get(plan)?.timer)
    this.#running.delete(plan)
  }

  stopAll(): void {
    for (const plan of [...this.#running.keys()]) this.stop(plan)
  }

  /** True for a door that a plan releases now: nothing may lock it meanwhile. */
  holds(accessPoint: string): boolean {
    return [...this.#running.keys()].some(plan =>
      this.#needs.doorsOf(plan).some(door => door.accessPoint === accessPoint),
    )
  }

  #round(plan: string): void {
    const { doorsOf, unlock, onFailure } = this.#needs
    const outcomes = doorsOf(plan).map(async door => {
      const { outcome } = await unlock(door, RELEASE_MS)
      return { door: door.accessPoint, moved: outcome === 'done' }
    })
    void Promise.all(outcomes)
      .then(done => this.#tell(plan, done))
      .catch(onFailure)
  }

  async #tell(plan: string, done: readonly { readonly door: string; readonly moved: boolean }[]): Promise<void> {
    const running = this.#running.get(plan)
    if (!running) return // it ended while the round was out
    const named = (moved: boolean): string[] => done.flatMap(d => (d.moved === moved ? [d.door] : [])).sort()
    const event: Released = { kind: 'evacuation.released', plan, released: named(true), silent: named(false) }
    const told = JSON.stringify(event)
    if (told === running.told) return
    await this.#needs.record(event)
    running.told = told
  }
}
