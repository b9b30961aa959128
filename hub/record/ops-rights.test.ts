import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import type { SituationChange } from '../ports.ts'
import { NOON, Stage } from '../test/stage.ts'
import { operators, peopleOfOperator } from './accounts.ts'
import { session } from './accounts-sessions.ts'
import { verify } from './chain-verify.ts'
import { openDatabase } from './database.ts'
import { grant, grants } from './grants.ts'
import type { OpArgs, OpName } from './ops.ts'
import { type PinRecord, pinHolders, pinOf } from './pins.ts'
import { item, revision } from './registry.ts'

const HOUR = 3_600_000
let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
})
afterEach(() => stage.close())

const PIN: PinRecord = { salt: '00', hash: 'aa', duressHash: 'bb' }
const lockdown = (until = NOON + HOUR): SituationChange => ({
  kind: 'lockdown',
  key: 'intruder',
  value: { since: NOON, until, by: 'cli:olga' },
})
const started: VigieEvent = { kind: 'lockdown.started', plan: 'intruder', by: 'cli:olga' }
const edited = (over: object = {}): VigieEvent => ({
  kind: 'rights.changed',
  revision: 0,
  added: 0,
  changed: 1,
  removed: 0,
  origin: 'o-1',
  item: { kind: 'role', id: 'nurse' },
  ...over,
})
const pinSet = (person = 'anna'): VigieEvent => ({ kind: 'pin.set', person, by: 'o-1' })
const revoked = (id: string): VigieEvent => ({
  kind: 'grant.revoked',
  grant: id,
  person: 'p',
  by: 'o-1',
  origin: 'loan',
  from: NOON,
  until: NOON + HOUR,
})
const lost = (credential: string): VigieEvent => ({ kind: 'badge.lost', credential, person: 'p', by: 'o-1', ended: 1 })

function makeOperator(): void {
  stage.op('keepSetupToken', { hash: 'h' })
  const operator = { id: 'o-1', login: 'olga', name: 'Olga', role: 'administrator', passwordHash: 'x', createdAt: NOON }
  stage.op('createFirstOperator', { operator, setupTokenHash: 'h' })
}

/** That it fails with this code, and has written nothing. */
function refused<N extends OpName>(name: N, args: OpArgs<N>, error: object): void {
  const before = stage.contents()
  let thrown: unknown
  try {
    stage.op(name, args)
  } catch (e) {
    thrown = e
  }
  expect(thrown).toMatchObject(error)
  expect(stage.contents()).toEqual(before)
}

describe('an operator’s act', () => {
  it('writes its situations and its row in one commit, and makes a revision', () => {
    const before = revision(stage.db)
    const made = stage.op('act', { at: NOON, situations: [lockdown()], events: [started] })
    expect([made, revision(stage.db)]).toEqual([before + 1, before + 1])
    expect(stage.situations()).toEqual({ 'lockdown intruder': lockdown().value })
    expect(stage.events().at(-1)).toEqual(started)
  })

  it('takes away what it says to take away', () => {
    stage.op('act', { at: NOON, situations: [lockdown()], events: [] })
    stage.op('act', { at: NOON, situations: [{ kind: 'lockdown', key: 'intruder' }], events: [] })
    expect(stage.situations()).toEqual({})
  })

  it.each([true, false])('is refused whole where something is not as expected: present should be %s', present => {
    if (!present) stage.op('act', { at: NOON, situations: [lockdown()], events: [] })
    const expectation = { kind: 'lockdown', key: 'intruder', present } as const
    const door: SituationChange = { kind: 'door', key: 'ward-door', value: { open: true, releasedUntil: 0 } }
    const act = { at: NOON, expect: [expectation], situations: [door], events: [started] }
    refused('act', act, { code: 'situation-changed', status: 409 })
    stage.op('act', { ...act, expect: [{ ...expectation, present: !present }] })
    expect(stage.situations()).toHaveProperty('door ward-door')
  })

  it('expects of what has ended that it is not there', () => {
    stage.op('act', { at: NOON, situations: [lockdown()], events: [] })
    stage.op('act', { at: NOON, situations: [{ kind: 'lockdown', key: 'intruder' }], events: [] })
    const gone = { kind: 'lockdown', key: 'intruder', present: true } as const
    refused('act', { at: NOON, expect: [gone], situations: [], events: [started] }, { code: 'situation-changed' })
  })

  it('of two at the same moment that both expect the same, one is made', async () => {
    const expectation = [{ kind: 'lockdown', key: 'intruder', present: false }] as const
    const act = { at: NOON, expect: expectation, situations: [lockdown()], events: [started] }
    const both = await Promise.allSettled([stage.journal.op('act', act), stage.journal.op('act', act)])
    expect(both.map(b => b.status)).toEqual(['fulfilled', 'rejected'])
    expect(both[1]).toMatchObject({ reason: { code: 'situation-changed' } })
    expect(stage.kinds().filter(k => k === 'lockdown.started')).toHaveLength(1)
  })
})

