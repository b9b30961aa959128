import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { amountOf, FAULTS, FaultyWire, parseFault, type Rates, ratesOf } from './faults.ts'
import { backoffMs } from './link.ts'
import { seeded } from './random.ts'

const NONE: Rates = { drop: 0, delay: 0, duplicate: 0, reorder: 0, replay: 0 }

describe('trouble between device and hub', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function send(rates: Partial<Rates>, messages: readonly Buffer[]): { arrived: Buffer[]; wire: FaultyWire<Buffer> } {
    const arrived: Buffer[] = []
    const wire = new FaultyWire<Buffer>({ ...NONE, ...rates }, seeded(1), m => void arrived.push(m))
    for (const message of messages) wire.pass(message)
    return { arrived, wire }
  }
  const letters = [...'abcdefghij'].map(c => Buffer.from(c))
  const text = (arrived: readonly Buffer[]): string => arrived.map(String).join('')

  it('changes nothing without a fault', () => {
    expect(text(send({}, letters).arrived)).toBe('abcdefghij')
  })

  it('drop: all at rate 1, some at 0.5', () => {
    expect(send({ drop: 1 }, letters).arrived).toEqual([])
    const some = send({ drop: 0.5 }, letters).arrived.length
    expect(some).toBeGreaterThan(0)
    expect(some).toBeLessThan(10)
  })

  it('duplicate: the very same bytes twice', () => {
    const { arrived } = send({ duplicate: 1 }, letters)
    expect(text(arrived)).toBe('aabbccddeeffgghhiijj')
    expect(arrived[0]).toBe(arrived[1])
  })

  it('delay: nothing at once, everything within 3 s', () => {
    const { arrived } = send({ delay: 1 }, letters)
    expect(arrived).toEqual([])
    vi.advanceTimersByTime(3_000)
    expect(text(arrived).split('').sort().join('')).toBe('abcdefghij')
  })

  it('reorder: each held message comes after its successor, and the last one not later than 2 s', () => {
    const { arrived } = send({ reorder: 1 }, letters.slice(0, 5))
    expect(text(arrived)).toBe('badc')
    vi.advanceTimersByTime(2_000)
    expect(text(arrived)).toBe('badce')
  })

  it('replay: old bytes come again within 5 s, after the real ones', () => {
    const { arrived } = send({ replay: 1 }, letters)
    expect(text(arrived)).toBe('abcdefghij')
    vi.advanceTimersByTime(5_000)
    expect(arrived).toHaveLength(20)
    for (const again of arrived.slice(10)) expect(letters).toContain(again)
  })

  it('what is under way when the power goes never arrives', () => {
    const { arrived, wire } = send({ delay: 1 }, letters)
    wire.stop()
    vi.advanceTimersByTime(10_000)
    expect(arrived).toEqual([])
  })
})

describe('asking for trouble', () => {
  it('reads kind, device and amount; all means every device', () => {
    expect(parseFault('drop')).toEqual({ kind: 'drop', amount: FAULTS.drop.amount })
    expect(parseFault('drop:all:0.5')).toEqual({ kind: 'drop', amount: 0.5 })
    expect(parseFault('clock-skew:pir-t10:-30')).toEqual({ kind: 'clock-skew', device: 'pir-t10', amount: -30 })
  })

  it.each(['', 'fire', 'drop:all:2', 'drop:all:-1', 'drop:all:x', 'drop:all:', 'drop:all:1:1', 'power-cut:all:61'])(
    'refuses %j in words',
    text => {
      expect(parseFault(text)).toEqual(expect.any(String))
    },
  )

  it('one device’s own amount wins over everybody’s', () => {
    const faults = [
      { kind: 'drop', device: 'a', amount: 0.9 },
      { kind: 'drop', amount: 0.1 },
    ] as const
    expect([amountOf(faults, 'drop', 'a'), amountOf(faults, 'drop', 'b'), amountOf(faults, 'delay', 'a')]).toEqual([
      0.9, 0.1, 0,
    ])
    expect(ratesOf(faults, 'a')).toEqual({ ...NONE, drop: 0.9 })
  })
})

describe('waiting before the next attempt', () => {
  it('grows to at most 30 s and is spread between nothing and its limit', () => {
    expect([0, 1, 5, 20].map(n => backoffMs(n, () => 0.999_999)).map(Math.round)).toEqual([500, 1_000, 16_000, 30_000])
    expect(backoffMs(20, () => 0)).toBe(50)
  })
})
