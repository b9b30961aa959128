/** Stands in for the hub's management of accounts and tokens: hub/api-accounts.ts over lists in memory. */
import type { Invited, OperatorView, RoleList, TokenRequest, TokenView } from '#hub/api.ts'
import { ALWAYS_TWO_FACTORS, CAPABILITIES_OF, LONGEST_SESSION_MS, ROLES } from '#hub/rules/roles.ts'
import type { Refused } from './standin-account.ts'

type Body = Record<string, unknown>
const DAY_MS = 86_400_000
const OWNED = /^\w+ \/(operators|roles|tokens)(\/|$)/
const LINK = '/invitation#token=kX3vQ8mZr0TgWcY5nB2dHjL7sPaF4uEi9oRtVbNqMwA'
export const TOKEN = `vigie_${'aB3-_xY9z'.repeat(4)}QRSTUVW`
const refuse = (status: number, code: string, field?: string): never => {
  throw { status, code, title: code, ...(field ? { field } : {}) } satisfies Refused
}
/** Whoever signs in to the stand-in is among them, under the login of its account. */
export function someOperators(now: number): OperatorView[] {
  const one = (login: string, name: string, more: Partial<OperatorView>): OperatorView => ({
    ...{ login, name, role: 'security', status: 'active', createdAt: now - 200 * DAY_MS, signedInAt: now - 5_000_000 },
    ...{ totp: true, passkeys: 0, external: false, revision: 7, ...more },
  })
  return [
    one('b.kessler', 'Bruno Kessler', { role: 'administrator', passkeys: 1, email: 'b.kessler@prs-hauts.example' }),
    one('i.roussel', 'Inès Roussel', { role: 'it', passkeys: 2 }),
    one('a.morel', 'Ana Morel', { role: 'auditor', totp: false, signedInAt: now - 40 * DAY_MS }),
    one('c.marchand', 'Claire Marchand', { role: 'ward-manager', totp: false, zones: ['t05', 't06', 't07', 't08'] }),
    one('d.pinto', 'Diogo Pinto', { email: 'd.pinto@prs-hauts.example', zones: ['t15'] }),
    one('l.haddad', 'Lina Haddad', { role: 'data-protection', status: 'invited', totp: false }),
    one('p.garnier', 'Paul Garnier', { role: 'nurse', status: 'disabled', totp: false }),
    one('s.annuaire', 'Sacha Annuaire', { external: true, passkeys: 1, totp: false }),
  ].map(({ signedInAt, ...o }) => (o.status === 'invited' ? o : { ...o, ...(signedInAt ? { signedInAt } : {}) }))
}
export function someTokens(now: number): TokenView[] {
  const one = (id: string, name: string, more: Partial<TokenView>): TokenView => ({
    ...{ id, name, capabilities: ['site.read', 'events.read'], createdAt: now - 60 * DAY_MS, by: 'Inès Roussel' },
    ...{ expiresAt: now + 200 * DAY_MS, usedAt: now - 61_000, ...more },
  })
  return [
    one('t-plan', 'Planning des gardes', { capabilities: ['grants.write', 'rights.read', 'site.read'] }),
    one('t-old', 'Ancien tableau', { expiresAt: now - DAY_MS, zones: ['t15'] }),
    one('t-soon', 'Relevé de nuit', { expiresAt: now + 5 * DAY_MS + 3_600_000 }),
  ]
}

export class OperatorsStandIn {
  readonly #now: () => number
  operators: OperatorView[]
  tokens: TokenView[]
  /** What was asked for, in order. */
  readonly asked: { readonly route: string; readonly body: Body }[] = []
  mails = false

  constructor(now: () => number) {
    this.#now = now
    this.operators = someOperators(now())
    this.tokens = someTokens(now())
  }
  knows = (route: string): boolean => OWNED.test(route)
  /** Somebody else changes an account. */
  meddle(login: string, change: Partial<OperatorView>): void {
    this.operators = this.operators.map(o => (o.login === login ? { ...o, ...change, revision: o.revision + 1 } : o))
  }
  /** @throws Refused */
  answer(route: string, body: Body, match: string | undefined): unknown {
    const [method = '', path = ''] = route.split(' ')
    const [, list = '', id = '', deed = ''] = path.split('/').map(decodeURIComponent)
    if (method !== 'GET') this.asked.push({ route, body })
    if (list === 'roles') return ROLE_LIST
    if (list === 'tokens') return this.#tokens(method, id, body)
    if (id === '') return method === 'GET' ? { operators: this.operators } : this.#invite(body)
    const found = this.operators.find(o => o.login === id) ?? refuse(404, 'operator-unknown')
    if (deed === 'reset') return this.#linkFor(found.login)
    return method === 'GET' ? found : this.#change(found, body, match)
  }

  #invite(body: Body): Invited {
    const { login, name, role, zones, email } = body as unknown as OperatorView
    if (this.operators.some(o => o.login === login)) refuse(409, 'operator-exists', '/login')
    const added = { login, name, role, ...(zones && { zones }), ...(email && { email }) }
    const rest = {
      status: 'invited',
      createdAt: this.#now(),
      totp: false,
      passkeys: 0,
      external: false,
      revision: 1,
    } as const
    this.operators = [...this.operators, { ...added, ...rest }]
    return this.#linkFor(login)
  }
  #linkFor(login: string): Invited {
    return { login, link: LINK, expiresAt: this.#now() + 7 * DAY_MS, mailed: this.mails, revision: 8 }
  }
  #change(found: OperatorView, { reason: _, zones, email, ...rest }: Body, match: string | undefined): OperatorView {
    if (match !== `"${found.revision}"`) refuse(412, 'edit-conflict')
    const { zones: before, email: mail, ...kept } = found
    const [z, e] = [zones === undefined ? before : zones, email === undefined ? mail : email]
    const made = { ...kept, ...rest, ...(z ? { zones: z } : {}), ...(e ? { email: e } : {}) } as OperatorView
    const next = { ...made, revision: found.revision + 1 }
    this.operators = this.operators.map(o => (o.login === found.login ? next : o))
    return next
  }
  #tokens(method: string, id: string, body: Body): unknown {
    if (method === 'GET') return { tokens: this.tokens }
    if (method === 'DELETE') {
      this.tokens = this.tokens.filter(t => t.id !== id)
      return {}
    }
    const view = { ...(body as unknown as TokenRequest), id: 't-new', createdAt: this.#now(), by: 'Bruno Kessler' }
    this.tokens = [...this.tokens, view]
    return { token: TOKEN, view }
  }
}

const ROLE_LIST: RoleList = {
  roles: ROLES.map(role => ({
    role,
    capabilities: CAPABILITIES_OF[role],
    secondFactorRequired: ALWAYS_TWO_FACTORS.includes(role),
    longestSession: LONGEST_SESSION_MS[role],
  })),
}
