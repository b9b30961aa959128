import { type RestError, restError } from '../rest.ts'

export interface PageOf<T, N> {
  readonly rows: readonly T[]
  readonly next?: N | undefined
}

/** A list that the hub hands out in pages. What was read stays while it is read again; an answer that was overtaken is dropped. */
export class Paged<T, N> {
  readonly #read: (after: N | undefined) => Promise<PageOf<T, N>>
  #rows = $state.raw<readonly T[]>()
  #next = $state.raw<N>()
  #error = $state.raw<RestError>()
  #asked = 0

  constructor(read: (after: N | undefined) => Promise<PageOf<T, N>>) {
    this.#read = read
  }
  /** Undefined until read. */
  get rows(): readonly T[] | undefined {
    return this.#rows
  }
  get hasMore(): boolean {
    return this.#next !== undefined
  }
  get error(): RestError | undefined {
    return this.#error
  }
  load(): Promise<void> {
    return this.#take(undefined, [])
  }
  more(): Promise<void> {
    return this.#take(this.#next, this.#rows ?? [])
  }

  async #take(after: N | undefined, before: readonly T[]): Promise<void> {
    const mine = ++this.#asked
    try {
      const { rows, next } = await this.#read(after)
      if (mine !== this.#asked) return
      this.#rows = [...before, ...rows]
      this.#next = next
      this.#error = undefined
    } catch (e) {
      if (mine === this.#asked) this.#error = restError(e)
    }
  }
}
