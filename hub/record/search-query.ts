/** One search as statements over the index. */
import type { EventKind } from '../events.ts'
import type { SearchField } from './search-terms.ts'
import type { Db } from './sql.ts'

/** One way for a row to fit. */
export interface Way {
  readonly field: SearchField
  readonly value: string
  /** Every value that begins like this. */
  readonly prefix?: true
  /** Only of rows from then on, until then (exclusive); milliseconds since 1970. */
  readonly from?: number
  readonly until?: number
}
/** What is looked for, as the index knows it: may be handed to another thread. */
export interface Search {
  readonly from?: number
  /** Exclusive. */
  readonly until?: number
  /** Each of these must hold, in one of its ways. */
  readonly all: readonly (readonly Way[])[]
  /** Of which whoever asks must not even learn that there are any. */
  readonly except: readonly EventKind[]
}
export interface Hit {
  readonly seq: number
  readonly at: number
}
/** Rows of the journal by seq: `from` inclusive, `to` exclusive. */
export interface Stretch {
  readonly from: number
  readonly to: number
}
export type Order = 'asc' | 'desc'
export const QUARTER_MS = 900_000

/** The ways of one condition that the index knows. */
interface Group {
  /** Ids of terms. */
  readonly ids: readonly number[]
  /** Those that count for a span of time only. */
  readonly spans: readonly { readonly id: number; readonly from: number; readonly until: number }[]
  /** How many rows at most. */
  readonly rows: number
}
type Values = Record<string, number | string>

const EVERY_ROW: readonly Way[] = [{ field: 'row', value: '' }]
const LEAST = Number.MIN_SAFE_INTEGER
const MOST = Number.MAX_SAFE_INTEGER

/** The group with the fewest rows leads; the others are looked up for each of its rows. */
export class Query {
  readonly #db: Db
  readonly #values: Values
  readonly #body: string

  /** Undefined where nothing can fit. */
  static of(db: Db, search: Search): Query | undefined {
    const conditions = search.all.length > 0 ? search.all : [EVERY_ROW]
    const groups = conditions.map(ways => groupOf(db, ways)).sort((a, b) => a.rows - b.rows)
    if (groups[0]?.rows === 0) return undefined
    const hidden = search.except.flatMap(kind => termsLike(db, { field: 'kind', value: kind })).map(t => t.id)
    return new Query(db, search, groups, hidden)
  }

  private constructor(db: Db, { from, until }: Search, groups: readonly Group[], hidden: readonly number[]) {
    const [lead, ...others] = groups
    this.#db = db
    this.#values = { since: from ?? LEAST, until: until ?? MOST }
    const { bind, fits } = binding(this.#values)
    const conditions = others.map(group => `and ${holds(group, fits, bind)}`)
    if (hidden.length > 0)
      conditions.push(`and not exists (select 1 from posting q where q.seq = p.seq and q.term in ${bind(hidden)})`)
    this.#body = `from (${lead ? leading(lead, fits) : ''}) p where p.at >= @since and p.at < @until ${conditions.join(' ')}`
  }

  hits({ from, to }: Stretch, order: Order, limit: number): Hit[] {
    const text = `select p.seq, p.at ${this.#body} order by p.seq ${order} limit @limit`
    return this.#db.prepare<[Values], Hit>(text).all({ ...this.#values, from, to, limit })
  }

  quarters({ from, to }: Stretch): { readonly quarter: number; readonly rows: number }[] {
    const text = `select p.at / ${QUARTER_MS} as quarter, count(*) as rows ${this.#body} group by 1`
    return this.#db.prepare<[Values], { quarter: number; rows: number }>(text).all({ ...this.#values, from, to })
  }
}

/** A row may fit in several ways, and is one row all the same. */
function leading(group: Group, fits: (alias: string, group: Group) => string): string {
  const once = group.ids.length + group.spans.length === 1 ? '' : 'distinct '
  return `select ${once}l.seq, l.at from posting l where l.seq >= @from and l.seq < @to and (${fits('l', group)})`
}

/** Of so many ways it is quicker to look at what the row has. */
const MANY = 16

/** That a row `p` fits in a way of this group. */
function holds(
  { ids, spans, rows }: Group,
  fits: (alias: string, group: Group) => string,
  bind: (ids: readonly number[]) => string,
): string {
  const many = ids.length > MANY
  const few = { ids: many ? [] : ids, spans, rows }
  const ways = [
    ...(few.ids.length + spans.length === 0
      ? []
      : [`select 1 from posting q where q.seq = p.seq and (${fits('q', few)})`]),
    ...(many ? [`select 1 from entry n, json_each(n.terms) t where n.seq = p.seq and t.value in ${bind(ids)}`] : []),
  ]
  return `(${ways.map(text => `exists (${text})`).join(' or ')})`
}

/** Values get a name each, and stand in the statement by it. */
function binding(values: Values) {
  let names = 0
  const named = (value: number | string): string => {
    const name = `v${++names}`
    values[name] = value
    return `@${name}`
  }
  /** However many: one value. */
  const bind = (ids: readonly number[]): string =>
    ids.length === 1 ? `(${named(ids[0]!)})` : `(select value from json_each(${named(JSON.stringify(ids))}))`
  const fits = (alias: string, { ids, spans }: Group): string =>
    [
      ...(ids.length > 0 ? [`${alias}.term in ${bind(ids)}`] : []),
      ...spans.map(
        s => `${alias}.term = ${named(s.id)} and ${alias}.at >= ${named(s.from)} and ${alias}.at < ${named(s.until)}`,
      ),
    ].join(' or ')
  return { bind, fits }
}

function groupOf(db: Db, ways: readonly Way[]): Group {
  const ids = new Set<number>()
  const spans: Group['spans'][number][] = []
  let rows = 0
  for (const way of ways)
    for (const { id, rows: count } of termsLike(db, way)) {
      rows += count
      if (way.from === undefined && way.until === undefined) ids.add(id)
      else spans.push({ id, from: way.from ?? LEAST, until: way.until ?? MOST })
    }
  return { ids: [...ids], spans, rows }
}

/** Beyond every character that a word may have. */
const LAST = '\u{10ffff}'
function termsLike(db: Db, { field, value, prefix }: Way): { readonly id: number; readonly rows: number }[] {
  const query = db.prepare<[string, string, string], { id: number; rows: number }>(
    'select id, rows from term where field = ? and value >= ? and value <= ?',
  )
  return query.all(field, value, prefix ? `${value}${LAST}` : value)
}
