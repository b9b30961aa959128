/** The hub as a child of the demo: started, listened to, stopped. It is the same program that `npm start` runs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { SimFailure } from './failure.ts'

export interface Ready {
  readonly mqttPort: number
  readonly httpPort: number
  readonly httpsPort: number
  readonly pid: number
}
export interface HubOptions {
  /** The hub's main.ts. */
  readonly main: string
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly logFile: string
  /** The one-time link, on a first start only. */
  readonly onSetup: (url: string) => void
  /** It ended although nobody asked it to. */
  readonly onDied: (lastError: string) => void
}

const LEASH = new URL('leash.ts', import.meta.url).href
const READY_MS = 60_000
const STOP_MS = 20_000
const LOG_LIMIT_BYTES = 10_000_000
/** Pino's number for `error`. */
const ERROR_LEVEL = 50

export class HubProcess {
  readonly #options: HubOptions
  #child: ChildProcess | undefined
  #stopping = false
  #ready = false
  #lastError = ''
  #onReady: (ready: Ready) => void = () => undefined

  constructor(options: HubOptions) {
    this.#options = options
  }

  /** Resolves with the ports it listens on. @throws SimFailure with its last error if it ends first or takes over a minute. */
  async start(): Promise<Ready> {
    const { main, cwd, env, logFile } = this.#options
    const log = openLog(logFile)
    // A process group of its own: Ctrl-C reaches the demo only, which stops the devices before the hub.
    const child = spawn(process.execPath, ['--import', LEASH, main], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child = child
    for (const stream of [child.stdout!, child.stderr!])
      createInterface({ input: stream }).on('line', line => this.#read(line, log))
    child.once('close', () => log.end())
    return this.#untilReady(child)
  }

  /** Asks it to end, and waits. @returns true if it ended well; before it was ready, also by the signal itself. */
  async stop(): Promise<boolean> {
    this.#stopping = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return child === undefined || endedWell(child)
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    const last = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await gone
    clearTimeout(last)
    return endedWell(child) || (!this.#ready && child.signalCode === 'SIGTERM')
  }

  /** For the very last moment, when nothing can be waited for any more. */
  abandon(): void {
    this.#child?.kill('SIGTERM')
  }

  #untilReady(child: ChildProcess): Promise<Ready> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new SimFailure('The hub is not ready after 60 s.', 'Le hub n’est pas prêt après 60\u00a0s.')),
        READY_MS,
      )
      this.#onReady = ready => {
        this.#ready = true
        clearTimeout(late)
        resolve(ready)
      }
      child.once('error', reject)
      // 'close', not 'exit': its last words have been read by then.
      child.once('close', (code, signal) => {
        clearTimeout(late)
        const words = this.#lastError || (signal ? `ended by ${signal}` : `exit code ${code}`)
        reject(new SimFailure(`The hub stopped: ${words}`, `Le hub s’est arrêté\u202f: ${words}`))
        if (!this.#stopping) this.#options.onDied(words)
      })
    })
  }

  #read(line: string, log: WriteStream): void {
    log.write(`${line}\n`)
    const entry = parse(line)
    if (!entry) {
      // Of a stack trace the line that names the error, not the frames or Node's version below it.
      if (/^(Uncaught )?\w*Error\b/.test(line)) this.#lastError = line
      return
    }
    if (entry.msg === 'setup' && typeof entry.url === 'string') this.#options.onSetup(entry.url)
    if (entry.msg === 'ready' && typeof entry.mqttPort === 'number') this.#onReady(entry as unknown as Ready)
    if (
      typeof entry.level === 'number' ? entry.level >= ERROR_LEVEL : entry.level === 'error' || entry.level === 'fatal'
    )
      this.#lastError = wordsOf(entry)
  }
}

const endedWell = (child: ChildProcess): boolean => child.exitCode === 0

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch {
    return undefined // half a line of a dying process: kept in the log as it is
  }
}

function wordsOf({ msg, err }: Record<string, unknown>): string {
  const cause = typeof err === 'object' && err !== null && 'message' in err ? String(err.message) : ''
  return [...new Set([msg, cause].filter(Boolean).map(String))].join(': ')
}

/** Owner only: the log of a first start holds the setup link. */
function openLog(file: string): WriteStream {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`)
  return createWriteStream(file, { flags: 'a', mode: 0o600 })
}

/** Whether a port can be listened on, on every address. */
export async function portIsFree(port: number): Promise<boolean> {
  const server = createServer()
  const free = new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
  return free
}
