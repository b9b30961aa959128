/** What was revoked after a backup was made is revoked in the restored database before anything can start with it. */
import { markRevoked } from './grants.ts'
import type { OpContext } from './op-context.ts'
import { type Revocation, readRevocation, revocations } from './revocations.ts'
import { bump, bumpDevices, item, putItems, uidOf } from './site.ts'
import { all, run, sql } from './sql.ts'

const REASON = 'revoked before the restore'

/**
 * Within the caller's transaction. What the backup does not know, a badge or a device added after it, is nothing to revoke.
 * @param lines canonical; at restore time @param at ms
 * @returns how many of them the backup had as good
 */
export function revokeAll(c: OpContext, lines: readonly string[], at: number): number {
  const known = new Set(revocations(c.db))
  const wanted = lines.filter(line => !known.has(line)).flatMap(line => readRevocation(line) ?? [])
  const badges = wanted.filter(r => r.kind === 'badge').filter(r => revokeBadge(c, r.pseudonym, at)).length
  const devices = wanted.filter(r => r.kind === 'device')
  const certificates = devices.filter(r => revokeCertificate(c, r, at)).length
  if (certificates > 0) closeDevices(c, devices, at)
  const grants = wanted.filter(r => r.kind === 'grant').filter(r => revokeGrant(c, r.id, at)).length
  return badges + certificates + grants
}

function revokeBadge(c: OpContext, pseudonym: string, at: number): boolean {
  const uid = uidOf(c.db, pseudonym)
  const stored = uid === undefined ? undefined : item(c.db, 'badge', uid)
  if (!stored) return false
  const badge = JSON.parse(stored.body) as object
  putItems(c.db, [{ kind: 'badge', id: stored.id, body: JSON.stringify({ ...badge, status: 'revoked' }) }], at)
  return true
}

function revokeCertificate({ db }: OpContext, { id, serial }: Revocation & { kind: 'device' }, at: number): boolean {
  const query = sql.updateTable('certificate').set({ revoked_at: at, reason: REASON })
  return run(db, query.where('serial', '=', serial).where('device', '=', id).where('revoked_at', 'is', null)) > 0
}

/** A device that has no good certificate left has to be enrolled by a person. */
function closeDevices({ db }: OpContext, revoked: readonly (Revocation & { kind: 'device' })[], at: number): void {
  for (const id of new Set(revoked.map(r => r.id))) {
    const good = sql.selectFrom('certificate').select('serial').where('device', '=', id).where('revoked_at', 'is', null)
    if (all(db, good.limit(1)).length === 0)
      run(db, sql.updateTable('device').set({ status: 'revoked' }).where('id', '=', id))
  }
  bumpDevices(db, at)
}

function revokeGrant({ db }: OpContext, id: string, at: number): boolean {
  const stands = sql.selectFrom('access_grant').select('id').where('id', '=', id).where('revoked_at', 'is', null)
  if (all(db, stands).length === 0) return false
  markRevoked(db, id, at, bump(db, at))
  return true
}
