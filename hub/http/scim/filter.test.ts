/** Filters as directories send them, the grammar of RFC 7644, and what is meant to hurt. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isVigieError } from '../../errors.ts'
import { ENTERPRISE, USER } from './attributes.ts'
import { equalities, matches, parseFilter } from './filter.ts'

const LEA = {
  schemas: [USER, ENTERPRISE],
  id: 'u-1',
  userName: 'Lea.Aubry@chu.example',
  externalId: 'E-1',
  active: true,
  displayName: 'Léa Aubry',
  name: { familyName: 'Aubry' },
  emails: [
    { value: 'lea@chu.example', type: 'work', primary: true },
    { value: 'lea@home.example', type: 'home' },
  ],
  [ENTERPRISE]: { department: 'Urgences' },
  meta: { lastModified: '2026-11-20T10:00:00.000Z' },
}
const found = (filter: string): boolean => matches(parseFilter(filter), LEA)

describe('a filter', () => {
  it.each([
    'userName eq "lea.aubry@CHU.example"',
    'USERNAME EQ "lea.aubry@chu.example"',
    `${USER}:userName eq "lea.aubry@chu.example"`,
    'externalId eq "E-1"',
    'id eq "u-1"',
    'active eq true',
    'active eq "True"',
    'userName sw "lea." and active eq true',
    'userName co "aubry" and not (active eq false)',
    'userName ew "chu.example" or userName eq "x"',
    'userName eq "x" or userName sw "lea" and displayName pr',
    '(userName eq "x" or userName sw "lea") and (active eq true)',
    'name.familyName eq "aubry"',
    'emails[type eq "work" and value co "@chu"]',
    'emails.type eq "home"',
    'emails.value eq "lea@chu.example"',
    `${ENTERPRISE}:department eq "urgences"`,
    'meta.lastModified gt "2026-11-20T09:59:59Z"',
    'meta.lastModified ge "2026-11-20T11:00:00+01:00"',
    'title ne "x"',
    'title eq null',
    'userName ne null',
  ])('finds: %s', filter => {
    expect(found(filter)).toBe(true)
  })

  it.each([
    'userName eq "lea"',
    'externalId eq "e-1"',
    'id eq "U-1"',
    'active eq false',
    'userName eq "x" or userName sw "lea" and title pr',
    'not (userName pr)',
    'emails[type eq "work" and value co "@home"]',
    'meta.lastModified gt "2026-11-20T10:00:00Z"',
    'userName ne "lea.aubry@chu.example"',
    'userName eq null',
    'shoeSize eq "38"',
    'urn:ietf:params:scim:schemas:foreign:2.0:User:userName pr',
    'constructor.name pr',
  ])('does not find: %s', filter => {
    expect(found(filter)).toBe(false)
  })

  it.each([
    '',
    'userName',
    'userName eq',
    'userName is "x"',
    'userName eq x',
    'userName eq "x',
    'userName eq "x" and',
    'userName eq "x" userName eq "y"',
    '(userName eq "x"',
    'userName eq "x")',
    'emails[type eq "work"',
    'not userName pr',
    '__proto__ pr',
    '"userName" eq "x"',
    'userName eq "\\q"',
    "userName eq 'x'; drop table scim_user",
    `${'('.repeat(21)}userName pr${')'.repeat(21)}`,
    Array.from({ length: 61 }, () => 'userName pr').join(' and '),
    `userName eq "${'x'.repeat(2_000)}"`,
  ])('is refused: %s', filter => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ code: 'scim-filter' }))
  })

  it('of any text is answered or refused, and soon', () => {
    const words = ['userName', 'eq', 'pr', 'and', 'or', 'not', '(', ')', '[', ']', '"x"', 'true', 'emails', '.', '\\"']
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 })), { maxLength: 80 }),
        parts => {
          const began = performance.now()
          try {
            found(parts.join(' '))
          } catch (error) {
            if (!isVigieError(error) || error.code !== 'scim-filter') throw error
          }
          expect(performance.now() - began).toBeLessThan(100)
        },
      ),
    )
  })
})

it('an index helps where something must equal something, and only there', () => {
  const names = (filter: string): string[] => equalities(parseFilter(filter)).map(e => e.name)
  expect(names('userName eq "x"')).toEqual(['username'])
  expect(names(`${USER}:userName eq "x" and active eq true`)).toEqual(['username'])
  expect(names('userName eq "x" or externalId eq "y"')).toEqual([])
  expect(names('not (userName eq "x")')).toEqual([])
  expect(names('emails[value eq "x"]')).toEqual([])
})
