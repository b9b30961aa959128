/** Scenarios, people on call and maintenance over REST: hub/api-incidents.ts. */
import type { DryRunQuestion, MaintenanceWish, ScenarioView } from './contract.ts'
import { api, done, seen } from './rest.ts'

export const getScenarios = () => done(() => api.GET('/api/v1/scenarios'))
export const getOnCall = () => done(() => api.GET('/api/v1/on-call'))
export const getMaintenance = () => done(() => api.GET('/api/v1/maintenance'))
export const beginMaintenance = (body: MaintenanceWish) => done(() => api.POST('/api/v1/maintenance', { body }))
export const endMaintenance = (id: string) =>
  done(() => api.DELETE('/api/v1/maintenance/{id}', { params: { path: { id } } }))
export const tryScenario = ({ scenario, days }: Required<DryRunQuestion>) =>
  done(() => api.POST('/api/v1/scenarios/dry-run', { body: { scenario: scenario as object, days } }))
/** On or off: the site then has its own of one that every site begins with. */
export const switchScenario = ({ id, revision, scenario }: ScenarioView, enabled: boolean) =>
  done(() =>
    api.PUT('/api/v1/site/items/{kind}/{id}', {
      params: { path: { kind: 'scenario', id }, header: seen(revision) },
      body: { ...scenario, enabled },
    }),
  )
