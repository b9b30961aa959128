/** Operators and their sessions. Only hashes of passwords, tokens and session ids are kept. */
import { meta, setMeta } from './site.ts'
import { all, type Db, first, run, sql } from './sql.ts'

export interface OperatorRow {
  /** The pseudonym that stands in the journal. */
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: string
  readonly passwordHash: string
  readonly createdAt: number
}
export interface SessionRow {
  readonly hash: string
  readonly operator: string
  readonly createdAt: number
  readonly seenAt: number
  readonly expiresAt: number
}

const operatorColumns = [
  'id',
  'login',
  'name',
  'role',
  'password_hash as passwordHash',
  'created_at as createdAt',
] as const
const SETUP_TOKEN = 'setup_token'

export const adminExists = (db: Db): boolean =>
  first(db, sql.selectFrom('operator').select('id').where('role', '=', 'administrator').limit(1)) !== undefined
export const operatorByLogin = (db: Db, login: string): OperatorRow | undefined =>
  first(db, sql.selectFrom('operator').select(operatorColumns).where('login', '=', login))
/** `person`: the person of the site that the operator is, by id; null if nobody has said. */
export interface OperatorView {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: string
  readonly person: string | null
}
export const operators = (db: Db): OperatorView[] =>
  all(db, sql.selectFrom('operator').select(['id', 'login', 'name', 'role', 'person']))
export const operatorIdOf = (db: Db, login: string): string | undefined =>
  first(db, sql.selectFrom('operator').select('id').where('login', '=', login))?.id
/** A person of the site: by id, and by the pseudonym under which the link stays on record when it is over. */
export interface LinkedPerson {
  readonly id: string
  readonly pseudonym: string
}
/** @param person undefined takes the link away @param at hub time, ms */
export function linkOperator(db: Db, id: string, person: LinkedPerson | undefined, at: number): void {
  run(
    db,
    sql
      .updateTable('operator')
      .set({ person: person?.id ?? null })
      .where('id', '=', id),
  )
  run(db, sql.updateTable('operator_link').set({ until: at }).where('operator', '=', id).where('until', 'is', null))
  if (person)
    run(db, sql.insertInto('operator_link').values({ operator: id, person: person.pseudonym, since: at, until: null }))
}
/** Pseudonyms of everyone the operator is, or was at any time from `since` (hub time, ms) on. */
export const peopleOfOperator = (db: Db, id: string, since: number): string[] =>
  all(
    db,
    sql
      .selectFrom('operator_link')
      .select('person')
      .where('operator', '=', id)
      .where(w => w.or([w('until', 'is', null), w('until', '>=', since)])),
  ).map(row => row.person)
export const isSetupToken = (db: Db, hash: string): boolean => hash !== '' && meta(db, SETUP_TOKEN) === hash
export const keepSetupToken = (db: Db, hash: string): void => setMeta(db, SETUP_TOKEN, hash)

/** Uses the setup token up in the same transaction. @returns false if refused, and then nothing changed */
export function createFirstOperator(db: Db, operator: OperatorRow, setupTokenHash: string): boolean {
  if (adminExists(db) || !isSetupToken(db, setupTokenHash)) return false
  setMeta(db, SETUP_TOKEN, '')
  const { passwordHash, createdAt, ...rest } = operator
  return (
    run(
      db,
      sql
        .insertInto('operator')
        .values({ ...rest, password_hash: passwordHash, created_at: createdAt })
        .onConflict(c => c.column('login').doNothing()),
    ) === 1
  )
}

export function createSession(db: Db, s: SessionRow): void {
  run(db, sql.deleteFrom('session').where('expires_at', '<', s.createdAt))
  run(
    db,
    sql.insertInto('session').values({
      hash: s.hash,
      operator: s.operator,
      created_at: s.createdAt,
      seen_at: s.seenAt,
      expires_at: s.expiresAt,
    }),
  )
}

export interface SessionWithOperator extends SessionRow {
  readonly login: string
  readonly name: string
  readonly role: string
  /** Id of the person of the site that the operator is, if linked. */
  readonly person: string | null
}
/** Joined, so that a session of a deleted operator is none. */
export const session = (db: Db, hash: string): SessionWithOperator | undefined =>
  first(
    db,
    sql
      .selectFrom('session as s')
      .innerJoin('operator as o', 'o.id', 's.operator')
      .select([
        's.hash',
        's.operator',
        's.created_at as createdAt',
        's.seen_at as seenAt',
        's.expires_at as expiresAt',
        'o.login',
        'o.name',
        'o.role',
        'o.person',
      ])
      .where('s.hash', '=', hash),
  )
export const touchSession = (db: Db, hash: string, seenAt: number): number =>
  run(db, sql.updateTable('session').set({ seen_at: seenAt }).where('hash', '=', hash))
export const endSession = (db: Db, hash: string): number => run(db, sql.deleteFrom('session').where('hash', '=', hash))
export const endSessionsOf = (db: Db, operator: string): number =>
  run(db, sql.deleteFrom('session').where('operator', '=', operator))
