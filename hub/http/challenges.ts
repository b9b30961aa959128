/**
 * Challenges of passkeys: good for five minutes, once, and for the one thing they were made for. They carry their own proof
 * (a keyed hash with an end), so that nobody's thousand requests push out somebody else's; only those used are remembered.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from './ports.ts'

const LIFE_MS = 5 * 60_000
const NONCE_BYTES = 16
const UNTIL_BYTES = 8
const SIZE = NONCE_BYTES + UNTIL_BYTES + 32

export class Challenges {
  readonly #now: Clock
  /** Of this run: a challenge does not outlive it. */
  readonly #key = randomBytes(32)
  /** Used ones, and when they end by themselves. */
  readonly #used = new Map<string, number>()

  constructor(now: Clock) {
    this.#now = now
  }

  /** @param purpose what alone it is good for */
  make(purpose: string): Buffer {
    const head = Buffer.alloc(NONCE_BYTES + UNTIL_BYTES)
    randomBytes(NONCE_BYTES).copy(head)
    head.writeBigUInt64BE(BigInt(this.#now() + LIFE_MS), NONCE_BYTES)
    return Buffer.concat([head, this.#mac(head, purpose)])
  }

  /** Of the same challenge at the same moment, one is true. @param challenge base64url */
  take(challenge: string, purpose: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url')
    if (bytes.length !== SIZE) return false
    const head = bytes.subarray(0, NONCE_BYTES + UNTIL_BYTES)
    if (!timingSafeEqual(this.#mac(head, purpose), bytes.subarray(head.length))) return false
    const until = Number(head.readBigUInt64BE(NONCE_BYTES))
    const key = head.toString('base64url')
    if (until <= this.#now() || this.#used.has(key)) return false
    this.#forgetEnded()
    this.#used.set(key, until)
    return true
  }

  #mac(head: Buffer, purpose: string): Buffer {
    return createHmac('sha256', this.#key).update(head).update(purpose).digest()
  }

  #forgetEnded(): void {
    for (const [key, until] of this.#used) if (until <= this.#now()) this.#used.delete(key)
  }
}
