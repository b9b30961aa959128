import { expect, it } from 'vitest'
import { peopleFinder } from './people-found.ts'

const named = (...names: string[]) =>
  names.map(name => ({ id: name.toLowerCase().replaceAll(' ', '-'), name, roles: [] }))
let people = named('Claire Marchand', 'Clément Lœuvre', 'Marc Clair', 'Zoé Élan')
const finder = peopleFinder(() => ({ people }))
const names = (q: string, limit = 20): string[] => finder.find(q, limit).people.map(p => p.name)

it.each([
  ['cl', ['Claire Marchand', 'Clément Lœuvre', 'Marc Clair']],
  ['clair', ['Marc Clair', 'Claire Marchand']],
  ['MARC cl', ['Claire Marchand', 'Marc Clair']],
  ['loeuvre', ['Clément Lœuvre']],
  ['elan', ['Zoé Élan']],
  ['aire', []],
  ['  ', []],
  ['(.*)', []],
])('%s finds', (q, found) => expect(names(q)).toEqual(found))

it('names no more than asked for, and says that there are more', () => {
  expect(finder.find('cl', 2)).toMatchObject({ people: [{}, {}], more: true })
  expect(finder.find('cl', 3).more).toBe(false)
})

it('follows the site', () => {
  people = named('Nouvelle Venue')
  expect([names('venue'), names('claire')]).toEqual([['Nouvelle Venue'], []])
})
