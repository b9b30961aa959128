/** Nobody learns from an answer, or from the work behind it, which accounts exist (OWASP ASVS 5, 6.3.8). */
import { verify } from '@node-rs/argon2'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { PASSWORD, startHub, type TestHub } from './http-hub.ts'

vi.mock('@node-rs/argon2', async original => {
  const real = await original<typeof import('@node-rs/argon2')>()
  return { ...real, verify: vi.fn(real.verify) }
})

let hub: TestHub
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
  await hub.setUp()
  const { passwordHash = '' } = hub.accounts.byLogin('claire') ?? {}
  hub.accounts.add({ login: 'gone', role: 'it', passwordHash, status: 'disabled' })
  hub.accounts.add({ login: 'coming', role: 'it', status: 'invited' })
  hub.accounts.add({ login: 'half', role: 'it', passwordHash, status: 'invited' })
  hub.accounts.add({ login: 'keyed', role: 'it' })
  vi.mocked(verify).mockClear()
  hub.recorded.length = 0
})
afterEach(() => hub.stop())

it('a wrong password, an unknown name, and accounts that are disabled, invited or without password: one answer, the same work', async () => {
  const tried = [
    ['claire', 'not the password'],
    ['nobody', PASSWORD],
    ['gone', PASSWORD],
    ['gone', 'not the password'],
    ['coming', PASSWORD],
    ['half', PASSWORD],
    ['keyed', ''.padEnd(12, 'x')],
  ] as const
  const answers: unknown[] = []
  for (const [login, password] of tried) {
    hub.now += 3_600_000 // each attempt stands by itself
    const { status, headers, text } = await hub.signIn(password, login)
    answers.push([status, text, Object.keys(headers).sort().join(), headers['content-length']])
  }
  expect(new Set(answers.map(a => JSON.stringify(a))).size).toBe(1)
  expect(answers[0]).toEqual(expect.arrayContaining([401, expect.stringContaining('sign-in-refused')]))
  const costs = vi.mocked(verify).mock.calls.map(([hash]) => String(hash).split('$').slice(0, 4).join('$'))
  expect(costs).toEqual(tried.map(() => '$argon2id$v=19$m=47104,t=2,p=1'))
  expect(hub.recorded.every(e => e.kind === 'operator.refused' && e.reason === 'password')).toBe(true)
})

it('an unknown name is delayed as a known one is', async () => {
  const waits = async (login: string): Promise<unknown[]> => {
    const seen: unknown[] = []
    for (let i = 0; i < 4; i++) {
      const answer = await hub.signIn('not the password', login)
      seen.push([answer.status, answer.json<{ seconds: number }>().seconds])
      hub.now += 1_500
    }
    return seen
  }
  const known = await waits('claire')
  hub.now += 3_600_000
  expect(await waits('nobody')).toEqual(known)
})
