import { describe, expect, it } from 'vitest'
import { DeviceClocks } from './clocks.ts'

const HUB = Date.UTC(2026, 9, 25, 0, 59) // a minute before Paris leaves summer time

describe('device clocks beside the hub’s', () => {
  it('flags a difference beyond the limit, in both directions, signed hub minus device', () => {
    const clocks = new DeviceClocks(10_000)
    clocks.compare('d', HUB, HUB)
    expect(clocks.compare('d', HUB - 10_000, HUB)).toEqual({ stale: false })
    expect(clocks.compare('d', HUB - 10_001, HUB)).toEqual({ stale: false, skewMs: 10_001 })
    expect(clocks.compare('d', HUB + 10_001, HUB)).toEqual({ stale: false, skewMs: -10_001 })
  })

  it('takes what comes right behind the connecting for a queue: a badge that is old by its own clock is stale', () => {
    const clocks = new DeviceClocks(10_000)
    clocks.connect('d', HUB)
    const queued = [48_000, 47_000, 7_200_000, -7_200_000].map(
      (behind, i) => clocks.compare('d', HUB + i - behind, HUB + i).stale,
    )
    expect(queued).toEqual([true, true, true, true])
  })

  it('takes an old time for a wrong clock once the device was quiet for over 3 s, or has sent something fresh', () => {
    const clocks = new DeviceClocks(10_000)
    const hourOff = (at: number) => clocks.compare('d', at - 3_600_000, at).stale
    clocks.connect('d', HUB)
    expect([hourOff(HUB + 1_000), hourOff(HUB + 4_000), hourOff(HUB + 7_001)]).toEqual([true, true, false])
    expect(hourOff(HUB + 7_002)).toBe(false)
    clocks.connect('d', HUB + 8_000)
    expect(clocks.compare('d', HUB + 8_000 - 30_000, HUB + 8_000).stale).toBe(false)
    expect(hourOff(HUB + 8_001)).toBe(false)
  })

  it('does not believe a device it never saw connect', () => {
    expect(new DeviceClocks(10_000).compare('d', HUB - 86_400_000, HUB).stale).toBe(true)
  })

  it.each([0, 3_600_000, -3_600_000, 1e9])('calls stale what took over 30 s, with a clock %i ms behind', behind => {
    const clocks = new DeviceClocks(10_000)
    clocks.announce('d', HUB - behind, HUB)
    const arrived = (afterMs: number) => clocks.compare('d', HUB - behind, HUB + afterMs).stale
    expect([0, 30_000, 30_001, 600_000].map(arrived)).toEqual([false, false, true, true])
  })

  it('forgets a clock when the device leaves, and when it comes without one', () => {
    const clocks = new DeviceClocks(10_000)
    const minuteOld = () => clocks.compare('d', HUB - 60_000, HUB).stale
    const live = () => clocks.compare('d', HUB, HUB)
    for (const forget of [
      () => clocks.leave('d'),
      () => clocks.announce('d', undefined, HUB),
      () => clocks.announce('d', Number.NaN, HUB),
    ]) {
      clocks.announce('d', HUB, HUB)
      expect(minuteOld()).toBe(true)
      forget()
      live()
      expect(minuteOld()).toBe(false)
    }
  })

  it('keeps each device’s own', () => {
    const clocks = new DeviceClocks(10_000)
    clocks.announce('a', HUB, HUB)
    clocks.compare('b', HUB, HUB)
    expect(clocks.compare('a', HUB - 60_000, HUB).stale).toBe(true)
    expect(clocks.compare('b', HUB - 60_000, HUB).stale).toBe(false)
  })
})
