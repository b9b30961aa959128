/**
 * The containers' files, as far as no Docker engine is needed: their shape, what each may do, and a real Mosquitto that is
 * started with the very mosquitto.conf and secrets that the containers get.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../config.ts'
import { TestAuthority } from '../transport/testing/certificates.ts'
import { freePort } from './free-port.ts'
import { smallSite, TestHub, until } from './harness.ts'

const ROOT = join(import.meta.dirname, '../..')
const required = process.env.VIGIE_TEST_REQUIRE === 'all'
const isMissing = (program: string, ...args: string[]): boolean =>
  spawnSync(program, args).error !== undefined && !required
const noCompose = isMissing('docker-compose', 'version')
const noMosquitto = isMissing('mosquitto', '-h')

interface ServiceFile {
  readonly image: string
  readonly user: string
  readonly read_only: boolean
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly healthcheck: { readonly test: readonly string[] }
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes?: readonly string[]
  readonly privileged?: boolean
  readonly network_mode?: string
  readonly pids_limit: number
  readonly mem_limit: string
}
const file = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')) as {
  readonly services: Readonly<Record<string, ServiceFile>>
  readonly networks: Readonly<Record<string, { internal?: boolean } | null>>
  readonly secrets: Readonly<Record<string, { file: string }>>
}
const services = Object.entries(file.services)

const secretsDir = mkdtempSync(join(tmpdir(), 'vigie-compose-'))
const secret = (name: string): string => join(secretsDir, 'secrets', name)
const makeSecrets = (...names: string[]): void =>
  void execFileSync(join(secretsDir, 'docker/make-secrets.sh'), names, { stdio: 'pipe' })
beforeAll(() => {
  mkdirSync(join(secretsDir, 'docker'))
  cpSync(join(ROOT, 'docker/make-secrets.sh'), join(secretsDir, 'docker/make-secrets.sh'))
  makeSecrets('door-1')
})
afterAll(() => rmSync(secretsDir, { recursive: true, force: true }))

describe('docker-compose.yml', () => {
  it.skipIf(noCompose)('is one that docker-compose takes (skipped where it is not installed)', () => {
    const checked = spawnSync('docker-compose', ['-f', join(ROOT, 'docker-compose.yml'), 'config', '-q'], {
      encoding: 'utf8',
    })
    expect([checked.status, checked.stderr]).toEqual([0, ''])
  })

  it('has the hub, a broker, InfluxDB, Grafana and a mail catcher', () => {
    expect(services.map(([name]) => name)).toEqual(['hub', 'mosquitto', 'influxdb', 'grafana', 'mail'])
  })

  it.each(services)('%s: pinned, nobody’s root, read-only, without rights it does not need, watched', (_, service) => {
    expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$/)
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/)
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toContain('no-new-privileges:true')
    expect(service.privileged ?? service.network_mode).toBeUndefined()
    expect(service.healthcheck.test[0]).toBe('CMD')
    expect(service.pids_limit).toBeGreaterThan(0)
    expect(service.mem_limit).toMatch(/^\d+[mg]$/)
  })

  it.each(services)('%s: secrets are files, and every file and network it names is there', (_, service) => {
    for (const [name, value] of Object.entries(service.environment ?? {})) {
      if (/password|token|secret|key/i.test(name)) expect(value).toMatch(/^\/run\/secrets\//)
      expect(value).not.toMatch(/:\/\/[^/]*:[^/]*@/)
    }
    for (const name of service.secrets ?? []) {
      expect(file.secrets[name]?.file).toMatch(/^\.\/secrets\//)
      expect(existsSync(join(secretsDir, file.secrets[name]?.file ?? 'none'))).toBe(true)
    }
    for (const network of service.networks) expect(Object.keys(file.networks)).toContain(network)
    for (const volume of service.volumes ?? []) {
      const [from = ''] = volume.split(':')
      if (from.startsWith('.')) expect(existsSync(join(ROOT, from)), volume).toBe(true)
    }
  })

  it('devices share a network with the hub and with nobody else; the store has no way out', () => {
    expect(services.filter(([, s]) => s.networks.includes('devices')).map(([name]) => name)).toEqual(['hub'])
    expect(file.networks.stores?.internal).toBe(true)
    expect(file.services.influxdb?.networks).toEqual(['stores'])
  })

  it('what it sets for the hub are settings that the hub takes', () => {
    const set = Object.entries(file.services.hub?.environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/\$\{[A-Z_]+:-(.*)\}/, '$1'),
    ])
    expect(readConfig(Object.fromEntries(set)).influx2Url).toBe('http://influxdb:8086')
  })
})

describe('make-secrets.sh', () => {
  it('makes each once, behind a folder of its owner’s alone', () => {
    const before = readFileSync(secret('influx_token'), 'utf8')
    expect(before).toMatch(/^[0-9a-f]{64}$/)
    expect(statSync(join(secretsDir, 'secrets')).mode & 0o777).toBe(0o700)
    makeSecrets()
    expect(readFileSync(secret('influx_token'), 'utf8')).toBe(before)
  })
  it('certificates are of its authority, each for its own use', () => {
    const verify = (name: string, purpose: string) =>
      spawnSync('openssl', ['verify', '-CAfile', secret('broker_ca.pem'), '-purpose', purpose, secret(`${name}.pem`)])
        .status
    expect([verify('mosquitto', 'sslserver'), verify('vigie-hub', 'sslclient'), verify('mail', 'sslserver')]).toEqual([
      0, 0, 0,
    ])
    expect([verify('vigie-hub', 'sslserver'), verify('mosquitto', 'sslclient')].every(status => status !== 0)).toBe(
      true,
    )
  })
})

describe.skipIf(noMosquitto)('mosquitto.conf, in a real Mosquitto (skipped where it is not installed)', () => {
  let port = 0
  let broker: ChildProcess | undefined
  const dir = mkdtempSync(join(tmpdir(), 'vigie-broker-'))
  const clients: MqttClient[] = []

  /** The same text: only folders and the port are ours. */
  async function start(): Promise<void> {
    const text = readFileSync(join(ROOT, 'mosquitto.conf'), 'utf8')
      .replace('listener 8883', `listener ${port} 127.0.0.1`)
      .replaceAll('/mosquitto/config/acl', join(dir, 'acl'))
      .replaceAll('/mosquitto/data/', `${dir}/`)
      .replace('/run/secrets/broker_ca', secret('broker_ca.pem'))
      .replace('/run/secrets/broker_cert', secret('mosquitto.pem'))
      .replace('/run/secrets/broker_key', secret('mosquitto.key'))
    const as = process.getuid?.() === 0 ? 'user root\n' : ''
    writeFileSync(join(dir, 'mosquitto.conf'), as + text)
    cpSync(join(ROOT, 'docker/mosquitto.acl'), join(dir, 'acl'))
    broker = spawn('mosquitto', ['-c', join(dir, 'mosquitto.conf')], { stdio: 'ignore' })
    await until(
      'mosquitto to listen',
      () =>
        tries('vigie-hub').then(
          async client => {
            await client.endAsync(true)
            return true
          },
          () => false,
        ),
      30_000,
    )
  }
  async function stop(): Promise<void> {
    broker?.kill('SIGTERM')
    if (broker) await once(broker, 'exit')
  }
  beforeAll(async () => {
    port = await freePort()
    await start()
  }, 60_000)
  afterAll(async () => {
    for (const client of clients) await client.endAsync(true)
    await stop()
    rmSync(dir, { recursive: true, force: true })
  })

  const certificate = (name: string): IClientOptions => ({
    ca: readFileSync(secret('broker_ca.pem')),
    cert: readFileSync(secret(`${name}.pem`)),
    key: readFileSync(secret(`${name}.key`)),
  })
  const tries = (name: string | undefined, more: IClientOptions = {}): Promise<MqttClient> =>
    new Promise((resolve, reject) => {
      const ours = name === undefined ? { ca: readFileSync(secret('broker_ca.pem')) } : certificate(name)
      const client = connect(`mqtts://localhost:${port}`, { ...ours, reconnectPeriod: 0, ...more })
      client.once('connect', () => resolve(client))
      client.once('error', error => {
        client.end(true)
        reject(error)
      })
      client.once('close', () => reject(new Error('closed')))
    })
  const as = async (name: string, more?: IClientOptions): Promise<MqttClient> => {
    const client = await tries(name, more)
    client.on('error', () => undefined)
    clients.push(client)
    return client
  }
  const listening = async (name: string, ...topics: string[]): Promise<string[]> => {
    const heard: string[] = []
    const client = await as(name)
    client.on('message', (topic, payload) => void heard.push(`${topic} ${payload}`))
    await client.subscribeAsync(topics, { qos: 1 }).catch(() => undefined)
    return heard
  }
  const FORWARD = 'homeassistant/forward'

  it('a device speaks below its own name: the hub hears it, and nothing that it says in another’s', async () => {
    const heard = await listening('vigie-hub', 'vigie/v1/#', FORWARD)
    const device = await as('door-1')
    for (const topic of [
      'vigie/v1/site/door-2/up/state',
      'homeassistant/device/x/config',
      'vigie/ha/site/lamp/x/set',
      '$SYS/x',
    ])
      await device.publishAsync(topic, 'forged', { qos: 1 }).catch(() => undefined)
    await device.publishAsync('vigie/v1/site/door-1/up/state', 'open', { qos: 1 })
    await until('its own', () => heard.length > 0)
    expect(heard).toEqual(['vigie/v1/site/door-1/up/state open'])
  })

  it('a device hears orders to itself and to nobody else', async () => {
    const heard = await listening('door-1', 'vigie/v1/#', 'vigie/v1/site/door-1/down/#', 'homeassistant/#')
    // Only the hub could send them; it may not through here either: orders to locks never pass this broker.
    const hub = await as('vigie-hub')
    for (const topic of ['vigie/v1/site/door-2/down/command', 'vigie/v1/site/door-1/down/command', FORWARD])
      await hub.publishAsync(topic, 'unlock', { qos: 1 }).catch(() => undefined)
    const own = await listening('vigie-hub', FORWARD)
    await hub.publishAsync(FORWARD, 'end', { qos: 1 })
    await until('the last one', () => own.length > 0)
    expect(heard).toEqual([])
  })

  it('Home Assistant reads what the hub shows, writes orders for lamps, and neither shows nor hears anything else', async () => {
    const home = await listening('home-assistant', 'homeassistant/#', 'vigie/v1/#')
    const hub = await listening('vigie-hub', 'vigie/ha/#')
    const [shows, asks] = [await as('vigie-hub'), await as('home-assistant')]
    await asks.publishAsync('homeassistant/device/fake/config', 'fake', { qos: 1 }).catch(() => undefined)
    await asks.publishAsync('vigie/ha/site/lamp-1/lamp/set', 'ON', { qos: 1 })
    await (await as('door-1')).publishAsync('vigie/v1/site/door-1/up/state', 'open', { qos: 1 })
    await shows.publishAsync('homeassistant/device/real/config', 'real', { qos: 1 })
    await until('both', () => hub.length > 0 && home.length > 0)
    expect([hub, home]).toEqual([['vigie/ha/site/lamp-1/lamp/set ON'], ['homeassistant/device/real/config real']])
  })

  it('nobody comes in without a certificate, with another authority’s, or with an older TLS', async () => {
    await expect(tries(undefined)).rejects.toThrow()
    await expect(tries(undefined, { username: 'vigie-hub', password: 'guess' })).rejects.toThrow()
    const foreign = new TestAuthority('Other').issue('vigie-hub')
    await expect(tries(undefined, { cert: foreign.cert, key: foreign.key })).rejects.toThrow()
    await expect(tries('vigie-hub', { maxVersion: 'TLSv1.2' } as IClientOptions)).rejects.toThrow()
  })

  it('a name that somebody claims counts for nothing beside the certificate’s', async () => {
    const heard = await listening('vigie-hub', 'vigie/v1/#', FORWARD)
    const liar = await as('door-1', { username: 'vigie-hub', password: 'x', clientId: 'vigie-hub-2' })
    await liar.publishAsync('homeassistant/forward', 'forged', { qos: 1 }).catch(() => undefined)
    await liar.publishAsync('vigie/v1/site/door-1/up/state', 'mine', { qos: 1 })
    await until('its own', () => heard.length > 0)
    expect(heard).toEqual(['vigie/v1/site/door-1/up/state mine'])
  })

  it('a message that is too large ends the connection; retained ones outlive a restart', async () => {
    const device = await as('door-1')
    const closed = new Promise<void>(resolve => device.once('close', () => resolve()))
    device.publish('vigie/v1/site/door-1/up/state', 'x'.repeat(100_000), { qos: 1 })
    await closed
    const hub = await as('vigie-hub')
    await hub.publishAsync('homeassistant/device/kept/config', 'kept', { qos: 1, retain: true })
    await stop()
    await start()
    const heard = await listening('home-assistant', 'homeassistant/#')
    await until('what was kept', () => heard.includes('homeassistant/device/kept/config kept'))
  }, 60_000)

  it('a hub shows itself there with its certificate, and needs no password', async () => {
    const home = await listening('home-assistant', 'homeassistant/#')
    const hub = new TestHub({
      VIGIE_HA_URL: `mqtts://localhost:${port}`,
      VIGIE_HA_CA: secret('broker_ca.pem'),
      VIGIE_HA_CERT: secret('vigie-hub.pem'),
      VIGIE_HA_KEY: secret('vigie-hub.key'),
    })
    try {
      await hub.apply(smallSite())
      await hub.start()
      await until('its devices', () => home.some(line => line.includes('lux-1')), 30_000)
    } finally {
      await hub.close()
    }
  }, 90_000)
})
