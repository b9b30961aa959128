import { expect, it } from 'vitest'
import { minuteOf, phoneOf, timeOf } from '../src/contact.ts'

it.each([
  ['06 12 34 56 78', '+33612345678'],
  ['06.12.34.56.78', '+33612345678'],
  ['+33 6 12 34 56 78', '+33612345678'],
  ['0033612345678', '+33612345678'],
  ['+32 470 12 34 56', '+32470123456'],
  ['0612', undefined],
  ['12 34 56 78 90', undefined],
  ['+0612345678', undefined],
  ['six', undefined],
  ['', undefined],
])('%j is the number %s', (text, phone) => {
  expect(phoneOf(text)).toBe(phone)
})
it('a time of day is minutes, and back', () => {
  for (const [time, minute] of [
    ['00:00', 0],
    ['22:00', 1320],
    ['23:59', 1439],
  ] as const)
    expect([minuteOf(time), timeOf(minute)]).toEqual([minute, time])
  expect([minuteOf('24:00'), minuteOf('7:00'), minuteOf('')]).toEqual([undefined, undefined, undefined])
})
