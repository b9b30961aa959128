/** The whole registry in one consistent read: what the hub keeps in memory to decide from. */
import { operators } from './accounts.ts'
import { type CertificateRow, certificates, type DeviceRow, devices } from './devices.ts'
import { type ItemKind, items, revision, type Subject, siteId, subjects } from './site.ts'
import type { Db } from './sql.ts'

export interface Registry {
  readonly revision: number
  readonly siteId: string
  readonly items: readonly { readonly kind: ItemKind; readonly id: string; readonly body: string }[]
  readonly subjects: readonly Subject[]
  readonly operators: readonly { readonly id: string; readonly name: string; readonly role: string }[]
  readonly devices: readonly DeviceRow[]
  readonly certificates: readonly CertificateRow[]
}

/** One read transaction: another process may be writing. */
export function readRegistry(db: Db): Registry {
  return db
    .transaction(() => ({
      revision: revision(db),
      siteId: siteId(db),
      items: items(db),
      subjects: subjects(db),
      operators: operators(db),
      devices: devices(db),
      certificates: certificates(db),
    }))
    .deferred()
}

export { meta, revision } from './site.ts'
