/** People are told, on a whole hub: what enters by MQTT leaves by a mail server and a gateway for text messages. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ContactTested, ContactView, IncidentList, IncidentView, Problem } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { AlertServers } from './alert-servers.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const servers = await new AlertServers().start()
const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000', ...servers.settings })
const [door, pir] = ['door-1', 'pir-1'].map(id => new TestDevice(id, 'test-site')) as [TestDevice, TestDevice]
/** Of security: one with a telephone, one with mail only, one whom the mail server does not know. */
let guards: Seat[]

beforeAll(async () => {
  const base = smallSite()
  const sensor = { id: 'pir-1', model: 'pir', name: 'Détecteur', zone: 'ward' }
  await hub.apply({ ...base, devices: [...base.devices, sensor] })
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  guards = []
  for (const n of [1, 2, 3]) {
    const guard = await hub.signInAs('security')
    guards.push(guard)
    const { revision } = await hub.get<{ revision: number }>(`/api/v1/operators/${guard.who.login}`)
    const changed = await hub.admin.fetch(`/api/v1/operators/${guard.who.login}`, {
      ...{ method: 'PATCH', headers: { 'if-match': `"${revision}"` } },
      body: JSON.stringify({ email: `guard${n}@hospital.test`, reason: 'joignable' }),
    })
    if (!changed.ok) throw new Error(await changed.text())
  }
  servers.unknown.add('guard3@hospital.test')
  await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'PUT' })
  for (const device of [door, pir]) await device.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  for (const device of [door, pir]) await device.close()
  await hub.close()
  await servers.stop()
})
beforeEach(() => {
  Object.assign(servers, { taking: 201, becomes: 'delivered', hangs: false })
})

const wish = { language: 'fr', mail: true } as const
const contact = async (guard: Seat, body: object, tag?: string) => {
  const { revision } = await guard.get<ContactView>('/api/v1/account/contact')
  const headers = { 'if-match': tag ?? `"${revision}"` }
  const answer = await guard.fetch('/api/v1/account/contact', { method: 'PUT', headers, body: JSON.stringify(body) })
  return { status: answer.status, ...((await answer.json()) as Partial<ContactView> & Partial<Problem>) }
}
const moves = () => pir.send('reading', { readings: [{ quantity: 'occupancy', value: 1, unit: '1' }] })
const intrusion = (): Promise<IncidentView> =>
  until('an intrusion', async () => {
    const { incidents } = await hub.get<IncidentList>('/api/v1/incidents?state=open')
    return incidents.find(i => i.kind === 'intrusion')
  })
const view = (id: string) => hub.get<IncidentView>(`/api/v1/incidents/${id}`)
const rowsOf = async (id: string): Promise<VigieEvent[]> =>
  (await hub.journal(5_000)).map(r => r.event).filter(e => 'incident' in e && e.incident === id)
const mailsOf = (id: string) => servers.mails.filter(m => m.id.startsWith(`${id}.`))
/** It is over: nothing more goes out of it, and movement is another one. */
async function resolve(id: string): Promise<void> {
  const { revision } = await view(id)
  const headers = { 'if-match': `"${revision}"` }
  await hub.admin.fetch(`/api/v1/incidents/${id}/resolve`, { method: 'POST', headers, body: '{"finding":"test"}' })
}

describe('how somebody wants to be told', () => {
  it('is by mail in French until they say more; their number stands in no row', async () => {
    const guard = guards[0]!
    expect(await guard.get<ContactView>('/api/v1/account/contact')).toEqual({
      ...{ ...wish, address: 'guard1@hospital.test', revision: 0 },
      ways: expect.arrayContaining(['mail', 'sms']),
    })
    const set = await contact(guard, { ...wish, phone: '+33600000001' })
    expect(set).toMatchObject({ status: 200, phone: '+33600000001', revision: 1 })
    const rows = JSON.stringify((await hub.journal(5_000)).map(r => r.event))
    expect(rows).toContain('contact.changed')
    expect(rows).not.toContain('33600000001')
  })
  it.each([
    [{ ...wish, phone: '0612345678' }, 'input-invalid'],
    [{ ...wish, phone: '+33 6 12' }, 'input-invalid'],
    [{ ...wish, language: 'de' }, 'input-invalid'],
    [{ ...wish, quiet: { from: 0, until: 1440 } }, 'input-invalid'],
    [{ language: 'fr' }, 'input-invalid'],
  ])('%j is refused', async (body, code) => {
    expect((await contact(guards[1]!, body)).code).toBe(code)
  })
  it('said twice at once, the second one sees that it changed', async () => {
    expect((await contact(guards[0]!, { ...wish }, '"0"')).code).toBe('edit-conflict')
  })
  it('is tried by hand, and says what came of it', async () => {
    const [first, , third] = guards as [Seat, Seat, Seat]
    const tested = await first.post<ContactTested>('/api/v1/account/contact/test', { channel: 'sms' })
    expect(tested).toEqual({ channel: 'sms', outcome: 'handed-over' })
    expect(servers.texts.at(-1)).toMatchObject({ to: '+33600000001', text: expect.stringContaining('essai') })
    expect(await third.post<ContactTested>('/api/v1/account/contact/test', { channel: 'mail' })).toEqual({
      ...{ channel: 'mail', outcome: 'failed', cause: 'refused' },
    })
    await expect(third.post('/api/v1/account/contact/test', { channel: 'mail' })).rejects.toThrow('too-many-requests')
    expect(await guards[1]!.post<ContactTested>('/api/v1/account/contact/test', { channel: 'mail' })).toMatchObject({
      outcome: 'delivered',
    })
    expect(servers.mails.at(-1)?.text).toMatch(/^Subject: .*[\s\S]*multipart\/alternative/m)
  })
})

