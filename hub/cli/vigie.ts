/**
 * The `vigie` command: what works on the data folder that VIGIE_DATA_DIR names, whether its hub runs or not, stands here; what
 * a running hub carries out in hub-commands.ts.
 */
import { parseArgs } from 'node:util'
import { localeOf, readConfig } from '../config.ts'
import { isVigieError, VigieError } from '../errors.ts'
import { storageError } from '../record/database.ts'
import * as approval from './approval.ts'
import * as ask from './ask.ts'
import * as backup from './backup.ts'
import { type Context, openContext } from './context.ts'
import * as device from './device.ts'
import { esphome } from './esphome.ts'
import * as evidence from './evidence.ts'
import * as exporting from './export.ts'
import * as gateway from './gateway.ts'
import { HELP } from './help.ts'
import { fromAfar, HUB_COMMANDS, throughHub } from './hub-commands.ts'
import * as journal from './journal.ts'
import * as key from './key.ts'
import * as operator from './operator.ts'
import { failureText, languageOf, makeOutput, type Output, sparePipe } from './output.ts'
import * as privacy from './privacy.ts'
import { restoreFrom } from './restore.ts'
import * as search from './search.ts'
import * as site from './site.ts'
import * as tenant from './tenant.ts'
import * as token from './token.ts'
import { misuse, needDevice } from './usage.ts'
import * as witness from './witness.ts'

const OPTIONS = {
  ...ask.ASK_OPTIONS,
  ...backup.BACKUP_OPTIONS,
  ...search.SEARCH_OPTIONS,
  ...exporting.EXPORT_OPTIONS,
  ...privacy.PRIVACY_OPTIONS,
  ...token.TOKEN_OPTIONS,
  ...tenant.TENANT_OPTIONS,
  ...operator.OPERATOR_OPTIONS,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  model: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  reason: { type: 'string' },
  declared: { type: 'boolean' },
  again: { type: 'boolean' },
  plain: { type: 'boolean' },
  follow: { type: 'boolean', short: 'f' },
  lines: { type: 'string', short: 'n' },
  point: { type: 'string' },
  zone: { type: 'string' },
  class: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  origin: { type: 'string' },
  reference: { type: 'string' },
  all: { type: 'boolean' },
  revision: { type: 'string' },
  checkpoint: { type: 'string' },
} as const

export type Options = ReturnType<typeof parse>['values']
function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw misuse(error)
  }
}

type Command = (c: Context, args: readonly string[], o: Options, out: Output) => void | Promise<void>

const COMMANDS: Readonly<Record<string, Command>> = {
  'device add': (c, args, o, out) => device.add(c, args[0], o, out),
  'device list': (c, _, __, out) => device.list(c, out),
  'device show': (c, args, _, out) => device.show(c, needDevice(args), out),
  'device renew': (c, args, o, out) => device.renew(c, needDevice(args), o, out),
  'device revoke': (c, args, o, out) => device.revoke(c, needDevice(args), o, out),
  'device code': (c, args, _, out) => device.code(c, needDevice(args), out),
  'device password': (c, args, o, out) => gateway.password(c, needDevice(args), o.plain === true, out),
  'device esphome': (c, args, o, out) => esphome(c, needDevice(args), o, out),
  plan: (c, args, _, out) => site.plan(c, args[0], out),
  apply: (c, args, o, out) => site.apply(c, args[0], o.withdraw === true, out),
  backup: (c, args, _, out) => backup.make(c, args[0], out),
  'backup key': (c, _, o, out) => backup.key(c, o.again === true, out),
  'backup list': (c, _, __, out) => backup.list(c, out),
  storage: (c, _, __, out) => backup.storage(c, out),
  'approval list': (c, _, __, out) => approval.list(c, out),
  'approval withdraw': (c, args, _, out) => approval.withdraw(c, args[0], out),
  'token create': (c, args, o, out) => token.create(c, args, o, out),
  'token list': (c, _, __, out) => token.list(c, out),
  'token revoke': (c, args, _, out) => token.revoke(c, args[0], out),
  'tenant list': (c, _, __, out) => tenant.list(c, out),
  'tenant register': (c, args, o, out) => tenant.register(c, args[0], o, out),
  'tenant token': (c, args, o, out) => tenant.token(c, args[0], o, out),
  'tenant cut-off': (c, args, o, out) => tenant.cutOff(c, args[0], o, out),
  simulate: (c, args, o, out) => ask.simulate(c, args, o, out),
  'journal tail': (c, _, o, out) => journal.tail(c, journal.lines(o.lines), o.follow === true, out),
  'privacy terms': (c, _, __, out) => privacy.terms(c, out),
  'privacy purge': (c, _, o, out) => privacy.purge(c, o, out),
  'privacy erase': (c, args, o, out) => privacy.erase(c, args[0], o, out),
  'privacy access': (c, args, o, out) => privacy.access(c, args[0], o, out),
  'privacy record': (c, _, o, out) => privacy.record(c, o, out),
  'hold place': (c, _, o, out) => privacy.placeHold(c, o, out),
  'hold list': (c, _, __, out) => privacy.listHolds(c, out),
  'hold release': (c, args, _, out) => privacy.releaseHold(c, args[0], out),
  'journal verify': (c, _, o, out) => evidence.verify(c, o, out),
  'journal checkpoint': (c, _, __, out) => evidence.checkpoint(c, out),
  'journal prove': (c, args, _, out) => evidence.prove(c, args, out),
  export: (c, _, o, out) => exporting.make(c, o, out),
  'export schedule': (c, args, o, out) => exporting.schedule(c, args, o, out),
  'witness key': (c, _, __, out) => witness.key(c, out),
  'witness trust': (c, args, _, out) => witness.trust(c, args[0], out),
  'witness list': (c, _, __, out) => witness.list(c, out),
  'witness forget': (c, args, _, out) => witness.forget(c, args[0], out),
  'key show': (c, _, __, out) => key.show(c, out),
  'key rotate': (c, _, __, out) => key.rotate(c, out),
}

