import { describe, expect, it } from 'vitest'
import { isVigieError } from '../errors.ts'
import { instantAsked } from './question-times.ts'

const ZONE = 'Europe/Paris'
/** Wednesday 10 June 2026, 10:00 in Paris. */
const NOW = Date.UTC(2026, 5, 10, 8)
const asked = (text: string | undefined, past = false, now = NOW): string =>
  new Date(instantAsked(text, now, ZONE, past)).toISOString().replace(':00.000Z', 'Z')

describe('a time asked about', () => {
  it.each<[string | undefined, string]>([
    [undefined, '2026-06-10T08:00Z'],
    ['07:02', '2026-06-10T05:02Z'],
    ['23:59', '2026-06-10T21:59Z'],
    ['00:00', '2026-06-09T22:00Z'],
    ['2026-12-25 03:00', '2026-12-25T02:00Z'],
    ['2026-12-25T03:00', '2026-12-25T02:00Z'],
    [' 2026-12-25T03:00 ', '2026-12-25T02:00Z'],
    ['2026-12-25T03:00+09:00', '2026-12-24T18:00Z'],
    ['2026-12-25T03:00:00Z', '2026-12-25T03:00Z'],
  ])('%s is %s, on the clock of the site unless it names a zone', (text, at) => expect(asked(text)).toBe(at))

  it('is yesterday’s where it is still to come and the past is meant', () => {
    expect(asked('10:01', true)).toBe('2026-06-09T08:01Z')
    expect(asked('10:00', true)).toBe('2026-06-10T08:00Z')
  })

  it('that comes twice is its first coming, and one that is skipped is refused in a sentence', () => {
    expect(asked('2026-10-25 02:30')).toBe('2026-10-25T00:30Z')
    expect(asked('2026-03-29 03:00')).toBe('2026-03-29T01:00Z')
    for (const text of ['2026-03-29 02:00', '2026-03-29T02:59'])
      expect(() => asked(text)).toThrow('an hour that exists: that one is skipped on that day')
    expect(() => asked('02:30', false, Date.UTC(2026, 2, 29, 8))).toThrow('skipped')
  })

  it('is of the day the clocks change, counted on the wall', () => {
    expect(asked('07:02', false, Date.UTC(2026, 2, 29, 8))).toBe('2026-03-29T05:02Z')
    expect(asked('07:02', true, Date.UTC(2026, 2, 29, 4))).toBe('2026-03-28T06:02Z')
  })

  it.each(['', '7:02', '24:00', '07:60', '2026-02-30 03:00', '2026-12-25T25:00Z', '25 December', '1969-01-01 00:00'])(
    'that does not exist is refused: %j',
    text => {
      const error = (() => {
        try {
          return instantAsked(text, NOW, ZONE)
        } catch (thrown) {
          return thrown
        }
      })()
      expect(isVigieError(error) && [error.code, error.details.field]).toEqual(['input-invalid', 'at'])
    },
  )
})
