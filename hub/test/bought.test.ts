/**
 * Bought devices on a whole hub: gateways sign in with name and password on a listener of their own, and what they say becomes
 * what any other device says, but never a part of who may open what.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeviceDetail, DeviceState, IncidentList } from '../api.ts'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'

const SLOW_START_MS = 120_000
const hub = new TestHub({ VIGIE_BOUGHT_LISTEN: '127.0.0.1:0' })
const door = new TestDevice('door-1', 'test-site')
const open: MqttClient[] = []
const passwords = new Map<string, string>()

const bought = (id: string, model: string, gateway: string, address: string, more: object = {}) => ({
  ...{ id, model, name: id, zone: 'ward' },
  behind: { gateway, address, ...more },
})
const site = () => {
  const base = smallSite()
  const more = [
    { id: 'zigbee', model: 'zigbee2mqtt', name: 'Zigbee', zone: 'ward' },
    { id: 'relay', model: 'shelly', name: 'Relais', zone: 'ward' },
    bought('window-1', 'bought-contact', 'zigbee', 'Fenêtre de la réserve'),
    bought('pir-9', 'bought-motion', 'zigbee', 'couloir'),
    bought('fridge', 'bought-climate', 'zigbee', 'frigo'),
    bought('lamp-9', 'bought-light', 'zigbee', 'plafonnier'),
    bought('lamp-8', 'bought-light', 'relay', 'shellyplus1-a8032abe54dc', { part: 'switch:0' }),
  ]
  return { ...base, devices: [...base.devices, ...more] }
}

interface Made {
  readonly user: string
  readonly password: string
}
async function makePassword(id: string, ...more: string[]): Promise<void> {
  const made = await hub.vigieJson<Made>('device', 'password', id, ...more)
  expect(made.user).toBe(id)
  passwords.set(id, made.password)
}
async function gateway(id: string, over: Partial<IClientOptions> & { tls?: boolean } = {}): Promise<MqttClient> {
  const { tls = true, ...options } = over
  const client = connect(`${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${hub.ready.boughtPort}`, {
    ...{ username: id, password: passwords.get(id) ?? 'none', clientId: `${id}-client`, reconnectPeriod: 0 },
    ca: readFileSync(join(hub.certs, 'ca.cert.pem')),
    ...options,
  })
  open.push(client)
  const failed = new Promise<never>((_, reject) => {
    client.on('error', reject)
    client.once('close', () => reject(new Error('closed')))
  })
  failed.catch(() => undefined)
  const connected = new Promise<void>(resolve => client.once('connect', () => resolve()))
  await Promise.race([connected, failed])
  return client
}
const turnedAway = (id: string, over?: Parameters<typeof gateway>[1]): Promise<string> =>
  gateway(id, over).then(
    () => 'let in',
    error => String((error as { code?: unknown }).code ?? (error as Error).message),
  )
const isClosed = (client: MqttClient) => new Promise<void>(resolve => client.once('close', () => resolve()))
const say = (client: MqttClient, topic: string, payload: object | string) =>
  client.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), { qos: 1 })
const device = (id: string) => hub.get<DeviceDetail>(`/api/v1/devices/${id}`)
const rows = async (kind: string, id: string) =>
  (await hub.journal(5_000)).map(r => r.event).filter(e => e.kind === kind && 'device' in e && e.device === id)

let zigbee: MqttClient
beforeAll(async () => {
  await hub.apply(site())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await makePassword('zigbee')
  await hub.start()
  await hub.setUp()
  await makePassword('relay', '--plain')
  await door.connect(hub)
  zigbee = await gateway('zigbee')
}, SLOW_START_MS)
afterAll(async () => {
  for (const client of open) await client.endAsync(true)
  await door.close()
  await hub.close()
})

describe('who is let in', () => {
  it('no gateway without its password, and none by another’s', async () => {
    expect(await turnedAway('zigbee', { password: 'guessed' })).toBe('5')
    expect(await turnedAway('zigbee', { password: passwords.get('relay')! })).toBe('5')
    expect(await turnedAway('door-1')).toBe('5')
  })
  it('not without TLS, but where its password was made for that', async () => {
    expect(await turnedAway('zigbee', { tls: false })).toBe('5')
    expect(await turnedAway('relay', { tls: false })).toBe('let in')
    expect(await turnedAway('relay')).toBe('let in')
  })
  it('not at the door of our own devices, and not with their certificates here', async () => {
    const own = connect(`mqtts://127.0.0.1:${hub.ready.mqttPort}`, {
      ...{ username: 'zigbee', password: passwords.get('zigbee')!, reconnectPeriod: 0 },
      ca: readFileSync(join(hub.certs, 'ca.cert.pem')),
    })
    open.push(own)
    own.on('error', () => undefined)
    await isClosed(own)
    expect(own.connected).toBe(false)
    const pem = (part: string) => readFileSync(join(hub.certs, `door-1.${part}.pem`))
    expect(await turnedAway('door-1', { key: pem('key'), cert: pem('cert') })).toBe('5')
  })
  it('is told apart: certificate, password, password in the clear', async () => {
    const { devices } = await hub.get<{ devices: DeviceState[] }>('/api/v1/devices')
    const trust = Object.fromEntries(devices.map(d => [d.id, d.trust]))
    expect(trust).toMatchObject({
      ...{ 'door-1': 'certificate', zigbee: 'password', 'window-1': 'password' },
      ...{ relay: 'password-plain', 'lamp-8': 'password-plain' },
    })
  })
  it('holds no certificate, and who asks for one is told what to do', async () => {
    for (const args of [
      ['device', 'add', 'window-9', '--model', 'bought-contact'],
      ['device', 'code', 'zigbee'],
      ['device', 'renew', 'window-1'],
    ])
      expect((await hub.vigieFails(...args)).stderr).toMatch(/vigie device password/)
    expect((await hub.vigieFails('device', 'password', 'door-1')).stderr).toMatch(
      /no gateway.*esphome, shelly, tasmota, zigbee2mqtt/,
    )
  })
})

describe('what it says', () => {
  it('is a message like any other, with a number of its own and no gap', async () => {
    await say(zigbee, 'zigbee2mqtt/Fenêtre de la réserve', { contact: true, battery: 97, linkquality: 80 })
    await say(zigbee, 'zigbee2mqtt/Fenêtre de la réserve', { contact: false, battery: 97, linkquality: 80 })
    await until('it is open', async () => (await device('window-1')).points[0]?.contact === 'open')
    expect(await rows('point.opened', 'window-1')).toMatchObject([{ deviceSeq: 2, zone: 'ward', point: 'contact' }])
    expect(await rows('point.forced', 'window-1')).toEqual([])
    expect(await rows('device.gap', 'window-1')).toEqual([])
  })
  it('is refused value by value where it can’t be, and counted', async () => {
    await say(zigbee, 'zigbee2mqtt/frigo', { temperature: -273, humidity: 45 })
    await say(zigbee, 'zigbee2mqtt/frigo', { temperature: 4.5, humidity: 45 })
    await until('it is cold', async () => (await device('fridge')).readings.temperature?.value === 4.5)
    expect((await device('fridge')).refused).toEqual({ range: 1 })
  })
  it('shows what nobody has adopted yet', async () => {
    await say(zigbee, 'zigbee2mqtt/0x00158d0001ffffff', { occupancy: true, battery: 80 })
    const { found } = await until('it is found', async () => {
      const seen = await device('zigbee')
      return seen.found.length > 0 && seen
    })
    expect(found).toMatchObject([{ address: '0x00158d0001ffffff', fields: ['occupancy', 'battery'] }])
  })
  it('counts for nobody else: another’s name is refused', async () => {
    const relay = await gateway('relay')
    await say(relay, 'frigo/events/rpc', { method: 'NotifyStatus', params: { 'temperature:0': { tC: 20 } } })
    await until('it is refused', async () => (await device('relay')).refused.identity === 1)
    expect((await device('fridge')).readings.temperature?.value).toBe(4.5)
    await relay.endAsync()
  })
  it('is no word in who may open what: a site that wants that is refused', async () => {
    const wrong = site()
    const [first, ...rest] = wrong.accessPoints
    const at = { ...wrong, accessPoints: [{ ...first!, lock: { device: 'window-1', point: 'contact' } }, ...rest] }
    await expect(hub.apply(at)).rejects.toThrow(
      /accessPoints\/0\/lock\/point.*a point of bought-contact that has a lock/,
    )
  })
})

describe('what it brings about', () => {
  it('an alert and light, by Zigbee and by Wi-Fi, when somebody moves where it is armed', async () => {
    const orders: string[] = []
    const relay = await gateway('relay', { tls: false })
    for (const client of [zigbee, relay]) {
      client.on('message', (topic, payload) => orders.push(`${topic} ${payload}`))
      await client.subscribeAsync(['zigbee2mqtt/#', 'shellyplus1-a8032abe54dc/#'])
    }
    await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'PUT' })
    await say(zigbee, 'zigbee2mqtt/couloir', { occupancy: true, illuminance_lux: 3, battery: 100 })
    await until('both lamps are told', () => orders.length >= 2)
    expect(orders.sort()).toEqual([
      'shellyplus1-a8032abe54dc/rpc {"id":1,"src":"shellyplus1-a8032abe54dc/vigie","method":"Switch.Set","params":{"id":0,"on":true}}',
      'zigbee2mqtt/plafonnier/set {"state":"ON","brightness":254}',
    ])
    const signals = async () =>
      (await hub.get<IncidentList>('/api/v1/incidents?state=open')).incidents.flatMap(i => i.signals)
    await until('it is an alert', async () => (await signals()).some(s => s.scenario === 'intrusion'))
    await say(zigbee, 'zigbee2mqtt/Fenêtre de la réserve', { contact: true })
    await say(zigbee, 'zigbee2mqtt/Fenêtre de la réserve', { contact: false })
    await until('the window too', async () => (await signals()).some(s => s.scenario === 'opened-while-armed'))
    await hub.admin.fetch('/api/v1/armed-zones/ward', { method: 'DELETE' })
    await relay.endAsync()
  })
})

describe('a gateway that misbehaves', () => {
  it('floods in one device’s name: that one is held back, the others and the badge are not', async () => {
    const flood = Array.from({ length: 1_000 }, (_, i) =>
      zigbee.publishAsync('zigbee2mqtt/couloir', JSON.stringify({ occupancy: i % 2 === 0 }), { qos: 0 }),
    )
    const answer = await door.badge(NURSE, 'door')
    await Promise.all(flood)
    expect(answer.reason).toBe('granted')
    await say(zigbee, 'zigbee2mqtt/frigo', { temperature: 5.5 })
    await until('the fridge is heard', async () => (await device('fridge')).readings.temperature?.value === 5.5)
    expect((await device('zigbee')).refused.rate).toBeGreaterThan(800)
  })
  it.each([
    ['a topic that is none of its dialect', 'home/frigo', '{}', 'topic'],
    ['no JSON', 'zigbee2mqtt/frigo', '{', 'json'],
  ])('says %s: counted, and it stays', async (_, topic, payload, refusal) => {
    const before = (await device('zigbee')).refused[refusal as 'json'] ?? 0
    await say(zigbee, topic, payload)
    expect((await device('zigbee')).refused[refusal as 'json']).toBe(before + 1)
    expect(zigbee.connected).toBe(true)
  })
  it('sends the list of all it knows, a megabyte long', async () => {
    await say(zigbee, 'zigbee2mqtt/bridge/devices', 'x'.repeat(1_000_000))
    expect(zigbee.connected).toBe(true)
  })
  it('goes: what is behind it is gone too, and back with it, and numbers go on', async () => {
    await zigbee.endAsync()
    await until('all are gone', async () => !(await device('window-1')).online && !(await device('zigbee')).online)
    await hub.end()
    await hub.start()
    zigbee = await gateway('zigbee')
    await until('all are there', async () => (await device('window-1')).online)
    await say(zigbee, 'zigbee2mqtt/frigo', { temperature: 6.5 })
    await until('it is heard', async () => (await device('fridge')).readings.temperature?.value === 6.5)
    expect(await rows('device.gap', 'fridge')).toEqual([])
    expect(await rows('device.replayed', 'fridge')).toEqual([])
  })
  it('gets a new password: the old one is cut at once and opens nothing', async () => {
    const closed = isClosed(zigbee)
    const old = passwords.get('zigbee')!
    await makePassword('zigbee')
    await closed
    expect(await turnedAway('zigbee', { password: old })).toBe('5')
    zigbee = await gateway('zigbee')
  })
  it('is revoked: cut, and nothing behind it is heard', async () => {
    const closed = isClosed(zigbee)
    await hub.vigie('device', 'revoke', 'zigbee')
    await closed
    expect(await turnedAway('zigbee')).toBe('5')
    expect((await device('window-1')).online).toBe(false)
  })
})
