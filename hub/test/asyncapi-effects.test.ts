/**
 * What docs/asyncapi.yaml says a refusal does, done to a real broker over real TLS: each name is provoked in every way that
 * has an effect of its own, and what comes back on the socket is compared with the list.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { REFUSALS, type Refusal, topics } from '#devices/messages.ts'
import { decodeStatus } from '#devices/registry.ts'
import { DeviceClocks } from '../flows/clocks.ts'
import { Inbox } from '../flows/inbox.ts'
import { MessageReceived } from '../flows/message-received.ts'
import type { DeviceEdge, DeviceIdentity } from '../ports.ts'
import { SITE, TestBroker } from '../transport/testing/broker.ts'
import {
  type ConnectBytes,
  connectBytes,
  packetBytes,
  publishBytes,
  subscribeBytes,
} from '../transport/testing/bytes.ts'
import { RawDevice } from '../transport/testing/raw.ts'
import { CHANNELS } from './asyncapi/document.ts'
import { type Effect, REFUSAL_WORDS } from './asyncapi/tables.ts'

const DEVICE = 'door-1'
const up = (kind: string): string => `vigie/v1/${SITE}/${DEVICE}/up/${kind}`
const STATUS = topics.status(SITE, DEVICE)
const AT = '2026-11-22T08:00:00Z'
const badge = (more: object = {}): object => ({
  id: 'm-1',
  at: AT,
  seq: 5,
  point: 'door',
  credential: { kind: 'uid', uid: '04A2B3C4' },
  ...more,
})
const state = (more: object): object => ({ id: 'm-1', at: AT, seq: 1, point: 'door', ...more })
const reading = (quantity: string, value: number, unit: string): object => ({
  id: 'm-1',
  at: AT,
  seq: 1,
  readings: [{ quantity, value, unit }],
})

const say = (topic: string, payload: object | string | Buffer, options: { retain?: boolean; qos?: number } = {}) =>
  publishBytes(topic, typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload), {
    qos: 1,
    ...options,
  })
const NOT_UTF8 = Buffer.of(0x22, 0xff, 0x22)
const sized = (bytes: number): string => ' '.repeat(bytes)

interface Provocation {
  readonly refusal: Refusal
  readonly how: string
  readonly effect: Effect
  /** Sent after CONNECT was accepted. */
  readonly send?: readonly Buffer[]
  /** Or else a CONNECT of its own. */
  readonly connect?: Partial<ConnectBytes>
  readonly model?: string
  /** The certificate is forgotten: before the handshake, or between it and CONNECT. */
  readonly unknown?: 'before' | 'after'
}

const will = (payload: string | Buffer, more: object = {}): Partial<ConnectBytes> => ({
  will: { topic: STATUS, payload, ...more },
})

