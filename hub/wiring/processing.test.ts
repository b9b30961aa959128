import { afterEach, beforeEach, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { NOON, Stage } from '../test/stage.ts'
import { recipientsOf } from './processing.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

it('the record of processing names receivers of webhooks by host, paused ones too, and never an address', () => {
  const hook = { kinds: '[]', zones: null, tenant: null, operator: 'o-1', guarded: 0, secret: 'whsec_AAAA' }
  const after = { name: 'x', host: 'x', status: 'active', kinds: [] } as const
  const add = (id: string, name: string, url: string): void =>
    stage.op('createWebhook', {
      at: NOON,
      by: 'o-1',
      hook: { ...hook, id, name, url },
      after,
      limits: { all: 9, own: 9 },
    })
  add('w-1', 'Register', 'https://one.example:8443/secret-path')
  add('w-2', 'Former', 'https://two.example/')
  stage.op('pauseWebhook', { at: NOON, id: 'w-2', code: 'gone', cause: 'HTTP 410' })
  const told = recipientsOf(stage.db, readConfig({})).map(r => r.en)
  expect(told.filter(t => t.startsWith('Webhook'))).toEqual([
    'Webhook “Former” (two.example): events with the names that its owner may see, over TLS',
    'Webhook “Register” (one.example:8443): events with the names that its owner may see, over TLS',
  ])
  expect(JSON.stringify(told)).not.toContain('secret-path')
})
