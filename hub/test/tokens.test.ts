/** Programs with an API token against a whole hub: what they may do, how they follow the journal, and how they are cut off. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Capability, EventPage, GrantIssued, GrantList, Problem, TokenList, TokenMade } from '../api.ts'
import type { Recorded } from '../events.ts'
import { EventReader } from './event-reader.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

const run = promisify(execFile)
const SLOW_START_MS = 180_000
const DAY_MS = 86_400_000
/** Of nobody. */
const STRANGER = '04AAAAAAAAAA01'
/** On a busy machine. */
const PATIENT = { timeout: 60_000 }

const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000', VIGIE_TOKEN_RATE: '20' })
const door = new TestDevice('door-1', 'test-site')

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await door.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await door.close()
  await hub.close()
})

const token = (capabilities: readonly Capability[], more: object = {}): Promise<TokenMade> =>
  hub.admin.post<TokenMade>('/api/v1/tokens', {
    name: 'Tableau de bord',
    capabilities,
    expiresAt: Date.now() + DAY_MS,
    ...more,
  })
const bearing = (secret: string): Record<string, string> => ({ authorization: `Bearer ${secret}` })
const ask = (secret: string, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${hub.origin}${path}`, { ...init, headers: { ...bearing(secret), ...init.headers } })
const post = (secret: string, path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  ask(secret, path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as Problem).code
const follow = (secret: string, lastId?: string): Promise<EventReader> =>
  EventReader.open(`${hub.origin}/api/v1/events/stream`, bearing(secret), lastId)
const denials = (reader: EventReader): number[] => reader.lines.filter(l => l.kind === 'access.denied').map(l => l.seq)
const rows = async (kind: string): Promise<Recorded[]> => (await hub.journal()).filter(r => r.event.kind === kind)

describe('curl with a token', PATIENT, () => {
  it('lists events, and follows the stream', async () => {
    const { token: secret } = await token(['events.read'])
    const auth = ['-sS', '--max-time', '20', '-H', `Authorization: Bearer ${secret}`]
    const page = await run('curl', [...auth, `${hub.origin}/api/v1/events?limit=5`])
    expect((JSON.parse(page.stdout) as EventPage).events).toHaveLength(5)
    const curl = execFile('curl', [...auth, '-N', `${hub.origin}/api/v1/events/stream`])
    let text = ''
    curl.stdout?.on('data', chunk => (text += chunk))
    await until('the stream begins', () => text.startsWith('retry: 2000\nid: '))
    await door.badge(VISITOR, 'door')
    await until('the denial arrives', () => text.includes('"kind":"access.denied"'))
    curl.kill()
  })

  it('is shown once, and stands in the list with when it was used', async () => {
    const { token: secret, view } = await token(['events.read'])
    expect(secret).toMatch(/^vigie_[A-Za-z0-9_-]{43}$/)
    await ask(secret, '/api/v1/events?limit=1')
    const used = await until('its use is written', async () => {
      const { tokens } = await hub.get<TokenList>('/api/v1/tokens')
      return tokens.find(t => t.id === view.id && t.usedAt !== undefined)
    })
    expect(used).toMatchObject({ ...view, by: 'B. Kessler' })
    expect(JSON.stringify(used)).not.toContain(secret.slice(6))
    const [made] = (await rows('token.created')).filter(r => (r.event as { token?: string }).token === view.id)
    expect(made?.event).toMatchObject({ capabilities: ['events.read'], expiresAt: view.expiresAt })
  })
})

describe('a token', PATIENT, () => {
  it('does what it names, and nothing else of what its maker may do; the refusal is a row', async () => {
    const { token: secret, view } = await token(['events.read'])
    expect((await ask(secret, '/api/v1/events')).status).toBe(200)
    for (const path of ['/api/v1/devices', '/api/v1/tokens', '/api/v1/account', '/api/v1/site/items/badge']) {
      const answer = await ask(secret, path)
      expect([path, answer.status, await codeOf(answer)]).toEqual([path, 403, 'not-allowed'])
    }
    const told = await until('the rows', async () => {
      const all = (await rows('operator.not-allowed')).filter(r => (r.event as { token?: string }).token === view.id)
      return all.length === 4 && all
    })
    expect(told.map(r => (r.event as { capability: string }).capability).sort()).toEqual([
      'account.own',
      'badges.issue',
      'devices.read',
      'tokens.manage',
    ])
  })

  it.each<[Capability]>([
    ['account.own'],
    ['operators.manage'],
    ['tokens.manage'],
    ['keys.manage'],
    ['journal.export'],
    ['privacy.erase'],
  ])('is never made with %s', async capability => {
    const wish = { name: 'x', capabilities: ['events.read', capability], expiresAt: Date.now() + DAY_MS }
    const answer = await hub.fetch('/api/v1/tokens', { method: 'POST', body: JSON.stringify(wish) })
    expect([answer.status, await codeOf(answer)]).toEqual([422, 'token-beyond'])
  })

  it.each([
    ['ended already', { expiresAt: Date.now() - 1 }, 'token-term'],
    ['too far ahead', { expiresAt: Date.now() + 367 * DAY_MS }, 'token-term'],
    ['in a zone that is not', { zones: ['moon'] }, 'zone-unknown'],
    ['with something unheard of', { capabilities: ['coffee'] }, 'input-invalid'],
    ['with another field', { role: 'administrator' }, 'input-invalid'],
  ])('is refused %s', async (_, wrong, code) => {
    const wish = { name: 'x', capabilities: ['events.read'], expiresAt: Date.now() + DAY_MS, ...wrong }
    const answer = await hub.fetch('/api/v1/tokens', { method: 'POST', body: JSON.stringify(wish) })
    expect(await codeOf(answer)).toBe(code)
  })

  it('shrinks with its maker, and ends with the account', async () => {
    const it_ = await hub.signInAs('it')
    const body = { name: 'x', capabilities: ['badges.issue', 'events.read'], expiresAt: Date.now() + DAY_MS }
    const { token: secret, view } = await it_.post<TokenMade>('/api/v1/tokens', body)
    const badge = `/api/v1/site/items/badge/${NURSE}`
    expect((await ask(secret, badge)).status).toBe(200)
    const reader = await follow(secret)
    await hub.vigie('operator', 'change', it_.who.login, '--role', 'auditor', '--reason', 'mutation')
    await until('the stream is cut: it may do something else now', () => reader.closed)
    expect([(await ask(secret, badge)).status, (await ask(secret, '/api/v1/events')).status]).toEqual([403, 200])
    await hub.vigie('operator', 'disable', it_.who.login, '--reason', 'parti')
    expect((await ask(secret, '/api/v1/events')).status).toBe(401)
    await hub.vigie('operator', 'enable', it_.who.login, '--reason', 'revenu')
    expect((await ask(secret, '/api/v1/events')).status).toBe(401)
    expect((await rows('token.revoked')).some(r => (r.event as { token?: string }).token === view.id)).toBe(true)
  })

  it('ends when its maker’s account is given a new link, and does not come back with it', async () => {
    const maker = await hub.signInAs('it')
    const body = { name: 'x', capabilities: ['events.read'], expiresAt: Date.now() + DAY_MS }
    const { token: secret, view } = await maker.post<TokenMade>('/api/v1/tokens', body)
    await hub.vigie('operator', 'reset', maker.who.login, '--reason', 'téléphone perdu')
    expect((await ask(secret, '/api/v1/events')).status).toBe(401)
    expect((await rows('token.revoked')).some(r => (r.event as { token?: string }).token === view.id)).toBe(true)
  })

  it('of one zone hears nothing of another', async () => {
    const { token: secret } = await token(['events.read'], { zones: ['ward'] })
    const { token: all } = await token(['events.read'])
    const [ward, everywhere] = [await follow(secret), await follow(all)]
    await door.badge(VISITOR, 'door')
    await until('whoever sees everything heard it', () => denials(everywhere).length > 0)
    const page = (await (await ask(secret, '/api/v1/events')).json()) as EventPage
    expect(page.events.filter(e => e.zone !== undefined && e.zone !== 'ward')).toEqual([])
    await until('the zone’s stream has come as far', () => Number(ward.lastId) >= 0)
    expect(denials(ward)).toEqual([])
    await Promise.all([ward.close(), everywhere.close()])
  })

  it('needs no Origin, and a cookie beside it counts for nothing', async () => {
    const { token: secret } = await token(['events.read'])
    const headers = { cookie: hub.cookie, origin: 'https://evil.example' }
    expect((await ask(secret, '/api/v1/devices', { headers })).status).toBe(403)
    expect((await ask(secret, '/api/v1/events', { headers })).status).toBe(200)
    const wrong = await ask(`vigie_${'A'.repeat(43)}`, '/api/v1/events', { headers: { cookie: hub.cookie } })
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="vigie", error="invalid_token"',
    ])
    // The cookie alone, from a foreign page, is refused as ever.
    const foreign = { method: 'POST', headers: { cookie: hub.cookie, origin: 'https://evil.example' } }
    expect((await fetch(`${hub.origin}/api/v1/backups`, foreign)).status).toBe(403)
  })

  it('that is wrong again and again is told to wait; a good one from there never is', async () => {
    const { token: secret } = await token(['events.read'])
    const statuses: number[] = []
    for (let i = 0; i < 15; i++) statuses.push((await ask(`vigie_${'B'.repeat(43)}`, '/api/v1/events')).status)
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401])
    expect(statuses.at(-1)).toBe(429)
    expect((await ask(secret, '/api/v1/events?limit=1')).status).toBe(200)
    // Nor does it keep anybody from signing in.
    await hub.admin.signIn()
  })
})

describe('what a program does', PATIENT, () => {
  const wish = (from = Date.now()): object => ({
    person: 't-ferrand',
    target: { accessPoint: 'door-1' },
    from,
    until: from + 3_600_000,
    origin: 'appointment',
  })

  it('is journaled as its operator’s, with the token beside', async () => {
    const { token: secret, view } = await token(['grants.write'])
    const answer = await post(secret, '/api/v1/grants', wish())
    expect(answer.ok, await answer.clone().text()).toBe(true)
    const own = (await hub.admin.post<GrantIssued>('/api/v1/grants', wish(Date.now() + 1_000))).grant.id
    const { grant } = (await answer.json()) as GrantIssued
    const told = new Map((await rows('grant.issued')).map(r => [(r.event as { grant: string }).grant, r.event]))
    const [by, byHand] = [told.get(grant.id), told.get(own)] as { by: string; token?: string }[]
    expect(by).toMatchObject({ by: byHand?.by, token: view.id })
    expect(byHand).not.toHaveProperty('token')
    const reads = await rows('journal.read')
    expect(reads.some(r => (r.event as { token?: string }).token !== undefined)).toBe(true)
  })

  it('is done once for each Idempotency-Key', async () => {
    const { token: secret } = await token(['grants.write', 'rights.read'])
    const key = { 'idempotency-key': crypto.randomUUID() }
    const body = wish(Date.now() + 60_000)
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(secret, '/api/v1/grants', body, key)))
    const texts = await Promise.all(answers.map(a => a.text()))
    expect(new Set(texts).size).toBe(1)
    expect(new Set(answers.map(a => a.status)).size).toBe(1)
    expect(answers.filter(a => a.headers.get('idempotency-replayed') === 'true')).toHaveLength(4)
    const { grant } = JSON.parse(texts[0] as string) as GrantIssued
    const { grants } = await hub.get<GrantList>('/api/v1/grants')
    expect(grants.filter(g => g.from === grant.from && g.person === grant.person)).toHaveLength(1)
    const other = await post(secret, '/api/v1/grants', wish(Date.now() + 120_000), key)
    expect([other.status, await codeOf(other)]).toEqual([409, 'idempotency-conflict'])
    const odd = await post(secret, '/api/v1/grants', body, { 'idempotency-key': 'again' })
    expect([odd.status, await codeOf(odd)]).toEqual([422, 'input-invalid'])
  })

  it('makes one token for one key, and never shows it twice', async () => {
    const body = { name: 'x', capabilities: ['events.read'], expiresAt: Date.now() + DAY_MS }
    const init = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'idempotency-key': crypto.randomUUID() },
    }
    expect((await hub.fetch('/api/v1/tokens', init)).status).toBe(201)
    const again = await hub.fetch('/api/v1/tokens', init)
    expect([again.status, await codeOf(again)]).toEqual([409, 'idempotency-spent'])
  })

  it('is limited, and told what is left', async () => {
    const { token: secret } = await token(['events.read'])
    const first = await ask(secret, '/api/v1/events?limit=1')
    expect(first.headers.get('ratelimit-policy')).toBe('"token";q=100;w=5')
    expect(first.headers.get('ratelimit')).toMatch(/^"token";r=\d+;t=\d+$/)
    const all = await Promise.all(Array.from({ length: 160 }, () => ask(secret, '/api/v1/events?limit=1')))
    const refused = all.filter(a => a.status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    const { token: other } = await token(['events.read'])
    expect((await ask(other, '/api/v1/events?limit=1')).status).toBe(200)
  })
})

describe('the stream', PATIENT, () => {
  it('gives 1,000 events over 20 reconnects, each once and in order', async () => {
    const { token: secret } = await token(['events.read'])
    const { events } = (await (await ask(secret, '/api/v1/events?limit=1')).json()) as EventPage
    let lastId = String(events[0]?.seq)
    const began = Number(lastId)
    const seen: number[] = []
    let sent = 0
    const sending = (async () => {
      for (; sent < 1_000; sent++)
        await door.send('badge', { point: 'door', credential: { kind: 'uid', uid: STRANGER } })
    })()
    for (let i = 0; i < 20; i++) {
      const reader = await follow(secret, lastId)
      const enough = Math.min(1_000, (i + 1) * 50)
      await until(`${enough} events`, () => seen.length + denials(reader).length >= enough, 30_000)
      seen.push(...denials(reader))
      lastId = reader.lastId ?? lastId
      await reader.close()
    }
    await sending
    const rest = await follow(secret, lastId)
    await until('the rest', () => seen.length + denials(rest).length >= 1_000, 30_000)
    seen.push(...denials(rest))
    await rest.close()
    const stored = (await hub.journal(5_000)).filter(r => r.event.kind === 'access.denied' && r.seq > began)
    expect(seen).toEqual(stored.map(r => r.seq))
    expect(seen).toHaveLength(1_000)
  })

  it('tells what the command line does, as it does', async () => {
    const { token: secret } = await token(['events.read'])
    const reader = await follow(secret)
    await hub.vigie('passback', 'reset', '--all')
    await until('the row of another process', () => reader.lines.some(l => l.kind === 'passback.reset'))
    await reader.close()
  })

  it('is cut within a second when its token is revoked', async () => {
    const { token: secret, view } = await token(['events.read'])
    const reader = await follow(secret)
    const started = performance.now()
    expect((await hub.fetch(`/api/v1/tokens/${view.id}`, { method: 'DELETE' })).status).toBe(204)
    await until('the stream is cut', () => reader.closed, 5_000)
    expect(performance.now() - started).toBeLessThan(1_500)
    expect(reader.ended).toBe('token')
    expect((await ask(secret, '/api/v1/events')).status).toBe(401)
    const again = await hub.fetch(`/api/v1/tokens/${view.id}`, { method: 'DELETE' })
    expect([again.status, await codeOf(again)]).toEqual([404, 'token-unknown'])
  })

  it('of a session ends with it', async () => {
    const seat = await hub.signInAs('security')
    const reader = await EventReader.open(`${hub.origin}/api/v1/events/stream`, { cookie: seat.cookie })
    await seat.ask('DELETE', '/api/v1/session')
    await until('the stream is cut', () => reader.closed, 5_000)
    expect(reader.ended).toBe('signed-out')
  })

  it('is open five times at most for one token', async () => {
    const { token: secret } = await token(['events.read'])
    const open = await Promise.all(Array.from({ length: 5 }, () => follow(secret)))
    const sixth = await ask(secret, '/api/v1/events/stream')
    expect([sixth.status, await codeOf(sixth)]).toEqual([429, 'streams-full'])
    await Promise.all(open.map(r => r.close()))
    await (await follow(secret)).close()
  })

  it('says so where the journal never came that far, or the place is none', async () => {
    const { token: secret } = await token(['events.read'])
    const ahead = await ask(secret, '/api/v1/events/stream?after=999999999')
    expect([ahead.status, await codeOf(ahead)]).toEqual([409, 'cursor-ahead'])
    const odd = await ask(secret, '/api/v1/events/stream', { headers: { 'last-event-id': '-1' } })
    expect([odd.status, await codeOf(odd)]).toEqual([422, 'input-invalid'])
  })

  it('carries the headers of every answer, and no HEAD opens one', async () => {
    const { token: secret } = await token(['events.read'])
    const reader = await follow(secret)
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ratelimit: expect.stringMatching(/^"token";/),
    })
    await reader.close()
    expect((await ask(secret, '/api/v1/events/stream', { method: 'HEAD' })).status).toBe(404)
  })
})

describe('vigie token', PATIENT, () => {
  const made = (...args: string[]): Promise<{ token: string; id: string }> =>
    hub.vigieJson('token', 'create', 'b.kessler', '--name', 'Script', '--until', '2099-01-01', ...args)

  it('makes, lists and revokes one, at once in the running hub', async () => {
    const until_ = new Date(Date.now() + 7 * DAY_MS).toISOString()
    const one = await hub.vigieJson<{ token: string; id: string; by: string }>(
      ...['token', 'create', 'b.kessler', '--name', 'Script', '--may', 'events.read', '--until', until_],
    )
    expect((await ask(one.token, '/api/v1/events?limit=1')).status).toBe(200)
    const [row] = (await rows('token.created')).slice(-1)
    expect(row?.event).toMatchObject({
      token: one.id,
      by: expect.stringMatching(/^cli:/),
      operator: expect.any(String),
    })
    expect(await hub.vigie('token', 'list')).toContain(one.id)
    await hub.vigie('token', 'revoke', one.id)
    expect((await ask(one.token, '/api/v1/events?limit=1')).status).toBe(401)
    expect((await hub.vigieFails('token', 'revoke', one.id)).stderr).toContain(one.id)
  })

  it('refuses what no program may, and names what there is', async () => {
    await expect(made('--may', 'keys.manage')).rejects.toThrow(/keys\.manage/)
    await expect(made('--may', 'coffee')).rejects.toThrow(/events\.read/)
    expect((await hub.vigieFails('token', 'create', 'nobody', '--name', 'x', '--may', 'events.read')).stderr).toContain(
      'nobody',
    )
  })
})
