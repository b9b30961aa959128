/** Searching the journal: its routes, and a thread that keeps the index behind the journal by seconds. */
import { causeOf } from '../errors.ts'
import { JournalSearched } from '../flows/journal-searched.ts'
import { inventoryRoutes } from '../http/routes/inventory.ts'
import { journalRoutes } from '../http/routes/journal.ts'
import { operators } from '../record/accounts.ts'
import { savedSearches } from '../record/ops-search.ts'
import { inventoryDesk } from './inventory.ts'
import { searchThread } from './search-thread.ts'
import type { LaterNeeds, Service } from './services.ts'

const FOLLOW_MS = 10_000

export function search(needs: LaterNeeds): Service {
  const { folder, db, op, record, registry, names, observe, log, now } = needs
  const thread = searchThread(folder)
  const journal = new JournalSearched({
    timeZone: () => registry().site.site.timeZone,
    find: (filter, except, paging, of) => thread.call('page', { filter, except, paging, ...of }),
    count: (filter, except, of) => thread.call('count', { filter, except, ...of }),
    record,
    nameOf: pseudonym => names.person(pseudonym),
    personOf: operator => {
      const person = operators(db).find(o => o.id === operator)?.person
      return person == null ? undefined : registry().pseudonymOf('person', person)
    },
  })
  let timer: NodeJS.Timeout | undefined
  let following = false
  let stopped = false
  const follow = (): void => {
    if (following || stopped) return
    following = true
    thread
      .call('catchUp', undefined)
      .catch((error: unknown) => {
        if (!stopped) log.warn({ cause: causeOf(error) }, 'the search index does not follow the journal')
      })
      .finally(() => {
        following = false
      })
  }
  // What was erased leaves the index at once.
  observe('search', ({ event }) => event.kind === 'payloads.erased' && follow())
  return {
    plugins: [
      journalRoutes(journal, {
        list: operator => savedSearches(db, operator),
        save: async (operator, saved) => op('saveSearch', { operator, search: saved }),
        drop: async (operator, id) => op('dropSearch', { operator, id }),
      }),
      inventoryRoutes(inventoryDesk({ db, registry, record, now, uses: all => thread.call('uses', all) })),
    ],
    start: () => {
      follow()
      timer = setInterval(follow, FOLLOW_MS).unref()
    },
    stop: () => {
      stopped = true
      clearInterval(timer)
      return thread.stop()
    },
  }
}