const PROVOCATIONS: readonly Provocation[] = [
  { refusal: 'topic', how: 'publish on another device', effect: 'closed', send: [say(topics.status(SITE, 'x'), {})] },
  {
    refusal: 'topic',
    how: 'publish on its own down',
    effect: 'closed',
    send: [say(up('x').replace('up', 'down'), {})],
  },
  {
    refusal: 'topic',
    how: 'will of another device',
    effect: 'connack-5',
    connect: will('{"online":false}', { topic: topics.status(SITE, 'x') }),
  },
  { refusal: 'retain', how: 'retained badge', effect: 'closed', send: [say(up('badge'), badge(), { retain: true })] },
  { refusal: 'qos', how: 'publish with QoS 2', effect: 'closed', send: [say(up('badge'), badge(), { qos: 2 })] },
  { refusal: 'qos', how: 'will with QoS 2', effect: 'connack-5', connect: will('{"online":false}', { qos: 2 }) },
  { refusal: 'size', how: 'payload of 4097 bytes', effect: 'counted', send: [say(up('badge'), sized(4097))] },
  { refusal: 'size', how: 'publish of 70,000 bytes', effect: 'closed', send: [say(up('badge'), sized(70_000))] },
  { refusal: 'size', how: 'subscribe of 3,000 bytes', effect: 'closed', send: [subscribeBytes(1, sized(3_000))] },
  { refusal: 'size', how: 'connect of 3,000 bytes', effect: 'closed', connect: will(sized(3_000)) },
  { refusal: 'encoding', how: 'not UTF-8', effect: 'counted', send: [say(up('badge'), NOT_UTF8)] },
  { refusal: 'encoding', how: 'will not UTF-8', effect: 'connack-5', connect: will(NOT_UTF8) },
  { refusal: 'json', how: 'not JSON', effect: 'counted', send: [say(up('badge'), '{')] },
  { refusal: 'json', how: 'status not JSON', effect: 'counted', send: [say(STATUS, '{')] },
  { refusal: 'json', how: 'will not JSON', effect: 'connack-5', connect: will('{') },
  { refusal: 'shape', how: 'unknown field', effect: 'counted', send: [say(up('badge'), badge({ extra: 1 }))] },
  {
    refusal: 'shape',
    how: '30 February',
    effect: 'counted',
    send: [say(up('badge'), badge({ at: AT.replace('11-22', '02-30') }))],
  },
  { refusal: 'shape', how: 'will of another shape', effect: 'connack-5', connect: will('{}') },
  { refusal: 'kind', how: 'no such message', effect: 'counted', send: [say(up('party'), {})] },
  {
    refusal: 'kind',
    how: 'a door measures nothing',
    effect: 'counted',
    send: [say(up('reading'), reading('illuminance', 1, 'lx'))],
  },
  {
    refusal: 'point',
    how: 'a door has no drawer',
    effect: 'counted',
    send: [say(up('badge'), badge({ point: 'drawer-1' }))],
  },
  { refusal: 'field', how: 'a door is not on', effect: 'counted', send: [say(up('state'), state({ on: true }))] },
  {
    refusal: 'quantity',
    how: 'lux from a motion sensor',
    effect: 'counted',
    model: 'pir',
    send: [say(up('reading'), reading('illuminance', 1, 'lx'))],
  },
  {
    refusal: 'unit',
    how: 'foot-candles',
    effect: 'counted',
    model: 'light-sensor',
    send: [say(up('reading'), reading('illuminance', 1, 'fc'))],
  },
  {
    refusal: 'range',
    how: 'brighter than the sun',
    effect: 'counted',
    model: 'light-sensor',
    send: [say(up('reading'), reading('illuminance', 200_001, 'lx'))],
  },
  { refusal: 'range', how: 'seq 0', effect: 'counted', send: [say(up('badge'), badge({ seq: 0 }))] },
  {
    refusal: 'duplicate',
    how: 'the same again',
    effect: 'counted',
    send: [say(up('badge'), badge()), say(up('badge'), badge())],
  },
  {
    refusal: 'sequence',
    how: 'a lower number with a new id',
    effect: 'counted',
    send: [say(up('badge'), badge()), say(up('badge'), badge({ id: 'm-2', seq: 4 }))],
  },
  { refusal: 'rate', how: 'pushing on', effect: 'closed', send: [] },
  { refusal: 'subscription', how: 'everything', effect: 'suback-128', send: [subscribeBytes(1, '#')] },
  { refusal: 'subscription', how: 'its own up', effect: 'suback-128', send: [subscribeBytes(1, up('badge'))] },
  { refusal: 'session', how: 'kept session', effect: 'connack-5', connect: { clean: false } },
  { refusal: 'session', how: 'no keep-alive', effect: 'connack-5', connect: { keepalive: 0 } },
  { refusal: 'session', how: 'keep-alive of 1201 s', effect: 'connack-5', connect: { keepalive: 1201 } },
  { refusal: 'identity', how: 'another client id', effect: 'connack-2', connect: { clientId: 'door-2' } },
  { refusal: 'certificate', how: 'unknown', effect: 'closed', connect: {}, unknown: 'before' },
  { refusal: 'certificate', how: 'revoked meanwhile', effect: 'connack-5', connect: {}, unknown: 'after' },
  { refusal: 'protocol', how: 'a packet of a server', effect: 'closed', send: [packetBytes(0x40, Buffer.of(0, 1))] },
  { refusal: 'protocol', how: 'MQTT 3.1', effect: 'connack-1', connect: { protocol: 'MQIsdp', level: 3 } },
]

/** The broker, with the hub's own decoding and admission behind it; nothing is stored. */
async function start(limits: object): Promise<TestBroker> {
  let site: TestBroker | undefined
  const edge = (): TestBroker['edge'] => site!.edge
  const refused = (device: string, refusal: Refusal): void => edge().refused({ device }, refusal)
  const done = async (): Promise<void> => undefined
  const received = new MessageReceived({
    inbox: new Inbox(),
    clocks: new DeviceClocks(10_000),
    journal: { append: () => Promise.reject(new Error('none')), appendAll: () => Promise.reject(new Error('none')) },
    refused,
    replayed: ({ device, refusal }) => refused(device, refusal),
    handlers: { badge: done, state: done, reading: done, ack: done },
  })
  const hub: DeviceEdge = {
    identify: (serial, name) => edge().identify(serial, name),
    message: (device, kind, payload, at) => received.receive(device, kind, payload, at),
    status: async (device, payload) => {
      const decoded = decodeStatus(payload)
      if (!decoded.ok) refused(device.id, decoded.refusal)
    },
    connected: device => edge().connected(device),
    disconnected: device => edge().disconnected(device),
    refused: (subject, refusal) => edge().refused(subject, refusal),
  }
  site = await TestBroker.start({ edge: hub, limits })
  return site
}

