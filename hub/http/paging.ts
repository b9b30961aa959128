/** Lists that grow are handed out in pages, by key: what is added or goes between two pages moves none of the others. */
import { Type } from '#devices/schema.ts'

export const MOST_LISTED = 1_000

/** Of a query string, where everything is text. */
export const PAGE_QUERY = {
  after: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      description: '`next` of the page before; left out: from the beginning',
    }),
  ),
  limit: Type.Optional(
    Type.String({
      pattern: '^([1-9][0-9]{0,2}|1000)$',
      description: `1 to ${MOST_LISTED}; ${MOST_LISTED} if left out`,
    }),
  ),
}
export interface PageQuery {
  readonly after?: string
  readonly limit?: string
}

/** @param all in any order @returns the page by key, and the key to go on after where there is more */
export function pageBy<T>(
  all: readonly T[],
  keyOf: (one: T) => string,
  { after = '', limit }: PageQuery,
): { readonly page: readonly T[]; readonly next?: string } {
  const most = limit === undefined ? MOST_LISTED : Number(limit)
  const left = all.filter(one => keyOf(one) > after).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const page = left.slice(0, most)
  const last = page.at(-1)
  return left.length > most && last !== undefined ? { page, next: keyOf(last) } : { page }
}
