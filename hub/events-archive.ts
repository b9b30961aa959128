/**
 * What happens to the journal itself: read, exported, signed, erased at its term, backed up, and what keeps it from that.
 * Part of hub/events.ts. Filters name people and badges by pseudonym, never by name or number.
 */

/** A search as it is journaled: field -> value; times as ms since 1970, people and badges as pseudonyms. No free text. */
export type FilterNote = Readonly<Record<string, string | number | boolean>>

export interface JournalRead {
  readonly kind: 'journal.read'
  readonly by: string
  readonly rows: number
  /** Absent: the newest rows, as the live page shows them. */
  readonly what?: 'search' | 'days' | 'row' | 'own' | 'access-request' | 'inventory'
  readonly filter?: FilterNote
}
export interface JournalExported {
  readonly kind: 'journal.exported'
  readonly by: string
  /** Of this export: names its file. */
  readonly export: string
  readonly format: string
  readonly filter: FilterNote
  readonly rows: number
  /** Size of the journal at the checkpoint that the export names. */
  readonly checkpoint: number
  /** True if names were joined. */
  readonly names: boolean
  /** Hexadecimal SHA-256 of the file. */
  readonly sha256: string
  /** In the words of whoever exported: free text, erased with the payload. */
  readonly statedReason: string
  /** Of a scheduled one. */
  readonly schedule?: string
  readonly to?: 'download' | 'folder' | 'mail' | 'command-line'
}
export interface ExportFailed {
  readonly kind: 'journal.export-failed'
  readonly by: string
  readonly export: string
  readonly format: string
  /** Code of the error table. */
  readonly error: string
  readonly schedule?: string
}
/** The old key signed the new one: `note` is that, as a signed note. */
export interface KeyRotated {
  readonly kind: 'journal.key-rotated'
  readonly by: string
  /** Verifier keys, as C2SP signed-note writes them. */
  readonly from: string
  readonly to: string
  readonly note: string
}
/** A copy of checkpoints, or of rows, does not reach its destination, or does again. Once when it begins, once when it ends. */
export interface DestinationEvent {
  readonly kind: 'destination.failed' | 'destination.recovered'
  readonly destination: string
  readonly purpose: 'witness' | 'forwarding' | 'backup' | 'export' | 'series'
  /** Code of the error table. */
  readonly error?: string
  /** Rows, or checkpoints, that wait. */
  readonly behind?: number
}
/**
 * Payloads that are gone from here on, and why: it vouches for each of them, so that a missing one that no such row names
 * is damage. `ranges`: seqs, as `1-5,8,10-12`, ascending. A person is never named here.
 */
export interface PayloadsErased {
  readonly kind: 'payloads.erased'
  readonly cause: 'term' | 'request'
  readonly ranges: string
  readonly count: number
  /** cause term: what they were kept for. */
  readonly purpose?: string
  /** cause request: which. */
  readonly request?: string
}
export interface PrivacyEvent {
  readonly kind: 'privacy.erasure-asked' | 'privacy.erased' | 'privacy.access-given' | 'hold.placed' | 'hold.released'
  readonly by: string
  /** Of the request or the hold. */
  readonly id: string
  /** erasure-asked: what the law keeps is erased by then, ms. */
  readonly until?: number
  /** erased: payloads that went; erasure-asked: that wait. */
  readonly count?: number
  /** Pseudonym; absent once erased. */
  readonly person?: string
  /** hold.placed, erasure-asked: in the words of whoever asked. */
  readonly statedReason?: string
}
/** What was to go at its term is still there. Tried again the next night. */
export interface PurgeFailed {
  readonly kind: 'privacy.purge-failed'
  /** Code of the error table. */
  readonly error: string
}
export interface BackupEvent {
  readonly kind: 'backup.made' | 'backup.failed' | 'backup.overdue' | 'backup.restored'
  readonly destination: string
  readonly by: string
  /** Rows of the journal in it. */
  readonly rows?: number
  readonly sha256?: string
  readonly bytes?: number
  readonly error?: string
  /** overdue: of the newest good one, ms; absent if there is none. */
  readonly newest?: number
  /** restored: revocations taken over that the backup did not know. */
  readonly revoked?: number
  /** restored: how it is known what was revoked since the backup: a witness, a list of lines, or somebody's word (`by`). */
  readonly known?: 'witness' | 'list' | 'stated'
  /** restored: name of the journal that this one continues up to `rows`; from here on it has another. */
  readonly origin?: string
  /** restored: rows that the newest checkpoint of the witness counts and the backup does not have. */
  readonly lost?: number
}
/** Whom backups are encrypted to from here on: whoever holds the key that was shown reads them all. */
export interface BackupKeyMade {
  readonly kind: 'backup.key-made'
  readonly by: string
  /** age1...; absent for the first one. */
  readonly from?: string
  readonly to: string
}
export interface StorageEvent {
  readonly kind: 'storage.warning' | 'storage.full' | 'storage.recovered'
  readonly usedBytes: number
  readonly quotaBytes: number
}
/** A message that was received before came again, or one with an older number than the newest: it opens nothing. */
export interface DeviceReplayed {
  readonly kind: 'device.replayed'
  readonly device: string
  /** duplicate: the same id again; sequence: an older number under a new id. */
  readonly refusal: 'duplicate' | 'sequence'
  /** Of the newest of them. */
  readonly message: string
  readonly deviceSeq: number
  /** Highest number received from it. */
  readonly newest: number
  /** How many such messages this row stands for: the first at once, then one row a minute. */
  readonly count: number
}

export type ArchiveEvent =
  | JournalRead
  | JournalExported
  | ExportFailed
  | KeyRotated
  | DestinationEvent
  | PayloadsErased
  | PrivacyEvent
  | PurgeFailed
  | BackupEvent
  | BackupKeyMade
  | StorageEvent
  | DeviceReplayed
