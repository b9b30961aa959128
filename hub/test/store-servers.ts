/** Time series servers for tests: Debian's own influxd and VictoriaMetrics, and one that misbehaves as it is told to. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { freePort } from './free-port.ts'
import { until } from './harness.ts'

const required = process.env.VIGIE_TEST_REQUIRE === 'all'
const isHere = (program: string): boolean => spawnSync(program, ['-version']).error === undefined
export const noInfluxd = !isHere('influxd') && !required
export const noVictoria = !isHere('victoria-metrics') && !required

const START_MS = 60_000

abstract class StoreServer {
  readonly dir = mkdtempSync(join(tmpdir(), 'vigie-store-'))
  port = 0
  #child: ChildProcess | undefined

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** On the port it had, if it had one. */
  async start(): Promise<this> {
    if (this.port === 0) this.port = await freePort()
    const child = spawn(this.program, await this.args(), { stdio: 'ignore' })
    this.#child = child
    await until(`${this.program} to answer`, () => this.#answers(child), START_MS)
    return this
  }

  /** What it had acknowledged is there again after `start()`. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (!child || child.exitCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  /** It takes connections, and says nothing. */
  suspend(): void {
    this.#child?.kill('SIGSTOP')
  }
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async close(): Promise<void> {
    await this.stop('SIGKILL')
    rmSync(this.dir, { recursive: true, force: true })
  }

  protected abstract readonly program: string
  protected abstract readonly health: string
  protected abstract args(): Promise<readonly string[]>

  async #answers(child: ChildProcess): Promise<boolean> {
    if (child.exitCode !== null) throw new Error(`${this.program} ended with ${child.exitCode}`)
    return fetch(`${this.url}${this.health}`).then(
      answer => answer.ok,
      () => false,
    )
  }
}

/** InfluxDB 1.6.7 with authentication: an administrator `vigie`, a password of this run. */
export class Influxd extends StoreServer {
  protected readonly program = 'influxd'
  protected readonly health = '/ping'
  readonly password = Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('hex')
  readonly passwordFile = join(this.dir, 'password')
  readonly #most: number

  /** @param mostBytes of a body: larger ones are refused with 413 */
  constructor(mostBytes = 25_000_000) {
    super()
    this.#most = mostBytes
  }

  protected async args(): Promise<readonly string[]> {
    const file = join(this.dir, 'influxd.conf')
    const at = (name: string): string => JSON.stringify(join(this.dir, name))
    writeFileSync(this.passwordFile, this.password)
    writeFileSync(
      file,
      `reporting-disabled = true
bind-address = "127.0.0.1:${await freePort()}"
[meta]
dir = ${at('meta')}
[data]
dir = ${at('data')}
wal-dir = ${at('wal')}
index-version = "tsi1"
query-log-enabled = false
[http]
bind-address = "127.0.0.1:${this.port}"
auth-enabled = true
log-enabled = false
max-body-size = ${this.#most}
[monitor]
store-enabled = false
`,
    )
    return ['-config', file]
  }

  override async start(): Promise<this> {
    const first = this.port === 0
    await super.start()
    if (first) await this.ask(`create user vigie with password '${this.password}' with all privileges`)
    return this
  }

  get asAdmin(): Record<string, string> {
    return { authorization: `Basic ${Buffer.from(`vigie:${this.password}`).toString('base64')}` }
  }

  /** A statement, as its administrator. */
  async ask(statement: string, database = ''): Promise<unknown> {
    const query = new URLSearchParams({ q: statement, db: database, epoch: 'ms' })
    const answer = await fetch(`${this.url}/query`, { method: 'POST', headers: this.asAdmin, body: query })
    const said = (await answer.json()) as { error?: string; results?: { error?: string }[] }
    const error = said.error ?? said.results?.[0]?.error
    if (error !== undefined) throw new Error(`${statement}: ${error}`)
    return said
  }
}

export class Victoria extends StoreServer {
  protected readonly program = 'victoria-metrics'
  protected readonly health = '/health'

  protected async args(): Promise<readonly string[]> {
    return [
      `-storageDataPath=${join(this.dir, 'data')}`,
      `-httpListenAddr=127.0.0.1:${this.port}`,
      '-retentionPeriod=100y',
      '-search.disableCache',
      '-influxMeasurementFieldSeparator=.',
    ]
  }

  /** All points of the series that fit, as its own API tells them. */
  async exported(match: string): Promise<{ metric: Record<string, string>; values: number[]; timestamps: number[] }[]> {
    await fetch(`${this.url}/internal/force_flush`)
    const query = new URLSearchParams({ 'match[]': match })
    const text = await (await fetch(`${this.url}/api/v1/export?${query}`)).text()
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
  }
}

export interface Heard {
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
/** Answers as it is told, and remembers what it was asked. */
export class FakeStore {
  readonly heard: Heard[] = []
  answer: (heard: Heard, response: ServerResponse) => void = (_, response) => response.writeHead(204).end()
  readonly #server: Server

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', chunk => chunks.push(chunk))
      request.on('end', () => {
        const raw = Buffer.concat(chunks)
        const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString()
        const heard = { url: new URL(request.url ?? '/', 'http://fake'), headers: request.headers, body }
        this.heard.push(heard)
        this.answer(heard, response)
      })
    })
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }
  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
