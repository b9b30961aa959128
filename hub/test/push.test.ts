/** Notifications, on a whole hub: browsers subscribe, what enters by MQTT leaves sealed for them, and what is gone is gone. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ContactTested, IncidentList, IncidentView, Problem, PushView } from '../api.ts'
import { TestBrowser } from '../notify/testing/browser.ts'
import { AlertServers } from './alert-servers.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const servers = await new AlertServers().start()
const hub = new TestHub({ ...servers.settings, ...servers.pushSettings })
const pir = new TestDevice('pir-1', 'test-site')
const browser = new TestBrowser()
let guard: Seat

beforeAll(async () => {
  const base = smallSite()
  const sensor = { id: 'pir-1', model: 'pir', name: 'Détecteur', zone: 'ward' }
  await hub.apply({ ...base, devices: [...base.devices, sensor] })
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  guard = await hub.signInAs('security')
  const path = `/api/v1/operators/${guard.who.login}`
  const { revision } = await hub.get<{ revision: number }>(path)
  const body = JSON.stringify({ email: 'guard@hospital.test', reason: 'joignable' })
  const changed = await hub.admin.fetch(path, { method: 'PATCH', headers: { 'if-match': `"${revision}"` }, body })
  if (!changed.ok) throw new Error(await changed.text())
  await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'PUT' })
  await pir.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await pir.close()
  await hub.close()
  await servers.stop()
})
beforeEach(() => {
  servers.pushing = 201
  servers.pushes.splice(0)
  servers.mails.splice(0)
})

const view = (by = guard) => by.get<PushView>('/api/v1/account/push')
const wish = (name: string, more: object = {}) => ({ endpoint: servers.endpoint(name), ...browser.keys, name, ...more })
const add = async (body: object, by = guard) => {
  const answer = await by.fetch('/api/v1/account/push', { method: 'POST', body: JSON.stringify(body) })
  return { status: answer.status, ...((await answer.json()) as Partial<PushView> & Partial<Problem>) }
}
const drop = async (id: string, by = guard) => {
  const answer = await by.fetch(`/api/v1/account/push/${id}`, { method: 'DELETE' })
  return { status: answer.status, ...((await answer.json()) as Partial<Problem>) }
}
const read = (n = 0) => JSON.parse(browser.reads(servers.pushes[n]!.body)) as Record<string, unknown>
async function intrusion(): Promise<IncidentView> {
  await pir.send('reading', { readings: [{ quantity: 'occupancy', value: 1, unit: '1' }] })
  return until('an intrusion', async () => {
    const { incidents } = await hub.get<IncidentList>('/api/v1/incidents?state=open')
    return incidents.find(i => i.kind === 'intrusion')
  })
}
async function resolve(id: string): Promise<void> {
  const { revision } = await hub.get<IncidentView>(`/api/v1/incidents/${id}`)
  const headers = { 'if-match': `"${revision}"` }
  await hub.admin.fetch(`/api/v1/incidents/${id}/resolve`, { method: 'POST', headers, body: '{"finding":"test"}' })
}

describe('a browser', () => {
  it('subscribes with the hub’s key, is listed, and gets a test that only it can read', async () => {
    const before = await until('the hub has keys', async () => {
      const now = await view()
      return now.key !== undefined && now
    })
    expect(before.browsers).toEqual([])
    expect(await add(wish('garde'))).toMatchObject({ status: 201, browsers: [{ name: 'garde' }] })
    const answer = await guard.fetch('/api/v1/account/contact/test', { method: 'POST', body: '{"channel":"push"}' })
    expect(await answer.json()).toEqual({ channel: 'push', outcome: 'delivered' } satisfies ContactTested)
    expect(servers.pushes[0]!.headers).toMatchObject({
      ...{ 'content-encoding': 'aes128gcm', ttl: '3600', urgency: 'normal' },
      authorization: expect.stringMatching(new RegExp(`^vapid t=[^,]+, k=${before.key}$`)),
    })
    expect(read()).toMatchObject({ title: 'Vigie : essai', path: '/account' })
  })
  it('is told of an alert at once, with its place and no name, and taps its way to it', async () => {
    const { id } = await intrusion()
    await until('the notification', () => servers.pushes[0])
    expect(read()).toMatchObject({ title: 'ALERTE\u00a0: Intrusion', path: `/alerts?id=${id}`, tag: id, urgent: true })
    expect(read().body).toMatch(/^Soins, /)
    expect(JSON.stringify(read())).not.toContain(guard.who.name)
    expect(servers.pushes[0]!.headers.urgency).toBe('high')
    const told = await until('who was told', async () => {
      const { messages } = await hub.get<IncidentView>(`/api/v1/incidents/${id}`)
      return messages?.find(m => m.state === 'delivered')
    })
    expect(told.channel).toBe('push')
    expect(servers.mails).toEqual([])
    await resolve(id)
  })
  it('that its service does not know any more is forgotten, and the mail goes instead', async () => {
    servers.pushing = 410
    const { id } = await intrusion()
    expect((await until('the mail', () => servers.mails[0])).to).toBe('guard@hospital.test')
    expect((await view()).browsers).toEqual([])
    await resolve(id)
  })
  it('of a service that fails is tried again, and the mail goes in the end', async () => {
    await add(wish('encore'))
    servers.pushing = 500
    const { id } = await intrusion()
    await until('a second try', () => servers.pushes.length >= 2, 20_000)
    servers.pushing = 201
    await until(
      'it has arrived',
      async () => {
        const { messages } = await hub.get<IncidentView>(`/api/v1/incidents/${id}`)
        return messages?.some(m => m.state === 'delivered' && m.channel === 'push')
      },
      40_000,
    )
    await resolve(id)
  }, 70_000)
})

describe('what is refused', () => {
  it.each<readonly [string, object, string]>([
    ['in clear text', { endpoint: 'http://localhost/push/x' }, 'input-invalid'],
    ['of a service nobody knows', { endpoint: 'https://evil.example/push/x' }, 'input-invalid'],
    [
      'of one that only looks like a maker’s',
      { endpoint: 'https://fcm.googleapis.com.evil.example/x' },
      'input-invalid',
    ],
    ['with a password', { endpoint: 'https://a:b@localhost/push/x' }, 'input-invalid'],
    ['with keys of nothing', { p256dh: 'A'.repeat(87) }, 'input-invalid'],
    ['with a short secret', { auth: 'AAAA' }, 'input-invalid'],
    ['with an empty name', { name: '' }, 'input-invalid'],
    ['with more than is asked for', { extra: 1 }, 'input-invalid'],
  ])('an address %s', async (_, more, code) => {
    expect((await add({ ...wish('x'), ...more })).code).toBe(code)
  })
  it('somebody else’s browser is unknown; ten are kept, the newest', async () => {
    for (let n = 0; n < 12; n++) await add(wish(`n-${n}`))
    const { browsers } = await view()
    expect([browsers.length, browsers[0]?.name]).toEqual([10, 'n-11'])
    const other = await hub.signInAs('security')
    expect(await drop(browsers[0]!.id, other)).toMatchObject({ status: 404, code: 'browser-unknown' })
    // The same browser, signed in by somebody else, is theirs from then on.
    await add(wish('n-11'), other)
    expect((await view()).browsers.map(b => b.name)).not.toContain('n-11')
    for (const { id } of (await view()).browsers) expect((await drop(id)).status).toBe(200)
    expect((await view()).browsers).toEqual([])
  })
})

it('the key outlives a hub that is killed: browsers need not subscribe again', async () => {
  const { key } = await view()
  await pir.close()
  const { mqttPort, httpPort, httpsPort } = hub.ready
  await hub.end('SIGKILL')
  await hub.start({
    ...{ VIGIE_MQTT_PORT: String(mqttPort), VIGIE_HTTP_PORT: String(httpPort) },
    VIGIE_HTTPS_PORT: String(httpsPort),
  })
  expect(await until('the key', async () => (await view()).key)).toBe(key)
})
