import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Problem, SessionInfo } from '../api.ts'
import { PASSWORD_MAX } from '../http/passwords.ts'
import { hashOf } from '../http/secrets.ts'
import { SESSION_COOKIE } from '../http/sessions.ts'
import { type Answer, cookieOf, IDLE_MS, PASSWORD, startHub, type TestHub } from './http-hub.ts'

let hub: TestHub
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
})
afterEach(() => hub.stop())

const code = (answer: Answer): [number, string] => [answer.status, answer.json<Problem>().code]
const session = async (cookie?: string): Promise<SessionInfo> => (await hub.ask('/api/v1/session', { cookie })).json()
const finish = (cookie: string) =>
  hub.ask('/api/v1/session/factor', {
    method: 'POST',
    cookie,
    body: { recovery: hub.recoveryCodes.get('claire')?.shift() },
  })
const setUp = (fields: object, more = {}) =>
  hub.ask('/api/v1/setup', {
    method: 'POST',
    body: { login: 'claire', name: 'Claire Marchand', password: PASSWORD, ...fields },
    ...more,
  })

describe('the first start', () => {
  it('has no account, no default password, and says only that setup is needed', async () => {
    expect(await session()).toEqual({ setupNeeded: true })
    expect(code(await hub.signIn('admin', 'admin'))).toEqual([401, 'sign-in-refused'])
  })

  it('gives a token of 256 bits, keeps only its hash, and forgets the one before', async () => {
    const first = await hub.auth.newSetupToken()
    const second = await hub.auth.newSetupToken()
    expect(Buffer.from(second ?? '', 'base64url')).toHaveLength(32)
    expect(hub.accounts.setupToken).toBe(hashOf(second ?? ''))
    expect(code(await setUp({ token: first }))).toEqual([401, 'setup-refused'])
    expect((await setUp({ token: second })).status).toBe(201)
    expect(await hub.auth.newSetupToken()).toBeUndefined()
  })

  it('makes the administrator, signs in, and works once', async () => {
    const token = await hub.auth.newSetupToken()
    const answer = await setUp({ token, login: 'Claire' })
    const operator = { login: 'claire', name: 'Claire Marchand', role: 'administrator' }
    expect(answer.json()).toEqual({ operator, stage: 'enrol', setupNeeded: false })
    expect(await session(cookieOf(answer))).toEqual({ operator, stage: 'enrol', setupNeeded: false })
    expect(hub.accounts.rows.get('claire')?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=47104,t=2,p=1\$/)
    expect(code(await setUp({ token, login: 'mallory' }))).toEqual([401, 'setup-refused'])
    expect(hub.recorded).toMatchObject([
      { kind: 'operator.signed-in', operator: 'op-claire' },
      { kind: 'operator.refused', reason: 'setup-token' },
    ])
  })

  it('lets one of 20 simultaneous setups win', async () => {
    const token = await hub.auth.newSetupToken()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => setUp({ token, login: `admin-${i}` })))
    expect(answers.filter(a => a.status === 201)).toHaveLength(1)
    expect(new Set(answers.filter(a => a.status !== 201).map(a => code(a).join(' ')))).toEqual(
      new Set(['401 setup-refused']),
    )
    expect(hub.accounts.rows.size).toBe(1)
  })

  it.each([
    ['11 characters', 'elevenchars', 422],
    ['12 characters that leaked', 'Password2026', 422, 'password-breached'],
    ['a leaked word with letters changed and a tail', 'SUNSHINE!!2026?', 422, 'password-breached'],
    ['129 characters', 'x'.repeat(PASSWORD_MAX + 1), 422],
    ['the login, in other letters', 'CLAIRE.marchand', 422],
    ['the name without its spaces', 'clairemarchand', 422],
    ['12 characters', 'twelve chars', 201],
    ['12 characters beyond ASCII', 'é'.repeat(12), 201],
  ])('weighs a password of %s', async (_, password, status, why = 'password-weak') => {
    const token = await hub.auth.newSetupToken()
    const answer = await setUp({ token, login: 'claire.marchand', password })
    expect(answer.status).toBe(status)
    if (status === 422) {
      expect(code(answer)[1]).toBe(why)
      expect((await setUp({ token })).status).toBe(201) // the link is not used up
    }
  })

  it('slows down who guesses at the link', async () => {
    await hub.auth.newSetupToken()
    const answers: string[] = []
    for (let i = 0; i < 8; i++) answers.push(code(await setUp({ token: `guess-${i}` })).join(' '))
    expect(answers.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => '401 setup-refused'))
    expect(answers.slice(6)).toEqual(['429 too-many-requests', '429 too-many-requests'])
  })
})

