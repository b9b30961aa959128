/** What the HTTP edge asks of visits; wiring/visits.ts hands it in. Each throws VigieError as its flow says. */
import type { VisitList, VisitMade, VisitView, VisitWish } from '../api.ts'
import type { Reach } from '../rules/zones.ts'

export interface VisitQuery {
  readonly open?: boolean
  /** That touch this span, ms; `to` exclusive. */
  readonly from?: number
  readonly to?: number
  readonly before?: number
  readonly limit: number
}
/** Who asks: as the journal names them, and the zones that their role counts in. */
export interface VisitAsking {
  readonly by: string
  readonly reach: Reach
}
export interface VisitDesk {
  start(): void
  stop(): Promise<void>
  list(query: VisitQuery, reach: Reach): VisitList
  view(id: string, reach: Reach): VisitView
  announce(wish: VisitWish, who: VisitAsking): Promise<VisitMade>
  move(
    id: string,
    times: { readonly from?: number; readonly until?: number },
    who: VisitAsking & { readonly expected: number },
  ): Promise<VisitView>
  /** One that has not begun is cancelled. */
  end(id: string, reason: string | undefined, who: VisitAsking): Promise<VisitView>
  recode(id: string, who: VisitAsking): Promise<VisitMade>
}
