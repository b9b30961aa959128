import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decide } from '../access/decide.ts'
import type { Site } from '../access/site.ts'
import { CALM } from '../access/situations.ts'
import { lastOfWithdrawn } from '../record/past.ts'
import { readChanges, readRegistry, revision } from '../record/registry.ts'
import { smallSite } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { SiteApplied } from './site-applied.ts'

let stage: Stage
let applied: SiteApplied
let writes: number

beforeEach(async () => {
  stage = await Stage.open()
  writes = 0
  applied = new SiteApplied({
    nobodyToAsk: () => true,
    read: () => readRegistry(stage.db),
    changedSince: revision => readChanges(stage.db, revision).items,
    withdrawnBadges: () => lastOfWithdrawn(stage.db, 'badge'),
    write: change => {
      writes++
      return stage.op('applySite', change)
    },
    now: () => NOON,
  })
})
afterEach(() => stage.close())

const apply = (site: unknown, mayWithdraw = true) =>
  applied.apply(typeof site === 'string' ? site : JSON.stringify(site), 'site.json', { origin: 'test', mayWithdraw })
const enrol = (device: string) =>
  stage.op('addCertificate', {
    at: NOON,
    certificate: { serial: `s-${device}`, device, notBefore: 0, notAfter: NOON * 2, fingerprint: 'ff', issuedAt: NOON },
    fresh: true,
    event: { kind: 'device.enrolled', device, serial: `s-${device}` },
  })
const everything = () => ({ rows: stage.rows(), registry: readRegistry(stage.db) })

