/**
 * Points leave for one outside store, in the order of the journal, for as long as it takes.
 *
 *   next      rows after the last one that is known to be there, as points
 *   deliver   in parts that the store takes; what it never takes is set aside with its reason, the rest goes
 *   keep      how far it is: from here on it would not be sent again
 *   settle    hours that are over: what the hub has of them and never sent (rows that lost their payload meanwhile)
 *
 * A store that is away, slow or full is asked again: after a growing, random pause, or when it says. Nothing but memory for
 * one part is held meanwhile: the journal waits, and the doors never do.
 */
import { causeOf, isVigieError, type VigieError } from '../errors.ts'
import type { Point } from '../rules/points.ts'

/** Points that a store does not take. */
export interface Refused {
  readonly reason: string
  readonly points: readonly Point[]
}
export interface Trouble {
  readonly code: 'store-unreachable' | 'store-refused' | 'store-missing' | 'store-busy'
  readonly cause: string
  /** Since when, ms on the clock of `now`. */
  readonly since: number
}
export interface Batch<R> {
  readonly points: readonly Point[]
  readonly reached: R
}
export interface ShippingPorts<R> {
  /** What follows a batch, or what is known to be there. Undefined: there is nothing more, for now. */
  next(after?: R): Batch<R> | undefined
  /** @throws VigieError of a store */
  write(points: readonly Point[]): Promise<void>
  /** In one transaction. */
  keep(batch: Batch<R>, refused: readonly Refused[]): void
  /** What hours that are over still lack, part by part. */
  missing(): Iterable<readonly Point[]>
  /** They lack nothing any more. */
  settled(refused: readonly Refused[]): void
  /** Resolves early when it all ends. */
  pause(ms: number): Promise<void>
  /** 0 to 1. */
  random(): number
  now(): number
}

/** Of one request. */
const MOST_POINTS = 5_000
/** Of a request to a store that failed the last time: little is made, and lost, for each try. */
const PROBE_POINTS = 100
/** Batches on their way. */
const AT_ONCE = 2
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000

export class PointsShipped<R> {
  readonly #ports: ShippingPorts<R>
  #most = MOST_POINTS
  #running: Promise<void> | undefined
  #failures = 0
  #stopped = false
  /** What keeps it; undefined while all is well. */
  trouble: Trouble | undefined

  constructor(ports: ShippingPorts<R>) {
    this.#ports = ports
  }

  /** There may be more. @param onBroken the hub's own fault: told, and tried again with the next call */
  wake(onBroken: (error: unknown) => void): void {
    if (this.#stopped) return
    this.#running ??= this.#run()
      .catch(onBroken)
      .finally(() => {
        this.#running = undefined
      })
  }

  /** What is under way comes to its end, or is sent again another time. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#running
  }

  async #run(): Promise<void> {
    if (!(await this.#all())) return
    const { missing, settled } = this.#ports
    const never: Refused[] = []
    for (const part of missing()) {
      const refused = await this.#deliver(part)
      if (!refused) return
      never.push(...refused)
    }
    if (!this.#stopped) settled(never)
  }

  /** Some are on their way while the next are made; they are kept in their order. @returns false where it ended first */
  async #all(): Promise<boolean> {
    const { next, keep } = this.#ports
    const under: { readonly batch: Batch<R>; readonly delivered: Promise<Refused[] | undefined> }[] = []
    try {
      for (let last: R | undefined; ; ) {
        for (
          let batch = next(last);
          batch && !this.#stopped;
          batch = under.length < (this.trouble ? 1 : AT_ONCE) ? next(last) : undefined
        ) {
          under.push({ batch, delivered: this.#deliver(batch.points) })
          last = batch.reached
        }
        const first = under[0]
        if (!first) return !this.#stopped
        const refused = await first.delivered
        if (!refused) return false
        keep(first.batch, refused)
        under.shift()
      }
    } finally {
      await Promise.allSettled(under.map(({ delivered }) => delivered))
    }
  }

  /** @returns what the store refused; undefined where it all ended first */
  async #deliver(points: readonly Point[]): Promise<Refused[] | undefined> {
    const refused: Refused[] = []
    for (let from = 0; from < points.length; ) {
      if (this.#stopped) return undefined
      const part = points.slice(from, from + (this.trouble ? Math.min(PROBE_POINTS, this.#most) : this.#most))
      const left = await this.#send(part)
      if (left === 'later') continue
      if (left === 'smaller') this.#most = Math.max(1, Math.floor(part.length / 2))
      else {
        refused.push(...left)
        from += part.length
      }
    }
    return this.#stopped ? undefined : refused
  }

  async #send(part: readonly Point[]): Promise<Refused[] | 'later' | 'smaller'> {
    try {
      await this.#ports.write(part)
      this.#well()
      return []
    } catch (error) {
      if (!isVigieError(error)) throw error
      return this.#answerTo(error, part)
    }
  }

  async #answerTo(error: VigieError, part: readonly Point[]): Promise<Refused[] | 'later' | 'smaller'> {
    const { code, details } = error
    if (code === 'store-too-large' && part.length > 1) return 'smaller'
    if (code === 'store-too-large') return [{ reason: causeOf(error), points: part }]
    if (code === 'store-rejected') {
      this.#well()
      return this.#sift(part, details as { reason?: string; dropped?: number })
    }
    this.#failed(error)
    await this.#ports.pause(this.#pauseAfter(code, details as { seconds?: number }))
    return 'later'
  }

  /** Which of them it is that the store does not take. What it has taken already may be sent again. */
  async #sift(
    part: readonly Point[],
    { reason = '', dropped }: { reason?: string; dropped?: number },
  ): Promise<Refused[] | 'later'> {
    if (part.length === 1 || dropped === part.length) return [{ reason, points: part }]
    const refused: Refused[] = []
    const middle = Math.ceil(part.length / 2)
    for (const half of [part.slice(0, middle), part.slice(middle)]) {
      const left = await this.#send(half)
      // The whole part comes again, when the store is back or takes less.
      if (left === 'later' || left === 'smaller') return 'later'
      refused.push(...left)
    }
    return refused
  }

  #well(): void {
    this.#failures = 0
    this.trouble = undefined
  }

  #failed(error: VigieError): void {
    this.#failures += 1
    const since = this.trouble?.since ?? this.#ports.now()
    this.trouble = { code: error.code as Trouble['code'], cause: causeOf(error), since }
  }

  /** Milliseconds. Random from half of it on: stores that come back are not asked by everyone at once. */
  #pauseAfter(code: string, { seconds }: { seconds?: number }): number {
    if (code === 'store-busy' && seconds !== undefined && seconds > 0) return seconds * 1_000
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 10))
    return longest * (0.5 + this.#ports.random() / 2)
  }
}
