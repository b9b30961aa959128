/**
 * The journal for auditors: search, proofs, exports, privacy, backups. Part of hub/api.ts. Types only.
 * Times are milliseconds since 1970, UTC, unless a field says otherwise.
 */

import type { PointClass } from './access/site-classes.ts'
import type { Someone } from './api.ts'
import type { EventKind, VigieEvent } from './events.ts'

/**
 * What is looked for; all of it must hold. In a query string every value is text, `kind` comes once per kind, and times are
 * RFC 3339 or a date on the site's calendar.
 */
export interface JournalFilter {
  /** Inclusive. */
  readonly from?: number
  /** Exclusive. */
  readonly until?: number
  /** A person of the site, by id: as subject, witness or, for operators linked to them, as the one who acted. */
  readonly person?: string
  /** A badge, by number (uid). */
  readonly badge?: string
  /** An operator's login, `cli:<user>`. */
  readonly by?: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly class?: PointClass
  readonly device?: string
  /** One of them. */
  readonly kinds?: readonly EventKind[]
  readonly reason?: string
  /** What a grant came from, what opened (`rule`, `grant`, `break-glass`), or where a change of rights came from. */
  readonly origin?: string
  /** Words, each of which must begin a word of what somebody wrote or of a name; case and accents don't count. */
  readonly text?: string
}

/** One row, with names joined for those who may see them. `event` is absent where the payload was erased. */
export interface JournalRow {
  readonly seq: number
  readonly at: number
  readonly kind: EventKind
  readonly event?: VigieEvent
  /** Pseudonym -> who that is, for each that the row names and that still has a name. Absent where the reader may not see names. */
  readonly who?: Readonly<Record<string, Someone>>
  /** The row that tells why the payload was erased. */
  readonly erasedBy?: number
}
/** GET /api/v1/journal with a JournalFilter, `cursor` and `limit`: newest first. */
export interface JournalPage {
  readonly rows: readonly JournalRow[]
  /** Opaque; absent at the end. Belongs to this filter. */
  readonly next?: string
}
/** GET /api/v1/journal/days with a JournalFilter: days of the site's calendar that have any, oldest first. */
export interface JournalDays {
  readonly timezone: string
  readonly days: readonly { readonly day: string; readonly rows: number }[]
  readonly total: number
}
/** GET, PUT, DELETE /api/v1/journal/searches/:id; kept per operator. */
export interface SavedSearch {
  readonly id: string
  readonly name: string
  readonly filter: JournalFilter
}

/** GET /api/v1/journal/checkpoint: the newest one, in C2SP signed-note form, and the key it is checked with. */
export interface CheckpointView {
  readonly size: number
  readonly at: number
  /** Base64, as in the note. */
  readonly root: string
  readonly note: string
  /** C2SP verifier keys, oldest first: each signed by the one before. */
  readonly keys: readonly string[]
}
/** GET /api/v1/journal/:seq/proof: RFC 9162 inclusion in a checkpoint. Binary values are base64, hashes of the chain hexadecimal. */
export interface RowProof {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly commitment: string
  readonly previous: string
  readonly hash: string
  /** Absent where the payload was erased. */
  readonly salt?: string
  readonly body?: string
  readonly leaf: string
  readonly proof: readonly string[]
  readonly checkpoint: CheckpointView
}
/** GET /api/v1/journal/consistency?from=&to=: that the journal of `to` rows continues the one of `from` rows. */
export interface ConsistencyProof {
  readonly from: number
  readonly to: number
  readonly fromRoot: string
  readonly toRoot: string
  readonly proof: readonly string[]
}

export type ExportFormat = 'csv' | 'jsonl' | 'pdf' | 'fhir'
/**
 * POST /api/v1/exports. `jsonl` without filter fields but `from` and `until` is evidence for docs/verify/verify.mjs: every
 * row of the span, complete; with others each row carries its proof.
 */
export interface ExportRequest {
  readonly format: ExportFormat
  readonly filter: JournalFilter
  /** Why: 3 to 500 characters, never a patient's name. It is journaled. */
  readonly statedReason: string
  /** Default true for those who may see names. */
  readonly names?: boolean
  readonly language?: 'fr' | 'en'
  /** csv: begins with a byte order mark, for spreadsheets. */
  readonly bom?: boolean
  /** Encrypts the file to this age recipient (age1...). */
  readonly recipient?: string
}
/** GET /api/v1/exports/:id; the file is at /api/v1/exports/:id/file for 24 h. */
export interface ExportJob {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly format: ExportFormat
  readonly askedAt: number
  readonly rows: number
  readonly bytes?: number
  readonly sha256?: string
  readonly fileName?: string
  /** done: rows of the journal at the checkpoint, and the checkpoint itself, in C2SP signed-note form. */
  readonly checkpoint?: number
  readonly note?: string
  /** done: when the file is deleted. */
  readonly until?: number
  /** failed: a code of the error table, and its sentence. */
  readonly error?: string
  readonly words?: string
}

