/** Thousands of guesses (threat 20): each costs next to nothing, nobody is kept out by them, and the journal stays readable. */
import { verify } from '@node-rs/argon2'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Problem } from '../api.ts'
import { KNOWN_COOKIE } from '../http/known-browsers.ts'
import { type Answer, PASSWORD, startHub, type TestHub } from './http-hub.ts'

vi.mock('@node-rs/argon2', async original => {
  const real = await original<typeof import('@node-rs/argon2')>()
  return { ...real, verify: vi.fn(real.verify) }
})

let hub: TestHub
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
  await hub.setUp()
  hub.recorded.length = 0
  vi.mocked(verify).mockClear()
})
afterEach(() => hub.stop())

const attempt = (n: number, login = 'claire', more: { from?: string; cookie?: string; password?: string } = {}) => {
  const { password = `guess ${n}`, ...ask } = more
  return hub.ask('/api/v1/session', { method: 'POST', body: { login, password }, ...ask })
}
const knownIn = ({ headers }: Answer): string =>
  (headers['set-cookie'] ?? []).find(c => c.startsWith(`${KNOWN_COOKIE}=`))?.split(';')[0] ?? ''

it('10,000 logins, from forty addresses over a hundred minutes: a password is looked at once a minute', async () => {
  const statuses = new Map<number, number>()
  for (let minute = 0; minute < 100; minute++) {
    const tried = Array.from({ length: 100 }, (_, i) =>
      attempt(minute * 100 + i, i % 10 > 0 ? 'claire' : `name-${i}`, { from: `127.0.0.${10 + (i % 40)}` }),
    )
    for (const { status, text } of await Promise.all(tried)) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect(text).not.toMatch(/claire|argon|\.ts/)
    }
    hub.now += 60_000
  }
  expect([...statuses.keys()].toSorted()).toEqual([401, 429])
  const ofClaire = hub.recorded.filter(e => e.kind === 'operator.refused' && e.operator === 'op-claire')
  expect(ofClaire.length).toBeLessThanOrEqual(106) // growing at first, then one a minute
  expect(hub.recorded.length).toBeLessThan(10_000)
  expect((await attempt(0, 'claire', { password: PASSWORD })).status).toBe(200) // no lock, however many
}, 120_000)

describe('a browser in which its owner was signed in', () => {
  /** All the way in, from the recovery code of the set-up. @returns the cookie by which the browser is known */
  async function known(): Promise<string> {
    const begun = await attempt(0, 'claire', { password: PASSWORD })
    expect(knownIn(begun)).toBe('') // not before the second factor
    const session = (begun.headers['set-cookie'] ?? [])[0]?.split(';')[0] ?? ''
    const recovery = hub.recoveryCodes.get('claire')?.shift()
    const done = await hub.ask('/api/v1/session/factor', { method: 'POST', cookie: session, body: { recovery } })
    expect(done.status).toBe(200)
    return knownIn(done)
  }

  it('is in at once while others hammer at the account and from the same network', async () => {
    const cookie = await known()
    await Promise.all(Array.from({ length: 40 }, (_, i) => attempt(i)))
    for (let i = 0; i < 12; i++) {
      hub.now += 60_000
      expect((await attempt(i)).status).toBe(401)
    }
    expect((await attempt(0, 'claire', { password: PASSWORD })).status).toBe(429)
    expect((await attempt(0, 'claire', { password: PASSWORD, cookie })).status).toBe(200)
  })

  it('is delayed by its own failures, the same way', async () => {
    const cookie = await known()
    const delays: (number | undefined)[] = []
    for (let i = 0; i < 8; i++) {
      const { seconds } = (await attempt(i, 'claire', { cookie })).json<Problem>()
      delays.push(seconds)
      expect((await attempt(i, 'claire', { cookie, password: PASSWORD })).status).toBe(429)
      hub.now += (seconds ?? 0) * 1000
    }
    expect(delays).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    expect((await attempt(0, 'claire', { cookie, password: PASSWORD })).status).toBe(200)
  })

  it('is nobody else\u2019s: not under another name, not changed by one character, not after its term', async () => {
    const cookie = await known()
    const end = cookie.at(-1) === 'A' ? 'B' : 'A'
    await attempt(0)
    for (const wrong of [
      cookie.slice(0, -1) + end,
      `${cookie.slice(0, -1)}`,
      `${KNOWN_COOKIE}=`,
      `${KNOWN_COOKIE}=~~~`,
    ])
      expect((await attempt(0, 'claire', { cookie: wrong, password: PASSWORD })).status).toBe(429)
    hub.accounts.add({ login: 'other', role: 'it', passwordHash: hub.accounts.byLogin('claire')?.passwordHash ?? '' })
    await attempt(0, 'other')
    expect((await attempt(0, 'other', { cookie, password: PASSWORD })).status).toBe(429)
    hub.now += 181 * 86_400_000
    await attempt(0)
    expect((await attempt(0, 'claire', { cookie, password: PASSWORD })).status).toBe(429)
  })

  it('opens nothing by itself, says nothing of whose it is, and is out of reach of scripts', async () => {
    const cookie = await known()
    expect((await hub.ask('/api/v1/account', { cookie })).status).toBe(401)
    expect(cookie).not.toContain('claire')
    expect(Buffer.from(cookie.split('=')[1] ?? '', 'base64url').toString('latin1')).not.toContain('claire')
    const begun = await attempt(0, 'claire', { password: PASSWORD, cookie })
    const session = (begun.headers['set-cookie'] ?? [])[0]?.split(';')[0] ?? ''
    const recovery = hub.recoveryCodes.get('claire')?.shift()
    const both = `${session}; ${cookie}`
    const done = await hub.ask('/api/v1/session/factor', { method: 'POST', cookie: both, body: { recovery } })
    const set = (done.headers['set-cookie'] ?? []).find(c => c.startsWith(KNOWN_COOKIE))
    for (const flag of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict', 'Max-Age=15552000'])
      expect(set).toContain(flag)
  })
})
