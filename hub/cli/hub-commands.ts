/**
 * Commands that a hub carries out: the one that runs here, or the one that VIGIE_HUB names. While none runs here they work on
 * the data folder itself, by the same flows. What needs the folder and its keys stands in vigie.ts.
 */
import { type Config, readConfig } from '../config.ts'
import { isVigieError, type Language, VigieError } from '../errors.ts'
import * as afar from './afar.ts'
import * as ask from './ask.ts'
import * as badge from './badge.ts'
import { openContext } from './context.ts'
import type { Desk } from './desk.ts'
import { directDesk } from './direct-desk.ts'
import * as evacuation from './evacuation.ts'
import * as grant from './grant.ts'
import { HubClient, PATIENCE_MS } from './hub-client.ts'
import { hubAfar, hubHere } from './hub-reached.ts'
import * as interlock from './interlock.ts'
import * as item from './item.ts'
import { lines } from './journal.ts'
import * as lockdown from './lockdown.ts'
import * as operator from './operator.ts'
import type { Output } from './output.ts'
import * as passback from './passback.ts'
import * as person from './person.ts'
import * as pin from './pin.ts'
import { remoteDesk } from './remote-desk.ts'
import * as review from './review.ts'
import * as search from './search.ts'
import * as site from './site.ts'
import { needDevice } from './usage.ts'
import type { Options } from './vigie.ts'

type HubCommand = (desk: Desk, args: readonly string[], o: Options, out: Output) => Promise<void>

export const HUB_COMMANDS: Readonly<Record<string, HubCommand>> = {
  'site export': (d, args, _, out) => site.exportSite(d, args[0], out),
  'item show': (d, args, _, out) => item.show(d, args, out),
  'item put': (d, args, o, out) => item.put(d, args, o, out),
  'item remove': (d, args, o, out) => item.remove(d, args, o, out),
  'grant add': (d, _, o, out) => grant.add(d, o, out),
  'grant list': (d, _, o, out) => grant.list(d, o, out),
  'grant revoke': (d, args, _, out) => grant.revoke(d, args[0], out),
  'badge lost': (d, args, _, out) => badge.lost(d, args[0], out),
  'person leave': (d, args, o, out) => person.leave(d, args[0], o.reason, out),
  'pin set': (d, args, _, out) => pin.set(d, args, out),
  'pin clear': (d, args, _, out) => pin.clear(d, args[0], out),
  'lockdown start': (d, args, _, out) => lockdown.start(d, args[0], out),
  'lockdown end': (d, args, _, out) => lockdown.end(d, args[0], out),
  'lockdown list': (d, _, __, out) => lockdown.list(d, out),
  'evacuation start': (d, args, _, out) => evacuation.start(d, args[0], out),
  'evacuation resume': (d, args, _, out) => evacuation.resume(d, args[0], out),
  'evacuation end': (d, args, _, out) => evacuation.end(d, args[0], out),
  'evacuation list': (d, _, __, out) => evacuation.list(d, out),
  'evacuation safe': (d, args, _, out) => evacuation.safe(d, args, out),
  'evacuation muster': (d, args, _, out) => evacuation.muster(d, args[0], out),
  'passback reset': (d, _, o, out) => passback.reset(d, o, out),
  'interlock reset': (d, args, _, out) => interlock.reset(d, args[0], out),
  'review list': (d, _, __, out) => review.list(d, out),
  'operator list': (d, _, __, out) => operator.list(d, out),
  'operator invite': (d, args, o, out) => operator.invite(d, args, o, out),
  'operator change': (d, args, o, out) => operator.change(d, args, o, out),
  'operator disable': (d, args, o, out) => operator.disable(d, args, o, out),
  'operator enable': (d, args, o, out) => operator.enable(d, args, o, out),
  'operator reset': (d, args, o, out) => operator.reset(d, args, o, out),
  'operator link': (d, args, _, out) => operator.link(d, args, out),
  'operator unlink': (d, args, _, out) => operator.unlink(d, args, out),
  why: (d, args, o, out) => ask.why(d, args, o, out),
  who: (d, args, o, out) => ask.who(d, args, o, out),
  may: (d, args, o, out) => ask.may(d, args, o, out),
  unused: (d, _, o, out) => ask.unused(d, o, out),
  'journal search': (d, _, o, out) => search.search(d, o, out),
  'journal days': (d, _, o, out) => search.days(d, o, out),
}

/** Read in the data folder on the hub's own machine, and asked of a hub on another one. */
const AFAR: Readonly<
  Record<string, (hub: HubClient, args: readonly string[], o: Options, out: Output) => Promise<void>>
> = {
  'device list': (hub, _, __, out) => afar.listDevices(hub, out),
  'device show': (hub, args, _, out) => afar.showDevice(hub, needDevice(args), out),
  'journal tail': (hub, _, o, out) => afar.tail(hub, lines(o.lines), o.follow === true, out),
}

/** A hub that hangs stops none of these: they are written into the data folder, and in force when it wakes. */
const URGENT: ReadonlySet<string> = new Set([
  ...['evacuation start', 'evacuation resume', 'evacuation safe'],
  ...['lockdown start', 'badge lost', 'person leave'],
])
/** A failure of these says what to do instead, also where the data folder can't even be opened. */
const LETTING_OUT: ReadonlySet<string> = new Set(['evacuation start', 'evacuation resume'])

interface Call {
  readonly name: string
  readonly args: readonly string[]
  readonly options: Options
  readonly out: Output
}

/** Carries a command of HUB_COMMANDS out. @throws VigieError */
export async function throughHub(call: Call): Promise<void> {
  const { name, out } = call
  const config = readConfig()
  const place = config.hub === '' ? await hubHere(config) : hubAfar(config)
  if (!place) return onFolder(call)
  try {
    const patienceMs = URGENT.has(name) ? PATIENCE_MS.urgent : PATIENCE_MS.act
    await onDesk(call, remoteDesk(new HubClient(place, out.language, patienceMs), config))
  } catch (error) {
    if (config.hub !== '' || !URGENT.has(name) || !isSilent(error)) throw error
    process.stderr.write(`${SILENT[out.language]}\n`)
    await onFolder(call)
  }
}

/** Of a hub on another machine, what is otherwise read in the data folder. @throws VigieError command-local for all else */
export async function fromAfar({ name, args, options, out }: Call, config: Config): Promise<void> {
  const command = AFAR[name]
  if (!command) throw new VigieError('command-local', { command: name })
  await command(new HubClient(hubAfar(config), out.language), args, options, out)
}

const SILENT: Readonly<Record<Language, string>> = {
  en: 'The running hub does not answer. It is written into the data folder instead.',
  fr: 'Le hub en marche ne répond pas. C’est inscrit directement dans le dossier de données.',
}
const isSilent = (error: unknown): boolean =>
  isVigieError(error) && ['hub-silent', 'hub-cut-off', 'hub-unreachable'].includes(error.code)

async function onFolder(call: Call): Promise<void> {
  const open = () => openContext(false)
  await onDesk(call, directDesk(LETTING_OUT.has(call.name) ? await evacuation.reaching(open) : open()))
}

async function onDesk({ name, args, options, out }: Call, desk: Desk): Promise<void> {
  try {
    await HUB_COMMANDS[name]?.(desk, args, options, out)
  } finally {
    desk.close()
  }
}
