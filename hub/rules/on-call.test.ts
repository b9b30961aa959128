/** Turns of a rota, over the nights on which clocks change too. */
import { expect, it } from 'vitest'
import { STOPPED, wallClock } from '../access/calendar.ts'
import type { Rota } from '../access/site-alerting.ts'
import { onCall, turnsFrom } from './on-call.ts'

const zone = wallClock('Europe/Paris')
if (!zone.ok) throw new Error('no such time zone')
const { clock } = zone
const rota: Rota = {
  id: 'nights',
  name: '',
  people: ['ida', 'sam', 'tom'],
  from: '2026-03-23',
  handover: '08:00',
  days: 3,
}
const at = (text: string): number => Date.parse(text)
const who = (text: string, of = rota) => onCall(of, at(text), clock)

it('nobody is on call before the first turn, then each in their order, and again from the first', () => {
  expect(who('2026-03-23T07:59:59+01:00')).toBeUndefined()
  expect(who('2026-03-23T08:00:00+01:00')).toBe('ida')
  expect(who('2026-03-26T07:59:00+01:00')).toBe('ida')
  expect(who('2026-03-26T08:00:00+01:00')).toBe('sam')
  // The clocks go forward on 29 March: eight o'clock is eight o'clock.
  expect(who('2026-03-29T07:59:00+02:00')).toBe('sam')
  expect(who('2026-03-29T08:00:00+02:00')).toBe('tom')
  expect(who('2026-04-01T08:00:00+02:00')).toBe('ida')
})

it('whoever stands in has it for that time, and of two the one written last', () => {
  const standIns = [
    { login: 'uma', from: '2026-03-24T00:00:00+01:00', until: '2026-03-25T00:00:00+01:00' },
    { login: 'vic', from: '2026-03-24T12:00:00+01:00', until: '2026-03-24T13:00:00+01:00' },
  ]
  const of = { ...rota, standIns }
  expect(who('2026-03-23T23:59:00+01:00', of)).toBe('ida')
  expect(who('2026-03-24T00:00:00+01:00', of)).toBe('uma')
  expect(who('2026-03-24T12:30:00+01:00', of)).toBe('vic')
  expect(who('2026-03-24T13:00:00+01:00', of)).toBe('uma')
  expect(who('2026-03-25T00:00:00+01:00', of)).toBe('ida')
  expect(turnsFrom(of, at('2026-03-23T12:00:00+01:00'), clock, 5).map(t => [t.login, t.standIn ?? false])).toEqual([
    ['ida', false],
    ['uma', true],
    ['vic', true],
    ['uma', true],
    ['ida', false],
  ])
})

it('turns follow each other without a gap', () => {
  const turns = turnsFrom(rota, at('2026-03-20T00:00:00+01:00'), clock, 4)
  expect(turns.map(t => [t.login, new Date(t.from).toISOString()])).toEqual([
    ['ida', '2026-03-23T07:00:00.000Z'],
    ['sam', '2026-03-26T07:00:00.000Z'],
    ['tom', '2026-03-29T06:00:00.000Z'],
    ['ida', '2026-04-01T06:00:00.000Z'],
  ])
  for (const [i, turn] of turns.slice(1).entries()) expect(turn.from).toBe(turns[i]!.until)
})

it('is nobody where there is no clock, and where the first turn is years away', () => {
  expect(onCall(rota, at('2026-04-01T00:00:00Z'), STOPPED)).toBeUndefined()
  expect(turnsFrom(rota, at('2026-04-01T00:00:00Z'), STOPPED, 3)).toEqual([])
  expect(turnsFrom({ ...rota, from: '9000-01-01' }, at('2026-04-01T00:00:00Z'), clock, 3)).toEqual([])
})