/** What the device notices: the last packet that comes back, or that the socket is closed. */
async function effectOf(device: RawDevice, answers: number): Promise<string> {
  let last: Buffer | undefined
  for (let i = 0; i < answers; i++) last = await device.next()
  if (last === undefined) return 'closed'
  const [type, , , third, fourth] = last
  if (type === 0x20) return `connack-${third}`
  if (type === 0x90) return `suback-${fourth}`
  return type === 0x40 ? 'counted' : `packet ${type}`
}

async function provoke(p: Provocation, site: TestBroker): Promise<string> {
  const certificate = site.enrol(DEVICE)
  const identity = site.edge.devices.get(certificate.serial) as DeviceIdentity
  site.edge.devices.set(certificate.serial, { ...identity, model: p.model ?? 'door' })
  if (p.unknown === 'before') site.edge.devices.delete(certificate.serial)
  if (p.unknown === 'after') knownOnce(site)
  if (p.connect) {
    const device = await RawDevice.dial(site.dial(certificate))
    open.push(device)
    device.send(connectBytes({ clientId: DEVICE, ...p.connect }))
    return effectOf(device, 1)
  }
  const device = await RawDevice.online(site.dial(certificate), { clientId: DEVICE })
  open.push(device)
  const sent =
    p.refusal === 'rate' ? Array.from({ length: 400 }, () => say(STATUS, `{"online":true}${sized(1_000)}`)) : p.send!
  device.send(...sent)
  return p.refusal === 'rate' ? device.closed.then(() => 'closed') : effectOf(device, sent.length)
}

/** The certificate speaks for its device at the handshake, and no more at CONNECT. */
function knownOnce({ edge }: TestBroker): void {
  const identify = edge.identify.bind(edge)
  let asked = 0
  edge.identify = (serial, name) => {
    asked += 1
    return asked === 1 ? identify(serial, name) : undefined
  }
}

const open: RawDevice[] = []
afterEach(() => {
  for (const device of open.splice(0)) device.destroy()
})

describe('a refusal has the effect that is documented', () => {
  it.each(PROVOCATIONS)('$refusal, $how: $effect', async p => {
    const limits = p.refusal === 'rate' ? { deviceRate: 5, deviceBurst: 10, floodMs: 100, floodBytes: 1_024 } : {}
    const site = await start(limits)
    expect(await provoke(p, site)).toBe(p.effect)
    const counted = [`${DEVICE} ${p.refusal}`]
    await site.edge.until(() => site.edge.refusals.length > 0, 'the refusal is counted')
    expect(site.edge.refusals).toEqual(counted)
    const stays = p.effect === 'counted' || p.effect === 'suback-128'
    expect(site.broker.stats().devices).toBe(stays ? 1 : 0)
  })

  it('and every documented effect of every refusal was provoked', () => {
    for (const name of REFUSALS) {
      const shown = PROVOCATIONS.filter(p => p.refusal === name).map(p => p.effect)
      expect({ name, effects: new Set(shown) }).toEqual({ name, effects: new Set(REFUSAL_WORDS[name].effects) })
    }
  })
})

describe('what is documented as allowed', () => {
  const filled = (address: string): string => address.replace('{site}', SITE).replace('{device}', DEVICE)

  it.each(Object.values(CHANNELS).filter(c => c.by === 'device'))('a device may publish on $address', async channel => {
    const site = await start({})
    const device = await RawDevice.online(site.dial(site.enrol(DEVICE)), { clientId: DEVICE })
    open.push(device)
    device.send(say(filled(channel.address), '{'))
    expect(await effectOf(device, 1)).toBe('counted')
    expect(site.edge.refusals).not.toContain(`${DEVICE} topic`)
  })

  it('a device may subscribe to its own down topics, and gets QoS 0 whatever it asks for', async () => {
    const site = await start({})
    const device = await RawDevice.online(site.dial(site.enrol(DEVICE)), { clientId: DEVICE })
    open.push(device)
    const down = Object.values(CHANNELS).filter(c => c.by === 'hub')
    const filters = [
      ...down.map(c => filled(c.address)),
      ...['#', '+'].map(w => `vigie/v1/${SITE}/${DEVICE}/down/${w}`),
    ]
    device.send(subscribeBytes(9, ...filters))
    const suback = await device.next()
    expect([...suback!.subarray(4)]).toEqual(filters.map(() => 0))
    expect(site.broker.command(DEVICE, { id: 'c', expiresAt: AT, action: 'unlock', point: 'door' })).toBe(true)
    expect((await device.next())![0]).toBe(0x30) // PUBLISH, QoS 0, neither retained nor a repetition
    expect(site.edge.refusals).toEqual([])
  })
})
