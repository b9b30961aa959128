import { describe, expect, it } from 'vitest'
import { loginOf, nameOfUser, numbered, rolesAfter, sameName, slugOf } from './directory-person.ts'

const ID = /^[a-z0-9][a-z0-9-]{0,62}$/

describe('an id of the site', () => {
  it.each([
    ['Camille.Marchand@chu.example', 'camille-marchand'],
    ['élodie.gérard', 'elodie-gerard'],
    ["o'brien_x@a@b", 'o-brien-x'],
    ['--', 'person'],
    ['李@x', 'person'],
    ['@x', 'person'],
  ])('of %s is %s', (userName, slug) => expect(slugOf(userName)).toBe(slug))

  it('is one whatever comes, with a number too', () => {
    for (const name of ['x'.repeat(500), `${'a'.repeat(49)}.b`, '\u0000', '../..', 'A'.repeat(50)])
      for (const number of [1, 2, 99_999]) expect(numbered(slugOf(name), number)).toMatch(ID)
  })
})

it('the name is what is shown, else the whole, else its parts, else who signs in; 80 characters at most', () => {
  const userName = 'lea@x'
  const name = { formatted: 'Mme Aubry', givenName: 'Léa', familyName: 'Aubry' }
  expect(nameOfUser({ userName, displayName: 'Léa A.', name })).toBe('Léa A.')
  expect(nameOfUser({ userName, displayName: ' ', name })).toBe('Mme Aubry')
  expect(nameOfUser({ userName, name: { givenName: 'Léa', familyName: 'Aubry' } })).toBe('Léa Aubry')
  expect(nameOfUser({ userName })).toBe('lea@x')
  expect([...nameOfUser({ userName, displayName: '🦉'.repeat(100) })]).toHaveLength(80)
})

it('names are the same whatever their case, accents and blanks', () => {
  expect(sameName('Léa  AUBRY', 'lea aubry')).toBe(true)
  expect(sameName('Lea Aubry', 'Leo Aubry')).toBe(false)
})

it('a login is one of Vigie, or none', () => {
  expect(loginOf('Lea.Aubry@CHU.example')).toBe('lea.aubry@chu.example')
  for (const odd of ['a', 'x#y', 'é@x', `a${'b'.repeat(63)}`]) expect(loginOf(odd)).toBeUndefined()
})

it('roles that the file can give are ruled by it; others stay', () => {
  const map = {
    groups: [
      { group: 'A', roles: ['nurse'] },
      { group: 'B', roles: ['porter', 'nowhere'] },
    ],
  }
  const known = new Set(['nurse', 'porter', 'visitor'])
  expect(rolesAfter(map, ['B'], { before: ['visitor', 'nurse'], known })).toEqual(['visitor', 'porter'])
  expect(rolesAfter(map, [], { before: ['porter'], known })).toEqual([])
})
