/** Contract with the dashboard: curves. */
import type { Said } from './errors.ts'
import type { ReportName } from './rules/reports.ts'
import type { Aggregate, StoreName } from './rules/series.ts'

export interface QuantityView {
  readonly name: string
  /** UCUM; 1 for counts and shares. */
  readonly unit: string
  readonly label: Said
  /** What is drawn of it where nothing is asked for. */
  readonly usual: Aggregate
}
export interface QuantityList {
  readonly quantities: readonly QuantityView[]
}
export interface CurveStep {
  /** When the step begins, ms since 1970. */
  readonly at: number
  readonly value: number
}
export interface Curve {
  readonly quantity: string
  readonly unit: string
  readonly aggregate: Aggregate
  /** That is used, which may be longer than the one that was asked for. */
  readonly step: string
  /** Ms since 1970; `from` inclusive, `until` exclusive. */
  readonly from: number
  readonly until: number
  /** The store it was read from. */
  readonly source: StoreName
  /** Oldest first, below a thousand. Steps in which nothing was measured are not there. */
  readonly points: readonly CurveStep[]
}
/** How time series follow the journal. */
export interface SeriesHealth {
  /** Rows of the journal that are not in the embedded store yet. */
  readonly behind: number
  /** Of the embedded store's file. */
  readonly bytes: number
  /** Of the terms of points and minutes, what is kept: less than 1 where the file would be larger than it may be. */
  readonly part: number
  /** Outside stores, where there are any. */
  readonly stores: readonly StoreHealth[]
}
export interface StoreHealth {
  readonly name: StoreName
  /** Rows of the journal that it was not sent yet. */
  readonly behind: number
  /** Points that it never took. */
  readonly aside: number
  /** What keeps it: a code of the table of errors. Absent: all is well. */
  readonly trouble?: string
}
/** GET /api/v1/reports/{report} */
export interface Report {
  readonly report: ReportName
  /** Ms since 1970; `from` inclusive, `until` exclusive. */
  readonly from: number
  readonly until: number
  readonly columns: readonly string[]
  /** `<5`: somebody, but fewer than five people. Null: nothing is known. */
  readonly rows: readonly (readonly (string | number | null)[])[]
}
