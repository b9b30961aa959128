/** What the HTTP edge asks of arrivals and departures; wiring/movements.ts hands it in. Each throws VigieError as its flow says. */
import type {
  ArrivalWish,
  DepartureForm,
  Direction,
  JobList,
  JobView,
  JobWish,
  MovementChanges,
  MovementFiled,
  MovementInvited,
  MovementList,
  MovementView,
} from '../api.ts'
import type { Reach } from '../rules/zones.ts'
import type { PageQuery } from './paging.ts'

/** Who asks: as the journal names them, and the zones that their role counts in. */
export interface Filing {
  readonly by: string
  readonly reach: Reach
}
export interface MovementQuery {
  readonly open?: boolean
  readonly direction?: Direction
  /** With a task whose time has come, and that is not done. */
  readonly overdue?: boolean
  readonly before?: number
  readonly limit: number
}
export interface MovementDesk {
  /** Begins to look at what is done and what is due; stops. */
  start(): void
  stop(): Promise<void>
  list(query: MovementQuery, reach: Reach): MovementList
  view(id: string, reach: Reach): MovementView
  arrival(wish: ArrivalWish, who: Filing): Promise<MovementFiled>
  departure(form: DepartureForm, who: Filing): Promise<MovementView>
  change(id: string, changes: MovementChanges, who: Filing & { readonly expected: number }): Promise<MovementView>
  cancel(id: string, reason: string, who: Filing): Promise<MovementView>
  tick(id: string, task: string, done: boolean, by: string): Promise<MovementView>
  makePerson(id: string, by: string): Promise<MovementView>
  giveBadge(id: string, uid: string, by: string): Promise<MovementView>
  invite(id: string, login: string, by: string, origin: string | undefined): Promise<MovementInvited>
  carryOut(id: string, reason: string | undefined, by: string): Promise<MovementView>
  jobs(page: PageQuery): JobList
  job(id: string): JobView
  putJob(id: string, wish: JobWish, edit: { readonly expected: number; readonly by: string }): Promise<JobView>
  removeJob(id: string, edit: { readonly expected: number; readonly by: string }): Promise<void>
}
