import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { said } from './french.ts'

/** What the checks of a site file expect, read from their sources; `${...}` stands for something of the site. */
const partsIn = (file: string): string[] => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8')
  const literals = source.matchAll(
    /(?:expected: |#fail\(|\? ?|, |= )(['`])((?:(?:a|an|the|at|no|nothing|either|hours|lower-case|one|this|8|1,|00:00) |\$\{failureMode\})[^'`]*)\1/g,
  )
  return [...literals].map(m =>
    m[2]!.replaceAll(/\$\{(\w+)[^}]*\}/g, (_, name: string) => (name === 'MAX_LEVELS' ? '64' : 'x')),
  )
}

test('every part that a site file’s checks can say has French, which names the same things', () => {
  const parts = ['validate.ts', 'json-text.ts', 'calendar.ts', 'site-file.ts', '../../devices/schema.ts'].flatMap(f =>
    partsIn(`./${f}`),
  )
  expect(new Set(parts).size).toBeGreaterThan(30)
  expect(parts.filter(part => said(part).fr === part && /\w{3}/.test(part))).toEqual([])
  for (const part of parts) expect(said(part).fr).not.toMatch(/[^\u202f][;!?]|'|[^\u202f\d]:/)
})

test('keeps what a part names, and leaves what it does not know in English', () => {
  expect(said('a point of door that has a lock').fr).toBe('un point de door qui a une serrure')
  expect(said('open: the class door always fails so').fr).toBe(
    'open\u202f: la classe door a toujours ce mode de défaillance',
  )
  expect(said('one of ["fr","en"]').fr).toBe('l’un de ["fr","en"]')
  expect(said('must match "then" schema')).toEqual({ en: 'must match "then" schema', fr: 'must match "then" schema' })
})