/** These open no data folder of their own. */
const ALONE: Readonly<Record<string, (args: readonly string[], o: Options, out: Output) => Promise<void>>> = {
  restore: restoreFrom,
}

/** Only these may begin a data folder: a mistyped VIGIE_DATA_DIR must not look like an empty, untouched journal. */
const BEGINNERS: ReadonlySet<Command | undefined> = new Set([COMMANDS['device add'], COMMANDS.apply])

function find(words: readonly string[]): { name: string; args: readonly string[] } {
  for (const count of [2, 1]) {
    const name = words.slice(0, count).join(' ')
    if (Object.hasOwn(COMMANDS, name) || Object.hasOwn(HUB_COMMANDS, name)) return { name, args: words.slice(count) }
  }
  throw noSuch(words[0] ?? '')
}

/** After `lockdown` alone: what there is to do with lockdowns, and no more. */
function noSuch(word: string): VigieError {
  const all = [...Object.keys(COMMANDS), ...Object.keys(HUB_COMMANDS), ...Object.keys(ALONE)]
  const own = all.filter(c => c.startsWith(`${word} `))
  if (own.length > 0) {
    const list = own.map(c => `vigie ${c}`).join(', ')
    const expected = { en: `say what to do: ${list}`, fr: `dites quoi faire\u202f: ${list}` }
    return new VigieError('usage', { expected })
  }
  return new VigieError('usage', {
    expected: {
      en: `no such command. ${all.join(', ')}; vigie help explains them`,
      fr: `cette commande n’existe pas. ${all.join(', ')}\u202f; vigie help les explique`,
    },
  })
}

async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parse(argv)
  const language = languageOf(localeOf())
  if (values.help || positionals.length === 0 || positionals[0] === 'help') {
    process.stdout.write(HELP[language])
    return
  }
  const alone = ALONE[positionals[0] ?? '']
  if (alone) {
    if (readConfig().hub !== '') throw new VigieError('command-local', { command: positionals[0] ?? '' })
    return alone(positionals.slice(1), values, makeOutput(language, values.json === true))
  }
  const { name, args } = find(positionals)
  const call = { name, args, options: values, out: makeOutput(language, values.json === true) }
  const command = COMMANDS[name]
  if (!command) return throughHub(call)
  const config = readConfig()
  if (config.hub !== '') return fromAfar(call, config)
  const context = openContext(BEGINNERS.has(command))
  try {
    await command(context, args, values, call.out)
  } finally {
    context.close()
  }
}

/** Exit code 2 for a wrong call, 1 for a failure. */
function fail(error: unknown): void {
  const text = failureText(error, languageOf(localeOf()), process.argv.includes('--json'))
  process.stderr.write(`${text}\n`)
  process.exitCode = isVigieError(error) && error.code === 'usage' ? 2 : 1
}

sparePipe(process.stdout, fail)
sparePipe(process.stderr, () => undefined)
main(process.argv.slice(2)).catch((error: unknown) => fail(storageError(error)))
