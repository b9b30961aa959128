/** Writes the search index: rows of the journal in, or forgotten. Each call is one transaction. */
import { SPAN_ROWS } from './search-file.ts'
import { LASTING_FIELDS, rangesOf, type SearchField, type Term, termsOf } from './search-terms.ts'
import { type Db, transaction } from './sql.ts'

export interface IndexedRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  /** Null where the payload is gone. */
  readonly body: string | null
  readonly hash: Buffer
}
/** How far the index has come: with the row's hash, so that another journal's is noticed. */
export interface Reached {
  readonly seq: number
  /** Hexadecimal; empty at the beginning. */
  readonly hash: string
}
const BEGINNING: Reached = { seq: 0, hash: '' }
const FORGOTTEN_AT_ONCE = 500
/** Terms whose ids are kept in memory. */
const KNOWN_TERMS = 50_000

export class SearchWriter {
  readonly #db: Db
  readonly #statements
  readonly #known = new Map<string, number>()
  #seen: unknown

  constructor(db: Db) {
    this.#db = db
    this.#statements = statementsOf(db)
  }

  meta(key: string): string | undefined {
    return this.#statements.meta.get(key)?.value
  }
  setMeta(key: string, value: string): void {
    this.#statements.setMeta.run(key, value)
  }
  reached(): Reached {
    const text = this.meta('reached')
    return text === undefined ? BEGINNING : (JSON.parse(text) as Reached)
  }

  /**
   * The rows that follow those it has. Rows that tell of erased payloads make it forget theirs.
   * @returns false, with nothing written, where another process has gone on meanwhile
   */
  add(rows: readonly IndexedRow[], before: Reached, classOf: (accessPoint: string) => string | undefined): boolean {
    const last = rows.at(-1)
    if (!last) return true
    try {
      return transaction(this.#db, () => {
        if (this.reached().seq !== before.seq) return false
        this.#notice()
        this.#index(rows, classOf)
        for (const row of rows) if (row.kind === 'payloads.erased' && row.body !== null) this.#forgetNamed(row.body)
        this.setMeta('reached', JSON.stringify({ seq: last.seq, hash: last.hash.toString('hex') } satisfies Reached))
        return true
      })
    } catch (error) {
      this.#known.clear() // terms that were rolled back
      throw error
    }
  }

  /** Nothing but their kind is left of these rows; words and subjects that no other row has are gone from the file. */
  forget(seqs: Iterable<number>): void {
    const some: number[] = []
    const flush = (): void => transaction(this.#db, () => this.#forget(some.splice(0)))
    for (const seq of seqs) {
      some.push(seq)
      if (some.length === FORGOTTEN_AT_ONCE) flush()
    }
    flush()
    this.setMeta('cleaning', '1')
    this.clean()
  }

  /** What was forgotten leaves the write-ahead log too; where somebody is reading, a later call does it. */
  clean(): void {
    if (this.meta('cleaning') !== '1') return
    this.setMeta('cleaning', '0')
    const [{ busy } = { busy: 1 }] = this.#db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
    if (busy !== 0) this.setMeta('cleaning', '1')
  }

  /** Another process may have dropped terms whose ids are remembered here: a word would stand under none, or under another's. */
  #notice(): void {
    const version = this.#db.pragma('data_version', { simple: true })
    if (version !== this.#seen) this.#known.clear()
    this.#seen = version
  }

  #index(rows: readonly IndexedRow[], classOf: (accessPoint: string) => string | undefined): void {
    const { addEntry, addSpan, addPosting, addRows } = this.#statements
    const postings = new Map<number, IndexedRow[]>()
    for (const row of rows) {
      const ids = new Set(termsOf(row.kind, row.body, classOf).map(term => this.#idOf(term)))
      for (const id of ids) listIn(postings, id).push(row)
      addEntry.run(row.seq, JSON.stringify([...ids]))
      addSpan.run(Math.floor(row.seq / SPAN_ROWS), row.at, row.at)
    }
    // Term by term: neighbours in the file are written together.
    for (const [id, list] of [...postings].sort(([a], [b]) => a - b)) {
      for (const { seq, at } of list) addPosting.run(id, seq, at)
      addRows.run(list.length, id)
    }
  }

  #idOf({ field, value }: Term): number {
    const key = `${field} ${value}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size >= KNOWN_TERMS) this.#known.clear()
    const { findTerm, addTerm } = this.#statements
    const id = findTerm.get(field, value)?.id ?? Number(addTerm.run(field, value).lastInsertRowid)
    this.#known.set(key, id)
    return id
  }

  /** Within the caller's transaction. */
  #forgetNamed(body: string): void {
    const { entriesIn } = this.#statements
    const { ranges } = JSON.parse(body) as { ranges?: unknown }
    for (const [first, last] of typeof ranges === 'string' ? rangesOf(ranges) : [])
      this.#forget(entriesIn.all(first, last).map(row => row.seq))
    this.setMeta('cleaning', '1')
  }

  #forget(seqs: readonly number[]): void {
    const { findEntry, dropPosting, setEntry } = this.#statements
    const lasting = this.#lasting()
    const fewer = new Map<number, number>()
    for (const seq of seqs) {
      const ids = JSON.parse(findEntry.get(seq)?.terms ?? '[]') as number[]
      const gone = ids.filter(id => !lasting.has(id))
      if (gone.length === 0) continue
      for (const id of gone) {
        dropPosting.run(id, seq)
        fewer.set(id, (fewer.get(id) ?? 0) + 1)
      }
      setEntry.run(JSON.stringify(ids.filter(id => lasting.has(id))), seq)
    }
    for (const [id, count] of fewer) this.#statements.addRows.run(-count, id)
    if (this.#statements.dropTerms.run().changes > 0) this.#known.clear()
  }

  #lasting(): ReadonlySet<number> {
    const fields: readonly SearchField[] = LASTING_FIELDS
    return new Set(fields.flatMap(field => this.#statements.termsIn.all(field).map(row => row.id)))
  }
}

function listIn<T>(map: Map<number, T[]>, key: number): T[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}

function statementsOf(db: Db) {
  return {
    meta: db.prepare<[string], { value: string }>('select value from meta where key = ?'),
    setMeta: db.prepare<[string, string]>('insert or replace into meta (key, value) values (?, ?)'),
    findTerm: db.prepare<[string, string], { id: number }>('select id from term where field = ? and value = ?'),
    addTerm: db.prepare<[string, string]>('insert into term (field, value, rows) values (?, ?, 0)'),
    termsIn: db.prepare<[string], { id: number }>('select id from term where field = ?'),
    addRows: db.prepare<[number, number]>('update term set rows = rows + ? where id = ?'),
    dropTerms: db.prepare<[]>('delete from term where rows <= 0'),
    addPosting: db.prepare<[number, number, number]>('insert into posting (term, seq, at) values (?, ?, ?)'),
    dropPosting: db.prepare<[number, number]>('delete from posting where term = ? and seq = ?'),
    addEntry: db.prepare<[number, string]>('insert into entry (seq, terms) values (?, ?)'),
    findEntry: db.prepare<[number], { terms: string }>('select terms from entry where seq = ?'),
    entriesIn: db.prepare<[number, number], { seq: number }>('select seq from entry where seq between ? and ?'),
    setEntry: db.prepare<[string, number]>('update entry set terms = ? where seq = ?'),
    addSpan: db.prepare<[number, number, number]>(
      `insert into span (slice, earliest, latest) values (?, ?, ?)
       on conflict (slice) do update set earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)`,
    ),
  }
}
