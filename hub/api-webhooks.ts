/**
 * The contract of outgoing webhooks: REST shapes, types only. Part of hub/api.ts. Times are milliseconds since 1970, UTC.
 * Deliveries follow Standard Webhooks: headers webhook-id, webhook-timestamp, webhook-signature; the body is a LiveEvent.
 */
import type { EventKind } from './events.ts'
import type { DeliveryCause, PauseCause } from './rules/webhooks.ts'

export type { DeliveryCause, PauseCause } from './rules/webhooks.ts'

/** POST /api/v1/webhooks. */
export interface WebhookRequest {
  readonly name: string
  /** https:// */
  readonly url: string
  /** None: all that its owner may see, but for readings and the like. */
  readonly kinds: readonly EventKind[]
  /** With those below them; absent: everywhere. */
  readonly zones?: readonly string[]
}
/** GET /api/v1/webhooks/:id, with an ETag of `revision`. Never its secret. */
export interface WebhookView extends WebhookRequest {
  readonly id: string
  /** The application whose it is, by id. */
  readonly tenant?: string
  /** The operator whose it is, by name. */
  readonly by?: string
  readonly status: 'active' | 'paused'
  readonly pausedBecause?: PauseCause
  readonly pausedAt?: number
  readonly createdAt: number
  /** Rows of the journal that it has yet to come to, for it or not. */
  readonly behind: number
  readonly deliveredAt?: number
  /** Nothing was taken since, though it was tried. */
  readonly failingSince?: number
  /** Of the row that was not taken. */
  readonly nextAttemptAt?: number
  /** Rows that are set aside. */
  readonly dead: number
  /** Until then, signatures by the secret before are sent too. */
  readonly oldSecretUntil?: number
  readonly revision: number
}
/** GET /api/v1/webhooks. */
export interface WebhookList {
  readonly webhooks: readonly WebhookView[]
  /** Whether any may be made at all. */
  readonly open: boolean
  /** For operators: where they may go. */
  readonly hosts?: readonly string[]
}
/** `secret` is shown once: whsec_ and base64. Also of POST /api/v1/webhooks/:id/secret. */
export interface WebhookMade {
  readonly secret: string
  readonly webhook: WebhookView
}
/** PATCH /api/v1/webhooks/:id with If-Match. */
export interface WebhookChange {
  readonly name?: string
  readonly url?: string
  readonly kinds?: readonly EventKind[]
  /** Null: everywhere. */
  readonly zones?: readonly string[] | null
  /** From paused to active it goes on where it was. */
  readonly status?: 'active' | 'paused'
}
/** How one attempt went. */
export interface WebhookDelivery {
  /** Of the journal's row. */
  readonly seq: number
  readonly at: number
  readonly attempt: number
  /** dead: it was the last one, and the row is set aside. */
  readonly outcome: 'delivered' | 'failed' | 'dead'
  readonly status?: number
  readonly cause?: DeliveryCause
  readonly ms: number
}
/** GET /api/v1/webhooks/:id/deliveries: the last 100, newest first. */
export interface WebhookDeliveries {
  readonly deliveries: readonly WebhookDelivery[]
}
export interface WebhookDead {
  readonly seq: number
  /** When it was set aside. */
  readonly at: number
  readonly attempts: number
  readonly status?: number
  readonly cause?: DeliveryCause
}
/** GET /api/v1/webhooks/:id/dead: newest first. */
export interface WebhookDeadList {
  readonly dead: readonly WebhookDead[]
  /** Pass as `before` for the next page; absent at the end. */
  readonly next?: number
}
/** POST /api/v1/webhooks/:id/test and .../dead/:seq/redeliver: what came of it, at once. */
export interface WebhookTried {
  readonly delivered: boolean
  readonly status?: number
  readonly cause?: DeliveryCause
  readonly ms: number
}
