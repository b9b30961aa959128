/** Counts by day as bars. Pure. */
import type { JournalDays } from './contract.ts'
import { dayAfter } from './journal-filter.ts'

export interface Bar {
  /** First day, and the day after the last. */
  readonly from: string
  readonly until: string
  readonly rows: number
}
/** More bars than this are drawn by the week; the axis has room for no more. */
const MAX_BARS = 120
const WEEK = 7

/** One bar per day of the span without a gap, or per week of a long one. */
export function barsOf(
  days: JournalDays['days'],
  span: { readonly from?: string; readonly until?: string },
): readonly Bar[] {
  const from = span.from ?? days[0]?.day
  const until = span.until ?? (days.length > 0 ? dayAfter(days.at(-1)!.day) : undefined)
  if (from === undefined || until === undefined || from >= until) return []
  const length = Math.round((Date.parse(until) - Date.parse(from)) / 86_400_000)
  const step = length <= MAX_BARS ? 1 : WEEK * Math.ceil(length / WEEK / MAX_BARS)
  const bars = Array.from({ length: Math.ceil(length / step) }, (_, i) => {
    const first = dayAfter(from, i * step)
    const end = dayAfter(first, step)
    return { from: first, until: end < until ? end : until, rows: 0 }
  })
  for (const { day, rows } of days) {
    const bar = bars[Math.floor(Math.round((Date.parse(day) - Date.parse(from)) / 86_400_000) / step)]
    if (bar) bar.rows += rows
  }
  return bars
}
/** Rows on the days from `from` on, before `until`. */
export const rowsWithin = (days: JournalDays['days'], from: string | undefined, until: string | undefined): number =>
  days.reduce(
    (n, d) => ((from === undefined || d.day >= from) && (until === undefined || d.day < until) ? n + d.rows : n),
    0,
  )
