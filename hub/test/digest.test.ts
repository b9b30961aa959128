/** The digest of a morning, on a whole hub and through a real mail server. The site's clock is set by its time zone. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ContactView, IncidentList } from '../api.ts'
import { AlertServers } from './alert-servers.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'
import type { Seat } from './seat.ts'

const SLOW_START_MS = 180_000
const servers = await new AlertServers().start()
const hub = new TestHub(servers.settings)
const pir = new TestDevice('pir-1', 'test-site')
let guards: Seat[]

/** A time zone in which it is this hour now; `Etc/GMT-3` is three hours ahead. */
function zoneWhereItIs(hour: number): string {
  const ahead = ((hour - new Date().getUTCHours() + 36) % 24) - 12
  return ahead === 0 ? 'Etc/UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}
const site = () => {
  const base = smallSite()
  const sensor = { id: 'pir-1', model: 'pir', name: 'Détecteur', zone: 'ward' }
  return { ...base, site: { ...base.site, timeZone: zoneWhereItIs(2) }, devices: [...base.devices, sensor] }
}
beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  guards = [await hub.signInAs('security'), await hub.signInAs('security'), await hub.signInAs('security', ['hall'])]
  for (const [n, guard] of guards.entries()) {
    const path = `/api/v1/operators/${guard.who.login}`
    const { revision } = await hub.get<{ revision: number }>(path)
    const body = JSON.stringify({ email: `guard${n}@hospital.test`, reason: 'joignable' })
    const changed = await hub.admin.fetch(path, { method: 'PATCH', headers: { 'if-match': `"${revision}"` }, body })
    if (!changed.ok) throw new Error(await changed.text())
  }
  await pir.connect(hub)
}, SLOW_START_MS)
afterAll(async () => {
  await pir.close()
  await hub.close()
  await servers.stop()
})
async function wants(guard: Seat): Promise<void> {
  const body = JSON.stringify({ language: 'fr', mail: true, digest: true })
  const answer = await guard.fetch('/api/v1/account/contact', { method: 'PUT', headers: { 'if-match': '"0"' }, body })
  if (!answer.ok) throw new Error(await answer.text())
  expect(await guard.get<ContactView>('/api/v1/account/contact')).toMatchObject({ digest: true })
}
const digests = () => servers.mails.filter(m => m.id.startsWith('digest.'))

it('goes at seven to whoever wants it and has zones that something was noticed in; nobody else is told', async () => {
  for (const n of [0, 2]) await wants(guards[n]!)
  await pir.send('state', { point: 'pir', battery: 9 })
  await until('a weak battery', async () => {
    const { incidents } = await hub.get<IncidentList>('/api/v1/incidents?state=open')
    return incidents.some(i => i.kind === 'battery-low')
  })
  expect(servers.mails).toEqual([])
  const read = await hub.admin.fetch('/api/v1/site/items/site/site')
  const { item } = (await read.json()) as { item: object }
  const headers = { 'if-match': read.headers.get('etag') ?? '' }
  const body = JSON.stringify({ ...item, timeZone: zoneWhereItIs(12) })
  expect((await hub.admin.fetch('/api/v1/site/items/site/site', { method: 'PUT', headers, body })).status).toBe(200)
  const mail = await until('the digest', () => digests()[0], 20_000)
  expect(mail.to).toBe('guard0@hospital.test')
  const text = mail.text.replace(/=\r?\n/g, '')
  expect(text).toContain('Pile faible, Soins')
  expect(text).not.toContain(guards[0]!.who.name)
})

it('comes once a day, also where the hub was killed and started again', async () => {
  await pir.close()
  const { mqttPort, httpPort, httpsPort } = hub.ready
  await hub.end('SIGKILL')
  await hub.start({
    ...{ VIGIE_MQTT_PORT: String(mqttPort), VIGIE_HTTP_PORT: String(httpPort) },
    VIGIE_HTTPS_PORT: String(httpsPort),
  })
  // A test by hand goes the same way: what was due before it has gone by then.
  const answer = await guards[1]!.fetch('/api/v1/account/contact/test', { method: 'POST', body: '{"channel":"mail"}' })
  expect(answer.status).toBe(200)
  await until('the test', () => servers.mails.some(m => m.to === 'guard1@hospital.test'))
  expect(digests()).toHaveLength(1)
})
