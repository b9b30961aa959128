/** Observers of what was recorded. They hear of it after the fact, can't change it, and can't stop each other. */
import type { Recorded } from './events.ts'

export type Observer = (recorded: Recorded) => void

export class Bus {
  readonly #observers = new Map<string, Observer>()
  readonly #onFailure: (observer: string, error: unknown) => void

  constructor(onFailure: (observer: string, error: unknown) => void) {
    this.#onFailure = onFailure
  }

  /** @returns the function that ends the observation. */
  observe(name: string, observer: Observer): () => void {
    this.#observers.set(name, observer)
    return () => this.#observers.delete(name)
  }

  publish(recorded: Recorded): void {
    for (const [name, observer] of this.#observers) {
      try {
        observer(recorded)
      } catch (error) {
        this.#onFailure(name, error)
      }
    }
  }
}
