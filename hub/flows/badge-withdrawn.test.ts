/** A grant is on its way to the disk, and something closes the door meanwhile: the lock must not hear of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PinFact } from '../access/situations.ts'
import type { AccessGranted, VigieEvent } from '../events.ts'
import { ANNA, BELA, House } from '../test/house.ts'
import { until } from '../test/stage.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const GLASS = { breakGlass: true, reason: 'cardiac arrest' }
const lockDown = (since = house.now) =>
  house.act(
    { kind: 'lockdown', key: 'storm', value: { since, until: since + 1_800_000, by: 'cli:test' } },
    { kind: 'lockdown.started', plan: 'storm', by: 'cli:test' },
  )
async function lose(uid: string, person: string): Promise<void> {
  const told: VigieEvent = {
    kind: 'badge.lost',
    credential: house.stage.pseudonym('badge', uid),
    person: house.stage.pseudonym('person', person),
    by: 'cli:test',
    ended: 0,
  }
  house.stage.op('setBadgeStatus', { at: house.now, uid, status: 'lost', situations: [], events: [told] })
  await house.watch.look()
}
/** Held to the reader; `act` is in force between the row on the disk and the moment the hub hears of that. */
async function overtaken(uid: string, point: string, act: () => Promise<void>, fields: object = {}) {
  const rows = house.kinds().length
  house.journal.keepQuiet()
  const told = house.badge(uid, point, fields)
  if (!house.journal.failing) await until(() => house.kinds().length > rows)
  await act()
  house.journal.tell()
  return told
}
const unlocks = () => house.link.commands.filter(c => c.action === 'unlock')
const ofAnna = (fields: object = {}) => ({ person: house.anna, ...fields })