describe('a temporary grant', () => {
  it('is there as it was issued, until a day after its end', () => {
    const given = stage.grant()
    expect(grants(stage.db, NOON)).toEqual([given])
    expect(grants(stage.db, given.until + 24 * HOUR - 1)).toEqual([given])
    expect(grants(stage.db, given.until + 24 * HOUR)).toEqual([])
    expect(grant(stage.db, given.id)).toEqual({ grant: given, revokedAt: null })
    expect(stage.events().at(-1)).toMatchObject({ kind: 'grant.issued', grant: given.id })
  })

  it('is for a person of the site', () => {
    const { id } = stage.grant()
    const other = { ...grant(stage.db, id)!.grant, id: 'g-2', person: 'nobody' }
    refused('issueGrant', { at: NOON, grant: other, event: revoked('g-2') }, { code: 'person-unknown', status: 404 })
  })

  it('is revoked once, and is told of no more', () => {
    const { id } = stage.grant()
    const before = revision(stage.db)
    const args = { at: NOON + 5, id, event: revoked(id) }
    expect(stage.op('revokeGrant', args)).toBe(before + 1)
    expect(grants(stage.db, NOON)).toEqual([])
    expect(grant(stage.db, id)?.revokedAt).toBe(NOON + 5)
    const after = stage.contents()
    expect(stage.op('revokeGrant', args)).toBe(false)
    expect(stage.contents()).toEqual(after)
  })

  it('is not revoked when nobody knows it, or when it is over', () => {
    const { id, until } = stage.grant()
    const before = stage.contents()
    expect(stage.op('revokeGrant', { at: NOON, id: 'g-none', event: revoked('g-none') })).toBe(false)
    expect(stage.op('revokeGrant', { at: until, id, event: revoked(id) })).toBe(false)
    expect(stage.contents()).toEqual(before)
    expect(stage.op('revokeGrant', { at: until - 1, id, event: revoked(id) })).toBe(revision(stage.db))
  })
})

