/** A token bucket on a clock that never steps back: the caller hands in monotonic milliseconds. */
export class Bucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #at: number

  /** @param rate tokens per second @param burst most tokens at once, and what it starts with */
  constructor(rate: number, burst: number, nowMs: number) {
    this.#perMs = rate / 1_000
    this.#burst = burst
    this.#tokens = burst
    this.#at = nowMs
  }

  /** Takes one token if there is one. */
  take(nowMs: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#at) * this.#perMs)
    this.#at = nowMs
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Milliseconds until there is a token again. */
  waitMs(): number {
    return Math.max(0, (1 - this.#tokens) / this.#perMs)
  }
}
