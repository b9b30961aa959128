/** Operators' sessions, by the hash of their id. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface SessionRow {
  readonly hash: string
  /** The operator's pseudonym. */
  readonly operator: string
  readonly createdAt: number
  readonly seenAt: number
  readonly expiresAt: number
  /** factor, enrol or in. */
  readonly stage: string
  readonly steppedUpAt: number | null
  readonly client: string
  readonly address: string
  /** Access point whose workstation it was begun at by a badge. */
  readonly station?: string | null
}
export interface SessionWithOperator extends SessionRow {
  readonly login: string
  readonly name: string
  readonly role: string
  /** JSON list; null: everywhere. */
  readonly zones: string | null
  /** Id of the person of the site that the operator is, if linked. */
  readonly person: string | null
}

/** What is past its absolute limit goes with it. */
export function createSession(db: Db, { createdAt, seenAt, expiresAt, steppedUpAt, ...rest }: SessionRow): void {
  run(db, sql.deleteFrom('session').where('expires_at', '<', seenAt))
  run(
    db,
    sql.insertInto('session').values({
      ...rest,
      created_at: createdAt,
      seen_at: seenAt,
      expires_at: expiresAt,
      stepped_up_at: steppedUpAt,
    }),
  )
}

/** Joined, so that a session of an account that is deleted, disabled or not yet accepted is none. */
const live = sql
  .selectFrom('session as s')
  .innerJoin('operator as o', 'o.id', 's.operator')
  .select([
    's.hash',
    's.operator',
    's.created_at as createdAt',
    's.seen_at as seenAt',
    's.expires_at as expiresAt',
    's.stage',
    's.stepped_up_at as steppedUpAt',
    's.client',
    's.address',
    's.station',
    'o.login',
    'o.name',
    'o.role',
    'o.zones',
    'o.person',
  ])
  .where('o.status', '=', 'active')
const byHash = live.where('s.hash', '=', '').compile().sql

type Look = ReturnType<Db['prepare']>
const looks = new WeakMap<Db, Look>()
/** Every request asks this: prepared once for each database. */
export function session(db: Db, hash: string): SessionWithOperator | undefined {
  const look = looks.get(db) ?? db.prepare(byHash)
  looks.set(db, look)
  return look.get('active', hash) as SessionWithOperator | undefined
}
export const sessionsOf = (db: Db, operator: string): SessionWithOperator[] =>
  all(db, live.where('s.operator', '=', operator))

/** Who a session may be for; undefined once the account is no longer active. */
export const activeOperator = (
  db: Db,
  id: string,
): { id: string; login: string; name: string; role: string; zones: string | null } | undefined =>
  first(
    db,
    sql
      .selectFrom('operator')
      .select(['id', 'login', 'name', 'role', 'zones'])
      .where('id', '=', id)
      .where('status', '=', 'active'),
  )
export const touchSession = (db: Db, hash: string, seenAt: number): number =>
  run(db, sql.updateTable('session').set({ seen_at: seenAt }).where('hash', '=', hash))
export const endSession = (db: Db, hash: string): number => run(db, sql.deleteFrom('session').where('hash', '=', hash))
/** @param but the session that stays */
export const endSessionsOf = (db: Db, operator: string, but = ''): number =>
  run(db, sql.deleteFrom('session').where('operator', '=', operator).where('hash', '!=', but))
