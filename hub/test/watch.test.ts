/** What is watched for, who is on call and what is being worked on, on a whole hub: by MQTT in, by orders and mails out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Scenario } from '../access/site.ts'
import type { IncidentList, IncidentView, MaintenanceList, OnCallList, Problem, ScenarioList } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { AlertServers } from './alert-servers.ts'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const servers = await new AlertServers().start()
const hub = new TestHub({ VIGIE_DEVICE_RATE: '300', VIGIE_DEVICE_BURST: '600', ...servers.settings })
const NAMES = ['cab-1', 'door-1', 'pir-1', 'pir-2', 'siren-1'] as const
const devices = NAMES.map(id => new TestDevice(id, 'test-site'))
const [cabinet, door, pir, hallPir, siren] = devices as [TestDevice, TestDevice, TestDevice, TestDevice, TestDevice]
let guards: Seat[]

/** Movement in the armed ward: everything that can be closed is, and the siren sounds. */
const ALARM: Scenario = {
  id: 'alarm',
  name: 'Alarme du service',
  when: { begins: { quantity: 'occupancy', above: 0 }, ends: { quantity: 'occupancy', below: 1 } },
  where: { zones: ['ward'] },
  if: [{ armed: true }],
  acts: [
    { do: 'alert', kind: 'intrusion', severity: 'critical' },
    { do: 'siren', seconds: 90 },
    { do: 'lock' },
    { do: 'lockdown', plan: 'ward' },
  ],
}
const site = () => {
  const base = smallSite()
  const device = (id: string, model: string, zone = 'ward') => ({ id, model, name: id, zone })
  const more = [device('pir-1', 'pir'), device('pir-2', 'pir', 'hall'), device('siren-1', 'siren')]
  return {
    ...base,
    devices: [...base.devices, ...more],
    lockdownPlans: [{ id: 'ward', name: 'Service', zones: ['ward'], rank: 5, revertAfterMinutes: 30 }],
    scenarios: [ALARM],
  }
}
beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  guards = [await hub.signInAs('security'), await hub.signInAs('security')]
  for (const [n, guard] of guards.entries()) {
    const path = `/api/v1/operators/${guard.who.login}`
    const { revision } = await hub.get<{ revision: number }>(path)
    const body = JSON.stringify({ email: `guard${n}@hospital.test`, reason: 'joignable' })
    const changed = await hub.admin.fetch(path, { method: 'PATCH', headers: { 'if-match': `"${revision}"` }, body })
    if (!changed.ok) throw new Error(await changed.text())
  }
  for (const one of devices) await one.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  for (const one of devices) await one.close()
  await hub.close()
  await servers.stop()
})

const open = async (): Promise<readonly IncidentView[]> =>
  (await hub.get<IncidentList>('/api/v1/incidents?state=open&limit=200')).incidents
const signalsOf = async (scenario: string) =>
  (await open()).flatMap(i => i.signals).filter(s => s.scenario === scenario && s.restoredAt === undefined)
const moves = (device: TestDevice, value = 1) =>
  device.send('reading', { readings: [{ quantity: 'occupancy', value, unit: '1' }] })
const tampers = (device: TestDevice, tamper: boolean) => device.send('state', { point: 'pir', tamper })
const rows = async (kind: VigieEvent['kind']): Promise<VigieEvent[]> =>
  (await hub.journal(5_000)).map(r => r.event).filter(e => e.kind === kind)
