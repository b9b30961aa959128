/** Operators' accounts. Only hashes of passwords and tokens are kept; sessions and second factors have files of their own. */
import { meta, setMeta } from './site.ts'
import { all, type Db, first, run, sql } from './sql.ts'

/** The first administrator, as setup makes it. */
export interface OperatorRow {
  /** The pseudonym that stands in the journal. */
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: string
  readonly passwordHash: string
  readonly createdAt: number
}
/** All of an account but its passkeys. `zones` is JSON. */
export interface AccountRow extends OperatorRow {
  readonly zones: string | null
  readonly status: string
  readonly passwordAt: number | null
  readonly totpSecret: string | null
  readonly totpStep: number | null
  readonly email: string | null
  readonly revision: number
  readonly person: string | null
  readonly external: string | null
  readonly recoveryCodesLeft: number
}

const accountQuery = sql
  .selectFrom('operator as o')
  .select([
    'o.id',
    'o.login',
    'o.name',
    'o.role',
    'o.zones',
    'o.status',
    'o.password_hash as passwordHash',
    'o.password_at as passwordAt',
    'o.totp_secret as totpSecret',
    'o.totp_step as totpStep',
    'o.email',
    'o.revision',
    'o.person',
    'o.external',
    'o.created_at as createdAt',
  ])
  .select(q =>
    q
      .selectFrom('recovery_code as r')
      .whereRef('r.operator', '=', 'o.id')
      .select(f => f.fn.countAll<number>().as('left'))
      .$asScalar()
      .$notNull()
      .as('recoveryCodesLeft'),
  )
const SETUP_TOKEN = 'setup_token'

export const adminExists = (db: Db): boolean =>
  first(db, sql.selectFrom('operator').select('id').where('role', '=', 'administrator').limit(1)) !== undefined
/** Of any status. */
export const operatorByLogin = (db: Db, login: string): AccountRow | undefined =>
  first(db, accountQuery.where('o.login', '=', login))
export const operatorById = (db: Db, id: string): AccountRow | undefined =>
  first(db, accountQuery.where('o.id', '=', id))
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
      .set(o => ({ person: person?.id ?? null, revision: o('revision', '+', 1) }))
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
export const BROWSER_KEY = 'browser_key'
/** Made when the database was; it is never told. */
export const browserKey = (db: Db): string => meta(db, BROWSER_KEY) ?? ''
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
        .values({ ...rest, password_hash: passwordHash, password_at: createdAt, created_at: createdAt })
        .onConflict(c => c.column('login').doNothing()),
    ) === 1
  )
}
