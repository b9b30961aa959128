/** Visits as stored. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface VisitRow {
  /** In the order they were announced. */
  readonly number: number
  readonly id: string
  readonly state: string
  /** Of the site, by id, made for the visit. */
  readonly person: string
  /** JSON; null once forgotten, as is the badge. */
  readonly visitor: string | null
  readonly host: string
  /** JSON. */
  readonly places: string
  readonly badge: string | null
  readonly shownAs: string
  readonly from: number
  readonly until: number
  readonly announcedBy: string
  readonly announcedAt: number
  readonly endedAt: number | null
  readonly endedBy: string | null
  readonly revision: number
}
export type NewVisit = Pick<
  VisitRow,
  'id' | 'person' | 'host' | 'places' | 'shownAs' | 'from' | 'until' | 'announcedBy'
> & {
  readonly visitor: string
  readonly badge: string
}

const rows = sql
  .selectFrom('visit')
  .select([
    ...(['number', 'id', 'state', 'person', 'visitor', 'host', 'places', 'badge', 'revision'] as const),
    ...(['shown_as as shownAs', 'from_at as from', 'until_at as until'] as const),
    ...(['announced_by as announcedBy', 'announced_at as announcedAt'] as const),
    ...(['ended_at as endedAt', 'ended_by as endedBy'] as const),
  ])

export const visit = (db: Db, id: string): VisitRow | undefined => first(db, rows.where('id', '=', id))
/** Announced and not over, the first to end first. */
export const openVisits = (db: Db): VisitRow[] =>
  all(db, rows.where('state', '=', 'announced').orderBy('until_at').orderBy('number'))

export interface VisitFilter {
  readonly open?: boolean
  /** That touch this span, ms; `to` exclusive. */
  readonly from?: number
  readonly to?: number
  /** Numbers below this one. */
  readonly before?: number
  readonly limit: number
}
/** The newest first. */
export function visits(db: Db, { open, from, to, before, limit }: VisitFilter): VisitRow[] {
  let query = rows.orderBy('number', 'desc').limit(limit)
  if (open !== undefined) query = query.where('state', open ? '=' : '!=', 'announced')
  if (from !== undefined) query = query.where('until_at', '>', from)
  if (to !== undefined) query = query.where('from_at', '<', to)
  if (before !== undefined) query = query.where('number', '<', before)
  return all(db, query)
}

export function addVisit(db: Db, v: NewVisit, at: number): void {
  const { shownAs: shown_as, from: from_at, until: until_at, announcedBy: announced_by, ...rest } = v
  const row = { ...rest, shown_as, from_at, until_at, announced_by, announced_at: at, state: 'announced', revision: 1 }
  run(db, sql.insertInto('visit').values(row))
}
export interface VisitSet {
  readonly from?: number
  readonly until?: number
  readonly badge?: string
  readonly ended?: { readonly state: 'ended' | 'cancelled'; readonly at: number; readonly by: string | null }
}
export function setVisit(db: Db, id: string, { from, until, badge, ended }: VisitSet): void {
  const update = sql.updateTable('visit').set(q => ({
    ...(from !== undefined && { from_at: from }),
    ...(until !== undefined && { until_at: until }),
    ...(badge !== undefined && { badge }),
    ...(ended && { state: ended.state, ended_at: ended.at, ended_by: ended.by }),
    revision: q('revision', '+', 1),
  }))
  run(db, update.where('id', '=', id))
}

/** Ended before then, with a name still. */
export const forgettableVisits = (db: Db, before: number): VisitRow[] =>
  all(
    db,
    rows.where('state', '!=', 'announced').where('ended_at', '<', before).where('visitor', 'is not', null).limit(200),
  )
export const forgetVisit = (db: Db, id: string): number =>
  run(db, sql.updateTable('visit').set({ visitor: null, badge: null }).where('id', '=', id))
/** Of one person of the site: as the visitor, or as whom they visit. @param stands in place of the id */
export function forgetVisitsOf(db: Db, person: string, stands: string): void {
  run(db, sql.updateTable('visit').set({ visitor: null, badge: null, person: stands }).where('person', '=', person))
  run(db, sql.updateTable('visit').set({ host: stands }).where('host', '=', person))
}
export const visitsOf = (db: Db, person: string): VisitRow[] =>
  all(db, rows.where(w => w.or([w('person', '=', person), w('host', '=', person)])).orderBy('number'))
