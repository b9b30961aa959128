/** Operations as Entra ID and Okta document them, and as nobody should send them. */
import { describe, expect, it } from 'vitest'
import { isVigieError } from '../../errors.ts'
import type { GroupBody, UserBody } from '../scim-ports.ts'
import { ENTERPRISE, USER } from './attributes.ts'
import { userIn } from './draft.ts'
import { groupIn, operationsIn, patchedGroup, patchedUser } from './patch.ts'

const LEA: UserBody = {
  userName: 'lea.aubry@chu.example',
  externalId: 'e-1',
  name: { givenName: 'Léa', familyName: 'Aubry' },
  displayName: 'Léa Aubry',
  active: true,
  emails: [{ value: 'lea.aubry@chu.example', type: 'work', primary: true }],
}
const user = (...Operations: readonly object[]): UserBody => patchedUser(LEA, operationsIn({ Operations }))
const codeOf = (act: () => unknown): string | undefined => {
  try {
    act()
  } catch (error) {
    if (isVigieError(error)) return error.code
    throw error
  }
  return undefined
}

describe('a user', () => {
  it.each([
    ['Entra ID, as it was for years', { op: 'Replace', path: 'active', value: 'False' }],
    ['Entra ID, as the standard has it', { op: 'replace', path: 'active', value: false }],
    ['Okta, without a path', { op: 'replace', value: { active: false } }],
    ['with the URN of the schema', { op: 'replace', path: `${USER}:active`, value: false }],
    ['as an addition', { op: 'Add', path: 'ACTIVE', value: 'false' }],
  ])('ends: %s', (_, operation) => {
    expect(user(operation)).toEqual({ ...LEA, active: false })
  })

  it('is changed in many places by one object without a path', () => {
    const value = {
      displayName: 'Léa Martin',
      'name.familyName': 'Martin',
      'emails[type eq "work"].value': 'lea.martin@chu.example',
      [`${ENTERPRISE}:department`]: 'Urgences',
      [ENTERPRISE]: { employeeNumber: '4711' },
    }
    expect(user({ op: 'replace', value })).toMatchObject({
      displayName: 'Léa Martin',
      name: { givenName: 'Léa', familyName: 'Martin' },
      emails: [{ value: 'lea.martin@chu.example', type: 'work', primary: true }],
      department: 'Urgences',
      employeeNumber: '4711',
    })
  })

  it('gets the address that a filter names where none matches yet', () => {
    const operation = { op: 'Add', path: 'emails[type eq "home"].value', value: 'lea@home.example' }
    expect(user(operation).emails).toEqual([...(LEA.emails ?? []), { value: 'lea@home.example', type: 'home' }])
  })

  it('loses what is removed, by path and by filter', () => {
    expect(user({ op: 'Remove', path: 'emails[type eq "work"]' })).not.toHaveProperty('emails')
    expect(user({ op: 'remove', path: 'displayName' })).not.toHaveProperty('displayName')
    expect(user({ op: 'remove', path: 'name.givenName' }).name).toEqual({ familyName: 'Aubry' })
  })

  it.each([
    'phoneNumbers[type eq "work"].value',
    'preferredLanguage',
    'name.middleName',
    `${ENTERPRISE}:manager`,
    'addresses',
  ])('is none the wiser for what is not kept: %s', path => {
    expect(user({ op: 'Add', path, value: 'x' })).toEqual(LEA)
  })

  it('keeps no password', () => {
    expect(JSON.stringify(user({ op: 'replace', value: { password: 'secret-4711' } }))).not.toContain('4711')
    expect(JSON.stringify(userIn({ ...LEA, password: 'secret-4711' }, true))).not.toContain('4711')
  })

  it.each([
    ['an unknown path', { op: 'replace', path: 'shoeSize', value: 'x' }, 'scim-path'],
    ['its id', { op: 'replace', path: 'id', value: 'x' }, 'scim-read-only'],
    ['its groups', { op: 'add', path: 'groups', value: [{ value: 'g' }] }, 'scim-read-only'],
    ['no userName', { op: 'remove', path: 'userName' }, 'scim-invalid'],
    ['an odd flag', { op: 'replace', path: 'active', value: 'perhaps' }, 'scim-invalid'],
    ['no flag', { op: 'replace', path: 'active', value: 0 }, 'scim-invalid'],
    ['nothing to remove', { op: 'remove' }, 'scim-target'],
    ['an odd operation', { op: 'move', path: 'active' }, 'scim-invalid'],
    ['a broken filter', { op: 'replace', path: 'emails[type eq].value', value: 'x' }, 'scim-filter'],
    ['a filter of one value', { op: 'replace', path: 'displayName[type eq "x"]', value: 'x' }, 'scim-path'],
    ['an endless text', { op: 'replace', path: 'displayName', value: 'x'.repeat(300) }, 'scim-invalid'],
    ['a control character', { op: 'replace', path: 'displayName', value: 'a\u0000b' }, 'scim-invalid'],
    ['a prototype', { op: 'replace', path: '__proto__.active', value: 'x' }, 'scim-path'],
  ])('is refused %s, and nothing has changed', (_, operation, code) => {
    expect(codeOf(() => user({ op: 'replace', path: 'title', value: 'x' }, operation))).toBe(code)
    expect(LEA).not.toHaveProperty('title')
  })

  it('takes no prototype from an object without a path', () => {
    const value = JSON.parse('{"__proto__":{"active":false},"constructor":{"name":"x"}}') as object
    expect(user({ op: 'replace', value })).toEqual(LEA)
    expect(({} as { active?: unknown }).active).toBeUndefined()
  })

  it('is refused no operations, or more than a thousand', () => {
    expect(codeOf(() => operationsIn({ Operations: [] }))).toBe('scim-invalid')
    expect(codeOf(() => operationsIn({}))).toBe('scim-invalid')
    expect(codeOf(() => operationsIn([]))).toBe('scim-invalid')
    const many = Array.from({ length: 1_001 }, () => ({ op: 'add', value: {} }))
    expect(codeOf(() => operationsIn({ Operations: many }))).toBe('scim-invalid')
  })
})

