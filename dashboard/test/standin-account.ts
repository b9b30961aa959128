/** Stands in for the hub's accounts: hub/api-accounts.ts with one account in memory. Passkeys are believed, not verified. */
import type {
  AccountView,
  Capability,
  Factor,
  Operator,
  PasskeyView,
  SessionInfo,
  SessionList,
  Stage,
} from '#hub/api.ts'
import { totp } from './totp.ts'

export interface AccountOptions {
  readonly factors?: readonly Factor[]
  /** The role may not do without a second factor. */
  readonly required?: boolean
  readonly zones?: readonly string[]
}
export interface Refused {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly field?: string
}
interface Answer {
  readonly data: unknown
  /** The session's new id, empty for none any more. */
  readonly cookie?: string
}
type Body = Record<string, unknown>
type Handler = (body: Body, session: string, id: string) => Answer

export const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
export const INVITATION = 'invitation-token-1234'
export const LEAKED = 'password password'
const STEP_UP_MS = 300_000
const CODES = Array.from({ length: 10 }, (_, i) => `K7Q${i}-M2XW-9HD${i}-R4TV`)
const OWNED = /^\w+ \/(session|account|invitation)(\/|$)/
const refuse = (status: number, code: string, title: string = code, field?: string): never => {
  throw { status, code, title, ...(field ? { field } : {}) } satisfies Refused
}
/** By an app now, or one step before or after. */
const shown = (code: string): boolean => [-1, 0, 1].some(step => totp(SECRET, Date.now(), step) === code)
const CLOSED = { setupNeeded: false }

export class AccountStandIn {
  readonly #owner: Operator & { readonly password: string }
  readonly #capabilities: readonly Capability[]
  readonly #required: boolean
  readonly #stages = new Map<string, Stage>()
  readonly #at = Date.now()
  #totp: boolean
  #passkeys: PasskeyView[]
  #codes: readonly string[]
  #steppedUpUntil = 0
  #used = ''
  sessions: SessionList['sessions'] = []
  /** Requests that ask for a fresh factor first. */
  strict = false

