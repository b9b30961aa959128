/**
 * vigie operator list | invite | change | disable | enable | reset: accounts, from the machine itself, where nobody can sign
 * in to give them out. vigie operator link | unlink: which person of the site an operator is, so that nobody closes the
 * review of their own emergency opening.
 */
import type { Invited, OperatorStatus, OperatorView, Role } from '../api.ts'
import { type Language, VigieError } from '../errors.ts'
import { isRole, ROLES } from '../rules/roles.ts'
import { localTime, need, told, wrongCall } from './acts.ts'
import type { Desk, DeskOperators } from './desk.ts'
import { type Output, table } from './output.ts'

export const OPERATOR_OPTIONS = {
  role: { type: 'string' },
  zones: { type: 'string' },
  everywhere: { type: 'boolean' },
  email: { type: 'string' },
} as const
export interface OperatorOptions {
  readonly name?: string | undefined
  readonly role?: string | undefined
  readonly zones?: string | undefined
  readonly everywhere?: boolean | undefined
  readonly email?: string | undefined
  readonly reason?: string | undefined
}

export const OPERATOR_HELP = {
  en: `  vigie operator list   everybody who has an account
  vigie operator invite <login> --name <name> --role <role> [--zones <a,b>] [--email <address>]
                        prints a link that makes the account's password: once, within 7 days;
                        roles: nurse, ward-manager, security, it, auditor, data-protection,
                        administrator; with zones it counts there only, and below them
  vigie operator change <login> --reason <why> [--name <name>] [--role <role>]
                        [--zones <a,b> | --everywhere] [--email <address>]
                        another role or other zones end the sessions of the account
  vigie operator disable | enable <login> --reason <why>
                        a disabled account loses its sessions, links and tokens at once
  vigie operator reset <login> --reason <why>
                        takes password, second factors and sessions away; prints a new link
`,
  fr: `  vigie operator list   tous les comptes
  vigie operator invite <identifiant> --name <nom> --role <rôle> [--zones <a,b>] [--email <adresse>]
                        affiche un lien qui donne un mot de passe au compte\u202f: une fois, sous 7\u00a0jours\u202f;
                        rôles\u202f: nurse, ward-manager, security, it, auditor, data-protection,
                        administrator\u202f; avec des zones, il ne vaut que là et au-dessous
  vigie operator change <identifiant> --reason <motif> [--name <nom>] [--role <rôle>]
                        [--zones <a,b> | --everywhere] [--email <adresse>]
                        un autre rôle ou d’autres zones mettent fin aux sessions du compte
  vigie operator disable | enable <identifiant> --reason <motif>
                        un compte désactivé perd aussitôt ses sessions, ses liens et ses jetons
  vigie operator reset <identifiant> --reason <motif>
                        retire mot de passe, seconds facteurs et sessions\u202f; affiche un nouveau lien
`,
} as const

export async function list(desk: Desk, out: Output): Promise<void> {
  const all = await desk.operators.list()
  if (out.json) {
    out.line(JSON.stringify(all))
    return
  }
  const timeZone = await desk.timeZone()
  const head =
    out.language === 'fr'
      ? ['identifiant', 'nom', 'rôle', 'zones', 'état', 'second facteur', 'dernière connexion']
      : ['login', 'name', 'role', 'zones', 'status', 'second factor', 'last sign-in']
  out.line(table([head, ...all.map(view => rowOf(view, out.language, timeZone))]))
}

const STATUS: Readonly<Record<OperatorStatus, Readonly<Record<Language, string>>>> = {
  invited: { en: 'invited', fr: 'invité' },
  active: { en: 'active', fr: 'actif' },
  disabled: { en: 'disabled', fr: 'désactivé' },
}
const rowOf = (o: OperatorView, language: Language, timeZone: string): string[] => [
  o.login,
  o.name,
  o.role,
  o.zones?.join(',') ?? '*',
  STATUS[o.status][language],
  [o.totp ? 'TOTP' : '', o.passkeys > 0 ? `passkey x${o.passkeys}` : ''].filter(Boolean).join(', ') || '-',
  o.signedInAt === undefined ? '-' : localTime(o.signedInAt, timeZone),
]

export async function invite(desk: Desk, args: readonly string[], o: OperatorOptions, out: Output): Promise<void> {
  const wish = {
    login: newLogin(args[0]),
    name: need(o.name, '--name is required: whose account it is', '--name est obligatoire\u202f: à qui est le compte'),
    role: roleIn(need(o.role, '--role is required', '--role est obligatoire')),
    ...(o.zones === undefined ? {} : { zones: zonesIn(o.zones) }),
    ...(o.email === undefined ? {} : { email: addressIn(o.email) }),
  }
  await handOut(await desk.operators.invite(wish), desk, out)
}

