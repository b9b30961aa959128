import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { validate } from '../access/validate.ts'
import type { PersonDeparted } from '../events.ts'
import { siteOf } from '../flows/registry.ts'
import type { SituationChange } from '../ports.ts'
import { fullSite, knows } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { activeOperator } from './accounts-sessions.ts'
import { grants } from './grants.ts'
import type { OpArgs } from './ops.ts'
import { tracesOf } from './person-traces.ts'
import { pinHolders } from './pins.ts'
import { item, readRegistry, revision } from './registry.ts'
import { scimDataOf, scimGroup, scimMembers, scimUser } from './scim.ts'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply(fullSite())
})
afterEach(() => stage.close())

const BY = 'o-9'
const leave = (person: string, over: Partial<OpArgs<'departPerson'>> = {}) =>
  stage.op('departPerson', { at: NOON, person, by: BY, accounts: 'all', ...over })
const bodyOf = (kind: 'person' | 'badge', id: string) =>
  JSON.parse(item(stage.db, kind, id)?.body ?? 'null') as Record<string, unknown>
const account = (id: string, external: string | undefined, person: string, role = 'it'): void => {
  const operator = { id, login: id, name: id, role, external: external ?? 'oidc:x:y' }
  const after = { role, status: 'active' } as const
  stage.op('provisionOperator', { at: NOON, operator, by: 'provider', after })
  stage.op('linkOperator', { at: NOON, login: id, person })
}
const told = (): PersonDeparted[] => stage.events().filter(e => e.kind === 'person.departed')
const isActive = (id: string): boolean => activeOperator(stage.db, id) !== undefined

describe('somebody who leaves', () => {
  it('has badges revoked, but for one that was lost, which stays so', () => {
    const own = (uid: string, status: string) => ({
      kind: 'badge' as const,
      id: uid,
      body: { uid, person: 'anna', status },
    })
    for (const { kind, id, body } of [own('04AB0001', 'suspended'), own('04AB0002', 'lost')])
      stage.op('editItem', { at: NOON, kind, id, body: JSON.stringify(body), expected: 0, events: [] })
    expect(leave('anna')).toMatchObject({ badges: 3 })
    const states = ['04AA0001', '04AB0001', '04AB0002'].map(uid => bodyOf('badge', uid).status)
    expect(states).toEqual(['revoked', 'revoked', 'lost'])
    expect(bodyOf('badge', '04AA0002').status).toBe('active')
  })

  it('has no grant, no PIN and no second person awaited any more', () => {
    stage.grant({ person: 'anna' })
    stage.grant({ person: 'bela' })
    const event = { kind: 'pin.set', person: stage.pseudonym('person', 'anna'), by: BY } as const
    stage.op('setPin', { at: NOON, person: 'anna', record: { salt: '00', hash: 'aa', duressHash: 'bb' }, event })
    const [person, credential] = [stage.pseudonym('person', 'anna'), stage.pseudonym('badge', '04AA0001')]
    const waits: SituationChange = {
      ...{ kind: 'witness', key: 'drugs' },
      value: { person, credential, accessPoint: 'drugs', since: NOON, until: NOON + 30_000 },
    }
    const glass: SituationChange = {
      ...{ kind: 'break-glass', key: `${person}/drugs` },
      value: { id: 'bg-1', since: NOON, until: NOON + 60_000 } as never,
    }
    stage.op('act', { at: NOON, situations: [waits, glass], events: [] })
    leave('anna', { statedReason: 'Retirement' })
    expect(grants(stage.db, NOON).map(g => g.person)).toEqual(['bela'])
    expect(pinHolders(stage.db)).toEqual([])
    expect(Object.values(stage.situations()).filter(value => value !== undefined)).toEqual([])
    expect(told()).toEqual([
      { kind: 'person.departed', person, by: BY, badges: 2, grants: 1, statedReason: 'Retirement' },
    ])
    expect(stage.kinds().slice(-4)).toEqual(['person.departed', 'break-glass.ended', 'grant.revoked', 'pin.cleared'])
  })

  it('has an end, and the site is still one: also who never began, and a guest', () => {
    const at = Date.parse('2026-06-10T08:00:00Z')
    for (const person of ['anna', 'cleo', 'emil']) leave(person, { at })
    for (const person of ['anna', 'cleo', 'emil'])
      expect(bodyOf('person', person).validUntil).toBe(new Date(at).toISOString())
    expect(bodyOf('person', 'cleo').validFrom).toBe('2026-03-01T00:00:00Z')
    expect([...validate(siteOf(readRegistry(stage.db, at)), knows)]).toEqual([])
  })

  it('twice is once', () => {
    leave('anna')
    const before = [revision(stage.db), stage.rows().length]
    expect(leave('anna', { at: NOON + 1 })).toMatchObject({ badges: 0, grants: 0, operators: [] })
    expect([revision(stage.db), stage.rows().length]).toEqual(before)
  })

  it('with several accounts loses all of them, or those of the directory alone', () => {
    account('o-1', 'scim:u-1', 'anna')
    account('o-2', undefined, 'anna')
    expect(leave('anna', { accounts: 'directory' }).operators).toEqual(['o-1'])
    expect([isActive('o-1'), isActive('o-2')]).toEqual([false, true])
    expect(leave('anna').operators).toEqual(['o-2'])
    expect(isActive('o-2')).toBe(false)
  })

  it('as the last administrator does not, and nothing has ended', () => {
    account('o-1', undefined, 'anna', 'administrator')
    const before = stage.contents()
    expect(() => leave('anna')).toThrow(expect.objectContaining({ code: 'operator-last' }))
    expect(stage.contents()).toEqual(before)
    account('o-2', undefined, 'bela', 'administrator')
    expect(leave('anna').operators).toEqual(['o-1'])
  })

  it('by a row from the spool, without the last administrator’s account, which would keep the row from coming', () => {
    account('o-1', undefined, 'anna', 'administrator')
    stage.grant({ person: 'anna' })
    const event = { kind: 'person.departed', person: stage.pseudonym('person', 'anna'), by: BY, badges: 1, grants: 1 }
    const row = { at: NOON, kind: 'person.departed', body: JSON.stringify(event), inbox: [] }
    expect(stage.op('drain', { rows: [row] })).toEqual([expect.any(Number)])
    expect(bodyOf('badge', '04AA0001').status).toBe('revoked')
    expect(grants(stage.db, NOON)).toEqual([])
    expect(isActive('o-1')).toBe(true)
    expect(told()).toEqual([event])
    const gone = { ...event, person: 'p-0000000000000000' }
    expect(stage.op('drain', { rows: [{ ...row, at: NOON + 1, body: JSON.stringify(gone) }] })).toHaveLength(1)
  })
})

