/** Who comes and goes: what the forms mean, and what the pages say. */
import { describe, expect, it } from 'vitest'
import { arrivalOf, emptyArrival, instantAt, linesOf, progressOf, stageOf, uidOf, wallOf } from '../src/movements.ts'
import { inventoryWords } from '../src/words/inventory.ts'
import { movementWords } from '../src/words/movements.ts'
import { visitWords } from '../src/words/visits.ts'

const PARIS = 'Europe/Paris'
const utc = (text: string): number => Date.parse(`${text}Z`)

describe('an instant on the wall clock', () => {
  it.each([
    ['in winter', '2026-11-23', '07:00', '2026-11-23T06:00'],
    ['in summer', '2026-07-14', '00:00', '2026-07-13T22:00'],
    ['after the clock went forward', '2026-03-29', '12:00', '2026-03-29T10:00'],
    ['before it goes back', '2026-10-25', '01:30', '2026-10-24T23:30'],
    ['after it went back', '2026-10-25', '12:00', '2026-10-25T11:00'],
  ])('%s', (_, day, time, at) => {
    expect(instantAt(day, time, PARIS)).toBe(utc(at))
    expect(wallOf(utc(at), PARIS)).toEqual({ day, time })
  })
  it('that the clock leaves out is the one an hour on', () => {
    expect(wallOf(instantAt('2026-03-29', '02:30', PARIS) ?? 0, PARIS)).toEqual({ day: '2026-03-29', time: '03:30' })
  })
  it.each(['', '7:00', '24:00', '12:60', 'noon'])('%j is none', time => {
    expect(instantAt('2026-11-23', time, PARIS)).toBeUndefined()
  })
  it.each(['', '2026-13-01', '23/11/2026'])('%j is no day', day => {
    expect(instantAt(day, '12:00', PARIS)).toBeUndefined()
  })
})

it.each([
  ['04:A2:B3:C4', '04A2B3C4'],
  [' 04 a2 b3 c4 d5 e6 f7 ', '04A2B3C4D5E6F7'],
  ['04A2B3C', undefined],
  ['04G2B3C4', undefined],
  ['', undefined],
])('the number %j is read as %j', (text, uid) => expect(uidOf(text)).toBe(uid))

it('a text of lines is a list without what is empty or there twice', () => {
  expect(linesOf(' Casier 12 \n\nTéléphone\nCasier 12')).toEqual(['Casier 12', 'Téléphone'])
})

describe('the form of an arrival', () => {
  const now = utc('2026-11-23T14:00')
  const form = { ...emptyArrival('2026-11-23'), name: ' Nadia Ferhat ' }
  it('begins at seven, and today no sooner than now', () => {
    expect(arrivalOf(form, PARIS, now)).toEqual({ name: 'Nadia Ferhat', at: now })
    expect(arrivalOf({ ...form, day: '2026-11-24' }, PARIS, now)?.at).toBe(utc('2026-11-24T06:00'))
  })
  it('says what is filled in and nothing else', () => {
    const filled = { ...form, job: 'ide', leaves: '2026-12-31', equipment: 'Casier', roles: ['nurse'], note: ' ' }
    expect(arrivalOf({ ...filled, returning: 'n-ferhat' }, PARIS, now)).toEqual({
      ...{ name: 'Nadia Ferhat', id: 'n-ferhat', returning: true, at: now, leavesAt: utc('2026-12-31T22:59') },
      ...{ job: 'ide', roles: ['nurse'], equipment: ['Casier'] },
    })
  })
  it.each([{ name: ' ' }, { day: '' }, { leaves: 'soon' }])('is not sent with %j', wrong => {
    expect(arrivalOf({ ...form, ...wrong }, PARIS, now)).toBeUndefined()
  })
})

it('counts what is done and what is late', () => {
  const task = { id: 't', kind: 'other', dueAt: 1, overdue: false } as const
  expect(progressOf({ tasks: [task, { ...task, doneAt: 2 }, { ...task, overdue: true }] })).toEqual({
    ...{ done: 1, of: 3, overdue: 1 },
  })
})

it.each([
  ['announced', 10, 20, 'to-come'],
  ['announced', 5, 20, 'now'],
  ['announced', 1, 5, 'over'],
  ['ended', 1, 20, 'over'],
  ['cancelled', 10, 20, 'cancelled'],
] as const)('a visit that is %s from %i until %i is %s at 5', (state, from, until, stage) => {
  expect(stageOf({ state, from, until }, 5)).toBe(stage)
})

function strings(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([k, v]) => strings(v, `${path}/${k}`))
}
describe.each([
  ['movements', movementWords],
  ['visits', visitWords],
  ['inventory', inventoryWords],
])('the words of %s', (_, words) => {
  it('are all there in both languages, and none is empty', () => {
    expect(strings(words.fr).map(([path]) => path)).toEqual(strings(words.en).map(([path]) => path))
    for (const [path, said] of [...strings(words.fr), ...strings(words.en)]) expect(said.trim(), path).not.toBe('')
  })
  it('follow French typography', () => {
    for (const [path, said] of strings(words.fr)) {
      expect(said, path).not.toMatch(/[^\u202f][;!?:%»]|«[^\u202f]/)
      expect(said, path).not.toContain("'")
    }
  })
})
