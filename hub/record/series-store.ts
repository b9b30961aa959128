/**
 * The embedded time series follow the journal, slice by slice. What the journal still tells can be derived again; what is
 * older is here alone, so that a damaged file is put aside and not removed. After a restore of the journal they go on from
 * the row that the restored one ended with.
 */
import { isVigieError, VigieError } from '../errors.ts'
import { fileCauseOf } from '../file-causes.ts'
import type { Point } from '../rules/points.ts'
import type { CurveAsked, CurvePoint } from '../rules/series.ts'
import type { DataFolder } from './database.ts'
import { type DerivedFile, discard, isDamage } from './derived-file.ts'
import { formerJournals } from './new-origin.ts'
import { openSeriesFile, SERIES_VERSION, seriesFile, seriesOptions } from './series-file.ts'
import { curve } from './series-read.ts'
import { type DayBegins, SeriesWriter } from './series-writer.ts'
import { meta } from './site.ts'
import type { Db } from './sql.ts'

/** A row of the journal, as a store follows it. */
export interface SeriesRow {
  readonly seq: number
  readonly at: number
  /** Null where the payload is gone. */
  readonly body: string | null
  readonly hash: Buffer
}
/** A row, and its hash, so that another journal's is noticed. Hexadecimal; empty at the beginning. */
export interface Reached {
  readonly seq: number
  readonly hash: string
}
const BEGINNING: Reached = { seq: 0, hash: '' }

/** Of one transaction. */
const SLICE_ROWS = 8_000
const SLICE_CHARACTERS = 4_000_000
const MB = 1024 * 1024
const SHORTEST_PART = 1 / 64

interface Opened {
  readonly file: DerivedFile
  readonly writer: SeriesWriter
}
export interface Slice {
  readonly points: readonly Point[]
  readonly reached: Reached
}

export class SeriesStore {
  readonly #folder: DataFolder
  readonly #journal: Db
  readonly #following
  readonly #hash
  readonly #newest
  #opened: Opened | undefined

  /** @param journal vigie.db, for reading only; it stays the caller's */
  constructor(folder: DataFolder, journal: Db) {
    this.#folder = folder
    this.#journal = journal
    this.#following = journal.prepare<[number], SeriesRow>(
      `select j.seq, j.at, j.hash, p.body from journal j
       left join journal_payload p on p.seq = j.seq where j.seq > ? order by j.seq`,
    )
    this.#hash = journal.prepare<[number], { hash: Buffer }>('select hash from journal where seq = ?')
    this.#newest = journal.prepare<[], { seq: number | null }>('select max(seq) as seq from journal')
  }

  /** For reading and writing, until the next call that may make the file anew. @throws VigieError series-unwritable */
  get db(): Db {
    return this.#open.file.db
  }
  get bytes(): number {
    return this.guarded(() => this.#open.writer.bytes)
  }
  /** The last row whose points are in it. */
  get reached(): Reached {
    return this.guarded(() => JSON.parse(this.#meta('reached') ?? JSON.stringify(BEGINNING)) as Reached)
  }
  get newestSeq(): number {
    return this.#newest.get()?.seq ?? 0
  }

  /** Rows after one, as many as a transaction takes. @param upTo none beyond it */
  rowsAfter(seq: number, upTo = Number.POSITIVE_INFINITY, most = SLICE_ROWS): readonly SeriesRow[] {
    const rows: SeriesRow[] = []
    let characters = 0
    for (const row of this.#following.iterate(seq)) {
      if (row.seq > upTo) break
      rows.push(row)
      characters += row.body?.length ?? 0
      if (rows.length >= most || characters > SLICE_CHARACTERS) break
    }
    return rows
  }

  /** What follows `reached`, in one transaction. */
  add({ points, reached }: Slice, now: number, dayBegins: DayBegins): void {
    this.guarded(() =>
      this.#open.writer.add(points, { now, dayBegins }, () => this.#setMeta('reached', JSON.stringify(reached))),
    )
  }

  /** Before it goes on: it is of this version and this journal, and its days are those of the site. */
  check(timeZone: string, dayBegins: DayBegins): void {
    this.guarded(() => {
      this.#checkJournal()
      if (this.#meta('zone') === timeZone) return
      this.#open.writer.recount(dayBegins)
      this.#setMeta('zone', timeZone)
    })
  }

  /** Drops what is past its term, and shortens terms where the file is larger than it may be. @returns what part of each is kept */
  trim(now: number, mostMb: number): number {
    return this.guarded(() => {
      const { writer } = this.#open
      let part = 1
      writer.trim(now)
      while (writer.bytes > mostMb * MB && part > SHORTEST_PART) {
        part /= 2
        writer.trim(now, part)
      }
      return part
    })
  }

  curve(asked: CurveAsked): CurvePoint[] {
    return this.guarded(() => curve(this.db, asked))
  }

  /** Whatever reads or writes the file. @throws VigieError series-unwritable; where it was damaged, it is begun anew */
  guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (isDamage(error)) this.#renew()
      throw unwritable(error, this.#folder)
    }
  }

  close(): void {
    this.#opened?.file.db.close()
    this.#opened = undefined
  }

  get #open(): Opened {
    if (!this.#opened) {
      const file = openSeriesFile(this.#folder)
      this.#opened = { file, writer: new SeriesWriter(file.db) }
    }
    return this.#opened
  }

  #checkJournal(): void {
    const origin = meta(this.#journal, 'journal_origin') ?? ''
    const of = `${SERIES_VERSION} ${origin}`
    const { seq, hash } = this.reached
    const known = this.#meta('of')
    if (known !== undefined && known !== of) this.#goOn(known, seq)
    else if (seq > 0 && this.#hashOf(seq) !== hash) this.#renew()
    this.#setMeta('of', of)
  }

  /** The journal goes by another name: it was restored, and has its rows up to there in common with the one before. */
  #goOn(known: string, seq: number): void {
    const former = formerJournals(this.#journal).find(({ origin }) => known === `${SERIES_VERSION} ${origin}`)
    if (!former) {
      this.#renew()
      return
    }
    const common = Math.min(seq, former.rows)
    const hash = this.#hashOf(common)
    this.#setMeta('reached', JSON.stringify(hash === undefined ? BEGINNING : { seq: common, hash }))
    const sinks = this.db.prepare<[number, string, number]>('update sink set seq = ?, hash = ? where seq > ?')
    sinks.run(common, hash ?? '', common)
  }

  #hashOf(seq: number): string | undefined {
    return this.#hash.get(seq)?.hash.toString('hex')
  }

  #renew(): void {
    const opened = this.#opened
    this.#opened = undefined
    opened?.file.db.close()
    discard(seriesOptions(this.#folder), opened?.file.inode)
  }

  #meta(key: string): string | undefined {
    return this.db.prepare<[string], { value: string }>('select value from meta where key = ?').get(key)?.value
  }
  #setMeta(key: string, value: string): void {
    this.db.prepare<[string, string]>('insert or replace into meta (key, value) values (?, ?)').run(key, value)
  }
}

function unwritable(error: unknown, { dir }: DataFolder): unknown {
  const isStorage = error instanceof Error && 'code' in error && !isVigieError(error)
  if (!isStorage) return error
  return new VigieError('series-unwritable', { file: seriesFile(dir), cause: fileCauseOf(error) }, { cause: error })
}
