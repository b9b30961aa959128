/** Arrivals and departures as stored, with their tasks; and how things stand with the people they are about. */
import { standingOf } from './grants.ts'
import { liveBadgesOf, openAccounts } from './leaving.ts'
import { item } from './site.ts'
import { all, type Db, first, run, sql } from './sql.ts'

export interface MovementRow {
  /** In the order they were filed. */
  readonly number: number
  readonly id: string
  readonly direction: string
  readonly state: string
  /** Of the site, by id: of who arrives, before they are in it. */
  readonly person: string
  readonly zone: string | null
  readonly at: number
  /** The form, JSON; null once its names are forgotten. */
  readonly body: string | null
  readonly filedBy: string
  readonly filedAt: number
  readonly carriedOutAt: number | null
  readonly endedAt: number | null
  readonly revision: number
}
export interface TaskRow {
  readonly id: string
  readonly kind: string
  readonly label: string | null
  readonly dueAt: number
  readonly doneAt: number | null
  readonly doneBy: string | null
}
export type NewMovement = Pick<MovementRow, 'id' | 'direction' | 'person' | 'zone' | 'at' | 'filedBy'> & {
  readonly body: string
}
export type NewTask = Pick<TaskRow, 'id' | 'kind' | 'dueAt'> & { readonly label?: string }

const rows = sql
  .selectFrom('movement')
  .select([
    ...(['number', 'id', 'direction', 'state', 'person', 'zone', 'at', 'body', 'revision'] as const),
    ...(['filed_by as filedBy', 'filed_at as filedAt'] as const),
    ...(['carried_out_at as carriedOutAt', 'ended_at as endedAt'] as const),
  ])
const tasks = sql
  .selectFrom('movement_task')
  .select(['id', 'kind', 'label', 'due_at as dueAt', 'done_at as doneAt', 'done_by as doneBy'])

export const movement = (db: Db, id: string): MovementRow | undefined => first(db, rows.where('id', '=', id))
export const tasksOf = (db: Db, id: string): TaskRow[] => all(db, tasks.where('movement', '=', id).orderBy('position'))
/** The oldest first. */
export const openMovements = (db: Db): MovementRow[] => all(db, rows.where('state', '=', 'open').orderBy('number'))
/** The newest first. */
export const movementsOf = (db: Db, person: string): MovementRow[] =>
  all(db, rows.where('person', '=', person).orderBy('number', 'desc'))

export interface MovementFilter {
  readonly open?: boolean
  readonly direction?: string
  /** With a task due by then that is not done. */
  readonly overdueAt?: number
  readonly zones?: readonly string[]
  /** Numbers below this one. */
  readonly before?: number
  readonly limit: number
}
/** The newest first. */
export function movements(db: Db, { open, direction, overdueAt, zones, before, limit }: MovementFilter): MovementRow[] {
  let query = rows.orderBy('number', 'desc').limit(limit)
  if (open !== undefined) query = query.where('state', open ? '=' : '!=', 'open')
  if (direction !== undefined) query = query.where('direction', '=', direction)
  if (zones !== undefined) query = query.where('zone', 'in', [...zones, ''])
  if (before !== undefined) query = query.where('number', '<', before)
  if (overdueAt !== undefined)
    query = query
      .where('state', '=', 'open')
      .where(w =>
        w.exists(
          w
            .selectFrom('movement_task as t')
            .select('t.id')
            .whereRef('t.movement', '=', 'movement.id')
            .where('t.done_at', 'is', null)
            .where('t.due_at', '<=', overdueAt),
        ),
      )
  return all(db, query)
}

export function addMovement(db: Db, { filedBy, ...rest }: NewMovement, list: readonly NewTask[], at: number): void {
  const row = { ...rest, filed_by: filedBy, filed_at: at, state: 'open', revision: 1 }
  run(db, sql.insertInto('movement').values(row))
  addTasks(db, rest.id, list, 0)
}
export function addTasks(db: Db, movementId: string, list: readonly NewTask[], from: number): void {
  list.forEach(({ id, kind, label, dueAt }, i) => {
    const task = { movement: movementId, id, position: from + i, kind, label: label ?? null, due_at: dueAt }
    run(db, sql.insertInto('movement_task').values(task))
  })
}

export interface MovementSet {
  readonly at?: number
  readonly zone?: string | null
  readonly body?: string | null
  readonly state?: string
  readonly endedAt?: number
  readonly carriedOutAt?: number
}
/** Each change is a revision of its own. */
export function setMovement(db: Db, id: string, { endedAt, carriedOutAt, ...set }: MovementSet): void {
  const update = sql.updateTable('movement').set(q => ({
    ...set,
    ...(endedAt !== undefined && { ended_at: endedAt }),
    ...(carriedOutAt !== undefined && { carried_out_at: carriedOutAt }),
    revision: q('revision', '+', 1),
  }))
  run(db, update.where('id', '=', id))
}
/** Of those not done, the day they are due moves with the movement. */
export const moveTasks = (db: Db, id: string, dueAt: number): number =>
  run(
    db,
    sql.updateTable('movement_task').set({ due_at: dueAt }).where('movement', '=', id).where('done_at', 'is', null),
  )

/** @param at absent: open again @returns false, with nothing written, if it was so before, or there is none */
export function setTask(db: Db, movementId: string, id: string, at: number | null, by: string | null): boolean {
  const update = sql.updateTable('movement_task').set({ done_at: at, done_by: at === null ? null : by })
  const one = update.where('movement', '=', movementId).where('id', '=', id)
  return run(db, one.where('done_at', at === null ? 'is not' : 'is', null)) === 1
}
export const isAllDone = (db: Db, id: string): boolean =>
  first(db, tasks.where('movement', '=', id).where('done_at', 'is', null)) === undefined

/** Ended before then, with names still. */
export const hasForgettable = (db: Db, before: number): boolean =>
  first(
    db,
    sql
      .selectFrom('movement')
      .select('id')
      .where('state', '!=', 'open')
      .where('ended_at', '<', before)
      .where('body', 'is not', null),
  ) !== undefined
/** Names of what ended before then, and what their tasks say. @returns how many */
export function forgetMovements(db: Db, before: number): number {
  const ended = sql.updateTable('movement').set({ body: null }).where('state', '!=', 'open')
  return run(db, ended.where('ended_at', '<', before).where('body', 'is not', null))
}

/** Of one person, who is forgotten: whatever is open will not happen. @param stands in place of the id */
export function forgetMovementsOf(db: Db, person: string, stands: string, at: number): void {
  const theirs = sql.updateTable('movement').where('person', '=', person)
  run(db, theirs.set({ state: 'cancelled', ended_at: at }).where('state', '=', 'open'))
  run(db, theirs.set({ body: null, person: stands }))
}

interface Standing {
  readonly roles?: readonly string[]
  readonly badges: number
  readonly grants: number
  readonly accounts: number
  readonly overSince?: number
}
/** Of one person: all that their badges, grants and accounts are now. */
export function standing(db: Db, person: string, at: number): Standing {
  const stored = item(db, 'person', person)
  const body =
    stored && (JSON.parse(stored.body) as { readonly roles: readonly string[]; readonly validUntil?: string })
  const until = body?.validUntil === undefined ? Number.POSITIVE_INFINITY : Date.parse(body.validUntil)
  return {
    ...(body && { roles: body.roles }),
    badges: liveBadgesOf(db, person).length,
    grants: standingOf(db, person, at).length,
    accounts: openAccounts(db, person),
    ...(until <= at && { overSince: until }),
  }
}
