/** Messages on their way to people, and how these want to be told. Bodies are JSON of rules/telling.ts. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface MessageRow {
  readonly id: string
  readonly incident: string | null
  readonly operator: string
  readonly state: string
  readonly at: number
  readonly dueAt: number
  readonly body: string
}
const rows = sql
  .selectFrom('message')
  .select(['id', 'incident', 'operator', 'state', 'at', 'body'])
  .select(['due_at as dueAt'])
/** What still has to be looked at. */
const GOING = ['waiting', 'sending', 'handed-over'] as const

export const message = (db: Db, id: string): MessageRow | undefined => first(db, rows.where('id', '=', id))
/** Due by then, what is due longest first. */
export const messagesDue = (db: Db, by: number, limit: number): MessageRow[] =>
  all(db, rows.where('state', 'in', GOING).where('due_at', '<=', by).orderBy('due_at').limit(limit))
/** When the next one is due; undefined: none is. */
export const nextMessageAt = (db: Db): number | undefined =>
  first(db, rows.where('state', 'in', GOING).orderBy('due_at').limit(1))?.dueAt
export const messagesOf = (db: Db, incident: string): MessageRow[] =>
  all(db, rows.where('incident', '=', incident).orderBy('at').orderBy('id'))

/** @returns false where there is one with this id already: it stays as it is */
export function addMessage(db: Db, { dueAt, ...row }: MessageRow): boolean {
  const insert = sql.insertInto('message').values({ ...row, due_at: dueAt })
  return (
    run(
      db,
      insert.onConflict(c => c.column('id').doNothing()),
    ) === 1
  )
}
export const setMessage = (db: Db, { id, state, dueAt, body }: MessageRow): boolean =>
  run(db, sql.updateTable('message').set({ state, due_at: dueAt, body }).where('id', '=', id)) === 1
/** Those that are over for so long. @returns how many went */
export const dropMessages = (db: Db, before: number): number =>
  run(db, sql.deleteFrom('message').where('state', 'not in', GOING).where('at', '<', before))

/** Of whoever has no account any more: their number is nobody's business here. @returns how many went */
export function dropContacts(db: Db): number {
  const active = sql.selectFrom('operator').select('id').where('status', '=', 'active')
  const gone = run(db, sql.deleteFrom('contact').where('operator', 'not in', active))
  return gone + run(db, sql.deleteFrom('push_browser').where('operator', 'not in', active))
}

export interface ContactRow {
  readonly operator: string
  readonly body: string
  readonly revision: number
}
const contactRows = sql.selectFrom('contact').select(['operator', 'body', 'revision'])
export const contact = (db: Db, operator: string): ContactRow | undefined =>
  first(db, contactRows.where('operator', '=', operator))
export const contacts = (db: Db): ContactRow[] => all(db, contactRows)
/** @param expected revision that was looked at; 0: none yet @returns false, and nothing written, if it is another by now */
export function setContact(db: Db, { operator, body, revision }: ContactRow, expected: number): boolean {
  if ((contact(db, operator)?.revision ?? 0) !== expected) return false
  const insert = sql.insertInto('contact').values({ operator, body, revision })
  return (
    run(
      db,
      insert.onConflict(c => c.column('operator').doUpdateSet({ body, revision })),
    ) === 1
  )
}
