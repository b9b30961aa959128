/** Templates of jobs. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface JobRow {
  readonly id: string
  /** JSON. */
  readonly body: string
  readonly revision: number
}
const rows = sql.selectFrom('job').select(['id', 'body', 'revision'])

export const jobs = (db: Db): JobRow[] => all(db, rows.orderBy('id'))
export const job = (db: Db, id: string): JobRow | undefined => first(db, rows.where('id', '=', id))

/** @returns the revision it has now; undefined, with nothing written, if it is not at the revision that was seen (0: must be new) */
export function putJob(db: Db, id: string, body: string, expected: number): number | undefined {
  if ((job(db, id)?.revision ?? 0) !== expected) return undefined
  const next = { body, revision: expected + 1 }
  const put = sql.insertInto('job').values({ id, ...next })
  run(
    db,
    put.onConflict(c => c.column('id').doUpdateSet(next)),
  )
  return next.revision
}
/** @returns false, with nothing written, if it is not there, or not at the revision that was seen */
export const removeJob = (db: Db, id: string, expected: number): boolean =>
  run(db, sql.deleteFrom('job').where('id', '=', id).where('revision', '=', expected)) === 1
