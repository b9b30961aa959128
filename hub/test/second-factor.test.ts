/** Codes of a generator and recovery codes: at sign-in, at step-up, once each (SECURITY.md, threats 20 and 21). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountView, FactorAdded, Problem, RecoveryCodes, SessionInfo, TotpOffer } from '../api.ts'
import { SESSION_COOKIE } from '../http/sessions.ts'
import { codeAt } from '../http/totp.ts'
import { STEP_UP_MS } from '../rules/roles.ts'
import { type Answer, cookieOf, PASSWORD, startHub, type TestHub } from './http-hub.ts'

const STEP_MS = 30_000
let hub: TestHub
let cookie: string
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
  cookie = await hub.setUp()
  hub.now += STEP_MS
  hub.recorded.length = 0
})
afterEach(() => hub.stop())

const code = (answer: Answer): [number, string] => [answer.status, answer.json<Problem>().code]
const send = (method: string, path: string, body?: object, from = cookie) =>
  hub.ask(`/api/v1${path}`, { method, cookie: from, ...(body && { body }) })
/** A session from which a right password has just come. */
const half = async (): Promise<string> => {
  const operator = hub.accounts.byLogin('claire')!
  const id = await hub.sessions.open({ operator, stage: 'factor', steppedUp: false, client: '', address: '' })
  return `${SESSION_COOKIE}=${id}`
}
const session = async (from: string): Promise<SessionInfo> => (await send('GET', '/session', undefined, from)).json()
const factor = (proof: object, from: string) => send('POST', '/session/factor', proof, from)
const secret = (): string => hub.accounts.byLogin('claire')?.totpSecret ?? ''
const totp = (ms = 0): { totp: string } => ({ totp: codeAt(secret(), hub.now + ms) })
const recovery = (): { recovery: string } => ({ recovery: hub.recoveryCodes.get('claire')?.shift() ?? '' })
const wrong = (): { totp: string } => ({ totp: String((Number(totp().totp) + 1) % 1_000_000).padStart(6, '0') })

