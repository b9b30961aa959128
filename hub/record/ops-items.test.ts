import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import type { SituationChange } from '../ports.ts'
import { NOON, Stage } from '../test/stage.ts'
import { certificates, device } from './devices.ts'
import { grant, grants } from './grants.ts'
import type { OpArgs, OpName } from './ops.ts'
import { type PinRecord, pinHolders } from './pins.ts'
import { item, revision } from './registry.ts'
import { actsSince } from './situations.ts'

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

describe('an item edited by itself', () => {
  const nurse = () => item(stage.db, 'role', 'nurse')
  const edit = (expected: number, name: string, over: object = {}): OpArgs<'editItem'> => ({
    at: NOON,
    kind: 'role',
    id: 'nurse',
    body: JSON.stringify({ id: 'nurse', name, rights: [] }),
    expected,
    events: [edited()],
    ...over,
  })

  it('has a revision of its own, which the row names too', () => {
    const made = stage.op('editItem', edit(nurse()!.revision, 'Nurses'))
    expect(nurse()).toMatchObject({ revision: made, body: expect.stringContaining('Nurses') })
    expect(stage.events().at(-1)).toMatchObject({ kind: 'rights.changed', revision: made, item: { id: 'nurse' } })
  })

  it('of two operators that read the same, the second gets a conflict and nothing is overwritten', () => {
    const read = nurse()!.revision
    const made = stage.op('editItem', edit(read, 'First'))
    const details = { kind: 'role', id: 'nurse', revision: made }
    refused('editItem', edit(read, 'Second'), { code: 'edit-conflict', status: 409, details })
    expect(nurse()?.body).toContain('First')
    stage.op('editItem', edit(made, 'Second'))
  })

  it('is no conflict with an edit of another item, nor with a grant or an act', () => {
    const read = nurse()!.revision
    stage.op('editItem', edit(stage.revisionOf('role', 'gardener'), 'G', { id: 'gardener' }))
    stage.grant()
    stage.op('act', { at: NOON, situations: [lockdown()], events: [] })
    expect(stage.op('editItem', edit(read, 'Nurses'))).toBe(revision(stage.db))
  })

  it('must be new where that is expected, and is there once', () => {
    refused('editItem', edit(0, 'Twice'), { code: 'edit-conflict' })
    stage.op('editItem', edit(0, 'Porter', { id: 'porter' }))
    expect(item(stage.db, 'role', 'porter')?.revision).toBe(revision(stage.db))
    refused('editItem', edit(0, 'Porter', { id: 'porter' }), { code: 'edit-conflict' })
  })

  it('that somebody withdrew is not put again by who still edits it, and nothing is withdrawn twice', () => {
    const read = nurse()!.revision
    const { body: _, ...withdrawal } = edit(read, '')
    stage.op('editItem', withdrawal)
    expect(nurse()).toBeUndefined()
    const details = { revision: 0 }
    refused('editItem', edit(read, 'Back'), { code: 'edit-conflict', details })
    refused('editItem', withdrawal, { code: 'edit-conflict', details })
    refused('editItem', { ...withdrawal, expected: 0 }, { code: 'edit-conflict', details })
  })

  it('is refused where the site it was checked against is not the present one; grants and acts don’t count', () => {
    const base = revision(stage.db)
    stage.grant()
    stage.op('editItem', edit(nurse()!.revision, 'Fresh', { base }))
    const stale = edit(nurse()!.revision, 'Stale', { base })
    refused('editItem', stale, { code: 'site-changed', status: 409 })
  })

  it('takes the site’s new kinds', () => {
    for (const kind of ['calendar', 'interlock', 'lockdownPlan', 'evacuationPlan'] as const) {
      stage.op('editItem', edit(0, 'New', { kind, id: 'new' }))
      expect(item(stage.db, kind, 'new')).toBeDefined()
    }
  })

  it('a withdrawn device is revoked with it, and says so', () => {
    const at = NOON
    const certificate = {
      serial: 's1',
      device: 'door-1',
      notBefore: at,
      notAfter: at + 9,
      fingerprint: 'f',
      issuedAt: at,
    }
    stage.op('addCertificate', { at, certificate, fresh: true, event: { kind: 'device.enrolled', device: 'door-1' } })
    const expected = stage.revisionOf('device', 'door-1')
    const event = edited({ item: { kind: 'device', id: 'door-1' } })
    stage.op('editItem', { at: NOON + 1, kind: 'device', id: 'door-1', expected, events: [event] })
    expect(device(stage.db, 'door-1')?.status).toBe('revoked')
    expect(certificates(stage.db, 'door-1')).toMatchObject([{ revokedAt: NOON + 1, reason: 'withdrawn' }])
    expect(stage.kinds().slice(-2)).toEqual(['device.revoked', 'rights.changed'])
  })
})

