import { describe, expect, it } from 'vitest'
import { networkOf, Throttle } from './throttle.ts'

describe('a delay', () => {
  const throttle = (free: number, capMs: number) => {
    const clock = { now: 1_000_000 }
    return { clock, held: new Throttle({ free, capMs }, () => clock.now) }
  }

  it('doubles from 1 s up to its cap, after the free attempts', () => {
    const { held } = throttle(2, 10_000)
    expect(Array.from({ length: 8 }, () => held.charge('k'))).toEqual([
      0, 0, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ])
  })
  it('stays at its cap after a million failures', () => {
    const { held } = throttle(0, 60_000)
    for (let i = 0; i < 10_000; i++) held.charge('k')
    expect(held.charge('k')).toBe(60_000)
    expect(held.waitMs('k')).toBe(60_000)
  })
  it('is over when it is over, and forgotten after a quiet hour', () => {
    const { clock, held } = throttle(0, 60_000)
    for (let i = 0; i < 5; i++) held.charge('k')
    clock.now += 16_000
    expect(held.waitMs('k')).toBe(0)
    expect(held.charge('k')).toBe(32_000)
    clock.now += 3_600_000
    expect(held.charge('k')).toBe(1_000)
  })
  it('of one key is nobody else’s, and ten thousand other keys do not grow memory without end', () => {
    const { held } = throttle(0, 60_000)
    held.charge('first')
    for (let i = 0; i < 10_000; i++) held.charge(`k${i}`)
    expect(held.waitMs('first')).toBe(0)
    expect(held.waitMs('k9999')).toBe(1_000)
  })
  it('gives back one attempt, or all', () => {
    const { held } = throttle(1, 60_000)
    for (let i = 0; i < 3; i++) held.charge('k')
    held.refund('k', false)
    expect(held.charge('k')).toBe(2_000)
    held.refund('k', true)
    expect(held.charge('k')).toBe(0)
  })
})

describe('a network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => expect(networkOf(address)).toBe(network))
})
