/**
 * Temporary grants: one person, one place, from..until, and why. Issued ahead of time by operators or connected
 * applications, so that the answer is in the snapshot, and at the edge, before the badge comes. They end by themselves.
 */
import type { Scope } from './site.ts'

/** A `shift` without a target opens nothing by itself: it makes its holder on duty. */
export const GRANT_ORIGINS = ['shift', 'appointment', 'maintenance', 'prescription', 'loan'] as const
export type GrantOrigin = (typeof GRANT_ORIGINS)[number]

export interface Grant {
  /** `g-` and 16 hexadecimal digits. */
  readonly id: string
  /** Person of the site, by id. */
  readonly person: string
  /** What it opens; absent only for a shift. */
  readonly target?: Scope
  /** Milliseconds since 1970, UTC; `from` inclusive, `until` exclusive. */
  readonly from: number
  readonly until: number
  readonly origin: GrantOrigin
  /** Operator's pseudonym, `cli:<user>` or `tenant:<name>`. */
  readonly by: string
  /** Opaque: a prescription, an appointment, a work order. */
  readonly reference?: string
  /** Of an application: the same key is the same grant, however often it is sent. */
  readonly key?: string
}
