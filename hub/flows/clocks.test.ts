import { describe, expect, it } from 'vitest'
import { DeviceClocks } from './clocks.ts'

const HUB = Date.UTC(2026, 9, 25, 0, 59) // a minute before Paris leaves summer time

describe('device clocks beside the hub’s', () => {
  it('flags a difference beyond the limit, in both directions, signed hub minus device', () => {
    const clocks = new DeviceClocks(10_000)
    expect(clocks.compare('d', HUB - 10_000, HUB)).toEqual({ stale: false })
    expect(clocks.compare('d', HUB - 10_001, HUB)).toEqual({ stale: false, skewMs: 10_001 })
    expect(clocks.compare('d', HUB + 10_001, HUB)).toEqual({ stale: false, skewMs: -10_001 })
  })

  it('calls nothing stale without an announced clock: a wrong clock and a slow message look the same', () => {
    expect(new DeviceClocks(10_000).compare('d', HUB - 86_400_000, HUB).stale).toBe(false)
  })

  it.each([0, 3_600_000, -3_600_000, 1e9])('calls stale what took over 30 s, with a clock %i ms behind', behind => {
    const clocks = new DeviceClocks(10_000)
    clocks.announce('d', HUB - behind, HUB)
    const arrived = (afterMs: number) => clocks.compare('d', HUB - behind, HUB + afterMs).stale
    expect([0, 30_000, 30_001, 600_000].map(arrived)).toEqual([false, false, true, true])
  })

  it('forgets a clock when the device leaves, and when it comes without one', () => {
    const clocks = new DeviceClocks(10_000)
    const staleNow = () => clocks.compare('d', HUB - 60_000, HUB).stale
    clocks.announce('d', HUB, HUB)
    expect(staleNow()).toBe(true)
    clocks.leave('d')
    expect(staleNow()).toBe(false)
    clocks.announce('d', HUB, HUB)
    clocks.announce('d', undefined, HUB)
    expect(staleNow()).toBe(false)
    clocks.announce('d', HUB, HUB)
    clocks.announce('d', Number.NaN, HUB)
    expect(staleNow()).toBe(false)
  })

  it('keeps each device’s own', () => {
    const clocks = new DeviceClocks(10_000)
    clocks.announce('a', HUB, HUB)
    expect(clocks.compare('a', HUB - 60_000, HUB).stale).toBe(true)
    expect(clocks.compare('b', HUB - 60_000, HUB).stale).toBe(false)
  })
})
