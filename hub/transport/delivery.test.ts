import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { CommandMessage, DecisionMessage } from '#devices/messages.ts'
import { BADGE, DOWN, SITE, STATUS, TestBroker } from './testing/broker.ts'
import { connectBytes, GOODBYE, PING, packetBytes, publishBytes, subscribeBytes } from './testing/bytes.ts'
import { within } from './testing/deadline.ts'
import { RawDevice } from './testing/raw.ts'

const DECISION: DecisionMessage = {
  id: 'd-1',
  request: 'b-1',
  granted: true,
  reason: 'granted',
  unlockMs: 5_000,
  expiresAt: '2026-11-22T10:00:05Z',
}
const COMMAND: CommandMessage = { id: 'c-1', expiresAt: '2026-11-22T10:00:05Z', action: 'unlock', point: 'drawer-é' }
const down = (device: string, name: string): string => `${DOWN(device).slice(0, -1)}${name}`
const suback = (...codes: number[]): Buffer => Buffer.of(0x90, 2 + codes.length, 0, 1, ...codes)

describe('SUBSCRIBE', () => {
  it.each(['#', '+', 'decision', 'command'])('is granted for the device’s own down/%s', async name => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(subscribeBytes(1, down('door-1', name)))
    expect(await device.next()).toEqual(suback(0))
    expect(hub.broker.decide('door-1', DECISION)).toBe(name !== 'command')
    expect(hub.broker.command('door-1', COMMAND)).toBe(name !== 'decision')
    expect(hub.edge.refusals).toEqual([])
  })

  it.each([
    '#',
    '+',
    '+/+/+/+/down/#',
    '$SYS/#',
    '$share/g/#',
    'vigie/#',
    `vigie/v1/${SITE}/#`,
    `vigie/v1/${SITE}/door-1/#`,
    `vigie/v1/${SITE}/+/down/#`,
    `vigie/v1/${SITE}/door-2/down/#`,
    BADGE('door-1'),
    STATUS('door-1'),
    `vigie/v1/${SITE}/door-1/down/x`,
    `vigie/v1/${SITE}/door-1/down`,
  ])('is refused with 0x80 for %s, counted, and nothing is ever delivered by it', async filter => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(subscribeBytes(1, filter))
    expect(await device.next()).toEqual(suback(0x80))
    expect(hub.edge.refusals).toEqual(['door-1 subscription'])
    expect(hub.broker.decide('door-1', DECISION)).toBe(false)
    const other = await hub.raw('door-2')
    other.send(publishBytes(BADGE('door-2'), '{}', { qos: 1, messageId: 3 }))
    expect(await other.next()).toEqual(Buffer.of(0x40, 2, 0, 3))
    device.send(publishBytes(BADGE('door-1'), '{}', { qos: 1, messageId: 4 }), PING)
    const answers = [await device.next(), await device.next()].map(a => a?.[0])
    expect(new Set(answers)).toEqual(new Set([0x40, 0xd0]))
  })

  it('grants what is allowed beside what is not', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(subscribeBytes(1, '#', down('door-1', 'decision'), down('door-2', 'decision')))
    expect(await device.next()).toEqual(suback(0x80, 0, 0x80))
    expect(hub.broker.decide('door-1', DECISION)).toBe(true)
    expect(hub.broker.decide('door-2', DECISION)).toBe(false)
  })

  it('of a kept session can’t be made: the session is refused, so a denied filter is never restored', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const device = await RawDevice.dial(hub.dial(certificate))
    device.send(connectBytes({ clientId: 'door-1', clean: false }), subscribeBytes(1, '#'))
    expect(await device.next()).toEqual(Buffer.of(0x20, 2, 0, 5))
    expect(await device.next()).toBeUndefined()
    const again = await hub.raw('door-1', {}, certificate)
    const other = await hub.raw('door-2')
    other.send(publishBytes(BADGE('door-2'), '{}', { qos: 1 }))
    await other.next()
    again.send(PING)
    expect(await again.next()).toEqual(Buffer.of(0xd0, 0))
  })

  it('ends with UNSUBSCRIBE', async () => {
    const hub = await TestBroker.start()
    const client = await hub.client('door-1')
    await client.subscribeAsync(DOWN('door-1'))
    expect(hub.broker.decide('door-1', DECISION)).toBe(true)
    await client.unsubscribeAsync(DOWN('door-1'))
    expect(hub.broker.decide('door-1', DECISION)).toBe(false)
  })
})