describe('a badge that was granted while its row was on its way to the disk', () => {
  it('is refused where a lockdown came into force meanwhile: no order, and a row that says so', async () => {
    const before = house.situations.rows()
    const told = await overtaken(ANNA, 'medicines', () => lockDown())
    expect(told).toMatchObject({ granted: false, reason: 'lockdown' })
    expect(told).not.toHaveProperty('unlockMs')
    expect(house.link.commands).toEqual([])
    const [granted, , withdrawn] = house.told()
    const { command } = granted as AccessGranted
    expect(house.kinds()).toEqual(['access.granted', 'lockdown.started', 'access.withdrawn'])
    expect(withdrawn).toMatchObject(ofAnna({ command, reason: 'lockdown', because: 'storm', accessPoint: 'medicines' }))
    expect(withdrawn).not.toHaveProperty('via')
    expect(house.situations.rows()).toHaveLength(before.length + 1)
    expect(house.notified).toContain('access.withdrawn')
    expect(house.inStep()).toBe(true)
  })

  it('is refused where the badge was reported lost meanwhile, also under break-glass: nothing of that is left', async () => {
    const told = await overtaken(ANNA, 'kit', () => lose(ANNA, 'anna'), GLASS)
    expect(told).toMatchObject({ granted: false, reason: 'badge-lost' })
    expect(house.link.commands).toEqual([])
    expect(house.kinds()).toEqual([
      'access.granted',
      'break-glass.opened',
      'badge.lost',
      'access.withdrawn',
      'break-glass.ended',
    ])
    expect(house.told().at(-1)).toMatchObject(ofAnna({ why: 'withdrawn', accessPoint: 'kit' }))
    expect(house.stage.situations()).toEqual({})
    expect(house.inStep()).toBe(true)
  })

  it('leaves an emergency running that had begun before', async () => {
    await house.badge(ANNA, 'kit', GLASS)
    house.link.sent.splice(0)
    expect(await overtaken(ANNA, 'kit', () => lose(ANNA, 'anna'), GLASS)).toMatchObject({ reason: 'badge-lost' })
    expect(house.link.commands.filter(c => c.action === 'unlock')).toEqual([])
    expect(house.stored('break-glass', `${house.anna}/kit`)).toBeDefined()
    expect(house.kinds()).not.toContain('break-glass.ended')
  })

  it.each([
    ['keeps no place in a zone', 'lab-door'],
    ['releases no door of a man-trap', 'trap-a'],
  ])('%s: what it had changed is as before, on disk too', async (_, point) => {
    expect(await overtaken(ANNA, point, () => lockDown())).toMatchObject({ granted: false, reason: 'lockdown' })
    expect(Object.keys(house.stage.situations())).toEqual(['lockdown storm'])
    expect(house.inStep()).toBe(true)
  })

  it.each([
    ['first', ANNA, 'anna'],
    ['second', BELA, 'bela'],
  ])('by two people is refused where the badge of the %s one was lost', async (_, uid, person) => {
    await house.badge(ANNA, 'drugs')
    const told = await overtaken(BELA, 'drugs', () => lose(uid, person))
    expect(told).toMatchObject({ granted: false, reason: 'badge-lost' })
    expect(unlocks()).toEqual([])
    expect(house.told().at(-1)).toMatchObject(ofAnna({ kind: 'access.withdrawn', witness: house.bela }))
    expect(house.inStep()).toBe(true)
  })

  it('opens where what happened meanwhile closes nothing to it', async () => {
    const reset = () =>
      house.act({ kind: 'position', key: 'p-0' }, { kind: 'passback.reset', by: 'cli:test', count: 0 })
    await house.badge(ANNA, 'drugs')
    expect(await overtaken(BELA, 'drugs', reset)).toMatchObject({ granted: true })
    expect(await overtaken(BELA, 'lab-door', () => lose(ANNA, 'anna'))).toMatchObject({ granted: true })
    expect(await overtaken(BELA, 'kit', () => lockDown(), GLASS)).toMatchObject({ granted: true })
    expect(unlocks()).toHaveLength(3)
    expect(house.kinds()).not.toContain('access.withdrawn')
  })

  it('by a temporary grant is refused where that was revoked', async () => {
    const grant = house.stage.grant({ target: { accessPoint: 'opioids' }, from: house.now })
    await house.watch.look()
    const revoke = async () => {
      const { id, origin, by, from, until: end } = grant
      const event = { kind: 'grant.revoked', grant: id, person: house.anna, by, origin, from, until: end } as const
      house.stage.op('revokeGrant', { at: house.now, id, event })
      await house.watch.look()
    }
    expect(await overtaken(ANNA, 'opioids', revoke)).toMatchObject({ granted: false, reason: 'no-right' })
    expect(unlocks()).toEqual([])
  })

  it('at a point that opens without a journal is looked at again too, after the time it took to find out', async () => {
    house.journal.failing = true
    const told = await overtaken(ANNA, 'yard-door', () => lockDown())
    expect(told).toMatchObject({ granted: false, reason: 'lockdown' })
    expect(house.link.commands).toEqual([])
    house.journal.failing = false
    await house.drained()
    expect(house.kinds()).toEqual(['lockdown.started', 'access.denied', 'audit.unavailable'])
    expect(house.told().at(-1)).toMatchObject({ outcome: 'refused' })
  })

  it('is withdrawn in the spool where the journal does not take that row', async () => {
    const fail = async () => {
      await lockDown()
      house.journal.failing = true
    }
    expect(await overtaken(ANNA, 'lab-door', fail)).toMatchObject({ granted: false, reason: 'lockdown' })
    house.journal.failing = false
    await house.drained()
    expect(house.kinds().at(-1)).toBe('access.withdrawn')
    expect(house.inStep()).toBe(true)
  })
})

describe('a badge whose PIN is being looked into while a lockdown begins', () => {
  it.each([
    ['after it came', 5],
    ['before it came, by a clock that was set back', -600_000],
  ])('is refused: the lockdown began %s', async (_, later) => {
    const answer = Promise.withResolvers<PinFact>()
    house.pins = () => answer.promise
    const told = house.badge(ANNA, 'medicines', { pin: '4826' })
    house.now += later
    await lockDown()
    answer.resolve('right')
    expect(await told).toMatchObject({ granted: false, reason: 'lockdown' })
    expect(house.link.commands).toEqual([])
  })
})
