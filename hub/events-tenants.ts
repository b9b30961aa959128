/** Connected applications and the webhooks that tell others. Part of hub/events.ts. */

/** What an application may do, as it stood; no secrets. */
export interface TenantState {
  readonly name: string
  readonly status: 'active' | 'cut-off'
  readonly scope: Readonly<Record<string, unknown>>
  readonly expiresAt: number
}
export interface TenantChanged {
  readonly kind: 'tenant.registered' | 'tenant.changed' | 'tenant.token-made' | 'tenant.cut-off'
  readonly tenant: string
  readonly by: string
  readonly before?: TenantState
  readonly after: TenantState
  /** tenant.cut-off: grants that ended with it. */
  readonly grants?: number
  readonly statedReason?: string
}
/** An application asked for what is not in its scope. At most one row a minute for each and what it asked for. */
export interface TenantRefused {
  readonly kind: 'tenant.refused'
  readonly tenant: string
  /** Field of the wish, or the route's pattern. */
  readonly asked: string
  readonly reason: string
}
/** What is told to whom; never the secret, and of the address the host only. */
export interface WebhookState {
  readonly name: string
  readonly host: string
  readonly status: 'active' | 'paused'
  readonly kinds: readonly string[]
  readonly zones?: readonly string[]
}
export interface WebhookChanged {
  readonly kind: 'webhook.created' | 'webhook.changed' | 'webhook.removed' | 'webhook.secret-made'
  readonly webhook: string
  readonly by: string
  readonly tenant?: string
  readonly before?: WebhookState
  readonly after?: WebhookState
}
/** dead: a row could not be handed over in time and is set aside; paused: the hub gave up on the receiver. */
export interface WebhookFailed {
  readonly kind: 'webhook.dead' | 'webhook.paused'
  readonly webhook: string
  readonly tenant?: string
  /** Seq of the row that was not handed over. */
  readonly row?: number
  readonly cause: string
}
/** A row that was set aside is tried again. */
export interface WebhookRedelivered {
  readonly kind: 'webhook.redelivered'
  readonly webhook: string
  readonly by: string
  readonly row: number
}
export type TenantEvent = TenantChanged | TenantRefused | WebhookChanged | WebhookFailed | WebhookRedelivered
