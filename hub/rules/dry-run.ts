/** Trying a scenario on what was: the question and its answer. Times are ms since 1970, UTC. */

/** POST /api/v1/scenarios/dry-run. `scenario`: as docs/site.schema.json has it; tried as if it stood and were enabled. */
export interface DryRunQuestion {
  readonly scenario: unknown
  /** 1 to 90; 7 if left out. */
  readonly days?: number
}
/** Once that it would have begun. */
export interface WouldHave {
  readonly at: number
  /** Absent: it went on to the end. Of a time of day and of a single row there is no end. */
  readonly endedAt?: number
  /** The row that it came from. */
  readonly row?: number
  readonly zone?: string
  readonly device?: string
  readonly accessPoint?: string
}
export interface DryRunAnswer {
  readonly scenario: string
  readonly days: number
  readonly from: number
  readonly until: number
  /** Since when there are rows, where that is less than was asked for. */
  readonly journalSince?: number
  /** Rows of those days that were looked at. */
  readonly rows: number
  readonly begun: number
  /** Minutes in which it would have begun too often, and been held back. */
  readonly heldBack: number
  /** The newest first, 200 at most. */
  readonly list: readonly WouldHave[]
}
