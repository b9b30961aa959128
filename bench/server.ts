/** A server under test as a child: started, measured from outside, stopped. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { collectGarbage } from './garbage.ts'
import { type Child, cleanEnv, SERVER_CORE, startChild } from './processes.ts'

const STOP_MS = 15_000
const READY_MS = 60_000
const TICKS_PER_SECOND = 100
/** Pino's number for `warn`. */
const WARN_LEVEL = 40

/** What a server prints: `ready` with its port, the baseline's counts at its end, the hub's log. */
export interface Line {
  readonly msg?: string
  readonly level?: number
  readonly mqttPort?: number
  readonly httpPort?: number
  readonly url?: string
  readonly answered?: number
  readonly readings?: number
}

export class Server {
  readonly #child: Child
  readonly #complaints: string[] = []
  #port = 0
  #httpPort = 0
  #setupUrl = ''
  #ready = false
  #last: Line = {}

  private constructor(child: Child) {
    this.#child = child
    createInterface({ input: child.stderr }).on('line', line => this.#complaints.push(line))
    createInterface({ input: child.stdout }).on('line', line => this.#read(line))
  }

  /** @param args program and arguments @throws Error with its last words if it does not become ready */
  static async start(args: readonly string[], env: NodeJS.ProcessEnv = cleanEnv()): Promise<Server> {
    const server = new Server(startChild(SERVER_CORE, ['--inspect-port=127.0.0.1:0', ...args], env))
    await server.#untilReady(args.find(a => a.endsWith('.ts')) ?? 'a server')
    return server
  }

  get port(): number {
    return this.#port
  }
  /** Plain HTTP, on loopback; 0 where there is none. */
  get httpPort(): number {
    return this.#httpPort
  }

  /** While nobody has set it up. */
  get setupUrl(): string {
    return this.#setupUrl
  }

  /** User and system time of all its threads, milliseconds in steps of ten. NaN where the system does not tell. */
  get cpuMs(): number {
    const stat = this.#proc('stat')
    if (!stat) return Number.NaN
    // The program's name may hold spaces; the fields behind its closing bracket do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
  }

  /** Resident memory, KiB. NaN where the system does not tell. */
  get rssKiB(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(this.#proc('status') ?? '')?.[1] ?? Number.NaN)
  }

  collectGarbage(): Promise<void> {
    return collectGarbage(this.#child)
  }

  /** @returns the last line it printed. @throws Error if it had ended before, or does not end well. */
  async stop(): Promise<Line> {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`a server ended early: ${this.#words}`)
    const gone = once(child, 'close')
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await gone
    clearTimeout(late)
    if (child.exitCode !== 0)
      throw new Error(`a server ended with ${child.exitCode ?? child.signalCode}: ${this.#words}`)
    return this.#last
  }

  get #words(): string {
    return this.#complaints.slice(-5).join(' | ')
  }

  #read(text: string): void {
    const line = text.startsWith('{') ? (JSON.parse(text) as Line) : {}
    this.#last = line
    if (line.msg === 'ready') this.#begun(line)
    else if (line.msg === 'setup') this.#setupUrl = line.url ?? ''
    else if ((line.level ?? 0) >= WARN_LEVEL) this.#complaints.push(text)
  }

  #begun({ mqttPort = 0, httpPort = 0 }: Line): void {
    this.#port = mqttPort
    this.#httpPort = httpPort
    this.#ready = true
  }

  #proc(file: string): string | undefined {
    try {
      return readFileSync(`/proc/${this.#child.pid}/${file}`, 'utf8')
    } catch {
      return undefined // no /proc on this system: the row says so
    }
  }

  async #untilReady(name: string): Promise<void> {
    const child = this.#child
    const late = setTimeout(() => child.kill('SIGKILL'), READY_MS)
    while (!this.#ready && child.exitCode === null && child.signalCode === null)
      await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
    clearTimeout(late)
    if (!this.#ready) throw new Error(`${name} did not start: ${this.#words}`)
  }
}
