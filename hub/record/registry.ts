/** The registry in one consistent read, whole or what has changed: what the hub keeps in memory to decide from. */

import type { Grant, SituationChange } from '../ports.ts'
import { type OperatorView, operators } from './accounts.ts'
import { type CertificateRow, certificates, type DeviceRow, devices } from './devices.ts'
import { forgottenSince } from './forgetting.ts'
import { type GrantChange, grants, grantsSince } from './grants.ts'
import {
  devicesRevision,
  type ItemChange,
  items,
  itemsSince,
  revision,
  type StoredItem,
  type Subject,
  siteId,
  subjects,
  subjectsNamed,
  subjectsOf,
} from './site.ts'
import { actsSince, situations } from './situations.ts'
import type { Db } from './sql.ts'

export interface Registry {
  readonly revision: number
  readonly siteId: string
  readonly items: readonly StoredItem[]
  readonly subjects: readonly Subject[]
  readonly operators: readonly OperatorView[]
  readonly devices: readonly DeviceRow[]
  readonly certificates: readonly CertificateRow[]
  /** In force, to come, or ended within 24 h. */
  readonly grants: readonly Grant[]
  /** Everything that is going on; each with its value. */
  readonly situations: readonly SituationChange[]
}

export interface RegistryChanges {
  readonly revision: number
  readonly siteId: string
  /** Put or altered; withdrawn where there is no body. */
  readonly items: readonly ItemChange[]
  /** Of the people and badges among these items, and of those that stand for nobody any more. */
  readonly subjects: readonly Subject[]
  /** All of them: there are few. */
  readonly operators: readonly OperatorView[]
  readonly grants: readonly GrantChange[]
  /** What operators' acts wrote; without a value where they took it away. */
  readonly situations: readonly SituationChange[]
  /** All of them, if any device or certificate has changed. */
  readonly hardware?: { readonly devices: readonly DeviceRow[]; readonly certificates: readonly CertificateRow[] }
}

/** One read transaction: another process may be writing. @param now milliseconds since 1970: which grants are long over */
export function readRegistry(db: Db, now = Date.now()): Registry {
  return db
    .transaction(() => ({
      revision: revision(db),
      siteId: siteId(db),
      items: items(db),
      subjects: subjects(db),
      operators: operators(db),
      devices: devices(db),
      certificates: certificates(db),
      grants: grants(db, now),
      situations: situations(db),
    }))
    .deferred()
}

/** What has changed after revision `since`, in one read transaction; its cost grows with the changes, not with the site. */
export function readChanges(db: Db, since: number): RegistryChanges {
  return db
    .transaction(() => {
      const changed = itemsSince(db, since)
      return {
        revision: revision(db),
        siteId: siteId(db),
        items: changed,
        subjects: [...subjectsOf(db, changed), ...subjectsNamed(db, forgottenSince(db, since))],
        operators: operators(db),
        grants: grantsSince(db, since),
        situations: actsSince(db, since),
        ...(devicesRevision(db) > since ? { hardware: { devices: devices(db), certificates: certificates(db) } } : {}),
      }
    })
    .deferred()
}

export { item, itemsSince, meta, revision } from './site.ts'
