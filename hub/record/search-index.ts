/**
 * The search index follows the journal, slice by slice: it never holds up whoever writes there. It is derived: damaged, of
 * another version, of another journal, or ahead of it (a restored one), it is made anew. Several processes may share it.
 */
import { setImmediate } from 'node:timers/promises'
import { isVigieError, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import type { DataFolder } from './database.ts'
import { type DerivedFile, isDamage, removeDerived } from './derived-file.ts'
import { lastOfWithdrawn } from './past.ts'
import { INDEX_VERSION, openSearchFile, searchFile } from './search-file.ts'
import { type IndexedRow, SearchWriter } from './search-writer.ts'
import { items, meta } from './site.ts'
import type { Db } from './sql.ts'

/** Of one transaction: about half a second where all of it is needed. Many rows at once touch the same pages once. */
const SLICE_ROWS = 8_000
const SLICE_CHARACTERS = 8_000_000
/** How long a query waits for the index to catch up, milliseconds. */
const PATIENCE_MS = 1_500
/** Rows a second that are taken in, where nothing has been measured yet. */
const USUAL_RATE = 15_000
const WAIT_MOST_S = 60

const FOLLOWING = `select j.seq, j.at, j.kind, j.hash, p.body from journal j
  left join journal_payload p on p.seq = j.seq where j.seq > ? order by j.seq`

interface Opened {
  readonly file: DerivedFile
  readonly writer: SearchWriter
}

export class SearchIndex {
  readonly #folder: DataFolder
  readonly #journal: Db
  readonly #following
  readonly #hash
  readonly #newest
  #opened: Opened | undefined
  #running: Promise<void> | undefined
  #classes: ReadonlyMap<string, string> | undefined
  #rate = USUAL_RATE
  #closed = false

  /** @param journal vigie.db, for reading only; it stays the caller's */
  constructor(folder: DataFolder, journal: Db) {
    this.#folder = folder
    this.#journal = journal
    this.#following = journal.prepare<[number], IndexedRow>(FOLLOWING)
    this.#hash = journal.prepare<[number], { hash: Buffer }>('select hash from journal where seq = ?')
    this.#newest = journal.prepare<[], { seq: number | null }>('select max(seq) as seq from journal')
  }

  /** Of rows that are in it. @throws VigieError index-unwritable, index-behind where it was damaged */
  get upTo(): number {
    return this.guarded(() => this.#index.writer.reached().seq)
  }

  /** For reading, until the next call that may make the file anew. @throws VigieError index-unwritable */
  get db(): Db {
    return this.#index.file.db
  }

  /** Takes in what the journal has; in slices, others have their turn in between. @throws VigieError index-unwritable */
  catchUp(): Promise<void> {
    this.#running ??= this.#follow().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /**
   * Resolves when every row that the journal holds now can be found.
   * @param patienceMs for ever where it is infinite
   * @throws VigieError index-behind with how far it is, after 1.5 s of catching up, which goes on; index-unwritable
   */
  async ready(patienceMs = PATIENCE_MS): Promise<void> {
    const wanted = this.#newestSeq()
    let timer: NodeJS.Timeout | undefined
    let late = false
    const patience = new Promise<void>(resolve => {
      if (patienceMs === Number.POSITIVE_INFINITY) return
      timer = setTimeout(() => {
        late = true
        resolve()
      }, patienceMs)
    })
    try {
      while (this.upTo < wanted && !late) await Promise.race([this.catchUp(), patience])
    } finally {
      clearTimeout(timer)
    }
    if (this.upTo < wanted) throw this.#behind(wanted)
  }

  /** What was erased is not found any more, and is gone from the file. @throws VigieError index-unwritable */
  forget(seqs: Iterable<number>): void {
    this.guarded(() => this.#index.writer.forget(seqs))
  }

  /**
   * Whatever reads the index: where it turns out to be damaged it is made anew, and the caller is told to come again.
   * @param of what the work reads, where it was begun earlier: the same holds if it was made anew meanwhile
   */
  guarded<T>(work: () => T, of?: Db): T {
    if (of !== undefined && of !== this.db) throw this.#behind(this.#newestSeq())
    try {
      return work()
    } catch (error) {
      if (!isDamage(error)) throw unwritable(error, this.#folder)
      this.#renew()
      throw this.#behind(this.#newestSeq())
    }
  }

  close(): void {
    this.#closed = true
    this.#opened?.file.db.close()
  }

  /** Opened with the first call, and again where an earlier try failed: a disk that works again is enough. */
  get #index(): Opened {
    this.#opened ??= this.#open()
    return this.#opened
  }

  #open(): Opened {
    try {
      const file = openSearchFile(this.#folder)
      return { file, writer: new SearchWriter(file.db) }
    } catch (error) {
      throw unwritable(error, this.#folder)
    }
  }

  async #follow(): Promise<void> {
    this.guarded(() => this.#check())
    this.#classes = undefined
    for (let more = true; more && !this.#closed; ) {
      await setImmediate()
      if (this.#closed) return
      more = this.#slice()
    }
    if (!this.#closed) this.guarded(() => this.#index.writer.clean())
  }

  /** @returns false where nothing more follows */
  #slice(): boolean {
    const began = performance.now()
    const before = this.guarded(() => this.#index.writer.reached())
    const { rows, whole } = this.#next(before.seq)
    if (rows.length === 0) return false
    this.#classes ??= classesOf(this.#journal)
    const classes = this.#classes
    const added = this.guarded(() => this.#index.writer.add(rows, before, id => classes.get(id)))
    if (added && whole) this.#rate = 0.8 * this.#rate + 0.2 * (rows.length / (performance.now() - began)) * 1_000
    return whole || !added
  }

  #next(after: number): { readonly rows: readonly IndexedRow[]; readonly whole: boolean } {
    const rows: IndexedRow[] = []
    let characters = 0
    for (const row of this.#following.iterate(after)) {
      rows.push(row)
      characters += row.body?.length ?? 0
      if (rows.length === SLICE_ROWS || characters > SLICE_CHARACTERS) return { rows, whole: true }
    }
    return { rows, whole: false }
  }

  /** It is of this version, of this journal, and not ahead of it. */
  #check(): void {
    const { seq, hash } = this.#index.writer.reached()
    const kept = `${INDEX_VERSION} ${meta(this.#journal, 'journal_origin') ?? ''}`
    const same = seq === 0 || this.#hash.get(seq)?.hash.toString('hex') === hash
    if (seq > 0 && (!same || this.#index.writer.meta('of') !== kept)) this.#renew()
    if (this.#index.writer.meta('of') !== kept) this.#index.writer.setMeta('of', kept)
  }

  #renew(): void {
    const { db, inode } = this.#index.file
    this.#opened = undefined
    db.close()
    removeDerived(searchFile(this.#folder.dir), inode)
  }

  #newestSeq(): number {
    return this.#newest.get()?.seq ?? 0
  }

  #behind(wanted: number): VigieError {
    const reached = this.#index.writer.reached().seq
    const seconds = Math.min(WAIT_MOST_S, Math.max(1, Math.ceil((wanted - reached) / this.#rate)))
    return new VigieError('index-behind', { percent: Math.floor((100 * reached) / Math.max(1, wanted)), seconds })
  }
}

/** Access point -> its class, of those that are gone as it was last. */
function classesOf(journal: Db): ReadonlyMap<string, string> {
  const bodies = [
    ...lastOfWithdrawn(journal, 'accessPoint'),
    ...items(journal, 'accessPoint').map(({ id, body }) => [id, body] as const),
  ]
  return new Map(bodies.map(([id, body]) => [id, (JSON.parse(body) as { class: string }).class]))
}

function unwritable(error: unknown, { dir }: DataFolder): unknown {
  const isStorage = error instanceof Error && 'code' in error && !isVigieError(error)
  if (!isStorage) return error
  return new VigieError('index-unwritable', { file: searchFile(dir), cause: fileCauseOf(error) }, { cause: error })
}
