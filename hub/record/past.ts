/**
 * What stood at an earlier revision or time: so that a decision is explained by the rights it was made from, not by those
 * of today. The record begins with the database's second version; before that nothing is known, and nothing is guessed.
 */
import type { Grant } from '../ports.ts'
import { grantsAtRevision } from './grants.ts'
import { type ItemKind, item, items, revision, type StoredItem, siteId } from './site.ts'
import { all, type Db, first, sql } from './sql.ts'

export interface PastSite {
  readonly revision: number
  /** As it is now. */
  readonly siteId: string
  /** `revision` of an item is the one that put it as it stood. */
  readonly items: readonly StoredItem[]
}

/** The site as it stood at a revision. @returns undefined for one that is not on record, or not there yet */
export function siteAt(db: Db, at: number): PastSite | undefined {
  return db
    .transaction(() => {
      if (at < historyBegins(db) || at > revision(db)) return undefined
      return { revision: at, siteId: siteId(db), items: itemsAt(db, at) }
    })
    .deferred()
}

function itemsAt(db: Db, at: number): StoredItem[] {
  const query = sql
    .selectFrom('site_item')
    .select(['kind', 'id', 'body', 'revision'])
    .where('revision', '<=', at)
    .unionAll(
      sql
        .selectFrom('site_item_past')
        .select(['kind', 'id', 'body', 'since as revision'])
        .where('since', '<=', at)
        .where('until', '>', at),
    )
    .orderBy('kind')
    .orderBy('id')
  return all(db, query) as StoredItem[]
}

/** Every state an item of this kind has had, as far as that is on record; `until` null: it stands. */
export function versions(db: Db, kind: ItemKind): Version[] {
  const past = sql.selectFrom('site_item_past').select(['id', 'body', 'since', 'until']).where('kind', '=', kind)
  return [...all(db, past), ...items(db, kind).map(standing)]
}
/** The same of one item. */
export function versionsOf(db: Db, kind: ItemKind, id: string): Version[] {
  const past = sql.selectFrom('site_item_past').select(['id', 'body', 'since', 'until']).where('kind', '=', kind)
  const present = item(db, kind, id)
  return [...all(db, past.where('id', '=', id)), ...(present ? [standing(present)] : [])]
}
const standing = ({ id, body, revision }: StoredItem): Version => ({ id, body, since: revision, until: null })
export interface Version {
  readonly id: string
  readonly body: string
  readonly since: number
  readonly until: number | null
}

/** Items of a kind that are withdrawn: id -> JSON, as each stood last. */
export function lastOfWithdrawn(db: Db, kind: ItemKind): ReadonlyMap<string, string> {
  const rows = sql
    .selectFrom('site_item_past as p')
    .leftJoin('site_item as i', j => j.onRef('i.kind', '=', 'p.kind').onRef('i.id', '=', 'p.id'))
    .select(['p.id', 'p.body'])
    .where('p.kind', '=', kind)
    .where('i.id', 'is', null)
    .orderBy('p.until')
  return new Map(all(db, rows).map(({ id, body }) => [id, body]))
}

/** The revision in force at a time (milliseconds since 1970). @returns undefined before the record begins */
export const revisionAt = (db: Db, time: number): number | undefined =>
  first(
    db,
    sql.selectFrom('revision_log').select('revision').where('at', '<=', time).orderBy('revision', 'desc').limit(1),
  )?.revision

/** When a revision came into being (milliseconds since 1970). */
export const timeOfRevision = (db: Db, at: number): number | undefined =>
  first(db, sql.selectFrom('revision_log').select('at').where('revision', '=', at))?.at

/** Grants in force, to come, or ended within 24 h as they were at a time; by a decision's own revision where it is known. */
export function grantsAt(db: Db, time: number, at = revisionAt(db, time)): Grant[] {
  return at === undefined ? [] : grantsAtRevision(db, at, time)
}

const historyBegins = (db: Db): number =>
  first(db, sql.selectFrom('revision_log').select(sql.fn.min('revision').as('revision')))?.revision ??
  Number.POSITIVE_INFINITY
