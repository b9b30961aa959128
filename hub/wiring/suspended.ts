/**
 * Accounts that have ended while the disk takes nothing: the store still calls them active, so that it is this memory which
 * keeps them out, until the store says the same.
 */
const LOOK_MS = 500

export class Suspended {
  readonly #isOpen: (operator: string) => boolean
  readonly #looks = new Map<string, NodeJS.Timeout>()

  /** @param isOpen what the store says of an account, by pseudonym */
  constructor(isOpen: (operator: string) => boolean) {
    this.#isOpen = isOpen
  }

  readonly add = (operator: string): void => {
    if (this.#looks.has(operator)) return
    const look = setInterval(() => {
      if (!this.#isOpen(operator)) this.#forget(operator)
    }, LOOK_MS)
    this.#looks.set(operator, look.unref())
  }

  readonly has = (operator: string): boolean => this.#looks.has(operator)

  #forget(operator: string): void {
    clearInterval(this.#looks.get(operator))
    this.#looks.delete(operator)
  }
}
