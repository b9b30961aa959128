/** The `vigie` command. Works on the data folder that VIGIE_DATA_DIR names, whether its hub is running or not. */
import { parseArgs } from 'node:util'
import { localeOf } from '../config.ts'
import { isVigieError, VigieError } from '../errors.ts'
import { storageError } from '../record/database.ts'
import * as ask from './ask.ts'
import * as backup from './backup.ts'
import * as badge from './badge.ts'
import { type Context, openContext } from './context.ts'
import * as device from './device.ts'
import * as evacuation from './evacuation.ts'
import * as evidence from './evidence.ts'
import * as exporting from './export.ts'
import * as grant from './grant.ts'
import { HELP } from './help.ts'
import * as interlock from './interlock.ts'
import * as item from './item.ts'
import * as journal from './journal.ts'
import * as key from './key.ts'
import * as lockdown from './lockdown.ts'
import * as operator from './operator.ts'
import { failureText, languageOf, makeOutput, type Output, sparePipe } from './output.ts'
import * as passback from './passback.ts'
import * as pin from './pin.ts'
import * as privacy from './privacy.ts'
import { restoreFrom } from './restore.ts'
import * as review from './review.ts'
import * as search from './search.ts'
import * as site from './site.ts'
import * as token from './token.ts'
import { misuse } from './usage.ts'
import * as witness from './witness.ts'

const OPTIONS = {
  ...ask.ASK_OPTIONS,
  ...backup.BACKUP_OPTIONS,
  ...search.SEARCH_OPTIONS,
  ...exporting.EXPORT_OPTIONS,
  ...privacy.PRIVACY_OPTIONS,
  ...token.TOKEN_OPTIONS,
  ...operator.OPERATOR_OPTIONS,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  model: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  reason: { type: 'string' },
  declared: { type: 'boolean' },
  again: { type: 'boolean' },
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

type Options = ReturnType<typeof parse>['values']
function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw misuse(error)
  }
}

type Command = (c: Context, args: readonly string[], o: Options, out: Output) => void | Promise<void>

const needId = (args: readonly string[]): string => {
  if (args[0] === undefined)
    throw new VigieError('usage', { expected: { en: 'name the device', fr: 'nommez l’appareil' } })
  return args[0]
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'device add': (c, args, o, out) => device.add(c, args[0], o, out),
  'device list': (c, _, __, out) => device.list(c, out),
  'device show': (c, args, _, out) => device.show(c, needId(args), out),
  'device renew': (c, args, o, out) => device.renew(c, needId(args), o, out),
  'device revoke': (c, args, o, out) => device.revoke(c, needId(args), o, out),
  'device code': (c, args, _, out) => device.code(c, needId(args), out),
  plan: (c, args, _, out) => site.plan(c, args[0], out),
  apply: (c, args, o, out) => site.apply(c, args[0], o.withdraw === true, out),
  'site export': (c, args, _, out) => site.exportSite(c, args[0], out),
  'item show': (c, args, _, out) => item.show(c, args, out),
  'item put': (c, args, o, out) => item.put(c, args, o, out),
  'item remove': (c, args, o, out) => item.remove(c, args, o, out),
  'grant add': (c, _, o, out) => grant.add(c, o, out),
  'grant list': (c, _, o, out) => grant.list(c, o, out),
  'grant revoke': (c, args, _, out) => grant.revoke(c, args[0], out),
  backup: (c, args, _, out) => backup.make(c, args[0], out),
  'backup key': (c, _, o, out) => backup.key(c, o.again === true, out),
  'backup list': (c, _, __, out) => backup.list(c, out),
  storage: (c, _, __, out) => backup.storage(c, out),
  'badge lost': (c, args, _, out) => badge.lost(c, args[0], out),
  'pin set': (c, args, _, out) => pin.set(c, args, out),
  'pin clear': (c, args, _, out) => pin.clear(c, args[0], out),
  'lockdown start': (c, args, _, out) => lockdown.start(c, args[0], out),
  'lockdown end': (c, args, _, out) => lockdown.end(c, args[0], out),
  'lockdown list': (c, _, __, out) => lockdown.list(c, out),
  'evacuation start': (c, args, _, out) => evacuation.start(c, args[0], out),
  'evacuation resume': (c, args, _, out) => evacuation.resume(c, args[0], out),
  'evacuation end': (c, args, _, out) => evacuation.end(c, args[0], out),
  'evacuation list': (c, _, __, out) => evacuation.list(c, out),
  'evacuation safe': (c, args, _, out) => evacuation.safe(c, args, out),
  'evacuation muster': (c, args, _, out) => evacuation.muster(c, args[0], out),
  'passback reset': (c, _, o, out) => passback.reset(c, o, out),
  'interlock reset': (c, args, _, out) => interlock.reset(c, args[0], out),
  'review list': (c, _, __, out) => review.list(c, out),
  'operator list': (c, _, __, out) => operator.list(c, out),
  'operator invite': (c, args, o, out) => operator.invite(c, args, o, out),
  'operator change': (c, args, o, out) => operator.change(c, args, o, out),
  'operator disable': (c, args, o, out) => operator.disable(c, args, o, out),
  'operator enable': (c, args, o, out) => operator.enable(c, args, o, out),
  'operator reset': (c, args, o, out) => operator.reset(c, args, o, out),
  'operator link': (c, args, _, out) => operator.link(c, args, out),
  'operator unlink': (c, args, _, out) => operator.unlink(c, args, out),
  'token create': (c, args, o, out) => token.create(c, args, o, out),
  'token list': (c, _, __, out) => token.list(c, out),
  'token revoke': (c, args, _, out) => token.revoke(c, args[0], out),
  why: (c, args, o, out) => ask.why(c, args, o, out),
  who: (c, args, o, out) => ask.who(c, args, o, out),
  may: (c, args, o, out) => ask.may(c, args, o, out),
  simulate: (c, args, o, out) => ask.simulate(c, args, o, out),
  unused: (c, _, o, out) => ask.unused(c, o, out),
  'journal tail': (c, _, o, out) => journal.tail(c, lines(o.lines), o.follow === true, out),
  'journal search': (c, _, o, out) => search.search(c, o, out),
  'journal days': (c, _, o, out) => search.days(c, o, out),
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

/** A failure of these says what to do instead, also where the data folder can't even be opened. */
const URGENT: ReadonlySet<Command | undefined> = new Set([COMMANDS['evacuation start'], COMMANDS['evacuation resume']])

function lines(text: string | undefined): number {
  if (text === undefined) return 20
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1)
    throw new VigieError('usage', {
      expected: {
        en: '--lines takes a whole number from 1 to 999999',
        fr: '--lines attend un nombre entier de 1 à 999999',
      },
    })
  return Number(text)
}

function find(words: readonly string[]): { command: Command; args: readonly string[] } {
  const two = COMMANDS[words.slice(0, 2).join(' ')]
  if (two) return { command: two, args: words.slice(2) }
  const one = COMMANDS[words[0] ?? '']
  if (one) return { command: one, args: words.slice(1) }
  throw noSuch(words[0] ?? '')
}

/** After `lockdown` alone: what there is to do with lockdowns, and no more. */
function noSuch(word: string): VigieError {
  const all = [...Object.keys(COMMANDS), ...Object.keys(ALONE)]
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
  if (alone) return alone(positionals.slice(1), values, makeOutput(language, values.json === true))
  const { command, args } = find(positionals)
  const open = (): Context => openContext(BEGINNERS.has(command))
  const context = URGENT.has(command) ? await evacuation.reaching(open) : open()
  try {
    await command(context, args, values, makeOutput(language, values.json === true))
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