export async function change(desk: Desk, args: readonly string[], o: OperatorOptions, out: Output): Promise<void> {
  if (o.zones !== undefined && o.everywhere === true)
    throw wrongCall('either --zones or --everywhere', '--zones ou --everywhere, pas les deux')
  const wish = {
    ...(o.name === undefined ? {} : { name: o.name }),
    ...(o.role === undefined ? {} : { role: roleIn(o.role) }),
    ...(o.zones === undefined ? {} : { zones: zonesIn(o.zones) }),
    ...(o.everywhere === true ? { zones: null } : {}),
    ...(o.email === undefined ? {} : { email: o.email === '' ? null : addressIn(o.email) }),
  }
  if (Object.keys(wish).length === 0)
    throw wrongCall(
      'say what to change: --name, --role, --zones, --everywhere, --email',
      'dites quoi modifier\u202f: --name, --role, --zones, --everywhere, --email',
    )
  await put(desk, args, { ...wish, reason: reasonOf(o) }, out)
}

export const disable = (desk: Desk, args: readonly string[], o: OperatorOptions, out: Output): Promise<void> =>
  put(desk, args, { status: 'disabled', reason: reasonOf(o) }, out)

export const enable = (desk: Desk, args: readonly string[], o: OperatorOptions, out: Output): Promise<void> =>
  put(desk, args, { status: 'active', reason: reasonOf(o) }, out)

export async function reset(desk: Desk, args: readonly string[], o: OperatorOptions, out: Output): Promise<void> {
  const login = loginOf(args[0])
  const reason = reasonOf(o)
  await handOut(await desk.operators.reset(login, reason), desk, out)
}

async function put(
  { operators, inForce }: Desk,
  args: readonly string[],
  wish: Parameters<DeskOperators['change']>[1],
  out: Output,
): Promise<void> {
  const login = loginOf(args[0])
  const done = await operators.change(login, wish)
  const { name, role, zones = [], status } = done
  const where = zones.length > 0 ? ` (${zones.join(', ')})` : ''
  out.result(
    { ...done, ...inForce() },
    `${name}, ${login}\u202f: ${role}${where}, ${STATUS[status].fr}.${told(inForce(), 'fr')}`,
    `${name}, ${login}: ${role}${where}, ${STATUS[status].en}.${told(inForce(), 'en')}`,
  )
}

async function handOut(made: Invited, { inForce, timeZone }: Desk, out: Output): Promise<void> {
  const until = localTime(made.expiresAt, await timeZone())
  out.result(
    { ...made, ...inForce() },
    `Lien pour ${made.login}, valable une fois, jusqu’au ${until}, à ouvrir sous l’adresse du hub\u202f:\n${made.link}`,
    `Link for ${made.login}, good once, until ${until}, to be opened under the hub's address:\n${made.link}`,
  )
}

function newLogin(text: string | undefined): string {
  const login = loginOf(text)
  if (!/^[a-z0-9][a-z0-9._@-]{1,62}$/.test(login))
    throw wrongCall(
      'a login has 2 to 63 letters, digits and . _ @ -',
      'un identifiant a 2 à 63\u00a0lettres, chiffres et . _ @ -',
    )
  return login
}

/** @throws VigieError role-unknown */
function roleIn(role: string): Role {
  if (isRole(role)) return role
  throw new VigieError('role-unknown', { role: role.slice(0, 40), expected: ROLES.join(', ') })
}

function zonesIn(text: string): string[] {
  const zones = [...new Set(text.split(',').filter(zone => zone !== ''))]
  if (zones.length === 0) throw wrongCall('--zones takes ids of zones', '--zones attend des identifiants de zones')
  return zones
}

function addressIn(text: string): string {
  if (!/^[^\s@<>,;"]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(text))
    throw wrongCall('--email takes a mail address', '--email attend une adresse de courriel')
  return text
}

function reasonOf({ reason }: OperatorOptions): string {
  const words = need(
    reason?.trim(),
    '--reason is required: why; it is journaled',
    '--reason est obligatoire\u202f: pourquoi\u202f; c’est journalisé',
  )
  if (words.length < 3 || words.length > 500)
    throw wrongCall('--reason takes 3 to 500 characters', '--reason attend 3 à 500\u00a0caractères')
  return words
}

const loginOf = (text: string | undefined): string =>
  need(text, 'name the operator by login', 'nommez l’opérateur par son identifiant de connexion').toLowerCase()

export async function link(desk: Desk, args: readonly string[], out: Output): Promise<void> {
  const { acts, inForce } = desk
  const login = loginOf(args[0])
  const person = need(
    args[1],
    'name the person: vigie operator link <login> <person>; to take it away: vigie operator unlink <login>',
    'nommez la personne\u202f: vigie operator link <identifiant> <personne>\u202f; pour l’enlever\u202f: vigie operator unlink <identifiant>',
  )
  await acts.linkOperator(login, person)
  const name = await desk.nameOf(person)
  out.result(
    { login, person, ...inForce() },
    `L’opérateur ${login} est ${name}.${told(inForce(), 'fr')}`,
    `Operator ${login} is ${name}.${told(inForce(), 'en')}`,
  )
}

export async function unlink({ acts, inForce }: Desk, args: readonly string[], out: Output): Promise<void> {
  const login = loginOf(args[0])
  await acts.linkOperator(login, undefined)
  out.result(
    { login, ...inForce() },
    `L’opérateur ${login} n’est plus lié à une personne.${told(inForce(), 'fr')}`,
    `Operator ${login} is no longer linked to a person.${told(inForce(), 'en')}`,
  )
}
