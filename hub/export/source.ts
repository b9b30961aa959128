/** What a format is given: journal rows in slices, and what a reader of the file must know about the export itself. */
import type { CheckpointView, Someone } from '../api.ts'
import type { FilterNote, VigieEvent } from '../events.ts'

/** One journal row on its way into a file. `at` is the hub's time of recording, ms since 1970. */
export interface ExportRow {
  readonly seq: number
  readonly at: number
  readonly kind: string
  /** Absent: the payload was erased. */
  readonly event?: VigieEvent
  /** The row that tells why it was. */
  readonly erasedBy?: number
  /** Pseudonym -> who that is. Absent where the reader may not see names. */
  readonly who?: Readonly<Record<string, Someone>>
}
/** Slices, oldest first. A format holds one slice at a time. */
export type ExportRows = AsyncIterable<readonly ExportRow[]>

export interface ExportAbout {
  readonly site: { readonly id: string; readonly name?: string; readonly timezone: string }
  /** Ids and pseudonyms, as journaled. */
  readonly filter: FilterNote
  /** The same for readers, in `language`. */
  readonly filterWords?: readonly { readonly field: string; readonly value: string }[]
  readonly language: 'fr' | 'en'
  /** ms since 1970. */
  readonly askedAt: number
  readonly by: string
  readonly statedReason: string
  /** Whether names were joined. */
  readonly names: boolean
  readonly checkpoint: CheckpointView
  readonly exportId: string
  /** Name of a zone or an access point, now or formerly of the site. */
  placeNames(id: string): string | undefined
}

/** What comes out of a format: to be written in this order. */
export type ExportBytes = AsyncIterable<Uint8Array | string>
