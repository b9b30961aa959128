/** Users and groups as the hospital's directory sent them. Bodies are JSON; ids are Vigie's own. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface ScimUserRow {
  readonly id: string
  readonly externalId: string | null
  readonly body: string
  readonly person: string | null
  readonly accountEnded: number
  readonly createdAt: number
  readonly changedAt: number
  readonly revision: number
}
export interface ScimGroupRow {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
  readonly createdAt: number
  readonly changedAt: number
  readonly revision: number
}

const users = sql
  .selectFrom('scim_user')
  .select(['id', 'body', 'person', 'revision', 'external_id as externalId'])
  .select(['account_ended as accountEnded', 'created_at as createdAt', 'changed_at as changedAt'])
const groups = sql
  .selectFrom('scim_group')
  .select(['id', 'revision', 'display_name as displayName', 'external_id as externalId'])
  .select(['created_at as createdAt', 'changed_at as changedAt'])

/** In the order they came in. */
export const scimUsers = (db: Db, offset: number, limit: number): ScimUserRow[] =>
  all(db, users.orderBy('number').offset(offset).limit(limit))
export const scimUser = (db: Db, id: string): ScimUserRow | undefined => first(db, users.where('id', '=', id))
export const scimUserOf = (db: Db, userName: string): ScimUserRow | undefined =>
  first(db, users.where('user_key', '=', userName.toLowerCase()))
export const scimUsersBy = (db: Db, externalId: string): ScimUserRow[] =>
  all(db, users.where('external_id', '=', externalId).orderBy('number'))
export const isScimPerson = (db: Db, person: string): boolean =>
  first(db, sql.selectFrom('scim_user').select('id').where('person', '=', person)) !== undefined
export const scimUserCount = (db: Db): number =>
  first(db, sql.selectFrom('scim_user').select(sql.fn.countAll<number>().as('count')))?.count ?? 0

export const scimGroups = (db: Db, offset: number, limit: number): ScimGroupRow[] =>
  all(db, groups.orderBy('number').offset(offset).limit(limit))
export const scimGroup = (db: Db, id: string): ScimGroupRow | undefined => first(db, groups.where('id', '=', id))
export const scimGroupsNamed = (db: Db, name: string): ScimGroupRow[] =>
  all(db, groups.where('name_key', '=', name.toLowerCase()).orderBy('number'))
export const scimGroupsBy = (db: Db, externalId: string): ScimGroupRow[] =>
  all(db, groups.where('external_id', '=', externalId).orderBy('number'))
export const scimGroupCount = (db: Db): number =>
  first(db, sql.selectFrom('scim_group').select(sql.fn.countAll<number>().as('count')))?.count ?? 0
/** Groups that name this user, in the order they came in. */
export const scimGroupsOf = (db: Db, user: string): ScimGroupRow[] =>
  all(
    db,
    groups.where('id', 'in', sql.selectFrom('scim_member').select('group').where('user', '=', user)).orderBy('number'),
  )

/** Ids of users. */
export const scimMembers = (db: Db, group: string): string[] =>
  all(db, sql.selectFrom('scim_member').select('user').where('group', '=', group).orderBy('user')).map(m => m.user)
/** With what is kept of each, JSON. */
export const scimMembersShown = (db: Db, group: string): { id: string; body: string }[] =>
  all(
    db,
    sql
      .selectFrom('scim_member as m')
      .innerJoin('scim_user as u', 'u.id', 'm.user')
      .select(['u.id', 'u.body'])
      .where('m.group', '=', group)
      .orderBy('u.number'),
  )

export interface ScimUserPut {
  readonly id: string
  readonly userName: string
  readonly externalId?: string
  readonly body: string
  readonly person?: string
  readonly accountEnded: boolean
}

/** @param expected revision that was seen; 0: it is new @returns false, and nothing written, if it is not so any more */
export function putScimUser(db: Db, u: ScimUserPut, expected: number, at: number): boolean {
  const row = {
    user_key: u.userName.toLowerCase(),
    external_id: u.externalId ?? null,
    body: u.body,
    person: u.person ?? null,
    account_ended: u.accountEnded ? 1 : 0,
    changed_at: at,
    revision: expected + 1,
  }
  if (expected > 0)
    return run(db, sql.updateTable('scim_user').set(row).where('id', '=', u.id).where('revision', '=', expected)) === 1
  run(db, sql.insertInto('scim_user').values({ ...row, id: u.id, created_at: at }))
  return true
}

export interface ScimGroupPut {
  readonly id: string
  readonly displayName: string
  readonly externalId?: string
}
export function putScimGroup(db: Db, g: ScimGroupPut, expected: number, at: number): boolean {
  const row = {
    name_key: g.displayName.toLowerCase(),
    display_name: g.displayName,
    external_id: g.externalId ?? null,
    changed_at: at,
    revision: expected + 1,
  }
  if (expected > 0)
    return run(db, sql.updateTable('scim_group').set(row).where('id', '=', g.id).where('revision', '=', expected)) === 1
  run(db, sql.insertInto('scim_group').values({ ...row, id: g.id, created_at: at }))
  return true
}

export function moveScimMembers(
  db: Db,
  group: string,
  { added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] },
): void {
  const add = db.prepare('insert or ignore into scim_member ("group", user) values (?, ?)')
  const remove = db.prepare('delete from scim_member where "group" = ? and user = ?')
  for (const user of added) add.run(group, user)
  for (const user of removed) remove.run(group, user)
}

/** Which person a user is, and whether the directory ended their account; its own revision stays. */
export const tieScimUser = (db: Db, user: string, person: string, accountEnded: boolean): number =>
  run(
    db,
    sql
      .updateTable('scim_user')
      .set({ person, account_ended: accountEnded ? 1 : 0 })
      .where('id', '=', user),
  )

/** @returns false if it is not at that revision */
export function dropScimUser(db: Db, id: string, expected: number): boolean {
  run(db, sql.deleteFrom('scim_member').where('user', '=', id))
  return run(db, sql.deleteFrom('scim_user').where('id', '=', id).where('revision', '=', expected)) === 1
}
export function dropScimGroup(db: Db, id: string, expected: number): boolean {
  run(db, sql.deleteFrom('scim_member').where('group', '=', id))
  return run(db, sql.deleteFrom('scim_group').where('id', '=', id).where('revision', '=', expected)) === 1
}

/** What the directory has sent of a person, by id: names and values, groups too. Undefined: nothing, or no more. */
export function scimDataOf(db: Db, person: string): [string, string][] | undefined {
  const row = first(db, users.where('person', '=', person))
  if (!row) return undefined
  const sent = Object.entries(JSON.parse(row.body) as Record<string, unknown>)
  const groups = scimGroupsOf(db, row.id).map((group): [string, string] => ['groups', group.displayName])
  return [...sent.map(([name, value]): [string, string] => [name, plain(value)]), ...groups]
}
const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Who is erased is no user any more; a directory that still has them makes another one. @param person by id */
export function forgetScimUser(db: Db, person: string): void {
  const row = first(db, sql.selectFrom('scim_user').select(['id', 'revision']).where('person', '=', person))
  if (row) dropScimUser(db, row.id, row.revision)
}