describe('the session cookie', () => {
  it('is __Host-, Secure, HttpOnly, SameSite=Strict, for the whole host and no other', async () => {
    const token = await hub.auth.newSetupToken()
    const set = (await setUp({ token })).headers['set-cookie']
    expect(set).toHaveLength(1)
    expect(set?.[0]).toMatch(
      new RegExp(`^${SESSION_COOKIE}=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; Secure; SameSite=Strict$`),
    )
  })

  it('carries a new id at each step of each sign-in; the one before and one planted open nothing', async () => {
    const first = await hub.setUp()
    const planted = `${SESSION_COOKIE}=${'A'.repeat(43)}`
    const half = cookieOf(await hub.signIn(PASSWORD, 'claire', { cookie: first }))
    const second = cookieOf(await finish(half))
    const third = cookieOf(await finish(cookieOf(await hub.signIn(PASSWORD, 'CLAIRE', { cookie: planted }))))
    expect(new Set([first, half, second, third, planted]).size).toBe(5)
    for (const over of [first, half, planted]) expect(await session(over)).toEqual({ setupNeeded: false })
    expect((await session(second)).operator?.login).toBe('claire')
    expect((await session(third)).operator?.login).toBe('claire')
  })

  it('is stored as a hash only', async () => {
    const cookie = await hub.setUp()
    const id = cookie.slice(SESSION_COOKIE.length + 1)
    expect([...hub.store.rows.keys()]).toEqual([hashOf(id)])
    expect((await session(`${SESSION_COOKIE}=${hashOf(id)}`)).operator).toBeUndefined()
  })

  it.each(['', 'x', 'A'.repeat(42), 'A'.repeat(500), '%00', '__proto__'])('holding %j is nobody', async value => {
    await hub.setUp()
    expect((await session(`${SESSION_COOKIE}=${value}`)).operator).toBeUndefined()
  })
})

describe('a session', () => {
  let cookie: string
  beforeEach(async () => {
    cookie = await hub.setUp()
    hub.recorded.length = 0
  })
  const site = async (): Promise<number> => (await hub.ask('/api/v1/site', { cookie })).status

  it('lives while it is used, and ends 30 minutes after the last request', async () => {
    for (let i = 0; i < 4; i++) {
      hub.now += IDLE_MS * 0.9
      expect(await site()).toBe(200)
    }
    hub.now += IDLE_MS
    expect(await site()).toBe(401)
    expect(hub.store.rows.size).toBe(0)
    expect(hub.recorded).toEqual([{ kind: 'operator.signed-out', operator: 'op-claire', reason: 'expired' }])
  })

  it('of an administrator ends 8 hours after sign-in, however busy', async () => {
    const end = hub.now + 8 * 3_600_000
    for (; hub.now < end; hub.now += IDLE_MS / 2) expect(await site()).toBe(200)
    expect(await site()).toBe(401)
  })

  it('ends at sign-out, and the cookie goes', async () => {
    const answer = await hub.ask('/api/v1/session', { method: 'DELETE', cookie })
    expect(answer.status).toBe(204)
    expect(answer.headers['set-cookie']?.[0]).toMatch(new RegExp(`^${SESSION_COOKIE}=; Max-Age=0; Path=/; `))
    expect(await site()).toBe(401)
    expect(hub.recorded).toEqual([{ kind: 'operator.signed-out', operator: 'op-claire', reason: 'signed-out' }])
  })

  it('dies with its account, and follows its role at once', async () => {
    hub.accounts.give('claire', 'auditor')
    expect((await session(cookie)).operator?.role).toBe('auditor')
    hub.accounts.rows.delete('claire')
    expect(await site()).toBe(401)
  })
})

describe('signing in', () => {
  beforeEach(async () => {
    await hub.setUp()
    hub.recorded.length = 0
  })

  it('delays an account 1, 2, 4 s and so on, 60 s at most, and never for good', async () => {
    const delays: (number | undefined)[] = []
    for (let i = 0; i < 9; i++) {
      const answer = await hub.signIn('wrong')
      expect(code(answer)).toEqual([401, 'sign-in-refused'])
      const { seconds } = answer.json<Problem>()
      delays.push(seconds)
      expect(answer.headers['retry-after']).toBe(String(seconds))
      hub.now += seconds! * 1000
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
    expect((await hub.signIn()).status).toBe(200)
    expect((await hub.signIn('wrong')).json<Problem>().seconds).toBe(1)
  })

  it('does not even look at the password within the delay, right or wrong', async () => {
    await hub.signIn('wrong')
    const answer = await hub.signIn()
    expect(code(answer)).toEqual([429, 'too-many-requests'])
    expect(answer.headers['retry-after']).toBe('1')
    await hub.signIn('wrong') // does not lengthen it
    hub.now += 1000
    expect((await hub.signIn()).status).toBe(200)
  })

  it('gives 200 simultaneous guesses one try', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => hub.signIn(`guess ${i}`)))
    expect(answers.filter(a => a.status === 401)).toHaveLength(1)
    expect(answers.filter(a => a.status === 429)).toHaveLength(199)
  })

  it('slows a network that tries one password on many names', async () => {
    const statuses: number[] = []
    for (let i = 0; i < 14; i++) statuses.push((await hub.signIn(PASSWORD, `name-${i}`)).status)
    expect(statuses).toEqual([...Array.from({ length: 11 }, () => 401), 429, 429, 429])
    hub.now += 1000
    expect((await hub.signIn()).status).toBe(200)
  })

  it('writes every outcome down, a flood within one delay as one line, and never the name typed', async () => {
    await hub.signIn('wrong')
    for (let i = 0; i < 10; i++) await hub.signIn('wrong')
    hub.now += 1000
    await hub.signInWhole()
    await hub.signIn('wrong', 'my secret password')
    expect(hub.recorded).toEqual([
      { kind: 'operator.refused', operator: 'op-claire', reason: 'password' },
      { kind: 'operator.refused', reason: 'too-many' },
      { kind: 'operator.signed-in', operator: 'op-claire', factor: 'recovery' },
      { kind: 'operator.refused', reason: 'password' },
    ])
  })
})
