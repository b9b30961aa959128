/**
 * The reader that `vigie device esphome` makes: its C++ compiled and held against the hub, with the certificate the command
 * wrote. ESPHome itself is not in Debian: what is checked of its YAML is that it is YAML, and says what the protocol asks.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configOf } from '../cli/esphome.ts'
import { NURSE, smallSite, TestHub, until, VISITOR } from './harness.ts'

const SLOW_START_MS = 120_000
const noCompiler = process.env.VIGIE_TEST_REQUIRE !== 'all' && spawnSync('g++', ['--version']).error !== undefined
const tolerant = {
  customTags: ['!secret', '!lambda'].map(tag => ({ tag, resolve: (text: string) => `${tag} ${text}` })),
}

describe('the configuration', () => {
  const text = configOf({
    ...{ site: 'test-site', device: 'cab-1', name: 'Armoire “A”: étage 1', point: 'cabinet' },
    ...{ host: 'hub.hopital.example', port: 8883 },
  })
  const config = parse(text, tolerant)

  it('is YAML, whatever the cabinet is called', () => {
    expect(config.esphome.friendly_name).toBe('Armoire “A”: étage 1')
    expect(config.esphome.name).toBe('cab-1')
  })
  it('connects as the hub asks: TLS 1.3, its certificate, a clean session, a will of its own', () => {
    const { mqtt, esp32 } = config
    expect(esp32.framework.sdkconfig_options.CONFIG_MBEDTLS_SSL_PROTO_TLS1_3).toBe('y')
    expect(mqtt).toMatchObject({ clean_session: true, client_id: 'cab-1', port: 8883, discovery: false })
    expect(mqtt.will_message).toMatchObject({ topic: 'vigie/v1/test-site/cab-1/status', payload: '{"online":false}' })
    expect([mqtt.log_topic, mqtt.topic_prefix]).toEqual([null, null])
    expect(Object.values<string>(mqtt).filter(v => `${v}`.startsWith('!secret'))).toHaveLength(3)
  })
  it('publishes on its own topics only, and listens to its own orders', () => {
    const topics = [...text.matchAll(/vigie\/v1\/[a-z0-9/-]+/g)].map(m => m[0])
    expect(topics.length).toBeGreaterThan(5)
    expect(topics.every(t => t.startsWith('vigie/v1/test-site/cab-1/'))).toBe(true)
    expect(config.binary_sensor.every((b: { internal?: boolean }) => b.internal === true)).toBe(true)
  })
  it('holds no secret', () => expect(text).not.toMatch(/BEGIN|password: [^!]/))
})

describe.skipIf(noCompiler)('a reader made of it (skipped where there is no g++)', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigie-esphome-'))
  const hub = new TestHub()
  const said: string[] = []
  let reader: ChildProcessWithoutNullStreams
  let client: MqttClient
  const decisions: { request: string; granted: boolean }[] = []
  const commands: { id: string; expiresAt: string; action: string }[] = []

  const ask = async (line: string): Promise<string> => {
    const before = said.length
    reader.stdin.write(`${line}\n`)
    return until(`an answer to ${line}`, () => said[before])
  }
  const seconds = (): number => Math.floor(Date.now() / 1000)
  const publish = (kind: string, text: string) =>
    client.publishAsync(`vigie/v1/test-site/cab-1/up/${kind}`, text, { qos: 1 })

  beforeAll(async () => {
    const source = join(import.meta.dirname, 'esphome-program.cpp')
    const strict = ['-std=c++17', '-Wall', '-Wextra', '-Werror', '-O1']
    const built = spawnSync('g++', [...strict, source, '-o', join(dir, 'reader')], { encoding: 'utf8' })
    expect(built.stderr).toBe('')
    reader = spawn(join(dir, 'reader'))
    createInterface({ input: reader.stdout }).on('line', line => said.push(line))
    await hub.apply(smallSite())
    await hub.start()
    await hub.vigie('device', 'esphome', 'cab-1', '--point', 'drawer-1', '--out', dir)
    const secrets = parse(readFileSync(join(dir, 'cab-1.secrets.yaml'), 'utf8'))
    client = connect(`mqtts://localhost:${hub.ready.mqttPort}`, {
      ...{ ca: secrets.vigie_ca, cert: secrets.vigie_certificate, key: secrets.vigie_key, clientId: 'cab-1' },
      ...{ reconnectPeriod: 0, keepalive: 30 },
    })
    client.on('message', (topic, payload) =>
      (topic.endsWith('decision') ? decisions : commands).push(JSON.parse(String(payload))),
    )
    await until('it is connected', () => client.connected)
    await client.subscribeAsync('vigie/v1/test-site/cab-1/down/#')
  }, SLOW_START_MS)
  afterAll(async () => {
    await client?.endAsync(true)
    reader?.kill()
    await hub.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('is a badge reader to the hub: granted, refused, told to open', async () => {
    const tag = NURSE.replace(/(..)(?=.)/g, '$1-').toLowerCase()
    await publish('badge', await ask(`badge ${seconds()} drawer-1 ${tag}`))
    expect((await until('it is decided', () => decisions[0])).granted).toBe(true)
    const order = await until('the lock is told', () => commands[0])
    expect(order.action).toBe('unlock')
    const done = await ask(`order ${seconds()} ${order.id} ${order.expiresAt}`)
    expect(JSON.parse(done)).toMatchObject({ command: order.id, outcome: 'done', seq: 2 })
    await publish('ack', done)
    await publish('state', await ask(`state ${seconds()} drawer-1 0 1 0`).then(withoutTamper))
    await publish('badge', await ask(`badge ${seconds()} drawer-1 ${VISITOR}`))
    expect((await until('the other is decided', () => decisions[1])).granted).toBe(false)
    const kinds = (await hub.journal(200)).map(r => r.event.kind)
    expect(kinds).toEqual(expect.arrayContaining(['access.granted', 'lock.unlocked', 'point.opened', 'access.denied']))
    expect(kinds).not.toContain('device.gap')
  })
  it('carries an order out once, never late, never without a clock', async () => {
    const at = seconds()
    const until = (s: number): string => new Date((at + s) * 1000).toISOString()
    const outcome = async (line: string) => JSON.parse(await ask(line)).outcome
    expect(await outcome(`order ${at} o-1 ${until(5)}`)).toBe('done')
    expect(await outcome(`order ${at} o-1 ${until(5)}`)).toBe('refused')
    expect(await outcome(`order ${at + 6} o-2 ${until(5)}`)).toBe('refused')
    expect(await outcome(`order 1000 o-3 ${until(5)}`)).toBe('refused')
    expect(await outcome(`order ${at} o-4 tomorrow`)).toBe('refused')
  })
  it('reads and writes times as the hub does', async () => {
    for (const text of [
      '2026-02-28T23:59:59Z',
      '2028-02-29T12:00:00Z',
      '2100-03-01T00:00:00Z',
      '2026-11-24T01:02:03.456Z',
    ]) {
      const at = Math.floor(Date.parse(text) / 1000)
      const whole = `${new Date(at * 1000).toISOString().slice(0, 19)}Z`
      expect(await ask(`time ${at} ${text}`)).toBe(`${at} ${whole}`)
    }
  })
  it('keeps its key to its owner, and tells the installer what comes next', async () => {
    expect(statSync(join(dir, 'cab-1.secrets.yaml')).mode & 0o077).toBe(0)
    const again = await hub.vigie('device', 'esphome', 'cab-1', '--out', dir)
    expect(again).toMatch(/Fill in the Wi-Fi.*\n.*Its certificate ends on \d{4}-\d\d-\d\d|certificate ends on/s)
    expect((await hub.vigieFails('device', 'esphome', 'cab-1', '--point', 'lamp')).stderr).toMatch(
      /--point takes one of/,
    )
    expect((await hub.vigieFails('device', 'esphome', 'lux-1')).stderr).toMatch(/reads badges and has a lock/)
  })
})

/** A drawer has no tamper switch. */
const withoutTamper = (text: string): string => text.replace(/,"tamper":(true|false)/, '')
