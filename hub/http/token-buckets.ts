/** A steady rate per key, with a burst: for holders of a valid proof, where nothing is being guessed. */
import type { Clock } from './ports.ts'

export interface BucketLimits {
  readonly perSecond: number
  /** Tokens in a full bucket. */
  readonly burst: number
}

interface Bucket {
  readonly tokens: number
  readonly at: number
}

const MOST_BUCKETS = 10_000

export class TokenBuckets {
  readonly #limits: BucketLimits
  readonly #now: Clock
  readonly #buckets = new Map<string, Bucket>()

  constructor(limits: BucketLimits, now: Clock) {
    this.#limits = limits
    this.#now = now
  }

  /** Takes a token, or so many at once, if they are there. @returns 0, or else the milliseconds until they are */
  take(key: string, count = 1): number {
    const { perSecond, burst } = this.#limits
    const now = this.#now()
    const { tokens, at } = this.#buckets.get(key) ?? { tokens: burst, at: now }
    const filled = Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * perSecond)
    const enough = filled >= count
    this.#keep(key, { tokens: enough ? filled - count : filled, at: now }) // from here on, also where the clock was set back
    return enough ? 0 : ((count - filled) / perSecond) * 1000
  }

  /** Tokens in it as of the last take; a full bucket where nothing was taken. */
  level(key: string): number {
    return this.#buckets.get(key)?.tokens ?? this.#limits.burst
  }

  /** Buckets stand in the order of their last use, so the first is the one least missed. */
  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size <= MOST_BUCKETS) return
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest)
      return
    }
  }
}
