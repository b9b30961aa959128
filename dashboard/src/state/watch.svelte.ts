import type { LiveEvent } from '../contract.ts'
import { watchEnd, watchStart } from '../format.ts'
import { isMarked } from '../model.ts'

export const STEP_MS = 300_000

/** Events per five minutes since 08:00 or 20:00 on the site's wall clock. */
export class Watch {
  #start = $state(0)
  #end = $state(0)
  #counts = $state.raw<readonly number[]>([])
  #marks = $state.raw<readonly LiveEvent[]>([])
  /** The earliest instant read: before it nothing is known. */
  #since = $state(Infinity)
  #newest = 0
  #oldest = Infinity

  get start(): number {
    return this.#start
  }
  get end(): number {
    return this.#end
  }
  get since(): number {
    return this.#since
  }
  get counts(): readonly number[] {
    return this.#counts
  }
  get marks(): readonly LiveEvent[] {
    return this.#marks
  }

  /** Begins the watch that `now` falls in. True if it was another one before. */
  turn(now: number, timeZone: string): boolean {
    if (now >= this.#start && now < this.#end) return false
    this.#start = watchStart(now, timeZone)
    this.#end = watchEnd(this.#start, timeZone)
    this.clear()
    return true
  }
  clear(): void {
    this.#counts = new Array<number>(Math.ceil((this.#end - this.#start) / STEP_MS)).fill(0)
    this.#marks = []
    this.#since = Infinity
    this.#newest = 0
    this.#oldest = Infinity
  }
  /** Takes the rows of the feed, each when it is in the journal; rows between the oldest and newest number already counted are not counted again. */
  count(rows: readonly LiveEvent[]): void {
    this.#since = rows.reduce((first, e) => Math.min(first, e.at), this.#since)
    const fresh = rows.filter(
      e => !e.unrecorded && (e.seq > this.#newest || e.seq < this.#oldest) && e.at >= this.#start && e.at < this.#end,
    )
    if (fresh.length === 0) return
    const counts = [...this.#counts]
    for (const e of fresh) {
      const step = Math.floor((e.at - this.#start) / STEP_MS)
      counts[step] = (counts[step] ?? 0) + 1
      this.#newest = Math.max(this.#newest, e.seq)
      this.#oldest = Math.min(this.#oldest, e.seq)
    }
    this.#counts = counts
    this.#marks = [...this.#marks, ...fresh.filter(isMarked)].slice(-400)
  }
}
