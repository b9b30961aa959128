/** Connected applications, by the hash of their token, and the grants that they wrote. */
import type { Grant } from '../ports.ts'
import { all, type Db, first, lookUp, run, sql } from './sql.ts'

export interface TenantRow {
  readonly id: string
  readonly name: string
  readonly status: string
  /** JSON. */
  readonly scope: string
  readonly expiresAt: number
  readonly createdAt: number
  /** Pseudonym of the operator who registered it, or `cli:<user>`. */
  readonly createdBy: string
  readonly usedAt: number | null
  readonly cutOffAt: number | null
  readonly revision: number
}
export interface NewTenant extends Pick<TenantRow, 'id' | 'name' | 'scope' | 'expiresAt'> {
  readonly hash: string
}

const known = sql
  .selectFrom('tenant')
  .select(['id', 'name', 'status', 'scope', 'revision'])
  .select(['expires_at as expiresAt', 'created_at as createdAt', 'created_by as createdBy'])
  .select(['used_at as usedAt', 'cut_off_at as cutOffAt'])

export const tenantRows = (db: Db): TenantRow[] => all(db, known.orderBy('name').orderBy('id'))
export const tenantRow = (db: Db, id: string): TenantRow | undefined => first(db, known.where('id', '=', id))

const byHash = lookUp(known.where('status', '=', '').where('token_hash', '=', ''))
/** Every request of an application asks this. */
export function tenantWith(db: Db, hash: string, at: number): TenantRow | undefined {
  const row = byHash(db, 'active', hash)
  return row && row.expiresAt > at ? row : undefined
}
const nameLook = lookUp(sql.selectFrom('tenant').select('name').where('id', '=', ''))
export const tenantName = (db: Db, id: string): string | undefined => nameLook(db, id)?.name

/** @returns false if there is one of that id */
export const addTenant = (db: Db, { id, name, scope, hash, expiresAt }: NewTenant, at: number, by: string): boolean =>
  run(
    db,
    sql
      .insertInto('tenant')
      .values({
        ...{ id, name, scope, status: 'active', token_hash: hash, expires_at: expiresAt },
        ...{ created_at: at, created_by: by, used_at: null, cut_off_at: null, revision: 1 },
      })
      .onConflict(c => c.column('id').doNothing()),
  ) > 0

/** @returns false if it is not as its editor saw it any more */
export const putTenant = (
  db: Db,
  { id, expected, name, scope }: Pick<TenantRow, 'id' | 'name' | 'scope'> & { readonly expected: number },
): boolean =>
  run(
    db,
    sql
      .updateTable('tenant')
      .set({ name, scope, revision: expected + 1 })
      .where('id', '=', id)
      .where('revision', '=', expected),
  ) > 0

/** The one before opens nothing from here on. */
export const putTenantToken = (
  db: Db,
  { id, expected, hash, expiresAt }: { id: string; expected: number; hash: string; expiresAt: number },
): boolean =>
  run(
    db,
    sql
      .updateTable('tenant')
      .set({ status: 'active', token_hash: hash, expires_at: expiresAt, cut_off_at: null, revision: expected + 1 })
      .where('id', '=', id)
      .where('revision', '=', expected),
  ) > 0

/** @returns false if it is cut off already, or there is none */
export const markCutOff = (db: Db, id: string, at: number): boolean =>
  run(
    db,
    sql
      .updateTable('tenant')
      .set(eb => ({ status: 'cut-off', token_hash: null, cut_off_at: at, revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .where('status', '=', 'active'),
  ) > 0

export const tenantUsed = (db: Db, id: string, at: number): number =>
  run(db, sql.updateTable('tenant').set({ used_at: at }).where('id', '=', id))

/** Whether that token still is the application's, and the scope the one that was looked at. */
export const tenantStands = (db: Db, id: string, hash: string): { readonly revision: number } | undefined =>
  first(
    db,
    sql
      .selectFrom('tenant')
      .select('revision')
      .where('id', '=', id)
      .where('status', '=', 'active')
      .where('token_hash', '=', hash),
  )

const live = (tenant: string, at: number) =>
  sql.selectFrom('access_grant').where('tenant', '=', tenant).where('until_at', '>', at).where('revoked_at', 'is', null)
export const liveGrantCount = (db: Db, tenant: string, at: number): number =>
  first(db, live(tenant, at).select(sql.fn.countAll<number>().as('count')))?.count ?? 0
export const liveGrants = (db: Db, tenant: string, at: number): Grant[] =>
  all(db, live(tenant, at).select('body').orderBy('id')).map(row => JSON.parse(row.body) as Grant)

/** By id. @param page.at grants that have ended before it are left out */
export const tenantGrants = (
  db: Db,
  tenant: string,
  { at, after = '', limit }: { readonly at: number; readonly after?: string; readonly limit: number },
): Grant[] =>
  all(db, live(tenant, at).select('body').where('id', '>', after).orderBy('id').limit(limit)).map(
    row => JSON.parse(row.body) as Grant,
  )

const byKey = lookUp(
  sql.selectFrom('access_grant').select(['body', 'revoked_at']).where('tenant', '=', '').where('key', '=', ''),
)
/** Those that were revoked too: a key is good once. */
export function grantWithKey(
  db: Db,
  tenant: string,
  key: string,
): { readonly grant: Grant; readonly revoked: boolean } | undefined {
  const row = byKey(db, tenant, key)
  return row && { grant: JSON.parse(row.body) as Grant, revoked: row.revoked_at !== null }
}

/** A person is forgotten: no scope names them any more. @param person id in the site */
export function forgetInScopes(db: Db, person: string): void {
  for (const { id, scope } of tenantRows(db)) {
    const told = JSON.parse(scope) as { readonly people: 'everyone' | { readonly ids: readonly string[] } }
    if (told.people === 'everyone' || !told.people.ids.includes(person)) continue
    const people = { ...told.people, ids: told.people.ids.filter(one => one !== person) }
    run(
      db,
      sql
        .updateTable('tenant')
        .set({ scope: JSON.stringify({ ...told, people }) })
        .where('id', '=', id),
    )
  }
}