describe('who is erased', () => {
  it('is no user of the directory any more, and until then may read what it has sent', () => {
    const by = 'directory:t-1'
    const body = JSON.stringify({
      userName: 'anna@x',
      displayName: 'Anna',
      active: false,
      emails: [{ value: 'anna@x' }],
    })
    const write = { at: NOON, by, base: revision(stage.db), effects: [] }
    const user = { id: 'u-1', userName: 'anna@x', body, person: 'anna', accountEnded: false, expected: 0 }
    stage.op('followScim', { ...write, user })
    const group = { id: 'g-1', displayName: 'Soins', expected: 0, added: ['u-1'], removed: [] }
    stage.op('followScim', { ...write, group })
    expect(scimDataOf(stage.db, 'anna')).toEqual([
      ...[
        ['userName', 'anna@x'],
        ['displayName', 'Anna'],
        ['active', 'false'],
      ],
      ...[
        ['emails', '[{"value":"anna@x"}]'],
        ['groups', 'Soins'],
      ],
    ])
    const own = [...tracesOf(stage.db, 'anna')!.badges.map(b => ['badge', b.uid] as const), ['person', 'anna'] as const]
    for (const [kind, id] of own)
      stage.op('editItem', { at: NOON, kind, id, expected: stage.revisionOf(kind, id), events: [] })
    stage.op('forgetPerson', { at: NOON, request: 'e-1', person: 'anna', waiting: [], count: 0, by: BY })
    expect([scimUser(stage.db, 'u-1'), scimDataOf(stage.db, 'anna')]).toEqual([undefined, undefined])
    expect([scimGroup(stage.db, 'g-1')?.displayName, scimMembers(stage.db, 'g-1')]).toEqual(['Soins', []])
  })
})
