import { describe, expect, it } from 'vitest'
import {
  afterTry,
  type Channel,
  CONFIRM_MS,
  type Contact,
  dropped,
  type Message,
  messagesFor,
  quietUntil,
  waysTo,
} from './telling.ts'

const MINUTE = 60_000
const BOTH: ReadonlySet<Channel> = new Set(['sms', 'mail'])
const guard: Contact = { operator: 'o-1', language: 'fr', mail: 'g@h.test', phone: '+33600000001' }
const mailOnly: Contact = { operator: 'o-2', language: 'en', mail: 'm@h.test' }
const message = (more: Partial<Message> = {}): Message => ({
  ...messagesFor({ id: 'in-1', severity: 'critical', step: 0 }, [guard], { at: 0, minute: 0, offered: BOTH })[0]!,
  ...more,
})
const passing = { is: 'passing', cause: 'unreachable' } as const

describe('by which way', () => {
  it('what is critical goes to the pocket first, the rest to the desk', () => {
    expect(waysTo(guard, 'critical', BOTH)).toEqual(['sms', 'mail'])
    expect(waysTo(guard, 'warning', BOTH)).toEqual(['mail', 'sms'])
  })
  it('only by what somebody has, and what the hub has', () => {
    expect(waysTo(mailOnly, 'critical', BOTH)).toEqual(['mail'])
    expect(waysTo(guard, 'critical', new Set(['mail']))).toEqual(['mail'])
    expect(waysTo({ operator: 'o-3', language: 'fr' }, 'critical', BOTH)).toEqual([])
  })
})

describe('quiet hours', () => {
  const night = { from: 22 * 60, until: 7 * 60 }
  it.each([
    ['in the evening', night, 23 * 60, 8 * 60],
    ['after midnight', night, 3 * 60, 4 * 60],
    ['by day', night, 12 * 60, 0],
    ['at their first minute', night, 22 * 60, 9 * 60],
    ['at their last', night, 7 * 60, 0],
    ['within a day', { from: 600, until: 660 }, 630, 30],
    ['that are none', { from: 60, until: 60 }, 60, 0],
    ['that were never said', undefined, 60, 0],
  ])('%s', (_, quiet, minute, wait) => {
    expect(quietUntil(quiet, minute, 1000)).toBe(1000 + wait * MINUTE)
  })
  it('hold back a warning, and nothing that is critical', () => {
    const quiet = { ...guard, quiet: night }
    const of = (severity: 'warning' | 'critical') =>
      messagesFor({ id: 'in-1', severity, step: 0 }, [quiet], { at: 0, minute: 3 * 60, offered: BOTH })[0]?.dueAt
    expect([of('warning'), of('critical')]).toEqual([240 * MINUTE, 0])
  })
})

it('each person has one message for one step, and who has no way none', () => {
  const nobody: Contact = { operator: 'o-9', language: 'fr' }
  const all = messagesFor({ id: 'in-1', severity: 'warning', step: 2 }, [guard, nobody, mailOnly], {
    ...{ at: 5, minute: 0, offered: BOTH },
  })
  expect(all.map(m => m.id)).toEqual(['in-1.2.o-1', 'in-1.2.o-2'])
  expect(all[0]).toMatchObject({ state: 'waiting', way: 0, tries: 0, step: 2, dueAt: 5 })
})

describe('what came of it', () => {
  it('delivered is the end', () => {
    expect(afterTry(message({ cause: 'unreachable' }), { is: 'delivered' }, 9)).toEqual(message({ state: 'delivered' }))
  })
  it('what fails for now is tried again, later each time; after three the next way at once', () => {
    let m = message()
    const due: number[] = []
    for (let at = 0; m.way === 0; at = m.dueAt) {
      m = afterTry(m, passing, at)
      due.push(m.dueAt)
    }
    expect(due).toEqual([5_000, 20_000, 20_000])
    expect(m).toMatchObject({ state: 'waiting', way: 1, tries: 0, cause: 'unreachable' })
  })
  it('the last way is tried for a day', () => {
    let m = message({ way: 1 })
    let tries = 0
    for (let at = 0; m.state === 'waiting'; at = m.dueAt, tries++) m = afterTry(m, passing, at)
    expect(m).toMatchObject({ state: 'failed', cause: 'unreachable' })
    expect(tries).toBeGreaterThan(90)
    expect(m.dueAt).toBeGreaterThanOrEqual(24 * 3_600_000)
  })
  it('what will never do goes the next way at once, and has failed after the last', () => {
    const refused = { is: 'refused', cause: 'refused' } as const
    const other = afterTry(message(), refused, 7)
    expect(other).toMatchObject({ way: 1, state: 'waiting', dueAt: 7 })
    expect(afterTry(other, refused, 8)).toMatchObject({ state: 'failed', cause: 'refused' })
  })
  it('what a gateway took and lost goes the next way', () => {
    const handed = afterTry(message(), { is: 'handed-over', ref: 'SM1' }, 1_000)
    expect(handed).toMatchObject({ state: 'handed-over', ref: 'SM1', dueAt: 4_000 })
    const asked = afterTry(handed, { is: 'unknown' }, 16_000)
    expect(asked).toMatchObject({ state: 'handed-over', dueAt: 31_000 })
    expect(afterTry(handed, { is: 'unknown' }, 4_000).dueAt).toBe(7_000)
    const lost = afterTry(asked, { is: 'unknown' }, 1_000 + CONFIRM_MS)
    expect(lost).toMatchObject({ state: 'waiting', way: 1, cause: 'unconfirmed' })
    expect(lost.ref).toBeUndefined()
    expect(afterTry(asked, { is: 'delivered' }, 31_000).state).toBe('delivered')
  })
  it('what nobody needs any more is dropped', () => {
    expect(dropped(message())).toMatchObject({ state: 'dropped', cause: 'over' })
  })
})
