/** A search, put together from what record/ has for it: in this thread. */

import type { DataFolder } from '../record/database.ts'
import { quarters } from '../record/search.ts'
import { known, resolved, resolvedOwn } from '../record/search-filter.ts'
import { SearchIndex } from '../record/search-index.ts'
import { foundPage } from '../record/search-pages.ts'
import { lastUses } from '../record/search-uses.ts'
import type { Db } from '../record/sql.ts'
import type { SearchAsked, SearchHandlers } from './search-thread.ts'

/** @param db for reading @param patienceMs how long a search waits for the index; for ever where it is infinite */
export function searchingIn(folder: DataFolder, db: Db, patienceMs?: number): SearchHandlers & { close(): void } {
  const index = new SearchIndex(folder, db)
  const understood = ({ filter, except, own, theirs }: SearchAsked) =>
    own === undefined ? resolved(db, filter, except, theirs) : resolvedOwn(db, own, filter, except)
  return {
    page: async ({ paging, ...asked }) => {
      const { search, note } = understood(asked)
      await index.ready(patienceMs)
      const { filter, except, own, theirs } = asked
      return {
        ...(await foundPage({ db, index }, search, { ...filter, except, own, theirs }, paging)),
        note: known(index.db, note),
      }
    },
    count: async asked => {
      const { search, note } = understood(asked)
      await index.ready(patienceMs)
      return { quarters: [...(await quarters(index, search))], note: known(index.db, note) }
    },
    uses: async credentials => {
      await index.ready(patienceMs)
      return lastUses(index.db, credentials)
    },
    catchUp: () => index.catchUp(),
    forget: seqs => index.forget(seqs),
    close: () => index.close(),
  }
}
