/** Keys for programs, by the hash of what is sent. One that is revoked stays, so that its rows can be told to whom they belong. */
import { all, type Db, lookUp, run, sql } from './sql.ts'

export interface TokenRow {
  readonly id: string
  /** SHA-256, base64url. */
  readonly hash: string
  readonly name: string
  /** Pseudonym of the operator who made it. */
  readonly operator: string
  /** JSON lists; no zones: everywhere. */
  readonly capabilities: string
  readonly zones: string | null
  readonly createdAt: number
  readonly expiresAt: number
}
export interface TokenInUse extends Omit<TokenRow, 'hash' | 'name'> {
  readonly usedAt: number | null
  readonly login: string
  /** Of the operator who made it. */
  readonly by: string
  readonly role: string
  /** What that account's role counts in: JSON list; null: everywhere. */
  readonly operatorZones: string | null
}
export interface ListedToken extends Omit<TokenInUse, 'login' | 'role' | 'operatorZones'> {
  readonly name: string
}

/** One that has run out is listed for so long, so that whoever misses it sees why. */
const SHOWN_MS = 30 * 86_400_000

export const createToken = (db: Db, { createdAt, expiresAt, ...token }: TokenRow): number =>
  run(
    db,
    sql
      .insertInto('api_token')
      .values({ ...token, created_at: createdAt, expires_at: expiresAt, used_at: null, revoked_at: null }),
  )

const known = sql
  .selectFrom('api_token as t')
  .innerJoin('operator as o', 'o.id', 't.operator')
  .select([
    't.id',
    't.operator',
    't.capabilities',
    't.zones',
    't.created_at as createdAt',
    't.expires_at as expiresAt',
    't.used_at as usedAt',
    'o.name as by',
  ])
  .where('t.revoked_at', 'is', null)

/** What another process revokes counts after this; what the hub itself revokes, at once. Milliseconds. */
const FRESH_MS = 2
const inUse = lookUp(
  known
    .select(['o.login', 'o.role', 'o.zones as operatorZones'])
    .where('o.status', '=', 'active')
    .where('t.hash', '=', ''),
  FRESH_MS,
)
/** Every request of a program asks this. A token of an account that is gone, disabled or not yet accepted opens nothing. */
export function tokenInUse(db: Db, hash: string, at: number): TokenInUse | undefined {
  const token = inUse(db, 'active', hash)
  return token && token.expiresAt > at ? token : undefined
}

/** Newest first. */
export const tokens = (db: Db, at: number): ListedToken[] =>
  all(
    db,
    known
      .select('t.name')
      .where('t.expires_at', '>', at - SHOWN_MS)
      .orderBy('t.created_at', 'desc')
      .orderBy('t.id'),
  )

/** In force, of one operator. */
export const tokensOf = (db: Db, operator: string, at: number): number =>
  all(db, known.select('t.hash').where('t.operator', '=', operator).where('t.expires_at', '>', at)).length

export const tokenUsed = (db: Db, id: string, at: number): number =>
  run(db, sql.updateTable('api_token').set({ used_at: at }).where('id', '=', id))

/** @returns false if there is none, or it is revoked already */
export const revokeToken = (db: Db, id: string, at: number): boolean =>
  run(db, sql.updateTable('api_token').set({ revoked_at: at }).where('id', '=', id).where('revoked_at', 'is', null)) > 0
