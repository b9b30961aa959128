/** Outgoing webhooks over REST: hub/api-webhooks.ts. */
import type { WebhookChange, WebhookRequest } from './contract.ts'
import { api, done, seen } from './rest.ts'

const of = (id: string) => ({ params: { path: { id } } })

export const getWebhooks = () => done(() => api.GET('/api/v1/webhooks'))
export const createWebhook = (body: WebhookRequest) => done(() => api.POST('/api/v1/webhooks', { body }))
/** @param revision the one that was looked at; another in between is `edit-conflict`, and nothing changes */
export const changeWebhook = (id: string, body: WebhookChange, revision: number) =>
  done(() => api.PATCH('/api/v1/webhooks/{id}', { params: { path: { id }, header: seen(revision) }, body }))
export const removeWebhook = (id: string) => done(() => api.DELETE('/api/v1/webhooks/{id}', of(id)))
export const newWebhookSecret = (id: string) => done(() => api.POST('/api/v1/webhooks/{id}/secret', of(id)))
export const testWebhook = (id: string) => done(() => api.POST('/api/v1/webhooks/{id}/test', of(id)))
export const getDeliveries = (id: string) => done(() => api.GET('/api/v1/webhooks/{id}/deliveries', of(id)))
export const getDead = (id: string, before?: number) => {
  const query = { limit: '20', ...(before !== undefined && { before: String(before) }) }
  return done(() => api.GET('/api/v1/webhooks/{id}/dead', { params: { path: { id }, query } }))
}
export const redeliver = (id: string, seq: number) =>
  done(() => api.POST('/api/v1/webhooks/{id}/dead/{seq}/redeliver', { params: { path: { id, seq: String(seq) } } }))
