import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { smallSite } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { Registry, type StoredRegistry, siteOf } from './registry.ts'

const EXPIRES = NOON + 1_000
const item = (kind: string, body: { id: string }) => ({ kind, id: body.id, body: JSON.stringify(body) })
const certificate = (serial: string, device: string, over: object = {}) => ({
  serial,
  device,
  notAfter: EXPIRES,
  revokedAt: null,
  reason: null,
  ...over,
})

const STORED: StoredRegistry = {
  revision: 3,
  siteId: 'test',
  items: [item('device', { id: 'door-1', model: 'door', name: 'Door', zone: 'ward' } as { id: string })],
  subjects: [
    { pseudonym: 'p-1', kind: 'person', id: 'anna', label: 'Anna', role: 'nurse' },
    { pseudonym: 'p-2', kind: 'person', id: 'gone', label: null, role: null },
  ],
  operators: [{ id: 'o-1', name: 'Olga', role: 'administrator' }],
  devices: [
    { id: 'door-1', model: 'door', name: 'Door', status: 'enrolled' },
    { id: 'door-2', model: 'door', name: 'Door', status: 'declared' },
    { id: 'door-3', model: 'door', name: 'Door', status: 'revoked' },
  ],
  certificates: [
    certificate('ok', 'door-1'),
    certificate('renewed', 'door-1', { notAfter: EXPIRES + 1_000 }),
    certificate('old', 'door-1', { notAfter: NOON }),
    certificate('superseded', 'door-1', { revokedAt: 1, reason: 'superseded' }),
    certificate('declared', 'door-2'),
    certificate('revoked-device', 'door-3'),
    certificate('orphan', 'nobody'),
    certificate('__proto__', 'nobody'),
  ],
}

describe('which device a certificate speaks for', () => {
  const registry = new Registry(STORED)

  it.each([
    ['ok', 'door-1', NOON, 'door-1'],
    ['renewed', 'door-1', EXPIRES, 'door-1'],
    ['ok', 'door-1', EXPIRES - 1, 'door-1'],
    ['ok', 'door-1', EXPIRES, undefined],
    ['ok', 'door-1', Number.NaN, undefined],
    ['ok', 'door-2', NOON, undefined],
    ['ok', '', NOON, undefined],
    ['ok', 'DOOR-1', NOON, undefined],
    ['OK', 'door-1', NOON, undefined],
    ['', 'door-1', NOON, undefined],
    ['unknown', 'door-1', NOON, undefined],
    ['old', 'door-1', NOON, undefined],
    ['superseded', 'door-1', NOON, undefined],
    ['declared', 'door-2', NOON, undefined],
    ['revoked-device', 'door-3', NOON, undefined],
    ['orphan', 'nobody', NOON, undefined],
    ['__proto__', 'nobody', NOON, undefined],
    ['constructor', 'constructor', NOON, undefined],
  ])('serial %j as %j at %d: %s', (serial, name, now, device) => {
    expect(registry.identify(serial, name, now)?.id).toBe(device)
  })

  it('names site and model with it', () => {
    expect(registry.identify('ok', 'door-1', NOON)).toEqual({ id: 'door-1', site: 'test', model: 'door', serial: 'ok' })
  })

  it('lists the revoked ones until they expire, and counts generations of hardware', () => {
    expect(registry.revoked(NOON)).toEqual([{ serial: 'superseded', revokedAt: 1, reason: 'superseded' }])
    expect(registry.revoked(EXPIRES)).toEqual([])
    expect([registry.generationOf('door-1'), registry.generationOf('door-2')]).toEqual([1, 0])
  })

  it('finds names for pseudonyms of people and operators, and none for what was erased', () => {
    expect(registry.nameOf('p-1')).toEqual({ name: 'Anna', role: 'nurse' })
    expect(registry.nameOf('p-2')).toBeUndefined()
    expect(registry.nameOf('o-1')).toEqual({ name: 'Olga', role: 'administrator' })
    expect(registry.nameOf('anna')).toBeUndefined()
  })

  it('has a site before the first apply, in which nothing opens', () => {
    const empty = new Registry({ ...STORED, items: [], subjects: [] })
    expect(siteOf({ ...STORED, items: [] })).toMatchObject({
      version: 1,
      site: { id: 'test', name: 'Vigie' },
      zones: [],
    })
    expect(empty.snapshot.points.size + empty.snapshot.badges.size).toBe(0)
  })
})

describe('the registry as stored', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await Stage.open()
    await stage.apply()
  })
  afterAll(() => stage.close())

  it('is the site that was applied, with a pseudonym for every person and badge', () => {
    const registry = stage.registry()
    const sorted = (list: readonly object[]) => list.map(i => JSON.stringify(i)).toSorted()
    const applied = smallSite()
    for (const list of ['zones', 'devices', 'accessPoints', 'roles', 'people', 'badges'] as const)
      expect(sorted(registry.site[list])).toEqual(sorted(applied[list]))
    expect(registry.snapshot.omittedBadges).toBe(0)
    expect(registry.snapshot.badges.size).toBe(applied.badges.length)
  })

  it('places a point by its access point, else by its device, else nowhere', () => {
    const registry = stage.registry()
    expect(registry.placeOf('cabinet-1', 'drawer-1')).toEqual({ accessPoint: 'drugs', zone: 'pharmacy' })
    expect(registry.placeOf('cabinet-1', 'cabinet')).toEqual({ zone: 'pharmacy' })
    expect(registry.placeOf('unknown', 'door')).toEqual({})
    expect(registry.zoneOf('door-2')).toBe('garden')
  })
})
