import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonFault, locate, positionOf } from './json-text.ts'

const parses = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('a JSON text', () => {
  test.each([
    ['', 0, 'a value'],
    ['   ', 3, 'a value'],
    ['{"a":1,}', 7, 'a field name in double quotes'],
    ['[1,]', 3, 'a value'],
    ['[1 2]', 3, 'a comma or ]'],
    ['{"a" 1}', 5, ':'],
    ['{a:1}', 1, 'a field name in double quotes'],
    ["{'a':1}", 1, 'a field name in double quotes'],
    ['{"a":"x\n"}', 7, 'a closing double quote on the same line'],
    ['["\u001f"]', 2, 'a closing double quote on the same line'],
    ['{"a":"x', 7, 'a closing double quote on the same line'],
    ['["\\x"]', 2, 'a valid escape after the backslash'],
    ['[01]', 2, 'a comma or ]'],
    ['[-]', 1, 'a value'],
    ['[NaN]', 1, 'a value'],
    ['{} {}', 3, 'nothing after the end of the document'],
    ['{"a":{"b":[', 11, 'a value'],
    ['// note\n{}', 0, 'a value'],
  ])('%j is wrong at %i', (text, offset, expected) => {
    expect(jsonFault(text)).toEqual({ offset, expected })
  })

  test('may not name a field twice, however it is spelt, but may in different objects', () => {
    expect(jsonFault('{"a":1,"b":{"c":1,"\\u0063":2}}')).toEqual({
      offset: 18,
      expected: 'a field may be named only once',
      pointer: '/b/c',
    })
    expect(jsonFault('{"__proto__":1,"__proto__":2}')).toMatchObject({ pointer: '/__proto__' })
    expect(jsonFault('[{"a":1},{"a":{"a":1}}]')).toBeUndefined()
  })

  test('may not be nested 100,000 deep', () => {
    expect(jsonFault('['.repeat(100_000))).toEqual({ offset: 65, expected: 'at most 64 levels' })
  })

  test('passes exactly when JSON.parse takes it', () => {
    const token = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '"b"',
      '1',
      '-0.5e+3',
      '.5',
      '1.',
      'true',
      'null',
      ' ',
      '\n',
      '\t',
      '\u00a0',
      '\\n',
      '\\u12',
      'é',
      '\u0001',
    )
    const soup = fc.array(token, { maxLength: 12 }).map(tokens => tokens.join(''))
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }))
      .map(
        ([json, at, junk]) => json.slice(0, at % (json.length + 1)) + junk + json.slice((at % (json.length + 1)) + 1),
      )
    fc.assert(
      fc.property(fc.oneof(soup, broken, fc.json()), text => {
        const fault = jsonFault(text)
        if (fault?.pointer !== undefined) return
        expect(fault === undefined).toBe(parses(text))
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('a pointer', () => {
  const text = '{\n  "zones": [\n    { "id": "a" },\n    {\n      "id": "b"\n    }\n  ],\n  "a/b": { "~": 1 }\n}\n'
  const lineOf = (pointer: string) => positionOf(text, locate(text, [pointer]).get(pointer)!).line

  test.each([
    ['', 1],
    ['/zones', 2],
    ['/zones/0/id', 3],
    ['/zones/1', 4],
    ['/zones/1/id', 5],
    ['/zones/1/name', 4],
    ['/zones/7/name', 2],
    ['/a~1b/~0', 8],
    ['/missing', 1],
  ])('%j leads to line %i', (pointer, line) => {
    expect(lineOf(pointer)).toBe(line)
  })

  test('leads to the column of its field', () => {
    expect(positionOf(text, locate(text, ['/zones/0/id']).get('/zones/0/id')!)).toEqual({ line: 3, column: 7 })
  })
})
