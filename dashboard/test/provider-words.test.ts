import { describe, expect, it } from 'vitest'
import { DIRECTORY_ERRORS } from '#hub/error-table-directory.ts'
import { providerWords } from '../src/words/provider.ts'

/** Answers to programs; a browser is never sent back with them. */
const NEVER = ['provider-unset', 'provider-only']

describe('why signing in by the hospital’s account came to nothing', () => {
  it.each(['fr', 'en'] as const)(
    'is said in words for every code that the hub sends a browser back with, in %s',
    code => {
      const { problems } = providerWords[code]
      const due = Object.keys(DIRECTORY_ERRORS).filter(one => one.startsWith('provider-') && !NEVER.includes(one))
      expect(Object.keys(problems).toSorted()).toEqual([...due, 'directory-unusable', 'operator-last'].toSorted())
    },
  )
  it('differs by language', () => {
    const { fr, en } = providerWords
    for (const code of Object.keys(fr.problems)) expect(fr.problems[code]).not.toBe(en.problems[code])
  })
})
