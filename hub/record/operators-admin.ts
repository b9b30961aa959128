/** Accounts as administrators list and change them. No password, no secret, no hash comes out of here. */
import { VigieError } from '../errors.ts'
import { forgetFactors, setInvitation } from './accounts-factors.ts'
import { endSessionsOf } from './accounts-sessions.ts'
import { all, type Db, first, run, sql } from './sql.ts'

export interface AdminRow {
  /** The pseudonym that stands in the journal. */
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: string
  /** JSON list; null: everywhere. */
  readonly zones: string | null
  readonly status: string
  readonly email: string | null
  readonly createdAt: number
  readonly signedInAt: number | null
  /** 0 or 1. */
  readonly totp: number
  readonly password: number
  readonly passkeys: number
  readonly external: string | null
  /** Whom the identity provider vouches for. */
  readonly subject: string | null
  /** Person of the site, by id. */
  readonly person: string | null
  readonly revision: number
}

const rows = sql
  .selectFrom('operator as o')
  .select([
    'o.id',
    'o.login',
    'o.name',
    'o.role',
    'o.zones',
    'o.status',
    'o.email',
    'o.external',
    'o.subject',
    'o.person',
  ])
  .select(['o.created_at as createdAt', 'o.signed_in_at as signedInAt', 'o.revision'])
  .select(q => [
    q('o.totp_secret', 'is not', null).$castTo<number>().as('totp'),
    q('o.password_hash', '!=', '').$castTo<number>().as('password'),
    q
      .selectFrom('passkey as k')
      .whereRef('k.operator', '=', 'o.id')
      .select(f => f.fn.countAll<number>().as('n'))
      .$asScalar()
      .$notNull()
      .as('passkeys'),
  ])

/** By name, then login. */
export const operatorRows = (db: Db): AdminRow[] => all(db, rows.orderBy('o.name').orderBy('o.login'))
export const operatorRow = (db: Db, login: string): AdminRow | undefined => first(db, rows.where('o.login', '=', login))

export const operatorRowOf = (db: Db, subject: string): AdminRow | undefined =>
  first(db, rows.where('o.subject', '=', subject))

/** By what it is known by outside. */
export const operatorRowKnown = (db: Db, external: string): AdminRow | undefined =>
  first(db, rows.where('o.external', '=', external))

export interface Invitee {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
  readonly email?: string
}
export interface NewLink {
  readonly hash: string
  readonly expiresAt: number
}

/** @returns false, and nothing written, if somebody has this login already */
export function addInvited(db: Db, o: Invitee, link: NewLink, at: number): boolean {
  const { id, login, name, role, zones, email = null } = o
  const row = {
    id,
    login,
    name,
    role,
    zones: listOf(zones),
    email,
    status: 'invited',
    password_hash: '',
    created_at: at,
  }
  const insert = sql.insertInto('operator').values(row)
  if (
    run(
      db,
      insert.onConflict(c => c.column('login').doNothing()),
    ) !== 1
  )
    return false
  setInvitation(db, { ...link, operator: id })
  return true
}

/** Without a password, active at once. @returns false, and nothing written, if this login or subject has an account already */
export function addProvided(
  db: Db,
  o: Omit<Invitee, 'email'> & { readonly external: string; readonly subject?: string },
  at: number,
): boolean {
  const { zones, subject = null, ...rest } = o
  const row = { ...rest, zones: listOf(zones), subject, status: 'active', password_hash: '', created_at: at }
  const insert = sql.insertInto('operator').values(row)
  return (
    run(
      db,
      insert.onConflict(c => c.doNothing()),
    ) === 1
  )
}

export interface FollowedFields {
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
  /** Left out: as it was. */
  readonly subject?: string
}
/** @returns false, and nothing written, if it is not at that revision any more */
export function putFollowed(db: Db, id: string, expected: number, fields: FollowedFields): boolean {
  const { zones, ...rest } = fields
  const update = sql.updateTable('operator').set({ ...rest, zones: listOf(zones), revision: expected + 1 })
  return run(db, update.where('id', '=', id).where('revision', '=', expected)) === 1
}

/** What an edit of an account is told that came too late. */
export function overtaken(db: Db, id: string): VigieError {
  const now = first(db, sql.selectFrom('operator').select(['login', 'revision']).where('id', '=', id))
  return new VigieError('edit-conflict', { kind: 'operator', id: now?.login ?? '?', revision: now?.revision ?? 0 })
}

export interface AccountFields {
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
  readonly email?: string
  readonly status: string
}

/** @returns false, and nothing written, if it is not at that revision any more */
export function putAccount(db: Db, id: string, expected: number, account: AccountFields): boolean {
  const { zones, email = null, ...rest } = account
  const update = sql.updateTable('operator').set({ ...rest, zones: listOf(zones), email, revision: expected + 1 })
  return run(db, update.where('id', '=', id).where('revision', '=', expected)) === 1
}

/** Somebody else who can sign in and manages accounts: an administrator everywhere. */
export const otherAdministrator = (db: Db, id: string): boolean =>
  first(
    db,
    sql
      .selectFrom('operator')
      .select('id')
      .where('role', '=', 'administrator')
      .where('status', '=', 'active')
      .where('zones', 'is', null)
      .where('id', '!=', id)
      .limit(1),
  ) !== undefined

/** What the account proved itself with, and whoever is signed in with it. @returns false if it is not at that revision any more */
export function beginAnew(db: Db, id: string, expected: number, link: NewLink): boolean {
  const update = sql
    .updateTable('operator')
    .set({ status: 'invited', password_hash: '', password_at: null, revision: expected + 1 })
  if (run(db, update.where('id', '=', id).where('revision', '=', expected)) !== 1) return false
  forgetFactors(db, id)
  endSessionsOf(db, id)
  setInvitation(db, { ...link, operator: id })
  return true
}

/** The account has ended: its link opens nothing. @returns its tokens, which have ended with it */
export function endLinksAndTokens(db: Db, operator: string, at: number): string[] {
  run(db, sql.deleteFrom('invitation').where('operator', '=', operator))
  return endTokens(db, operator, at)
}

/** @returns those that were in force */
export function endTokens(db: Db, operator: string, at: number): string[] {
  const live = sql.selectFrom('api_token').select('id').where('operator', '=', operator).where('revoked_at', 'is', null)
  const tokens = all(db, live.where('expires_at', '>', at)).map(row => row.id)
  run(
    db,
    sql
      .updateTable('api_token')
      .set({ revoked_at: at })
      .where('operator', '=', operator)
      .where('revoked_at', 'is', null),
  )
  return tokens
}

const listOf = (zones: readonly string[] | undefined): string | null => (zones ? JSON.stringify(zones) : null)
