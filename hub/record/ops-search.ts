/** Searches that operators have saved for themselves: each has their own. */
import type { JournalFilter, SavedSearch } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { OpContext } from './op-context.ts'
import { all, type Db, run, sql } from './sql.ts'

const SEARCHES_MOST = 50

export const SEARCH_OPS = {
  /** Replaces the one of the same id. @throws VigieError searches-full */
  saveSearch: (c: OpContext, { operator, search }: { operator: string; search: SavedSearch }): void => {
    const { id, name, filter } = search
    const kept = savedSearches(c.db, operator)
    if (kept.length >= SEARCHES_MOST && !kept.some(s => s.id === id))
      throw new VigieError('searches-full', { limit: SEARCHES_MOST })
    const row = { name, body: JSON.stringify(filter) }
    run(
      c.db,
      sql
        .insertInto('saved_search')
        .values({ operator, id, ...row })
        .onConflict(o => o.columns(['operator', 'id']).doUpdateSet(row)),
    )
  },

  /** @throws VigieError search-unknown */
  dropSearch: (c: OpContext, { operator, id }: { operator: string; id: string }): void => {
    const dropped = run(c.db, sql.deleteFrom('saved_search').where('operator', '=', operator).where('id', '=', id))
    if (dropped === 0) throw new VigieError('search-unknown', { search: id })
  },
} as const

/** By name. */
export const savedSearches = (db: Db, operator: string): SavedSearch[] =>
  all(
    db,
    sql
      .selectFrom('saved_search')
      .select(['id', 'name', 'body'])
      .where('operator', '=', operator)
      .orderBy('name')
      .orderBy('id'),
  ).map(({ id, name, body }) => ({ id, name, filter: JSON.parse(body) as JournalFilter }))
