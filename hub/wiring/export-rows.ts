/** Rows of the journal for an export: found, read and named a slice at a time, up to a checkpoint. */
import { setImmediate } from 'node:timers/promises'
import { isVigieError } from '../errors.ts'
import type { EventKind } from '../events.ts'
import type { ExportRow, ExportRows } from '../export/source.ts'
import { type PlainFilter, whoIn } from '../flows/journal-searched.ts'
import type { DataFolder } from '../record/database.ts'
import { matching, type Search } from '../record/search.ts'
import { SearchIndex } from '../record/search-index.ts'
import { type FoundRow, rowsOf } from '../record/search-pages.ts'
import type { Db } from '../record/sql.ts'
import type { NameOf } from './export-about.ts'

const SLICE = 500
const PATIENCE_MS = 60_000

/** Only a search needs the index: everything is exported without it, and also where it can't be kept. */
export class ExportIndex {
  readonly #folder: DataFolder
  readonly #db: Db
  #index: SearchIndex | undefined

  constructor(folder: DataFolder, db: Db) {
    this.#folder = folder
    this.#db = db
  }

  /** When it holds everything that the journal holds now. @throws VigieError index-unwritable */
  async ready(): Promise<SearchIndex> {
    this.#index ??= new SearchIndex(this.#folder, this.#db)
    for (;;) {
      try {
        await this.#index.ready(PATIENCE_MS)
        return this.#index
      } catch (error) {
        if (!isVigieError(error) || error.code !== 'index-behind') throw error
      }
    }
  }

  close(): void {
    this.#index?.close()
    this.#index = undefined
  }
}

/** No more than a span of time, or everything. */
export const isSpan = ({ from: _, until: __, ...rest }: PlainFilter): boolean =>
  Object.values(rest).every(value => value === undefined)

/** Oldest first, up to row `size`; none is empty. */
export async function* seqsOf(index: ExportIndex, search: Search, size: number): AsyncGenerator<readonly number[]> {
  if (search.all.length === 0 && search.from === undefined && search.until === undefined) yield* everySeq(size)
  else
    for await (const hits of matching(await index.ready(), search, { order: 'asc', before: size + 1, slice: SLICE }))
      yield hits.map(hit => hit.seq)
}

async function* everySeq(size: number): AsyncGenerator<readonly number[]> {
  for (let from = 1; from <= size; from += SLICE) {
    await setImmediate()
    yield Array.from({ length: Math.min(SLICE, size - from + 1) }, (_, i) => from + i)
  }
}

/** First and last row of a span of time; rows in between whose clock was wrong are part of it. Undefined: there is none. */
export async function spanOf(
  index: ExportIndex,
  search: Search,
  size: number,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  if (search.from === undefined && search.until === undefined) return size > 0 ? { from: 1, to: size } : undefined
  const ready = await index.ready()
  const ends: number[] = []
  for (const order of ['asc', 'desc'] as const)
    for await (const [hit] of matching(ready, search, { order, before: size + 1, slice: 1 })) {
      if (hit) ends.push(hit.seq)
      break
    }
  const [from, to] = ends
  return from !== undefined && to !== undefined ? { from, to } : undefined
}

/** @param nameOf undefined: without names @param count hears how many rows each slice has */
export async function* rowsFor(
  db: Db,
  seqs: AsyncIterable<readonly number[]>,
  hidden: ReadonlySet<EventKind>,
  nameOf: NameOf | undefined,
): ExportRows {
  for await (const slice of seqs) {
    const rows = rowsOf(db, slice).filter(row => !hidden.has(row.kind))
    if (rows.length > 0) yield nameOf ? rows.map(row => named(row, nameOf)) : rows
  }
}

const named = (row: FoundRow, nameOf: NameOf): ExportRow =>
  row.event ? { ...row, who: whoIn(row.event, nameOf) } : row
