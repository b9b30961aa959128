/** The command line of the virtual hospital: every option, its range and its words. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ID_PATTERN } from '#devices/messages.ts'
import { SimFailure } from './failure.ts'
import { FAULTS, type Fault, parseFault } from './faults.ts'
import { SITE_ID } from './hospital.ts'
import { INSTALLED } from './hospital-devices.ts'
import { SCENARIO_NAMES, scenariosNamed } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'

export interface SimOptions {
  readonly url: string
  readonly certsFolder: string
  readonly stateFolder: string
  readonly siteId: string
  readonly seed: number
  readonly speed: number
  readonly devices: number
  readonly faults: readonly Fault[]
  /** Real milliseconds; undefined runs until stopped. */
  readonly durationMs: number | undefined
  readonly quiet: boolean
  readonly json: boolean
}
export interface ScenarioOptions {
  readonly scenarios: readonly Scenario[]
  /** The hub's data folder, for the operator's part. */
  readonly dataFolder: string
  /** Between steps, real milliseconds. */
  readonly pauseMs: number
}
export type Command =
  | { readonly do: 'help' }
  | { readonly do: 'scenario'; readonly options: SimOptions & ScenarioOptions }
  | { readonly do: 'write-site'; readonly file: string }
  | { readonly do: 'run'; readonly options: SimOptions }

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  url: { type: 'string' },
  certs: { type: 'string' },
  state: { type: 'string' },
  'site-id': { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string' },
  devices: { type: 'string' },
  fault: { type: 'string', multiple: true },
  duration: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  'write-site': { type: 'string' },
  scenario: { type: 'string' },
  data: { type: 'string' },
  pause: { type: 'string' },
} as const

const faultLines = Object.entries(FAULTS).map(
  ([kind, f]) =>
    `                        ${kind.padEnd(20)} ${f.min === f.max ? '' : `${f.min}..${f.max} ${f.unit} (${f.amount})`}`,
)

export const HELP = `Virtual field hospital: devices that speak MQTT over TLS like real ones.
Hôpital de campagne virtuel : des appareils qui parlent MQTT sur TLS comme les vrais.

  npm run sim -- --certs <folder> [options]

  --url URL           address of the hub / adresse du hub        (mqtts://127.0.0.1:8883)
  --certs FOLDER      <id>.key.pem, <id>.cert.pem, ca.cert.pem, from: npx vigie device add --declared --out FOLDER
  --state FOLDER      sequence numbers, kept over restarts / numéros de séquence   (<certs>/state)
  --site-id ID        site in the topics / site dans les sujets  (${SITE_ID})
  --seed N            same seed, same day / même graine, même journée       (1)
  --speed N           hospital seconds per second, 0.1..3600 / vitesse      (1)
  --devices N         first N devices, 1..${INSTALLED.length} / nombre d’appareils            (${INSTALLED.length})
  --fault KIND[:DEVICE[:AMOUNT]]   repeatable; DEVICE "all" for every one / répétable
${faultLines.join('\n')}
  --duration TIME     stop after 90, 90s, 10m or 2h / arrêt après           (until Ctrl-C)
  --quiet             errors only / erreurs uniquement
  --json              one JSON object a line / un objet JSON par ligne
  --scenario NAME     play one, or all, instead of a day; ends with 1 if something differs / jouer un scénario, ou tous
                        ${SCENARIO_NAMES.slice(0, 5).join(', ')},
                        ${SCENARIO_NAMES.slice(5).join(', ')}
  --data FOLDER       scenarios: data folder of the hub, for what an operator does / dossier de données de Vigie
                        (VIGIE_DATA_DIR, else ./data)
  --pause N           scenarios: seconds between steps, 0..60 / secondes entre les étapes   (0)
  --write-site FILE   write the site file for: npx vigie apply FILE / écrire le fichier du site
  -h, --help          this page / cette page
`

