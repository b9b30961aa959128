/** Scenarios on a whole hub: what enters by MQTT, what becomes of it for people and lamps, and what a restart leaves of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArmedZones, IncidentDone, IncidentList, IncidentView, Problem } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' })
const [door, pir, pir2, lamp] = ['door-1', 'pir-1', 'pir-2', 'lamp-1'].map(id => new TestDevice(id, 'test-site')) as [
  TestDevice,
  TestDevice,
  TestDevice,
  TestDevice,
]
let guard: Seat

const site = () => {
  const base = smallSite()
  const sensors = [
    { id: 'pir-1', model: 'pir', name: 'Détecteur 1', zone: 'ward' },
    { id: 'pir-2', model: 'pir', name: 'Détecteur 2', zone: 'ward' },
    { id: 'lamp-1', model: 'light', name: 'Lampe', zone: 'ward' },
  ]
  return { ...base, devices: [...base.devices, ...sensors] }
}
beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  guard = await hub.signInAs('security')
  for (const device of [door, pir, pir2, lamp]) await device.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  for (const device of [door, pir, pir2, lamp]) await device.close()
  await hub.close()
})

const moves = (device: TestDevice, value = 1) =>
  device.send('reading', { readings: [{ quantity: 'occupancy', value, unit: '1' }] })
const open = async (): Promise<readonly IncidentView[]> =>
  (await guard.get<IncidentList>('/api/v1/incidents?state=open&limit=200')).incidents
const found = (kind: string): Promise<IncidentView> =>
  until(`an incident ${kind}`, async () => (await open()).find(i => i.kind === kind))
const act = async (incident: IncidentView, what: string, body?: object, tag = `"${incident.revision}"`, by = guard) => {
  const headers: Record<string, string> = tag === '' ? {} : { 'if-match': tag }
  const path = `/api/v1/incidents/${incident.id}/${what}`
  const answer = await by.fetch(path, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) })
  return { status: answer.status, ...((await answer.json()) as Partial<IncidentDone> & Partial<Problem>) }
}
const rowsOf = async (id: string): Promise<VigieEvent[]> =>
  (await hub.journal(5_000)).map(r => r.event).filter(e => 'incident' in e && e.incident === id)
const arm = (zone: string, method = 'PUT', by = guard) => by.fetch(`/api/v1/armed-zones/${zone}`, { method })

describe('motion', () => {
  it('where nobody has armed the zone is no incident', async () => {
    await moves(pir)
    await moves(pir, 0)
    expect((await open()).filter(i => i.kind === 'intrusion')).toEqual([])
  })
  it('in an armed zone is one incident, whichever sensors see it, and the lamp goes on', async () => {
    expect((await arm('ward')).status).toBe(200)
    await moves(pir)
    const first = await found('intrusion')
    await until('the lamp is told', () => lamp.commands.find(c => c.action === 'set' && c.on === true))
    expect(lamp.commands.at(-1)).toMatchObject({ point: 'lamp', brightness: 100, expiresAt: expect.any(String) })
    await moves(pir2)
    const both = await until('both are lines of it', async () => {
      const [now] = (await open()).filter(i => i.kind === 'intrusion')
      return now?.signals.length === 2 && now
    })
    expect(both).toMatchObject({ id: first.id, severity: 'critical', zone: 'ward', state: 'raised' })
    const rows = await until('both rows', async () => {
      const now = (await rowsOf(first.id)).filter(e => e.kind !== 'incident.escalated')
      return now.length === 2 && now
    })
    expect(rows).toMatchObject([
      { kind: 'incident.raised', alert: 'intrusion', device: 'pir-1', row: expect.any(Number) },
      { kind: 'incident.joined', device: 'pir-2' },
    ])
  })
  it('goes up by its steps, each a row, until somebody acknowledges', async () => {
    const incident = await found('intrusion')
    const steps = (await rowsOf(incident.id)).filter(e => e.kind === 'incident.escalated')
    // This hub can reach nobody: no step waits for one that told nobody, up to the end of the round.
    expect(steps).toMatchObject([0, 1, 2].map(step => ({ step, told: 0 })))
    const seen = await act(incident, 'acknowledge')
    expect(seen).toMatchObject({ status: 200, recorded: 'journal', incident: { state: 'acknowledged' } })
    expect(seen.incident?.nextStepAt).toBeUndefined()
    expect((await act(seen.incident!, 'acknowledge')).code).toBe('incident-acknowledged')
  })
})

describe('people', () => {
  it('name the state they saw: without it, or with an old one, nothing changes', async () => {
    const incident = await found('intrusion')
    expect(await act(incident, 'assign', { login: guard.who.login }, '')).toMatchObject({
      code: 'precondition-required',
    })
    expect(await act(incident, 'assign', { login: guard.who.login }, '"1"')).toMatchObject({ code: 'edit-conflict' })
    const given = await act(incident, 'assign', { login: guard.who.login })
    expect(given.incident).toMatchObject({ state: 'assigned', assignee: expect.stringMatching(/^o-/) })
    expect(given.incident?.names[given.incident.assignee ?? '']).toBe(guard.who.name)
    expect(given.incident?.history.filter(h => h.do !== 'told').map(h => h.do)).toEqual(['acknowledge', 'assign'])
  })
  it('give it to somebody who may take it, and to nobody else', async () => {
    const incident = await found('intrusion')
    const nurse = await hub.signInAs('nurse')
    const hall = await hub.signInAs('ward-manager', ['hall'])
    const { operators } = await guard.get<{ operators: { login: string }[] }>(
      `/api/v1/incidents/${incident.id}/assignees`,
    )
    const logins = operators.map(o => o.login)
    expect([guard, nurse, hall].map(s => logins.includes(s.who.login))).toEqual([true, false, false])
    for (const { who } of [nurse, hall])
      expect(await act(incident, 'assign', { login: who.login })).toMatchObject({ code: 'assignee-without-alerts' })
  })
  it.each([
    ['assign', { login: 'nobody' }, 'operator-unknown'],
    ['snooze', { until: 5 }, 'snooze-too-long'],
    ['snooze', { until: Date.now() + 48 * 3_600_000 }, 'snooze-too-long'],
    ['resolve', { finding: 'because' }, 'input-invalid'],
    ['resolve', {}, 'input-invalid'],
    ['resolve', { finding: 'real', extra: 1 }, 'input-invalid'],
  ])('%s %j is refused: %s', async (what, body, code) => {
    expect((await act(await found('intrusion'), what, body)).code).toBe(code)
  })
  it('resolve with a finding; what comes after is another incident', async () => {
    const incident = await found('intrusion')
    const done = await act(incident, 'resolve', { finding: 'false-alarm', comment: 'Le chat' })
    expect(done.incident).toMatchObject({ state: 'resolved', finding: 'false-alarm' })
    expect((await rowsOf(incident.id)).at(-1)).toMatchObject({ kind: 'incident.resolved', comment: 'Le chat' })
    expect((await act(done.incident!, 'acknowledge')).code).toBe('incident-over')
    expect((await guard.get<IncidentView>(`/api/v1/incidents/${incident.id}`)).state).toBe('resolved')
  })
  it('see their zones only, and those who may not see none', async () => {
    await door.send('state', { point: 'door', contact: 'closed', lock: 'locked' })
    await door.send('state', { point: 'door', contact: 'open' })
    const forced = await found('door-forced')
    const elsewhere = await hub.signInAs('ward-manager', ['ward'])
    expect((await act(forced, 'acknowledge', undefined, undefined, elsewhere)).code).toBe('incident-unknown')
    expect((await elsewhere.get<IncidentList>('/api/v1/incidents')).incidents.map(i => i.id)).not.toContain(forced.id)
    expect((await arm('hall', 'PUT', elsewhere)).status).toBe(404)
    expect((await (await hub.signInAs('nurse')).fetch('/api/v1/incidents')).status).toBe(403)
    expect((await arm('ward', 'PUT', await hub.signInAs('auditor'))).status).toBe(403)
  })
})

describe('at a door', () => {
  it('forced is over when it is shut, and stays for somebody to look into', async () => {
    await door.send('state', { point: 'door', contact: 'closed' })
    const calm = await until('it is over', async () => {
      const now = await found('door-forced')
      return now.signals.every(s => s.restoredAt !== undefined) && now
    })
    expect(calm.state).toBe('raised')
    expect((await rowsOf(calm.id)).map(e => e.kind)).toContain('incident.restored')
  })
  it('five refusals beside it are another line of the same', async () => {
    for (let i = 0; i < 5; i++) await door.badge('04FFFFFF01', 'door')
    const both = await until('the refusals', async () => {
      const now = await found('door-forced')
      return now.signals.length === 2 && now
    })
    expect(both.signals.map(s => s.scenario)).toEqual(['door-forced', 'repeated-refusals'])
  })
})

it('an armed zone is armed with those below it, says by whom, and is disarmed once', async () => {
  const { zones } = await guard.get<ArmedZones>('/api/v1/armed-zones')
  expect(zones).toMatchObject([{ zone: 'ward', by: expect.stringMatching(/^o-/) }])
  expect((await arm('nowhere')).status).toBe(404)
  const first = (await (await arm('ward', 'DELETE')).json()) as object
  const second = (await (await arm('ward', 'DELETE')).json()) as object
  expect([first, second]).toMatchObject([{ changed: true }, { changed: false }])
  const rows = (await hub.journal(5_000)).map(r => r.event.kind).filter(k => k.startsWith('zone.'))
  expect(rows).toEqual(['zone.armed', 'zone.disarmed'])
})

describe('a hub that was killed', () => {
  it('has its incidents as they were, tells no step twice, and lights nothing', async () => {
    await arm('ward')
    await moves(pir)
    const before = await found('intrusion')
    await until('its steps', async () => {
      return (await rowsOf(before.id)).filter(e => e.kind === 'incident.escalated').length === 3
    })
    for (const device of [door, pir, pir2, lamp]) await device.close()
    await hub.end('SIGKILL')
    lamp.commands.length = 0
    const { httpPort, mqttPort, httpsPort } = hub.ready
    await hub.start({
      VIGIE_HTTP_PORT: `${httpPort}`,
      VIGIE_MQTT_PORT: `${mqttPort}`,
      VIGIE_HTTPS_PORT: `${httpsPort}`,
    })
    for (const device of [door, pir, pir2, lamp]) await device.connect(hub)
    expect((await found('intrusion')).id).toBe(before.id)
    await moves(pir2)
    await until('another line', async () => (await found('intrusion')).signals.length === 2)
    const steps = (await rowsOf(before.id)).filter(e => e.kind === 'incident.escalated')
    expect(steps.map(e => 'step' in e && e.step)).toEqual([0, 1, 2])
    expect(lamp.commands.filter(c => c.on === true).length).toBeLessThanOrEqual(1)
  }, 60_000)
})
