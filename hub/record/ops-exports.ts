/** Exports that are made by themselves each month. Part of ops.ts. */
import { VigieError } from '../errors.ts'
import { append, type OpContext } from './op-context.ts'
import { bump } from './site.ts'
import { all, type Db, run, sql } from './sql.ts'

export interface ScheduleRow {
  readonly id: string
  /** JSON. */
  readonly body: string
  /** ms since 1970. */
  readonly nextAt: number
  readonly lastAt: number | null
}
const COLUMNS = ['id', 'body', 'next_at as nextAt', 'last_at as lastAt'] as const

/** The next one first. */
export const exportSchedules = (db: Db): ScheduleRow[] =>
  all(db, sql.selectFrom('export_schedule').select(COLUMNS).orderBy('next_at').orderBy('id'))

interface Act {
  readonly at: number
  readonly id: string
  readonly by: string
}

export const EXPORT_OPS = {
  addExportSchedule: (c: OpContext, a: Act & { body: string; nextAt: number }) => {
    run(c.db, sql.insertInto('export_schedule').values({ id: a.id, body: a.body, next_at: a.nextAt, last_at: null }))
    tellOf(c, a, { added: 1, removed: 0 })
  },

  /** @throws VigieError schedule-unknown */
  dropExportSchedule: (c: OpContext, a: Act) => {
    if (run(c.db, sql.deleteFrom('export_schedule').where('id', '=', a.id)) === 0)
      throw new VigieError('schedule-unknown', { schedule: a.id })
    tellOf(c, a, { added: 0, removed: 1 })
  },

  /** One that was removed meanwhile stays so. */
  markExportSchedule: (c: OpContext, a: { id: string; nextAt: number; lastAt: number }) =>
    run(c.db, sql.updateTable('export_schedule').set({ next_at: a.nextAt, last_at: a.lastAt }).where('id', '=', a.id)),
} as const

/** Who gets rows of the journal each month is a right like others. */
function tellOf(c: OpContext, { at, by, id }: Act, counts: { added: number; removed: number }): void {
  const revision = bump(c.db, at)
  append(c, at, {
    kind: 'rights.changed',
    revision,
    changed: 0,
    ...counts,
    origin: by,
    item: { kind: 'export-schedule', id },
  })
}
