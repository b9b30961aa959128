/** Time series in a thread of their own: they are written, sent and read beside the doors. */
import type { DataFolder } from '../record/database.ts'
import type { Table } from '../rules/reports.ts'
import type { CurveAsked, CurvePoint, StoreName } from '../rules/series.ts'
import type { ReportAsked } from './reporting.ts'
import type { Following } from './series-following.ts'
import type { ShippingState, StoreTold } from './series-stores.ts'
import { Thread } from './thread.ts'

export interface SeriesTold {
  readonly folder: DataFolder
  readonly stores: readonly StoreTold[]
  readonly chartsFrom: StoreName
}

export interface SeriesState {
  /** Rows of the journal, and those whose points are in the embedded store. */
  readonly newest: number
  readonly reached: number
  readonly bytes: number
  /** Of each term: less than 1 where the file would be larger than it may be. */
  readonly part: number
  readonly stores: readonly (ShippingState & { readonly broken?: string })[]
}
export interface CurveFound {
  readonly points: readonly CurvePoint[]
  readonly source: StoreName
}
/** Across threads. */
export interface SeriesHandlers {
  readonly follow: (following: Following) => Promise<SeriesState>
  readonly curve: (asked: { readonly asked: CurveAsked; readonly timeZone: string }) => Promise<CurveFound>
  readonly report: (asked: ReportAsked) => Promise<Table>
}
type Handlers = { readonly [N in keyof SeriesHandlers]: SeriesHandlers[N] }

/** Curves at once: a page draws a dozen. */
const AT_ONCE = 64

export function seriesThread(told: SeriesTold): Thread<Handlers> {
  const url = new URL('./series-worker.ts', import.meta.url)
  return new Thread<Handlers>({ url, workerData: told, atOnce: AT_ONCE })
}