describe('signing in with a second factor', () => {
  it('gets no further by the password, says nothing of who it is, and names the factors', async () => {
    const begun = await hub.signIn()
    const owed = { stage: 'factor', factors: ['totp', 'recovery'], setupNeeded: false }
    expect([begun.status, begun.json()]).toEqual([200, owed])
    expect(await session(cookieOf(begun))).toEqual(owed)
    for (const [method, path] of [
      ['GET', '/site'],
      ['GET', '/account'],
      ['POST', '/account/totp'],
      ['GET', '/account/sessions'],
      ['POST', '/session/step-up'],
    ] as const)
      expect([path, ...code(await send(method, path, undefined, cookieOf(begun)))]).toEqual([path, 401, 'factor-owed'])
    expect(hub.recorded).toEqual([])
  })

  it('is in by a code, with a new id, and that counts as a fresh proof', async () => {
    const before = await half()
    const done = await factor(totp(), before)
    expect(done.json<SessionInfo>()).toMatchObject({
      stage: 'in',
      operator: { login: 'claire', role: 'administrator' },
      capabilities: expect.arrayContaining(['operators.manage']) as unknown,
      steppedUpUntil: hub.now + STEP_UP_MS,
    })
    expect(cookieOf(done)).not.toBe(before)
    expect((await send('GET', '/site', undefined, cookieOf(done))).status).toBe(200)
    expect(code(await factor(totp(STEP_MS), before))).toEqual([401, 'not-signed-in'])
    expect(hub.recorded).toEqual([{ kind: 'operator.signed-in', operator: 'op-claire', factor: 'totp' }])
  })

  it.each([
    ['the step before', -STEP_MS, 401], // it was used to set the generator up
    ['this step', 0, 200],
    ['the step after', STEP_MS, 200],
    ['two steps ahead', 2 * STEP_MS, 401],
    ['two steps ago', -2 * STEP_MS, 401],
  ])('takes a code of %s as it should', async (_, ms, status) => {
    expect((await factor(totp(ms), await half())).status).toBe(status)
  })

  it('ends five minutes after the password', async () => {
    const begun = await half()
    hub.now += 5 * 60_000
    expect(await session(begun)).toEqual({ setupNeeded: false })
    expect(hub.recorded).toEqual([])
  })

  it('delays wrong codes 1, 2, 4 s and so on, also over new sessions, and tells the journal', async () => {
    const delays: (number | undefined)[] = []
    for (let i = 0; i < 8; i++) {
      const answer = await factor(wrong(), await half())
      expect(code(answer)).toEqual([401, 'factor-refused'])
      const { seconds = 0 } = answer.json<Problem>()
      delays.push(seconds)
      expect(code(await factor(totp(), await half()))).toEqual([429, 'too-many-requests'])
      hub.now += seconds * 1000
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect((await factor(totp(), await half())).status).toBe(200)
    const refused = hub.recorded.filter(e => e.kind === 'operator.refused')
    expect(refused[0]).toEqual({ kind: 'operator.refused', operator: 'op-claire', reason: 'factor' })
  })

  it.each([
    {},
    { totp: '12345' },
    { totp: '１２３４５６' },
    { totp: 123456 },
    { totp: '123456', recovery: 'AAAA-BBBB-CCCC-DDDD' },
    { recovery: '' },
    { password: PASSWORD },
    { passkey: {} },
    { passkey: null },
  ])('refuses %j by its shape', async proof => {
    expect(code(await factor(proof, await half()))).toEqual([422, 'input-invalid'])
  })
})

describe('a code counts once', () => {
  it('of 50 posts of one code at the same moment, from sessions of their own, one wins', async () => {
    const halves: string[] = []
    for (let i = 0; i < 50; i++) halves.push(await half())
    const proof = totp()
    const answers = await Promise.all(halves.map(from => factor(proof, from)))
    expect(answers.filter(a => a.status === 200)).toHaveLength(1)
    const refusals = new Set(answers.filter(a => a.status !== 200).map(a => code(a).join(' ')))
    expect([...refusals.difference(new Set(['401 factor-refused', '429 too-many-requests']))]).toEqual([])
    hub.now += 1_000
    expect(code(await factor(proof, await half()))).toEqual([401, 'factor-refused'])
  })

  it('nor does one that is older than one that was used', async () => {
    expect((await factor(totp(STEP_MS), await half())).status).toBe(200)
    expect(code(await factor(totp(), await half()))).toEqual([401, 'factor-refused'])
  })

  it('at sign-in or at step-up, not at both', async () => {
    const proof = totp()
    expect((await factor(proof, await half())).status).toBe(200)
    expect(code(await send('POST', '/session/step-up', proof))).toEqual([401, 'factor-refused'])
  })

  it('also where another process has used it since', async () => {
    const from = await half()
    hub.accounts.add({ ...hub.accounts.byLogin('claire')!, totpStep: Math.floor(hub.now / STEP_MS) + 1 })
    expect(code(await factor(totp(), from))).toEqual([401, 'factor-refused'])
  })

  it('and so does a recovery code, in any spelling', async () => {
    const proof = recovery()
    const spelt = { recovery: proof.recovery.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o') }
    const [first, second] = [await half(), await half()]
    expect((await factor(spelt, first)).status).toBe(200)
    expect(code(await factor(proof, second))).toEqual([401, 'factor-refused'])
    expect((await send('GET', '/account')).json<AccountView>().recoveryCodesLeft).toBe(9)
  })
})

describe('while the store can not be written', () => {
  beforeEach(() => {
    hub.accounts.disk = () => Promise.reject(new Error('database is locked'))
  })

  it('a code lets its owner in, once; so does a recovery code', async () => {
    const [first, second, third, fourth] = [await half(), await half(), await half(), await half()]
    const [code1, code2] = [totp(), recovery()]
    expect((await factor(code1, first)).status).toBe(200)
    expect(code(await factor(code1, second))).toEqual([401, 'factor-refused'])
    hub.now += 1_000
    expect((await factor(code2, third)).status).toBe(200)
    expect(code(await factor(code2, fourth))).toEqual([401, 'factor-refused'])
  })
})

describe('stepping up', () => {
  const stepUp = (proof: object) => send('POST', '/session/step-up', proof)

  it('is asked for five minutes after the last proof, gives a new id with the same end, and lasts five minutes', async () => {
    const ends = hub.store.rows.values().next().value?.expiresAt
    hub.now += STEP_UP_MS
    expect(code(await send('POST', '/account/recovery-codes'))).toEqual([403, 'step-up-needed'])
    const done = await stepUp(totp())
    expect(done.json<SessionInfo>().steppedUpUntil).toBe(hub.now + STEP_UP_MS)
    expect(code(await send('GET', '/site'))).toEqual([401, 'not-signed-in'])
    cookie = cookieOf(done)
    expect([...hub.store.rows.values()].map(s => s.expiresAt)).toEqual([ends])
    hub.now += STEP_UP_MS - 1
    expect((await send('POST', '/account/recovery-codes')).status).toBe(200)
    hub.now += 1
    expect(code(await send('POST', '/account/recovery-codes'))).toEqual([403, 'step-up-needed'])
    expect(hub.recorded[0]).toEqual({ kind: 'operator.stepped-up', operator: 'op-claire', factor: 'totp' })
  })

  it('takes the password only from who has nothing else', async () => {
    expect(code(await stepUp({ password: PASSWORD }))).toEqual([401, 'factor-refused'])
    cookie = await hub.signInAs('nurse')
    hub.now += STEP_UP_MS
    expect(code(await stepUp({ password: 'not the password' }))).toEqual([422, 'password-wrong'])
    hub.now += 1_000
    const done = await stepUp({ password: PASSWORD })
    expect([done.status, done.json<SessionInfo>().stage]).toEqual([200, 'in'])
  })

  it('keeps the live socket, which ends with the new session', async () => {
    const told: string[] = []
    const own = [...hub.store.rows.keys()][0] ?? ''
    hub.sessions.watch(own, why => told.push(why))
    const next = cookieOf(await stepUp(totp()))
    expect(told).toEqual([])
    await send('DELETE', '/session', undefined, next)
    expect(told).toEqual(['signed-out'])
  })
})

describe('setting factors up', () => {
  it('is all that a new administrator can do, and signs in', async () => {
    hub.accounts.add({ login: 'bob', role: 'it', passwordHash: hub.accounts.byLogin('claire')!.passwordHash })
    const begun = await hub.signIn(PASSWORD, 'bob')
    expect(begun.json<SessionInfo>()).toMatchObject({ stage: 'enrol', operator: { login: 'bob' } })
    const from = cookieOf(begun)
    for (const [method, path, body] of [
      ['GET', '/site'],
      ['POST', '/account/recovery-codes'],
      ['DELETE', '/account/totp'],
      ['PUT', '/account/password', { current: PASSWORD, next: 'another long phrase' }],
      ['GET', '/account/sessions'],
    ] as const)
      expect([path, ...code(await send(method, path, body, from))]).toEqual([path, 403, 'enrolment-owed'])
    const { secret: offered, uri } = (await send('POST', '/account/totp', undefined, from)).json<TotpOffer>()
    expect(uri).toMatch(/^otpauth:\/\/totp\/Vigie:bob\?.*secret=[A-Z2-7]{32}.*&digits=6&period=30$/)
    const done = await send('PUT', '/account/totp', { code: codeAt(offered, hub.now) }, from)
    const { recoveryCodes, session: now } = done.json<FactorAdded>()
    expect(recoveryCodes).toHaveLength(10)
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(recoveryCodes?.every(c => /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/.test(c))).toBe(true)
    expect(now).toMatchObject({ stage: 'in', steppedUpUntil: hub.now + STEP_UP_MS })
    expect(await session(from)).toEqual({ setupNeeded: false })
    expect((await send('GET', '/site', undefined, cookieOf(done))).status).toBe(200)
  })

  it('asks for a code of the secret offered last, within ten minutes', async () => {
    const offer = async (): Promise<string> => (await send('POST', '/account/totp')).json<TotpOffer>().secret
    const put = (of: string) => send('PUT', '/account/totp', { code: codeAt(of, hub.now) })
    const kept = secret()
    const first = await offer()
    const second = await offer()
    expect(code(await put(first))).toEqual([401, 'factor-refused'])
    hub.now += 1_000
    expect((await put(second)).status).toBe(200)
    expect([secret(), kept === second]).toEqual([second, false])
    expect(code(await put(second))).toEqual([409, 'totp-unoffered'])
    await offer()
    hub.now += 10 * 60_000
    cookie = await hub.signInWhole()
    expect(code(await put(second))).toEqual([409, 'totp-unoffered'])
  })

  it('new recovery codes end the old ones', async () => {
    const old = recovery()
    const { recoveryCodes } = (await send('POST', '/account/recovery-codes')).json<RecoveryCodes>()
    expect(code(await factor(old, await half()))).toEqual([401, 'factor-refused'])
    hub.now += 1_000
    expect((await factor({ recovery: recoveryCodes[9] }, await half())).status).toBe(200)
  })

  it('the last factor stays where the role needs one; elsewhere the recovery codes go with it', async () => {
    expect(code(await send('DELETE', '/account/totp'))).toEqual([409, 'factor-needed'])
    hub.accounts.give('claire', 'nurse')
    const claire = await hub.signInWhole()
    expect((await send('DELETE', '/account/totp', undefined, claire)).status).toBe(204)
    expect(await send('GET', '/account', undefined, claire).then(a => a.json<AccountView>())).toMatchObject({
      totp: false,
      recoveryCodesLeft: 0,
      secondFactorRequired: false,
    })
    expect(code(await send('DELETE', '/account/totp', undefined, claire))).toEqual([404, 'factor-none'])
    expect((await hub.signIn()).json<SessionInfo>().stage).toBe('in')
  })
})
