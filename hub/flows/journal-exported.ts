/**
 * Somebody takes rows of the journal out, as a file.
 *
 *   ask       why, in a few words, and for what this journal knows; nothing is in the way of the file
 *   sign      a checkpoint of everything that stands in the journal now: the file names it
 *   write     rows up to there, slice by slice, under a name that nobody takes for a finished file
 *   record    a journal row: who, why, what they looked for, how many rows, the digest of the file
 *   publish   the file gets its name
 *
 * Somebody who is erased while it is written would be named in a file that is younger than their erasure: then it is
 * written anew, without them.
 * What can't be recorded is not handed out. What fails leaves no file under its name, and a row that says so.
 */
import { isVigieError, VigieError } from '../errors.ts'
import type { ExportFailed, FilterNote, JournalExported as JournalExportedEvent } from '../events.ts'
import type { PlainFilter } from './journal-searched.ts'

type Format = 'csv' | 'jsonl' | 'pdf' | 'fhir'
export interface ExportWish {
  /** `e-` and 16 hexadecimal digits. */
  readonly id: string
  readonly format: Format
  readonly filter: PlainFilter
  /** Of which whoever asks must not learn more than that a row is there. */
  readonly hidden: readonly JournalKind[]
  readonly names: boolean
  readonly language: 'fr' | 'en'
  readonly bom: boolean
  /** age1...: the file is encrypted to it. */
  readonly recipient?: string
  /** Pseudonym of the operator, `cli:<user>`, or `hub`. */
  readonly by: string
  readonly statedReason: string
  readonly askedAt: number
  readonly to: NonNullable<JournalExportedEvent['to']>
  readonly schedule?: string
  /** Whole path of the finished file. */
  readonly file: string
  /** A file of that name gives way: that of an earlier run of the same schedule. */
  readonly replace: boolean
  /** The checkpoint stands beside the file too, for formats that are read without Vigie. */
  readonly beside: boolean
}
type JournalKind = NonNullable<PlainFilter['kinds']>[number]

export interface SignedCheckpoint {
  readonly size: number
  readonly at: number
  readonly root: string
  readonly note: string
  readonly keys: readonly string[]
}
export interface WrittenExport {
  readonly rows: number
  readonly bytes: number
  /** Hexadecimal, of the file as it is handed out. */
  readonly sha256: string
  /** What lies there under which name, and the name it shall have; published in this order. */
  readonly parts: readonly ExportPart[]
  /** What they looked for, as the journal may hold it. */
  readonly note: FilterNote
  /** Of the erasures that it knows of. */
  readonly mark: string
}
interface ExportPart {
  readonly part: string
  readonly file: string
}
export interface PublishAsked extends Pick<WrittenExport, 'parts' | 'mark'> {
  readonly replace: boolean
}
export interface ExportDone extends Pick<WrittenExport, 'rows' | 'bytes' | 'sha256'> {
  readonly checkpoint: SignedCheckpoint
}

interface Needs {
  /** @throws VigieError filter-invalid, range-inverted, age-key-invalid, export-exists, export-unwritable */
  readonly check: (wish: ExportWish) => Promise<FilterNote>
  /** @throws VigieError journal-unavailable */
  readonly sign: () => Promise<SignedCheckpoint>
  /** Leaves nothing behind where it throws. @throws VigieError export-unwritable, export-cancelled, journal-damaged */
  readonly write: (wish: ExportWish, note: FilterNote, checkpoint: SignedCheckpoint) => Promise<WrittenExport>
  /** Whether nobody was erased since. */
  readonly isCurrent: (mark: string) => Promise<boolean> | boolean
  /** @throws VigieError journal-unavailable */
  readonly record: (event: JournalExportedEvent) => Promise<unknown>
  /** Never rejects. */
  readonly tell: (event: ExportFailed) => Promise<unknown>
  /** Leaves nothing behind where it throws. @throws VigieError export-exists, export-unwritable, export-overtaken */
  readonly publish: (asked: PublishAsked) => Promise<void>
  readonly discard: (parts: WrittenExport['parts']) => Promise<void>
}

/** Erasures are rare: somebody has to look at one that comes in the middle each time. */
const TRIES = 4
const REASON_LEAST = 3
const REASON_MOST = 500

export class JournalExported {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * Before anything is written: what is wrong with the wish. A wish that is refused is no failed export.
   * @returns what is carried out with `carryOut`
   * @throws VigieError input-invalid naming statedReason, and those of `check`
   */
  async ask(wish: ExportWish): Promise<() => Promise<ExportDone>> {
    const statedReason = wish.statedReason.trim()
    if (statedReason.length < REASON_LEAST || statedReason.length > REASON_MOST)
      throw new VigieError('input-invalid', { field: 'statedReason', expected: REASON })
    const asked = { ...wish, statedReason }
    const note = await this.#needs.check(asked)
    return () => this.#carryOut(asked, note)
  }

  async #carryOut(wish: ExportWish, note: FilterNote): Promise<ExportDone> {
    try {
      for (let tries = 1; ; tries++) {
        const done = await this.#once(wish, note)
        if (done) return done
        if (tries === TRIES) throw new VigieError('export-overtaken', { export: wish.id })
      }
    } catch (error) {
      await this.#needs.tell(failureOf(wish, error))
      throw error
    }
  }

  /** @returns undefined, with nothing recorded and nothing left, if somebody was erased meanwhile */
  async #once(wish: ExportWish, note: FilterNote): Promise<ExportDone | undefined> {
    const { sign, write, isCurrent, discard } = this.#needs
    const checkpoint = await sign()
    const written = await write(wish, note, checkpoint)
    if (!(await isCurrent(written.mark))) {
      await discard(written.parts)
      return undefined
    }
    await this.#handOut(wish, written, checkpoint.size)
    const { rows, bytes, sha256 } = written
    return { rows, bytes, sha256, checkpoint }
  }

  async #handOut(wish: ExportWish, written: WrittenExport, size: number): Promise<void> {
    const { parts, mark } = written
    try {
      await this.#needs.record(eventOf(wish, written, size))
    } catch (error) {
      await this.#needs.discard(parts)
      throw error
    }
    await this.#needs.publish({ parts, mark, replace: wish.replace })
  }
}

const REASON = {
  en: `why, in ${REASON_LEAST} to ${REASON_MOST} characters, without a patient’s name`,
  fr: `pourquoi, en ${REASON_LEAST} à ${REASON_MOST} caractères, sans nom de patient`,
}

const eventOf = (
  { id, by, format, names, statedReason, schedule, to }: ExportWish,
  { rows, sha256, note: filter }: WrittenExport,
  checkpoint: number,
): JournalExportedEvent => ({
  kind: 'journal.exported',
  ...{ by, export: id, format, filter, rows, checkpoint, names, sha256, statedReason },
  ...(schedule !== undefined && { schedule }),
  to,
})

const failureOf = ({ by, id, format, schedule }: ExportWish, error: unknown): ExportFailed => ({
  kind: 'journal.export-failed',
  ...{ by, export: id, format, error: isVigieError(error) ? error.code : 'internal' },
  ...(schedule !== undefined && { schedule }),
})
