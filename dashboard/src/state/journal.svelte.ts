import type { JournalDays, JournalPage, JournalRow } from '../contract.ts'
import { type Search, without } from '../journal-filter.ts'
import { type RestError, restError } from '../rest.ts'
import { getDays, getJournal } from '../rest-journal.ts'

type ReadPage = (cursor?: string) => Promise<JournalPage>

/** Pages of rows, newest first, for one search at a time: an answer to an earlier one is dropped. */
export class Pages {
  #rows = $state.raw<readonly JournalRow[]>([])
  #next = $state<string>()
  #loading = $state(false)
  #ready = $state(false)
  #error = $state.raw<RestError>()
  #turn = 0
  #read: ReadPage | undefined

  get rows(): readonly JournalRow[] {
    return this.#rows
  }
  get more(): boolean {
    return this.#next !== undefined
  }
  get loading(): boolean {
    return this.#loading
  }
  /** True once the first page of this search is there. */
  get ready(): boolean {
    return this.#ready
  }
  get error(): RestError | undefined {
    return this.#error
  }
  row(seq: number | undefined): JournalRow | undefined {
    return seq === undefined ? undefined : this.#rows.find(r => r.seq === seq)
  }

  /** Another search: what was shown stays until its first page comes. */
  async begin(read: ReadPage): Promise<void> {
    this.#turn++
    this.#read = read
    this.#error = undefined
    const page = await this.#page(undefined)
    if (!page) return
    this.#rows = page.rows
    this.#ready = true
  }
  async older(): Promise<void> {
    if (this.#next === undefined || this.#loading) return
    const page = await this.#page(this.#next)
    if (page) this.#rows = [...this.#rows, ...page.rows]
  }
  /** Asks again after a failure: for the first page, or for the next. */
  async retry(): Promise<void> {
    if (this.#ready && this.#next !== undefined) return this.older()
    if (this.#read) await this.begin(this.#read)
  }

  /** @returns undefined if it failed, or if another search began meanwhile */
  async #page(cursor: string | undefined): Promise<JournalPage | undefined> {
    const turn = this.#turn
    this.#loading = true
    try {
      const page = await this.#read?.(cursor)
      if (turn !== this.#turn || !page) return undefined
      this.#next = page.next
      this.#error = undefined
      return page
    } catch (e) {
      if (turn === this.#turn) this.#failed(restError(e), cursor)
      return undefined
    } finally {
      if (turn === this.#turn) this.#loading = false
    }
  }
  /** Rows of another search would be taken for an answer to this one. */
  #failed(error: RestError, cursor: string | undefined): void {
    this.#error = error
    if (cursor !== undefined) return
    this.#rows = []
    this.#next = undefined
    this.#ready = false
  }
}

/** A search of the journal: its rows, and how many there are on each day. */
export class JournalState {
  readonly pages = new Pages()
  #days = $state.raw<JournalDays>()
  #turn = 0

  /** Absent until counted, and where counting failed: the rows say what went wrong. */
  get days(): JournalDays | undefined {
    return this.#days
  }
  /** @param context the span to count over, wider than the search's where there is room around it */
  async search(search: Search, context: Pick<Search, 'from' | 'until'> | undefined): Promise<void> {
    const turn = ++this.#turn
    await Promise.all([
      this.pages.begin(cursor => getJournal(search, cursor)),
      this.#count({ ...without(search, ...(context ? (['from', 'until'] as const) : [])), ...context }, turn),
    ])
  }
  async #count(search: Search, turn: number): Promise<void> {
    try {
      const days = await getDays(search)
      if (turn === this.#turn) this.#days = days
    } catch (e) {
      restError(e)
      if (turn === this.#turn) this.#days = undefined
    }
  }
}
