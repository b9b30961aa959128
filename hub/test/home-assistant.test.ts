/** Home Assistant's side of the hub: what it is told is what it takes, on a broker that is not ours; and what it may drive. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { connect, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { models } from '#devices/registry.ts'
import { discoveryOf, orderIn } from '../notify/home-assistant.ts'
import { freePort } from './free-port.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'

const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'home-assistant.schema.json'), 'utf8'))
const isTaken = new Ajv({ strict: false, allErrors: true }).compile(schema)
const options = (drivesLights: boolean) => ({ site: 'test-site', version: '0.1.0', drivesLights })
const zones = [{ id: 'ward', name: 'Service' }]

describe('the discovery message', () => {
  const all = models().map(m => ({ id: `${m.id}-1`, model: m.id, name: m.label.fr, zone: 'ward' }))
  for (const driven of [false, true])
    it(`of every model is one that Home Assistant takes, lamps ${driven ? 'driven' : 'shown'}`, () => {
      const told = all.flatMap(d => discoveryOf(d, { devices: all, zones }, options(driven)) ?? [])
      expect(told.length).toBe(models().filter(m => m.points.length > 0).length)
      for (const { topic, payload } of told) {
        expect(topic).toMatch(/^homeassistant\/device\/[A-Za-z0-9_-]+\/config$/)
        isTaken(JSON.parse(payload))
        expect(isTaken.errors).toBeNull()
      }
    })
  it('names nothing twice, and of a lock only how it is', () => {
    const told = all.flatMap(d => discoveryOf(d, { devices: all, zones }, options(true)) ?? [])
    const components = told.flatMap(t => Object.values<Record<string, string>>(JSON.parse(t.payload).components))
    const ids = components.map(c => c.unique_id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(components.filter(c => c.device_class === 'lock').every(c => c.platform === 'binary_sensor')).toBe(true)
    const driven = components.filter(c => 'command_topic' in c)
    expect(new Set(driven.map(c => c.platform))).toEqual(new Set(['light']))
  })
  it('is refused by that schema where it is wrong, so that the test can fail', () => {
    const good = JSON.parse(discoveryOf(all[0]!, { devices: all, zones }, options(false))?.payload ?? '')
    for (const wrong of [
      { ...good, device: {} },
      { ...good, origin: undefined },
      { ...good, components: { a: { platform: 'binary_sensor', unique_id: 'x' } } },
      { ...good, components: { a: { platform: 'lock', unique_id: 'x', command_topic: 'open/sesame' } } },
    ])
      expect(isTaken(JSON.parse(JSON.stringify(wrong)))).toBe(false)
  })
})

describe('an order', () => {
  const topic = 'vigie/ha/test-site/lamp-1/lamp/set'
  it.each([
    ['{"state":"ON"}', { device: 'lamp-1', point: 'lamp', on: true }],
    ['{"state":"ON","brightness":40}', { device: 'lamp-1', point: 'lamp', on: true, brightness: 40 }],
    ['{"state":"OFF","brightness":40}', { device: 'lamp-1', point: 'lamp', on: false }],
    ['{"state":"UNLOCK"}', undefined],
    ['{"state":"ON","brightness":400}', undefined],
    ['{"state":"ON","brightness":"40"}', undefined],
    ['UNLOCK', undefined],
    ['null', undefined],
    ['', undefined],
  ])('%s', (payload, order) => expect(orderIn(topic, Buffer.from(payload))).toEqual(order))
})

const noMosquitto = process.env.VIGIE_TEST_REQUIRE !== 'all' && spawnSync('mosquitto', ['-h']).error !== undefined
const SLOW_START_MS = 120_000

describe.skipIf(noMosquitto)('with Mosquitto in between (skipped where it is not installed)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigie-ha-'))
  const lamp = new TestDevice('lamp-1', 'test-site')
  const pir = new TestDevice('pir-1', 'test-site')
  const door = new TestDevice('door-1', 'test-site')
  const seen = new Map<string, string>()
  let port: number
  let broker: ChildProcess | undefined
  let home: MqttClient | undefined
  let hub: TestHub

  const startBroker = async (): Promise<void> => {
    broker = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore' })
    home = connect(`mqtt://127.0.0.1:${port}`, { username: 'home', password: 'not-a-secret', reconnectPeriod: 50 })
    home.on('error', () => undefined)
    home.on('message', (topic, payload) => seen.set(topic, String(payload)))
    await until('the broker answers', () => home?.connected)
    await home.subscribeAsync(['homeassistant/#', 'vigie/#'])
  }
  const site = () => {
    const base = smallSite()
    const device = (id: string, model: string) => ({ id, model, name: id, zone: 'ward' })
    return { ...base, devices: [...base.devices, device('lamp-1', 'light'), device('pir-1', 'pir')] }
  }
  const shown = (topic: string, payload: string) =>
    until(`${topic} shows ${payload}`, () => seen.get(`vigie/ha/test-site/${topic}`) === payload)

  beforeAll(async () => {
    port = await freePort()
    spawnSync('mosquitto_passwd', ['-b', '-c', join(dir, 'passwords'), 'home', 'not-a-secret'])
    const conf = [`listener ${port} 127.0.0.1`, `password_file ${join(dir, 'passwords')}`, 'user root']
    writeFileSync(join(dir, 'mosquitto.conf'), `${conf.join('\n')}\n`)
    await startBroker()
    const url = `mqtt://home:not-a-secret@127.0.0.1:${port}`
    hub = new TestHub({ VIGIE_HA_URL: url, VIGIE_HA_LIGHTS: 'driven' })
    await home?.publishAsync('homeassistant/device/vigie_test-site_gone-1/config', '{"device":{}}', { retain: true })
    await home?.publishAsync('vigie/ha/test-site/lamp-1/lamp/set', '{"state":"ON"}', { retain: true })
    await hub.apply(site())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    for (const one of [lamp, pir, door]) await one.connect(hub)
  }, SLOW_START_MS)
  afterAll(async () => {
    for (const one of [lamp, pir, door]) await one.close()
    await hub?.close()
    await home?.endAsync(true)
    broker?.kill()
    rmSync(dir, { recursive: true, force: true })
  })

  it('every device is found there, and one that left the site is not any more', async () => {
    const config = (id: string) => seen.get(`homeassistant/device/vigie_test-site_${id}/config`)
    await until('all are described', () => ['lamp-1', 'pir-1', 'door-1', 'cab-1'].every(id => config(id)))
    for (const id of ['lamp-1', 'pir-1', 'door-1', 'cab-1']) expect(isTaken(JSON.parse(config(id)!))).toBe(true)
    await until('what is gone is gone', () => config('gone-1') === '')
    await shown('status', 'online')
  })
  it('shows what is reported, and who is there', async () => {
    await pir.send('reading', { readings: [{ quantity: 'occupancy', value: 1, unit: '1' }] })
    await shown('pir-1/pir/occupancy', '1')
    await door.send('state', { point: 'door', contact: 'open', lock: 'locked' })
    await shown('door-1/door/contact', 'open')
    await shown('door-1/door/lock', 'locked')
    await shown('pir-1/status', 'online')
    await pir.close()
    await shown('pir-1/status', 'offline')
  })
  it('drives a lamp and nothing else; an order that the broker kept moves nothing', async () => {
    expect(lamp.commands).toEqual([])
    const before = door.commands.length
    for (const point of ['door-1/door', 'cab-1/drawer-1', 'nobody/lamp'])
      await home?.publishAsync(`vigie/ha/test-site/${point}/set`, '{"state":"ON"}')
    await home?.publishAsync('vigie/ha/test-site/lamp-1/lamp/set', '{"state":"ON","brightness":30}')
    const order = await until('the lamp is told', () => lamp.commands[0])
    expect(order).toMatchObject({ action: 'set', point: 'lamp', on: true, brightness: 30 })
    expect(door.commands.length).toBe(before)
    await lamp.send('state', { point: 'lamp', on: true, brightness: 30 })
    await shown('lamp-1/lamp/light', '{"state":"ON","brightness":30}')
  })
  it('outlives a broker that goes: badges go on, and all is told again when it is back', async () => {
    await home?.endAsync(true)
    const gone = once(broker as ChildProcess, 'exit')
    broker?.kill()
    await gone
    expect((await door.badge('04A2B3C4D5E6F7', 'door')).granted).toBe(true)
    await door.send('state', { point: 'door', contact: 'closed' })
    seen.clear()
    await startBroker()
    await until('it is told anew', () => seen.get('vigie/ha/test-site/door-1/door/contact') === 'closed', 20_000)
    expect(lamp.commands).toHaveLength(1)
  })
  it('says that the hub is gone when it stops', async () => {
    await hub.end()
    await shown('status', 'offline')
  })
})
