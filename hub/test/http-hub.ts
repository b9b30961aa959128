/** A hub's HTTP edge and live socket for tests: real listeners on free ports, stores in memory, a clock held by hand. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { FastifyPluginAsync } from 'fastify'
import { io, type Socket } from 'socket.io-client'
import { CALM } from '../access/situations.ts'
import type {
  ClientEvents,
  EventPage,
  EventQuery,
  FactorAdded,
  HubState,
  LiveEvent,
  Role,
  ServerEvents,
  TotpOffer,
} from '../api.ts'
import { VigieError } from '../errors.ts'
import type { Recorded, VigieEvent } from '../events.ts'
import { Auth } from '../http/auth.ts'
import { socketGate } from '../http/gate.ts'
import type { OperatorActs } from '../http/ports.ts'
import { JournalReads } from '../http/reads.ts'
import { Refused } from '../http/refused.ts'
import { type HttpOptions, HttpServer } from '../http/server.ts'
import { SESSION_COOKIE, Sessions } from '../http/sessions.ts'
import { codeAt } from '../http/totp.ts'
import { Live } from '../notify/live.ts'
import { viewOf } from '../notify/situations.ts'
import type { Situations, TlsMaterial } from '../ports.ts'
import { MemoryAccounts, MemorySessions } from './memory-accounts.ts'

export const PASSWORD = 'correct horse battery staple'
export const IDLE_MS = 30 * 60_000

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  json<T>(): T
}
export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | object
  readonly cookie?: string | undefined
  readonly tls?: boolean
  /** An address of this machine's own to ask from. */
  readonly from?: string
}
export type LiveClient = Socket<ServerEvents, ClientEvents>
export type Hello = Parameters<ServerEvents['hello']>[0]
export type Frame = Parameters<ServerEvents['frame']>[0]

let material: TlsMaterial | undefined
/** Self-signed, made once for each test process. */
export function tlsMaterial(): TlsMaterial {
  material ??= makeMaterial()
  return material
}
export function makeMaterial(commonName = 'localhost'): TlsMaterial {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-tls-'))
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=DNS:localhost,DNS:hub.test,IP:127.0.0.1']
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', [...kind, '-keyout', keyFile, '-out', certFile, ...subject], { stdio: 'ignore' })
  const cert = readFileSync(certFile, 'utf8')
  const made = { key: readFileSync(keyFile, 'utf8'), cert, ca: cert, crl: '' }
  rmSync(folder, { recursive: true })
  return made
}

export interface HubOptions {
  readonly dashboard?: 'built' | 'missing'
  readonly devicePlugins?: readonly FastifyPluginAsync[]
  /** Further routes for operators. */
  readonly plugins?: readonly FastifyPluginAsync[]
  /** `operator` where a live page reads. */
  readonly events?: (query: EventQuery, operator?: string) => EventPage | Promise<EventPage>
  readonly held?: number
  /** Left out: none can be done. */
  readonly acts?: OperatorActs
  readonly readWindowMs?: number
  readonly handshakeTimeoutMs?: number
  readonly socketsPerAddress?: number
}

/** A hub whose disk is away: every act fails. */
const NO_ACTS = new Proxy({} as OperatorActs, {
  get: () => () => {
    throw new VigieError('journal-unavailable', { cause: 'test' })
  },
})

