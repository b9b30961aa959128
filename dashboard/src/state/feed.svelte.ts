import type { LiveEvent } from '../contract.ts'
import { getEvents, restError } from '../rest.ts'
import { MAX_ROWS, mergeRows } from '../rows.ts'

const PAGE = 200

/** The newest events, each once, and older ones on request. */
export class Feed {
  #rows = $state.raw<readonly LiveEvent[]>([])
  #loading = $state(false)
  #failed = $state(false)
  #ready = $state(false)
  /** `before` of the next older page; undefined at the journal's start. */
  #next = $state.raw<number>()
  #round = 0

  get rows(): readonly LiveEvent[] {
    return this.#rows
  }
  get loading(): boolean {
    return this.#loading
  }
  get failed(): boolean {
    return this.#failed
  }
  /** True once the first page is there. */
  get ready(): boolean {
    return this.#ready
  }
  get full(): boolean {
    return this.#rows.length >= MAX_ROWS
  }
  get atStart(): boolean {
    return this.#ready && this.#next === undefined
  }

  /** Readings are state, not news: they give no line. */
  add(events: readonly LiveEvent[]): void {
    this.#rows = mergeRows(
      this.#rows,
      events.filter(e => e.kind !== 'readings'),
    ).rows
  }
  /** Starts from the newest lines, as the hub gives them at sign-in and when it could not bridge a gap. */
  begin(newest: readonly LiveEvent[]): void {
    this.clear()
    this.add(newest)
    this.#next = this.#rows.findLast(e => !e.unrecorded)?.seq
    this.#ready = true
  }
  /** What was not in the journal yet is said anew by each hello. */
  dropUnrecorded(): void {
    if (this.#rows.some(e => e.unrecorded)) this.#rows = this.#rows.filter(e => !e.unrecorded)
  }
  /** The same by asking for them, when someone wants another try. */
  async reload(): Promise<void> {
    this.#round++
    this.#rows = []
    this.#ready = false
    await this.#page(undefined)
  }
  async older(): Promise<void> {
    if (this.#loading || this.full || this.#next === undefined) return
    await this.#page(this.#next)
  }
  /** Loads pages until one reaches back to `at`, the journal ends, memory is full, or reading fails. */
  async reach(at: number): Promise<void> {
    const round = this.#round
    while (
      round === this.#round &&
      !this.full &&
      !this.#failed &&
      this.#next !== undefined &&
      (this.#rows.at(-1)?.at ?? 0) > at
    )
      await this.older()
  }
  clear(): void {
    this.#round++
    this.#rows = []
    this.#next = undefined
    this.#ready = false
    this.#failed = false
    this.#loading = false
  }

  async #page(before: number | undefined): Promise<void> {
    const round = this.#round
    this.#loading = true
    try {
      const page = await getEvents({ limit: PAGE, ...(before === undefined ? {} : { before }) })
      if (round !== this.#round) return
      this.add(page.events)
      this.#next = page.next
      this.#ready = true
      this.#failed = false
    } catch (e) {
      restError(e)
      this.#failed = round === this.#round
    } finally {
      if (round === this.#round) this.#loading = false
    }
  }
}
