/** Temporary grants as stored: never altered but for being revoked, and kept, so that a decision of the past can be explained. */
import type { Grant } from '../ports.ts'
import { all, type Db, first, run, sql } from './sql.ts'

/** How long one that has ended is still told of, milliseconds: to say why nothing opens any more. */
const TOLD_MS = 86_400_000

export interface GrantRow {
  readonly grant: Grant
  /** Milliseconds since 1970; null while it stands. */
  readonly revokedAt: number | null
}
/** `grant` absent: it was revoked. */
export interface GrantChange {
  readonly id: string
  readonly grant?: Grant
}

const read = (body: string): Grant => JSON.parse(body) as Grant

/** @param tenant the application that writes them, by id */
export function addGrants(db: Db, grants: readonly Grant[], revision: number, tenant: string | null = null): void {
  const insert = db.prepare(
    'insert into access_grant (id, person, body, from_at, until_at, created_revision, tenant, "key") values (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  for (const grant of grants) {
    const { id, person, from, until, key = null } = grant
    insert.run(id, person, JSON.stringify(grant), from, until, revision, tenant, key)
  }
}
export const addGrant = (db: Db, grant: Grant, revision: number): void => addGrants(db, [grant], revision)

/** True while it can be revoked: known, not over, not revoked. */
export function standsAt(db: Db, id: string, at: number): boolean {
  const query = sql.selectFrom('access_grant').select('id').where('id', '=', id).where('revoked_at', 'is', null)
  return first(db, query.where('until_at', '>', at)) !== undefined
}

export const markRevoked = (db: Db, id: string, at: number, revision: number): number =>
  run(db, sql.updateTable('access_grant').set({ revoked_revision: revision, revoked_at: at }).where('id', '=', id))

/** Of one person: what has not ended and is not revoked. */
export const standingOf = (db: Db, person: string, at: number): Grant[] =>
  all(
    db,
    sql
      .selectFrom('access_grant')
      .select('body')
      .where('person', '=', person)
      .where('revoked_at', 'is', null)
      .where('until_at', '>', at)
      .orderBy('id'),
  ).map(row => read(row.body))

/** In force, to come, or ended within 24 h; not the revoked ones. By person and start. */
export const grants = (db: Db, now: number): Grant[] =>
  all(
    db,
    sql
      .selectFrom('access_grant')
      .select('body')
      .where('revoked_at', 'is', null)
      .where('until_at', '>', now - TOLD_MS)
      .orderBy('person')
      .orderBy('from_at')
      .orderBy('id'),
  ).map(row => read(row.body))

/** The same as it was at a revision of the past. `time`: milliseconds since 1970. */
export const grantsAtRevision = (db: Db, revision: number, time: number): Grant[] =>
  all(
    db,
    sql
      .selectFrom('access_grant')
      .select('body')
      .where('created_revision', '<=', revision)
      .where(eb => eb.or([eb('revoked_revision', 'is', null), eb('revoked_revision', '>', revision)]))
      .where('until_at', '>', time - TOLD_MS)
      .orderBy('person')
      .orderBy('from_at')
      .orderBy('id'),
  ).map(row => read(row.body))

/** One grant, whatever has become of it. */
export function grant(db: Db, id: string): GrantRow | undefined {
  const row = first(db, sql.selectFrom('access_grant').select(['body', 'revoked_at']).where('id', '=', id))
  return row && { grant: read(row.body), revokedAt: row.revoked_at }
}

/** Issued or revoked after that revision. */
export const grantsSince = (db: Db, since: number): GrantChange[] =>
  all(
    db,
    sql
      .selectFrom('access_grant')
      .select(['id', 'body', 'revoked_at'])
      .where(eb => eb.or([eb('created_revision', '>', since), eb('revoked_revision', '>', since)]))
      .orderBy('id'),
  ).map(({ id, body, revoked_at }) => (revoked_at === null ? { id, grant: read(body) } : { id }))
