import { readdirSync, readFileSync } from 'node:fs'
import { Locale } from 'typebox/system'
import { expect, test } from 'vitest'
import { EXPECTED } from './expected.ts'
import { said } from './french.ts'

/** What the checks of a site file say beside EXPECTED, read from their sources; `${...}` stands for something of the site. */
const partsIn = (file: string): string[] => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8')
  const literals = source.matchAll(
    /(?:expected: |#fail\(|\? ?|: |, |= )(['`])((?:(?:a|an|the|at|no|true,|nothing|lower-case|one|this|8|1,) |\$\{failureMode\})[^'`]*)\1/g,
  )
  return [...literals].map(m =>
    m[2]!.replaceAll(/\$\{(\w+)[^}]*\}/g, (_, name: string) => (/MAX_LEVELS|cap|^min$/.test(name) ? '64' : 'x')),
  )
}
const here = readdirSync(new URL('.', import.meta.url))
const CHECKS = [
  ...here.filter(f => /^(?:validate|grant-check|site-|json-text|calendar)[a-z-]*\.ts$/.test(f)),
  '../../devices/schema.ts',
]
const parts = [...Object.values(EXPECTED), ...CHECKS.flatMap(f => partsIn(`./${f}`))]

test('every part that a site’s checks can say has French', () => {
  expect(CHECKS.length).toBeGreaterThan(10)
  expect(new Set(parts).size).toBeGreaterThan(Object.keys(EXPECTED).length + 20)
  expect(parts.filter(part => said(part).fr === part && /\w{3}/.test(part))).toEqual([])
})

test('the French keeps its typography', () => {
  for (const part of parts) expect(said(part).fr).not.toMatch(/[^\u202f][;!?]|'|[^\u202f\d]:|\d (?:h|jours|chiffres)/)
})

test('no check says anything that is not in the table or read here', () => {
  const loose = here
    .filter(f => /^(?:validate|grant-check)[a-z-]*\.ts$/.test(f))
    .flatMap(f => readFileSync(new URL(f, import.meta.url), 'utf8').match(/expected: '[^']*'/g) ?? [])
  expect(loose).toEqual([])
})

test('keeps what a part names, and leaves what it does not know in English', () => {
  expect(said('a point of door that has a lock').fr).toBe('un point de door qui a une serrure')
  expect(said('open: the class door always fails so').fr).toBe(
    'open\u202f: la classe door a toujours ce mode de défaillance',
  )
  expect(said('one of ["fr","en"]').fr).toBe('l’un de ["fr","en"]')
  expect(said('something new')).toEqual({ en: 'something new', fr: 'something new' })
})

/** Every message there is, as the library words it. */
const params = {
  ...{ type: ['string', 'null'], dependencies: ['a'], requiredProperties: ['a'], propertyNames: ['a'] },
  ...{
    property: 'b',
    comparison: '>=',
    limit: 3,
    multipleOf: 5,
    format: 'date',
    pattern: '^[a-z]+$',
    failingKeyword: 'then',
  },
}
const KEYWORDS =
  'additionalProperties anyOf boolean const contains dependencies dependentRequired enum exclusiveMaximum exclusiveMinimum format if maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf not oneOf pattern propertyNames required type unevaluatedItems unevaluatedProperties uniqueItems other'
const messages = KEYWORDS.split(' ').map(keyword => {
  const comparison = { exclusiveMaximum: '<', exclusiveMinimum: '>', maximum: '<=' }[keyword] ?? '>='
  return Locale.en_US({ keyword, params: { ...params, comparison } } as never)
})
const types = ['string', 'integer', 'number', 'boolean', 'array', 'object', 'null'].map(t => `must be ${t}`)

test.each([...messages, ...types])('has French for what the schema library says: %s', message => {
  const { fr } = said(message)
  expect(fr).not.toBe(message)
  expect(fr).not.toMatch(/\b(?:must|have|items|characters|schema)\b/)
})
