/** What the HTTP edge asks of the time series; wiring/series.ts hands it in. */
import type { Curve, QuantityList, Report } from '../api.ts'
import type { ReportName } from '../rules/reports.ts'
import type { Aggregate } from '../rules/series.ts'
import type { Reach } from '../rules/zones.ts'

/** As it was asked: days or times as for the journal. */
export interface CurveQuery {
  readonly quantity: string
  readonly aggregate?: Aggregate | undefined
  readonly zone?: string | undefined
  readonly device?: string | undefined
  readonly accessPoint?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly step?: string | undefined
}
export interface SeriesDesk {
  quantities(): QuantityList
  /**
   * What lies outside `reach` is not there.
   * @throws VigieError quantity-unknown, zone-unknown, device-unknown, access-point-unknown, one-place, filter-invalid,
   *   range-inverted, series-unwritable
   */
  curve(query: CurveQuery, reach: Reach): Promise<Curve>
  /** @throws VigieError filter-invalid, range-inverted */
  report(query: ReportQuery, reach: Reach): Promise<Report>
  /** The same as a table for spreadsheets. */
  reportCsv(query: ReportQuery, reach: Reach): Promise<string>
}
export interface ReportQuery {
  readonly report: ReportName
  readonly from?: string | undefined
  readonly until?: string | undefined
  /** Of a lamp that is on. */
  readonly watts?: string | undefined
}