const put = async (kind: string, item: { id: string }): Promise<Response> => {
  const path = `/api/v1/site/items/${kind}/${item.id}`
  const read = await hub.admin.fetch(path)
  const tag = read.headers.get('etag')
  const headers: Record<string, string> = read.ok && tag ? { 'if-match': tag } : { 'if-none-match': '*' }
  return hub.admin.fetch(path, { method: 'PUT', headers, body: JSON.stringify(item) })
}
const ask = async (by: Seat, body: object): Promise<{ status: number } & Partial<Problem> & { id?: string }> => {
  const answer = await by.fetch('/api/v1/maintenance', { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, ...((await answer.json()) as object) }
}
const ended = async (id: string, by = hub.admin): Promise<{ status: number; code?: string }> => {
  const answer = await by.fetch(`/api/v1/maintenance/${id}`, { method: 'DELETE' })
  return { ...((await answer.json()) as object), status: answer.status }
}

describe('an alarm of the site’s own', () => {
  it('sounds the siren, calls a release back and begins a lockdown; what ends silences the siren, and opens nothing', async () => {
    await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'PUT' })
    await cabinet.badge(NURSE, 'drawer-1')
    const unlock = await until('a drawer is released', () => cabinet.commands.find(c => c.action === 'unlock'))
    await cabinet.send('ack', { command: unlock.id, outcome: 'done' })
    await moves(pir)
    const sound = await until('the siren is told', () => siren.commands.find(c => c.action === 'sound'))
    expect(sound).toMatchObject({ point: 'siren', soundMs: 90_000 })
    const lock = await until('the drawer is called back', () => cabinet.commands.find(c => c.action === 'lock'))
    expect(lock).toMatchObject({ point: 'drawer-1' })
    const [begun] = await until('a lockdown', async () => {
      const found = await rows('lockdown.started')
      return found.length > 0 && found
    })
    expect(begun).toMatchObject({ plan: 'ward', by: 'scenario:alarm' })
    const before = cabinet.commands.length + door.commands.length
    await moves(pir, 0)
    await until('the siren is silent', () => siren.commands.at(-1)?.soundMs === 0)
    expect(await rows('lockdown.ended')).toEqual([])
    expect(cabinet.commands.length + door.commands.length).toBe(before)
    // A second one finds the lockdown in force: nothing is wrong with that.
    await moves(pir)
    await until('the siren is told again', () => siren.commands.at(-1)?.soundMs === 90_000)
    await moves(pir, 0)
    expect(await rows('lockdown.started')).toHaveLength(1)
    await hub.admin.fetch('/api/v1/lockdowns/ward', { method: 'DELETE' })
    await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'DELETE' })
  })
})

describe('maintenance', () => {
  it('of a device keeps its alerts back; what still goes on at its end is raised then', async () => {
    const work = await ask(guards[0]!, { device: 'pir-1', minutes: 60, comment: 'Changement de pile' })
    expect(work).toMatchObject({ status: 201, device: 'pir-1', name: guards[0]!.who.name })
    expect((await hub.get<MaintenanceList>('/api/v1/maintenance')).maintenance.map(m => m.device)).toEqual(['pir-1'])
    await tampers(pir, true)
    await tampers(hallPir, true)
    await until('the other one alerts', async () => (await signalsOf('tamper')).length > 0)
    expect((await signalsOf('tamper')).map(s => s.subject.device)).toEqual(['pir-2'])
    expect(await ended(work.id!)).toMatchObject({ status: 200 })
    await until('it alerts now', async () => (await signalsOf('tamper')).some(s => s.subject.device === 'pir-1'))
    for (const one of [pir, hallPir]) await tampers(one, false)
    expect(await rows('maintenance.started')).toMatchObject([{ device: 'pir-1', comment: 'Changement de pile' }])
    expect(await rows('maintenance.ended')).toMatchObject([{ device: 'pir-1', by: expect.stringMatching(/^o-/) }])
  })
  it('of a zone counts for what is in it, and outlives a hub that is killed', async () => {
    const { id } = await ask(hub.admin, { zone: 'ward', minutes: 60 })
    for (const one of devices) await one.close()
    const { mqttPort, httpPort, httpsPort } = hub.ready
    await hub.end('SIGKILL')
    await hub.start({
      ...{ VIGIE_MQTT_PORT: String(mqttPort), VIGIE_HTTP_PORT: String(httpPort) },
      VIGIE_HTTPS_PORT: String(httpsPort),
    })
    for (const one of devices) await one.connect(hub)
    expect((await hub.get<MaintenanceList>('/api/v1/maintenance')).maintenance.map(m => m.id)).toEqual([id])
    await tampers(pir, true)
    await tampers(hallPir, true)
    await until('the other one alerts', async () => (await signalsOf('tamper')).length > 0)
    expect((await signalsOf('tamper')).map(s => s.subject.device)).toEqual(['pir-2'])
    for (const one of [pir, hallPir]) await tampers(one, false)
    expect(await ended(id!)).toMatchObject({ status: 200 })
  })
  it.each<readonly [object, string]>([
    [{ minutes: 5 }, 'one-place'],
    [{ zone: 'ward', device: 'pir-1', minutes: 5 }, 'one-place'],
    [{ zone: 'attic', minutes: 5 }, 'zone-unknown'],
    [{ device: 'ghost', minutes: 5 }, 'device-unknown'],
    [{ zone: 'ward', minutes: 0 }, 'input-invalid'],
    [{ zone: 'ward', minutes: 10_081 }, 'input-invalid'],
    [{ zone: 'ward', minutes: 5, comment: '' }, 'input-invalid'],
    [{ zone: 'ward' }, 'input-invalid'],
  ])('%j is refused: %s', async (body, code) => {
    expect((await ask(hub.admin, body)).code).toBe(code)
  })
  it('of another’s zones is nobody’s to see, begin or end; an ended one is unknown', async () => {
    const hall = await hub.signInAs('ward-manager', ['hall'])
    expect(await ask(hall, { device: 'pir-1', minutes: 5 })).toMatchObject({ code: 'device-unknown' })
    expect(await ask(hall, { zone: 'ward', minutes: 5 })).toMatchObject({ code: 'zone-unknown' })
    const { id } = await ask(hub.admin, { zone: 'ward', minutes: 5 })
    expect((await hall.get<MaintenanceList>('/api/v1/maintenance')).maintenance).toEqual([])
    expect(await ended(id!, hall)).toMatchObject({ status: 404, code: 'maintenance-unknown' })
    expect(await ended(id!)).toMatchObject({ status: 200 })
    expect(await ended(id!)).toMatchObject({ status: 404, code: 'maintenance-unknown' })
  })
})

