import { describe, expect, it } from 'vitest'
import { DAY_MS, MOST_POINTS, STEPS, stepFor, tierOf } from './series.ts'

const NOW = Date.UTC(2026, 10, 22)
const step = (name: string) => STEPS.find(s => s.name === name)
const chosen = (days: number, wanted?: string, ago = 0): string =>
  stepFor(NOW - (ago + days) * DAY_MS, NOW - ago * DAY_MS, wanted ? step(wanted) : undefined, NOW).name

describe('the step of a curve', () => {
  it.each([
    [1, undefined, '5m'],
    [0.1, undefined, '1m'],
    [7, undefined, '1h'],
    [30, undefined, '3h'],
    [365, undefined, '1d'],
    [1, '1m', '5m'], // 1,440 points
    [0.5, '1m', '1m'],
    [365, '1s', '1d'],
    [40, '1h', '1h'],
  ])('of %s days, asked for %s: %s', (days, wanted, expected) => {
    expect(chosen(days, wanted)).toBe(expected)
  })

  it('is one of which there is something left', () => {
    expect(chosen(0.01, '1s')).toBe('1s')
    expect(chosen(0.01, '1s', 20)).toBe('1m')
    expect(chosen(0.01, '1s', 100)).toBe('1h')
    expect(chosen(0.01, '1s', 1_200)).toBe('1d')
  })

  it('never leads to more than a thousand points, whatever is asked', () => {
    for (const wanted of STEPS)
      for (const days of [0.001, 0.2, 1, 3, 10, 33, 62, 125, 365, 1_000])
        for (const ago of [0, 13, 61, 500]) {
          const { ms } = stepFor(NOW - (ago + days) * DAY_MS, NOW - ago * DAY_MS, wanted, NOW)
          expect((days * DAY_MS) / ms).toBeLessThanOrEqual(MOST_POINTS)
        }
  })

  it('ten years at one second are refused with what to do', () => {
    expect(() => chosen(3_650, '1s')).toThrowError(expect.objectContaining({ code: 'filter-invalid' }))
    expect(() => chosen(-1)).toThrowError(expect.objectContaining({ code: 'range-inverted' }))
  })

  it('names the coarsest table that can tell it', () => {
    expect(STEPS.map(tierOf)).toEqual([undefined, undefined, 'minute', 'minute', 'minute', 'hour', 'hour', 'day'])
    // Steps lose what identity they had on their way to another thread.
    expect(tierOf(structuredClone(STEPS.at(-1)!))).toBe('day')
  })
})
