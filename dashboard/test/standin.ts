/** Stands in for the hub: hub/api.ts over real HTTP and socket.io, with the hub's own Content-Security-Policy. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { Server, type Socket } from 'socket.io'
import type {
  ClientEvents,
  DeviceState,
  EvacuationMuster,
  HubState,
  LiveEvent,
  OperatorRole,
  PointState,
  Review,
  ServerEvents,
  SituationsView,
} from '#hub/api.ts'
import { CAPABILITIES_OF } from '#hub/rules/roles.ts'
import { type Hospital, hospital, night } from './hospital.ts'
import { type AccountOptions, AccountStandIn, type Refused } from './standin-account.ts'
import { OperatorsStandIn } from './standin-operators.ts'

export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}
export const ACCOUNT = { login: 'b.kessler', password: 'correct horse battery', name: 'Bruno Kessler' }
const SIGNED_OUT = 'vigie=; Path=/; Max-Age=0'
const SETUP_TOKEN = 'setup-token-1234'
/** Inside a watch: just after 08:00 and 20:00 the page has no reason to read further back by itself. */
export const NIGHT = Date.parse('2026-03-18T01:47:00Z')
type HubSocket = Socket<ClientEvents, ServerEvents>

export interface StandInOptions {
  readonly dist: string
  /** Rows in the journal at start. */
  readonly history?: number
  readonly now?: number
  /** The hospital is changed before anyone sees it. */
  readonly alter?: (h: Hospital) => void
  readonly setupNeeded?: boolean
  /** Of whoever signs in; security. */
  readonly role?: OperatorRole
  /** What the account has beside its password, and how strict the hub is; nothing and not at all. */
  readonly account?: AccountOptions
}
const CALM: SituationsView = {
  lockdowns: [],
  evacuations: [],
  awaited: [],
  breakGlass: [],
  reviews: { open: 0, overdue: 0 },
}

const CONTACT = { language: 'fr', mail: true, address: 's@hopital.example', ways: ['mail', 'sms'], revision: 0 }

export class StandIn {
  readonly hospital: Hospital
  readonly journal: LiveEvent[]
  readonly #options: StandInOptions
  readonly #http: HttpServer
  readonly #io: Server<ClientEvents, ServerEvents>
  readonly account: AccountStandIn
  readonly managed: OperatorsStandIn
  readonly #startedAt: number
  #setupNeeded: boolean
  readonly #beating = (): NodeJS.Timeout => setInterval(() => this.emit([]), 5000)
  #beat = this.#beating()
  #letIn = true
  #writable = true
  /** What each connection named as its cursor, in order. */
  readonly cursors: (number | undefined)[] = []
  readonly requests: string[] = []
  /** What acts were asked for, with their bodies, in order. */
  readonly acts: { readonly route: string; readonly body: Record<string, unknown> }[] = []
  situations: SituationsView = CALM
  reviews: Review[] = []
  muster: EvacuationMuster = { plan: 'all', name: 'Tout l’hôpital', inside: [], safe: [], onDutyUnknown: [] }
  /** An act the hub refuses, by its route. */
  refuses: { readonly route: string; readonly status: number; readonly code: string } | undefined

