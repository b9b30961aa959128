import type { JournalFilter, SavedSearch } from '../contract.ts'
import { type RestError, restError } from '../rest.ts'
import { deleteSearch, getSearches, putSearch } from '../rest-journal.ts'

/** The searches this operator keeps. */
export class Searches {
  #list = $state.raw<readonly SavedSearch[]>()
  #error = $state.raw<RestError>()

  /** Undefined until read. */
  get list(): readonly SavedSearch[] | undefined {
    return this.#list
  }
  get error(): RestError | undefined {
    return this.#error
  }
  async load(): Promise<void> {
    await this.#try(() => Promise.resolve())
  }
  /** @returns true if it is kept */
  keep(name: string, filter: JournalFilter): Promise<boolean> {
    return this.#try(() => putSearch({ id: newId(), name, filter }))
  }
  rename(search: SavedSearch, name: string): Promise<boolean> {
    return this.#try(() => putSearch({ ...search, name }))
  }
  remove(id: string): Promise<boolean> {
    return this.#try(() => deleteSearch(id))
  }
  async #try(change: () => Promise<unknown>): Promise<boolean> {
    try {
      await change()
      this.#list = await getSearches()
      this.#error = undefined
      return true
    } catch (e) {
      this.#error = restError(e)
      return false
    }
  }
}
/** Sixteen hexadecimal digits behind an `s-`. */
const newId = (): string =>
  `s-${[...crypto.getRandomValues(new Uint8Array(8))].map(b => b.toString(16).padStart(2, '0')).join('')}`
