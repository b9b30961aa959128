import { expect, it } from 'vitest'
import { de, evacuationNamed, lockdownNamed } from './french-words.ts'

it.each([
  ['Bela', 'de Bela'],
  ['Anna', 'd’Anna'],
  ['Élise', 'd’Élise'],
  ['Émil Œuvrard', 'd’Émil Œuvrard'],
  ['Œuvrard', 'd’Œuvrard'],
  ['Hélène', 'd’Hélène'],
  ['Hôpital de jour', 'd’Hôpital de jour'],
  ['Urgences', 'd’Urgences'],
  ['Yves', 'd’Yves'],
  ['Yasmine', 'de Yasmine'],
  ['Hall nord', 'de Hall nord'],
  ['Hangar', 'de Hangar'],
  ['Zoé', 'de Zoé'],
  ['', 'de '],
])('of %s: %s', (name, words) => expect(de(name)).toBe(words))

it('a plan that says itself what it is needs no word before its name', () => {
  expect(lockdownNamed('Nord')).toEqual({ fr: 'Confinement Nord', en: 'Lockdown Nord' })
  expect(lockdownNamed('confinement du site').fr).toBe('confinement du site')
  expect(lockdownNamed('LOCKDOWN of the site').en).toBe('LOCKDOWN of the site')
  expect(evacuationNamed('ÉVACUATION incendie')).toEqual({
    fr: 'ÉVACUATION incendie',
    en: 'Evacuation ÉVACUATION incendie',
  })
})
