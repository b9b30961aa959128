/** Devices, their certificates, and one-time enrolment codes (kept as hashes). */
import { VigieError } from '../errors.ts'
import { bumpDevices } from './site.ts'
import { all, type Db, first, run, sql } from './sql.ts'

export type DeviceStatus = 'declared' | 'enrolled' | 'revoked'
export interface DeviceRow {
  readonly id: string
  readonly model: string
  readonly name: string
  readonly status: DeviceStatus
  readonly origin: string
  readonly addedAt: number
}
export interface CertificateRow {
  readonly serial: string
  readonly device: string
  readonly notBefore: number
  readonly notAfter: number
  readonly fingerprint: string
  readonly issuedAt: number
  readonly revokedAt: number | null
  readonly reason: string | null
  /** A password's hash stands as `fingerprint`; `password-plain` also counts where the connection is not encrypted. */
  readonly kind: CredentialKind
}
export const CREDENTIALS = ['certificate', 'password', 'password-plain'] as const
export type CredentialKind = (typeof CREDENTIALS)[number]

const deviceColumns = ['id', 'model', 'name', 'status', 'origin', 'added_at as addedAt'] as const
const certificateColumns = [
  'serial',
  'device',
  'not_before as notBefore',
  'not_after as notAfter',
  'fingerprint',
  'issued_at as issuedAt',
  'revoked_at as revokedAt',
  'reason',
  'kind',
] as const

const DAY_MS = 86_400_000
/** How long a certificate's row outlives it. */
const KEPT_MS = 30 * DAY_MS
/** Certificates a device may hold by its own renewing that are not yet due for renewal. */
const MOST_RENEWALS = 4

export const devices = (db: Db): DeviceRow[] =>
  all(db, sql.selectFrom('device').select(deviceColumns).orderBy('id')) as DeviceRow[]
export const device = (db: Db, id: string): DeviceRow | undefined =>
  first(db, sql.selectFrom('device').select(deviceColumns).where('id', '=', id)) as DeviceRow | undefined
export const certificates = (db: Db, of?: string): CertificateRow[] => {
  const query = sql.selectFrom('certificate').select(certificateColumns).orderBy('issued_at').orderBy('serial')
  return all(db, of === undefined ? query : query.where('device', '=', of)) as CertificateRow[]
}
export const certificate = (db: Db, serial: string): CertificateRow | undefined =>
  first(db, sql.selectFrom('certificate').select(certificateColumns).where('serial', '=', serial)) as
    | CertificateRow
    | undefined

/** True if this certificate is known, the device's own, neither revoked nor expired. */
export function speaksFor(db: Db, serial: string, of: string, now: number): boolean {
  const row = certificate(db, serial)
  return row?.device === of && row.revokedAt === null && now < row.notAfter
}

/**
 * A device that renews in a loop stops at four certificates with more than a third of their life left. Those nearer their
 * end don't count, so that it can always renew in time. Nor do those that a clock running ahead has dated in the future.
 * @throws VigieError renewal-too-early, with the seconds until it may and the date when that is
 */
export function checkRenewal(db: Db, of: string, now: number): void {
  const due = certificates(db, of)
    .filter(c => c.revokedAt === null && c.issuedAt <= now)
    .map(c => c.notAfter - (c.notAfter - c.issuedAt) / 3)
    .filter(at => at > now)
    .sort((a, b) => b - a)
  const again = due[MOST_RENEWALS - 1]
  if (again === undefined) return
  const seconds = Math.ceil((again - now) / 1000)
  const date = `${new Date(now + seconds * 1000).toISOString().slice(0, 19)}Z`
  throw new VigieError('renewal-too-early', { device: of, count: due.length, date, seconds })
}

/** Revoked and not expired: what the revocation list has to name. Passwords are on no such list. */
export const revoked = (db: Db, now: number): { serial: string; revokedAt: number; reason: string }[] =>
  certificates(db).flatMap(c =>
    c.revokedAt === null || c.notAfter <= now || c.kind !== 'certificate'
      ? []
      : [{ serial: c.serial, revokedAt: c.revokedAt, reason: c.reason ?? '' }],
  )

