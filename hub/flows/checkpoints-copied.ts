/**
 * Checkpoints go to a witness: when one is signed, at once; when the witness could not take it, later, and then what it
 * missed. One attempt at a time, however long it takes: a disk that hangs holds one thread of the runtime and no more.
 *
 *   1 begin   how far this witness has come
 *   2 hand over what it does not have yet, some at a time
 *   3 keep    how far it has come now
 *   4 tell    once when it fails, once when it has everything again
 *   5 last    what is signed as the hub stops, if the witness takes it at once
 */
import { causeOf, type ErrorCode, isVigieError } from '../errors.ts'
import type { Destination } from './destination.ts'

export interface CopyingPorts {
  /** Size of the newest checkpoint the witness has; 0 for one that is new. */
  left(): number
  /** Hands over some of what comes after `size`. @returns how far the witness has come @throws VigieError with what stands in the way */
  handOver(size: number): Promise<number>
  keep(size: number): Promise<void>
  /** Of the newest checkpoint, 0 if there is none. */
  newest(): number
  readonly destination: Destination
  /** What it is called when whatever is wrong has no code of its own. */
  readonly failure: ErrorCode
  /** A failure that is over sooner is none, ms. */
  readonly grace: number
  /** Monotonic, ms. */
  now(): number
}

/** Milliseconds. */
const FIRST_RETRY = 1_000
const LONGEST_RETRY = 60_000
/** An attempt that has not ended by then counts as failed; no other is made beside it. */
const PATIENCE = 15_000

export class CheckpointsCopied {
  readonly #p: CopyingPorts
  #size = 0
  #beganAt: number | undefined
  #failedSince: number | undefined
  #retryMs = FIRST_RETRY
  #notBefore = 0
  #stopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(ports: CopyingPorts) {
    this.#p = ports
  }

  /** 1 */
  begin(): void {
    this.#size = this.#p.left()
    this.look()
  }

  /** A checkpoint was signed: a good moment to try again, whatever failed before. */
  signed(): void {
    this.#notBefore = 0
    this.look()
  }

  /** Each second. */
  look(): void {
    if (this.#stopped) return
    const now = this.#p.now()
    if (this.#beganAt !== undefined) {
      if (now - this.#beganAt > PATIENCE) this.#fail(this.#p.failure, 'it does not answer', this.#beganAt)
      return
    }
    if (this.#size >= this.#p.newest() || now < this.#notBefore) return
    this.#beganAt = now
    this.#running = this.#attempt().finally(() => {
      this.#beganAt = undefined
    })
  }

  /** Nothing is begun any more. What is under way may end as it likes. */
  stop(): void {
    this.#stopped = true
  }

  /** 5, after stop(). Nothing is told of it: what a witness does not take now it gets at the next start. @throws as handOver */
  async last(): Promise<void> {
    await this.#running
    if (this.#p.destination.failing) return
    while (this.#size < this.#p.newest() && (await this.#handOver()));
  }

  async #attempt(): Promise<void> {
    try {
      while (!this.#stopped && (await this.#handOver())) this.#beganAt = this.#p.now()
      this.#failedSince = undefined
      this.#retryMs = FIRST_RETRY
      if (!this.#stopped) this.#p.destination.served()
    } catch (error) {
      const now = this.#p.now()
      this.#failedSince ??= now
      this.#fail(isVigieError(error) ? error.code : this.#p.failure, causeOf(error), this.#failedSince)
      this.#notBefore = now + this.#retryMs * (1 - Math.random() / 2)
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY)
    }
  }

  /** 2, 3 @returns whether there is more */
  async #handOver(): Promise<boolean> {
    const size = await this.#p.handOver(this.#size)
    if (size <= this.#size) return false
    await this.#p.keep(size)
    this.#size = size
    return size < this.#p.newest()
  }

  /** 4 */
  #fail(code: ErrorCode, cause: string, since: number): void {
    if (this.#p.now() - since < this.#p.grace) return
    this.#p.destination.failed(code, Math.max(0, this.#p.newest() - this.#size), cause)
  }
}
