import { type RestError, restError } from '../rest.ts'

/** What the hub lists, read when a page opens and after each change. What was read stays while it is read again. */
export class Listed<T> {
  readonly #read: () => Promise<T>
  #value = $state.raw<T>()
  #error = $state.raw<RestError>()

  constructor(read: () => Promise<T>) {
    this.#read = read
  }
  /** Undefined until read. */
  get value(): T | undefined {
    return this.#value
  }
  get error(): RestError | undefined {
    return this.#error
  }
  async load(): Promise<void> {
    try {
      this.#value = await this.#read()
      this.#error = undefined
    } catch (e) {
      this.#error = restError(e)
    }
  }
}