  constructor(
    owner: Operator & { password: string },
    capabilities: readonly Capability[],
    options: AccountOptions = {},
  ) {
    const factors = options.factors ?? []
    this.#owner = { ...owner, ...(options.zones ? { zones: options.zones } : {}) }
    this.#capabilities = capabilities
    this.#required = options.required ?? false
    this.#totp = factors.includes('totp')
    this.#passkeys = factors.includes('passkey')
      ? [{ id: 'k1', name: 'YubiKey 5', createdAt: this.#at - 9e9, usedAt: this.#at - 8e8 }]
      : []
    this.#codes = factors.includes('recovery') ? CODES : []
  }
  /** Where a password, and nothing else, leads. */
  get first(): Stage {
    if (this.#totp || this.#passkeys.length > 0) return 'factor'
    return this.#required ? 'enrol' : 'in'
  }
  knows = (route: string): boolean => OWNED.test(route)
  stage = (id: string): Stage | undefined => this.#stages.get(id)
  /** The last proof is no longer fresh. */
  expire(): void {
    this.#steppedUpUntil = 0
  }
  endAll(): void {
    this.#stages.clear()
  }
  open(stage: Stage): string {
    const id = String(Math.random()).slice(2)
    this.#stages.set(id, stage)
    return id
  }
  info(id: string): SessionInfo {
    const stage = this.stage(id)
    if (!stage) return CLOSED
    if (stage === 'factor') return { ...CLOSED, stage, factors: this.#factors() }
    const { password: _, ...operator } = this.#owner
    return { ...CLOSED, stage, operator, capabilities: this.#capabilities, steppedUpUntil: this.#steppedUpUntil }
  }
  answer(route: string, body: Body, id: string): Answer {
    const [method = '', path = ''] = route.split(' ')
    const key = Object.keys(this.#routes).find(k => k === route) ?? `${method} ${path.replace(/\/[^/]+$/, '/:id')}`
    const handler = this.#routes[key] ?? refuse(404, 'not-found')
    if (!this.stage(id) && !OPEN.has(key)) refuse(401, 'not-signed-in')
    const asks = this.strict && method !== 'GET' && path.startsWith('/account') && this.stage(id) === 'in'
    if (asks && this.#steppedUpUntil < Date.now()) refuse(403, 'step-up-needed')
    return handler(body, id, decodeURIComponent(path.split('/').at(-1) ?? ''))
  }

  #factors(): readonly Factor[] {
    return [
      ...(this.#totp ? (['totp'] as const) : []),
      ...(this.#passkeys.length > 0 ? (['passkey'] as const) : []),
      ...(this.#codes.length > 0 ? (['recovery'] as const) : []),
    ]
  }
  #raise(old: string, stage: Stage): Answer {
    this.#stages.delete(old)
    const cookie = this.open(stage)
    return { data: this.info(cookie), cookie }
  }
  #prove(body: Body): void {
    const code = String(body.totp ?? body.recovery ?? '')
    const right = body.totp
      ? this.#totp && code !== this.#used && shown(code)
      : body.recovery
        ? this.#codes.includes(code)
        : body.password
          ? this.#factors().length === 0 && body.password === this.#owner.password
          : body.passkey !== undefined
    if (!right) refuse(401, 'factor-refused', 'Not right, or used already. Try again in 2 s.')
    this.#used = code
    this.#codes = this.#codes.filter(c => c !== body.recovery)
    this.#steppedUpUntil = Date.now() + STEP_UP_MS
  }
  #added(session: string): Answer {
    const fresh = this.#codes.length === 0
    if (fresh) this.#codes = CODES
    this.#steppedUpUntil = Date.now() + STEP_UP_MS
    const { data, ...more } = this.#raise(session, 'in')
    return { ...more, data: { session: data, ...(fresh ? { recoveryCodes: CODES } : {}) } }
  }
  #view(): AccountView {
    const { password: _, ...operator } = this.#owner
    return {
      ...operator,
      totp: this.#totp,
      passkeys: this.#passkeys,
      recoveryCodesLeft: this.#codes.length,
      passwordSince: this.#at - 5e9,
      secondFactorRequired: this.#required,
    }
  }
  readonly #routes: Readonly<Record<string, Handler>> = {
    'POST /session': body => {
      const { login, password } = this.#owner
      if (body.login !== login || body.password !== password)
        refuse(401, 'sign-in-refused', 'Name or password is not right. Try again in 2 s.')
      return this.#raise('', this.first)
    },
    'DELETE /session': (_, session) => {
      this.#stages.delete(session)
      return { data: CLOSED, cookie: '' }
    },
    'POST /session/factor': (body, session) => {
      this.#prove(body)
      return this.#raise(session, 'in')
    },
    'POST /session/step-up': (body, session) => {
      this.#prove(body)
      return this.#raise(session, 'in')
    },
    'POST /invitation': body => {
      if (body.token !== INVITATION) refuse(401, 'invitation-refused')
      if (body.password === LEAKED) refuse(422, 'password-breached', 'Leaked.', 'password')
      return this.#raise('', this.first)
    },
    'GET /account': () => ({ data: this.#view() }),
    'POST /account/totp': () => ({
      data: { secret: SECRET, uri: `otpauth://totp/Vigie:${this.#owner.login}?secret=${SECRET}&issuer=Vigie` },
    }),
    'PUT /account/totp': (body, session) => {
      if (!shown(String(body.code))) refuse(401, 'factor-refused', 'Not right. Try again in 2 s.')
      this.#totp = true
      return this.#added(session)
    },
    'DELETE /account/totp': () => {
      if (this.#required && this.#passkeys.length === 0) refuse(409, 'factor-needed', 'Set another one up first.')
      this.#totp = false
      return { data: {} }
    },
    'DELETE /account/passkeys/:id': (_, __, id) => {
      this.#passkeys = this.#passkeys.filter(p => p.id !== id)
      return { data: {} }
    },
    'POST /account/recovery-codes': () => {
      this.#codes = CODES
      return { data: { recoveryCodes: CODES } }
    },
    'PUT /account/password': body => {
      if (body.current !== this.#owner.password) refuse(401, 'password-wrong', 'Not right. Try again in 2 s.')
      if (body.next === LEAKED) refuse(422, 'password-breached', 'Leaked.', 'next')
      return { data: {} }
    },
    'GET /account/sessions': () => ({ data: { sessions: this.#sessions() } }),
    'DELETE /account/sessions/:id': (_, __, id) => {
      this.sessions = this.sessions.filter(s => s.id !== id)
      return { data: {} }
    },
    'DELETE /account/sessions': () => {
      this.sessions = []
      return { data: {} }
    },
  }
  #sessions(): SessionList['sessions'] {
    const own = {
      id: 'own',
      createdAt: this.#at,
      seenAt: Date.now(),
      expiresAt: this.#at + 4e7,
      client: 'Chrome, Linux',
      address: '10.0.4.12',
      own: true,
    }
    return [own, ...this.sessions]
  }
}
const OPEN: ReadonlySet<string> = new Set(['POST /session', 'POST /invitation', 'DELETE /session'])
