/** What a user of the directory comes to: pure, so that every way two systems can disagree is looked at. */
import { describe, expect, it } from 'vitest'
import type { Person } from '../access/site.ts'
import type { DirectoryMap } from '../rules/directory.ts'
import { type DirectoryUserNow, effectsOf, FREED, type Seen } from './directory-effects.ts'
import type { KnownOperator } from './operator-changed.ts'

const AT = Date.UTC(2026, 10, 23)
const MAP: DirectoryMap = {
  groups: [
    { group: 'IT', operator: { role: 'it' } },
    { group: 'Heads', operator: { role: 'ward-manager', zones: ['ward'] }, roles: ['nurse'] },
    { group: 'Care', roles: ['nurse', 'gone'] },
  ],
}
const user = (
  over: Partial<DirectoryUserNow> = {},
  body: Partial<DirectoryUserNow['body']> = {},
): DirectoryUserNow => ({
  ...{ id: 'u-1', groups: [], accountEnded: false },
  body: { userName: 'Lea.Aubry@chu.example', displayName: 'Léa Aubry', active: true, ...body },
  ...over,
})
const operator = (over: Partial<KnownOperator> = {}): KnownOperator => ({
  ...{ id: 'o-1', login: 'lea.aubry@chu.example', name: 'Léa Aubry', role: 'it', status: 'active', revision: 3 },
  ...{ begun: false, external: 'scim:u-1' },
  ...over,
})

interface World {
  readonly people?: readonly Person[]
  readonly taken?: readonly string[]
  readonly accounts?: readonly KnownOperator[]
  readonly users?: readonly string[]
}
const seen = ({ people = [], taken = [], accounts = [], users = ['u-1'] }: World = {}): Seen => ({
  map: MAP,
  person: id => {
    const person = people.find(p => p.id === id)
    return person && { person, revision: 7 }
  },
  isTaken: person => taken.includes(person),
  roles: new Set(['nurse', 'visitor']),
  account: id => accounts.find(o => o.external === `scim:${id}`),
  byLogin: login => accounts.find(o => o.login === login),
  isUser: id => users.includes(id),
  newId: () => 'o-new',
  at: AT,
})
const person = (over: Partial<Person> = {}): Person => ({ id: 'lea-aubry', name: 'Léa Aubry', roles: [], ...over })

describe('the person', () => {
  it('is new under an id made of the name, with the site’s roles of the groups that the site has', () => {
    const { person: id, put } = effectsOf(user({ groups: ['Care'] }), true, seen())
    expect([id, put]).toEqual([
      'lea-aubry',
      { id: 'lea-aubry', expected: 0, item: { id: 'lea-aubry', name: 'Léa Aubry', roles: ['nurse'] } },
    ])
  })

  it.each<[string, World, string]>([
    ['of that name is there: them', { people: [person({ name: 'LEA  AUBRY' })] }, 'lea-aubry'],
    ['of another name is there: another id', { people: [person({ name: 'Leon Aubry' })] }, 'lea-aubry-2'],
    ['is another user’s: another id', { people: [person()], taken: ['lea-aubry'] }, 'lea-aubry-2'],
    ['was another user’s and is not of the site: another id', { taken: ['lea-aubry'] }, 'lea-aubry-2'],
  ])('%s', (_, world, id) => {
    expect(effectsOf(user(), true, seen(world)).person).toBe(id)
  })

  it('named by their id itself is them, whatever the name', () => {
    const there = seen({ people: [person({ name: 'L. A.' })] })
    expect(effectsOf(user({}, { userName: 'lea-aubry' }), true, there).person).toBe('lea-aubry')
  })

  it('keeps roles that were given in Vigie, and loses those of a group they left', () => {
    const there = seen({ people: [person({ roles: ['visitor', 'nurse'] })] })
    const { put } = effectsOf(user({ person: 'lea-aubry', left: ['Care'] }), false, there)
    expect(put?.item.roles).toEqual(['visitor'])
  })

  it('who has left comes back when the directory says so, and not because a name changed', () => {
    const ended = person({ validUntil: new Date(AT - 1).toISOString(), name: 'Léa' })
    const known = user({ person: 'lea-aubry' })
    expect(effectsOf(known, false, seen({ people: [ended] })).put?.item).toHaveProperty('validUntil')
    expect(effectsOf(known, true, seen({ people: [ended] })).put?.item).not.toHaveProperty('validUntil')
  })

  it('whose contract ends one day keeps that day', () => {
    const validUntil = new Date(AT + 1).toISOString()
    const there = seen({ people: [person({ validUntil, name: 'Léa' })] })
    expect(effectsOf(user({ person: 'lea-aubry' }), true, there).put?.item.validUntil).toBe(validUntil)
  })

  it('as it should be is left alone, whatever the order of its parts', () => {
    const there = seen({ people: [{ roles: ['nurse'], name: 'Léa Aubry', id: 'lea-aubry' }] })
    expect(effectsOf(user({ person: 'lea-aubry', groups: ['Care'] }), false, there).put).toBeUndefined()
  })
})

