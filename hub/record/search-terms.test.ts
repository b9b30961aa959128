import { describe, expect, it } from 'vitest'
import { rangesOf, termsOf, wordsOf } from './search-terms.ts'

describe('words', () => {
  it.each([
    ['Œdème aigu, lit n°12', ['oedeme', 'aigu', 'lit', 'n', '12']],
    ['ÉLAN-Vital_x', ['elan', 'vital', 'x']],
    ['Straße', ['strasse']],
    [' ,;. ', []],
  ])('of %j are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('are cut where nobody would type on', () => {
    expect(wordsOf('a'.repeat(500))).toEqual(['a'.repeat(64)])
  })
})

describe('terms of a row', () => {
  const of = (kind: string, event: object) =>
    termsOf(kind, JSON.stringify({ kind, ...event }), id => (id === 'drugs' ? 'controlled-drugs' : undefined)).map(
      t => `${t.field} ${t.value}`,
    )

  it('name every device and zone of many readings', () => {
    const messages = [
      { device: 'a', zone: 'x' },
      { device: 'b', zone: 'x' },
    ]
    expect(of('readings', { messages })).toEqual(['row ', 'kind readings', 'zone x', 'device a', 'device b'])
  })

  it('take the class from the row, else from the site', () => {
    expect(of('a', { accessPoint: 'drugs', class: 'door' })).toContain('class door')
    expect(of('a', { accessPoint: 'drugs' })).toContain('class controlled-drugs')
    expect(of('a', { accessPoint: 'gone' }).filter(t => t.startsWith('class'))).toEqual([])
  })

  it('know who was looked for, who acted, and what opened', () => {
    expect(of('journal.read', { by: 'o-1', filter: { person: 'p-1', badge: 'b-1' } })).toEqual(
      expect.arrayContaining(['by o-1', 'person p-1', 'badge b-1']),
    )
    expect(of('rights.changed', { origin: 'cli:anna' })).toEqual(
      expect.arrayContaining(['by cli:anna', 'origin cli:anna']),
    )
    expect(of('access.granted', { via: { kind: 'grant', grant: 'g', reference: 'Ordonnance 7' } })).toEqual(
      expect.arrayContaining(['origin grant', 'text ordonnance', 'text 7']),
    )
  })

  it('of a row whose payload is gone are its kind', () => {
    expect(termsOf('access.granted', null, () => 'door')).toEqual([
      { field: 'row', value: '' },
      { field: 'kind', value: 'access.granted' },
    ])
  })
})

it('ranges of erased rows are read strictly', () => {
  expect(rangesOf('1-3,8,10-12')).toEqual([
    [1, 3],
    [8, 8],
    [10, 12],
  ])
  expect(rangesOf('x,1-,-2,3-4-5,')).toEqual([])
})
