/** Pages of a search, newest first, with the rows as they stand in the journal; a page mark belongs to its search. */
import { createHash } from 'node:crypto'
import { VigieError } from '../errors.ts'
import type { EventKind, VigieEvent } from '../events.ts'
import { matching, type Search } from './search.ts'
import type { SearchIndex } from './search-index.ts'
import type { Db } from './sql.ts'

export interface FoundRow {
  readonly seq: number
  readonly at: number
  readonly kind: EventKind
  /** Absent where the payload was erased. */
  readonly event?: VigieEvent
  /** The row that vouches for that. */
  readonly erasedBy?: number
}
export interface FoundPage {
  readonly rows: readonly FoundRow[]
  readonly next?: string
}
export interface Paging {
  readonly cursor?: string
  /** 1 to 1,000. */
  readonly limit: number
}

/**
 * @param asked what the search was made from, and whatever else it depends on: a cursor of another one is refused
 * @throws VigieError cursor-invalid, index-behind
 */
export async function foundPage(
  { db, index }: { readonly db: Db; readonly index: SearchIndex },
  search: Search,
  asked: object,
  { cursor, limit }: Paging,
): Promise<FoundPage> {
  const digest = digestOf(asked)
  const before = cursor === undefined ? undefined : seqIn(cursor, digest)
  const seqs: number[] = []
  // One more than asked for tells whether there is a next page.
  for await (const hits of matching(index, search, {
    order: 'desc',
    slice: limit + 1,
    ...(before !== undefined && { before }),
  })) {
    seqs.push(...hits.map(hit => hit.seq))
    if (seqs.length > limit) break
  }
  const more = seqs.length > limit
  const shown = seqs.slice(0, limit)
  return { rows: rowsOf(db, shown).reverse(), ...(more && { next: cursorOf(shown.at(-1)!, digest) }) }
}

type StoredRow = readonly [seq: number, at: number, kind: EventKind, body: string | null, row: number | null]
const STORED = `select j.seq, j.at, j.kind, p.body, e.row from journal j
  left join journal_payload p on p.seq = j.seq left join erased e on e.seq = j.seq`
/** Prepared once per connection: an export asks for thousands of slices. */
const queries = new WeakMap<Db, ReturnType<typeof queriesOf>>()
const queriesOf = (db: Db) => ({
  span: db.prepare<[number, number], StoredRow>(`${STORED} where j.seq between ? and ? order by j.seq`).raw(),
  some: db
    .prepare<[string], StoredRow>(`${STORED} where j.seq in (select value from json_each(?)) order by j.seq`)
    .raw(),
})

/** Rows by seq, oldest first. @param seqs each once, ascending; where none is missing in between they are read as a span */
export function rowsOf(db: Db, seqs: readonly number[]): FoundRow[] {
  const [first = 0, last = -1] = [seqs[0], seqs.at(-1)]
  const known = queries.get(db) ?? queriesOf(db)
  queries.set(db, known)
  const isWhole = last - first === seqs.length - 1
  return (isWhole ? known.span.all(first, last) : known.some.all(JSON.stringify(seqs))).map(foundRow)
}

function foundRow([seq, at, kind, body, row]: StoredRow): FoundRow {
  if (body !== null) return { seq, at, kind, event: JSON.parse(body) as VigieEvent }
  return row === null ? { seq, at, kind } : { seq, at, kind, erasedBy: row }
}

const cursorOf = (seq: number, digest: string): string => Buffer.from(`${seq}.${digest}`).toString('base64url')

function seqIn(cursor: string, digest: string): number {
  const [, seq, of] =
    /^([1-9]\d{0,14})\.([0-9a-f]{16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (seq === undefined || of !== digest) throw new VigieError('cursor-invalid')
  return Number(seq)
}

/** The same for the same fields in any order. */
function digestOf(asked: object): string {
  const fields = Object.entries(asked).filter(([, value]) => value !== undefined)
  const text = JSON.stringify(fields.sort(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
