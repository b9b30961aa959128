/**
 * Everything that changes the registry, by name: the hub runs these in its writer thread, the CLI in its own process.
 * Each is one transaction together with the journal rows that tell of it, so that nothing changes unrecorded.
 */
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import type { SituationChange } from '../ports.ts'
import { BACKUP_OPS } from './backups-made.ts'
import type { Row } from './chain.ts'
import { departed } from './departed.ts'
import * as devices from './devices.ts'
import { doorsAt, doorsMoved, forgetDoors } from './doors.ts'
import { leaveDrained } from './leaving.ts'
import { loseBadge } from './lost.ts'
import { append, type OpContext, tell } from './op-context.ts'
import { ACCOUNT_OPS } from './ops-accounts.ts'
import { APPROVAL_OPS } from './ops-approvals.ts'
import { EVIDENCE_OPS } from './ops-evidence.ts'
import { EXPORT_OPS } from './ops-exports.ts'
import { FORWARDING_OPS } from './ops-forwarding.ts'
import { INCIDENT_OPS } from './ops-incidents.ts'
import { MOVEMENT_OPS } from './ops-movements.ts'
import { OPERATOR_OPS } from './ops-operators.ts'
import { PRIVACY_OPS } from './ops-privacy.ts'
import { PROVIDER_OPS } from './ops-provider.ts'
import { RIGHTS_OPS } from './ops-rights.ts'
import { SCIM_OPS } from './ops-scim.ts'
import { SEARCH_OPS } from './ops-search.ts'
import { STATION_OPS } from './ops-stations.ts'
import { TENANT_OPS } from './ops-tenants.ts'
import { TOKEN_OPS } from './ops-tokens.ts'
import { VISIT_OPS } from './ops-visits.ts'
import { WEBHOOK_OPS } from './ops-webhooks.ts'
import { answerKey, recentAnswers } from './reading.ts'
import { needRoom, ROOM_OPS } from './room.ts'
import * as site from './site.ts'
import { forgetEnded, situationRow } from './situations.ts'
import { transaction } from './sql.ts'

export type { OpContext } from './op-context.ts'

