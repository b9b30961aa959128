/**
 * The contract of connected applications (tenants): REST shapes, types only. Part of hub/api.ts. Times are milliseconds
 * since 1970, UTC. An application sends `Authorization: Bearer vigie_t_...`; it has a scope and no role.
 */
import type { Grant } from './access/grants.ts'
import type { TenantScope } from './rules/tenant-scope.ts'

export type { TenantKind, TenantPeople, TenantScope } from './rules/tenant-scope.ts'

/** POST /api/v1/tenants. */
export interface TenantRegistration {
  /** Stands in the journal, as `tenant:<id>`. */
  readonly id: string
  readonly name: string
  readonly scope: TenantScope
  /** Of its token: at most 366 days ahead. */
  readonly expiresAt: number
}
/** GET /api/v1/tenants/:id, with an ETag of `revision`. */
export interface TenantView extends TenantRegistration {
  readonly status: 'active' | 'cut-off'
  readonly createdAt: number
  /** Who registered it, by name. */
  readonly by?: string
  readonly usedAt?: number
  readonly cutOffAt?: number
  /** Grants of its that have not ended. */
  readonly grants: number
  readonly revision: number
}
/** GET /api/v1/tenants. */
export interface TenantList {
  readonly tenants: readonly TenantView[]
}
/** `token` is shown once: `vigie_t_` and 43 characters. Also of POST /api/v1/tenants/:id/token, which ends the one before. */
export interface TenantTokenMade {
  readonly token: string
  readonly tenant: TenantView
}
/** PATCH /api/v1/tenants/:id with If-Match. Its grants that a narrower scope would not allow end. */
export interface TenantChange {
  readonly name?: string
  readonly scope?: TenantScope
  /** In words of whoever changes it; in the journal. */
  readonly reason: string
}
/** POST /api/v1/tenants/:id/token. */
export interface TenantTokenRequest {
  readonly expiresAt: number
}
/** POST /api/v1/tenants/:id/cut-off: its token, grants, streams and webhooks end at once. */
export interface TenantCutOff {
  readonly reason: string
}
export interface TenantCutOffDone {
  readonly tenant: TenantView
  /** Grants that ended with it. */
  readonly grants: number
}
/** GET /api/v1/tenant: what an application may do, as it is told itself. */
export interface OwnTenant extends TenantRegistration {
  readonly grants: number
}

/** POST /api/v1/grants, many at once: 1 to 500. */
export interface GrantsRequest {
  readonly grants: readonly Omit<Grant, 'id' | 'by'>[]
}
/** Answer to POST /api/v1/grants with `grants`: all of them or none; the problem names the index of the first that stands in the way. */
export interface GrantsIssued {
  readonly grants: readonly Grant[]
  /** Registry revision in which all of them are in force. */
  readonly revision: number
}
