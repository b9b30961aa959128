import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Site } from '../access/site.ts'
import { readChanges, readRegistry } from '../record/registry.ts'
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
    expect(registry.placeOf('cabinet-1', 'drawer-1')).toEqual({
      accessPoint: 'drugs',
      zone: 'pharmacy',
      class: 'controlled-drugs',
    })
    expect(registry.placeOf('cabinet-1', 'cabinet')).toEqual({ zone: 'pharmacy' })
    expect(registry.placeOf('unknown', 'door')).toEqual({})
    expect(registry.zoneOf('door-2')).toBe('garden')
  })
})

describe('a registry that has changed', () => {
  let stage: Stage
  beforeEach(async () => {
    stage = await Stage.open()
    await stage.apply()
  })
  afterEach(() => stage.close())

  const enrol = () =>
    stage.op('addCertificate', {
      at: NOON,
      certificate: {
        serial: 's1',
        device: 'door-1',
        notBefore: 0,
        notAfter: EXPIRES,
        fingerprint: 'ff',
        issuedAt: NOON,
      },
      fresh: true,
      event: { kind: 'device.enrolled', device: 'door-1', serial: 's1' },
    })
  const apply = (change: (site: Site) => Partial<Site>) => stage.apply({ ...smallSite(), ...change(smallSite()) })

  const changes: Record<string, () => unknown> = {
    'a person is renamed and gets another role': () =>
      apply(s => ({ people: s.people.map(p => (p.id === 'anna' ? { ...p, name: 'Anne', roles: ['gardener'] } : p)) })),
    'a person and their badge come': () =>
      apply(s => ({
        people: [...s.people, { id: 'dora', name: 'Dora', roles: ['nurse'] }],
        badges: [...s.badges, { uid: '04AA0009', person: 'dora', status: 'active' }],
      })),
    'a person goes': () =>
      apply(s => ({
        people: s.people.filter(p => p.id !== 'cleo'),
        badges: s.badges.filter(b => b.person !== 'cleo'),
      })),
    'a role is renamed': () => apply(s => ({ roles: s.roles.map(r => ({ ...r, name: `${r.name}!` })) })),
    'a device comes': () =>
      apply(s => ({ devices: [...s.devices, { id: 'door-3', model: 'door', name: 'New', zone: 'garden' }] })),
    'a lock is hung elsewhere': () =>
      apply(s => ({
        accessPoints: s.accessPoints.map(a =>
          a.id === 'garden-door' ? { ...a, lock: { device: 'door-1', point: 'door' } } : a,
        ),
      })),
    'the site gets another id': () => apply(s => ({ site: { ...s.site, id: 'elsewhere' } })),
    'a device is enrolled': enrol,
    'a device is revoked': () =>
      stage.op('revokeDevice', {
        at: NOON,
        id: 'door-1',
        reason: 'lost',
        event: { kind: 'device.revoked', device: 'door-1' },
      }),
    'a grant is issued': () => stage.grant(),
  }

  /** All that it answers, for everyone and everything there is. */
  const shown = (r: Registry) => ({
    revision: r.revision,
    site: r.site,
    snapshot: {
      ...r.snapshot,
      clock: undefined,
      profiles: undefined,
      people: undefined,
      badges: undefined,
      credentials: undefined,
    },
    badges: [...r.snapshot.badges.values()].map(({ holder: { profile, ...holder }, ...badge }) => ({
      ...badge,
      holder,
      profile: r.snapshot.profiles[profile],
    })),
    devices: r.devices,
    certificates: r.certificates,
    grants: r.grants,
    identity: r.identify('s1', 'door-1', NOON),
    places: ['door-1', 'door-2', 'door-3', 'cabinet-1'].map(d => [
      r.zoneOf(d),
      r.generationOf(d),
      r.lockedAt(d, 'door'),
    ]),
    names: ['anna', 'bela', 'cleo', 'dora'].map(id => r.nameOf(r.pseudonymOf('person', id) ?? '')),
    ids: ['anna', 'dora'].map(id => r.idOf(r.pseudonymOf('person', id) ?? '')),
  })
  const inOrder = (value: object): unknown =>
    JSON.parse(
      JSON.stringify(value, (_, v) =>
        v instanceof Map || v instanceof Set
          ? [...v].map(e => JSON.stringify(e)).toSorted()
          : Array.isArray(v)
            ? v.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
            : v,
      ),
    )

  it.each(Object.keys(changes))('is the one that is read anew: %s', async name => {
    if (name === 'a device is revoked') enrol()
    const before = new Registry(readRegistry(stage.db, NOON), NOON)
    await changes[name]?.()
    const after = before.changed(readChanges(stage.db, before.revision), NOON)
    expect(inOrder(shown(after))).toEqual(inOrder(shown(new Registry(readRegistry(stage.db, NOON), NOON))))
    expect(inOrder(shown(after))).not.toEqual(inOrder(shown(before)))
  })

  it('says which points tell of their contact, and which access points a lock opens', () => {
    const registry = stage.registry()
    expect(registry.reportsContact('door-1', 'door')).toBe(true)
    expect(registry.reportsContact('door-1', 'drawer-1')).toBe(false)
    expect(registry.reportsContact('unknown', 'door')).toBe(false)
    expect(registry.lockedAt('cabinet-1', 'drawer-1')).toEqual(['drugs'])
    expect(registry.lockedAt('cabinet-1', 'cabinet')).toEqual([])
  })
})

it('one person of 20,000 changes: in a fraction of the time that reading everything takes', () => {
  const people = Array.from({ length: 20_000 }, (_, i) => `p${i}`)
  const person = (id: string, name = id) => item('person', { id, name, roles: [] } as { id: string })
  const subject = (id: string, label = id) => ({ pseudonym: `p-${id}`, kind: 'person' as const, id, label, role: null })
  const stored = {
    ...STORED,
    items: people.map(id => person(id)),
    subjects: people.map(id => subject(id)),
  }
  const time = <T>(work: () => T): [T, number] => {
    const started = performance.now()
    return [work(), performance.now() - started]
  }
  const [first, whole] = time(() => new Registry(stored, NOON))
  const change = (revision: number) => ({
    revision,
    siteId: 'test',
    items: [person('p7', `Name ${revision}`)],
    subjects: [subject('p7', `Name ${revision}`)],
    operators: [],
    grants: [],
    situations: [],
  })
  let registry = first
  const times = Array.from({ length: 9 }, (_, i) => {
    const [next, ms] = time(() => registry.changed(change(10 + i), NOON))
    registry = next
    return ms
  }).toSorted((a, b) => a - b)
  expect(registry.nameOf('p-p7')).toEqual({ name: 'Name 18' })
  expect(times[4]).toBeLessThan(whole / 4)
})
