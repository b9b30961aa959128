/** Sessions as their owner sees and ends them, and as an account's change ends them (OWASP ASVS 5, 7.3 to 7.5). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Problem, SessionInfo, SessionList } from '../api.ts'
import { SESSION_COOKIE } from '../http/sessions.ts'
import { LONGEST_SESSION_MS, ROLES, STEP_UP_MS } from '../rules/roles.ts'
import { type Answer, cookieOf, gone, heard, IDLE_MS, PASSWORD, startHub, type TestHub } from './http-hub.ts'

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
let hub: TestHub
let cookie: string
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
  cookie = await hub.setUp()
  hub.recorded.length = 0
})
afterEach(() => hub.stop())

const code = (answer: Answer): [number, string] => [answer.status, answer.json<Problem>().code]
const send = (method: string, path: string, body?: object, from = cookie) =>
  hub.ask(`/api/v1${path}`, { method, cookie: from, ...(body && { body }) })
const list = async (from = cookie) =>
  (await send('GET', '/account/sessions', undefined, from)).json<SessionList>().sessions
const alive = async (from: string): Promise<boolean> =>
  (await send('GET', '/session', undefined, from)).json<SessionInfo>().stage !== undefined

describe('the list of one’s own sessions', () => {
  it('says where and since when, in a few words, newest first; nobody else’s, and none that is not signed in', async () => {
    hub.now += 60_000
    const headers = { 'user-agent': FIREFOX }
    const begun = await hub.signIn(PASSWORD, 'claire', { headers })
    const body = { recovery: hub.recoveryCodes.get('claire')?.shift() }
    const done = await hub.ask('/api/v1/session/factor', { method: 'POST', cookie: cookieOf(begun), body, headers })
    await hub.signIn() // gets no further
    await hub.signInAs('security')
    expect(await list(cookieOf(done))).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{43}$/) as unknown,
        createdAt: hub.now,
        seenAt: hub.now,
        expiresAt: hub.now + LONGEST_SESSION_MS.administrator,
        client: 'Firefox, Windows',
        address: '127.0.0.1',
        own: true,
      },
      expect.objectContaining({ client: '', own: false }),
    ])
    expect((await list()).map(s => s.own)).toEqual([false, true])
  })

  it('ends one from another, its live socket too; never somebody else’s', async () => {
    const other = await hub.signInWhole()
    const socket = hub.connect(other)
    await heard(socket, 'hello')
    const ended = gone(socket)
    const [there] = (await list()).filter(s => !s.own)
    expect((await send('DELETE', `/account/sessions/${there?.id}`)).status).toBe(204)
    await ended
    expect([await alive(other), await alive(cookie)]).toEqual([false, true])
    expect(code(await send('DELETE', `/account/sessions/${there?.id}`))).toEqual([404, 'session-unknown'])
    const guard = await hub.signInAs('security')
    const [theirs] = await list(guard)
    expect(code(await send('DELETE', `/account/sessions/${theirs?.id}`))).toEqual([404, 'session-unknown'])
    expect(await alive(guard)).toBe(true)
  })

  it('ends all others after a fresh proof', async () => {
    const others = [await hub.signInWhole(), await hub.signInWhole(), cookieOf(await hub.signIn())]
    expect((await send('DELETE', '/account/sessions')).status).toBe(204)
    expect(await Promise.all(others.map(alive))).toEqual([false, false, false])
    expect(await alive(cookie)).toBe(true)
    hub.now += STEP_UP_MS
    expect(code(await send('DELETE', '/account/sessions'))).toEqual([403, 'step-up-needed'])
  })
})

describe('changing the password', () => {
  const NEXT = 'une autre phrase assez longue'
  const change = (current: string, next: string) => send('PUT', '/account/password', { current, next })

  it('asks for the current one, ends every other session, and counts at once', async () => {
    const other = await hub.signInWhole()
    expect(code(await change('not the password', NEXT))).toEqual([422, 'password-wrong'])
    expect(code(await change(PASSWORD, NEXT))).toEqual([429, 'too-many-requests'])
    hub.now += 1_000
    expect((await change(PASSWORD, NEXT)).status).toBe(204)
    expect([await alive(cookie), await alive(other)]).toEqual([true, false])
    expect(code(await hub.signIn(PASSWORD))).toEqual([401, 'sign-in-refused'])
    hub.now += 1_000
    expect((await hub.signIn(NEXT)).status).toBe(200)
  })

  it('takes none that is weak or leaked', async () => {
    expect(code(await change(PASSWORD, 'short'))).toEqual([422, 'password-weak'])
    expect(code(await change(PASSWORD, 'qwertyuiop123'))).toEqual([422, 'password-breached'])
  })

  it('asks for a fresh proof', async () => {
    hub.now += STEP_UP_MS
    expect(code(await change(PASSWORD, NEXT))).toEqual([403, 'step-up-needed'])
  })
})

describe('the limits of a session', () => {
  it.each(ROLES)('end one of the role %s, however busy', async role => {
    const from = await hub.signInAs(role)
    const end = hub.now + LONGEST_SESSION_MS[role]
    for (; hub.now < end; hub.now += IDLE_MS / 2) expect(await alive(from)).toBe(true)
    expect(await alive(from)).toBe(false)
  })

  it('are 30 minutes where a second factor has yet to be set up', async () => {
    hub.accounts.add({ login: 'bob', role: 'it', passwordHash: hub.accounts.byLogin('claire')!.passwordHash })
    const from = cookieOf(await hub.signIn(PASSWORD, 'bob'))
    for (let i = 0; i < 3; i++, hub.now += IDLE_MS / 3) expect(await alive(from)).toBe(true)
    expect(await alive(from)).toBe(false)
  })
})

describe('an account that is disabled', () => {
  it('has no session any more, and its live socket ends within a second', async () => {
    const guard = await hub.signInAs('security')
    const socket = hub.connect(guard)
    await heard(socket, 'hello')
    const ended = gone(socket)
    const from = performance.now()
    hub.accounts.add({ ...hub.accounts.byLogin('security')!, status: 'disabled' })
    expect(await alive(guard)).toBe(false)
    await ended
    expect(performance.now() - from).toBeLessThan(1_000)
  })
})

describe('a session that is not signed in all the way', () => {
  it.each(['factor', 'enrol'] as const)('opens no live socket at stage %s', async stage => {
    const operator = hub.accounts.byLogin('claire')!
    const id = await hub.sessions.open({ operator, stage, steppedUp: false, client: '', address: '' })
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }
    const asked = { cookie: `${SESSION_COOKIE}=${id}`, headers }
    const answer = await hub.ask('/socket.io/?EIO=4&transport=websocket', asked)
    expect(code(answer)).toEqual(stage === 'factor' ? [401, 'factor-owed'] : [403, 'enrolment-owed'])
  })
})
