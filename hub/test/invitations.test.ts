/** Coming in by the one-time link of an invitation, or of a reset. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Problem, Role, SessionInfo } from '../api.ts'
import { hashOf, newSecret } from '../http/secrets.ts'
import { type Answer, PASSWORD, startHub, type TestHub } from './http-hub.ts'

const DAY_MS = 86_400_000
let hub: TestHub
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing' })
})
afterEach(() => hub.stop())

const code = (answer: Answer): [number, string] => [answer.status, answer.json<Problem>().code]
function invited(role: Role, days = 7): string {
  const token = newSecret()
  const { id } = hub.accounts.add({ login: 'bob', name: 'Bob Martin', role, status: 'invited' })
  hub.accounts.invitations.set(hashOf(token), { id, until: hub.now + days * DAY_MS })
  return token
}
const accept = (token: string, password = PASSWORD) =>
  hub.ask('/api/v1/invitation', { method: 'POST', body: { token, password } })

it('whose role needs no second factor is signed in with a password', async () => {
  const answer = await accept(invited('nurse'))
  expect(answer.status).toBe(201)
  expect(answer.json<SessionInfo>()).toMatchObject({ stage: 'in', operator: { login: 'bob', role: 'nurse' } })
  expect(hub.recorded).toEqual([{ kind: 'operator.signed-in', operator: 'op-bob' }])
  expect((await hub.signIn(PASSWORD, 'bob')).json<SessionInfo>().stage).toBe('in')
})

it('others have one to set up first', async () => {
  const answer = await accept(invited('auditor'))
  expect([answer.status, answer.json<SessionInfo>().stage]).toEqual([201, 'enrol'])
})

it('counts once: one of twenty at the same moment', async () => {
  const token = invited('nurse')
  const answers = await Promise.all(Array.from({ length: 20 }, () => accept(token)))
  expect(answers.filter(a => a.status === 201)).toHaveLength(1)
  const refused = new Set(answers.filter(a => a.status !== 201).map(a => code(a).join(' ')))
  expect(refused).toEqual(new Set(['401 invitation-refused']))
})

it.each<[string, () => string]>([
  ['an expired one', () => invited('nurse', 0)],
  ['one of an account that was disabled since', () => disabledSince()],
  ['one that nobody made', () => newSecret()],
  ['a word', () => 'token'],
])('%s opens nothing, and says no more', async (_, token) => {
  const answer = await accept(token())
  expect(code(answer)).toEqual([401, 'invitation-refused'])
  expect(answer.headers['set-cookie']).toBeUndefined()
  expect(hub.recorded).toEqual([{ kind: 'operator.refused', reason: 'invitation-token' }])
})
function disabledSince(): string {
  const token = invited('nurse')
  hub.accounts.add({ ...hub.accounts.byLogin('bob')!, status: 'disabled' })
  return token
}

it('is not used up by a password that will not do', async () => {
  const token = invited('nurse')
  expect(code(await accept(token, 'short'))).toEqual([422, 'password-weak'])
  expect(code(await accept(token, 'bob martin'.padEnd(12)))).toEqual([422, 'password-weak'])
  expect(code(await accept(token, 'letmein123456'))).toEqual([422, 'password-breached'])
  expect((await accept(token)).status).toBe(201)
})

it('slows down who guesses at links', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 8; i++) statuses.push((await accept(newSecret())).status)
  expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429])
})
