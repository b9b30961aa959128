import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import { operatorOf, parseDirectory, siteRolesOf, strangersIn } from './directory.ts'

const FILE = `{
  "groups": [
    { "group": "Vigie IT", "operator": { "role": "it" } },
    { "group": "Soins 3e", "operator": { "role": "ward-manager", "zones": ["ward-3"] }, "roles": ["nurse", "night"] },
    { "group": "Soins", "roles": ["nurse"] }
  ]
}`
const map = parseDirectory(FILE, 'directory.json')

function refusal(text: string): VigieError {
  try {
    parseDirectory(text, 'directory.json')
  } catch (error) {
    if (error instanceof VigieError) return error
    throw error
  }
  throw new Error('it was taken')
}
const refused = (text: string) => refusal(text).details

describe('what groups of the directory stand for', () => {
  it('the first entry of the file that gives an account wins, whatever the order of the groups', () => {
    expect(operatorOf(map, ['Soins 3e', 'Vigie IT'])).toEqual({ role: 'it' })
    expect(operatorOf(map, ['Soins', 'Soins 3e'])).toEqual({ role: 'ward-manager', zones: ['ward-3'] })
  })
  it('gives no account for groups it does not name, nor for those with roles of the site only', () => {
    for (const groups of [[], ['Soins'], ['vigie it'], ['Vigie IT '], ['__proto__']])
      expect(operatorOf(map, groups)).toBeUndefined()
  })
  it('adds up the roles of the site, each once', () => {
    expect(siteRolesOf(map, ['Soins', 'Soins 3e', 'Vigie IT'])).toEqual(['nurse', 'night'])
    expect(siteRolesOf(map, ['Vigie IT'])).toEqual([])
  })
  it('names what the site does not have', () => {
    expect(strangersIn(map, { zones: [], roles: [{ id: 'nurse' }] })).toEqual([
      '/groups/1/operator/zones/0',
      '/groups/1/roles/1',
    ])
    expect(strangersIn(map, { zones: [{ id: 'ward-3' }], roles: [{ id: 'nurse' }, { id: 'night' }] })).toEqual([])
  })
})

describe('the file of the directory’s groups', () => {
  it('names the line and the entry of an unknown role', () => {
    const bad = refused(FILE.replace('ward-manager', 'chief'))
    expect(bad).toMatchObject({ file: 'directory.json', line: 4, field: '/groups/1/operator/role' })
    expect(refusal(FILE.replace('ward-manager', 'chief')).messageIn('fr')).toContain('ward-manager')
  })
  it('refuses a group that is named twice, which would leave the second one without a word', () => {
    expect(refused(FILE.replace('"Soins"', '"Vigie IT"'))).toMatchObject({ line: 5, field: '/groups/2/group' })
  })
  it.each([
    ['{"groups": [', '/'],
    ['[]', '/'],
    ['{"groups": {}}', '/groups'],
    ['{"groups": [{"group": "a"}]}', '/groups/0'],
    ['{"groups": [{"group": "a", "roles": []}]}', '/groups/0/roles'],
    ['{"groups": [{"group": "a", "roles": ["../x"]}]}', '/groups/0/roles/0'],
    ['{"groups": [{"group": "a", "operator": {"role": "it", "zones": []}}]}', '/groups/0/operator/zones'],
    ['{"groups": [{"group": "a", "operator": {"role": "it"}, "admin": true}]}', '/groups/0/admin'],
    ['{"groups": [{"group": "a", "roles": ["r"], "group": "b"}]}', '/groups/0/group'],
    ['{"groups": [], "__proto__": {}}', '/__proto__'],
  ])('refuses %s at %s', (text, field) => {
    expect(refused(text)).toMatchObject({ file: 'directory.json', field })
  })
  it.each(['single-sign-on.md', 'fr/connexion-unique.md'])('is as the guide %s shows it', guide => {
    const text = readFileSync(join(import.meta.dirname, '../../docs', guide), 'utf8')
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? []
    expect(operatorOf(parseDirectory(example, guide), ['Vigie IT', 'Vigie Informatique'])).toEqual({ role: 'it' })
  })
  it('takes a byte order mark, and a file without groups', () => {
    expect(parseDirectory('\uFEFF{"groups": []}', 'x').groups).toEqual([])
  })
})
