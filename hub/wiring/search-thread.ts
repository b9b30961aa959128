/** Searching in a thread of its own: an index of millions of rows is followed and read beside the doors. */
import type { JournalFilter } from '../api.ts'
import type { EventKind, FilterNote } from '../events.ts'
import type { DataFolder } from '../record/database.ts'
import type { Theirs } from '../record/search-filter.ts'
import type { FoundPage, Paging } from '../record/search-pages.ts'
import { Thread } from './thread.ts'

export interface SearchAsked {
  readonly filter: JournalFilter
  readonly except: readonly EventKind[]
  /** Pseudonym of the person whose own history it is. */
  readonly own?: string
  readonly theirs?: Theirs
}
/** Across threads. */
export interface SearchHandlers {
  readonly page: (
    asked: SearchAsked & { readonly paging: Paging },
  ) => Promise<FoundPage & { readonly note: FilterNote }>
  readonly count: (
    asked: SearchAsked,
  ) => Promise<{ readonly quarters: readonly (readonly [number, number])[]; readonly note: FilterNote }>
  /** When each was last used, of those that were. @param credentials pseudonyms */
  readonly uses: (credentials: readonly string[]) => Promise<[credential: string, at: number][]>
  readonly catchUp: (nothing: undefined) => Promise<void>
  readonly forget: (seqs: readonly number[]) => void
}

/** Searches at once. */
const AT_ONCE = 16

export function searchThread(folder: DataFolder): Thread<Handlers> {
  const url = new URL('./search-worker.ts', import.meta.url)
  return new Thread<Handlers>({ url, workerData: folder, atOnce: AT_ONCE })
}
type Handlers = { readonly [N in keyof SearchHandlers]: SearchHandlers[N] }
