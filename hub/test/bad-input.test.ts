/** Everything a device can get wrong, sent to a whole hub: refused, counted where the API shows it, and nobody else notices. */
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeviceDetail } from '../api.ts'
import { publishBytes } from '../transport/testing/bytes.ts'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'

/** Three processes one after the other, on a machine that may have other things to do. */
const SLOW_START_MS = 180_000

const hub = new TestHub({ VIGIE_DEVICE_RATE: '100', VIGIE_DEVICE_BURST: '200' })
const cabinet = new TestDevice('cab-1', 'test-site')
const lux = new TestDevice('lux-1', 'test-site')
let client: MqttClient

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await cabinet.connect(hub)
}, SLOW_START_MS)
beforeEach(async () => {
  client = await lux.connect(hub)
})
afterAll(async () => {
  await lux.close()
  await cabinet.close()
  await hub.close()
})

const counted = async (refusal: string): Promise<number> =>
  (await hub.get<DeviceDetail>('/api/v1/devices/lux-1')).refused[refusal as never] ?? 0

const envelope = (fields: object = {}): object => ({
  id: `x-${Math.random().toString(36).slice(2)}`,
  at: new Date().toISOString(),
  seq: lux.nextSeq(),
  ...fields,
})
const reading = (value: unknown = 212): object => ({ readings: [{ quantity: 'illuminance', value, unit: 'lx' }] })
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/** Payloads: refused and counted, and the device stays connected and gets its PUBACK, or it would send them for ever. */
const PAYLOADS: readonly [string, string, () => Buffer, string][] = [
  ['over 4 KiB', 'reading', () => json(envelope({ ...reading(), pad: 'x'.repeat(5_000) })), 'size'],
  ['invalid UTF-8', 'reading', () => Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'encoding'],
  ['not JSON', 'reading', () => Buffer.from('{"id":'), 'json'],
  ['an unknown field', 'reading', () => json(envelope({ ...reading(), colour: 'red' })), 'shape'],
  [
    '__proto__ as a field',
    'reading',
    () => Buffer.from(`{"__proto__":{"x":1},${JSON.stringify(envelope(reading())).slice(1)}`),
    'shape',
  ],
  ['an unknown kind', 'teleport', () => json(envelope()), 'kind'],
  [
    'a kind its model does not say',
    'badge',
    () => json(envelope({ point: 'lux', credential: { kind: 'uid', uid: NURSE } })),
    'kind',
  ],
  ['a number out of range', 'reading', () => json(envelope(reading(-273))), 'range'],
  ['a number that is none', 'reading', () => json(envelope(reading('212'))), 'shape'],
  [
    'an unknown quantity',
    'reading',
    () => json(envelope({ readings: [{ quantity: 'radiation', value: 1, unit: 'lx' }] })),
    'quantity',
  ],
  [
    'a foreign unit',
    'reading',
    () => json(envelope({ readings: [{ quantity: 'illuminance', value: 1, unit: 'fc' }] })),
    'unit',
  ],
]

describe('a bad payload', () => {
  it.each(PAYLOADS)('%s is refused and counted; the device stays on', async (_, kind, payload, refusal) => {
    const before = await counted(refusal)
    await client.publishAsync(lux.topic(`up/${kind}`), payload(), { qos: 1 })
    expect(await counted(refusal)).toBe(before + 1)
    expect(client.connected).toBe(true)
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
  })
})

/** Breaches of the protocol by a device with a certificate: counted, and the connection is closed. */
const BREACHES: readonly [string, () => void, string][] = [
  ['publishing to another device’s topic', () => client.publish(cabinet.topic('up/state'), '{}', { qos: 1 }), 'topic'],
  ['publishing to its own down/', () => client.publish(lux.topic('down/command'), '{}'), 'topic'],
  ['publishing to $SYS', () => client.publish('$SYS/broker', '{}'), 'topic'],
  [
    'a retained message',
    () => client.publish(lux.topic('up/reading'), json(envelope(reading())), { qos: 1, retain: true }),
    'retain',
  ],
  ['QoS 2', () => client.publish(lux.topic('up/reading'), json(envelope(reading())), { qos: 2 }), 'qos'],
  [
    'a payload of 1 MB',
    () => client.publish(lux.topic('up/reading'), Buffer.alloc(1_000_000, 0x20), { qos: 1 }),
    'size',
  ],
]

describe('a breach of the protocol', () => {
  it.each(BREACHES)('%s is refused and counted, the socket closed, the others left alone', async (_, act, refusal) => {
    const before = await counted(refusal)
    const closed = new Promise<void>(resolve => void client.once('close', () => resolve()))
    act()
    await closed
    await until('the count', async () => (await counted(refusal)) > before)
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
  })

  it.each(['#', '+/#', '$SYS/#', 'vigie/v1/test-site/cab-1/down/#', 'vigie/v1/+/+/up/#'])(
    'a subscription to %s gets 0x80',
    async filter => {
      const before = await counted('subscription')
      const error = await new Promise(resolve => client.subscribe(filter, resolve))
      expect(error).toBeInstanceOf(Error)
      expect(await counted('subscription')).toBe(before + 1)
    },
  )
})

describe('a burst of refusals', () => {
  it('is one log line and one journal row at once, not one for each, and no byte of what was sent is in either', async () => {
    const marker = 'EVIL-BYTES'
    for (let i = 0; i < 50; i++) await client.publishAsync(lux.topic('up/reading'), `{"${marker}":`, { qos: 1 })
    const lines = hub.log.filter(l => l.refusal === 'json' && l.device === 'lux-1')
    expect(lines).toHaveLength(1)
    const rows = (await hub.journal()).filter(r => r.event.kind === 'device.refused' && r.event.refusal === 'json')
    expect(rows).toHaveLength(1)
    expect(JSON.stringify([hub.log, rows])).not.toContain(marker)
  })
})

describe('a flood', () => {
  it('of one device is throttled, then cut, while a badge elsewhere is decided at once', async () => {
    const many = () =>
      Array.from({ length: 100 }, () => publishBytes(lux.topic('up/reading'), json(envelope(reading()))))
    // As fast as its socket takes them, however few turns this process gets.
    const push = (): void => void client.stream.write(Buffer.concat(many()), error => error ?? push())
    push()
    for (let i = 0; i < 20; i++) expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
    await until('the flooder is cut', () => !client.connected, 40_000)
    expect(await counted('rate')).toBeGreaterThan(0)
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
  })
})

describe('afterwards', () => {
  it('the hub is the same process and its journal verifies', async () => {
    expect(hub.running).toBe(true)
    expect(await hub.vigieJson('journal', 'verify')).toMatchObject({ ok: true })
  })
})
