/**
 * Writes that nobody waits for long: a code that was right lets its owner in while the disk fails, and is written as used
 * when it can be. Until then whoever asks keeps it in memory.
 */
import { causeOf } from '../errors.ts'
import type { Awaitable, Log } from './ports.ts'

/** How long a sign-in waits for the store, and when a write is tried again, milliseconds. */
const PATIENCE_MS = 1_000
const RETRY_MS = 5_000
/** More than anybody signs in with while a disk fails; the oldest are the least missed. */
const MOST = 10_000

export class OwedWrites {
  readonly #log: Log
  readonly #owed = new Set<() => Awaitable<unknown>>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(log: Log) {
    this.#log = log
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  /** Never rejects. @returns what the write answered; undefined if it failed or takes long, and then it is owed */
  run<T>(write: () => Awaitable<T>): Promise<T | undefined> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, PATIENCE_MS, undefined)
      void this.#try(write).then(answer => {
        clearTimeout(timer)
        resolve(answer)
      })
    })
  }

  async #try<T>(write: () => Awaitable<T>): Promise<T | undefined> {
    try {
      const answer = await write()
      this.#owed.delete(write)
      return answer
    } catch (error) {
      this.#owe(write, error)
      return undefined
    }
  }

  #owe(write: () => Awaitable<unknown>, error: unknown): void {
    this.#owed.add(write)
    for (const oldest of this.#owed) if (this.#owed.size > MOST) this.#owed.delete(oldest)
    if (this.#timer || this.#stopped) return
    this.#log.warn(
      { cause: causeOf(error) },
      'what was used to sign in could not be written yet: it counts from memory',
    )
    this.#timer = setTimeout(() => void this.#again(), RETRY_MS).unref()
  }

  /** The first that fails again puts off the others. */
  async #again(): Promise<void> {
    this.#timer = undefined
    for (const write of [...this.#owed]) if (!this.#timer) await this.#try(write)
  }
}
