/** What the tables beside the journal hold from earlier times, and lose at the term of administration. */
import { all, type Db, first, run, sql } from './sql.ts'

/** Rows of one table in one transaction, which a badge may have to wait behind. */
const AT_ONCE = 100

/**
 * Deletes what was over before `before` (ms since 1970), some rows of it. Of the site's past only people and badges go; the
 * record of the past then begins later, so that nothing is explained by half of what stood. Badges that were lost or
 * revoked stay on record: no file written long ago brings one back.
 * @returns how many rows went; 0: nothing more is left to go
 */
export function dropPastTerm(db: Db, before: number, now: number): number {
  const gone =
    drop(db, 'operator_link', 'until is not null and until < ?', before) +
    drop(db, 'session', 'expires_at < ?', now) +
    drop(db, 'enrol_code', 'expires_at < ?', now) +
    drop(db, 'access_grant', 'until_at < ?', before) +
    drop(db, 'erasure', 'done_at is not null and done_at < ?', before) +
    drop(db, 'hold', 'released_at is not null and released_at < ?', before)
  return gone + dropVersions(db, before)
}

function drop(db: Db, table: string, where: string, before: number): number {
  return db
    .prepare(`delete from "${table}" where rowid in (select rowid from "${table}" where ${where} limit ${AT_ONCE})`)
    .run(before).changes
}

/** Badges that were lost and are no longer of the site are left out. */
const OVER = `select o.rowid from site_item_past o where o.kind in ('person', 'badge') and o.until <= ?
  and not (o.kind = 'badge' and (o.body ->> 'status') in ('lost', 'revoked')
    and not exists (select 1 from site_item i where i.kind = 'badge' and i.id = o.id))
  limit ${AT_ONCE}`

function dropVersions(db: Db, before: number): number {
  const log = sql.selectFrom('revision_log').select('revision').where('at', '<=', before)
  const begins = first(db, log.orderBy('revision', 'desc').limit(1))?.revision
  if (begins === undefined) return 0
  const dropped = db.prepare(`delete from site_item_past where rowid in (${OVER})`).run(begins).changes
  if (dropped > 0) run(db, sql.deleteFrom('revision_log').where('revision', '<', begins))
  return dropped
}

/** People and badges that are of the site neither now nor in what is kept of its past: pseudonym and nothing else. */
export const departedSubjects = (db: Db): string[] =>
  all(
    db,
    sql
      .selectFrom('pseudonym as p')
      .leftJoin('site_item as i', j => j.onRef('i.kind', '=', 'p.kind').onRef('i.id', '=', 'p.id'))
      .leftJoin('site_item_past as o', j => j.onRef('o.kind', '=', 'p.kind').onRef('o.id', '=', 'p.id'))
      .select('p.pseudonym')
      .where('i.id', 'is', null)
      .where('o.id', 'is', null)
      .whereRef('p.id', '!=', 'p.pseudonym'),
  ).map(row => row.pseudonym)
