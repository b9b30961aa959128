/** A door of a man-trap that was seen open and never says again that it is shut. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ActsStage, BY } from '../test/acts-stage.ts'
import { ANNA, House, houseSite } from '../test/house.ts'
import { identity, NOON } from '../test/stage.ts'

describe('a door of a man-trap is declared shut', () => {
  let on: ActsStage
  beforeEach(async () => {
    on = await ActsStage.open(() => ({}), houseSite())
  })
  afterEach(() => on.close())

  it('where it counts as open: its row goes, with a journal row, once', async () => {
    on.put({ kind: 'door', key: 'trap-a', value: { open: true, releasedUntil: NOON - 1 } })
    expect(await on.acts.resetInterlock('trap-a', BY)).toMatchObject({ accessPoint: 'trap-a' })
    expect(on.stage.situations()).toEqual({})
    const row = { kind: 'interlock.reset', by: BY, accessPoint: 'trap-a', zone: 'ward' }
    expect(on.stage.events().at(-1)).toEqual(row)
    await expect(on.acts.resetInterlock('trap-a', BY)).rejects.toMatchObject({ code: 'door-not-open' })
  })

  it('but its lock, released a moment ago, counts as released until that is over', async () => {
    on.put({ kind: 'door', key: 'trap-a', value: { open: true, releasedUntil: NOON + 5_000 } })
    await on.acts.resetInterlock('trap-a', BY)
    expect(on.stage.situations()).toEqual({ 'door trap-a': { open: false, releasedUntil: NOON + 5_000 } })
    await expect(on.acts.resetInterlock('trap-a', BY)).rejects.toMatchObject({ code: 'door-not-open' })
  })

  it('also where the site does not have it any more; one that nobody knows is refused', async () => {
    on.put({ kind: 'door', key: 'gone', value: { open: true, releasedUntil: 0 } })
    await on.acts.resetInterlock('gone', BY)
    expect(on.stage.events().at(-1)).toEqual({ kind: 'interlock.reset', by: BY, accessPoint: 'gone' })
    await expect(on.acts.resetInterlock('nowhere', BY)).rejects.toMatchObject({
      code: 'item-unknown',
      details: { kind: 'accessPoint', id: 'nowhere' },
    })
  })
})

describe('a door that was left open keeps the other one shut', () => {
  let house: House
  beforeEach(async () => {
    house = await House.open()
    enrol('s-1')
    await house.watch.look()
    house.hub.edge.connected(identity('trap-a', 'door'))
    await house.send('trap-a', 'state', { point: 'door', contact: 'open' })
  })
  afterEach(() => house.close())

  function enrol(serial: string, fresh = true): void {
    const dates = { notBefore: NOON, notAfter: NOON + 1_000_000, issuedAt: NOON }
    house.stage.op('addCertificate', {
      at: NOON,
      certificate: { serial, device: 'trap-a', fingerprint: 'ff', ...dates },
      fresh,
      event: { kind: fresh ? 'device.enrolled' : 'device.renewed', device: 'trap-a', serial },
    })
  }
  const revoke = () =>
    house.stage.op('revokeDevice', {
      at: NOON,
      id: 'trap-a',
      reason: 'key-compromise',
      event: { kind: 'device.revoked', device: 'trap-a' },
    })
  const change = (over: (site: ReturnType<typeof houseSite>) => object) => {
    const site = houseSite()
    return house.stage.apply({ ...site, ...over(site) })
  }
  const REFUSED = { granted: false, reason: 'interlock' }

  it('until somebody declares it shut, whatever happens to the hub', async () => {
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject(REFUSED)
    await house.restart()
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject(REFUSED)
    await house.act(
      { kind: 'door', key: 'trap-a' },
      { kind: 'interlock.reset', by: BY, accessPoint: 'trap-a', zone: 'ward' },
    )
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject({ granted: true })
    await house.pass(60_000)
    expect(house.inStep()).toBe(true)
  })

  it.each<[string, () => unknown]>([
    ['its device is revoked', revoke],
    ['new hardware takes its place', () => enrol('s-2')],
    [
      'its access point is withdrawn',
      () =>
        change(site => ({
          interlocks: [{ id: 'trap', name: 'Trap', accessPoints: ['trap-b', 'yard-door'] }],
          accessPoints: site.accessPoints.filter(a => a.id !== 'trap-a'),
          roles: site.roles.map(r => ({
            ...r,
            rights: r.rights.filter(x => !('accessPoint' in x && x.accessPoint === 'trap-a')),
          })),
        })),
    ],
    [
      'its lock hangs elsewhere',
      () =>
        change(site => ({
          accessPoints: site.accessPoints.map(a =>
            a.id === 'trap-a' ? { ...a, lock: { device: 'cabinet', point: 'drawer-7' } } : a,
          ),
        })),
    ],
  ])('and no more once %s', async (_, act) => {
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject(REFUSED)
    await act()
    await house.watch.look()
    expect(house.situations.door.has('trap-a')).toBe(false)
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject({ granted: true })
    expect(house.inStep()).toBe(true)
    await house.restart()
    expect(house.situations.door.has('trap-a')).toBe(false)
  })

  it('also where that was done while no hub ran', async () => {
    await house.stop()
    revoke()
    await house.start()
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject({ granted: true })
  })

  it('still, where its certificate was only renewed, or the site changed elsewhere', async () => {
    enrol('s-2', false)
    await change(site => ({ zones: site.zones.map(z => ({ ...z, name: `${z.name}!` })) }))
    await house.watch.look()
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject(REFUSED)
  })

  it('and new hardware that reports it open is believed at once', async () => {
    enrol('s-2')
    await house.watch.look()
    house.hub.edge.connected(identity('trap-a', 'door'))
    await house.send('trap-a', 'state', { point: 'door', contact: 'open' })
    expect(await house.badge(ANNA, 'trap-b')).toMatchObject(REFUSED)
    expect(house.inStep()).toBe(true)
  })
})