export const OPS = {
  record: (c: OpContext, a: { at: number; event: VigieEvent }) => append(c, a.at, a.event),

  /**
   * A row that the journal holds already has its situations there too. Those of the others give way to what is newer.
   * Who left, and a badge that was reported lost, while nothing could be written become so in the same commit as the row.
   * @returns for each row its seq, or undefined where the journal holds it already
   */
  drain: (c: OpContext, a: { rows: readonly Row[] }) => {
    needRoom(c.db)
    const known = recentAnswers(c.db, new Set(a.rows.map(r => r.kind)))
    return a.rows.map(({ situations, ...row }) => {
      if (known.has(answerKey(row))) return undefined
      if (situations) c.appender.situations.writeDrained(situations, row.at)
      if (row.kind === 'badge.lost') loseBadge(c, row)
      if (row.kind === 'person.departed') leaveDrained(c, row)
      return c.appender.append([row])
    })
  },

  /** @throws VigieError site-changed if an item, a device or a certificate has changed since `base` */
  applySite: (
    c: OpContext,
    a: {
      at: number
      changes: readonly site.Item[]
      /** The revision the changes were worked out from. */
      base: number
      siteId?: string
      withdrawn: readonly string[]
      events: readonly VigieEvent[]
    },
  ) => {
    if (site.siteChangedSince(c.db, a.base)) throw new VigieError('site-changed')
    if (a.siteId !== undefined) site.setMeta(c.db, 'site_id', a.siteId)
    const doors = [...doorsAt(c.db, a.withdrawn), ...doorsMoved(c.db, a.changes)]
    for (const id of a.withdrawn) devices.revokeDevice(c.db, id, a.at, 'withdrawn')
    const revision = site.putItems(c.db, a.changes, a.at)
    forgetDoors(c, doors, a.at)
    departed(c, { ...a, revision, by: originOf(a.events) })
    tell(c, a.at, a.events, revision)
    return revision
  },

  addDevice: (c: OpContext, a: { at: number; id: string; model: string; name: string }) => {
    devices.addDevice(c.db, a)
    return append(c, a.at, { kind: 'device.added', device: a.id })
  },

  /**
   * @param a.presented serial of the certificate that vouches for a renewal
   * @returns false, with nothing written, if the code was used, or that certificate or the device revoked in the meantime
   * @throws VigieError renewal-too-early
   */
  addCertificate: (
    c: OpContext,
    a: {
      at: number
      certificate: devices.NewCertificate
      fresh: boolean
      codeHash?: string
      presented?: string
      event: VigieEvent
    },
  ) => {
    const { device } = a.certificate
    if (devices.device(c.db, device)?.status === 'revoked') return false
    if (a.presented !== undefined) {
      if (!devices.speaksFor(c.db, a.presented, device, a.at)) return false
      devices.checkRenewal(c.db, device, a.at)
    }
    if (a.codeHash !== undefined && !devices.useCode(c.db, device, a.codeHash, a.at)) return false
    devices.addCertificate(c.db, a.certificate, a.fresh)
    if (a.fresh) forgetDoors(c, doorsAt(c.db, [device]), a.at)
    append(c, a.at, a.event)
    return true
  },

  revokeDevice: (c: OpContext, a: { at: number; id: string; reason: string; event: VigieEvent }) => {
    const count = devices.revokeDevice(c.db, a.id, a.at, a.reason)
    forgetDoors(c, doorsAt(c.db, [a.id]), a.at)
    append(c, a.at, a.event)
    return count
  },

  /** One-time code for enrolment: who holds it can become the device, so that it was made is a row. */
  addCode: (c: OpContext, a: { at: number; device: string; hash: string; expiresAt: number }) => {
    devices.addCode(c.db, a.device, a.hash, a.expiresAt)
    return append(c, a.at, { kind: 'device.code', device: a.device })
  },

  /** The hub's answer to a changed registry: from now on it decides by this revision. */
  acknowledge: (c: OpContext, a: { revision: number; at: number; cut: number }) => {
    site.setMeta(c.db, 'applied', JSON.stringify(a))
    forgetEnded(c.db, a.at, a.revision)
  },

  /**
   * Situations of the hub's own that end without anything to tell, such as a place that was kept for a while.
   * @param a.seen the revision whose acts the hub knew when it decided this
   */
  settle: (c: OpContext, a: { at: number; seen: number; situations: readonly SituationChange[] }) =>
    c.appender.situations.write({ seen: a.seen, rows: a.situations.map(situationRow) }, a.at),

  ...ACCOUNT_OPS,
  ...APPROVAL_OPS,
  ...EVIDENCE_OPS,
  ...EXPORT_OPS,
  ...FORWARDING_OPS,
  ...INCIDENT_OPS,
  ...MOVEMENT_OPS,
  ...OPERATOR_OPS,
  ...PRIVACY_OPS,
  ...PROVIDER_OPS,
  ...RIGHTS_OPS,
  ...BACKUP_OPS,
  ...ROOM_OPS,
  ...SCIM_OPS,
  ...SEARCH_OPS,
  ...STATION_OPS,
  ...TENANT_OPS,
  ...TOKEN_OPS,
  ...VISIT_OPS,
  ...WEBHOOK_OPS,
} as const

const originOf = (events: readonly VigieEvent[]): string =>
  events.find(e => e.kind === 'rights.changed')?.origin ?? 'site'

export type OpName = keyof typeof OPS
export type OpArgs<N extends OpName> = Parameters<(typeof OPS)[N]>[1]
export type OpResult<N extends OpName> = ReturnType<(typeof OPS)[N]>

export function perform<N extends OpName>(context: OpContext, name: N, args: OpArgs<N>): OpResult<N> {
  const op = OPS[name] as (c: OpContext, a: OpArgs<N>) => OpResult<N>
  return transaction(context.db, () => op(context, args))
}
