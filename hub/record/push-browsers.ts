/** Browsers that people want to be told in. An endpoint is a secret: whoever has it may send there. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface PushBrowserRow {
  readonly id: string
  /** Pseudonym. */
  readonly operator: string
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
  /** As its owner knows it. */
  readonly name: string
  readonly at: number
}
const rows = sql.selectFrom('push_browser').select(['id', 'operator', 'endpoint', 'p256dh', 'auth', 'name', 'at'])

/** The newest first. */
export const pushBrowsers = (db: Db, operator: string): PushBrowserRow[] =>
  all(db, rows.where('operator', '=', operator).orderBy('at', 'desc').orderBy('id'))
export const pushBrowser = (db: Db, id: string): PushBrowserRow | undefined => first(db, rows.where('id', '=', id))

/** Whoever had that browser before has it no more: it is one browser, and now somebody else's. */
export function addPushBrowser(db: Db, row: PushBrowserRow): void {
  run(db, sql.deleteFrom('push_browser').where('endpoint', '=', row.endpoint))
  run(db, sql.insertInto('push_browser').values(row))
}
/** @returns false where there is none */
export const dropPushBrowser = (db: Db, id: string): boolean =>
  run(db, sql.deleteFrom('push_browser').where('id', '=', id)) === 1
