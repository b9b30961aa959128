/**
 * Browsers in which somebody signed in before. Guessing at an account delays whoever guesses, and must not keep its owner
 * out: a browser that the owner has been signed in with has a delay of its own, whatever others do from elsewhere or from the
 * same network (OWASP: slow down online guessing with device cookies).
 *
 *   cookie    at most MOST entries `<login's digest>.<term>.<id>.<mac>`; opens nothing, and says nothing of who it was
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { fastifyCookie } from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import type { Clock } from './ports.ts'

export const KNOWN_COOKIE = '__Host-vigie-known'
const TERM_MS = 180 * 86_400_000
/** Nurses share a workstation. */
const MOST = 12
const ENTRY = /^([\w-]{22})\.([0-9a-z]{1,10})\.([\w-]{22})\.([\w-]{43})$/

export class KnownBrowsers {
  readonly #key: () => string
  readonly #now: Clock

  /** @param key hexadecimal, the same over restarts */
  constructor(key: () => string, now: Clock) {
    this.#key = key
    this.#now = now
  }

  /** @param header Cookie of the request @returns the id of this browser for this account; undefined where it is new to it */
  idFor(login: string, header: string | undefined): string | undefined {
    if (this.#key() === '') return undefined
    const own = this.#digest(login)
    const parts = entriesIn(header).flatMap(entry => ENTRY.exec(entry) ?? [])
    for (let i = 0; i < parts.length; i += 5) {
      const [, digest = '', term = '', id = '', mac = ''] = parts.slice(i, i + 5)
      const good = digest === own && same(mac, this.#mac(`${digest}.${term}.${id}`))
      if (good && Number.parseInt(term, 36) > this.#now()) return id
    }
    return undefined
  }

  /** To be called when somebody is signed in. @param header Cookie of the request: who was known here stays known */
  remember(login: string, header: string | undefined, reply: FastifyReply): void {
    const digest = this.#digest(login)
    const id = this.idFor(login, header) ?? randomBytes(16).toString('base64url')
    const said = `${digest}.${(this.#now() + TERM_MS).toString(36)}.${id}`
    const others = entriesIn(header).filter(entry => ENTRY.test(entry) && !entry.startsWith(`${digest}.`))
    const value = [`${said}.${this.#mac(said)}`, ...others].slice(0, MOST).join('~')
    const flags = { path: '/', secure: true, httpOnly: true, sameSite: 'strict', maxAge: TERM_MS / 1000 } as const
    reply.setCookie(KNOWN_COOKIE, value, flags)
  }

  #mac(said: string): string {
    return createHmac('sha256', this.#key()).update(`entry ${said}`).digest('base64url')
  }
  #digest(login: string): string {
    return createHmac('sha256', this.#key()).update(`login ${login.toLowerCase()}`).digest('base64url').slice(0, 22)
  }
}

const entriesIn = (header: string | undefined): string[] =>
  (fastifyCookie.parse(header ?? '')[KNOWN_COOKIE] ?? '').split('~').slice(0, MOST)

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
