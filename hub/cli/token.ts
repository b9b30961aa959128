/** vigie token create | list | revoke: keys for programs, from the machine itself. Good, or gone, at once in a running hub. */
import type { Capability, Role, TokenView } from '../api.ts'
import { VigieError } from '../errors.ts'
import { TokenDesk } from '../http/tokens.ts'
import { operatorIdOf } from '../record/accounts.ts'
import { activeOperator } from '../record/accounts-sessions.ts'
import { byToken, CAPABILITIES, isCapability } from '../rules/roles.ts'
import { tokensOf } from '../wiring/tokens.ts'
import { instantOption, localTime, need, openActs, wrongCall } from './acts.ts'
import type { Context } from './context.ts'
import { type Output, table } from './output.ts'

export const TOKEN_OPTIONS = { may: { type: 'string' } } as const
export interface TokenOptions {
  readonly name?: string | undefined
  readonly may?: string | undefined
  readonly zones?: string | undefined
  readonly until?: string | undefined
}

export const TOKEN_HELP = {
  en: `  vigie token create <login> --name <program> --may <a,b> --until <time> [--zones <a,b>]
                        a key that a program acts with in that operator's name, never beyond what
                        the operator may do; shown once; ends with the account
  vigie token list      who made them, what they may do, when they were last used
  vigie token revoke <id>
`,
  fr: `  vigie token create <identifiant> --name <programme> --may <a,b> --until <moment> [--zones <a,b>]
                        une clé avec laquelle un programme agit au nom de cet opérateur, jamais
                        au-delà de ses droits\u202f; affichée une seule fois\u202f; prend fin avec le compte
  vigie token list      qui les a créés, ce qu’ils permettent, leur dernier usage
  vigie token revoke <id>
`,
} as const

interface Desk {
  readonly desk: TokenDesk
  readonly by: string
  readonly timeZone: string
}
function openDesk(c: Context): Desk {
  const { facts, by } = openActs(c)
  const { site } = facts()
  const desk = new TokenDesk({ tokens: tokensOf(c.db, c.op), zones: () => site.zones, now: c.now })
  return { desk, by, timeZone: site.site.timeZone }
}

export async function create(c: Context, args: readonly string[], o: TokenOptions, out: Output): Promise<void> {
  const maker = operatorOf(c, need(args[0], 'name the operator by login', 'nommez l’opérateur par son identifiant'))
  const { desk, by, timeZone } = openDesk(c)
  const wish = {
    name: nameIn(o.name),
    capabilities: capabilitiesIn(o.may),
    expiresAt: instantOption('--until', o.until, c.now(), timeZone),
    ...(o.zones === undefined ? {} : { zones: o.zones.split(',') }),
  }
  const { token, view } = await desk.make(wish, maker, by)
  const until = localTime(view.expiresAt, timeZone)
  out.result(
    { token, ...view },
    `Jeton ${view.id} au nom de ${view.by}, valable jusqu’au ${until}. Il n’est affiché que cette fois\u202f:\n${token}`,
    `Token ${view.id} in the name of ${view.by}, good until ${until}. It is shown this once:\n${token}`,
  )
}

export function list(c: Context, out: Output): void {
  const { desk, timeZone } = openDesk(c)
  const { tokens } = desk.list()
  if (out.json) {
    out.line(JSON.stringify(tokens))
    return
  }
  const head =
    out.language === 'fr'
      ? ['jeton', 'nom', 'au nom de', 'permet', 'zones', 'jusqu’au', 'dernier usage']
      : ['token', 'name', 'in the name of', 'may', 'zones', 'until', 'last used']
  out.line(table([head, ...tokens.map(view => rowOf(view, timeZone))]))
}

export async function revoke(c: Context, id: string | undefined, out: Output): Promise<void> {
  const { desk, by } = openDesk(c)
  const wanted = need(id, 'name the token: vigie token revoke <id>', 'nommez le jeton\u202f: vigie token revoke <id>')
  await desk.revoke(wanted, by)
  out.result({ token: wanted }, `Jeton ${wanted} révoqué.`, `Token ${wanted} revoked.`)
}

const rowOf = (t: TokenView, timeZone: string): string[] => [
  t.id,
  t.name,
  t.by,
  t.capabilities.join(','),
  t.zones?.join(',') ?? '*',
  localTime(t.expiresAt, timeZone),
  t.usedAt === undefined ? '-' : localTime(t.usedAt, timeZone),
]

/** @throws VigieError operator-unknown: nobody's, or an account that is not in use */
function operatorOf(c: Context, text: string) {
  const login = text.toLowerCase()
  const id = operatorIdOf(c.db, login)
  const known = id === undefined ? undefined : activeOperator(c.db, id)
  if (!known) throw new VigieError('operator-unknown', { login })
  const zones = known.zones === null ? {} : { zones: JSON.parse(known.zones) as string[] }
  return { id: known.id, operator: { login, name: known.name, role: known.role as Role, ...zones } }
}

function nameIn(text: string | undefined): string {
  const name = need(text, '--name is required: of the program', '--name est obligatoire\u202f: le nom du programme')
  if (name.length > 80 || /\p{Cc}/u.test(name))
    throw wrongCall('--name takes 1 to 80 characters', '--name attend de 1 à 80\u00a0caractères')
  return name
}

function capabilitiesIn(text: string | undefined): Capability[] {
  const all = CAPABILITIES.filter(byToken).join(', ')
  const given = need(text, `--may is required: one or more of ${all}`, `--may est obligatoire\u202f: parmi ${all}`)
  const names = [...new Set(given.split(','))]
  if (!names.every(isCapability))
    throw wrongCall(
      `--may takes one or more of ${all}, with commas between them`,
      `--may attend un ou plusieurs droits, séparés par des virgules\u202f: ${all}`,
    )
  return names
}
