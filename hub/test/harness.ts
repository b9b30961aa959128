/**
 * The real thing, for end-to-end tests: a hub in a process of its own, the vigie command, and devices that speak MQTT over
 * TLS with their own certificates.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import type { CommandMessage, DecisionMessage } from '#devices/messages.ts'
import type { Site } from '../access/site.ts'
import type { Role } from '../api.ts'
import type { Recorded } from '../events.ts'
import { invite, Seat } from './seat.ts'

const ROOT = join(import.meta.dirname, '../..')
const run = promisify(execFile)

export const ADMIN = { login: 'b.kessler', name: 'B. Kessler', password: 'une phrase assez longue' }

/** A machine may be busy with a hundred other tests: what starts in two seconds gets a minute. */
const READY_MS = 60_000

export interface Ready {
  readonly mqttPort: number
  readonly httpPort: number
  readonly httpsPort: number
  readonly boughtPort?: number
  readonly pid: number
}

/** Resolves with what `look` finds, or fails after `ms` naming what was awaited. Looks again on every turn, never sleeps blindly. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 10_000,
): Promise<T> {
  const deadline = performance.now() + ms
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

export class TestHub {
  readonly dir = mkdtempSync(join(tmpdir(), 'vigie-e2e-'))
  readonly log: Record<string, unknown>[] = []
  readonly #extra: Record<string, string>
  #child: ChildProcess | undefined
  #admin: Seat | undefined
  #front: Seat | undefined
  #invited = 0
  ready: Ready = { mqttPort: 0, httpPort: 0, httpsPort: 0, pid: 0 }

  constructor(extra: Record<string, string> = {}) {
    this.#extra = extra
  }

  get env(): Record<string, string> {
    const ports = { VIGIE_MQTT_PORT: '0', VIGIE_HTTP_PORT: '0', VIGIE_HTTPS_PORT: '0', VIGIE_LOG_LEVEL: 'info' }
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([k, v]) => !k.startsWith('VIGIE_') && v !== undefined),
    ) as Record<string, string>
    return { ...inherited, LC_ALL: 'C', ...ports, VIGIE_DATA_DIR: this.dir, ...this.#extra }
  }

  /** @param more settings for this start only, such as the port of the run before */
  async start(more: Record<string, string> = {}): Promise<Ready> {
    const child = spawn(process.execPath, [join(ROOT, 'hub/main.ts')], {
      env: { ...this.env, ...more },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    const from = this.log.length
    createInterface({ input: child.stdout }).on('line', line =>
      this.log.push(JSON.parse(line) as Record<string, unknown>),
    )
    const look = (): Record<string, unknown> | undefined => {
      if (child.exitCode !== null)
        throw new Error(`the hub ended with ${child.exitCode}: ${JSON.stringify(this.log.at(-1))}`)
      return this.log.slice(from).find(l => l.msg === 'ready')
    }
    const line = await until('the hub is ready', look, READY_MS)
    this.ready = line as unknown as Ready
    return this.ready
  }

  get running(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null
  }

  /** @returns the exit code, or null after a signal that kills */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    return child.exitCode
  }

  async close(): Promise<void> {
    await this.end()
    rmSync(this.dir, { recursive: true, force: true })
  }

  /** The vigie command's output. @throws with its error text */
  async vigie(...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [join(ROOT, 'hub/cli.ts'), ...args], { env: this.env })
    return stdout
  }
  async vigieJson<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.vigie(...args, '--json')) as T
  }
  async vigieFails(...args: string[]): Promise<{ code: number; stderr: string }> {
    try {
      await this.vigie(...args)
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string }
      return { code, stderr }
    }
    throw new Error(`vigie ${args.join(' ')} was expected to fail`)
  }

  async apply(site: Site): Promise<void> {
    const file = join(this.dir, 'site.json')
    writeFileSync(file, JSON.stringify(site, null, 2))
    await this.vigie('apply', file)
  }

  async addDevice(id: string, model: string): Promise<void> {
    await this.vigie('device', 'add', id, '--model', model, '--out', this.certs)
  }
  get certs(): string {
    return join(this.dir, 'certs')
  }

  /** Makes the administrator through the setup link that the log shows, with two factors, and stays signed in. */
  async setUp(): Promise<void> {
    const { url } = await until(
      'the setup link',
      () => this.log.find(l => l.msg === 'setup') as { url: string } | undefined,
    )
    const token = new URL(url).hash.replace('#token=', '')
    this.#admin = await new Seat(ADMIN, this.origin).arrive('/api/v1/setup', { ...ADMIN, token })
  }

  /**
   * Somebody new with this role, everywhere or in some zones: invited, password set, with two factors where the role asks
   * for them, signed in. May ask for what wants a fresh factor for five minutes, or after `stepUp()`.
   */
  signInAs(role: Role, zones?: readonly string[]): Promise<Seat> {
    this.#invited += 1
    const login = `${role}-${this.#invited}`
    const who = { login, name: `N. ${role}`, password: ADMIN.password }
    const token = invite(this.dir, who, role, zones)
    return new Seat(who, this.origin).arrive('/api/v1/invitation', { token, password: who.password })
  }

  /** `fetch` and `get` ask as somebody with this role from now on; the administrator is still signed in. */
  async continueAs(role: Role): Promise<Seat> {
    this.#front = await this.signInAs(role)
    return this.#front
  }

  /** The administrator who is signed in. */
  get admin(): Seat {
    if (!this.#admin) throw new Error('setUp() comes first')
    return this.#admin
  }

  get origin(): string {
    return `http://localhost:${this.ready.httpPort}`
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return (this.#front ?? this.#admin ?? new Seat(ADMIN, this.origin)).fetch(path, init, this.origin)
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.fetch(path)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

  /** Of whoever `fetch` asks as; empty before. */
  get cookie(): string {
    return (this.#front ?? this.#admin)?.cookie ?? ''
  }

  /** The newest journal rows, oldest first. */
  async journal(lines = 1_000): Promise<Recorded[]> {
    const text = await this.vigie('journal', 'tail', '--lines', String(lines), '--json')
    return text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Recorded)
  }
}

/** @throws if the connection is refused, by an error or by just being closed */
function connected(url: string, options: IClientOptions): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const client = connect(url, options)
    const refused = (why: Error): void => {
      client.end(true)
      reject(why)
    }
    const closed = (): void => refused(new Error('the connection was closed'))
    client.on('error', refused)
    client.once('close', closed)
    client.once('connect', () => {
      client.off('close', closed)
      resolve(client)
    })
  })
}

