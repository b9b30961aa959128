import type { SituationsView } from '../contract.ts'
import { perform } from '../rest.ts'
import type { Act } from '../situations.ts'

/** What is going on, as the hub last told; and what somebody here is about to do about it. Never optimistic. */
export class Situations {
  #view = $state.raw<SituationsView>()
  #asked = $state.raw<Act>()

  get view(): SituationsView | undefined {
    return this.#view
  }
  /** Waits for a person to confirm it. */
  get asked(): Act | undefined {
    return this.#asked
  }

  take(view: SituationsView | undefined): void {
    if (view) this.#view = view
  }
  ask(act: Act): void {
    this.#asked = act
  }
  cancel(): void {
    this.#asked = undefined
  }
  /** Resolves when the hub has done it; the page changes when the hub tells of it. @throws RestError */
  async confirm(act: Act): Promise<void> {
    await perform(act)
    this.#asked = undefined
  }
  clear(): void {
    this.#view = undefined
    this.#asked = undefined
  }
}