describe('the account', () => {
  const effects = (groups: readonly string[], world: World, over: Partial<DirectoryUserNow> = {}) =>
    effectsOf(user({ groups, person: 'lea-aubry', ...over }), false, seen({ people: [person()], ...world }))

  it('is made where a group gives a role: the first of the file', () => {
    expect(effects(['Heads', 'IT'], {}).account).toMatchObject({
      ...{ way: 'make', id: 'o-new', external: 'scim:u-1', login: 'lea.aubry@chu.example', role: 'it' },
      after: { role: 'it', status: 'active' },
    })
    expect(effects(['Care'], {}).account).toBeUndefined()
  })

  it('follows role, zones and name, and is left alone where nothing changed', () => {
    expect(effects(['Heads'], { accounts: [operator()] }).account).toMatchObject({
      ...{ way: 'follow', expected: 3, role: 'ward-manager', zones: ['ward'], status: 'active' },
    })
    expect(effects(['IT'], { accounts: [operator()] }).account).toBeUndefined()
  })

  it('ends with the last group, and begins again with the next; who was disabled in Vigie stays so', () => {
    const without = effects([], { accounts: [operator()] })
    expect([without.account, without.accountEnded]).toEqual([expect.objectContaining({ status: 'disabled' }), true])
    const disabled = operator({ status: 'disabled' })
    const again = effects(['IT'], { accounts: [disabled] }, { accountEnded: true })
    expect([again.account, again.accountEnded]).toEqual([expect.objectContaining({ status: 'active' }), false])
    const byHand = effects(['IT'], { accounts: [disabled] })
    expect([byHand.account, byHand.accountEnded]).toEqual([undefined, false])
  })

  it.each<[string, Partial<KnownOperator>, object]>([
    ['made by the identity provider is taken over', { external: 'oidc:a:b' }, { account: { external: 'scim:u-1' } }],
    ['freed by a deletion begins again', { external: FREED, status: 'disabled' }, { account: { status: 'active' } }],
    ['of a user who is no more is taken over', { external: 'scim:u-0' }, { account: { external: 'scim:u-1' } }],
    ['of another user is not', { external: 'scim:u-2' }, { withoutAccount: 'login-taken' }],
  ])('%s', (_, over, told) => {
    expect(effects(['IT'], { accounts: [operator(over)], users: ['u-1', 'u-2'] })).toMatchObject(told)
  })

  it('that was made in Vigie is never touched', () => {
    const { external: _, ...local } = operator()
    const { account, withoutAccount } = effects(['IT'], { accounts: [local] })
    expect([account, withoutAccount]).toEqual([undefined, 'login-taken'])
    expect(effects([], { accounts: [local] }).account).toBeUndefined()
  })

  it('is not made where the user’s name can’t be a login', () => {
    const odd = effectsOf(user({ groups: ['IT'] }, { userName: 'guest#EXT#@x' }), true, seen())
    expect([odd.account, odd.withoutAccount]).toEqual([undefined, 'login-unfit'])
  })
})