/** A stock MQTT client with a device's certificate. */
export class TestDevice {
  readonly id: string
  readonly site: string
  readonly decisions: DecisionMessage[] = []
  readonly commands: CommandMessage[] = []
  #client: MqttClient | undefined
  #seq: number

  constructor(id: string, site: string, seq = 0) {
    this.id = id
    this.site = site
    this.#seq = seq
  }

  async connect(hub: TestHub, options: Partial<IClientOptions> = {}): Promise<MqttClient> {
    const file = (name: string): Buffer => readFileSync(join(hub.certs, name))
    const client = await connected(`mqtts://localhost:${hub.ready.mqttPort}`, {
      clientId: this.id,
      protocolVersion: 4,
      reconnectPeriod: 0,
      key: file(`${this.id}.key.pem`),
      cert: file(`${this.id}.cert.pem`),
      ca: file('ca.cert.pem'),
      ...options,
    })
    client.on('message', (topic, payload) => this.#received(topic, payload))
    await client.subscribeAsync(this.topic('down/#'))
    this.#client = client
    return client
  }

  #received(topic: string, payload: Buffer): void {
    const message = JSON.parse(payload.toString()) as never
    if (topic.endsWith('/decision')) this.decisions.push(message)
    else this.commands.push(message)
  }

  topic(rest: string): string {
    return `vigie/v1/${this.site}/${this.id}/${rest}`
  }

  get client(): MqttClient {
    if (!this.#client) throw new Error(`${this.id} is not connected`)
    return this.#client
  }

  nextSeq(): number {
    this.#seq += 1
    return this.#seq
  }

  /** Resolves at the PUBACK. */
  async send(kind: string, fields: object): Promise<{ id: string; seq: number }> {
    const seq = this.nextSeq()
    const message = { id: `${this.id}-${seq}`, at: new Date().toISOString(), seq, ...fields }
    await this.client.publishAsync(this.topic(`up/${kind}`), JSON.stringify(message), { qos: 1 })
    return message
  }

  async badge(uid: string, point = 'drawer-1', fields: object = {}): Promise<DecisionMessage> {
    const { id } = await this.send('badge', { point, credential: { kind: 'uid', uid }, ...fields })
    return until(`a decision on ${id}`, () => this.decisions.find(d => d.request === id))
  }

  async close(): Promise<void> {
    await this.#client?.endAsync(true)
  }
}

/** A person with a right, one without, one cabinet with two drawers, one door. */
export function smallSite(): Site {
  return {
    version: 1,
    site: { id: 'test-site', name: 'Site d’essai', timeZone: 'Europe/Paris' },
    zones: [
      { id: 'ward', name: 'Soins', plan: { x: 0, y: 0, width: 20, height: 12, kind: 'tent', code: 'T01' } },
      { id: 'hall', name: 'Hall', plan: { x: 20, y: 0, width: 10, height: 12, kind: 'room', code: 'T02' } },
    ],
    schedules: [
      {
        id: 'always',
        name: 'Toujours',
        weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
      },
    ],
    devices: [
      { id: 'cab-1', model: 'medicine-cabinet', name: 'Armoire 1', zone: 'ward', plan: { x: 5, y: 6 } },
      { id: 'door-1', model: 'door', name: 'Porte du hall', zone: 'hall', plan: { x: 25, y: 0 } },
      { id: 'lux-1', model: 'light-sensor', name: 'Lumière', zone: 'ward', plan: { x: 10, y: 6 } },
    ],
    accessPoints: [
      {
        id: 'cab-1-d1',
        name: 'Armoire 1, tiroir 1',
        zone: 'ward',
        class: 'medicines',
        device: 'cab-1',
        point: 'drawer-1',
      },
      {
        id: 'cab-1-d2',
        name: 'Armoire 1, stupéfiants',
        zone: 'ward',
        class: 'controlled-drugs',
        device: 'cab-1',
        point: 'drawer-2',
      },
      { id: 'door-1', name: 'Porte du hall', zone: 'hall', class: 'door', device: 'door-1', point: 'door' },
    ],
    roles: [
      {
        id: 'nurse',
        name: 'Infirmière',
        rights: [
          { zone: 'ward', schedule: 'always' },
          { accessPoint: 'door-1', schedule: 'always' },
        ],
      },
      { id: 'visitor', name: 'Visiteur', rights: [] },
    ],
    people: [
      { id: 'c-marchand', name: 'C. Marchand', roles: ['nurse'] },
      { id: 't-ferrand', name: 'T. Ferrand', roles: ['visitor'] },
    ],
    badges: [
      { uid: '04A2B3C4D5E6F7', person: 'c-marchand', status: 'active' },
      { uid: '04FFFFFFFFFF01', person: 't-ferrand', status: 'active' },
    ],
  }
}
export const NURSE = '04A2B3C4D5E6F7'
export const VISITOR = '04FFFFFFFFFF01'
