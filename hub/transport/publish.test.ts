import { describe, expect, it } from 'vitest'
import { BADGE, DOWN, SITE, STATUS, TestBroker } from './testing/broker.ts'
import { GOODBYE, PING, publishBytes, subscribeBytes } from './testing/bytes.ts'
import { within } from './testing/deadline.ts'

const PONG = Buffer.of(0xd0, 0)
const puback = (id: number): Buffer => Buffer.of(0x40, 2, id >> 8, id & 0xff)

/** A promise and its two ends. */
interface Gate {
  readonly passed: Promise<void>
  readonly pass: () => void
  readonly fail: (error: Error) => void
}
function gate(): Gate {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { passed: promise, pass: resolve, fail: reject }
}

describe('PUBACK', () => {
  it('leaves only once the message is stored; pings are answered meanwhile', async () => {
    const noon = Date.now()
    const hub = await TestBroker.start({ now: () => noon })
    const store = gate()
    hub.edge.store = () => store.passed
    const device = await hub.raw('door-1', { keepalive: 1_200 })
    device.send(publishBytes(BADGE('door-1'), '{"seq":1}', { qos: 1, messageId: 258 }), PING)
    expect(await device.next()).toEqual(PONG)
    expect(hub.edge.messages).toEqual([{ device: 'door-1', kind: 'badge', payload: '{"seq":1}', receivedAt: noon }])
    expect(hub.broker.stats().pending).toBe(1)
    store.pass()
    expect(await device.next()).toEqual(puback(258))
    expect(hub.broker.stats().pending).toBe(0)
  })

  it('never leaves for a message that was not stored: the socket is closed and the device sends it again', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    let works = false
    hub.edge.store = async () => {
      if (!works) throw new Error('disk full')
    }
    const client = await hub.client('door-1', { reconnectPeriod: 20 }, certificate)
    let acknowledged = false
    const published = client.publishAsync(BADGE('door-1'), '{"seq":1}', { qos: 1 }).then(() => {
      acknowledged = true
    })
    await hub.edge.until(() => hub.edge.messages.length === 2, 'sent again')
    expect(acknowledged).toBe(false)
    works = true
    await within(published, 'acknowledged')
    expect(new Set(hub.edge.messages.map(m => m.payload))).toEqual(new Set(['{"seq":1}']))
    expect(hub.log[0]).toEqual({
      message: 'device message not stored',
      fields: { device: 'door-1', packet: expect.any(Number), cause: 'disk full' },
    })
    expect(hub.log).toHaveLength(1) // one line for the burst
  })

  it('survives an edge that throws at once', async () => {
    const hub = await TestBroker.start()
    hub.edge.message = () => {
      throw new TypeError('bug')
    }
    const device = await hub.raw('door-1')
    device.send(publishBytes(BADGE('door-1'), '{}', { qos: 1 }))
    expect(await device.next()).toBeUndefined()
    expect(hub.log[0]?.fields).toEqual({ device: 'door-1', packet: 1, cause: 'bug' })
  })

  it('still sends the decision made about a message that could not be stored', async () => {
    const hub = await TestBroker.start()
    const decision = { id: 'd', request: 'b', granted: false, reason: 'audit-unavailable', expiresAt: '' }
    hub.edge.store = async ({ device }) => {
      hub.broker.decide(device, decision)
      throw new Error('disk full')
    }
    const client = await hub.client('door-1')
    await client.subscribeAsync(`vigie/v1/${SITE}/door-1/down/decision`)
    const heard = new Promise<string>(done => client.once('message', (_, payload) => done(payload.toString())))
    client.publish(BADGE('door-1'), '{}', { qos: 1 })
    expect(JSON.parse(await within(heard, 'decision'))).toEqual(decision)
  })

  it('and the decision after it come without the 40 ms of Nagle and delayed acknowledgment', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(subscribeBytes(1, DOWN('door-1')))
    await device.next()
    const tookMs: number[] = []
    for (let i = 1; i <= 21; i++) {
      const began = performance.now()
      device.send(publishBytes(BADGE('door-1'), '{}', { qos: 1, messageId: i }))
      await device.next()
      hub.broker.decide('door-1', { id: `${i}`, request: 'b', granted: false, reason: 'no-right', expiresAt: '' })
      await device.next()
      tookMs.push(performance.now() - began)
    }
    expect(tookMs.sort((a, b) => a - b)[10]).toBeLessThan(30)
  })

  it('answers QoS 0 with nothing, through the same edge', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(publishBytes(`vigie/v1/${SITE}/door-1/up/reading`, '{}'), PING)
    expect(await device.next()).toEqual(PONG)
    expect(hub.edge.messages.map(m => m.kind)).toEqual(['reading'])
  })
})

