import mqtt from 'mqtt'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SITE, STATUS, TestBroker } from './testing/broker.ts'
import {
  type ConnectBytes,
  connectBytes,
  GOODBYE,
  PING,
  publishBytes,
  subscribeBytes,
  type WillBytes,
} from './testing/bytes.ts'
import { within } from './testing/deadline.ts'
import { RawDevice } from './testing/raw.ts'

const OFFLINE = '{"online":false}'
const will = (change: Partial<WillBytes> = {}): WillBytes => ({ topic: STATUS('door-1'), payload: OFFLINE, ...change })

async function answerTo(hub: TestBroker, bytes: Buffer): Promise<{ connack: Buffer | undefined; device: RawDevice }> {
  const device = await RawDevice.dial(hub.dial(hub.enrol('door-1')))
  onTestFinished(() => device.destroy())
  device.send(bytes)
  const connack = await device.next()
  if (connack?.[3] !== 0) await within(device.closed, 'closed after refusal')
  return { connack, device }
}

describe('CONNECT', () => {
  it.each<[string, Partial<ConnectBytes>, number, string]>([
    ['another client id than the common name', { clientId: 'door-2' }, 2, 'identity'],
    ['an empty client id', { clientId: '' }, 2, 'identity'],
    ['an empty client id and clean=false', { clientId: '', clean: false }, 2, 'identity'],
    ['clean=false', { clean: false }, 5, 'session'],
    ['no keep-alive', { keepalive: 0 }, 5, 'session'],
    ['a keep-alive of 20 minutes and a second', { keepalive: 1_201 }, 5, 'session'],
    ['MQTT 3.1', { level: 3, protocol: 'MQIsdp' }, 1, 'protocol'],
    ['protocol level 3 under the new name', { level: 3 }, 1, 'protocol'],
    ['a bridge', { level: 0x84 }, 1, 'protocol'],
    ['a will on a foreign status', { will: will({ topic: STATUS('door-2') }) }, 5, 'topic'],
    ['a will on its own up topic', { will: will({ topic: `vigie/v1/${SITE}/door-1/up/badge` }) }, 5, 'topic'],
    ['a will with QoS 2', { will: will({ qos: 2 }) }, 5, 'qos'],
    ['a will that is not JSON', { will: will({ payload: '{' }) }, 5, 'json'],
    ['a will that is not an object', { will: will({ payload: '[]' }) }, 5, 'shape'],
    ['a will that is not UTF-8', { will: will({ payload: Buffer.of(0xff, 0xfe) }) }, 5, 'encoding'],
  ])('refuses %s', async (_, change, code, refusal) => {
    const hub = await TestBroker.start()
    const { connack } = await answerTo(hub, connectBytes({ clientId: 'door-1', ...change }))
    expect(connack).toEqual(Buffer.of(0x20, 2, 0, code))
    expect(hub.edge.refusals).toEqual([`door-1 ${refusal}`])
    expect(hub.edge.presence).toEqual([])
  })

  it('refuses MQTT 5 with a return code of 3.1.1', async () => {
    const hub = await TestBroker.start()
    const bytes = Buffer.from('101400044d5154540502003c0000' + '06646f6f722d31', 'hex')
    bytes[1] = bytes.length - 2
    const { connack } = await answerTo(hub, bytes)
    expect(connack).toEqual(Buffer.of(0x20, 2, 0, 1))
    expect(hub.edge.refusals).toEqual(['door-1 protocol'])
  })

  it.each([
    ['a packet before CONNECT', PING],
    ['a CONNECT that breaks off', Buffer.from('100400044d51', 'hex')],
    ['an unknown protocol name', connectBytes({ clientId: 'door-1', protocol: 'AMQP' })],
  ])('closes the socket on %s', async (_, bytes) => {
    const hub = await TestBroker.start()
    expect((await answerTo(hub, bytes)).connack).toBeUndefined()
    expect(hub.edge.refusals).toEqual(['door-1 protocol'])
  })

  it('closes the socket on a second CONNECT', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(connectBytes({ clientId: 'door-1' }))
    await within(device.closed, 'closed')
    expect(hub.edge.refusals).toEqual(['door-1 protocol'])
    expect(hub.edge.presence).toEqual(['+door-1', '-door-1'])
  })

  it('is served even if the edge fails to note it, which is logged', async () => {
    const hub = await TestBroker.start()
    hub.edge.connected = () => {
      throw new Error('bug')
    }
    const device = await RawDevice.online(hub.dial(hub.enrol('door-1')), { clientId: 'door-1' })
    device.send(PING)
    expect(await device.next()).toEqual(Buffer.of(0xd0, 0))
    expect(hub.log).toEqual([{ message: 'device edge failed: connected', fields: { cause: 'bug' } }])
    device.destroy()
  })

  it('ignores user name and password', async () => {
    const hub = await TestBroker.start()
    const client = await hub.client('door-1', { username: 'admin', password: 'admin' })
    expect(client.connected).toBe(true)
  })

  it('handles what is sent behind CONNECT in one piece, once the device is accepted', async () => {
    const hub = await TestBroker.start()
    const badges = Array.from({ length: 40 }, (_, i) =>
      publishBytes(`vigie/v1/${SITE}/door-1/up/badge`, `${i}`, { qos: 1, messageId: i + 1 }),
    )
    const bytes = [connectBytes({ clientId: 'door-1' }), subscribeBytes(1, `vigie/v1/${SITE}/door-1/down/#`), ...badges]
    const { device } = await answerTo(hub, Buffer.concat(bytes))
    await hub.edge.until(() => hub.edge.messages.length === 40, 'all messages')
    expect(hub.edge.messages.map(m => m.payload)).toEqual(badges.map((_, i) => `${i}`))
    expect(hub.edge.presence).toEqual(['+door-1'])
    device.destroy()
  })
})

