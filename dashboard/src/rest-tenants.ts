/** Connected applications over REST: hub/api-tenants.ts as administrators use it. */
import type { TenantChange, TenantRegistration } from './contract.ts'
import { api, done, seen } from './rest.ts'

const of = (id: string) => ({ params: { path: { id } } })

export const getTenants = () => done(() => api.GET('/api/v1/tenants'))
export const registerTenant = (body: TenantRegistration) => done(() => api.POST('/api/v1/tenants', { body }))
/** @param revision the one that was looked at; another in between is `edit-conflict`, and nothing changes */
export const changeTenant = (id: string, body: TenantChange, revision: number) =>
  done(() => api.PATCH('/api/v1/tenants/{id}', { params: { path: { id }, header: seen(revision) }, body }))
export const renewTenantToken = (id: string, expiresAt: number) =>
  done(() => api.POST('/api/v1/tenants/{id}/token', { ...of(id), body: { expiresAt } }))
export const cutOffTenant = (id: string, reason: string) =>
  done(() => api.POST('/api/v1/tenants/{id}/cut-off', { ...of(id), body: { reason } }))
/** Ids of the roles of the site's people. */
export const getSiteRoles = () =>
  done(() => api.GET('/api/v1/site/items/{kind}', { params: { path: { kind: 'role' } } }))
