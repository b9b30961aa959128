import { en } from '../words/en.ts'
import { fr } from '../words/fr.ts'
import type { Words } from '../words/types.ts'

const KEY = 'vigie.language'

/** French unless this browser chose English before. */
class Lang {
  #words = $state.raw<Words>(localStorage.getItem(KEY) === 'en' ? en : fr)

  constructor() {
    document.documentElement.lang = this.#words.locale
  }
  get code(): Words['locale'] {
    return this.#words.locale
  }
  get w(): Words {
    return this.#words
  }
  choose(code: Words['locale']): void {
    this.#words = code === 'en' ? en : fr
    localStorage.setItem(KEY, code)
    document.documentElement.lang = code
  }
}
export const lang = new Lang()