describe('a second connection with the same certificate', () => {
  it('takes over: the first is closed, its absence told before the second one’s presence', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const first = await hub.raw('door-1', { will: will() }, certificate)
    const second = await hub.raw('door-1', { will: will() }, certificate)
    await within(first.closed, 'first closed')
    expect(hub.edge.presence).toEqual(['+door-1', '-door-1', 'status door-1', '+door-1'])
    second.send(PING)
    expect(await second.next()).toEqual(Buffer.of(0xd0, 0))
    expect(hub.broker.stats()).toMatchObject({ sockets: 1, devices: 1 })
  })

  it('leaves the first in place if it drops before CONNECT', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const first = await hub.raw('door-1', {}, certificate)
    first.send(subscribeBytes(1, `vigie/v1/${SITE}/door-1/down/#`))
    await first.next()
    const before = hub.edge.identified
    const second = await RawDevice.dial(hub.dial(certificate))
    await hub.edge.until(() => hub.edge.identified > before, 'second identified')
    second.destroy()
    first.send(PING)
    expect(await first.next()).toEqual(Buffer.of(0xd0, 0))
    const decision = { id: 'd1', request: 'b1', granted: false, reason: 'no-right', expiresAt: '2026-01-01T00:00:00Z' }
    expect(hub.broker.decide('door-1', decision)).toBe(true)
    expect(hub.broker.cutDevice('door-1')).toBeGreaterThanOrEqual(1)
    await within(first.closed, 'first closed')
  })

  it('cannot be had by another device: the one whose name was used stays on', async () => {
    const hub = await TestBroker.start()
    const victim = await hub.raw('door-1')
    const thief = await RawDevice.dial(hub.dial(hub.enrol('door-2')))
    thief.send(connectBytes({ clientId: 'door-1' }))
    expect(await thief.next()).toEqual(Buffer.of(0x20, 2, 0, 2))
    victim.send(PING)
    expect(await victim.next()).toEqual(Buffer.of(0xd0, 0))
    expect(hub.edge.refusals).toEqual(['door-2 identity'])
  })
})

describe('status and last will', () => {
  it('hands on a retained status of the device’s own', async () => {
    const hub = await TestBroker.start()
    const client = await hub.client('door-1')
    await client.publishAsync(STATUS('door-1'), '{"online":true}', { retain: true, qos: 1 })
    expect(hub.edge.statuses).toEqual([{ device: 'door-1', payload: '{"online":true}' }])
  })

  it('delivers the will of a device that is gone without DISCONNECT', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1', { will: will({ retain: true, qos: 1 }) })
    device.destroy()
    await hub.edge.until(() => hub.edge.statuses.length > 0, 'will')
    expect(hub.edge.statuses).toEqual([{ device: 'door-1', payload: OFFLINE }])
    expect(hub.edge.presence).toEqual(['+door-1', '-door-1', 'status door-1'])
  })

  it('delivers the will of a device that the hub cut', async () => {
    const hub = await TestBroker.start()
    await hub.raw('door-1', { will: will() })
    hub.broker.cutDevice('door-1')
    expect(hub.edge.presence).toEqual(['+door-1', '-door-1', 'status door-1'])
  })

  it('delivers no will after DISCONNECT', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1', { will: will() })
    device.send(GOODBYE)
    await within(device.closed, 'closed')
    await hub.edge.until(() => hub.edge.presence.length === 2, 'told')
    expect(hub.edge.presence).toEqual(['+door-1', '-door-1'])
    expect(hub.edge.statuses).toEqual([])
  })

  it('notices a device that is silent for one and a half keep-alives', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1', { keepalive: 1, will: will() })
    await within(device.closed, 'closed', 4_000)
    expect(hub.edge.presence).toEqual(['+door-1', '-door-1', 'status door-1'])
    expect(hub.edge.refusals).toEqual([])
  })
})

describe('stop', () => {
  it('closes every socket, tells every absence once, delivers no will, and frees the port', async () => {
    const hub = await TestBroker.start()
    const devices = await Promise.all(['door-1', 'door-2', 'door-3'].map(id => hub.raw(id, {})))
    const idle = await RawDevice.dial(hub.dial(hub.enrol('door-4')))
    const withWill = await hub.raw('door-5', { will: { topic: STATUS('door-5'), payload: OFFLINE } })
    await hub.broker.stop()
    await within(Promise.all([...devices, idle, withWill].map(d => d.closed)), 'all closed')
    expect(hub.edge.presence.filter(p => p.startsWith('-')).sort()).toEqual([
      '-door-1',
      '-door-2',
      '-door-3',
      '-door-5',
    ])
    expect(hub.edge.statuses).toEqual([])
    const again = await TestBroker.start({ port: hub.port })
    expect(again.port).toBe(hub.port)
  })

  it('names the setting when the port is taken', async () => {
    const hub = await TestBroker.start()
    await expect(TestBroker.start({ port: hub.port })).rejects.toMatchObject({
      code: 'port-in-use',
      details: { port: hub.port, field: 'VIGIE_MQTT_PORT' },
    })
  })

  it('lets a stock client reconnect to the next one by itself', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const client = await hub.client('door-1', { reconnectPeriod: 50 }, certificate)
    await hub.broker.stop()
    const next = await TestBroker.start({ port: hub.port })
    next.know(certificate, 'door-1')
    await next.edge.until(() => next.edge.presence.includes('+door-1'), 'back')
    expect(client).toBeInstanceOf(mqtt.MqttClient)
  })
})