/**
 * A monthly export of the calendar month before, on the clock of the site. GET, POST /api/v1/export-schedules, DELETE :id.
 * It goes into a folder of the hub's machine or to mail addresses, always encrypted.
 */
export interface ExportScheduleRequest {
  /** Of the month: 1 to 28. */
  readonly day: number
  /** HH:MM */
  readonly time: string
  readonly format: ExportFormat
  /** Without `from` and `until`. */
  readonly filter?: Omit<JournalFilter, 'from' | 'until'>
  readonly language?: 'fr' | 'en'
  readonly names?: boolean
  readonly bom?: boolean
  readonly statedReason: string
  /** Whole path of an existing folder; or `mail`. */
  readonly folder?: string
  readonly mail?: readonly string[]
  /** age1...: whoever holds its key reads the files. */
  readonly recipient: string
}
export interface ExportSchedule extends ExportScheduleRequest {
  readonly id: string
  readonly nextAt: number
  readonly lastAt?: number
}

/** A folder that backups go to each day. */
export interface BackupDestination {
  readonly destination: string
  /** When the newest good one was taken; absent if there is none. */
  readonly newest?: number
  /** Older than 26 hours. */
  readonly overdue: boolean
}
export interface Backup {
  readonly at: number
  readonly destination: string
  readonly file: string
  /** Of the journal, in it. */
  readonly rows: number
  readonly bytes: number
  /** Hexadecimal, of the encrypted file. */
  readonly sha256: string
}
/** GET /api/v1/backups; POST begins one and answers 202 with the same. */
export interface BackupsView {
  readonly destinations: readonly BackupDestination[]
  readonly running: boolean
  /** Good ones, newest first. */
  readonly backups: readonly Backup[]
  /** age1..., whom they are encrypted to; absent while no recovery key was made. */
  readonly recipient?: string
}
/** Room on the disk, of the quota or of the file system, whichever is shorter. */
export interface StorageView {
  readonly state: 'ok' | 'warning' | 'full'
  readonly usedBytes: number
  readonly quotaBytes: number
  /** Of the file system. */
  readonly freeBytes: number
}

/** POST /api/v1/privacy/holds: all that is named must fit. Answers 201 with the id. Times are ms; `person` is of the site, by id. */
export interface HoldRequest {
  readonly statedReason: string
  readonly person?: string
  readonly accessPoint?: string
  /** With the zones below it. */
  readonly zone?: string
  readonly class?: PointClass
  readonly kinds?: readonly EventKind[]
  /** Inclusive. */
  readonly from?: number
  /** Exclusive. */
  readonly until?: number
}
/** GET /api/v1/privacy/holds: `{holds}`, in force, oldest first. DELETE /api/v1/privacy/holds/:id releases one. */
export interface HoldView extends Omit<HoldRequest, 'person' | 'class' | 'kinds'> {
  readonly id: string
  readonly placedAt: number
  readonly by: string
  readonly person?: { readonly name: string }
  readonly class?: string
  readonly kinds?: readonly string[]
}
/** POST /api/v1/privacy/erasures with `{person, statedReason?, withdraw?}`: what went, what stays until when, and why. */
export interface ErasureView {
  readonly id: string
  /** Payloads that went. */
  readonly erased: number
  /** False while something waits: it goes by itself when its term is over or its hold released. */
  readonly done: boolean
  readonly kept: readonly {
    readonly purpose: string
    readonly rows: number
    /** Absent where only a hold keeps them. */
    readonly until?: number
    readonly holds: readonly string[]
  }[]
}
/** GET /api/v1/privacy/retention: days in force for each purpose, and when what was due last went. */
export interface RetentionView {
  readonly purposes: readonly {
    readonly purpose: string
    readonly words: { readonly fr: string; readonly en: string }
    readonly basis: { readonly fr: string; readonly en: string }
    readonly days: number
    readonly usualDays: number
    readonly min: number
    readonly max: number
    /** By law: a request for erasure does not shorten it. */
    readonly required: boolean
  }[]
  readonly lastPurge?: { readonly at: number; readonly payloads: number; readonly error?: string }
}
