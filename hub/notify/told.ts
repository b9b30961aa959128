/** What is going on, as each part of the site sees it, and how often that has been something new. */
import type { SituationsView } from '../api.ts'
import type { Reach } from '../rules/zones.ts'

export interface Telling {
  readonly view: SituationsView
  /** Rises with every change. */
  readonly count: number
}

export class Tellings {
  readonly #look: (reach: Reach) => SituationsView
  readonly #last = new Map<string, Telling & { readonly text: string }>()
  #count = 0

  constructor(look: (reach: Reach) => SituationsView) {
    this.#look = look
  }

  /** As it is now, for those of these zones. */
  now(reach: Reach): Telling {
    const view = this.#look(reach)
    const text = JSON.stringify(view)
    const key = keyOf(reach)
    const last = this.#last.get(key)
    if (last?.text === text) return last
    const told = { view, text, count: ++this.#count }
    this.#last.set(key, told)
    return told
  }

  /** Only these are still looked at by anybody. */
  keep(reaches: Iterable<Reach>): void {
    const kept = new Set([...reaches].map(keyOf))
    for (const key of this.#last.keys()) if (!kept.has(key)) this.#last.delete(key)
  }
}

/** The same for the same zones, whoever they belong to. */
export const keyOf = (reach: Reach): string => (reach === undefined ? '*' : [...reach].sort().join(' '))