describe('an intrusion', () => {
  it('goes to the pocket of whom has said a number, to the mailbox of the others, each once', async () => {
    const before = servers.texts.length
    await moves()
    const { id } = await intrusion()
    const told = await until(
      'two are told, one is not',
      async () => {
        const { messages = [] } = await view(id)
        return messages.length === 3 && messages.every(m => ['delivered', 'failed'].includes(m.state)) && messages
      },
      40_000,
    )
    const of = (n: number) => told.find(m => m.name === guards[n]?.who.name && m.operator)
    expect(told.map(m => [m.channel, m.state]).sort()).toEqual([
      ['mail', 'delivered'],
      ['mail', 'failed'],
      ['sms', 'delivered'],
    ])
    expect(of(0)).toBeDefined()
    const [text, ...others] = servers.texts.slice(before)
    expect([text?.to, others]).toEqual(['+33600000001', []])
    expect(text?.text).toMatch(
      /^Vigie ALERTE: Intrusion, Soins, \d\d:\d\d https:\/\/vigie\.hospital\.test\/alerts\?id=in-/,
    )
    expect(text?.text.length).toBeLessThanOrEqual(160)
    expect(mailsOf(id).map(m => m.to)).toEqual(['guard2@hospital.test'])
    const rows = (await rowsOf(id)).filter(e => e.kind.startsWith('alert.'))
    expect(rows.map(e => e.kind).sort()).toEqual(['alert.delivered', 'alert.delivered', 'alert.undelivered'])
    await resolve(id)
  }, 60_000)

  it('that a gateway will not take goes by mail at once', async () => {
    servers.taking = 400
    await moves()
    const { id } = await intrusion()
    await until('the mail instead', () => mailsOf(id).some(m => m.to === 'guard1@hospital.test'))
    const { messages = [] } = await view(id)
    expect(messages.find(m => m.cause === 'refused' && m.channel === 'mail')).toBeDefined()
    await resolve(id)
  })

  it('that somebody has taken is told to nobody any more', async () => {
    servers.hangs = true
    await moves()
    const { id, revision } = await intrusion()
    await until('the mail', () => mailsOf(id).length > 0)
    const now = await view(id)
    const headers = { 'if-match': `"${Math.max(revision, now.revision)}"` }
    const taken = await guards[1]!.fetch(`/api/v1/incidents/${id}/acknowledge`, { method: 'POST', headers })
    expect(taken.status).toBe(200)
    expect((await door.badge('04FFFFFF01', 'door')).granted).toBe(false) // the hung gateway keeps no badge waiting
    await until('the text is dropped', async () => (await view(id)).messages?.some(m => m.state === 'dropped'), 60_000)
    await resolve(id)
  }, 90_000)
})

it('a hub that is killed in the middle tells nobody twice of one step', async () => {
  await moves()
  const { id } = await intrusion()
  await until('the mail', () => mailsOf(id).length > 0)
  await until('the text', () => servers.texts.some(t => t.text.includes(id)))
  await until(
    'both are written down',
    async () => (await rowsOf(id)).filter(e => e.kind === 'incident.escalated').length,
  )
  for (const device of [door, pir]) await device.close()
  await hub.end('SIGKILL')
  const { httpPort, mqttPort, httpsPort } = hub.ready
  await hub.start({
    VIGIE_HTTP_PORT: `${httpPort}`,
    VIGIE_MQTT_PORT: `${mqttPort}`,
    VIGIE_HTTPS_PORT: `${httpsPort}`,
  })
  await until(
    'all are told',
    async () => {
      const { messages = [] } = await view(id)
      return messages.length === 3 && messages.every(m => ['delivered', 'failed'].includes(m.state))
    },
    60_000,
  )
  expect(servers.texts.filter(t => t.text.includes(id))).toHaveLength(1)
  expect(new Set(mailsOf(id).map(m => `${m.to} ${m.id}`)).size).toBe(1)
  expect((await rowsOf(id)).filter(e => e.kind === 'incident.escalated')).toHaveLength(1)
}, 90_000)
