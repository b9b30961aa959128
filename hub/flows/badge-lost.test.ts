import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccessGranted, Recorded } from '../events.ts'
import { ActsStage, BY } from '../test/acts-stage.ts'
import { smallSite } from '../test/small-site.ts'
import { NOON } from '../test/stage.ts'
import { type LOCK_KINDS, stillReleased } from './badge-lost.ts'

describe('a badge reported lost', () => {
  let on: ActsStage
  beforeEach(async () => {
    on = await ActsStage.open()
  })
  afterEach(() => on.close())

  const credential = (uid: string) => on.stage.pseudonym('badge', uid)
  const awaited = (uid: string, person: string) => ({
    person: on.person(person),
    credential: credential(uid),
    accessPoint: 'drugs',
    since: NOON,
    until: NOON + 30_000,
  })

  it('opens nothing any more, and what its holder had begun with it ends with it', async () => {
    const glass = { id: 'e-1', since: NOON, until: NOON + 900_000 }
    on.put(
      { kind: 'witness', key: 'cabinet-1/drawer-1', value: awaited('04AA0007', 'dora') },
      { kind: 'witness', key: 'door-1/door', value: awaited('04AA0001', 'anna') },
      { kind: 'break-glass', key: `${on.person('dora')}/drugs`, value: glass },
      { kind: 'break-glass', key: `${on.person('anna')}/drugs`, value: glass },
    )
    const lost = await on.acts.badgeLost('04aa0007', BY)
    expect(lost).toMatchObject({ person: 'dora', ended: 2, pending: [] })
    expect(on.stage.registry().snapshot.badges.get('04AA0007')?.status).toBe('lost')
    expect(Object.keys(on.stage.situations()).sort()).toEqual([
      `break-glass ${on.person('anna')}/drugs`,
      'witness door-1/door',
    ])
    const person = on.person('dora')
    expect(on.stage.events().slice(-2)).toEqual([
      { kind: 'badge.lost', credential: credential('04AA0007'), person, by: BY, ended: 2 },
      { kind: 'break-glass.ended', id: 'e-1', person, accessPoint: 'drugs', why: 'badge-lost' },
    ])
    expect(JSON.stringify(on.stage.events())).not.toContain('04AA0007')
  })

  it('twice, changes nothing the second time', async () => {
    await on.acts.badgeLost('04AA0007', BY)
    const rows = on.stage.rows()
    expect(await on.acts.badgeLost('04AA0007', BY)).toEqual({ person: 'dora', ended: 0, pending: [] })
    expect(on.stage.rows()).toEqual(rows)
  })

  it('that is none of this site is refused, without its number', async () => {
    const error = await on.acts.badgeLost('04DEADBEEF', BY).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'badge-unknown', details: {} })
  })

  it('names the lock that it has just released and that has not come back', async () => {
    await on.stage.journal.append({ event: granted(credential('04AA0007')), at: NOON - 1_000 })
    const lost = await on.acts.badgeLost('04AA0007', BY)
    expect(lost).toMatchObject({
      ended: 1,
      pending: [{ accessPoint: 'ward-door', device: 'door-1', why: 'device-offline' }],
    })
  })
})

const granted = (credential: string): AccessGranted => ({
  kind: 'access.granted',
  ...{
    device: 'door-1',
    message: 'm1',
    deviceSeq: 1,
    deviceAt: NOON,
    rights: 1,
    point: 'door',
    accessPoint: 'ward-door',
  },
  ...{ zone: 'ward', person: 'p-1', credential, command: 'c1', unlockMs: 5_000 },
  via: { kind: 'rule', role: 'nurse', right: 0 },
})

describe('where the revocation has not arrived, by what the journal tells', () => {
  const answer = (kind: (typeof LOCK_KINDS)[number], command = 'c2') =>
    ({ kind, device: 'door-1', point: 'door', accessPoint: 'ward-door', command }) as unknown as Recorded['event']
  const pending = (events: readonly Recorded['event'][], { now = NOON + 1_000, online = true } = {}) =>
    stillReleased(
      events.map((event, i) => ({ seq: i + 1, at: NOON, event })),
      { site: smallSite(), credential: 'b-1', expiryMs: 5_000, now },
      () => online,
    ).map(p => p.why)

  it.each<[string, Recorded['event'][], string[]]>([
    ['a lock that was ordered and has not answered', [granted('b-1')], ['released']],
    ['a lock that moved', [granted('b-1'), answer('lock.unlocked', 'c1')], ['released']],
    ['a lock that refused to move', [granted('b-1'), answer('lock.refused', 'c1')], []],
    [
      'a lock that was never told, because the grant was withdrawn',
      [granted('b-1'), answer('access.withdrawn', 'c1')],
      [],
    ],
    ['a grant withdrawn after another one opened', [granted('b-1'), answer('access.withdrawn')], ['released']],
    ['a lock that refused to come back', [granted('b-1'), answer('lock.refused')], ['released']],
    ['a lock that came back', [granted('b-1'), answer('lock.locked')], []],
    ['a lock that says it is locked', [granted('b-1'), answer('point.locked')], []],
    ['a lock that does not answer', [granted('b-1'), answer('lock.silent')], ['lock-silent']],
    ['an opening by another badge', [granted('b-2')], []],
    ['a lock that was released again', [granted('b-1'), answer('lock.locked'), granted('b-1')], ['released']],
  ])('%s', (_, events, why) => {
    expect(pending(events)).toEqual(why)
  })

  it('a lock out of reach, and none once it has fallen back by itself', () => {
    expect(pending([granted('b-1')], { online: false })).toEqual(['device-offline'])
    expect(pending([granted('b-1')], { now: NOON + 10_000 })).toEqual([])
  })
})
