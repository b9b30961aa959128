/** Against published times of the Observatoire de Paris and of timeanddate for the polar case; a minute or two is fine. */
import { expect, it } from 'vitest'
import { nextSun, sunAt } from './sun.ts'

const PARIS = { latitude: 48.8566, longitude: 2.3522 }
const TROMSO = { latitude: 69.6492, longitude: 18.9553 }
const NOUMEA = { latitude: -22.2758, longitude: 166.458 }
const near = (found: number, text: string): void =>
  expect(Math.abs(found - Date.parse(text)), new Date(found).toISOString()).toBeLessThan(3 * 60_000)

it('rises and sets over Paris when the almanac says so, on the longest and the shortest day', () => {
  near(nextSun('sunrise', PARIS, Date.parse('2026-06-21T00:00:00Z')), '2026-06-21T03:47:00Z')
  near(nextSun('sunset', PARIS, Date.parse('2026-06-21T00:00:00Z')), '2026-06-21T19:58:00Z')
  near(nextSun('sunrise', PARIS, Date.parse('2026-12-21T00:00:00Z')), '2026-12-21T07:41:00Z')
  near(nextSun('sunset', PARIS, Date.parse('2026-12-21T00:00:00Z')), '2026-12-21T15:55:00Z')
})

it('the next one is always after the instant asked about, by no more than a day and a bit, east and west', () => {
  for (const place of [PARIS, NOUMEA])
    for (let at = Date.parse('2026-03-01T00:00:00Z'), i = 0; i < 200; i++, at += 7 * 3_600_000 + 11 * 60_000) {
      const [rise, set] = [nextSun('sunrise', place, at), nextSun('sunset', place, at)]
      expect(rise).toBeGreaterThan(at)
      expect(set).toBeGreaterThan(at)
      expect(Math.max(rise, set) - at).toBeLessThan(24.2 * 3_600_000)
      expect(nextSun('sunrise', place, rise)).toBeGreaterThan(rise)
    }
})

it('is dark from the instant of sunset to the instant of sunrise', () => {
  const set = nextSun('sunset', PARIS, Date.parse('2026-11-24T12:00:00Z'))
  const rise = nextSun('sunrise', PARIS, set)
  expect(sunAt(PARIS, set - 1)).toEqual({ dark: false, until: set })
  expect(sunAt(PARIS, set)).toEqual({ dark: true, until: rise })
  expect(sunAt(PARIS, rise).dark).toBe(false)
})

it('beyond the polar circle the night of December is dark at noon, the day of June light at midnight', () => {
  expect(sunAt(TROMSO, Date.parse('2026-12-15T11:00:00Z')).dark).toBe(true)
  expect(sunAt(TROMSO, Date.parse('2026-06-15T23:00:00Z')).dark).toBe(false)
})

it('is nowhere at no time', () => expect(nextSun('sunset', PARIS, Number.NaN)).toBeNaN())
