import { expect, it } from 'vitest'
import { type Answer, type Begun, type Claim, KeptAnswers } from './kept-answers.ts'

const DAY_MS = 86_400_000
const answer = (body = 'done'): Answer => ({ status: 201, headers: {}, body })
function claimed(begun: Begun): Claim {
  if (!('claim' in begun)) throw new Error('it was answered')
  return begun.claim
}
const codeOf = (asked: Promise<Begun>): Promise<string> =>
  asked.then(
    () => 'taken',
    (error: { code: string }) => error.code,
  )

it('gives the first one’s answer to all that ask while it works, and after, for a day', async () => {
  let now = 0
  const kept = new KeptAnswers(() => now)
  const first = claimed(await kept.begin('o', 'k', 'f'))
  const waiting = [kept.begin('o', 'k', 'f'), kept.begin('o', 'k', 'f')]
  first.settle(answer())
  expect(await Promise.all(waiting)).toEqual([{ answer: answer() }, { answer: answer() }])
  expect(await codeOf(kept.begin('o', 'k', 'other'))).toBe('idempotency-conflict')
  expect(await kept.begin('another', 'k', 'other')).toHaveProperty('claim')
  now = DAY_MS - 1
  expect(await kept.begin('o', 'k', 'f')).toEqual({ answer: answer() })
  now = DAY_MS
  expect(await kept.begin('o', 'k', 'f')).toHaveProperty('claim')
})

it('lets exactly one of those who waited try again where the first came to nothing', async () => {
  const kept = new KeptAnswers(() => 0)
  const first = claimed(await kept.begin('o', 'k', 'f'))
  const waiting = [kept.begin('o', 'k', 'f'), kept.begin('o', 'k', 'f'), kept.begin('o', 'k', 'f')]
  first.settle(undefined)
  const next = await Promise.race(waiting)
  claimed(next).settle(answer('second'))
  const all = await Promise.all(waiting)
  expect(all.filter(b => 'claim' in b)).toHaveLength(1)
  expect(all.filter(b => 'answer' in b)).toEqual([{ answer: answer('second') }, { answer: answer('second') }])
})

it('says that a secret was shown, and that the first is still at work', async () => {
  const kept = new KeptAnswers(() => 0, 20)
  const first = claimed(await kept.begin('o', 'k', 'f'))
  expect(await codeOf(kept.begin('o', 'k', 'f'))).toBe('idempotency-busy')
  first.settle('spent')
  expect(await codeOf(kept.begin('o', 'k', 'f'))).toBe('idempotency-spent')
})

it('holds a bounded number, the oldest of the same owner going first', async () => {
  const kept = new KeptAnswers(() => 0)
  for (let i = 0; i < 1_000; i++) claimed(await kept.begin('busy', `k${i}`, 'f')).settle(answer())
  claimed(await kept.begin('calm', 'k', 'f')).settle(answer())
  expect(await kept.begin('busy', 'k999', 'f')).toHaveProperty('answer')
  expect(await kept.begin('busy', 'k0', 'f')).toHaveProperty('claim')
  for (let i = 0; i < 20; i++) claimed(await kept.begin('big', `k${i}`, 'f')).settle(answer('x'.repeat(50_000)))
  expect(await kept.begin('big', 'k19', 'f')).toHaveProperty('answer')
  expect(await kept.begin('big', 'k0', 'f')).toHaveProperty('claim')
  expect(await kept.begin('calm', 'k', 'f')).toHaveProperty('answer')
})
