/** An auditor may ask why a badge was let in or refused: the answer is the same whether the PIN was a cry for help or not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WhyAnswer } from '../api.ts'
import { askingIn } from '../wiring/questions.ts'
import { ANNA, DURESS, House, PIN } from './house.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

/** Of the newest badge event; without what differs from one badge to the next: its row, and the clock. */
async function why(): Promise<unknown> {
  const { seq } = house.stage.rows().findLast(r => r.event.kind.startsWith('access.'))!
  const { answer } = await askingIn(house.stage.db, () => house.now).why({ seq })
  const [event] = (answer as WhyAnswer).events
  expect(JSON.stringify(answer)).not.toMatch(/duress|contrainte/i)
  return JSON.parse(JSON.stringify({ ...event, seq: 0, at: 0 }).replaceAll(/\d\d:\d\d(:\d\d)?/g, '#'))
}

describe('why, of a badge with a PIN', () => {
  it.each([
    ['locker', 'was let in'],
    ['drugs', 'waits for a second person'],
    ['opioids', 'was refused'],
  ])('at %s, which %s, says nothing of duress', async point => {
    await house.badge(ANNA, point, { pin: PIN })
    const plain = await why()
    await house.pass(60_000)
    await house.badge(ANNA, point, { pin: DURESS })
    expect(house.kinds()).toContain('duress.raised')
    expect(await why()).toEqual(plain)
  })

  it('nor during the pause after wrong ones, in which no PIN counts', async () => {
    for (const pin of ['1357', '2468', '9753']) await house.badge(ANNA, 'locker', { pin })
    await house.badge(ANNA, 'locker', { pin: PIN })
    const plain = await why()
    await house.badge(ANNA, 'locker', { pin: DURESS })
    expect(house.kinds()).toContain('duress.raised')
    expect(await why()).toEqual(plain)
  })

  it('and the row of the alarm itself is none to ask about', async () => {
    await house.badge(ANNA, 'locker', { pin: DURESS })
    const { seq } = house.stage.rows().find(r => r.event.kind === 'duress.raised')!
    const asked = askingIn(house.stage.db, () => house.now).why({ seq })
    await expect(asked).rejects.toMatchObject({ code: 'input-invalid', details: { field: 'seq' } })
  })
})