export class TestHub {
  now = Date.UTC(2026, 10, 22, 8)
  readonly accounts = new MemoryAccounts()
  readonly store = new MemorySessions(this.accounts)
  readonly recorded: VigieEvent[] = []
  /** What is left of those shown, by login. */
  readonly recoveryCodes = new Map<string, string[]>()
  readonly logged: { details: object; words: string }[] = []
  readonly queries: EventQuery[] = []
  journal: LiveEvent[] = []
  readonly folder = mkdtempSync(join(tmpdir(), 'vigie-http-'))
  readonly dashboard = join(this.folder, 'dist')
  readonly clock = (): number => this.now
  readonly record = (event: VigieEvent): void => void this.recorded.push(event)
  readonly log = { warn: this.#logged.bind(this), error: this.#logged.bind(this) }
  readonly sessions = new Sessions({
    store: this.store,
    record: this.record,
    log: this.log,
    now: this.clock,
    idleMs: IDLE_MS,
  })
  readonly auth = new Auth({ accounts: this.accounts, record: this.record, log: this.log, now: this.clock })
  readonly refused = new Refused(this.record, this.clock)
  readonly live: Live
  readonly httpOptions: HttpOptions
  readonly http: HttpServer
  readonly clients: LiveClient[] = []
  /** Rows that acts have written past the bus. */
  readonly acted: Recorded[] = []
  /** What is going on; a test replaces it. */
  situations: Situations = CALM
  namesJoined = 0
  httpPort = 0
  httpsPort = 0

  constructor({
    devicePlugins = [],
    events = q => this.#page(q),
    held,
    readWindowMs,
    acts = NO_ACTS,
    ...more
  }: HubOptions) {
    const { handshakeTimeoutMs, socketsPerAddress, plugins = [] } = more
    const names = { person: (p: string) => this.#nameOf(p) }
    this.live = new Live({
      gate: socketGate(this.sessions, this.refused),
      names,
      events,
      hub: this.health,
      situations: reach => viewOf(this.situations, this.live.model.site(), names, this.now, reach),
      acted: after => ({
        rows: this.acted.filter(r => r.seq > after),
        seq: Math.max(after, ...this.acted.map(r => r.seq)),
      }),
      now: this.clock,
      log: this.log,
      ...(held !== undefined && { held }),
    })
    this.httpOptions = {
      httpPort: 0,
      httpsPort: 0,
      tls: tlsMaterial(),
      auth: this.auth,
      sessions: this.sessions,
      model: {
        site: () => this.live.model.site(),
        devices: () => this.live.model.devices(),
        device: id => this.live.model.device(id),
        pointsOf: device => this.live.model.pointsOf(device),
        foundBehind: () => [],
      },
      events,
      reads: new JournalReads(this.record, this.log, readWindowMs),
      health: this.health,
      acts,
      refused: this.refused,
      now: this.clock,
      log: this.log,
      dashboard: this.dashboard,
      devicePlugins,
      plugins,
      ...(handshakeTimeoutMs !== undefined && { handshakeTimeoutMs }),
      ...(socketsPerAddress !== undefined && { socketsPerAddress }),
    }
    this.http = new HttpServer(this.httpOptions)
  }

  readonly health = (): HubState => ({
    version: 'test',
    startedAt: 0,
    journal: { writable: true, rows: 0 },
    devicesOnline: 0,
    devicesKnown: 0,
  })

  async start(): Promise<this> {
    Object.assign(this, await this.http.start())
    this.live.attach(this.http.servers)
    this.http.servers[0]?.on('upgrade', this.#watchUpgrade)
    return this
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.disconnect()
    await this.live.stop()
    await this.http.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** One request over a socket of its own, with whatever headers the test wants, Host included. */
  ask(path: string, { method = 'GET', headers = {}, body, cookie, tls = false, from }: Ask = {}): Promise<Answer> {
    const sent = typeof body === 'object' ? JSON.stringify(body) : body
    const all = {
      ...(sent !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(sent)),
      }),
      ...(cookie && { cookie }),
      ...headers,
    }
    const options = {
      host: '127.0.0.1',
      port: tls ? this.httpsPort : this.httpPort,
      path,
      method,
      headers: all,
      agent: false as const,
      ...(from !== undefined && { localAddress: from }),
    }
    return new Promise((resolve, reject) => {
      const request = tls ? httpsRequest({ ...options, ca: tlsMaterial().ca }) : httpRequest(options)
      request.on('error', reject)
      request.on('response', response => {
        const chunks: Buffer[] = []
        response.on('error', reject)
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: <T>() => JSON.parse(text) as T,
          })
        })
      })
      request.end(sent)
    })
  }

  /** The administrator `claire` exists afterwards, with a code generator and recovery codes. @returns her session's cookie */
  async setUp(): Promise<string> {
    const token = await this.auth.newSetupToken()
    const who = { token, login: 'claire', name: 'Claire Marchand', password: PASSWORD }
    const begun = await this.ask('/api/v1/setup', { method: 'POST', body: who })
    return this.enrol(cookieOf(begun))
  }

  /** From a session that owes setting a second factor up. @returns the cookie it has then */
  async enrol(cookie: string): Promise<string> {
    const { secret } = (await this.ask('/api/v1/account/totp', { method: 'POST', cookie })).json<TotpOffer>()
    const body = { code: codeAt(secret, this.now) }
    const done = await this.ask('/api/v1/account/totp', { method: 'PUT', cookie, body })
    const { recoveryCodes, session } = done.json<FactorAdded>()
    if (recoveryCodes) this.recoveryCodes.set(session.operator?.login ?? '', [...recoveryCodes])
    return cookieOf(done)
  }

  /** Somebody with this role, everywhere or in some zones, signed in a moment ago. @returns the session's cookie */
  async signInAs(role: Role, zones?: readonly string[], named?: string): Promise<string> {
    const { passwordHash = '' } = this.accounts.byLogin('claire') ?? {}
    const login = named ?? (zones ? `${role}-${zones.join('-')}` : role)
    const operator = this.accounts.add({ login, role, passwordHash, ...(zones && { zones }) })
    const id = await this.sessions.open({ operator, stage: 'in', steppedUp: true, client: '', address: '' })
    return `${SESSION_COOKIE}=${id}`
  }

  /** All the way in, by password and recovery code. @returns the session's cookie */
  async signInWhole(login = 'claire'): Promise<string> {
    const cookie = cookieOf(await this.signIn(PASSWORD, login))
    const body = { recovery: this.recoveryCodes.get(login)?.shift() }
    return cookieOf(await this.ask('/api/v1/session/factor', { method: 'POST', cookie, body }))
  }

  signIn(password = PASSWORD, login = 'claire', more: Ask = {}): Promise<Answer> {
    return this.ask('/api/v1/session', { method: 'POST', body: { login, password }, ...more })
  }

  connect(
    cookie: string | undefined,
    { cursor, origin, tls = false }: { cursor?: number; origin?: string; tls?: boolean } = {},
  ): LiveClient {
    const address = tls ? `https://127.0.0.1:${this.httpsPort}` : `http://127.0.0.1:${this.httpPort}`
    const client: LiveClient = io(address, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: cursor === undefined ? {} : { cursor },
      extraHeaders: { origin: origin ?? address, ...(cookie && { cookie }) },
      ...(tls && { ca: tlsMaterial().ca }),
    })
    this.clients.push(client)
    return client
  }

  /** Open TCP sockets of the plain listener that were upgraded: held by hand, because Node forgets them. */
  readonly #upgraded = new Set<Duplex>()
  #allClosed: () => void = () => undefined
  readonly #watchUpgrade = (_: unknown, socket: Duplex): void => {
    this.#upgraded.add(socket)
    socket.once('close', () => {
      this.#upgraded.delete(socket)
      if (this.#upgraded.size === 0) this.#allClosed()
    })
  }
  openSockets(): number {
    return this.#upgraded.size
  }
  socketsClosed(): Promise<void> {
    return within(5_000, 'sockets still open', done => {
      this.#allClosed = () => done(undefined)
      if (this.#upgraded.size === 0) done(undefined)
    })
  }
  build(): void {
    mkdirSync(join(this.dashboard, 'assets'), { recursive: true })
    writeFileSync(join(this.dashboard, 'index.html'), '<!doctype html><title>Vigie</title>')
    writeFileSync(join(this.dashboard, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    writeFileSync(join(this.dashboard, 'assets', 'index-a1b2c3.js'), 'export {}')
    writeFileSync(join(this.folder, 'secret.txt'), 'outside')
  }

  #nameOf(pseudonym: string): { name: string; role: string } | undefined {
    this.namesJoined += 1
    return pseudonym === 'p-1' ? { name: 'C. Marchand', role: 'Infirmière' } : undefined
  }

  #logged(details: object, words: string): void {
    this.logged.push({ details, words })
  }

  /** Newest first, as the journal answers. */
  #page(query: EventQuery): EventPage {
    this.queries.push(query)
    return {
      events: this.journal
        .filter(e => (query.before === undefined || e.seq < query.before) && !query.except?.includes(e.kind))
        .toSorted((a, b) => b.seq - a.seq)
        .slice(0, query.limit),
    }
  }
}

export async function startHub(options: HubOptions = {}): Promise<TestHub> {
  const hub = new TestHub(options)
  if (options.dashboard !== 'missing') hub.build()
  return hub.start()
}

export const cookieOf = (answer: Answer): string => {
  const set = answer.headers['set-cookie']?.[0] ?? ''
  return set.startsWith(`${SESSION_COOKIE}=`) ? set.split(';', 1)[0]! : ''
}

interface Listening {
  once(event: string, done: (value: never) => void): unknown
}
const listening = (client: LiveClient): Listening => client

/** The next time a client hears this, or an error after the deadline. */
export function heard<E extends keyof ServerEvents>(
  client: LiveClient,
  event: E,
  deadlineMs = 10_000,
): Promise<Parameters<ServerEvents[E]>[0]> {
  return within(deadlineMs, `no ${event}`, done => listening(client).once(event, done))
}
export const gone = (client: LiveClient): Promise<string> =>
  within(10_000, 'still connected', done => client.once('disconnect', done))

function within<T>(deadlineMs: number, words: string, listen: (done: (value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${words} within ${deadlineMs} ms`)), deadlineMs)
    listen(value => {
      clearTimeout(timer)
      resolve(value)
    })
  })
}
