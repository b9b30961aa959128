/**
 * Operators' sessions (OWASP ASVS 5, 7.3 and 7.4): a new id at each sign-in, an idle and an absolute limit, and an end
 * that reaches open sockets at once. Roles are read from the store each time: a change of account counts immediately. A
 * store that can't be written turns nobody away (steady-sessions.ts).
 */
import type { Operator } from '../api.ts'
import { causeOf } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import type { Clock, Log, RecordEvent, SessionStore, StoredSession } from './ports.ts'
import { hashOf, isSecret, newSecret } from './secrets.ts'
import { SteadySessions } from './steady-sessions.ts'

/** `__Host-`: Secure, no Domain, Path=/ or the browser drops it. Browsers take it on loopback without TLS too. */
export const SESSION_COOKIE = '__Host-vigie'
const ABSOLUTE_MS = 12 * 3_600_000
/** How soon an open socket notices that its session ended elsewhere (the command line, another process): under 1 s. */
const SWEEP_MS = 500
/** A request is written down as a sign of life at most so often, and at most a tenth of the idle limit late. */
const TOUCH_MS = 30_000

export type Ending = 'signed-out' | 'expired' | 'account'

export interface SignedIn {
  /** The session's hash: names it, opens nothing. */
  readonly session: string
  /** The operator's pseudonym in the journal. */
  readonly id: string
  readonly operator: Operator
}

export interface SessionOptions {
  readonly store: SessionStore
  readonly record: RecordEvent<OperatorEvent>
  readonly log: Log
  readonly now: Clock
  /** Milliseconds without a request. An open socket is no sign of life: a screen left alone ends too. */
  readonly idleMs: number
  /** Milliseconds from sign-in, whatever happens; 12 h. */
  readonly absoluteMs?: number
}

export class Sessions {
  readonly #options: Required<SessionOptions>
  readonly #store: SteadySessions
  readonly #watchers = new Map<string, Set<(why: Ending) => void>>()
  #timer: NodeJS.Timeout | undefined
  #sweeping = false

  constructor(options: SessionOptions) {
    this.#options = { absoluteMs: ABSOLUTE_MS, ...options }
    this.#store = new SteadySessions(options.store, options.log)
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#sweep(), SWEEP_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#store.stop()
  }

  /** @returns the id for the cookie; only its hash is kept. */
  async open(operator: string): Promise<string> {
    const id = newSecret()
    const now = this.#options.now()
    await this.#store.create({
      hash: hashOf(id),
      operator,
      createdAt: now,
      seenAt: now,
      expiresAt: now + this.#options.absoluteMs,
    })
    return id
  }

  /** Whose session this is, and a sign of life. Undefined for anything that is no live session. */
  async use(id: string | undefined): Promise<SignedIn | undefined> {
    const found = await this.#live(id)
    const now = this.#options.now()
    if (found && now - found.seenAt > Math.min(TOUCH_MS, this.#options.idleMs / 10)) this.#store.touch(found.hash, now)
    return found && signedIn(found)
  }

  /** The same without the sign of life: a socket that reconnects by itself is nobody at the desk. */
  async peek(id: string | undefined): Promise<SignedIn | undefined> {
    const found = await this.#live(id)
    return found && signedIn(found)
  }

  async end(session: SignedIn, why: Ending): Promise<void> {
    const ended = this.#store.end(session.session)
    this.#tell(session.session, why)
    await ended
    await this.#recordEnd(session.id, why)
  }

  /** It has ended whether or not the journal can say so: a failing disk keeps nobody signed in. */
  async #recordEnd(operator: string, why: Ending): Promise<void> {
    try {
      await this.#options.record({ kind: 'operator.signed-out', operator, reason: why })
    } catch (error) {
      this.#options.log.error({ operator, why, cause: causeOf(error) }, 'the end of a session could not be recorded')
    }
  }

  /** All sessions of an account that was changed or closed; the sweep tells their sockets within a second. */
  async endAllOf(operator: string): Promise<void> {
    await this.#store.endAllOf(operator)
    await this.#sweep()
  }

  /** @returns the function that ends the watch. `tell` is called at most once, when the session ends. */
  watch(session: string, tell: (why: Ending) => void): () => void {
    const watchers = this.#watchers.get(session) ?? new Set()
    this.#watchers.set(session, watchers.add(tell))
    return () => {
      watchers.delete(tell)
      if (watchers.size === 0 && this.#watchers.get(session) === watchers) this.#watchers.delete(session)
    }
  }

  async #live(id: string | undefined): Promise<StoredSession | undefined> {
    if (!isSecret(id)) return undefined
    const found = await this.#store.find(hashOf(id))
    if (!found || !this.#expired(found)) return found
    await this.end(signedIn(found), 'expired')
    return undefined
  }

  #expired(session: StoredSession): boolean {
    const now = this.#options.now()
    return now - session.seenAt >= this.#options.idleMs || now - session.createdAt >= this.#options.absoluteMs
  }

  async #sweep(): Promise<void> {
    if (this.#sweeping) return
    this.#sweeping = true
    try {
      for (const hash of [...this.#watchers.keys()]) await this.#check(hash)
    } catch (error) {
      this.#options.log.error({ cause: causeOf(error) }, 'sessions could not be checked')
    } finally {
      this.#sweeping = false
    }
  }

  async #check(hash: string): Promise<void> {
    const found = await this.#store.find(hash)
    if (!found) this.#tell(hash, 'account')
    else if (this.#expired(found)) await this.end(signedIn(found), 'expired')
  }

  #tell(hash: string, why: Ending): void {
    const watchers = this.#watchers.get(hash)
    this.#watchers.delete(hash)
    for (const tell of watchers ?? []) tell(why)
  }
}

const signedIn = ({ hash, operator: { id, login, name, role } }: StoredSession): SignedIn => ({
  session: hash,
  id,
  operator: { login, name, role },
})
