/**
 * Everything that changes the registry, by name: the hub runs these in its writer thread, the CLI in its own process.
 * Each is one transaction together with the journal rows that tell of it, so that nothing changes unrecorded.
 */
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import * as accounts from './accounts.ts'
import type { Appender, Row } from './chain.ts'
import * as devices from './devices.ts'
import { answerKey, recentAnswers } from './reading.ts'
import * as site from './site.ts'
import { type Db, transaction } from './sql.ts'

export interface OpContext {
  readonly db: Db
  readonly appender: Appender
}

const append = (c: OpContext, at: number, event: VigieEvent): number =>
  c.appender.append([{ at, kind: event.kind, body: JSON.stringify(event), inbox: [] }])

export const OPS = {
  record: (c: OpContext, a: { at: number; event: VigieEvent }) => append(c, a.at, a.event),

  /** @returns for each row its seq, or undefined where the journal holds it already */
  drain: (c: OpContext, a: { rows: readonly Row[] }) => {
    const known = recentAnswers(c.db)
    return a.rows.map(row => (known.has(answerKey(row)) ? undefined : c.appender.append([row])))
  },

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
    if (site.revision(c.db) !== a.base) throw new VigieError('site-changed')
    if (a.siteId !== undefined) site.setMeta(c.db, 'site_id', a.siteId)
    for (const id of a.withdrawn) devices.revokeDevice(c.db, id, a.at, 'withdrawn')
    const revision = site.putItems(c.db, a.changes, a.at)
    for (const event of a.events) append(c, a.at, event.kind === 'rights.changed' ? { ...event, revision } : event)
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
    append(c, a.at, a.event)
    return true
  },

  revokeDevice: (c: OpContext, a: { at: number; id: string; reason: string; event: VigieEvent }) => {
    const count = devices.revokeDevice(c.db, a.id, a.at, a.reason)
    append(c, a.at, a.event)
    return count
  },

  /** One-time code for enrolment: who holds it can become the device, so that it was made is a row. */
  addCode: (c: OpContext, a: { at: number; device: string; hash: string; expiresAt: number }) => {
    devices.addCode(c.db, a.device, a.hash, a.expiresAt)
    return append(c, a.at, { kind: 'device.code', device: a.device })
  },

  createFirstOperator: (c: OpContext, a: { operator: accounts.OperatorRow; setupTokenHash: string }) => {
    const created = accounts.createFirstOperator(c.db, a.operator, a.setupTokenHash)
    if (created) append(c, a.operator.createdAt, { kind: 'operator.created', operator: a.operator.id })
    return created
  },
  keepSetupToken: (c: OpContext, a: { hash: string }) => accounts.keepSetupToken(c.db, a.hash),
  createSession: (c: OpContext, a: accounts.SessionRow) => accounts.createSession(c.db, a),
  touchSession: (c: OpContext, a: { hash: string; seenAt: number }) => accounts.touchSession(c.db, a.hash, a.seenAt),
  endSession: (c: OpContext, a: { hash: string }) => accounts.endSession(c.db, a.hash),
  endSessionsOf: (c: OpContext, a: { operator: string }) => accounts.endSessionsOf(c.db, a.operator),

  /** The hub's answer to a changed registry: from now on it decides by this revision. */
  acknowledge: (c: OpContext, a: { revision: number; at: number; cut: number }) =>
    site.setMeta(c.db, 'applied', JSON.stringify(a)),
} as const

export type OpName = keyof typeof OPS
export type OpArgs<N extends OpName> = Parameters<(typeof OPS)[N]>[1]
export type OpResult<N extends OpName> = ReturnType<(typeof OPS)[N]>

export function perform<N extends OpName>(context: OpContext, name: N, args: OpArgs<N>): OpResult<N> {
  const op = OPS[name] as (c: OpContext, a: OpArgs<N>) => OpResult<N>
  return transaction(context.db, () => op(context, args))
}
