/** Browsers that stand beside a reader, by hash of what their cookie holds. */
import { all, type Db, first, lookUp, run, sql } from './sql.ts'

export interface StationRow {
  readonly id: string
  readonly name: string
  /** Of the site, by id. */
  readonly accessPoint: string
  /** 0 or 1. */
  readonly paired: number
  readonly codeExpiresAt: number | null
  readonly createdAt: number
  /** Pseudonym of the operator. */
  readonly createdBy: string
  readonly pairedAt: number | null
  readonly expiresAt: number | null
  readonly usedAt: number | null
}
const rows = sql
  .selectFrom('station')
  .select([
    ...(['id', 'name', 'access_point as accessPoint', 'code_expires_at as codeExpiresAt'] as const),
    ...(['created_at as createdAt', 'created_by as createdBy', 'paired_at as pairedAt'] as const),
    ...(['expires_at as expiresAt', 'used_at as usedAt'] as const),
  ])
  .select(q => q('hash', 'is not', null).$castTo<number>().as('paired'))

export const stations = (db: Db): StationRow[] => all(db, rows.orderBy('name').orderBy('id'))
export const station = (db: Db, id: string): StationRow | undefined => first(db, rows.where('id', '=', id))
const byHash = lookUp(rows.where('hash', '=', '').where('expires_at', '>', 0))
/** Asked at every look of every workstation. */
export const stationOf = (db: Db, hash: string, at: number): StationRow | undefined => {
  const found = byHash(db, hash, 0)
  return found && (found.expiresAt ?? 0) > at ? found : undefined
}

export interface NewStation {
  readonly id: string
  readonly name: string
  readonly accessPoint: string
  readonly by: string
}
export interface Code {
  /** SHA-256, base64url. */
  readonly hash: string
  readonly expiresAt: number
}
export function addStation(db: Db, { id, name, accessPoint, by }: NewStation, code: Code, at: number): void {
  const row = { id, name, access_point: accessPoint, created_at: at, created_by: by }
  run(db, sql.insertInto('station').values({ ...row, code_hash: code.hash, code_expires_at: code.expiresAt }))
}
/** In place of any before it. Whoever is paired stays so until it is used. @returns false if there is no such station */
export const setCode = (db: Db, id: string, by: string, { hash, expiresAt }: Code): boolean =>
  run(
    db,
    sql
      .updateTable('station')
      .set({ code_hash: hash, code_expires_at: expiresAt, created_by: by })
      .where('id', '=', id),
  ) === 1
export const byCode = (db: Db, codeHash: string, at: number): StationRow | undefined =>
  first(db, rows.where('code_hash', '=', codeHash).where('code_expires_at', '>', at))
/** The code is used up; what was paired before is so no longer. */
export function pair(db: Db, id: string, hash: string, at: number, expiresAt: number): void {
  const paired = { hash, paired_at: at, expires_at: expiresAt, code_hash: null, code_expires_at: null }
  run(db, sql.updateTable('station').set(paired).where('id', '=', id))
}
export const stationUsed = (db: Db, id: string, at: number): number =>
  run(db, sql.updateTable('station').set({ used_at: at }).where('id', '=', id))
export const removeStation = (db: Db, id: string): boolean =>
  run(db, sql.deleteFrom('station').where('id', '=', id)) === 1
