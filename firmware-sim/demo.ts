/**
 * `npm run demo`: the hub and the virtual hospital, on nothing but this folder.
 *
 *   build    the dashboard, if it is missing or older than its sources
 *   hub      started as a child; ports that are taken are replaced by free ones
 *   site     the hospital's file is applied, its devices get their certificates, its people PINs and shifts
 *   live     the hospital runs until Ctrl-C; or the scenarios asked for are played
 *   end      the devices stop first, the hub last
 *
 * A second start finds everything where it was: same badges, same certificates, sequence numbers going on.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { dashboardIsStale } from './demo-files.ts'
import { DEMO_HELP, type DemoOptions, readDemoOptions } from './demo-options.ts'
import { furnish, keepShifts } from './demo-setup.ts'
import { say, welcome } from './demo-words.ts'
import { describe, SimFailure } from './failure.ts'
import { SITE_ID } from './hospital.ts'
import { HubProcess, portIsFree, type Ready } from './hub-process.ts'
import { type Vigie, vigieOn } from './operator.ts'
import { runProgram } from './run-program.ts'
import { needPins } from './scenarios/index.ts'
import { perform } from './scenarios/perform.ts'
import { onScreen } from './scenarios/show.ts'
import { type HospitalOptions, VirtualHospital } from './virtual-hospital.ts'

const ROOT = resolve(import.meta.dirname, '..')
const SPEED = 60
const SEED = 1
const PORTS = { VIGIE_MQTT_PORT: 8883, VIGIE_HTTP_PORT: 8080, VIGIE_HTTPS_PORT: 8443 } as const

class Demo {
  readonly #data: string
  readonly #env: NodeJS.ProcessEnv
  readonly #signal: AbortSignal
  readonly #hub: HubProcess
  readonly #vigie: Vigie
  #hospital: VirtualHospital | undefined
  #shifts: NodeJS.Timeout | undefined
  #setupUrl: string | undefined
  #complete = false

  constructor(data: string, env: NodeJS.ProcessEnv, signal: AbortSignal, onDied: (words: string) => void) {
    this.#data = data
    // Seventy short processes of one program: each but the first finds it compiled.
    this.#env = { NODE_COMPILE_CACHE: join(data, 'hospital/compiled'), ...env, VIGIE_DATA_DIR: data }
    this.#signal = signal
    this.#vigie = vigieOn(this.#env, signal)
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

  /** @returns when everybody is moving; or, of scenarios, how many steps were not as expected */
  async start({ scenarios, pauseMs }: DemoOptions): Promise<number | undefined> {
    await mkdir(this.#data, { recursive: true, mode: 0o700 })
    await this.#build()
    await this.#choosePorts()
    this.#signal.throwIfAborted()
    const ready = await this.#hub.start()
    this.#signal.throwIfAborted()
    const pins = scenarios === undefined || needPins(scenarios)
    const certs = await furnish(this.#data, this.#vigie, { seed: SEED, pins, asItComes: scenarios !== undefined })
    const { httpPort } = ready
    welcome({ httpPort, data: this.#data, setupUrl: this.#setupUrl, speed: scenarios ? undefined : SPEED })
    this.#signal.throwIfAborted()
    const hospital = this.#hospitalAt(ready, certs)
    if (!scenarios) return this.#live(hospital)
    const audience = onScreen(text => process.stdout.write(text))
    return perform(scenarios, { hospital, vigie: vigieOn(this.#env), audience, pauseMs, signal: this.#signal })
  }

  /** @returns true if everything ended well. */
  async stop(): Promise<boolean> {
    clearInterval(this.#shifts)
    await this.#hospital?.stop()
    return this.#hub.stop()
  }

  abandon(): void {
    this.#hub.abandon()
  }

  async #build(): Promise<void> {
    if (!(await dashboardIsStale(join(ROOT, 'dashboard')))) return
    say('Construction du tableau de bord… / Building the dashboard…')
    const options = { cwd: ROOT, env: this.#env, signal: this.#signal }
    await runProgram(['node_modules/.bin/vite', 'build', 'dashboard'], options)
  }

  async #choosePorts(): Promise<void> {
    for (const [name, port] of Object.entries(PORTS)) {
      if (this.#env[name] || (await portIsFree(port))) continue
      this.#env[name] = '0'
      say(`Port ${port} occupé\u202f: un port libre le remplace. / Port ${port} is taken: a free one replaces it.`)
    }
  }

  #hospitalAt = ({ mqttPort }: Ready, certsFolder: string): HospitalOptions => ({
    url: `mqtts://127.0.0.1:${mqttPort}`,
    siteId: SITE_ID,
    certsFolder,
    stateFolder: join(this.#data, 'hospital/state'),
    seed: SEED,
    speed: SPEED,
  })

  async #live(options: HospitalOptions): Promise<undefined> {
    this.#shifts = keepShifts(this.#vigie, error => say(describe(error)))
    this.#hospital = new VirtualHospital({
      ...options,
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
}

/** Runs until a signal, the hub's end, or the end of the scenarios. @returns the exit code */
async function run(options: DemoOptions, data: string, env: NodeJS.ProcessEnv): Promise<number> {
  const stop = new AbortController()
  const ended = new Promise<undefined>(done =>
    stop.signal.addEventListener('abort', () => done(undefined), { once: true }),
  )
  let died: string | undefined
  const demo = new Demo(data, env, stop.signal, words => {
    died = words
    stop.abort()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  process.on('exit', () => demo.abandon())

  const started = demo.start(options).then(differing => (options.scenarios ? { differing } : ended))
  const outcome = await Promise.race([started, ended]).catch((error: unknown) => ({ error }))
  const asked = stop.signal.aborted && died === undefined
  if (asked) say('Arrêt… / Stopping…')
  // A scenario puts everything back first; that it was cut short is no news.
  if (asked && options.scenarios) await started.catch(() => undefined)
  const clean = await demo.stop()
  if (asked && clean) return 0
  if (outcome && 'differing' in outcome && clean) return outcome.differing === 0 ? 0 : 1
  complain(died, outcome && 'error' in outcome ? outcome.error : undefined)
  return 1
}

function complain(died: string | undefined, failure: unknown): void {
  const unclean = new SimFailure(
    'The hub did not stop cleanly; see hub.log.',
    'Le hub ne s’est pas arrêté proprement\u202f; voir hub.log.',
  )
  const dead = died && new SimFailure(`The hub stopped: ${died}`, `Le hub s’est arrêté\u202f: ${died}`)
  process.stderr.write(`${describe(dead || (failure ?? unclean))}\n`)
}

/** The folder that was asked for; scenarios get a new one, so that they find no yesterday, and it is removed. */
async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = readDemoOptions(args)
  if (options.help) process.stdout.write(DEMO_HELP)
  if (options.help) return 0
  if (env.VIGIE_DATA_DIR || !options.scenarios) return run(options, resolve(env.VIGIE_DATA_DIR || './data/demo'), env)
  const data = await mkdtemp(join(tmpdir(), 'vigie-scenario-'))
  try {
    return await run(options, data, env)
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

try {
  process.exit(await main(process.argv.slice(2), process.env))
} catch (error) {
  process.stderr.write(`${describe(error)}\n`)
  process.exit(2)
}