/** @param dataDir what VIGIE_DATA_DIR says @throws SimFailure naming the option and what it takes. */
export function readOptions(args: readonly string[], dataDir = ''): Command {
  const flags = parse(args)
  if (flags.help) return { do: 'help' }
  if (flags['write-site'] !== undefined) return { do: 'write-site', file: resolve(flags['write-site']) }
  if (!flags.certs) throw wrong('certs', 'a folder is needed (see --help)', 'il faut un dossier (voir --help)')
  const certsFolder = resolve(flags.certs)
  const options: SimOptions = {
    url: urlOf(flags.url ?? 'mqtts://127.0.0.1:8883'),
    certsFolder,
    stateFolder: resolve(flags.state ?? `${certsFolder}/state`),
    siteId: siteOf(flags['site-id'] ?? SITE_ID),
    seed: numberOf('seed', flags.seed ?? '1', 0, 4_294_967_295, true),
    speed: numberOf('speed', flags.speed ?? '1', 0.1, 3_600),
    devices: numberOf('devices', flags.devices ?? String(INSTALLED.length), 1, INSTALLED.length, true),
    faults: (flags.fault ?? []).map(faultOf),
    durationMs: flags.duration === undefined ? undefined : durationOf(flags.duration),
    quiet: flags.quiet ?? false,
    json: flags.json ?? false,
  }
  if (flags.scenario === undefined) return { do: 'run', options }
  const pauseMs = numberOf('pause', flags.pause ?? '0', 0, 60) * 1000
  const dataFolder = resolve(flags.data ?? (dataDir || './data'))
  return { do: 'scenario', options: { ...options, scenarios: scenariosOf(flags.scenario), dataFolder, pauseMs } }
}

/** @throws SimFailure naming every scenario there is */
export function scenariosOf(name: string): readonly Scenario[] {
  const found = scenariosNamed(name)
  if (found) return found
  const all = [...SCENARIO_NAMES, 'all'].join(', ')
  throw wrong('scenario', `one of ${all} is expected`, `attendu\u202f: ${all}`)
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values
  } catch (error) {
    const said = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new SimFailure(`${said}. See --help`, 'Option inconnue ou mal formée. Voir --help')
  }
}

const wrong = (option: string, en: string, fr: string): SimFailure =>
  new SimFailure(`--${option}: ${en}`, `--${option}\u202f: ${fr}`)

function urlOf(text: string): string {
  const url = URL.parse(text)
  if (url?.protocol === 'mqtts:' && url.hostname !== '' && url.username === '' && url.pathname.length <= 1) return text
  throw wrong('url', 'expected mqtts://host:port (TLS only)', 'attendu mqtts://hôte:port (TLS uniquement)')
}

function siteOf(text: string): string {
  if (new RegExp(ID_PATTERN).test(text)) return text
  throw wrong(
    'site-id',
    'lower-case letters, digits and hyphens, at most 63',
    'minuscules, chiffres et traits d’union, 63 au plus',
  )
}

export function numberOf(option: string, text: string, min: number, max: number, whole = false): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value
  throw wrong(
    option,
    `a ${whole ? 'whole ' : ''}number from ${min} to ${max} is expected`,
    `un nombre ${whole ? 'entier ' : ''}de ${min} à ${max} est attendu`,
  )
}

function faultOf(text: string): Fault {
  const fault = parseFault(text)
  if (typeof fault !== 'string') return fault
  throw wrong('fault', fault, `panne non reconnue, voir --help (${fault})`)
}

const UNITS_MS: Readonly<Record<string, number>> = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000 }

function durationOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6}(?:\.\d+)?)([smh]?)$/.exec(text) ?? []
  const ms = Number(number) * (UNITS_MS[unit] ?? 0)
  if (number !== '' && ms >= 100 && ms <= 7 * 86_400_000) return ms
  throw wrong(
    'duration',
    'expected 90, 90s, 10m or 2h (at most 7 days)',
    'attendu 90, 90s, 10m ou 2h (7 jours au plus)',
  )
}
