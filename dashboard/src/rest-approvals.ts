/** What waits for a second operator, and workstations, over REST: hub/api-approvals.ts and hub/api-stations.ts. */
import type { paths } from './api.generated.d.ts'
import { api, done, patiently } from './rest.ts'

const of = (id: string) => ({ params: { path: { id } } })

export type ApprovalQuery = NonNullable<paths['/api/v1/approvals']['get']['parameters']['query']>
export const getApprovals = (query: ApprovalQuery = {}) =>
  done(() => api.GET('/api/v1/approvals', { params: { query } }))
export const approve = (id: string) => done(() => api.POST('/api/v1/approvals/{id}/approve', { ...of(id), body: {} }))
export const refuse = (id: string, reason: string) =>
  done(() => api.POST('/api/v1/approvals/{id}/refuse', { ...of(id), body: { reason } }))
export const withdraw = (id: string) => done(() => api.POST('/api/v1/approvals/{id}/withdraw', { ...of(id), body: {} }))

export const getStations = () => done(() => api.GET('/api/v1/stations'))
export const makeStation = (name: string, accessPoint: string) =>
  done(() => api.POST('/api/v1/stations', { body: { name, accessPoint } }))
export const newStationCode = (id: string) => done(() => api.POST('/api/v1/stations/{id}/code', of(id)))
export const removeStation = (id: string) => done(() => api.DELETE('/api/v1/stations/{id}', of(id)))

/** @param known number of the last answer: then it waits for a change, 25 s at most */
export const getStation = (known?: number) =>
  known === undefined
    ? done(() => api.GET('/api/v1/station'))
    : done(() => api.GET('/api/v1/station', { params: { query: { seen: String(known) } }, fetch: patiently }))
export const pairStation = (code: string) => done(() => api.POST('/api/v1/station/pairing', { body: { code } }))
export const signInByBadge = (pin: string) => done(() => api.POST('/api/v1/session/badge', { body: { pin } }))
export const getOwnAccess = () => done(() => api.GET('/api/v1/me/access'))