describe('a group', () => {
  const CARE: GroupBody = { displayName: 'Soins', members: new Set(['u1', 'u2', 'u3']) }
  const members = (...Operations: readonly object[]): string[] => [
    ...patchedGroup(CARE, operationsIn({ Operations })).members,
  ]

  it.each([
    ['Entra ID adds', { op: 'Add', path: 'members', value: [{ value: 'u4' }] }, ['u1', 'u2', 'u3', 'u4']],
    ['Entra ID removes', { op: 'Remove', path: 'members', value: [{ value: 'u2' }] }, ['u1', 'u3']],
    ['Okta removes', { op: 'remove', path: 'members[value eq "u2"]' }, ['u1', 'u3']],
    ['Okta replaces', { op: 'replace', path: 'members', value: [{ value: 'u9' }] }, ['u9']],
    ['one is no list', { op: 'add', path: 'members', value: { value: 'u4' } }, ['u1', 'u2', 'u3', 'u4']],
    ['without a path', { op: 'add', value: { members: [{ value: 'u4' }] } }, ['u1', 'u2', 'u3', 'u4']],
    ['all go', { op: 'remove', path: 'members' }, []],
    ['ids are told apart by case', { op: 'remove', path: 'members[value eq "U2"]' }, ['u1', 'u2', 'u3']],
  ])('%s', (_, operation, left) => {
    expect(members(operation)).toEqual(left)
    expect([...CARE.members]).toEqual(['u1', 'u2', 'u3'])
  })

  it('is renamed, by Okta with its id beside', () => {
    const Operations = [{ op: 'replace', value: { id: 'g1', displayName: 'Soins A' } }]
    expect(patchedGroup(CARE, operationsIn({ Operations })).displayName).toBe('Soins A')
  })

  it.each([{ displayName: '' }, { displayName: ' ', members: [] }, { members: [] }, [], null, 'x'])(
    'is none without a name: %j',
    input => {
      expect(codeOf(() => groupIn(input))).toBe('scim-invalid')
    },
  )
})
