/** Whom the hub tells comes and goes together with the rows that tell of it; how far each has come is no row. Part of ops.ts. */
import { VigieError } from '../errors.ts'
import type { WebhookState } from '../events.ts'
import { append, type OpContext } from './op-context.ts'
import * as hooks from './webhooks.ts'

type Told = { readonly at: number; readonly id: string; readonly by: string; readonly tenant?: string }
/** Because of whom or what it was paused; `cause` is how the journal tells it. */
type Failed = {
  readonly at: number
  readonly id: string
  readonly tenant?: string
  readonly row?: number
  readonly cause: string
}

export const WEBHOOK_OPS = {
  /** @param a.limits how many there may be, of all and of its owner @throws VigieError webhooks-full */
  createWebhook: (
    c: OpContext,
    a: Omit<Told, 'id'> & {
      hook: hooks.NewWebhook
      after: WebhookState
      limits: { readonly all: number; readonly own: number }
    },
  ): void => {
    const { at, hook, after, limits, ...told } = a
    const all = hooks.webhookRows(c.db)
    const own = all.filter(one => one.tenant === hook.tenant)
    if (own.length >= limits.own) throw new VigieError('webhooks-full', { limit: limits.own })
    if (all.length >= limits.all) throw new VigieError('webhooks-full', { limit: limits.all })
    const seq = append(c, at, { kind: 'webhook.created', webhook: hook.id, ...told, after })
    hooks.addWebhook(c.db, hook, at, seq)
  },

  /** @param a.fresh it is to be told again: what failed before is forgotten @throws VigieError edit-conflict */
  changeWebhook: (
    c: OpContext,
    a: Told & {
      expected: number
      set: hooks.WebhookSet
      fresh: boolean
      before: WebhookState
      after: WebhookState
    },
  ): void => {
    const { at, id, expected, set, fresh, ...told } = a
    if (!hooks.putWebhook(c.db, { id, expected, ...set })) throw overtaken(c, id)
    if (fresh) hooks.freshStart(c.db, id)
    append(c, at, { kind: 'webhook.changed', webhook: id, ...told })
  },

  /** @returns false, with nothing written, if there is none */
  removeWebhook: (c: OpContext, a: Told & { before: WebhookState }): boolean => {
    const { at, id, ...told } = a
    const removed = hooks.dropWebhook(c.db, id)
    if (removed) append(c, at, { kind: 'webhook.removed', webhook: id, ...told })
    return removed
  },

  /** @param a.until when the secret before stops counting @returns false, with nothing written, if there is none */
  newWebhookSecret: (c: OpContext, a: Told & { secret: string; until: number }): boolean => {
    const { at, id, secret, until, ...told } = a
    const made = hooks.putSecret(c.db, id, secret, until)
    if (made) append(c, at, { kind: 'webhook.secret-made', webhook: id, ...told })
    return made
  },

  /** How far it has come, and how that went. Nothing where it was removed meanwhile. */
  webhookServed: (
    c: OpContext,
    a: { id: string; revision: number; progress: hooks.Progress; deliveries: readonly hooks.Delivery[] },
  ): void => {
    if (hooks.putProgress(c.db, a.id, a.progress, a.revision)) hooks.addDeliveries(c.db, a.id, a.deliveries)
  },

  /** A row is set aside, and the next one is its turn. */
  webhookDead: (
    c: OpContext,
    a: Failed & {
      row: number
      /** Of the webhook, as it was read. */
      revision: number
      progress: hooks.Progress
      deliveries: readonly hooks.Delivery[]
      attempts: number
      status: number | null
      code: string
    },
  ): void => {
    const { at, id, revision, progress, deliveries, attempts, status, code, ...told } = a
    if (!hooks.putProgress(c.db, id, progress, revision)) return
    hooks.addDeliveries(c.db, id, deliveries)
    hooks.addDead(c.db, id, { seq: a.row, at, attempts, status, cause: code })
    append(c, at, { kind: 'webhook.dead', webhook: id, ...told })
  },

  /** @param a.code why, of the closed list @returns false, with nothing written, if it is paused already */
  pauseWebhook: (c: OpContext, a: Failed & { code: string }): boolean => {
    const { at, id, code, ...told } = a
    const paused = hooks.markPaused(c.db, id, code, at)
    if (paused) append(c, at, { kind: 'webhook.paused', webhook: id, ...told })
    return paused
  },

  /** That a row which was set aside is tried again. @returns false, with nothing written, if it is not set aside any more */
  redeliverWebhook: (c: OpContext, a: Told & { row: number }): boolean => {
    const { at, id, by, row } = a
    if (!hooks.deadRow(c.db, id, row)) return false
    append(c, at, { kind: 'webhook.redelivered', webhook: id, by, row })
    return true
  },
  /** How that went; where it was delivered, it is set aside no more. */
  webhookRetried: (c: OpContext, a: { id: string; delivery: hooks.Delivery }): void => {
    hooks.addDeliveries(c.db, a.id, [a.delivery])
    if (a.delivery.outcome === 'delivered') hooks.dropDead(c.db, a.id, a.delivery.seq)
  },
} as const

/** With the cut of an application: what it has set up is told nothing more. Within the caller's transaction. */
export function pauseOf(c: OpContext, tenant: string, at: number): void {
  for (const id of hooks.activeOf(c.db, tenant)) {
    hooks.markPaused(c.db, id, 'owner', at)
    append(c, at, { kind: 'webhook.paused', webhook: id, tenant, cause: 'owner' })
  }
}

const overtaken = (c: OpContext, id: string): VigieError =>
  new VigieError('edit-conflict', { kind: 'webhook', id, revision: hooks.webhookRow(c.db, id)?.revision ?? 0 })
