import { expect, test } from 'vitest'
import { instantOf, validityOf } from './instant.ts'

test.each([
  ['2026-07-01T12:00Z', Date.UTC(2026, 6, 1, 12)],
  ['2026-07-01T12:00:30.5+02:00', Date.UTC(2026, 6, 1, 10, 0, 30, 500)],
  ['2028-02-29T00:00:00-10:00', Date.UTC(2028, 1, 29, 10)],
])('%s is an instant', (text, at) => {
  expect(instantOf(text)).toBe(at)
})

test.each([
  '2026-02-30T00:00:00Z',
  '2026-02-29T12:00Z',
  '2026-13-01T00:00Z',
  '2026-01-01T24:00Z',
  '2026-01-01T25:00Z',
  '2026-01-01T00:00:60Z',
  '2026-01-01T00:00:00+25:00',
  '2026-01-01',
  '',
  'now',
])('%j is none', text => {
  expect(instantOf(text)).toBeNaN()
})

test('what has no limits is valid for ever', () => {
  expect(validityOf({})).toEqual({ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY })
})