export function addDevice(db: Db, row: { id: string; model: string; name: string; at: number }): void {
  const { at, ...rest } = row
  const values = { ...rest, status: 'declared', origin: 'cli', added_at: at }
  run(
    db,
    sql
      .insertInto('device')
      .values(values)
      .onConflict(c => c.column('id').doUpdateSet({ model: row.model, status: 'declared' })),
  )
  bumpDevices(db, at)
}

export type NewCertificate = Pick<CertificateRow, 'serial' | 'device' | 'notBefore' | 'notAfter' | 'fingerprint'> & {
  readonly issuedAt: number
  /** Default: certificate. */
  readonly kind?: CredentialKind
}

/**
 * Stores a certificate; the device is enrolled from here on. `fresh` means new hardware or a reset one: its sequence
 * numbers start again, and certificates it held before are revoked as superseded. Rows of the device's own that expired
 * long ago go; not the revoked ones, which tell the generations of its hardware apart.
 */
export function addCertificate(db: Db, cert: NewCertificate, fresh: boolean): void {
  if (fresh) {
    run(db, sql.deleteFrom('inbox').where('device', '=', cert.device))
    revokeCertificates(db, cert.device, cert.issuedAt, 'superseded')
  }
  const old = sql.deleteFrom('certificate').where('device', '=', cert.device).where('revoked_at', 'is', null)
  run(db, old.where('not_after', '<', cert.issuedAt - KEPT_MS))
  run(
    db,
    sql.insertInto('certificate').values({
      serial: cert.serial,
      device: cert.device,
      not_before: cert.notBefore,
      not_after: cert.notAfter,
      fingerprint: cert.fingerprint,
      issued_at: cert.issuedAt,
      revoked_at: null,
      reason: null,
      kind: cert.kind ?? 'certificate',
    }),
  )
  run(db, sql.updateTable('device').set({ status: 'enrolled' }).where('id', '=', cert.device))
  bumpDevices(db, cert.issuedAt)
}

function revokeCertificates(db: Db, of: string, at: number, reason: string): number {
  return run(
    db,
    sql
      .updateTable('certificate')
      .set({ revoked_at: at, reason })
      .where('device', '=', of)
      .where('revoked_at', 'is', null),
  )
}

/** @returns how many certificates this revoked. @throws VigieError device-unknown */
export function revokeDevice(db: Db, id: string, at: number, reason: string): number {
  if (run(db, sql.updateTable('device').set({ status: 'revoked' }).where('id', '=', id)) === 0)
    throw new VigieError('device-unknown', { device: id })
  run(db, sql.deleteFrom('enrol_code').where('device', '=', id))
  const count = revokeCertificates(db, id, at, reason)
  bumpDevices(db, at)
  return count
}

/** A new code replaces the device's older ones. Only its hash comes here. */
export function addCode(db: Db, of: string, hash: string, expiresAt: number): void {
  run(db, sql.deleteFrom('enrol_code').where('device', '=', of))
  run(db, sql.insertInto('enrol_code').values({ hash, device: of, expires_at: expiresAt, used_at: null }))
}

/** The device's unused code, if it has one. */
export const code = (db: Db, of: string): { hash: string; expiresAt: number } | undefined =>
  first(
    db,
    sql
      .selectFrom('enrol_code')
      .select(['hash', 'expires_at as expiresAt'])
      .where('device', '=', of)
      .where('used_at', 'is', null),
  )

/** @returns false if it is unknown, another device's, used or expired */
export function useCode(db: Db, of: string, hash: string, now: number): boolean {
  const query = sql.updateTable('enrol_code').set({ used_at: now }).where('hash', '=', hash).where('device', '=', of)
  return run(db, query.where('used_at', 'is', null).where('expires_at', '>', now)) === 1
}
