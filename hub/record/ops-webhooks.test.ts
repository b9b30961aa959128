import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WebhookState } from '../events.ts'
import { NOON, Stage } from '../test/stage.ts'
import { events } from './reading.ts'
import {
  type Delivery,
  deadRows,
  deliveriesOf,
  type NewWebhook,
  type Progress,
  webhookRow,
  webhookRows,
} from './webhooks.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const STATE: WebhookState = { name: 'Register', host: 'register.example', status: 'active', kinds: [] }
const hook = (over: Partial<NewWebhook> = {}): NewWebhook => ({
  ...{ id: 'w-1', name: 'Register', url: 'https://register.example/', kinds: '[]', zones: null, tenant: null },
  ...{ operator: 'o-1', guarded: 0, secret: 'whsec_AAAA' },
  ...over,
})
const create = (over: Partial<NewWebhook> = {}, limits = { all: 3, own: 2 }): void => {
  const { tenant } = hook(over)
  const told = { at: NOON, by: 'o-1', ...(tenant !== null && { tenant }) }
  stage.op('createWebhook', { ...told, hook: hook(over), after: STATE, limits })
}
const progress = (seq: number, over: Partial<Progress> = {}): Progress => ({
  ...{ seq, deliveredAt: NOON, failingSince: null, rowSince: null, attempts: 0, nextAt: null },
  ...over,
})
const line = (seq: number): Delivery => ({
  ...{ seq, at: NOON + seq, attempt: 1, outcome: 'delivered', status: 204, cause: null, ms: 3 },
})
const served = (p: Progress, deliveries: readonly Delivery[] = [], revision = 1): void =>
  stage.op('webhookServed', { id: 'w-1', revision, progress: p, deliveries })
const now = () => webhookRow(stage.db, 'w-1')
const kinds = (): string[] =>
  events(stage.db, { after: 0, limit: 100 })
    .map(r => r.event.kind)
    .filter(kind => kind.startsWith('webhook.') || kind.startsWith('tenant.'))

describe('a webhook', () => {
  it('begins after the row that tells of it', () => {
    create()
    const [row] = events(stage.db, { limit: 1 })
    expect([row?.event.kind, now()?.seq]).toEqual(['webhook.created', row?.seq])
  })

  it('is one of a few, of its owner and of all', () => {
    create()
    create({ id: 'w-2' })
    expect(() => create({ id: 'w-3' })).toThrow(expect.objectContaining({ code: 'webhooks-full' }))
    create({ id: 'w-3', tenant: 'planning' })
    expect(() => create({ id: 'w-4', tenant: 'planning' })).toThrow(expect.objectContaining({ code: 'webhooks-full' }))
    expect(webhookRows(stage.db).map(r => r.id)).toEqual(['w-1', 'w-2', 'w-3'])
  })

  it('goes with all that was kept of it', () => {
    create()
    const given = { attempts: 9, status: 500, code: 'status', cause: 'HTTP 500', row: 41 }
    const where = { at: NOON, id: 'w-1', revision: 1 }
    stage.op('webhookDead', { ...where, ...given, progress: progress(41), deliveries: [line(41)] })
    expect(deadRows(stage.db, 'w-1', 100, 10)).toMatchObject([{ seq: 41, attempts: 9, cause: 'status' }])
    expect(stage.op('removeWebhook', { at: NOON, id: 'w-1', by: 'o-1', before: STATE })).toBe(true)
    expect(stage.op('removeWebhook', { at: NOON, id: 'w-1', by: 'o-1', before: STATE })).toBe(false)
    expect([deadRows(stage.db, 'w-1', 100, 10), deliveriesOf(stage.db, 'w-1')]).toEqual([[], []])
    expect(kinds()).toEqual(['webhook.created', 'webhook.dead', 'webhook.removed'])
    served(progress(99), [line(99)])
    expect(deliveriesOf(stage.db, 'w-1')).toEqual([])
  })
})

describe('how far it has come', () => {
  beforeEach(() => create())

  it('never goes back', () => {
    served(progress(50))
    served(progress(40))
    expect(now()?.seq).toBe(50)
  })

  it('keeps the newest 100 deliveries', () => {
    for (let i = 0; i < 5; i++)
      served(
        progress(10 + i),
        Array.from({ length: 40 }, (_, j) => line(i * 40 + j)),
      )
    const kept = deliveriesOf(stage.db, 'w-1')
    expect([kept.length, kept[0]?.seq, kept.at(-1)?.seq]).toEqual([100, 199, 100])
  })

  it('takes nothing back of what was begun anew: failures of before are not put over it', () => {
    const failing = { attempts: 4, failingSince: NOON, rowSince: NOON, nextAt: NOON + 5_000 }
    served(progress(10, failing))
    const set = { ...hook(), status: 'active', pausedBecause: null, pausedAt: null }
    const { id: _, tenant: __, secret: ___, ...changed } = set
    const told = { at: NOON, id: 'w-1', by: 'o-1', before: STATE, after: STATE }
    stage.op('changeWebhook', { ...told, expected: 1, set: changed, fresh: true })
    served(progress(12, { ...failing, attempts: 5 }))
    expect(now()).toMatchObject({ seq: 12, attempts: 0, failingSince: null, nextAt: null, revision: 2 })
    expect(() => stage.op('changeWebhook', { ...told, expected: 1, set: changed, fresh: false })).toThrow(
      expect.objectContaining({ code: 'edit-conflict' }),
    )
  })
})

it('the old secret signs beside the new one until its time', () => {
  create()
  stage.op('newWebhookSecret', { at: NOON, id: 'w-1', by: 'o-1', secret: 'whsec_BBBB', until: NOON + 1 })
  expect(now()).toMatchObject({ secret: 'whsec_BBBB', oldSecret: 'whsec_AAAA', oldSecretUntil: NOON + 1 })
})

it('is paused once, with one row', () => {
  create()
  const failed = { at: NOON, id: 'w-1', cause: 'HTTP 410', code: 'gone' }
  expect([stage.op('pauseWebhook', failed), stage.op('pauseWebhook', failed)]).toEqual([true, false])
  expect(kinds()).toEqual(['webhook.created', 'webhook.paused'])
})

it('of an application is paused in the commit that cuts it off', () => {
  const tenant = { id: 'planning', name: 'P', scope: '{}', hash: 'h', expiresAt: NOON * 2 }
  const state = { name: 'P', status: 'active', scope: {}, expiresAt: NOON * 2 } as const
  stage.op('registerTenant', { at: NOON, tenant, by: 'o-1', after: state })
  create({ tenant: 'planning', operator: null })
  create({ id: 'w-2' })
  const cut = { at: NOON, id: 'planning', by: 'o-1', before: state, after: state, statedReason: 'x' }
  stage.op('cutOffTenant', cut)
  expect(webhookRows(stage.db).map(r => [r.id, r.status, r.pausedBecause])).toEqual([
    ['w-1', 'paused', 'owner'],
    ['w-2', 'active', null],
  ])
  expect(kinds().slice(-2)).toEqual(['tenant.cut-off', 'webhook.paused'])
})