describe('decide and command', () => {
  it('reach that one device, with QoS 0 and not retained', async () => {
    const hub = await TestBroker.start()
    const [client, other] = [await hub.client('door-1'), await hub.client('door-2')]
    await client.subscribeAsync(DOWN('door-1'), { qos: 1 })
    await other.subscribeAsync(DOWN('door-2'))
    other.on('message', topic => expect.unreachable(topic))
    const heard: unknown[] = []
    const both = new Promise<void>(done =>
      client.on('message', (topic, payload, { qos, retain, dup }) => {
        heard.push([topic, JSON.parse(payload.toString()), qos, retain, dup])
        if (heard.length === 2) done()
      }),
    )
    expect(hub.broker.decide('door-1', DECISION)).toBe(true)
    expect(hub.broker.command('door-1', COMMAND)).toBe(true)
    await within(both, 'both messages')
    expect(heard).toEqual([
      [down('door-1', 'decision'), DECISION, 0, false, false],
      [down('door-1', 'command'), COMMAND, 0, false, false],
    ])
  })

  it('are false for a device that is unknown, offline, not subscribed or gone, and nothing is queued for it', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    expect(hub.broker.command('door-1', COMMAND)).toBe(false)
    const device = await hub.raw('door-1', {}, certificate)
    expect(hub.broker.command('door-1', COMMAND)).toBe(false)
    device.send(subscribeBytes(1, DOWN('door-1')))
    await device.next()
    expect(hub.broker.command('door-1', COMMAND)).toBe(true)
    device.send(GOODBYE)
    await hub.edge.until(() => hub.edge.presence.includes('-door-1'), 'gone')
    expect(hub.broker.command('door-1', COMMAND)).toBe(false)
    const again = await hub.raw('door-1', {}, certificate)
    again.send(subscribeBytes(1, DOWN('door-1')))
    expect(await again.next()).toEqual(suback(0))
    again.send(PING)
    expect(await again.next()).toEqual(Buffer.of(0xd0, 0))
  })

  it('carry payloads whose length takes one, two and three bytes', async () => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(subscribeBytes(1, DOWN('door-1')))
    await device.next()
    for (const size of [1, 200, 20_000]) {
      const reason = 'é'.repeat(size)
      const payload = JSON.stringify({ ...DECISION, reason })
      expect(hub.broker.decide('door-1', { ...DECISION, reason })).toBe(true)
      const topic = Buffer.from(down('door-1', 'decision'))
      const body = Buffer.concat([Buffer.of(0, topic.length), topic, Buffer.from(payload)])
      expect(await device.next()).toEqual(packetBytes(0x30, body))
    }
  })
})

describe('a device that does not read', () => {
  it('is cut once its buffer is full; the badges of another one do not notice', async () => {
    const hub = await TestBroker.start()
    const frozen = await hub.raw('door-1')
    frozen.send(subscribeBytes(1, DOWN('door-1')))
    await frozen.next()
    frozen.socket.pause()
    const other = await hub.client('door-2')
    const big = { ...DECISION, reason: 'x'.repeat(60_000) }
    let sent = 0
    while (hub.broker.decide('door-1', big)) {
      sent++
      const began = performance.now()
      await other.publishAsync(BADGE('door-2'), '{}', { qos: 1 })
      expect(performance.now() - began).toBeLessThan(1_000)
      expect(sent).toBeLessThan(2_000)
    }
    expect(hub.edge.presence).toContain('-door-1')
    expect(hub.broker.stats()).toMatchObject({ sockets: 1, devices: 1 })
    expect(hub.log).toEqual([{ message: 'device does not read', fields: { device: 'door-1' } }])
    frozen.destroy()
  })

  it('is cut after the drain timeout if its buffer stays half full', async () => {
    const hub = await TestBroker.start({ limits: { drainTimeoutMs: 300, maxOutgoingBytes: 64 * 1024 * 1024 } })
    const frozen = await hub.raw('door-1')
    frozen.send(subscribeBytes(1, DOWN('door-1')))
    await frozen.next()
    frozen.socket.pause()
    const big = { ...DECISION, reason: 'x'.repeat(1_000_000) }
    for (let i = 0; i < 20; i++) hub.broker.decide('door-1', big)
    const began = performance.now()
    await hub.edge.until(() => hub.edge.presence.includes('-door-1'), 'cut')
    expect(performance.now() - began).toBeLessThan(3_000)
    frozen.destroy()
  })
})

const HAS_MOSQUITTO = (() => {
  try {
    execFileSync('mosquitto_pub', ['--help'], { stdio: 'ignore' })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT' // its help exits with 1
  }
  return true
})()

describe.skipIf(!HAS_MOSQUITTO && process.env.VIGIE_TEST_REQUIRE !== 'all')('mosquitto_pub and mosquitto_sub', () => {
  it('publish a badge and hear the decision', async () => {
    const hub = await TestBroker.start()
    const folder = mkdtempSync(join(tmpdir(), 'vigie-mosquitto-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const filesOf = (id: string): string[] => {
      const { key, cert } = hub.enrol(id)
      for (const [name, text] of Object.entries({ key, cert, ca: hub.authority.cert }))
        writeFileSync(join(folder, `${id}.${name}.pem`), text)
      const file = (name: string): string => join(folder, `${id}.${name}.pem`)
      const tls = ['--cafile', file('ca'), '--cert', file('cert'), '--key', file('key')]
      return ['-h', '127.0.0.1', '-p', `${hub.port}`, '-i', id, ...tls]
    }
    const run = promisify(execFile)
    const listening = run('mosquitto_sub', [...filesOf('door-1'), '-t', DOWN('door-1'), '-C', '1', '-W', '10'])
    await hub.edge.until(() => hub.edge.presence.includes('+door-1'), 'subscriber online')
    await run('mosquitto_pub', [...filesOf('door-2'), '-q', '1', '-t', BADGE('door-2'), '-m', '{"seq":1}'])
    expect(hub.edge.messages).toMatchObject([{ device: 'door-2', kind: 'badge', payload: '{"seq":1}' }])
    await vi.waitFor(() => expect(hub.broker.decide('door-1', DECISION)).toBe(true))
    expect(JSON.parse((await listening).stdout)).toEqual(DECISION)
  })
})
