import type { IncidentView } from '../contract.ts'
import { type RestError, restError } from '../rest.ts'
import { getIncidents } from '../rest-incidents.ts'

/** As many as one page of the list holds. */
const MOST = '200'

/** What is open, for every page to count and one to show. Read when somebody comes, and when the journal tells of a change. */
export class Incidents {
  readonly #may: () => boolean
  #open = $state.raw<readonly IncidentView[]>()
  #error = $state.raw<RestError>()
  #going: Promise<void> | undefined
  #again = false
  /** Counted up with every change, for whoever shows one that is closed. */
  #changes = $state(0)

  /** @param may whether whoever is signed in sees alerts */
  constructor(may: () => boolean) {
    this.#may = may
  }
  /** The newest first; undefined until read. */
  get open(): readonly IncidentView[] | undefined {
    return this.#open
  }
  get error(): RestError | undefined {
    return this.#error
  }
  get changes(): number {
    return this.#changes
  }
  /** Nobody has them yet. */
  get toTake(): number {
    return this.#open?.filter(i => i.state === 'raised').length ?? 0
  }
  get alarms(): number {
    return this.#open?.filter(i => i.state === 'raised' && i.severity === 'critical').length ?? 0
  }

  /** A storm of changes is read once while it goes on, and once when it is over. */
  load(): Promise<void> {
    if (!this.#may()) return Promise.resolve()
    this.#again = this.#going !== undefined
    this.#going ??= this.#read().finally(() => {
      this.#going = undefined
      this.#changes++
      if (this.#again) void this.load()
    })
    return this.#going
  }
  clear(): void {
    this.#open = undefined
    this.#error = undefined
  }

  async #read(): Promise<void> {
    try {
      this.#open = (await getIncidents({ state: 'open', limit: MOST })).incidents
      this.#error = undefined
    } catch (e) {
      this.#error = restError(e)
    }
  }
}
