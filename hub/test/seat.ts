/** Somebody at a browser of their own: comes in by a one-time link, sets up a second factor where one is owed, and asks. */
import type { FactorAdded, Role, SessionInfo, TotpOffer } from '../api.ts'
import { hashOf, newSecret } from '../http/secrets.ts'
import { codeAt } from '../http/totp.ts'
import { setInvitation } from '../record/accounts-factors.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { bump } from '../record/site.ts'
import { run, sql, transaction } from '../record/sql.ts'

export interface Named {
  readonly login: string
  readonly name: string
  readonly password: string
}

export class Seat {
  readonly who: Named
  readonly origin: string
  cookie = ''
  /** Base32, once there is one. */
  totpSecret = ''
  /** Good once each; the first is taken next. */
  recoveryCodes: string[] = []

  constructor(who: Named, origin: string) {
    this.who = who
    this.origin = origin
  }

  /** With whatever cookie the last answer set. @param origin of a hub that started again on another port */
  async fetch(path: string, init: RequestInit = {}, origin = this.origin): Promise<Response> {
    const headers = { 'content-type': 'application/json', origin, cookie: this.cookie }
    const answer = await fetch(`${origin}${path}`, { ...init, headers: { ...headers, ...init.headers } })
    const set = answer.headers.getSetCookie()[0]?.split(';')[0]
    if (set !== undefined) this.cookie = set
    return answer
  }
  /** @throws with the problem if it is refused */
  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.fetch(path, { method, ...(body && { body: JSON.stringify(body) }) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  get<T>(path: string): Promise<T> {
    return this.ask('GET', path)
  }
  post<T>(path: string, body: object = {}): Promise<T> {
    return this.ask('POST', path, body)
  }

  /** By the link of setup or of an invitation, until signed in. */
  async arrive(path: '/api/v1/setup' | '/api/v1/invitation', body: object): Promise<this> {
    const { stage } = await this.post<SessionInfo>(path, body)
    if (stage === 'enrol') await this.enrol()
    return this
  }

  /** A code generator; codes for recovery come with the first. */
  async enrol(): Promise<void> {
    const { secret } = await this.post<TotpOffer>('/api/v1/account/totp')
    const added = await this.ask<FactorAdded>('PUT', '/api/v1/account/totp', { code: codeAt(secret, Date.now()) })
    this.totpSecret = secret
    this.recoveryCodes = [...(added.recoveryCodes ?? this.recoveryCodes)]
  }

  /** Once more, by password and, where there is one, a recovery code: codes of the generator come once in 30 s. */
  async signIn(): Promise<this> {
    const { login, password } = this.who
    const { stage } = await this.post<SessionInfo>('/api/v1/session', { login, password })
    if (stage === 'factor') await this.post('/api/v1/session/factor', this.#factor())
    return this
  }

  /** A fresh proof of who it is, for what asks for one. */
  async stepUp(): Promise<void> {
    const proof = this.totpSecret === '' ? { password: this.who.password } : this.#factor()
    await this.post('/api/v1/session/step-up', proof)
  }

  #factor(): { readonly recovery: string } {
    const recovery = this.recoveryCodes.shift()
    if (recovery === undefined) throw new Error('no recovery codes left')
    return { recovery }
  }
}

const LINK_MS = 7 * 86_400_000

/** Puts an invited account beside those of a running hub. @returns the token of its link */
export function invite(dir: string, who: Omit<Named, 'password'>, role: Role, zones?: readonly string[]): string {
  const token = newSecret()
  const [id, now] = [`o-${who.login}`, Date.now()]
  const db = openDatabase(openFolder(dir, ''))
  const { login, name } = who
  const account = { id, login, name, role, password_hash: '', created_at: now, status: 'invited' }
  transaction(db, () => {
    run(db, sql.insertInto('operator').values({ ...account, zones: zones ? JSON.stringify(zones) : null }))
    setInvitation(db, { hash: hashOf(token), operator: id, expiresAt: now + LINK_MS })
    bump(db, now)
  })
  db.close()
  return token
}
