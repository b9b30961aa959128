/** Incidents as stored, and armed zones. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface IncidentRow {
  /** In the order they were raised. */
  readonly number: number
  readonly id: string
  readonly state: string
  readonly severity: string
  readonly zone: string | null
  readonly at: number
  readonly lastAt: number
  readonly nextStepAt: number | null
  /** JSON. */
  readonly body: string
  readonly revision: number
}
export type PutIncident = Omit<IncidentRow, 'number'>

const rows = sql
  .selectFrom('incident')
  .select(['number', 'id', 'state', 'severity', 'zone', 'at', 'body', 'revision'])
  .select(['last_at as lastAt', 'next_step_at as nextStepAt'])

export const incident = (db: Db, id: string): IncidentRow | undefined => first(db, rows.where('id', '=', id))
/** Not resolved, the oldest first. */
export const openIncidents = (db: Db): IncidentRow[] => all(db, rows.where('state', '!=', 'resolved').orderBy('number'))

export interface IncidentFilter {
  readonly open?: boolean
  readonly severity?: string
  /** Of these zones, and of none. */
  readonly zones?: readonly string[]
  /** Numbers below this one. */
  readonly before?: number
  readonly limit: number
}
/** The newest first. */
export function incidents(db: Db, { open, severity, zones, before, limit }: IncidentFilter): IncidentRow[] {
  let query = rows.orderBy('number', 'desc').limit(limit)
  if (open !== undefined) query = query.where('state', open ? '!=' : '=', 'resolved')
  if (severity !== undefined) query = query.where('severity', '=', severity)
  if (zones) query = query.where('zone', 'in', [...zones])
  if (before !== undefined) query = query.where('number', '<', before)
  return all(db, query)
}

/** Those of which something came since then, in the order they were raised, after a number. */
export const incidentsSince = (db: Db, { since, after, limit }: { since: number; after: number; limit: number }) =>
  all(db, rows.where('last_at', '>=', since).where('number', '>', after).orderBy('number').limit(limit))

/** @param expected revision that was looked at; 0: there is none yet @returns false, and nothing written, if it is another by now */
export function putIncident(db: Db, row: PutIncident, expected: number): boolean {
  const { lastAt, nextStepAt, ...rest } = row
  const values = { ...rest, last_at: lastAt, next_step_at: nextStepAt }
  if (expected === 0) {
    const insert = sql.insertInto('incident').values(values)
    return (
      run(
        db,
        insert.onConflict(c => c.column('id').doNothing()),
      ) === 1
    )
  }
  const update = sql.updateTable('incident').set(values)
  return run(db, update.where('id', '=', row.id).where('revision', '=', expected)) === 1
}

/** By zone, since when, and by whom. */
export const armedZones = (db: Db): { readonly zone: string; readonly at: number; readonly by: string }[] =>
  all(db, sql.selectFrom('armed_zone').select(['zone', 'at', 'by']).orderBy('zone'))

/** @returns false where it was so already */
export function setArmed(db: Db, zone: string, isArmed: boolean, at: number, by: string): boolean {
  if (!isArmed) return run(db, sql.deleteFrom('armed_zone').where('zone', '=', zone)) === 1
  const insert = sql.insertInto('armed_zone').values({ zone, at, by })
  return (
    run(
      db,
      insert.onConflict(c => c.column('zone').doNothing()),
    ) === 1
  )
}

/** Those resolved before then. @returns how many went */
export const dropIncidents = (db: Db, before: number): number =>
  run(db, sql.deleteFrom('incident').where('state', '=', 'resolved').where('last_at', '<', before))