describe('messages of one device', () => {
  it('reach the edge in the order they were sent, 3,000 of them, and are all acknowledged', async () => {
    const hub = await TestBroker.start({ limits: { deviceRate: 100_000, deviceBurst: 100_000 } })
    const device = await hub.raw('door-1')
    const ids = Array.from({ length: 3_000 }, (_, i) => i + 1)
    device.send(...ids.map(id => publishBytes(BADGE('door-1'), `${id}`, { qos: 1, messageId: id })))
    for (const id of ids) expect(await device.next()).toEqual(puback(id))
    expect(hub.edge.messages.map(m => Number(m.payload))).toEqual(ids)
  })

  it('wait in the socket while too many of them are not stored yet', async () => {
    const hub = await TestBroker.start({ limits: { maxPending: 8 } })
    const store = gate()
    hub.edge.store = () => store.passed
    const device = await hub.raw('door-1')
    const ids = Array.from({ length: 50 }, (_, i) => i + 1)
    device.send(...ids.map(id => publishBytes(BADGE('door-1'), `${id}`, { qos: 1, messageId: id })))
    await hub.edge.until(() => hub.edge.messages.length === 8, 'eight handed on')
    const other = await hub.raw('door-2')
    other.send(PING)
    expect(await other.next()).toEqual(PONG)
    expect(hub.edge.messages).toHaveLength(8)
    store.pass()
    for (const id of ids) expect(await device.next()).toEqual(puback(id))
    expect(hub.edge.messages.map(m => Number(m.payload))).toEqual(ids)
  })

  it('are handed on even if the device says goodbye right behind them', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(publishBytes(BADGE('door-1'), '1'), publishBytes(BADGE('door-1'), '2'), GOODBYE)
    await within(device.closed, 'closed')
    await hub.edge.until(() => hub.edge.messages.length === 2, 'both')
  })

  it('with a kind or a payload nobody knows are the edge’s business and keep the connection', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    const topic = `vigie/v1/${SITE}/door-1/up/selfie`
    device.send(publishBytes(topic, Buffer.alloc(20_000), { qos: 1, messageId: 7 }))
    expect(await device.next()).toEqual(puback(7))
    expect(hub.edge.messages[0]?.kind).toBe('selfie')
    expect(hub.edge.refusals).toEqual([])
  })
})

describe('a publication', () => {
  const own = BADGE('door-1')
  it.each<[string, Buffer, string]>([
    ['on another device’s topic', publishBytes(BADGE('door-2'), '{}'), 'topic'],
    ['on another site’s topic', publishBytes('vigie/v1/other/door-1/up/badge', '{}'), 'topic'],
    ['on its own down topic', publishBytes(`vigie/v1/${SITE}/door-1/down/decision`, '{}'), 'topic'],
    ['on $SYS', publishBytes('$SYS/broker/heartbeat', '{}'), 'topic'],
    ['on another device’s status', publishBytes(STATUS('door-2'), '{}'), 'topic'],
    ['below its own status', publishBytes(`${STATUS('door-1')}/x`, '{}'), 'topic'],
    ['on a longer up topic', publishBytes(`${own}/x`, '{}'), 'topic'],
    ['on an up topic in capitals', publishBytes(`vigie/v1/${SITE}/door-1/up/BADGE`, '{}'), 'topic'],
    ['on an up topic named like an object’s own property', publishBytes(`${own.slice(0, -5)}__proto__`, '{}'), 'topic'],
    ['with a line break in the topic', publishBytes(`${own}\n`, '{}'), 'topic'],
    ['with a NUL in the topic', publishBytes(`${own}\0`, '{}'), 'topic'],
    [
      'with invalid UTF-8 in the topic',
      publishBytes(Buffer.concat([Buffer.from(own), Buffer.of(0xc3)]), '{}'),
      'topic',
    ],
    ['with 200 levels', publishBytes('a/'.repeat(200), '{}'), 'protocol'],
    ['with a wildcard', publishBytes(`vigie/v1/${SITE}/door-1/up/#`, '{}'), 'protocol'],
    ['with an empty topic', publishBytes('', '{}'), 'protocol'],
    ['that is retained', publishBytes(own, '{}', { retain: true }), 'retain'],
    ['with QoS 2', publishBytes(own, '{}', { qos: 2 }), 'qos'],
    ['with QoS 3', publishBytes(own, '{}', { qos: 3 }), 'protocol'],
    ['with QoS 1 and packet id 0', publishBytes(own, '{}', { qos: 1, messageId: 0 }), 'protocol'],
  ])('%s costs the connection and is counted', async (_, bytes, refusal) => {
    const hub = await TestBroker.start()
    const bystander = await hub.raw('door-2')
    const device = await hub.raw('door-1')
    device.send(bytes, publishBytes(own, 'behind it'))
    await within(device.closed, 'closed')
    expect(hub.edge.refusals).toEqual([`door-1 ${refusal}`])
    expect(hub.edge.messages).toEqual([])
    expect(hub.edge.statuses).toEqual([])
    bystander.send(PING)
    expect(await bystander.next()).toEqual(PONG)
  })
})
