/** What routes of outgoing webhooks answer. */
import type { Operations } from './operation.ts'
import {
  WebhookDeadListShape,
  WebhookDeliveriesShape,
  WebhookListShape,
  WebhookMadeShape,
  WebhookTriedShape,
  WebhookViewShape,
} from './webhooks.ts'

const ONE = { params: { id: 'w-0123456789abcdef' } }
const SCOPE = ['tenant-scope'] as const
const ASKED = ['webhook-unknown', ...SCOPE] as const
const WRITTEN = ['journal-unavailable', 'not-in-force'] as const
const WISHED = ['webhooks-closed', 'webhook-host', 'zone-unknown'] as const
const URL_OF = 'https://receiver.example/vigie'

export const WEBHOOKS: Operations = {
  'GET /api/v1/webhooks': {
    id: 'listWebhooks',
    tag: 'webhooks',
    says: {
      en: 'Whom the hub tells, and how far each has come; for an application its own.',
      fr: 'Qui le hub prévient, et où en est chacun ; pour une application, les siens.',
    },
    answers: { 200: WebhookListShape },
    errors: [...SCOPE],
  },
  'POST /api/v1/webhooks': {
    id: 'createWebhook',
    tag: 'webhooks',
    says: {
      en: 'A receiver that is told of every row from now on; the secret that signs is in the answer, this once.',
      fr: 'Un destinataire prévenu de chaque ligne dès maintenant ; le secret qui signe est dans la réponse, cette seule fois.',
    },
    answers: { 201: WebhookMadeShape },
    etag: true,
    errors: ['webhooks-full', ...WISHED, ...SCOPE, ...WRITTEN],
    example: { body: { name: 'Supervision', url: URL_OF, kinds: ['point.forced', 'access.denied'] } },
  },
  'GET /api/v1/webhooks/:id': {
    id: 'getWebhook',
    tag: 'webhooks',
    says: { en: 'One of them; its revision is the ETag.', fr: 'L’un d’eux ; sa révision est l’ETag.' },
    answers: { 200: WebhookViewShape },
    etag: true,
    errors: [...ASKED],
    example: ONE,
  },
  'PATCH /api/v1/webhooks/:id': {
    id: 'changeWebhook',
    tag: 'webhooks',
    says: {
      en: 'Changes, pauses or resumes it: If-Match names the revision seen. It goes on where it was.',
      fr: 'Le modifie, le suspend ou le reprend : If-Match nomme la révision vue. Il reprend où il en était.',
    },
    answers: { 200: WebhookViewShape },
    etag: true,
    errors: [
      'edit-conflict',
      'precondition-required',
      'webhook-foreign',
      'webhook-ended',
      ...WISHED,
      ...ASKED,
      ...WRITTEN,
    ],
    headers: ['if-match'],
    example: { ...ONE, body: { status: 'paused' } },
  },
  'DELETE /api/v1/webhooks/:id': {
    id: 'removeWebhook',
    tag: 'webhooks',
    says: {
      en: 'Tells it nothing more, and forgets what was set aside for it.',
      fr: 'Ne lui dit plus rien, et oublie ce qui était mis de côté pour lui.',
    },
    answers: { 204: null },
    errors: [...ASKED, ...WRITTEN],
    example: ONE,
  },
  'POST /api/v1/webhooks/:id/secret': {
    id: 'renewWebhookSecret',
    tag: 'webhooks',
    says: {
      en: 'A new secret, shown this once; for 24 hours the one before signs beside it.',
      fr: 'Un nouveau secret, montré cette seule fois ; pendant 24 heures l’ancien signe aussi.',
    },
    answers: { 200: WebhookMadeShape },
    etag: true,
    errors: ['webhook-foreign', ...ASKED, ...WRITTEN],
    example: ONE,
  },
  'POST /api/v1/webhooks/:id/test': {
    id: 'testWebhook',
    tag: 'webhooks',
    says: {
      en: 'Sends it an event of the kind webhook.test now, signed like any other, and answers what came of it.',
      fr: 'Lui envoie maintenant un événement webhook.test, signé comme les autres, et répond ce qu’il en est advenu.',
    },
    answers: { 200: WebhookTriedShape },
    errors: ['too-many-requests', 'webhook-ended', ...ASKED],
    example: ONE,
  },
  'GET /api/v1/webhooks/:id/deliveries': {
    id: 'listWebhookDeliveries',
    tag: 'webhooks',
    says: { en: 'How its last 100 attempts went.', fr: 'Comment se sont passés ses 100 derniers envois.' },
    answers: { 200: WebhookDeliveriesShape },
    errors: [...ASKED],
    example: ONE,
  },
  'GET /api/v1/webhooks/:id/dead': {
    id: 'listWebhookDead',
    tag: 'webhooks',
    says: {
      en: 'Rows that it did not take in time and that were set aside, newest first.',
      fr: 'Les lignes qu’il n’a pas prises à temps et qui ont été mises de côté, les plus récentes d’abord.',
    },
    answers: { 200: WebhookDeadListShape },
    errors: [...ASKED],
    example: ONE,
  },
  'POST /api/v1/webhooks/:id/dead/:seq/redeliver': {
    id: 'redeliverWebhookRow',
    tag: 'webhooks',
    says: {
      en: 'Sends it a row that was set aside now, and answers what came of it.',
      fr: 'Lui envoie maintenant une ligne mise de côté, et répond ce qu’il en est advenu.',
    },
    answers: { 200: WebhookTriedShape },
    errors: [
      ...(['webhook-dead-unknown', 'webhook-row-gone', 'webhook-ended', 'too-many-requests'] as const),
      ...ASKED,
      ...WRITTEN,
    ],
    example: { params: { ...ONE.params, seq: '42' } },
  },
}
