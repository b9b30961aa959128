/**
 * Scenarios on a whole hub. Each that ships begins by what enters by MQTT, its waits shortened by a scenario of the site that
 * stands in its place; those of a site's own are put, tried and refused as items.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArmedZones, DryRunAnswer, IncidentList, IncidentView, Problem } from '../api.ts'
import type { ThingTrigger } from '../rules/scenarios.ts'
import { SHIPPED } from '../rules/shipped-scenarios.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

const SLOW_START_MS = 180_000
const SECOND = 1_000
const hub = new TestHub({ VIGIE_DEVICE_RATE: '300', VIGIE_DEVICE_BURST: '600' })
const NAMES = ['cab-1', 'door-1', 'lux-1', 'pir-1', 'pir-2', 'lamp-1', 'spare-1'] as const
const [cabinet, door, lux, pir, late, lamp, spare] = NAMES.map(id => new TestDevice(id, 'test-site')) as [
  ...(readonly [TestDevice, TestDevice, TestDevice, TestDevice, TestDevice, TestDevice, TestDevice]),
]
const PIN = { pin: '482617', duressPin: '739152' }

/** Waits of a second instead of minutes; all else as it ships. */
const hurried = SHIPPED.map(s => {
  if (!('begins' in s.when) || s.when.forMs === undefined) return s.id === 'light-too-low' ? { ...s } : s
  const when: ThingTrigger = { ...s.when, forMs: SECOND }
  return { ...s, when, ...(s.id === 'light-too-low' && { where: { zones: ['ward'] } }) }
})
const site = () => {
  const base = smallSite()
  const device = (id: string, model: string, zone = 'ward') => ({ id, model, name: id, zone })
  const more = [
    device('pir-1', 'pir'),
    device('pir-2', 'pir', 'hall'),
    device('lamp-1', 'light'),
    device('spare-1', 'pir'),
  ]
  const [nurse, ...roles] = base.roles
  return {
    ...base,
    devices: [...base.devices, ...more],
    accessPoints: base.accessPoints.map(a => (a.id === 'cab-1-d2' ? { ...a, requires: { pin: true as const } } : a)),
    roles: [{ ...nurse!, breakGlass: [{ zone: 'ward' }] }, ...roles],
    scenarios: JSON.parse(JSON.stringify(hurried)),
  }
}
beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await hub.admin.ask('PUT', '/api/v1/people/c-marchand/pin', PIN)
  for (const one of [cabinet, door, lux, pir, late, lamp, spare]) await one.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  for (const one of [cabinet, door, lux, pir, late, lamp, spare]) await one.close()
  await hub.close()
})

const open = async (): Promise<readonly IncidentView[]> =>
  (await hub.get<IncidentList>('/api/v1/incidents?state=open&limit=200')).incidents
const signalOf = (scenario: string) =>
  until(`an alert of ${scenario}`, async () =>
    (await open()).flatMap(i => i.signals).find(s => s.scenario === scenario),
  )
const reads = (device: TestDevice, quantity: string, value: number, unit: string, more: object = {}) =>
  device.send('reading', { readings: [{ quantity, value, unit }], ...more })
const contact = (device: TestDevice, point: string, is: 'open' | 'closed') =>
  device.send('state', { point, contact: is })
/** The lock has answered: it is released. */
async function released(device: TestDevice, point: string): Promise<void> {
  const before = device.commands.length
  await device.badge(NURSE, point)
  const order = await until('the lock is told', () => device.commands.slice(before).find(c => c.action === 'unlock'))
  await device.send('ack', { command: order.id, outcome: 'done' })
}

