/** Incidents and armed zones over REST: hub/api-incidents.ts. */
import type { paths } from './api.generated.d.ts'
import type { IncidentResolution, IncidentView } from './contract.ts'
import { api, done, seen } from './rest.ts'

type ListQuery = NonNullable<paths['/api/v1/incidents']['get']['parameters']['query']>
/** The revision that was looked at; another in between is `edit-conflict`, and nothing changes. */
const edit = ({ id, revision }: IncidentView) => ({ params: { path: { id }, header: seen(revision) } })
const of = (zone: string) => ({ params: { path: { zone } } })

export const getIncidents = (query: ListQuery) => done(() => api.GET('/api/v1/incidents', { params: { query } }))
export const getIncident = (id: string) => done(() => api.GET('/api/v1/incidents/{id}', { params: { path: { id } } }))
export const getAssignees = (id: string) =>
  done(() => api.GET('/api/v1/incidents/{id}/assignees', { params: { path: { id } } }))
export const acknowledge = (i: IncidentView) => done(() => api.POST('/api/v1/incidents/{id}/acknowledge', edit(i)))
export const assign = (i: IncidentView, login: string) =>
  done(() => api.POST('/api/v1/incidents/{id}/assign', { ...edit(i), body: { login } }))
export const snooze = (i: IncidentView, until: number) =>
  done(() => api.POST('/api/v1/incidents/{id}/snooze', { ...edit(i), body: { until } }))
export const resolve = (i: IncidentView, body: IncidentResolution) =>
  done(() => api.POST('/api/v1/incidents/{id}/resolve', { ...edit(i), body }))
export const getArmedZones = () => done(() => api.GET('/api/v1/armed-zones'))
export const setArmed = (zone: string, isArmed: boolean) =>
  done(() =>
    isArmed ? api.PUT('/api/v1/armed-zones/{zone}', of(zone)) : api.DELETE('/api/v1/armed-zones/{zone}', of(zone)),
  )
