import { expect, it } from 'vitest'
import { codeMatches, hashCode, makeCode } from './code.ts'

it('makes codes of 80 random bits in four groups, without letters that are misread', () => {
  const codes = Array.from({ length: 1000 }, makeCode)
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
  expect(new Set(codes).size).toBe(1000)
})

it('knows a code again in small letters, without hyphens, with O for 0 and l for 1', () => {
  const stored = hashCode('door-1', '01AB-CDEF-GHJK-MNPQ')
  for (const typed of ['01AB-CDEF-GHJK-MNPQ', 'olab cdef ghjk mnpq', 'OIabcdefghjkmnpq']) {
    expect(codeMatches('door-1', typed, stored)).toBe(true)
  }
})

it('knows nothing of another device’s code, a wrong one, an empty one, or where none is stored', () => {
  const stored = hashCode('door-1', '01AB-CDEF-GHJK-MNPQ')
  expect(codeMatches('door-2', '01AB-CDEF-GHJK-MNPQ', stored)).toBe(false)
  for (const typed of ['', '01AB-CDEF-GHJK-MNPR', stored]) expect(codeMatches('door-1', typed, stored)).toBe(false)
  expect(codeMatches('door-1', '01AB-CDEF-GHJK-MNPQ', undefined)).toBe(false)
  expect(codeMatches('door-1', '01AB-CDEF-GHJK-MNPQ', 'short')).toBe(false)
})
