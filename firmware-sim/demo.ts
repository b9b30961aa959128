/**
 * `npm run demo`: the hub and the virtual hospital, on nothing but this folder.
 *
 *   build    the dashboard, if it is missing or older than its sources
 *   hub      started as a child; ports that are taken are replaced by free ones
 *   site     the hospital's file is applied, its devices get their certificates
 *   live     the hospital runs until Ctrl-C; then the devices stop first, the hub last
 *
 * A second start finds everything where it was: same badges, same certificates, sequence numbers going on.
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { dashboardIsStale, devicesToRenew, siteFile } from './demo-files.ts'
import { describe, SimFailure } from './failure.ts'
import { SITE_ID } from './hospital.ts'
import { HubProcess, portIsFree, type Ready } from './hub-process.ts'
import { runProgram } from './run-program.ts'
import { VirtualHospital } from './virtual-hospital.ts'

const ROOT = resolve(import.meta.dirname, '..')
const SPEED = 60
const PORTS = { VIGIE_MQTT_PORT: 8883, VIGIE_HTTP_PORT: 8080, VIGIE_HTTPS_PORT: 8443 } as const

const say = (...lines: string[]): boolean => process.stdout.write(`${lines.map(l => `  ${l}`.trimEnd()).join('\n')}\n`)

class Demo {
  readonly #data: string
  readonly #env: NodeJS.ProcessEnv
  readonly #signal: AbortSignal
  readonly #hub: HubProcess
  #hospital: VirtualHospital | undefined
  #setupUrl: string | undefined
  #complete = false

  constructor(data: string, env: NodeJS.ProcessEnv, signal: AbortSignal, onDied: (words: string) => void) {
    this.#data = data
    this.#env = { ...env, VIGIE_DATA_DIR: data }
    this.#signal = signal
    this.#hub = new HubProcess({
      main: join(ROOT, 'hub/main.ts'),
      cwd: ROOT,
      env: this.#env,
      logFile: join(data, 'hub.log'),
      onDied,
      onSetup: url => {
        this.#setupUrl = url
      },
    })
  }

  async start(): Promise<void> {
    await mkdir(this.#data, { recursive: true, mode: 0o700 })
    await this.#build()
    await this.#choosePorts()
    this.#signal.throwIfAborted()
    const ready = await this.#hub.start()
    this.#signal.throwIfAborted()
    const certs = await this.#furnish()
    this.#welcome(ready)
    await this.#live(ready, certs)
  }

  /** @returns true if everything ended well. */
  async stop(): Promise<boolean> {
    await this.#hospital?.stop()
    return this.#hub.stop()
  }

  abandon(): void {
    this.#hub.abandon()
  }

  async #build(): Promise<void> {
    if (!(await dashboardIsStale(join(ROOT, 'dashboard')))) return
    say('Construction du tableau de bord… / Building the dashboard…')
    await this.#run(['node_modules/.bin/vite', 'build', 'dashboard'])
  }

  async #choosePorts(): Promise<void> {
    for (const [name, port] of Object.entries(PORTS)) {
      if (this.#env[name] || (await portIsFree(port))) continue
      this.#env[name] = '0'
      say(`Port ${port} occupé\u202f: un port libre le remplace. / Port ${port} is taken: a free one replaces it.`)
    }
  }

  /** The site's file, and a certificate in the folder for every device. @returns that folder */
  async #furnish(): Promise<string> {
    const certs = join(this.#data, 'hospital/certs')
    await mkdir(certs, { recursive: true, mode: 0o700 })
    await this.#run(['hub/cli.ts', 'apply', await siteFile(this.#data)])
    await this.#run(['hub/cli.ts', 'device', 'add', '--declared', '--out', certs, '--json'])
    for (const id of await devicesToRenew(certs))
      await this.#run(['hub/cli.ts', 'device', 'renew', id, '--out', certs, '--json'])
    return certs
  }

  async #live({ mqttPort }: Ready, certsFolder: string): Promise<void> {
    this.#signal.throwIfAborted()
    this.#hospital = new VirtualHospital({
      url: `mqtts://127.0.0.1:${mqttPort}`,
      siteId: SITE_ID,
      certsFolder,
      stateFolder: join(this.#data, 'hospital/state'),
      seed: 1,
      speed: SPEED,
      onEvent: ({ what }) => {
        if (what === 'online') this.#tellWhenComplete()
      },
    })
    await this.#hospital.start()
  }

  #tellWhenComplete(): void {
    if (this.#complete || !this.#hospital || this.#hospital.online < this.#hospital.size) return
    this.#complete = true
    say(`${this.#hospital.size} appareils en ligne. / ${this.#hospital.size} devices online.`, '')
  }

  #welcome({ httpPort }: Ready): void {
    const setup = this.#setupUrl
      ? [
          '',
          'Premier démarrage\u202f: créez le compte administrateur avec ce lien, valable une seule fois.',
          'First start: create the administrator with this link. It works once.',
          '',
          `    ${this.#setupUrl}`,
        ]
      : []
    say(
      '',
      'Vigie · Hôpital de campagne des Prés-Hauts',
      '',
      `Ouvrir / Open    http://localhost:${httpPort}/`,
      ...setup,
      '',
      `Temps × ${SPEED} / Time × ${SPEED}`,
      `Données / Data   ${this.#data}`,
      'Ctrl-C arrête tout. / Ctrl-C stops everything.',
      '',
    )
  }

  #run = (args: readonly string[]): Promise<void> =>
    runProgram(args, { cwd: ROOT, env: this.#env, signal: this.#signal })
}

/** Runs until a signal or the hub's end. @returns the exit code */
async function main(env: NodeJS.ProcessEnv): Promise<number> {
  const stop = new AbortController()
  const ended = new Promise<void>(done => stop.signal.addEventListener('abort', () => done(), { once: true }))
  let died: string | undefined
  const demo = new Demo(resolve(env.VIGIE_DATA_DIR || './data/demo'), env, stop.signal, words => {
    died = words
    stop.abort()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  process.on('exit', () => demo.abandon())

  const started = demo.start().then(() => ended)
  const failure = await Promise.race([started, ended]).then(
    () => undefined,
    (error: unknown) => error,
  )
  const asked = stop.signal.aborted && died === undefined
  if (asked) say('Arrêt… / Stopping…')
  const clean = await demo.stop()
  if (asked && clean) return 0
  const trouble =
    died === undefined ? failure : new SimFailure(`The hub stopped: ${died}`, `Le hub s’est arrêté\u202f: ${died}`)
  process.stderr.write(
    `${describe(trouble ?? new SimFailure('The hub did not stop cleanly; see hub.log.', 'Le hub ne s’est pas arrêté proprement\u202f; voir hub.log.'))}\n`,
  )
  return 1
}

process.exit(await main(process.env))