describe('a PIN', () => {
  it('is on record for its person’s pseudonym, is replaced, and is taken away', () => {
    const anna = stage.pseudonym('person', 'anna')
    stage.op('setPin', { at: NOON, person: 'anna', record: PIN, event: pinSet(anna) })
    expect(pinOf(stage.db, anna)).toEqual(PIN)
    expect(pinHolders(stage.db)).toEqual([{ person: 'anna', changedAt: NOON }])
    stage.op('setPin', { at: NOON + 1, person: 'anna', record: { ...PIN, hash: 'cc' }, event: pinSet(anna) })
    expect(pinOf(stage.db, anna)?.hash).toBe('cc')
    const cleared = { at: NOON + 2, person: 'anna', event: { kind: 'pin.cleared', person: anna, by: 'o-1' } } as const
    expect(stage.op('setPin', cleared)).toBe(revision(stage.db))
    expect(pinOf(stage.db, anna)).toBeUndefined()
    const before = stage.contents()
    expect(stage.op('setPin', cleared)).toBe(false)
    expect(stage.contents()).toEqual(before)
    expect(stage.kinds().slice(-3)).toEqual(['pin.set', 'pin.set', 'pin.cleared'])
  })

  it('starts the count of wrong ones anew where it is told to', () => {
    const key = stage.pseudonym('badge', '04AA0001')
    const wrong: SituationChange = { kind: 'pin', key, value: { wrong: 3, lastAt: NOON, lockedUntil: NOON + HOUR } }
    stage.op('act', { at: NOON, situations: [wrong], events: [] })
    stage.op('setPin', { at: NOON, person: 'anna', record: PIN, situations: [{ kind: 'pin', key }], event: pinSet() })
    expect(stage.situations()).toEqual({})
  })

  it('is nobody’s who is not of the site', () => {
    refused('setPin', { at: NOON, person: 'nobody', record: PIN, event: pinSet() }, { code: 'person-unknown' })
  })

  it('stands in no row of the journal', () => {
    stage.op('setPin', { at: NOON, person: 'anna', record: { ...PIN, hash: 'deadbeef' }, event: pinSet() })
    expect(JSON.stringify(stage.rows())).not.toContain('deadbeef')
  })
})

describe('a badge', () => {
  it('is lost in one action: its status, what ends with it, and the row', () => {
    const credential = stage.pseudonym('badge', '04AA0001')
    const awaited = { person: 'p', credential, accessPoint: 'drugs', since: NOON, until: NOON + 30_000 }
    const witness: SituationChange = { kind: 'witness', key: 'cabinet-1/drawer-1', value: awaited }
    stage.op('act', { at: NOON, situations: [witness], events: [] })
    const made = stage.op('setBadgeStatus', {
      at: NOON,
      uid: '04AA0001',
      status: 'lost',
      situations: [{ kind: 'witness', key: 'cabinet-1/drawer-1' }],
      events: [lost(credential)],
    })
    expect(item(stage.db, 'badge', '04AA0001')).toEqual({
      kind: 'badge',
      id: '04AA0001',
      body: JSON.stringify({ uid: '04AA0001', person: 'anna', status: 'lost' }),
      revision: made,
    })
    expect(stage.situations()).toEqual({})
    expect(stage.events().at(-1)).toEqual(lost(credential))
  })

  it('reported lost again is still lost, and ends again what has begun', () => {
    const args = { at: NOON, uid: '04AA0005', status: 'lost', situations: [], events: [lost('b')] } as const
    const before = item(stage.db, 'badge', '04AA0005')
    expect(stage.op('setBadgeStatus', args)).toBe(revision(stage.db))
    expect(item(stage.db, 'badge', '04AA0005')).toEqual(before)
  })

  it('that nobody knows is said so, without its number', () => {
    const args = { at: NOON, uid: '0BADBAD0', status: 'lost', situations: [], events: [lost('b')] } as const
    refused('setBadgeStatus', args, {
      code: 'badge-unknown',
      status: 404,
      message: expect.not.stringContaining('0BAD'),
    })
  })
})

