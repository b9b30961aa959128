/** vigie tenant list | register | token | cut-off: connected applications, from the machine itself. */
import { shape, Type } from '#devices/schema.ts'
import { said } from '../access/french.ts'
import type { TenantScope, TenantView } from '../api.ts'
import { VigieError } from '../errors.ts'
import { TenantScopeShape } from '../http/schemas/tenants.ts'
import type { TenantAdmin } from '../http/tenant-ports.ts'
import { operators } from '../record/accounts.ts'
import { tenantAdmin } from '../wiring/tenants.ts'
import { type Acting, instantOption, localTime, need, openActs, told, wrongCall } from './acts.ts'
import type { Context } from './context.ts'
import { readJson } from './json-file.ts'
import { type Output, table } from './output.ts'

export const TENANT_OPTIONS = { scope: { type: 'string' } } as const
export interface TenantOptions {
  readonly name?: string | undefined
  readonly scope?: string | undefined
  readonly until?: string | undefined
  readonly reason?: string | undefined
}

export const TENANT_HELP = {
  en: `  vigie tenant register <id> --name <application> --scope <file> --until <time>
                        connects an application within a scope (docs/tenants.md); its token is
                        shown once
  vigie tenant list     what they may do, how many grants of theirs live, when they were last seen
  vigie tenant token <id> --until <time>
                        another token; the one before ends at once
  vigie tenant cut-off <id> --reason <why>
                        its token, its grants, its streams and its webhooks end at once
`,
  fr: `  vigie tenant register <identifiant> --name <application> --scope <fichier> --until <moment>
                        connecte une application dans un périmètre (docs/fr/applications.md)\u202f;
                        son jeton n’est affiché qu’une seule fois
  vigie tenant list     ce qu’elles peuvent faire, leurs accès temporaires, leur dernier passage
  vigie tenant token <identifiant> --until <moment>
                        un autre jeton\u202f; le précédent prend fin aussitôt
  vigie tenant cut-off <identifiant> --reason <motif>
                        son jeton, ses accès temporaires, ses flux et ses webhooks prennent fin
`,
} as const

interface Desk extends Acting {
  readonly admin: TenantAdmin
  readonly timeZone: string
}
function openDesk(c: Context): Desk {
  const acting = openActs(c)
  const named = new Map(operators(c.db).map(o => [o.id, o.name]))
  const person = (id: string) => {
    const name = named.get(id)
    return name === undefined ? undefined : { name }
  }
  const { facts } = acting
  const admin = tenantAdmin({ db: c.db, op: c.op, facts, inForce: acting.settle, names: { person }, now: c.now })
  return { ...acting, admin, timeZone: facts().site.site.timeZone }
}

export async function register(c: Context, given: string | undefined, o: TenantOptions, out: Output): Promise<void> {
  const { admin, by, timeZone } = openDesk(c)
  const id = idIn(given)
  const name = need(
    o.name,
    '--name is required: of the application',
    '--name est obligatoire\u202f: le nom de l’application',
  )
  const expiresAt = instantOption('--until', o.until, c.now(), timeZone)
  const { token, tenant } = await admin.register({ id, name, scope: scopeIn(o.scope), expiresAt }, by)
  showToken(token, tenant, timeZone, out)
}

export async function token(c: Context, given: string | undefined, o: TenantOptions, out: Output): Promise<void> {
  const { admin, by, timeZone } = openDesk(c)
  const made = await admin.newToken(idIn(given), instantOption('--until', o.until, c.now(), timeZone), by)
  showToken(made.token, made.tenant, timeZone, out)
}

export function list(c: Context, out: Output): void {
  const { admin, timeZone } = openDesk(c)
  const { tenants } = admin.list()
  if (out.json) {
    out.line(JSON.stringify(tenants))
    return
  }
  const head =
    out.language === 'fr'
      ? ['application', 'nom', 'état', 'accès', 'jeton jusqu’au', 'dernier passage']
      : ['application', 'name', 'state', 'grants', 'token until', 'last seen']
  out.line(table([head, ...tenants.map(t => rowOf(t, timeZone, out.language === 'fr'))]))
}

export async function cutOff(c: Context, given: string | undefined, o: TenantOptions, out: Output): Promise<void> {
  const { admin, by, inForce } = openDesk(c)
  const id = idIn(given)
  const reason = need(
    o.reason,
    '--reason is required: it is journaled',
    '--reason est obligatoire\u202f: il est inscrit au journal',
  )
  const done = await admin.cutOff(id, reason, by)
  out.result(
    { ...done, ...inForce() },
    `Application ${id} coupée. Accès temporaires retirés\u202f: ${done.grants}.${told(inForce(), 'fr')}`,
    `Application ${id} cut off. Grants revoked: ${done.grants}.${told(inForce(), 'en')}`,
  )
}

function showToken(secret: string, tenant: TenantView, timeZone: string, out: Output): void {
  const until = localTime(tenant.expiresAt, timeZone)
  out.result(
    { token: secret, tenant },
    `Jeton de ${tenant.id}, valable jusqu’au ${until}. Il n’est affiché que cette fois\u202f:\n${secret}`,
    `Token of ${tenant.id}, good until ${until}. It is shown this once:\n${secret}`,
  )
}

function rowOf(t: TenantView, timeZone: string, french: boolean): string[] {
  const states = { active: french ? 'active' : 'active', 'cut-off': french ? 'coupée' : 'cut off' } as const
  return [
    ...[t.id, t.name, states[t.status], `${t.grants}/${t.scope.mostGrants}`],
    localTime(t.expiresAt, timeZone),
    t.usedAt === undefined ? '-' : localTime(t.usedAt, timeZone),
  ]
}

/** @throws VigieError usage */
function idIn(given: string | undefined): string {
  const id = need(given, 'name the application by its id', 'nommez l’application par son identifiant')
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id))
    throw wrongCall(
      'an id takes 1 to 63 of a-z, 0-9 and -, such as planning',
      'un identifiant attend 1 à 63\u00a0caractères parmi a-z, 0-9 et -, tel que planning',
    )
  return id
}

/** @throws VigieError usage, file-unreadable, tenant-invalid */
function scopeIn(file: string | undefined): TenantScope {
  const named = need(
    file,
    '--scope is required: a JSON file such as the one in docs/tenants.md',
    '--scope est obligatoire\u202f: un fichier JSON tel que celui de docs/fr/applications.md',
  )
  const value = readJson(named)
  const wrong = shape(Type.Object({ scope: TenantScopeShape })).error({ scope: value })
  if (wrong) throw new VigieError('tenant-invalid', { field: wrong.path, expected: said(wrong.expected) })
  return value as TenantScope
}