describe('a person who is withdrawn', () => {
  const leave = (): number =>
    stage.op('editItem', {
      at: NOON + 1,
      kind: 'person',
      id: 'anna',
      expected: stage.revisionOf('person', 'anna'),
      events: [edited({ item: { kind: 'person', id: 'anna' } })],
    })

  it('leaves neither PIN nor grant to whoever is entered under the same id one day', () => {
    const anna = stage.pseudonym('person', 'anna')
    stage.op('setPin', { at: NOON, person: 'anna', record: PIN, event: pinSet(anna) })
    const mine = stage.grant({ reference: 'work-7' })
    const others = stage.grant({ person: 'cleo' })
    leave()
    expect(pinHolders(stage.db)).toEqual([])
    expect(grants(stage.db, NOON)).toEqual([others])
    expect(grant(stage.db, mine.id)?.revokedAt).toBe(NOON + 1)
    expect(stage.events().slice(-3)).toMatchObject([
      { kind: 'pin.cleared', person: anna, by: 'o-1' },
      { kind: 'grant.revoked', grant: mine.id, person: anna, accessPoint: 'garden-door', reference: 'work-7' },
      { kind: 'rights.changed' },
    ])
  })

  it('does so when a whole file withdraws them too', () => {
    stage.op('setPin', { at: NOON, person: 'anna', record: PIN, event: pinSet() })
    stage.grant()
    stage.op('applySite', {
      at: NOON,
      base: revision(stage.db),
      changes: [{ kind: 'person', id: 'anna' }],
      withdrawn: [],
      events: [edited({ origin: 'cli:root' })],
    })
    expect([pinHolders(stage.db), grants(stage.db, NOON)]).toEqual([[], []])
    expect(stage.events().at(-2)).toMatchObject({ kind: 'grant.revoked', by: 'cli:root' })
  })

  it('leaves no row of what goes on behind, nor does a badge; where they were seen stays for the muster list, and a running hub hears', () => {
    const [anna, bela] = [stage.pseudonym('person', 'anna'), stage.pseudonym('person', 'bela')]
    const badge = stage.pseudonym('badge', '04AA0001')
    const place = { zone: 'ward', accessPoint: 'ward-door' }
    const wrong = { wrong: 2, lastAt: NOON, lockedUntil: 0 }
    const opening = { id: 'e-1', since: NOON, until: NOON + HOUR }
    const position = { kind: 'position', value: { ...place, since: NOON } } as const
    const review = { ...place, person: anna, at: NOON, dueAt: NOON + HOUR, escalations: 0, statedReason: 'arrest' }
    const rows: SituationChange[] = [
      { kind: 'pin', key: badge, value: wrong },
      { kind: 'uses', key: anna, value: { at: [NOON] } },
      { ...position, key: anna },
      { ...position, key: bela },
      { kind: 'passage', key: anna, value: { accessPoint: 'ward-door', to: 'ward', until: NOON + 9 } },
      { kind: 'break-glass', key: `${anna}/drugs`, value: opening },
      { kind: 'break-glass', key: `${bela}/drugs`, value: { ...opening, id: 'e-2' } },
      { kind: 'review', key: 'e-1', value: review },
    ]
    stage.op('act', { at: NOON, situations: rows, events: [] })
    const since = revision(stage.db)
    leave()
    const lostBadge = { kind: 'badge', id: '04AA0001', expected: stage.revisionOf('badge', '04AA0001') } as const
    stage.op('editItem', { at: NOON + 2, ...lostBadge, events: [edited()] })
    expect(Object.keys(stage.situations()).toSorted()).toEqual(
      [`break-glass ${bela}/drugs`, `position ${anna}`, `position ${bela}`, 'review e-1'].toSorted(),
    )
    expect(actsSince(stage.db, since).map(s => [s.kind, s.key, s.value])).toEqual([
      ['break-glass', `${anna}/drugs`, undefined],
      ['passage', anna, undefined],
      ['uses', anna, undefined],
      ['pin', badge, undefined],
    ])
    expect(stage.events().filter(e => e.kind === 'break-glass.ended')).toEqual([
      { kind: 'break-glass.ended', id: 'e-1', person: anna, accessPoint: 'drugs', why: 'withdrawn' },
    ])
  })

  it('still has a name in the journal', () => {
    const anna = stage.pseudonym('person', 'anna')
    leave()
    expect(stage.pseudonym('person', 'anna')).toBe(anna)
  })
})

describe('applying a site', () => {
  const apply = (base: number) => ({ at: NOON, base, changes: [], withdrawn: [], events: [edited()] })

  it('goes on where grants, acts and PINs came between', () => {
    const base = revision(stage.db)
    stage.grant()
    stage.op('act', { at: NOON, situations: [lockdown()], events: [] })
    stage.op('setPin', { at: NOON, person: 'anna', record: PIN, event: pinSet() })
    expect(stage.op('applySite', apply(base))).toBe(revision(stage.db))
  })

  it('is refused where an item was put or withdrawn, or a device changed', () => {
    const base = revision(stage.db)
    const role = { at: NOON, kind: 'role', id: 'gardener', expected: stage.revisionOf('role', 'gardener') } as const
    stage.op('editItem', { ...role, events: [edited()] })
    refused('applySite', apply(base), { code: 'site-changed' })
    const next = revision(stage.db)
    stage.op('addDevice', { at: NOON, id: 'pir-1', model: 'pir', name: 'PIR' })
    refused('applySite', apply(next), { code: 'site-changed' })
  })
})