describe('each scenario that ships', () => {
  it('presence-lights: somebody in the dusk has light', async () => {
    await reads(lux, 'illuminance', 100, 'lx')
    await reads(pir, 'occupancy', 1, '1')
    const order = await until('the lamp is told', () => lamp.commands.find(c => c.action === 'set'))
    expect(order).toMatchObject({ on: true, brightness: 80 })
  })
  it('light-too-low: all the light there is, and an alert', async () => {
    await reads(lux, 'illuminance', 9, 'lx')
    expect(await signalOf('light-too-low')).toMatchObject({ kind: 'light-too-low', severity: 'warning' })
    expect(lamp.commands.at(-1)).toMatchObject({ on: true, brightness: 100 })
    await reads(lux, 'illuminance', 300, 'lx')
    await until('the lamp is off again', () => lamp.commands.at(-1)?.on === false)
  })
  it('intrusion: movement in an armed zone', async () => {
    await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'PUT' })
    await reads(pir, 'occupancy', 1, '1')
    expect(await signalOf('intrusion')).toMatchObject({ severity: 'critical', subject: { zone: 'ward' } })
    await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'DELETE' })
  })
  it('door-forced: opened, though nobody had released it', async () => {
    await contact(door, 'door', 'closed') // what it was is known
    await contact(door, 'door', 'open')
    expect(await signalOf('door-forced')).toMatchObject({ severity: 'critical', subject: { accessPoint: 'door-1' } })
    await contact(door, 'door', 'closed')
    expect((await until('it is over', async () => (await signalOf('door-forced')).restoredAt)) > 0).toBe(true)
  })
  it('door-held: released, opened, and not closed', async () => {
    await released(door, 'door')
    await contact(door, 'door', 'open')
    expect(await signalOf('door-held')).toMatchObject({ severity: 'warning' })
    await contact(door, 'door', 'closed')
  })
  it('granted-not-opened: released, and nobody opens', async () => {
    await released(cabinet, 'drawer-1')
    expect(await signalOf('granted-not-opened')).toMatchObject({ severity: 'info' })
  })
  it('cabinet-left-open: opened, and not closed', async () => {
    await released(cabinet, 'drawer-1')
    await contact(cabinet, 'drawer-1', 'open')
    expect(await signalOf('cabinet-left-open')).toMatchObject({ subject: { accessPoint: 'cab-1-d1' } })
    await contact(cabinet, 'drawer-1', 'closed')
  })
  it('repeated-refusals: five within two minutes, and not four', async () => {
    for (let i = 0; i < 4; i++) await door.badge(VISITOR, 'door')
    expect((await open()).flatMap(i => i.signals).filter(s => s.scenario === 'repeated-refusals')).toEqual([])
    await door.badge(VISITOR, 'door')
    expect(await signalOf('repeated-refusals')).toMatchObject({ severity: 'warning' })
  })
  it('tamper: the case is torn off', async () => {
    await pir.send('state', { point: 'pir', tamper: true })
    expect(await signalOf('tamper')).toMatchObject({ severity: 'critical', subject: { device: 'pir-1' } })
  })
  it('battery-low: below 15 %', async () => {
    await pir.send('state', { point: 'pir', battery: 14 })
    expect(await signalOf('battery-low')).toMatchObject({ severity: 'info' })
  })
  it('clock-off: by more than half a minute', async () => {
    const at = new Date(Date.now() - 45_000).toISOString()
    await reads(late, 'occupancy', 0, '1', { at })
    expect(await signalOf('clock-off')).toMatchObject({ subject: { device: 'pir-2' } })
  })
  it('duress: the other PIN opens, and says so', async () => {
    expect(await cabinet.badge(NURSE, 'drawer-2', { pin: PIN.duressPin })).toMatchObject({ granted: true })
    expect(await signalOf('duress')).toMatchObject({ severity: 'critical' })
  })
  it('lock-silent: told to open, and no answer', async () => {
    expect(await signalOf('lock-silent')).toMatchObject({ severity: 'warning' })
  })
  it('break-glass: opened in an emergency', async () => {
    const asks = { reason: 'arrêt cardiaque', breakGlass: true }
    expect(await cabinet.badge(NURSE, 'drawer-2', asks)).toMatchObject({ granted: true })
    expect(await signalOf('break-glass')).toMatchObject({ severity: 'warning' })
  })
  it('wrong-pins: three times', async () => {
    for (let i = 0; i < 3; i++) await cabinet.badge(NURSE, 'drawer-2', { pin: '000000' })
    expect(await signalOf('wrong-pins')).toMatchObject({ severity: 'warning' })
  })
  it('device-silent: gone, and not back', async () => {
    await spare.client.publishAsync(spare.topic('status'), '{"online":true}', { qos: 1, retain: true })
    await spare.close()
    expect(await signalOf('device-silent')).toMatchObject({ subject: { device: 'spare-1' } })
  })
  it('flooding: more than a device may send', async () => {
    const one = (): Promise<unknown> => reads(late, 'occupancy', 0, '1').catch(() => undefined)
    const stops = Date.now() + 60_000
    const isNoticed = async () => (await open()).flatMap(i => i.signals).some(s => s.scenario === 'flooding')
    while (!(await isNoticed()) && Date.now() < stops && late.client.connected)
      await Promise.race([Promise.all(Array.from({ length: 2_000 }, one)), new Promise(r => setTimeout(r, 2_000))])
    expect(await signalOf('flooding')).toMatchObject({ severity: 'warning', subject: { device: 'pir-2' } })
  })
})

