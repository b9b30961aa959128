/**
 * Growing delays against guessing (IEC 62443-4-2 CR1.11), never a lock: whoever hammers at an account or from an
 * address can only ever delay its owner by the cap.
 */
import type { Clock } from './ports.ts'

export interface ThrottleLimits {
  /** Failures that cost nothing yet. */
  readonly free: number
  /** Longest delay, milliseconds. The first is 1 s, each further one twice as long. */
  readonly capMs: number
}

interface Entry {
  failures: number
  until: number
  lastAt: number
  /** True once a refusal within this delay has been told of. */
  told: boolean
}

const FORGET_MS = 3_600_000
const MOST_ENTRIES = 10_000

export class Throttle {
  readonly #limits: ThrottleLimits
  readonly #now: Clock
  readonly #entries = new Map<string, Entry>()

  constructor(limits: ThrottleLimits, now: Clock) {
    this.#limits = limits
    this.#now = now
  }

  /** Milliseconds still to wait before `key` may try; 0 if it may now. */
  waitMs(key: string): number {
    return Math.max(0, (this.#entries.get(key)?.until ?? 0) - this.#now())
  }

  /**
   * Counts an attempt as failed before its outcome is known, so that a thousand at once are not a thousand free ones.
   * @returns the delay it brings, milliseconds
   */
  charge(key: string): number {
    const now = this.#now()
    const old = this.#entries.get(key)
    const failures = (old && now - old.lastAt < FORGET_MS ? old.failures : 0) + 1
    const over = failures - this.#limits.free
    const delayMs = over > 0 ? Math.min(1_000 * 2 ** Math.min(over - 1, 30), this.#limits.capMs) : 0
    this.#entries.delete(key)
    this.#entries.set(key, { failures, until: now + delayMs, lastAt: now, told: false })
    this.#forgetOldest()
    return delayMs
  }

  /** The attempt was right: what it was charged is given back, and with `all` everything before it. */
  refund(key: string, all: boolean): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    if (all || entry.failures <= 1) this.#entries.delete(key)
    else this.#entries.set(key, { ...entry, failures: entry.failures - 1, until: 0 })
  }

  /** True once per delay: a flood within it is one line in the journal. */
  tellOnce(key: string): boolean {
    const entry = this.#entries.get(key)
    if (!entry || entry.told) return false
    entry.told = true
    return true
  }

  /** Entries stand in the order of their last failure, so the first is the one least missed. */
  #forgetOldest(): void {
    if (this.#entries.size <= MOST_ENTRIES) return
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key)
      return
    }
  }
}

/** One key for all of a network's addresses: an IPv6 subscriber holds a /64 (2^64 addresses) at least. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d)/i, '').replace(/%.*$/, '')
  return plain.includes(':') ? `${expanded(plain).slice(0, 4).join(':')}::/64` : plain
}

function expanded(address: string): string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
}
