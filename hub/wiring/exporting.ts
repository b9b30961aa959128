/** Writes exports, put together from what record/ and export/ have for it: in this thread. */
import { rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { VigieError } from '../errors.ts'
import { type EventKind, type FilterNote, GUARDED_KINDS, type VigieEvent } from '../events.ts'
import { encrypt } from '../export/age.ts'
import { evidenceLines } from '../export/jsonl.ts'
import type { ExportAbout, ExportBytes } from '../export/source.ts'
import type { ExportWish, PublishAsked, SignedCheckpoint, WrittenExport } from '../flows/journal-exported.ts'
import { whoIn } from '../flows/journal-searched.ts'
import type { EvidenceRow } from '../ports.ts'
import { newestCheckpoint } from '../record/checkpoints.ts'
import type { DataFolder } from '../record/database.ts'
import { type EvidenceOptions, evidenceOfRows, evidenceOfSpan } from '../record/evidence.ts'
import { erasureMark } from '../record/forgetting.ts'
import { lastSeq } from '../record/reading.ts'
import type { Search } from '../record/search.ts'
import { known, resolved } from '../record/search-filter.ts'
import type { Db } from '../record/sql.ts'
import { type NameOf, namesIn, placesIn, siteFacts, wordsOfFilter } from './export-about.ts'
import { checkPlace, discard, PartFile, publish, sweep } from './export-files.ts'
import { formatted } from './export-formats.ts'
import { ExportIndex, isSpan, rowsFor, seqsOf, spanOf } from './export-rows.ts'
import type { KeptSchedule } from './export-schedules.ts'

export interface WriteAsked {
  readonly wish: ExportWish
  readonly note: FilterNote
  readonly checkpoint: SignedCheckpoint
}
type Parts = WrittenExport['parts']
/** Across threads. */
export interface ExportHandlers {
  readonly check: (wish: ExportWish) => Promise<FilterNote>
  /** @throws VigieError filter-invalid, age-key-invalid */
  readonly checkSchedule: (asked: Pick<KeptSchedule, 'filter' | 'hidden' | 'recipient'>) => Promise<void>
  readonly write: (asked: WriteAsked) => Promise<WrittenExport>
  readonly isCurrent: (mark: string) => boolean
  /** @throws VigieError export-exists, export-unwritable, export-overtaken; then nothing is left */
  readonly publish: (asked: PublishAsked) => void
  readonly discard: (parts: Parts) => void
  readonly cancel: (id: string) => void
  /** Rows that an export has come to. */
  readonly progress: (id: string) => number
}
interface Running {
  rows: number
  readonly abort: AbortController
}
interface Options {
  /** Signs what stands now. @returns its size */
  readonly sign: () => Promise<number>
}

export function exportingIn(
  folder: DataFolder,
  db: Db,
  options: Options = { sign: () => signedByOthers(db) },
): ExportHandlers & { close(): void } {
  const index = new ExportIndex(folder, db)
  const running = new Map<string, Running>()
  return {
    check: async wish => {
      checkPlace(wish.file, wish.replace)
      if (wish.recipient !== undefined) await checkRecipient(wish.recipient)
      if (wish.format !== 'jsonl' && wish.filter.kinds?.some(isGuarded))
        throw new VigieError('filter-invalid', { field: 'kinds', expected: UNGUARDED })
      return resolved(db, wish.filter, wish.hidden).note
    },
    checkSchedule: async ({ filter = {}, hidden, recipient }) => {
      await checkRecipient(recipient)
      resolved(db, filter, hidden)
    },
    write: async asked => {
      const run: Running = { rows: 0, abort: new AbortController() }
      running.set(asked.wish.id, run)
      try {
        return await write({ db, index, ...options, ...asked, run })
      } finally {
        running.delete(asked.wish.id)
      }
    },
    isCurrent: mark => mark === erasureMark(db),
    publish: asked => publishCurrent(db, asked),
    discard,
    cancel: id => running.get(id)?.abort.abort(),
    progress: id => running.get(id)?.rows ?? 0,
    close: () => {
      for (const { abort } of running.values()) abort.abort()
      index.close()
    },
  }
}

/** A file for readers goes further than the screen of who can come to help: it never holds these. */
const isGuarded = (kind: EventKind): boolean => (GUARDED_KINDS as readonly EventKind[]).includes(kind)
const leftOut = ({ format, hidden }: ExportWish): readonly EventKind[] =>
  format === 'jsonl' ? hidden : [...new Set([...hidden, ...GUARDED_KINDS])]
const UNGUARDED = {
  en: `kinds without ${GUARDED_KINDS.join(', ')}: these leave the hub as evidence (jsonl) only`,
  fr: `des genres sans ${GUARDED_KINDS.join(', ')}\u202f: ceux-ci ne sortent du hub que comme preuve (jsonl)`,
}

/** @throws VigieError age-key-invalid */
async function checkRecipient(recipient: string): Promise<void> {
  const { stream } = await encrypt(new ReadableStream({ start: c => c.close() }), [recipient])
  await stream.cancel()
}

interface Writing extends WriteAsked, Options {
  readonly db: Db
  readonly index: ExportIndex
  readonly run: Running
}

/** @throws VigieError export-unwritable, export-cancelled, and those of reading; nothing is left then */
async function write(asked: Writing): Promise<WrittenExport> {
  const mark = erasureMark(asked.db) // before anybody's name is read
  const w = { ...asked, note: await knownNote(asked) }
  const { wish, note } = w
  const nameOf = wish.names ? namesIn(w.db) : undefined
  const { search } = resolved(w.db, wish.filter, wish.format === 'jsonl' && isSpan(wish.filter) ? [] : leftOut(wish))
  const bytes = wish.format === 'jsonl' ? evidence(w, search, nameOf) : readable(w, search, nameOf)
  sweep(dirname(wish.file))
  const main = new PartFile(wish.file)
  try {
    await pour(await encryptedFor(wish.recipient, bytes), main, w.run.abort.signal)
    const { bytes: size, sha256 } = main.finish()
    const beside = wish.beside ? [besideOf(w, sha256)] : []
    const parts = [...beside, { part: main.part, file: main.file }]
    return { rows: w.run.rows, bytes: size, sha256, parts, note, mark }
  } catch (error) {
    main.discard()
    throw error
  }
}

/** For the journal, which must not hold what somebody typed and no row has: the index knows. */
async function knownNote({ index, note }: Writing): Promise<FilterNote> {
  const { reason, origin, by } = note
  return [reason, origin, by].some(value => value !== undefined) ? known((await index.ready()).db, note) : note
}

/**
 * The name is given between two looks: an erasure that comes before the second takes the file away again, and one that
 * comes after it is younger than the file.
 */
function publishCurrent(db: Db, { parts, replace, mark }: PublishAsked): void {
  if (erasureMark(db) === mark) {
    publish(parts, replace)
    if (erasureMark(db) === mark) return
    for (const { file } of parts) rmSync(file, { force: true })
  }
  discard(parts)
  throw new VigieError('export-overtaken', { export: basename(parts.at(-1)?.file ?? '') })
}

/** Others of this thread have their turn in between. */
async function pour(bytes: ExportBytes, into: PartFile, signal: AbortSignal): Promise<void> {
  for await (const chunk of bytes) {
    if (signal.aborted) throw new VigieError('export-cancelled')
    into.write(chunk)
    await setImmediate()
  }
}

async function encryptedFor(recipient: string | undefined, bytes: ExportBytes): Promise<ExportBytes> {
  if (recipient === undefined) return bytes
  const { stream } = await encrypt(ReadableStream.from(encoded(bytes)), [recipient])
  return stream
}

async function* encoded(bytes: ExportBytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** The digest is what ties the note to the file. */
function besideOf({ wish, checkpoint }: Writing, sha256: string): { part: string; file: string } {
  const beside = new PartFile(`${wish.file}.checkpoint.txt`)
  beside.write(`${checkpoint.note.trimEnd()}\n\nsha256 ${sha256}  ${basename(wish.file)}\n`)
  beside.finish()
  return { part: beside.part, file: beside.file }
}

function readable(w: Writing, search: Search, nameOf: NameOf | undefined): ExportBytes {
  const { db, index, wish, checkpoint, run } = w
  const seqs = seqsOf(index, search, checkpoint.size)
  const rows = counting(rowsFor(db, seqs, new Set(leftOut(wish)), nameOf), run)
  return formatted(wish, rows, aboutOf(w, nameOf))
}

async function* counting<T>(
  slices: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  run: Running,
): AsyncGenerator<readonly T[]> {
  for await (const slice of slices) {
    run.rows += slice.length
    yield slice
  }
}

function aboutOf({ db, wish, note, checkpoint }: Writing, nameOf: NameOf | undefined): ExportAbout {
  const { filter, language, askedAt, by, statedReason, names, id } = wish
  const site = siteFacts(db)
  const placeOf = placesIn(db)
  const wording = { language, timezone: site.timezone, nameOf: nameOf ?? (() => undefined), placeOf }
  return {
    ...{ site, filter: note, language, askedAt, statedReason, names, exportId: id, placeNames: placeOf },
    filterWords: wordsOfFilter(note, filter, wording) ?? [],
    by: nameOf?.(by)?.name ?? by,
    checkpoint,
  }
}

/** A whole span is complete, with what the reader may not see withheld; of a selection each row has its proof. */
async function* evidence(
  { db, index, wish, note, checkpoint, sign, run }: Writing,
  search: Search,
  nameOf: NameOf | undefined,
): ExportBytes {
  const span = isSpan(wish.filter) ? await spanOf(index, search, checkpoint.size) : undefined
  const options: EvidenceOptions = {
    ...(span ?? { from: 1, to: checkpoint.size }),
    hidden: new Set(wish.hidden),
    filter: note,
    sign,
    ...(nameOf && { names: rows => rows.map(row => whoOf(row, nameOf)) }),
  }
  const found = span ? evidenceOfSpan(db, options) : evidenceOfRows(db, options, seqsOf(index, search, checkpoint.size))
  yield* evidenceLines({ ...found, slices: counting(found.slices, run) })
}

function whoOf({ body, withheld }: EvidenceRow, nameOf: NameOf): EvidenceRow['who'] {
  if (body === undefined || withheld) return undefined
  const who = whoIn(JSON.parse(body) as VigieEvent, nameOf)
  return Object.keys(who).length > 0 ? who : undefined
}

const LOOK_MS = 250
const PATIENCE_MS = 150_000
/** For a thread that only reads: whatever signs each minute comes to it. */
async function signedByOthers(db: Db): Promise<number> {
  const wanted = lastSeq(db)
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const size = newestCheckpoint(db)?.size ?? 0
    if (size >= wanted) return size
    if (performance.now() > until) throw new VigieError('journal-unavailable', { cause: 'no checkpoint was signed' })
    await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  }
}
