import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { OPENING_GRACE_MS, type Unlock, Unlocks } from './unlocks.ts'

const unlock = (over: Partial<Unlock> = {}): Unlock => ({
  command: 'c1',
  device: 'd',
  point: 'door',
  person: 'p-1',
  badgeAt: 1_000,
  openUntil: 14_000,
  ...over,
})

let silent: string[]
let unlocks: Unlocks
beforeEach(() => {
  vi.useFakeTimers()
  silent = []
  unlocks = new Unlocks(u => silent.push(u.command))
})
afterEach(() => vi.useRealTimers())

describe('unlock commands that are not over', () => {
  it('are answered once, by the device they went to', () => {
    unlocks.sent(unlock(), 5_000)
    expect(unlocks.answered('other', 'c1')).toBeUndefined()
    expect(unlocks.answered('d', 'c2')).toBeUndefined()
    expect(unlocks.answered('d', 'c1')).toMatchObject({ person: 'p-1' })
    expect(unlocks.answered('d', 'c1')).toBeUndefined()
    vi.advanceTimersByTime(60_000)
    expect(silent).toEqual([])
  })

  it('are silent when 5 s have passed without an answer, told once', () => {
    unlocks.sent(unlock(), 5_000)
    vi.advanceTimersByTime(4_999)
    expect(silent).toEqual([])
    vi.advanceTimersByTime(1)
    expect(silent).toEqual(['c1'])
    expect(unlocks.answered('d', 'c1')).toBeUndefined()
  })

  it('that could not be sent are silent at once, and nothing opens by them', () => {
    unlocks.sent(unlock(), 5_000)
    unlocks.undelivered('c1')
    expect(silent).toEqual(['c1'])
    expect(unlocks.openedBy('d', 'door', 2_000)).toBeUndefined()
    vi.advanceTimersByTime(60_000)
    unlocks.undelivered('c1')
    expect(silent).toEqual(['c1'])
  })

  it('make an opening their person’s until openUntil, inclusive, at their own point only', () => {
    unlocks.sent(unlock(), 5_000)
    expect(unlocks.openedBy('d', 'door', 14_000)).toEqual({ person: 'p-1' })
    expect(unlocks.openedBy('d', 'door', 14_001)).toBeUndefined()
    expect(unlocks.openedBy('d', 'drawer-1', 2_000)).toBeUndefined()
    expect(unlocks.openedBy('d2', 'door', 2_000)).toBeUndefined()
  })

  it('are the newest one’s: who badged last opens', () => {
    unlocks.sent(unlock(), 5_000)
    unlocks.sent(unlock({ command: 'c2', person: 'p-2' }), 5_000)
    expect(unlocks.openedBy('d', 'door', 2_000)).toEqual({ person: 'p-2' })
    unlocks.withdraw(unlock()) // the older one was refused meanwhile
    expect(unlocks.openedBy('d', 'door', 2_000)).toEqual({ person: 'p-2' })
    unlocks.withdraw(unlock({ command: 'c2' }))
    expect(unlocks.openedBy('d', 'door', 2_000)).toBeUndefined()
  })

  it('are joined by requests to exit: 10 s, nobody’s name', () => {
    unlocks.exitRequested('d', 'door', 1_000)
    expect(unlocks.openedBy('d', 'door', 11_000)).toEqual({})
    expect(unlocks.openedBy('d', 'door', 11_001)).toBeUndefined()
  })

  it('leave no timer behind when the hub stops', () => {
    unlocks.sent(unlock(), 5_000)
    unlocks.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect(silent).toEqual([])
    expect(OPENING_GRACE_MS).toBeLessThanOrEqual(5_000)
  })

  it('that call a lock back open nothing; answered, they end what was ordered before them, not after', () => {
    unlocks.sent(unlock(), 5_000)
    const back = unlock({ command: 'c2', action: 'lock', badgeAt: 1_500 })
    unlocks.sent(back, 5_000)
    expect(unlocks.openAt('d', 'door', 2_000)?.command).toBe('c1') // it may still be released
    unlocks.cameBack(back)
    expect(unlocks.openAt('d', 'door', 2_000)).toBeUndefined()
    unlocks.sent(unlock({ command: 'c3', badgeAt: 1_600 }), 5_000)
    unlocks.cameBack(back)
    expect(unlocks.openAt('d', 'door', 2_000)?.command).toBe('c3')
    expect(unlocks.openAt('d', 'door', 14_001)).toBeUndefined()
  })

  it('keep a door released whoever badges there: nobody is broken in after their own seconds, nor locked out sooner', () => {
    unlocks.sent(unlock({ command: 'round', held: true, badgeAt: 1_000, openUntil: 36_000 }), 5_000)
    unlocks.sent(unlock({ command: 'badge', badgeAt: 2_000, openUntil: 15_000 }), 5_000)
    expect(unlocks.heldFor('d', 'door', 2_000)).toBe(34_000)
    expect(unlocks.openedBy('d', 'door', 2_000)).toEqual({ person: 'p-1' })
    expect(unlocks.openedBy('d', 'door', 20_000)).not.toBeUndefined()
    expect(unlocks.openedBy('d', 'door', 36_001)).toBeUndefined()
    unlocks.sent(unlock({ command: 'round', held: true, badgeAt: 37_000, openUntil: 72_000 }), 5_000)
    unlocks.cameBack(unlock({ command: 'back', action: 'lock', badgeAt: 38_000 }))
    expect(unlocks.heldFor('d', 'door', 38_000)).toBe(0)
  })

  it('tell of their silence whoever asked for it, and nobody else', () => {
    const outcomes: string[] = []
    unlocks.sent(unlock({ settled: outcome => outcomes.push(outcome) }), 5_000)
    vi.advanceTimersByTime(5_000)
    expect([outcomes, silent]).toEqual([['silent'], []])
  })
})
