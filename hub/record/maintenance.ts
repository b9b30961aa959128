/** What is being worked on: a zone with those below it, or a device. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface MaintenanceRow {
  readonly id: string
  readonly zone?: string
  readonly device?: string
  readonly at: number
  /** Exclusive. Milliseconds since 1970, UTC. */
  readonly until: number
  /** Operator's pseudonym. */
  readonly by: string
}
const rows = sql.selectFrom('maintenance').select(['id', 'zone', 'device', 'at', 'by', 'until_at as until'])
const rowOf = ({ zone, device, ...row }: NonNullable<ReturnType<typeof found>>): MaintenanceRow => ({
  ...row,
  ...(zone !== null && { zone }),
  ...(device !== null && { device }),
})
const found = (db: Db, id: string) => first(db, rows.where('id', '=', id))

export function maintenance(db: Db, id: string): MaintenanceRow | undefined {
  const row = found(db, id)
  return row && rowOf(row)
}
/** What ends soonest first. */
export const maintenances = (db: Db): MaintenanceRow[] => all(db, rows.orderBy('until_at').orderBy('id')).map(rowOf)

export function addMaintenance(db: Db, { until, zone, device, ...row }: MaintenanceRow): void {
  const place = { zone: zone ?? null, device: device ?? null }
  run(db, sql.insertInto('maintenance').values({ ...row, ...place, until_at: until }))
}
/** @returns false where there is none */
export const dropMaintenance = (db: Db, id: string): boolean =>
  run(db, sql.deleteFrom('maintenance').where('id', '=', id)) === 1
