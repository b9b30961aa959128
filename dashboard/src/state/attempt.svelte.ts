import { PasskeyError } from '../passkey-error.ts'
import { problemWords, secondsLeft } from '../problem.ts'
import { RestError } from '../rest.ts'
import type { Words } from '../words/types.ts'

const LOOK_MS = 250

/** Something somebody tries: whether it is going on, why it failed, and how long until the next try. */
export class Attempt {
  #going = $state(false)
  #error = $state.raw<RestError | PasskeyError>()
  #until = 0
  #wait = $state(0)

  get going(): boolean {
    return this.#going
  }
  get error(): RestError | PasskeyError | undefined {
    return this.#error
  }
  /** The hub's code of the failure, if it was the hub's. */
  get code(): string | undefined {
    return this.#error instanceof RestError ? this.#error.code : undefined
  }
  /** Whole seconds until the hub listens again. */
  get wait(): number {
    return this.#wait
  }
  forget(): void {
    this.#error = undefined
  }
  /** @returns whether it was done. Faults of the page are thrown on. */
  async run(act: () => Promise<unknown>): Promise<boolean> {
    if (this.#going || this.#wait > 0) return false
    this.#going = true
    this.#error = undefined
    try {
      await act()
      return true
    } catch (e) {
      this.#fail(e)
      return false
    } finally {
      this.#going = false
    }
  }
  /** What to say of the failure. `ofPasskey`: where it was no fault of the hub. */
  words(w: Words, ofPasskey: (fault: PasskeyError['fault']) => string): string | undefined {
    const error = this.#error
    if (!error) return undefined
    return error instanceof PasskeyError ? ofPasskey(error.fault) : problemWords(error, w)
  }

  #fail(e: unknown): void {
    if (!(e instanceof RestError || e instanceof PasskeyError)) throw e
    this.#error = e
    this.#until = e instanceof RestError ? Date.now() + (e.waitS ?? 0) * 1000 : 0
    this.#count()
  }
  #count(): void {
    this.#wait = secondsLeft(this.#until, Date.now())
    if (this.#wait > 0) setTimeout(() => this.#count(), LOOK_MS)
  }
}
