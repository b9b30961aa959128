import { restError } from '../rest.ts'
import { getApprovals } from '../rest-approvals.ts'

/** As many as one page of the list holds; more are not counted. */
const MOST = 200

/**
 * How much waits for this operator's approval. Read when somebody comes, and when the journal tells of it: asking all the
 * time would look to the hub like somebody at the desk.
 */
export class Waiting {
  readonly #may: () => boolean
  #count = $state(0)

  /** @param may whether whoever is signed in decides */
  constructor(may: () => boolean) {
    this.#may = may
  }
  get count(): number {
    return this.#count
  }
  async load(): Promise<void> {
    if (!this.#may()) return this.clear()
    try {
      const { approvals } = await getApprovals({ state: 'pending', limit: String(MOST) })
      this.#count = approvals.filter(a => a.mayDecide).length
    } catch (e) {
      restError(e) // the page of approvals says what is wrong
    }
  }
  clear(): void {
    this.#count = 0
  }
}
