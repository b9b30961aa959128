/** Where the servers under test stand: a data folder with the site applied, and a certificate for every device. */
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { cleanEnv, runToEnd, SERVER_CORE } from './processes.ts'
import { Server } from './server.ts'
import { makeSite, readerName, sensorName } from './site.ts'

export const SIDES = ['bare', 'ours'] as const
export type Side = (typeof SIDES)[number]

/** Limits that protect a real building from one device are out of the way: the generator plays a thousand from one address. */
const HUB_SETTINGS = {
  VIGIE_MQTT_PORT: '0',
  VIGIE_HTTP_PORT: '0',
  VIGIE_HTTPS_PORT: '0',
  VIGIE_LOG_LEVEL: 'warn',
  VIGIE_DEVICE_RATE: '100000',
  VIGIE_DEVICE_BURST: '100000',
  VIGIE_TOKEN_RATE: '100000',
  VIGIE_MAX_CONNECTIONS: '10000',
  VIGIE_MAX_CONNECTIONS_PER_ADDRESS: '10000',
  // The generator plays no locks: the row "the lock did not answer" would fall into another server's turn.
  VIGIE_UNLOCK_EXPIRY_MS: '60000',
}
const TMPFS = 0x01021994

export class Ground {
  readonly folder: string
  readonly certificates: string
  readonly readers: readonly string[]
  readonly sensors: readonly string[]
  /** The hub's data folder. */
  readonly data: string
  readonly #profiles: string | undefined
  readonly #site: typeof makeSite

  /** Makes an empty folder. @param parent a folder on the disk to measure @param profiles where the hub's CPU profiles go, if anywhere */
  constructor(
    parent: string | undefined,
    readers: number,
    sensors: number,
    profiles?: string,
    site: typeof makeSite = makeSite,
  ) {
    this.#site = site
    if (parent !== undefined) mkdirSync(parent, { recursive: true })
    this.folder = mkdtempSync(join(parent ?? tmpdir(), 'vigie-bench-'))
    this.certificates = join(this.folder, 'certificates')
    this.data = join(this.folder, 'data')
    this.#profiles = profiles && resolve(profiles)
    this.readers = Array.from({ length: readers }, (_, i) => readerName(i))
    this.sensors = Array.from({ length: sensors }, (_, i) => sensorName(i))
  }

  /** Applies the site and enrols every device. @throws Error what the hub's command line said */
  async furnish(): Promise<void> {
    const file = join(this.folder, 'site.json')
    writeFileSync(file, JSON.stringify(this.#site(this.readers.length, this.sensors.length)))
    const vigie = (...args: string[]) => runToEnd(SERVER_CORE, ['hub/cli.ts', ...args, '--json'], this.#env)
    await vigie('apply', file)
    await vigie('device', 'add', '--declared', '--out', this.certificates)
    const first = await this.start('ours') // makes the server's certificate, which both sides show
    await first.stop()
  }

  /** A file system in memory has no fsync to speak of: every figure about the disk means nothing there. */
  get inMemory(): boolean {
    return statfsSync(this.folder).type === TMPFS
  }

  /** @param more settings of the hub */
  start(side: Side, more: NodeJS.ProcessEnv = {}): Promise<Server> {
    if (side === 'ours') return Server.start([...this.#profiling, 'hub/main.ts'], { ...this.#env, ...more })
    const server = join(this.data, 'pki', 'server.pem')
    return Server.start(['bench/bare.ts', '--server', server, '--ca', join(this.certificates, 'ca.cert.pem')])
  }

  /** Tried again while a killed server's last write is still on its way. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }

  /** One file for each run and thread, written when the hub ends. It costs a few percent. */
  get #profiling(): string[] {
    return this.#profiles === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', this.#profiles]
  }

  get #env(): NodeJS.ProcessEnv {
    return cleanEnv({ ...HUB_SETTINGS, VIGIE_DATA_DIR: this.data })
  }
}
