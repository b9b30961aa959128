import { describe, expect, it } from 'vitest'
import { languageFor } from './language.ts'

describe('the language of an answer', () => {
  it.each([
    ['fr', 'fr'],
    ['en', 'en'],
    ['en-US,en;q=0.9,fr;q=0.8', 'en'],
    ['en;q=0.2, fr-CA;q=0.9', 'fr'],
    ['FR;q=0.5,EN ; q=1', 'en'],
    ['en,fr', 'en'],
    ['fr,en', 'fr'],
    ['de, en;q=0.1', 'en'],
    ['fr;q=0, *', 'en'],
    ['en;q=0.5, *;q=0.9', 'fr'],
  ] as const)('%s asks for %s, whatever is usual', (header, language) => {
    expect(languageFor(header, 'fr')).toBe(language)
    expect(languageFor(header, 'en')).toBe(language)
  })

  it.each([undefined, '', '*', 'de', 'fil,ena', 'fr;q=0,en;q=0', 'fr;q=x', ';;,,=', 'en\u0000', '-'.repeat(16_000)])(
    '%j asks for neither: the usual one',
    header => {
      expect(languageFor(header, 'fr')).toBe('fr')
      expect(languageFor(header, 'en')).toBe('en')
    },
  )

  it('is found in a header as long as there can be, at once', () => {
    const long = `${'en;q=0.1,'.repeat(1_700)}fr`
    const began = performance.now()
    expect(languageFor(long, 'en')).toBe('fr')
    expect(performance.now() - began).toBeLessThan(500)
  })
})
