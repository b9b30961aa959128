/** Exports that operators ask for over HTTP: two at once; files lie in the data folder for 24 h and until the next start. */
import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ExportJob } from '../api.ts'
import { isVigieError, type Language, VigieError } from '../errors.ts'
import type { ExportDone, ExportWish, JournalExported } from '../flows/journal-exported.ts'
import { spanAsked } from '../flows/journal-times.ts'
import type { ExportAsked, ExportReader } from '../http/routes/exports.ts'
import { fileNameOf, typeOf } from './export-formats.ts'

const KEPT_MS = 24 * 3_600_000
const AT_ONCE = 2
const RETRY_S = 30
/** Finished ones that are remembered: each has a file of its own for a day. */
const MOST = 100

interface Job {
  readonly wish: ExportWish
  readonly by: string
  view: ExportJob
  until: number
}
interface Needs {
  readonly dataDir: string
  readonly export: JournalExported
  readonly cancel: (id: string) => Promise<void>
  /** Rows that one has come to. */
  readonly progress: (id: string) => Promise<number>
  readonly site: () => { readonly id: string; readonly timeZone: string }
  readonly now: () => number
  /** What went wrong that is no error of the table. */
  readonly onFailure: (error: unknown) => void
}

export const newExportId = (): string => `e-${randomBytes(8).toString('hex')}`
export const exportFolder = (dataDir: string): string => join(dataDir, 'exports')

export class ExportJobs {
  readonly #needs: Needs
  readonly #jobs = new Map<string, Job>()
  #running = 0

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** What an earlier run left: nobody knows any more whose it was. */
  clear(): void {
    const folder = this.#folder()
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
  }

  /** @throws VigieError too-many-requests, input-invalid, filter-invalid, range-inverted, age-key-invalid, export-unwritable */
  async begin(asked: ExportAsked, reader: ExportReader): Promise<ExportJob> {
    this.drop()
    if (this.#running >= AT_ONCE || this.#jobs.size >= MOST)
      throw new VigieError('too-many-requests', { seconds: RETRY_S })
    this.#running += 1
    try {
      const wish = this.#wishOf(asked, reader)
      const carryOut = await this.#needs.export.ask(wish)
      const view: ExportJob = { id: wish.id, state: 'running', format: wish.format, askedAt: wish.askedAt, rows: 0 }
      const job: Job = { wish, by: reader.id, view, until: Number.POSITIVE_INFINITY }
      this.#jobs.set(wish.id, job)
      void this.#follow(job, carryOut, reader.language)
      return view
    } catch (error) {
      this.#running -= 1
      throw error
    }
  }

  /** Newest first. */
  list(reader: ExportReader): readonly ExportJob[] {
    this.drop()
    const own = [...this.#jobs.values()].filter(job => isTheirs(job, reader))
    return own.map(job => job.view).reverse()
  }

  /** @throws VigieError export-unknown, also of somebody else's */
  async one(id: string, reader: ExportReader): Promise<ExportJob> {
    const job = this.#job(id, reader)
    if (job.view.state !== 'running') return job.view
    const rows = await this.#needs.progress(id)
    return job.view.state === 'running' ? { ...job.view, rows } : job.view
  }

  /** @throws VigieError export-unknown, export-unfinished */
  file(
    id: string,
    reader: ExportReader,
  ): { readonly stream: Readable; readonly name: string; readonly type: string; readonly bytes: number } {
    const { view, wish } = this.#job(id, reader)
    if (view.state === 'running') throw new VigieError('export-unfinished', { export: id })
    if (view.state === 'failed' || view.fileName === undefined) throw new VigieError('export-unknown', { export: id })
    if (!existsSync(wish.file)) throw new VigieError('export-unknown', { export: id })
    const type = typeOf(wish.format, wish.recipient !== undefined)
    return { stream: createReadStream(wish.file), name: view.fileName, type, bytes: view.bytes ?? 0 }
  }

  /** Of one that runs nothing is left either. @throws VigieError export-unknown */
  async remove(id: string, reader: ExportReader): Promise<void> {
    const { view, wish } = this.#job(id, reader)
    if (view.state === 'running') await this.#needs.cancel(id)
    this.#jobs.delete(id)
    rmSync(wish.file, { force: true })
  }

  /** Files past their day go; and what is remembered of those that went when a person was erased, by whichever command. */
  drop(): void {
    for (const [id, { until, view, wish }] of this.#jobs) {
      const isGone = view.state === 'done' && !existsSync(wish.file)
      if (until > this.#needs.now() && !isGone) continue
      this.#jobs.delete(id)
      rmSync(wish.file, { force: true })
    }
  }

  #folder(): string {
    const folder = exportFolder(this.#needs.dataDir)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  #wishOf(asked: ExportAsked, reader: ExportReader): ExportWish {
    const { site, now } = this.#needs
    const { from, until, ...rest } = asked.filter
    const span = { from: textOf(from), until: textOf(until) }
    const id = newExportId()
    const { id: siteId, timeZone } = site()
    const encrypted = asked.recipient !== undefined
    return {
      ...{ id, format: asked.format, filter: { ...rest, ...spanAsked(span, timeZone) } },
      ...{ hidden: reader.hidden, names: reader.names && asked.names !== false, bom: asked.bom === true },
      language: asked.language ?? reader.language,
      ...(asked.recipient !== undefined && { recipient: asked.recipient }),
      ...{ by: reader.id, statedReason: asked.statedReason, askedAt: now(), to: 'download' },
      file: join(this.#folder(), fileNameOf(siteId, id, asked.format, encrypted)),
      ...{ replace: false, beside: false },
    }
  }

  #job(id: string, reader: ExportReader): Job {
    this.drop()
    const job = this.#jobs.get(id)
    if (!job || !isTheirs(job, reader)) throw new VigieError('export-unknown', { export: id })
    return job
  }

  async #follow(job: Job, carryOut: () => Promise<ExportDone>, language: Language): Promise<void> {
    try {
      const done = await carryOut()
      this.#done(job, done)
    } catch (error) {
      if (!isVigieError(error)) this.#needs.onFailure(error)
      const known = isVigieError(error) ? error : new VigieError('internal', { id: job.wish.id })
      job.view = { ...job.view, state: 'failed', error: known.code, words: known.messageIn(language) }
    } finally {
      this.#running -= 1
      job.until = this.#needs.now() + KEPT_MS
    }
  }

  #done(job: Job, { rows, bytes, sha256, checkpoint }: ExportDone): void {
    const { file } = job.wish
    // Deleted in its very last moment.
    if (!this.#jobs.has(job.wish.id)) rmSync(file, { force: true })
    const fileName = file.slice(file.lastIndexOf('/') + 1)
    const until = this.#needs.now() + KEPT_MS
    const signed = { checkpoint: checkpoint.size, note: checkpoint.note }
    job.view = { ...job.view, state: 'done', rows, bytes, sha256, fileName, ...signed, until }
  }
}

const isTheirs = (job: Job, { id }: ExportReader): boolean => job.by === id
const textOf = (time: number | string | undefined): string | undefined =>
  typeof time === 'number' ? new Date(time).toISOString() : time