describe('people on call', () => {
  const rota = (people: readonly string[]) => ({
    ...{ id: 'nights', name: 'Garde', people, from: '2026-01-05', handover: '08:00', days: 7 },
  })
  it('are told where an escalation of the site asks for them, and nobody else', async () => {
    const login = guards[1]!.who.login
    expect((await put('rota', rota([login]))).status).toBe(201)
    const step = { afterMinutes: 0, to: { onCall: 'nights' } }
    expect(
      (await put('escalation', { id: 'torn', name: 'Boîtiers', kinds: ['tamper'], steps: [step] } as never)).status,
    ).toBe(201)
    const { rotas } = await guards[0]!.get<OnCallList>('/api/v1/on-call')
    expect(rotas).toMatchObject([{ id: 'nights', name: 'Garde' }])
    expect(rotas[0]!.turns[0]).toMatchObject({ login, name: guards[1]!.who.name })
    for (const incident of await open()) await resolve(incident)
    servers.mails.splice(0)
    await tampers(hallPir, true)
    const mail = await until('a mail', () => servers.mails.find(m => m.id.startsWith('in-')))
    expect(mail.to).toBe('guard1@hospital.test')
    expect(servers.mails.map(m => [m.id, m.to])).toEqual([[mail.id, mail.to]])
    await tampers(hallPir, false)
  })
  it('whom no account knows are shown so; the next step is told at once', async () => {
    expect((await put('rota', rota(['nobody']))).status).toBe(200)
    const steps = [
      { afterMinutes: 0, to: { onCall: 'nights' } },
      { afterMinutes: 60, to: { logins: [guards[0]!.who.login] } },
    ]
    await put('escalation', { id: 'torn', name: 'Boîtiers', kinds: ['tamper'], steps } as never)
    const { rotas } = await hub.get<OnCallList>('/api/v1/on-call')
    expect(rotas[0]!.turns[0]).not.toHaveProperty('name')
    for (const incident of await open()) await resolve(incident)
    servers.mails.splice(0)
    await tampers(pir, true)
    expect((await until('a mail', () => servers.mails[0])).to).toBe('guard0@hospital.test')
    await tampers(pir, false)
  })
  async function resolve({ id, revision }: IncidentView): Promise<void> {
    const headers = { 'if-match': `"${revision}"` }
    await hub.admin.fetch(`/api/v1/incidents/${id}/resolve`, {
      method: 'POST',
      headers,
      body: '{"finding":"false-alarm"}',
    })
  }
})

describe('the list of scenarios', () => {
  const list = async () => (await hub.get<ScenarioList>('/api/v1/scenarios')).scenarios
  it('has those that ship and the site’s own, with what came of them', async () => {
    const all = await list()
    expect(all.find(s => s.id === 'tamper')).toMatchObject({ origin: 'shipped', enabled: true, revision: 0 })
    expect(all.find(s => s.id === 'alarm')).toMatchObject({ origin: 'site', enabled: true, scenario: { id: 'alarm' } })
    expect(all.find(s => s.id === 'alarm')?.weeks[0]?.signals).toBeGreaterThan(0)
    expect(all.find(s => s.id === 'tamper')?.weeks[0]?.falseAlarms).toBeGreaterThan(0)
    expect(all.find(s => s.id === 'flooding')?.weeks.map(w => w.signals)).toEqual([0, 0, 0, 0])
  })
  it('one that is turned off alerts nobody', async () => {
    const tamper = (await list()).find(s => s.id === 'tamper')!
    expect((await put('scenario', { ...tamper.scenario, enabled: false } as never)).status).toBe(201)
    expect((await list()).find(s => s.id === 'tamper')).toMatchObject({ origin: 'changed', enabled: false })
    const before = (await signalsOf('tamper')).length
    await tampers(pir, true)
    // What comes after it has been concluded: so has it.
    await pir.send('state', { point: 'pir', battery: 5 })
    await until('the weak battery alerts', async () => (await signalsOf('battery-low')).length > 0)
    expect(await signalsOf('tamper')).toHaveLength(before)
  })
})
