/**
 * Enrolment and the registry brought together: shared by the hub (where writes go to the writer thread) and the command
 * line (where they happen in its own process). Composition only; what happens stands in flows/device-enrolled.ts.
 */
import type { EnrolmentPorts } from '../flows/device-enrolled.ts'
import type { Authority } from '../pki/authority.ts'
import { certificate, code, device } from '../record/devices.ts'
import type { OpArgs, OpName, OpResult } from '../record/ops.ts'
import type { Db } from '../record/sql.ts'

const DAY_MS = 86_400_000

export type PerformOp = <N extends OpName>(name: N, args: OpArgs<N>) => OpResult<N> | Promise<OpResult<N>>

export interface EnrolmentNeeds {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  readonly authority: Authority
  readonly config: { readonly certificateDays: number; readonly certificateSeconds: number }
  readonly now: () => number
}

/** Life of a device or server certificate, milliseconds. */
export const certificateLifeMs = (c: EnrolmentNeeds['config']): number =>
  c.certificateSeconds > 0 ? c.certificateSeconds * 1000 : c.certificateDays * DAY_MS

export function enrolmentPorts({ db, op, authority, config, now }: EnrolmentNeeds): EnrolmentPorts {
  return {
    authority,
    now,
    lifeMs: certificateLifeMs(config),
    registry: {
      device: id => revocable(device(db, id)),
      code: of => code(db, of),
      certificate: serial => {
        const row = certificate(db, serial)
        return row && { device: row.device, notAfter: row.notAfter, revoked: row.revokedAt !== null }
      },
      recordCertificate: (event, issued, proof) =>
        op('addCertificate', {
          at: now(),
          certificate: { ...issued, issuedAt: now() },
          fresh: event.kind === 'device.enrolled',
          event,
          ...proof,
        }),
    },
  }
}

/** What the flows need to know of a device row. */
export const revocable = (row: { readonly status: string } | undefined) => row && { revoked: row.status === 'revoked' }
