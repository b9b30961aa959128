/** Log servers for tests: rsyslog itself with TLS, and one that misbehaves as it is told to. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { TestAuthority } from '../transport/testing/certificates.ts'
import { until } from './harness.ts'

const RSYSLOG = ['/usr/sbin/rsyslogd', '/usr/bin/rsyslogd'].find(existsSync)
/** Of the Debian package rsyslog-gnutls. */
const GNUTLS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib'].some(dir =>
  existsSync(join(dir, 'rsyslog/lmnsd_gtls.so')),
)
export const noRsyslog = !(RSYSLOG && GNUTLS) && process.env.VIGIE_TEST_REQUIRE !== 'all'
export const noXmllint =
  spawnSync('xmllint', ['--version']).error !== undefined && process.env.VIGIE_TEST_REQUIRE !== 'all'

/** The configuration that docs/forwarding.md shows: what installers copy is what the tests run. */
const documented = (): string => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/forwarding.md'), 'utf8')
  const [, text] = /```rsyslog\n([\s\S]*?)```/.exec(page) ?? []
  if (text === undefined) throw new Error('docs/forwarding.md shows no configuration of rsyslog')
  return text
}

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, 'localhost', () => resolve(true))
    socket.on('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

export class Rsyslog {
  readonly dir = mkdtempSync(join(tmpdir(), 'vigie-rsyslog-'))
  readonly authority: TestAuthority
  #child: ChildProcess | undefined
  #port = 0

  constructor(authority = new TestAuthority('Log authority')) {
    this.authority = authority
    const [server, client] = [authority.issue('localhost'), authority.issue('hub')]
    const files = {
      'ca.pem': authority.cert,
      'server.pem': server.cert,
      'server.key': server.key,
      'client.pem': client.cert,
      'client.key': client.key,
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(this.file(name), text, { mode: 0o600 })
    mkdirSync(this.file('log'))
  }

  file(name: string): string {
    return join(this.dir, name)
  }
  get address(): string {
    return `tls://localhost:${this.#port}`
  }
  /** Settings of a hub that sends here. */
  get settings(): Record<string, string> {
    return {
      VIGIE_SYSLOG: this.address,
      VIGIE_SYSLOG_CA: this.file('ca.pem'),
      VIGIE_SYSLOG_CERT: this.file('client.pem'),
      VIGIE_SYSLOG_KEY: this.file('client.key'),
    }
  }

  /** Again on the port of the run before. */
  async start(): Promise<void> {
    const portFile = this.file('port')
    rmSync(portFile, { force: true })
    const text = documented()
      .replaceAll('/etc/rsyslog.d/vigie/', `${this.dir}/`)
      .replaceAll('/var/log/vigie/', `${this.file('log')}/`)
      .replace('port="6514"', `port="${this.#port}" listenPortFileName="${portFile}"`)
    writeFileSync(this.file('rsyslog.conf'), `global(workDirectory="${this.dir}")\n${text}`)
    const args = ['-n', '-f', this.file('rsyslog.conf'), '-i', this.file('pid')]
    const child = spawn(RSYSLOG ?? 'rsyslogd', args, { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    await until('rsyslog listens', async () => {
      if (child.exitCode !== null) throw new Error(`rsyslog ended: ${said}`)
      if (this.#port === 0 && existsSync(portFile)) this.#port = Number(readFileSync(portFile, 'utf8'))
      return this.#port !== 0 && (await answers(this.#port))
    })
  }

  /** What arrived, byte for byte: one message a line. */
  get lines(): readonly string[] {
    const file = join(this.file('log'), 'rows.log')
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  /** Stands still, with its connections open. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async close(): Promise<void> {
    this.resume()
    await this.stop('SIGKILL')
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** Takes messages as RFC 5425 frames them, or takes connections and reads nothing. */
export class OddLogServer {
  readonly authority: TestAuthority
  readonly messages: string[] = []
  readonly sockets = new Set<TLSSocket>()
  hangs = false
  #server: Server | undefined
  #port = 0

  constructor(authority = new TestAuthority('Log authority')) {
    this.authority = authority
  }

  get port(): number {
    return this.#port
  }

  /** Again on the port of the run before. */
  async start(name = 'localhost'): Promise<void> {
    const { key, cert } = this.authority.issue(name)
    const server = createServer({ key, cert }, socket => this.#taken(socket))
    this.#server = server
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    this.#port = (server.address() as AddressInfo).port
  }

  #taken(socket: TLSSocket): void {
    this.sockets.add(socket)
    socket.on('close', () => this.sockets.delete(socket))
    socket.on('error', () => undefined)
    if (this.hangs) {
      socket.pause()
      return
    }
    let waiting = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      waiting = Buffer.concat([waiting, chunk])
      waiting = this.#frames(waiting)
    })
  }

  #frames(bytes: Buffer): Buffer<ArrayBuffer> {
    let rest = Buffer.from(bytes)
    for (;;) {
      const [head, count] = /^([1-9]\d{0,6}) /.exec(rest.subarray(0, 8).toString('latin1')) ?? []
      if (head === undefined || rest.length < head.length + Number(count)) return rest
      this.messages.push(rest.subarray(head.length, head.length + Number(count)).toString('utf8'))
      rest = rest.subarray(head.length + Number(count))
    }
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of this.sockets) socket.destroy()
    await closed
    this.#server = undefined
  }
}