describe('a site file is applied', () => {
  it('as one revision and one journal row that counts what changed', async () => {
    const { changes, revision: made } = await apply(smallSite())
    expect(made).toBe(revision(stage.db))
    const event = {
      kind: 'rights.changed',
      revision: made,
      added: changes.length,
      changed: 0,
      removed: 0,
      origin: 'test',
    }
    expect(stage.events()).toEqual([event])
    expect(stage.registry().devices.map(d => [d.id, d.status])).toEqual([
      ['cabinet-1', 'declared'],
      ['door-1', 'declared'],
      ['door-2', 'declared'],
    ])
  })

  it('at the same moment as another one: the second is refused and has changed nothing', async () => {
    await apply(smallSite())
    const racing = new SiteApplied({
      nobodyToAsk: () => true,
      read: () => readRegistry(stage.db),
      changedSince: revision => readChanges(stage.db, revision).items,
      withdrawnBadges: () => lastOfWithdrawn(stage.db, 'badge'),
      write: change => {
        stage.op('addDevice', { at: NOON, id: 'between', model: 'pir', name: 'between' })
        return stage.op('applySite', change)
      },
      now: () => NOON,
    })
    const rows = stage.rows().length
    const site = { ...smallSite(), people: [], badges: [] }
    await expect(
      racing.apply(JSON.stringify(site), 'site.json', { origin: 'test', mayWithdraw: false }),
    ).rejects.toMatchObject({
      code: 'site-changed',
    })
    expect(stage.registry().site.people).toHaveLength(smallSite().people.length)
    expect(stage.rows().length).toBe(rows + 1)
  })

  it('twice: no change, no write, no row, no new revision; whatever the order of its lists', async () => {
    const first = await apply(smallSite())
    const before = everything()
    const site = smallSite()
    const shuffled = { ...site, badges: site.badges.toReversed(), people: site.people.toReversed(), $schema: 'x' }
    for (const again of [smallSite(), shuffled]) {
      const { changes, revision: same } = await apply(again)
      expect([changes, same]).toEqual([[], first.revision])
    }
    expect(everything()).toEqual(before)
    expect(writes).toBe(1)
  })

  it('keeps pseudonyms over changes, and the rights follow the file', async () => {
    await apply(smallSite())
    const before = stage.registry().snapshot.badges.get('04AA0001')
    const site = smallSite()
    const lost = site.badges.map(b => (b.uid === '04AA0001' ? { ...b, status: 'lost' as const } : b))
    const { changes } = await apply({ ...site, badges: lost })
    expect(changes).toEqual([{ kind: 'badge', id: '04AA0001', change: 'changed', fields: ['status'] }])
    const after = stage.registry().snapshot
    expect(after.badges.get('04AA0001')?.credential).toBe(before?.credential)
    expect(decide(after, CALM, { device: 'door-1', point: 'door', uid: '04AA0001', at: NOON }).reason).toBe(
      'badge-lost',
    )
  })

  it('does not bring a lost badge back, unless the file knows of the loss', async () => {
    const site = smallSite()
    await apply(site)
    const uid = '04AA0001'
    stage.op('setBadgeStatus', { at: NOON, uid, status: 'lost', situations: [], events: [] })
    const { changes, kept } = await apply(site)
    expect(kept).toEqual([expect.objectContaining({ uid, status: 'lost' })])
    expect(changes).toEqual([])
    expect(stage.registry().site.badges.find(b => b.uid === uid)?.status).toBe('lost')

    await apply({ ...site, revision: revision(stage.db) })
    expect(stage.registry().site.badges.find(b => b.uid === uid)?.status).toBe('active')
  })

  it.each(['lost', 'revoked'] as const)('does not bring a %s badge back by way of a file without it', async status => {
    const site = smallSite()
    const uid = '04AA0001'
    await apply(site)
    stage.op('setBadgeStatus', { at: NOON, uid, status, situations: [], events: [] })
    const others = site.badges.filter(b => b.uid !== uid)
    await apply({ ...site, badges: others })
    const { kept } = await apply(site)
    expect(kept).toEqual([expect.objectContaining({ uid, status })])
    expect(stage.registry().site.badges.find(b => b.uid === uid)?.status).toBe(status)

    // What it was last is what counts: found again, then withdrawn, it comes back as it is written.
    stage.op('setBadgeStatus', { at: NOON, uid, status: 'active', situations: [], events: [] })
    await apply({ ...site, badges: others })
    expect((await apply(site)).kept).toEqual([])
    expect(stage.registry().site.badges.find(b => b.uid === uid)?.status).toBe('active')
  })

  it('brings back a lost badge that was withdrawn where the file knows of it', async () => {
    const site = smallSite()
    const uid = '04AA0001'
    await apply(site)
    stage.op('setBadgeStatus', { at: NOON, uid, status: 'lost', situations: [], events: [] })
    await apply({ ...site, badges: site.badges.filter(b => b.uid !== uid) })
    await apply({ ...site, revision: revision(stage.db) })
    expect(stage.registry().site.badges.find(b => b.uid === uid)?.status).toBe('active')
  })

  it('only planned, changes nothing', async () => {
    await apply(smallSite())
    const before = everything()
    const { changes } = applied.plan(JSON.stringify({ ...smallSite(), badges: [] }), 'site.json')
    expect(changes).toHaveLength(smallSite().badges.length)
    expect(everything()).toEqual(before)
  })

  it.each<[string, (good: string, site: Site) => string, object]>([
    ['no JSON', good => good.slice(0, -2), { code: 'site-syntax' }],
    ['a missing comma', good => good.replace('\n  "zones"', '\n  "zones" "x"'), { code: 'site-syntax' }],
    ['an unknown field', good => good.replace('"zones"', '"wards": [], "zones"'), { code: 'site-invalid' }],
    ['an unknown zone', (_, s) => JSON.stringify({ ...s, zones: s.zones.slice(1) }), { code: 'site-invalid' }],
    ['an unknown model', good => good.replace('"model": "door"', '"model": "gate"'), { code: 'site-invalid' }],
    ['a holder who is not there', (_, s) => JSON.stringify({ ...s, people: [] }), { code: 'site-invalid' }],
    ['an unknown time zone', good => good.replace('Europe/Paris', 'Mars/Olympus'), { code: 'site-invalid' }],
    [
      'a point without a lock',
      good => good.replace('"point": "drawer-1"', '"point": "drawer-99"'),
      { code: 'site-invalid' },
    ],
  ])('with %s: changes nothing, and names file and line', async (_, spoil, error) => {
    await apply(smallSite())
    const before = everything()
    const broken = spoil(JSON.stringify(smallSite(), undefined, 2), smallSite())
    const details = { file: 'site.json', line: expect.any(Number) as number }
    await expect(apply(broken)).rejects.toMatchObject({ ...error, details })
    expect(() => applied.plan(broken, 'site.json')).toThrow(/site\.json:\d+/)
    expect(everything()).toEqual(before)
  })

  it('under another id: refused while a device holds a certificate for the old one, allowed before', async () => {
    const renamed = (id: string) => ({ ...smallSite(), site: { ...smallSite().site, id } })
    await apply(renamed('north'))
    await apply(renamed('south'))
    enrol('door-1')
    const before = everything()
    await expect(apply(renamed('north'))).rejects.toMatchObject({
      code: 'site-conflict',
      details: { field: 'north', count: 1 },
    })
    expect(everything()).toEqual(before)
    const { id: _, ...nameless } = smallSite().site
    const { changes } = await apply({ ...smallSite(), site: nameless })
    expect(changes).toEqual([])
    expect(stage.registry().site.site.id).toBe('south')
  })

  it('without a device that holds a certificate: refused unless that is meant, and nothing is changed', async () => {
    await apply(smallSite())
    enrol('door-2')
    const before = everything()
    const empty = { ...smallSite(), devices: [], accessPoints: [], roles: [], people: [], badges: [] }
    await expect(apply(empty, false)).rejects.toMatchObject({
      code: 'site-withdraws',
      details: { count: 1, device: 'door-2' },
    })
    expect(everything()).toEqual(before)
  })

  it('without a device that was there: it is revoked, with its certificates and codes, and a row of its own', async () => {
    await apply(smallSite())
    enrol('door-2')
    stage.op('addCode', { at: NOON, device: 'door-2', hash: 'h', expiresAt: NOON + 1 })
    const site = smallSite()
    await apply({
      ...site,
      devices: site.devices.filter(d => d.id !== 'door-2'),
      accessPoints: site.accessPoints.filter(a => a.device !== 'door-2'),
    })
    const registry = stage.registry()
    expect(registry.identify('s-door-2', 'door-2', NOON)).toBeUndefined()
    expect(registry.devices.find(d => d.id === 'door-2')?.status).toBe('revoked')
    expect(registry.revoked(NOON)).toMatchObject([{ serial: 's-door-2', reason: 'withdrawn' }])
    expect(stage.events().slice(-2)).toMatchObject([
      { kind: 'rights.changed', removed: 2 },
      { kind: 'device.revoked', device: 'door-2', reason: 'withdrawn' },
    ])
    await apply(site) // named again it is known again, and stays revoked until someone enrols it anew
    expect(stage.registry().devices.find(d => d.id === 'door-2')?.status).toBe('revoked')
  })

  it('not at all when the journal row cannot be written', async () => {
    await apply(smallSite())
    const before = everything()
    stage.block()
    await expect(apply({ ...smallSite(), badges: [] })).rejects.toThrow(/locked/)
    stage.unblock()
    expect(everything()).toEqual(before)
  })
})