describe('an operator', () => {
  beforeEach(makeOperator)

  it('is said to be a person of the site, and no longer; sessions know it', () => {
    const about = { stage: 'in', steppedUpAt: null, client: '', address: '' }
    const times = { createdAt: NOON, seenAt: NOON, expiresAt: NOON + 1 }
    stage.op('createSession', { ...about, ...times, hash: 's', operator: 'o-1' })
    expect(session(stage.db, 's')?.person).toBeNull()
    const made = stage.op('linkOperator', { at: NOON, login: 'olga', person: 'anna', by: 'cli:root' })
    expect(made).toBe(revision(stage.db))
    expect(operators(stage.db)).toMatchObject([{ id: 'o-1', login: 'olga', role: 'administrator', person: 'anna' }])
    expect(session(stage.db, 's')?.person).toBe('anna')
    const person = stage.pseudonym('person', 'anna')
    expect(stage.events().at(-1)).toEqual({ kind: 'operator.linked', operator: 'o-1', person, by: 'cli:root' })
    stage.op('linkOperator', { at: NOON, login: 'olga' })
    expect(operators(stage.db)[0]?.person).toBeNull()
    expect(stage.events().at(-1)).toEqual({ kind: 'operator.linked', operator: 'o-1' })
  })

  it('stays on record as who they were, from the first moment to the last', () => {
    const [anna, bela] = [stage.pseudonym('person', 'anna'), stage.pseudonym('person', 'bela')]
    const link = (at: number, person?: string) =>
      stage.op('linkOperator', { at, login: 'olga', ...(person === undefined ? {} : { person }) })
    link(NOON, 'anna')
    link(NOON + 10)
    link(NOON + 20, 'bela')
    expect(peopleOfOperator(stage.db, 'o-1', NOON + 10)).toEqual([anna, bela])
    expect(peopleOfOperator(stage.db, 'o-1', NOON + 11)).toEqual([bela])
    expect(peopleOfOperator(stage.db, 'o-2', 0)).toEqual([])
  })

  it('is linked and unlinked by others, never by themselves', () => {
    refused('linkOperator', { at: NOON, login: 'olga', person: 'anna', by: 'o-1' }, { code: 'link-own', status: 403 })
    stage.op('linkOperator', { at: NOON, login: 'olga', person: 'anna', by: 'o-2' })
    refused('linkOperator', { at: NOON, login: 'olga', by: 'o-1' }, { code: 'link-own' })
    expect(operators(stage.db)[0]?.person).toBe('anna')
  })

  it('and that person must both exist', () => {
    refused('linkOperator', { at: NOON, login: 'otto', person: 'anna' }, { code: 'operator-unknown', status: 404 })
    refused('linkOperator', { at: NOON, login: 'olga', person: 'nobody' }, { code: 'person-unknown' })
  })
})

describe('where the row of an operation can’t be written', () => {
  const given = { id: 'g-9', person: 'anna', from: NOON, until: NOON + 1, origin: 'shift', by: 'o-1' } as const
  const ops: { [N in OpName]?: () => OpArgs<N> } = {
    act: () => ({ at: NOON, situations: [lockdown()], events: [started] }),
    issueGrant: () => ({ at: NOON, grant: given, event: revoked('g-9') }),
    revokeGrant: () => ({ at: NOON, id: 'g-1', event: revoked('g-1') }),
    setPin: () => ({ at: NOON, person: 'bela', record: PIN, event: pinSet() }),
    editItem: () => ({
      at: NOON,
      kind: 'person',
      id: 'anna',
      expected: stage.revisionOf('person', 'anna'),
      events: [edited()],
    }),
    setBadgeStatus: () => ({
      at: NOON,
      uid: '04AA0001',
      status: 'lost',
      situations: [lockdown()],
      events: [lost('b')],
    }),
    linkOperator: () => ({ at: NOON, login: 'olga', person: 'anna' }),
    drain: () => ({
      rows: [
        {
          at: NOON,
          kind: 'access.denied',
          body: '{"device":"d","message":"m"}',
          inbox: [{ device: 'd', seq: 1 }],
          situations: { seen: 99, rows: [{ kind: 'door', key: 'x', body: '{"open":true,"releasedUntil":0}' }] },
        },
      ],
    }),
  }

  it.each(Object.keys(ops) as OpName[])('%s leaves everything as it was', name => {
    makeOperator()
    stage.grant({ id: 'g-1' })
    stage.op('setPin', { at: NOON, person: 'anna', record: PIN, event: pinSet() })
    const args = ops[name]?.() as never
    const before = stage.contents()
    const db = openDatabase(stage.folder)
    db.exec("create trigger full before insert on journal_payload begin select raise(abort, 'disk full'); end")
    expect(() => stage.op(name, args)).toThrow(/disk full/)
    expect(stage.contents()).toEqual(before)
    db.exec('drop trigger full')
    db.close()
    stage.op(name, args)
    expect(stage.contents()).not.toEqual(before)
    expect(verify(stage.db).ok).toBe(true)
  })
})
