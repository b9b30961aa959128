import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OperatorEvent } from '../events.ts'
import { until } from '../test/harness.ts'
import { TestHub } from '../test/http-hub.ts'
import type { StoredToken, Tokens } from './account-ports.ts'
import { Bearers, bearerIn } from './bearer.ts'
import type { Caller } from './permissions.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { hashOf, newSecret } from './secrets.ts'
import { TokenDesk } from './tokens.ts'

const CONNECTION = {}

const NONE: Tokens = {
  find: () => undefined,
  used: async () => undefined,
  create: async () => undefined,
  list: () => [],
  countOf: () => 0,
  revoke: async () => false,
}
const ZONES = [{ id: 'house' }, { id: 'ward', parent: 'house' }, { id: 'room', parent: 'ward' }, { id: 'hall' }]

describe('a token in use', () => {
  const secret = newSecret()
  let now: number
  let stored: StoredToken | undefined
  let used: number[]
  let failing: boolean
  let rows: OperatorEvent[]
  let warned: number
  let bearers: Bearers
  const log = {
    warn: () => {
      warned += 1
    },
    error: () => undefined,
  }

  beforeEach(() => {
    now = 1_000_000
    used = []
    rows = []
    warned = 0
    failing = false
    stored = {
      id: 't-1',
      operator: { id: 'o-1', login: 'n', name: 'N.', role: 'it' },
      capabilities: ['events.read', 'badges.issue'],
    }
    const tokens: Tokens = {
      ...NONE,
      find: hash => (hash === hashOf(secret) ? stored : undefined),
      used: async (_, at) => {
        if (failing) throw new Error('disk full')
        used.push(at)
      },
    }
    const record = (row: OperatorEvent): void => void rows.push(row)
    bearers = new Bearers({ tokens, record, zones: () => ZONES, log, now: () => now })
  })
  afterEach(() => bearers.stop())
  const use = async (): Promise<Caller> => bearers.caller(`vigie_${secret}`, CONNECTION) ?? bearers.refuse('10.0.0.1')

  it('writes that it was used once a minute, and is let in while that fails', async () => {
    await Promise.all(Array.from({ length: 50 }, () => use()))
    expect(used).toEqual([now])
    now += 59_999
    await use()
    expect(used).toHaveLength(1)
    now += 1
    failing = true
    expect(await use()).toMatchObject({ id: 'o-1', token: 't-1' })
    await until('the log hears of it', () => warned === 1)
    expect(used).toHaveLength(1)
  })

  it.each([
    [undefined, undefined, undefined],
    [['ward'], undefined, ['ward']],
    [undefined, ['ward'], ['ward']],
    [['house'], ['ward'], ['ward', 'room']],
    [['room'], ['house'], ['room']],
    [['hall'], ['ward'], []],
  ])('of an operator in %j, for %j, counts in %j', async (own, token, both) => {
    const operator = { id: 'o-1', login: 'n', name: 'N.', role: 'security' as const, ...(own && { zones: own }) }
    stored = { id: 't-1', operator, capabilities: ['events.read'], ...(token && { zones: token }) }
    expect((await use()).operator.zones?.toSorted()).toEqual(both?.toSorted())
  })

  it('drops what no program may, even where it stands in the store', async () => {
    stored = stored && { ...stored, capabilities: ['operators.manage', 'events.read', 'account.own'] }
    expect((await use()).capabilities).toEqual(['events.read'])
  })

  it('that is wrong waits longer each time, by network, and a good one from there does not', async () => {
    const wrong = (address = '10.0.0.1'): Promise<string> =>
      bearers.refuse(address).then(
        () => 'in',
        (error: { code: string }) => error.code,
      )
    const codes: string[] = []
    for (let i = 0; i < 100; i++) codes.push(await wrong())
    expect(codes.filter(c => c === 'token-refused')).toHaveLength(11)
    expect(codes.filter(c => c === 'too-many-requests')).toHaveLength(89)
    expect(rows.map(r => r.reason)).toEqual([...Array.from({ length: 11 }, () => 'token'), 'too-many'])
    expect(await wrong('10.0.0.2')).toBe('token-refused')
    await expect(use()).resolves.toMatchObject({ token: 't-1' })
  })

  it('is watched: told once when it ends, or may do something else', async () => {
    const caller = await use()
    let told = 0
    bearers.watch(caller, () => {
      told += 1
    })
    bearers.start()
    stored = stored && { ...stored, operator: { ...stored.operator, role: 'auditor' } }
    await until('it is told', () => told === 1, 2_000)
    stored = undefined
    bearers.watch(caller, () => {
      told += 10
    })
    await until('it had ended already', () => told === 11, 2_000)
  })
})

it.each([
  ['Bearer vigie_x', 'vigie_x'],
  ['bearer   vigie_x ', 'vigie_x'],
  ['Bearer', ''],
  ['Bearer a b', 'a b'],
  ['Basic Zm9v', undefined],
  ['Bearership', undefined],
  [undefined, undefined],
])('reads %j as %j', (header, sent) => {
  expect(bearerIn(header)).toBe(sent)
})

describe('making one', () => {
  let hub: TestHub
  afterEach(() => hub.stop())

  it('asks for a fresh second factor, revoking too; listing does not; others may not', async () => {
    const desk = new TokenDesk({ tokens: NONE, zones: () => ZONES, now: () => hub.now })
    hub = await new TestHub({ plugins: [tokenRoutes(desk)] }).start()
    await hub.setUp()
    const cookie = await hub.signInAs('it')
    const body = { name: 'x', capabilities: ['events.read'], expiresAt: hub.now + 3_600_000 }
    expect((await hub.ask('/api/v1/tokens', { method: 'POST', cookie, body })).status).toBe(201)
    hub.now += 6 * 60_000
    const late = await hub.ask('/api/v1/tokens', { method: 'POST', cookie, body })
    const ending = await hub.ask('/api/v1/tokens/t-1', { method: 'DELETE', cookie })
    expect([late, ending].map(a => a.json<{ code: string }>().code)).toEqual(['step-up-needed', 'step-up-needed'])
    expect((await hub.ask('/api/v1/tokens', { cookie })).status).toBe(200)
    const nurse = await hub.signInAs('nurse')
    expect((await hub.ask('/api/v1/tokens', { cookie: nurse })).status).toBe(403)
  })

  it('is refused beyond fifty in force', async () => {
    const desk = new TokenDesk({ tokens: { ...NONE, countOf: () => 50 }, zones: () => ZONES, now: () => hub.now })
    hub = await new TestHub({ plugins: [tokenRoutes(desk)] }).start()
    await hub.setUp()
    const cookie = await hub.signInAs('it')
    const body = { name: 'x', capabilities: ['events.read'], expiresAt: hub.now + 3_600_000 }
    const answer = await hub.ask('/api/v1/tokens', { method: 'POST', cookie, body })
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([409, 'tokens-full'])
  })
})
