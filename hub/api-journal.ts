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
  readonly checkpoint?: number
  /** failed: a code of the error table, and its sentence. */
  readonly error?: string
  readonly words?: string
}