const put = async (item: { readonly id: string; readonly enabled?: boolean }) => {
  const seen = await hub.admin.fetch(`/api/v1/site/items/scenario/${item.id}`)
  const tag = seen.ok ? { 'if-match': seen.headers.get('etag')! } : { 'if-none-match': '*' }
  const path = `/api/v1/site/items/scenario/${item.id}`
  const answer = await hub.admin.fetch(path, { method: 'PUT', headers: tag, body: JSON.stringify(item) })
  return { status: answer.status, ...((await answer.json()) as Partial<Problem>) }
}
const guard = {
  id: 'garde-porte',
  name: 'Porte du hall ouverte',
  when: { begins: { kinds: ['point.opened'] } },
  where: { zones: ['hall'] },
  acts: [{ do: 'alert', kind: 'other', severity: 'info' }],
}
const dryRun = async (body: object) => {
  const answer = await hub.admin.fetch('/api/v1/scenarios/dry-run', { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, ...((await answer.json()) as Partial<DryRunAnswer> & Partial<Problem>) }
}

describe('a scenario of the site’s own', () => {
  it('is tried first: what it would have done, and nothing done', async () => {
    const before = (await open()).length
    const answer = await dryRun({ scenario: guard, days: 1 })
    expect(answer).toMatchObject({ status: 200, scenario: 'garde-porte', days: 1, begun: 1, heldBack: 0 })
    expect(answer.list).toMatchObject([{ zone: 'hall', accessPoint: 'door-1', row: expect.any(Number) }])
    const [would] = (await hub.journal(5_000)).filter(r => r.event.kind === 'point.opened' && r.event.zone === 'hall')
    expect(answer.list?.[0]?.row).toBe(would?.seq)
    expect((await open()).length).toBe(before)
  })
  it('knows in the trial when a zone was armed, and how long it would have lasted', async () => {
    const intrusion = SHIPPED.find(s => s.id === 'intrusion')
    expect(await dryRun({ scenario: intrusion })).toMatchObject({ begun: 1, list: [{ device: 'pir-1', zone: 'ward' }] })
    const held = { ...guard, when: { ...guard.when, ends: { kinds: ['point.closed'] }, forMs: SECOND } }
    const { list } = await dryRun({ scenario: held })
    expect(list?.[0]?.endedAt).toBeGreaterThan(list![0]!.at)
  })
  it('begins as soon as it is put, is changed with its tag, and stops when it is taken away', async () => {
    expect((await put(guard)).status).toBe(201)
    await released(door, 'door')
    await contact(door, 'door', 'open')
    expect(await signalOf('garde-porte')).toMatchObject({ kind: 'other' })
    await contact(door, 'door', 'closed')
    expect((await put({ ...guard, enabled: false })).status).toBe(200)
    const { etag } = await hub.admin
      .fetch('/api/v1/site/items/scenario/garde-porte')
      .then(a => ({ etag: a.headers.get('etag')! }))
    const gone = await hub.admin.fetch('/api/v1/site/items/scenario/garde-porte', {
      ...{ method: 'DELETE', headers: { 'if-match': etag } },
    })
    expect(gone.status).toBeLessThan(300)
  })
  it('arms a zone by a badge that was let in, and the list of armed zones says who did', async () => {
    const arms = { ...guard, id: 'badge-arme', name: 'Badge du hall', when: { begins: { kinds: ['access.granted'] } } }
    expect((await put({ ...arms, acts: [{ do: 'arm', armed: true }] } as never)).status).toBe(201)
    await released(door, 'door')
    const armed = await until('the hall is armed', async () =>
      (await hub.get<ArmedZones>('/api/v1/armed-zones')).zones.find(z => z.zone === 'hall'),
    )
    expect(armed).toMatchObject({ by: 'scenario:badge-arme', name: 'Badge du hall' })
  })
  it.each<readonly [string, object, string]>([
    ['a zone that is not there', { where: { zones: ['attic'] } }, '/where/zones/0'],
    ['bounds without room', { when: { begins: { quantity: 'heat', above: 2, below: 1 } } }, '/when/begins'],
    ['a panel that disarms itself', { acts: [{ do: 'arm', armed: false }] }, '/acts/0/armed'],
    ['an act that Vigie does not have', { acts: [{ do: 'unlock' }] }, '/acts/0'],
    ['a wait beyond a day', { when: { ...guard.when, forMs: 90_000_000 } }, '/when'],
  ])('%s is refused, with the field, and so is its trial', async (_, fault, field) => {
    const refused = await put({ ...guard, id: 'bad', ...fault } as never)
    expect(refused).toMatchObject({ status: 422, code: 'item-invalid' })
    expect(JSON.stringify(refused)).toContain(field)
    const tried = await dryRun({ scenario: { ...guard, id: 'bad', ...fault } })
    expect(tried).toMatchObject({ code: 'input-invalid' })
    expect(JSON.stringify(tried)).toContain(field)
  })
  it.each([[null], ['x'], [{}], [[]]])('a trial of %j names what is missing', async scenario => {
    expect(await dryRun({ scenario })).toMatchObject({ code: 'input-invalid' })
  })
})
