/** What operators prove themselves with beside a password, and the one-time links that begin an account. */
import { all, type Db, first, run, sql } from './sql.ts'

export interface PasskeyRow {
  readonly id: string
  readonly operator: string
  readonly publicKey: Buffer
  readonly counter: number
  /** JSON list. */
  readonly transports: string
  readonly name: string
  readonly createdAt: number
  readonly usedAt: number | null
}

const passkeyQuery = sql
  .selectFrom('passkey')
  .select([
    'id',
    'operator',
    'public_key as publicKey',
    'counter',
    'transports',
    'name',
    'created_at as createdAt',
    'used_at as usedAt',
  ])
/** Oldest first. */
export const passkeysOf = (db: Db, operator: string): PasskeyRow[] =>
  all(db, passkeyQuery.where('operator', '=', operator).orderBy('created_at').orderBy('id'))
export const passkeyOwner = (db: Db, id: string): string | undefined =>
  first(db, sql.selectFrom('passkey').select('operator').where('id', '=', id))?.operator

/** @returns false if some account has it already */
export function addPasskey(db: Db, { publicKey, createdAt, usedAt, ...rest }: PasskeyRow): boolean {
  const row = { ...rest, public_key: publicKey, created_at: createdAt, used_at: usedAt }
  const insert = sql.insertInto('passkey').values(row)
  return (
    run(
      db,
      insert.onConflict(c => c.column('id').doNothing()),
    ) === 1
  )
}
export const removePasskey = (db: Db, operator: string, id: string): boolean =>
  run(db, sql.deleteFrom('passkey').where('operator', '=', operator).where('id', '=', id)) === 1
/** Counters only ever rise. */
export const passkeyUsed = (db: Db, id: string, counter: number, at: number): number =>
  run(db, sql.updateTable('passkey').set({ counter, used_at: at }).where('id', '=', id).where('counter', '<=', counter))

export const setPassword = (db: Db, id: string, passwordHash: string, at: number): number =>
  run(db, sql.updateTable('operator').set({ password_hash: passwordHash, password_at: at }).where('id', '=', id))

/** `step`: of the code that proved the secret, used up. */
export const setTotp = (db: Db, id: string, totp: { secret: string; step: number } | undefined): number =>
  run(
    db,
    sql
      .updateTable('operator')
      .set({ totp_secret: totp?.secret ?? null, totp_step: totp?.step ?? null })
      .where('id', '=', id),
  )
/** @returns false if that step, or a later one, was used already */
export const useTotpStep = (db: Db, id: string, step: number): boolean =>
  run(
    db,
    sql
      .updateTable('operator')
      .set({ totp_step: step })
      .where('id', '=', id)
      .where(w => w.or([w('totp_step', 'is', null), w('totp_step', '<', step)])),
  ) === 1

/** In place of all there were. */
export function setRecoveryCodes(db: Db, operator: string, hashes: readonly string[]): void {
  run(db, sql.deleteFrom('recovery_code').where('operator', '=', operator))
  if (hashes.length > 0) run(db, sql.insertInto('recovery_code').values(hashes.map(hash => ({ hash, operator }))))
}
export const hasRecoveryCode = (db: Db, operator: string, hash: string): boolean =>
  first(
    db,
    sql.selectFrom('recovery_code').select('hash').where('operator', '=', operator).where('hash', '=', hash),
  ) !== undefined
/** @returns false if there is no such code any more */
export const useRecoveryCode = (db: Db, operator: string, hash: string): boolean =>
  run(db, sql.deleteFrom('recovery_code').where('operator', '=', operator).where('hash', '=', hash)) === 1

/** Everything an account proves itself with; its sessions are another matter. */
export function forgetFactors(db: Db, operator: string): void {
  setTotp(db, operator, undefined)
  run(db, sql.deleteFrom('passkey').where('operator', '=', operator))
  setRecoveryCodes(db, operator, [])
}

/** A new link for an account, in place of any there was. */
export function setInvitation(db: Db, link: { hash: string; operator: string; expiresAt: number }): void {
  run(db, sql.deleteFrom('invitation').where('operator', '=', link.operator))
  const { hash, operator, expiresAt } = link
  run(db, sql.insertInto('invitation').values({ hash, operator, expires_at: expiresAt }))
}
/** The account that a link is for: none past its term (exclusive), none where the account has ended since. */
export const invitedBy = (db: Db, hash: string, at: number): string | undefined =>
  first(
    db,
    sql
      .selectFrom('invitation as i')
      .innerJoin('operator as o', 'o.id', 'i.operator')
      .select('o.id')
      .where('i.hash', '=', hash)
      .where('i.expires_at', '>', at)
      .where('o.status', '!=', 'disabled'),
  )?.id
/** @returns the account, now active with this password; undefined, and nothing changed, if the link is no longer good */
export function acceptInvitation(
  db: Db,
  wish: { tokenHash: string; passwordHash: string; at: number },
): string | undefined {
  const id = invitedBy(db, wish.tokenHash, wish.at)
  if (id === undefined) return undefined
  run(db, sql.deleteFrom('invitation').where('operator', '=', id))
  setPassword(db, id, wish.passwordHash, wish.at)
  run(db, sql.updateTable('operator').set({ status: 'active' }).where('id', '=', id))
  return id
}
export const signedIn = (db: Db, id: string, at: number): number =>
  run(db, sql.updateTable('operator').set({ signed_in_at: at }).where('id', '=', id))