  constructor(options: StandInOptions) {
    this.#options = options
    this.#startedAt = Date.now()
    this.hospital = hospital(this.now())
    const role = options.role ?? 'security'
    this.account = new AccountStandIn({ ...ACCOUNT, role }, CAPABILITIES_OF[role], options.account)
    this.managed = new OperatorsStandIn(() => this.now())
    options.alter?.(this.hospital)
    this.journal = night(this.hospital, options.history ?? 60, this.now())
    this.#setupNeeded = options.setupNeeded ?? false
    this.#http = createServer((req, res) => void this.#answer(req, res))
    this.#io = new Server(this.#http, { transports: ['websocket'], serveClient: false })
    this.#io.use((socket, next) =>
      this.#letIn && this.#knows(socket.handshake.headers.cookie) ? next() : next(new Error('not-signed-in')),
    )
    this.#io.on('connection', socket => this.#greet(socket))
  }
  now(): number {
    return (this.#options.now ?? this.#startedAt) + (Date.now() - this.#startedAt)
  }
  async start(): Promise<string> {
    await new Promise<void>(resolve => this.#http.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }
  async stop(): Promise<void> {
    clearInterval(this.#beat)
    await this.#io.close()
  }
  get setupLink(): string {
    return `/setup#token=${SETUP_TOKEN}`
  }

  /** Journals events and shows them, with the points and devices that changed, in one frame. */
  emit(
    events: readonly Omit<LiveEvent, 'seq' | 'at'>[],
    points: readonly PointState[] = [],
    devices: readonly DeviceState[] = [],
  ): LiveEvent[] {
    const rows = events.map((e, i) => ({ ...e, seq: this.#cursor() + 1 + i, at: this.now() }))
    this.journal.push(...rows)
    for (const p of points) this.hospital.points.set(`${p.device}/${p.point}`, p)
    for (const d of devices) this.hospital.devices.set(d.id, d)
    this.#io.emit('frame', {
      now: this.now(),
      cursor: this.#cursor(),
      events: rows,
      points: [...points],
      devices: [...devices],
      hub: this.#hub(),
      situations: this.situations,
    })
    return rows
  }
  /** Something else is going on now. */
  happens(change: Partial<SituationsView>, events: readonly Omit<LiveEvent, 'seq' | 'at'>[] = []): void {
    this.situations = { ...this.situations, ...change }
    this.emit(events)
  }
  /** Changes one point, with its event. */
  point(
    device: string,
    point: string,
    change: Partial<PointState>,
    kind: LiveEvent['kind'],
    more: Partial<LiveEvent> = {},
  ): void {
    const old = this.hospital.points.get(`${device}/${point}`)
    if (!old) throw new Error(`no point ${device}/${point}`)
    const place = {
      device,
      point,
      ...(old.zone ? { zone: old.zone } : {}),
      ...(old.accessPoint ? { accessPoint: old.accessPoint } : {}),
    }
    this.emit([{ kind, ...place, ...more }], [{ ...old, ...change, since: this.now() }])
  }
  device(id: string, change: Partial<DeviceState>, kind: LiveEvent['kind']): void {
    const old = this.hospital.devices.get(id)
    if (!old) throw new Error(`no device ${id}`)
    this.emit([{ kind, device: id, ...(old.zone ? { zone: old.zone } : {}) }], [], [{ ...old, ...change }])
  }
  /** Cuts every socket without a word and lets nobody in until `reopen`. */
  cut(): void {
    this.#letIn = false
    for (const socket of this.#io.sockets.sockets.values()) socket.conn.transport.close()
  }
  reopen(): void {
    this.#letIn = true
    clearInterval(this.#beat)
    this.#beat = this.#beating()
  }
  /** Stops the frame that comes every 5 s; sockets stay open, but nobody new is let in until `reopen`. */
  hush(): void {
    this.#letIn = false
    clearInterval(this.#beat)
  }
  journalFails(): void {
    this.#writable = false
    this.emit([])
  }
  /** Tells every socket that its session is over, and nothing else. */
  dismiss(why: 'expired' | 'account'): void {
    this.#io.emit('ended', why)
  }
  endSessions(): void {
    this.account.endAll()
    this.#io.emit('ended', 'expired')
  }

  #cursor(): number {
    return this.journal.at(-1)?.seq ?? 0
  }
  #hub(): HubState {
    const online = [...this.hospital.devices.values()].filter(d => d.online).length
    return {
      version: '0.1.0',
      startedAt: this.#startedAt,
      journal: { writable: this.#writable, rows: this.#cursor() },
      devicesOnline: online,
      devicesKnown: this.hospital.devices.size,
    }
  }
  #greet(socket: HubSocket): void {
    const cursor: unknown = socket.handshake.auth.cursor
    this.cursors.push(typeof cursor === 'number' ? cursor : undefined)
    const known = typeof cursor === 'number'
    const since = known ? this.journal.filter(e => e.seq > cursor) : []
    const gap = since.length > 1000
    const missed = known && !gap ? since : this.journal.slice(-200)
    socket.emit('hello', {
      now: this.now(),
      cursor: this.#cursor(),
      points: [...this.hospital.points.values()],
      devices: [...this.hospital.devices.values()],
      hub: this.#hub(),
      situations: this.situations,
      missed,
      gap,
    })
  }
  #knows(cookie: string | undefined): boolean {
    return this.account.stage(idOf(cookie)) === 'in'
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://standin')
    this.requests.push(`${req.method} ${req.url}`)
    res.setHeader('content-security-policy', CSP)
    if (!url.pathname.startsWith('/api/v1/')) return this.#file(url.pathname, res)
    const body = await read(req)
    const route = `${req.method} ${url.pathname.slice(7)}`
    if (route === 'GET /station') return json(res, 200, { paired: false, number: 0 })
    if (route === 'GET /approvals') return json(res, 200, { approvals: [] })
    if (route === 'GET /incidents') return json(res, 200, { incidents: [] })
    if (route === 'GET /account/contact') return json(res, 200, CONTACT)
    if (route === 'GET /account/push') return json(res, 200, { browsers: [] })
    if (route === 'GET /me/access') return json(res, 200, { linked: false })
    if (route === 'GET /session') return json(res, 200, this.#session(req))
    if (route === 'POST /setup') return this.#setup(body, res)
    if (this.account.knows(route)) return this.#account(route, body, req, res)
    if (!this.#knows(req.headers.cookie)) return problem(res, 401, 'not-signed-in', 'Sign in first.')
    if (this.managed.knows(route)) return this.#managed(route, body, req, res)
    if (route === 'GET /site') return json(res, 200, this.hospital.site)
    if (route === 'GET /events') return json(res, 200, this.#events(url.searchParams))
    if (route === 'GET /reviews') return json(res, 200, { reviews: this.reviews })
    if (route === `GET /evacuations/${this.muster.plan}/muster`) return json(res, 200, this.muster)
    if (/ \/(lockdowns|evacuations|reviews)\//.test(route)) return this.#act(route, body, res)
    return problem(res, 404, 'not-found', 'Nothing here.')
  }
  #account(route: string, body: Record<string, unknown>, req: IncomingMessage, res: ServerResponse): void {
    try {
      const { data, cookie } = this.account.answer(route, body, idOf(req.headers.cookie))
      if (cookie !== undefined) res.setHeader('set-cookie', cookie === '' ? SIGNED_OUT : cookieOf(cookie))
      json(res, 200, data)
    } catch (refused) {
      const { status, code, title, field } = refused as Refused
      problem(res, status, code, title, field)
    }
  }
  #managed(route: string, body: Record<string, unknown>, req: IncomingMessage, res: ServerResponse): void {
    try {
      json(res, 200, this.managed.answer(route, body, req.headers['if-match']))
    } catch (refused) {
      const { status, code, title, field } = refused as Refused
      problem(res, status, code, title, field)
    }
  }
  #act(route: string, body: Record<string, unknown>, res: ServerResponse): void {
    this.acts.push({ route, body })
    const { refuses } = this
    if (refuses?.route === route) problem(res, refuses.status, refuses.code, refuses.code)
    else json(res, 200, {})
  }
  #session(req: IncomingMessage): object {
    return this.#setupNeeded ? { setupNeeded: true } : this.account.info(idOf(req.headers.cookie))
  }
  #setup(body: Record<string, unknown>, res: ServerResponse): void {
    if (body.token !== SETUP_TOKEN) problem(res, 401, 'setup-refused', 'This setup link is used or expired.')
    else if (body.password === 'kessler bruno') problem(res, 422, 'password-weak', 'Choose another.', 'password')
    else {
      this.#setupNeeded = false
      const id = this.account.open(this.account.first)
      res.setHeader('set-cookie', cookieOf(id))
      json(res, 200, this.account.info(id))
    }
  }
  #events(query: URLSearchParams): object {
    const before = Number(query.get('before') ?? Infinity)
    const limit = Number(query.get('limit') ?? 50)
    const device = query.get('device')
    const found = this.journal.filter(e => e.seq < before && (device === null || e.device === device)).reverse()
    const events = found.slice(0, limit)
    return { events, ...(found.length > limit ? { next: events.at(-1)!.seq } : {}) }
  }
  async #file(path: string, res: ServerResponse): Promise<void> {
    const name = extname(path) === '' ? '/index.html' : normalize(path)
    const file = await readFile(join(this.#options.dist, name)).catch(() => undefined)
    if (!file) return problem(res, 404, 'not-found', 'Nothing here.')
    res.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream')
    res.end(file)
  }
}

const idOf = (cookie: string | undefined): string => /(?:^|; )vigie=([^;]+)/.exec(cookie ?? '')?.[1] ?? ''
const cookieOf = (id: string): string => `vigie=${id}; Path=/; HttpOnly; SameSite=Strict`
async function read(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>)
}
function json(res: ServerResponse, status: number, body: unknown): void {
  res.statusCode = status
  res.setHeader('content-type', 'application/json')
  res.end(JSON.stringify(body))
}
function problem(res: ServerResponse, status: number, code: string, title: string, field?: string): void {
  json(res, status, { type: 'about:blank', title, status, code, ...(field ? { field } : {}) })
}
