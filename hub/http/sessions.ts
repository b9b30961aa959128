/**
 * Operators' sessions (OWASP ASVS 5, 7.2 to 7.4): a new id at each step that raises what the session may do, an idle and an
 * absolute limit, and an end that reaches open sockets at once. Role and zones are read from the store each time: a change
 * of account counts immediately. A store that can't be written turns nobody away (steady-sessions.ts).
 */
import type { Operator, Role, SessionList, Stage } from '../api.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { OperatorEvent } from '../events.ts'
import { LONGEST_SESSION_MS, STEP_UP_MS } from '../rules/roles.ts'
import type { Clock, Log, RecordEvent, SessionStore, StoredSession } from './ports.ts'
import { hashOf, isSecret, newSecret } from './secrets.ts'
import { SteadySessions } from './steady-sessions.ts'

/** `__Host-`: Secure, no Domain, Path=/ or the browser drops it. Browsers take it on loopback without TLS too. */
export const SESSION_COOKIE = '__Host-vigie'
/** How soon an open socket notices that its session ended elsewhere (the command line, another process): under 1 s. */
const SWEEP_MS = 500
/** A request is written down as a sign of life at most so often, and at most a tenth of the idle limit late. */
const TOUCH_MS = 30_000
/** To give the second factor, and to set the first one up. */
/** At a workstation others come by: left alone, it ends sooner, milliseconds. */
export const STATION_IDLE_MS = 2 * 60_000
const UNFINISHED_MS: Readonly<Record<Exclude<Stage, 'in'>, number>> = { factor: 5 * 60_000, enrol: 30 * 60_000 }

export type Ending = 'signed-out' | 'expired' | 'account'

export interface SignedIn {
  /** The session's hash: names it, opens nothing. */
  readonly session: string
  /** The operator's pseudonym in the journal. */
  readonly id: string
  readonly operator: Operator
  /** How far the session has come; only at `in` is anybody signed in. */
  readonly stage: Stage
  /** Zones of the site outside of which the role counts for nothing; absent: everywhere. */
  readonly zones?: readonly string[]
  /** Set while a second factor is fresh: until when, milliseconds since 1970. */
  readonly steppedUpUntil?: number
}

/** What a new session is for. */
export interface Opening {
  readonly operator: { readonly id: string; readonly role: Role }
  readonly stage: Stage
  /** A second factor was shown just now. */
  readonly steppedUp: boolean
  /** The browser in a few words. */
  readonly client: string
  readonly address: string
  /** Begun by a badge at the workstation beside this access point. */
  readonly station?: string
}

export interface SessionOptions {
  readonly store: SessionStore
  readonly record: RecordEvent<OperatorEvent>
  readonly log: Log
  readonly now: Clock
  /** Milliseconds without a request. An open socket is no sign of life: a screen left alone ends too. */
  readonly idleMs: number
}

/** All that want to hear of one session's end. The session's id may change under them. */
interface Watch {
  session: string
  readonly tells: Set<(why: Ending) => void>
}

export class Sessions {
  readonly #options: SessionOptions
  readonly #store: SteadySessions
  readonly #startedAt: number
  readonly #watches = new Map<string, Watch>()
  #timer: NodeJS.Timeout | undefined
  #sweeping = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#store = new SteadySessions(options.store, options.log)
    this.#startedAt = options.now()
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
  async open({
    operator: { id: operator, role },
    stage,
    steppedUp,
    station,
    client,
    address,
  }: Opening): Promise<string> {
    const id = newSecret()
    const now = this.#options.now()
    const lifeMs = stage === 'in' ? LONGEST_SESSION_MS[role] : UNFINISHED_MS[stage]
    const times = { createdAt: now, seenAt: now, expiresAt: now + lifeMs, ...(steppedUp && { steppedUpAt: now }) }
    const where = { client, address, ...(station !== undefined && { station }) }
    await this.#store.create({ hash: hashOf(id), operator, stage, ...where, ...times })
    return id
  }

  /**
   * A fresh second factor was shown: a new id, the same limits, and whoever watches goes on watching.
   * @returns the id for the cookie; undefined if the session has ended meanwhile
   */
  async renew({ session }: SignedIn): Promise<string | undefined> {
    const before = await this.#store.find(session)
    if (!before) return undefined
    const id = newSecret()
    const now = this.#options.now()
    const { operator, ...kept } = before
    const hash = hashOf(id)
    const made = this.#store.create({ ...kept, hash, operator: operator.id, seenAt: now, steppedUpAt: now })
    this.#moveWatch(session, hash)
    await Promise.all([made, this.#store.end(session)])
    return id
  }

  /** A step of one sign-in gave way to the next: nothing to tell. */
  leaveBehind({ session }: SignedIn): void {
    void this.#store.end(session) // at once, and never rejects
  }

  /** Whose session this is, and a sign of life. Undefined for anything that is no live session. */
  async use(id: string | undefined): Promise<SignedIn | undefined> {
    const found = await this.#live(id)
    const now = this.#options.now()
    if (found && now - found.seenAt > Math.min(TOUCH_MS, this.#idleMs(found) / 10)) this.#store.touch(found.hash, now)
    return found && this.#signedIn(found)
  }

  /** The same without the sign of life: a socket that reconnects by itself is nobody at the desk. */
  async peek(id: string | undefined): Promise<SignedIn | undefined> {
    const found = await this.#live(id)
    return found && this.#signedIn(found)
  }

  /** By its hash, while it lives: of a browser that could not send its cookie along. */
  async known(hash: string): Promise<SignedIn | undefined> {
    const found = await this.#store.find(hash)
    return found && !this.#expired(found) ? this.#signedIn(found) : undefined
  }

  async end(session: SignedIn, why: Ending): Promise<void> {
    const ended = this.#store.end(session.session)
    this.#tell(session.session, why)
    await ended
    if (session.stage !== 'factor') await this.#recordEnd(session.id, why)
  }

  /** Of one operator, newest first. */
  async list(who: SignedIn): Promise<SessionList> {
    const live = (await this.#store.listOf(who.id)).filter(s => s.stage === 'in' && !this.#expired(s))
    const sessions = live.map(({ hash: id, createdAt, seenAt, expiresAt, client, address }) => ({
      ...{ id, createdAt, seenAt, expiresAt, client, address },
      own: id === who.session,
    }))
    return { sessions: sessions.toSorted((a, b) => b.createdAt - a.createdAt) }
  }

  /** One of one's own, from wherever it is. @throws VigieError session-unknown */
  async endOne(who: SignedIn, session: string): Promise<void> {
    const found = (await this.#store.listOf(who.id)).find(s => s.hash === session)
    if (!found) throw new VigieError('session-unknown')
    await this.end(this.#signedIn(found), 'signed-out')
  }

  /** All of one's own but the one that asks. */
  async endOthers(who: SignedIn): Promise<void> {
    const others = (await this.#store.listOf(who.id)).filter(s => s.hash !== who.session)
    for (const other of others) await this.end(this.#signedIn(other), 'signed-out')
  }

  /** Whatever this operator began by a badge at the workstation beside this access point. */
  async endAt(operator: string, station: string): Promise<void> {
    const here = (await this.#store.listOf(operator)).filter(s => s.station === station)
    for (const one of here) await this.end(this.#signedIn(one), 'signed-out')
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

  /** The account has ended: at once, whatever the store takes. Never rejects. */
  async closeAllOf(operator: string): Promise<void> {
    const open = await this.#store.listOf(operator)
    await Promise.all(open.map(one => this.end(this.#signedIn(one), 'account')))
    await this.#sweep()
  }

  /** @returns the function that ends the watch. `tell` is called at most once, when the session ends. */
  watch(session: string, tell: (why: Ending) => void): () => void {
    const watch = this.#watches.get(session) ?? { session, tells: new Set() }
    this.#watches.set(session, watch)
    watch.tells.add(tell)
    return () => {
      watch.tells.delete(tell)
      if (watch.tells.size === 0 && this.#watches.get(watch.session) === watch) this.#watches.delete(watch.session)
    }
  }

  #moveWatch(from: string, to: string): void {
    const watch = this.#watches.get(from)
    if (!watch) return
    this.#watches.delete(from)
    watch.session = to
    this.#watches.set(to, watch)
  }

  async #live(id: string | undefined): Promise<StoredSession | undefined> {
    if (!isSecret(id)) return undefined
    const found = await this.#store.find(hashOf(id))
    if (!found || !this.#expired(found)) return found
    await this.end(this.#signedIn(found), 'expired')
    return undefined
  }

  #expired(session: StoredSession): boolean {
    const now = this.#options.now()
    return now - session.seenAt >= this.#idleMs(session) || now >= session.expiresAt || this.#isLeftOver(session)
  }

  #idleMs({ station }: StoredSession): number {
    return station === undefined ? this.#options.idleMs : Math.min(STATION_IDLE_MS, this.#options.idleMs)
  }

  /** Which badge began it is known to the hub that it was held to, and to none that started since. */
  #isLeftOver({ station, createdAt }: StoredSession): boolean {
    return station !== undefined && createdAt < this.#startedAt
  }

  async #sweep(): Promise<void> {
    if (this.#sweeping) return
    this.#sweeping = true
    try {
      for (const hash of [...this.#watches.keys()]) await this.#check(hash)
    } catch (error) {
      this.#options.log.error({ cause: causeOf(error) }, 'sessions could not be checked')
    } finally {
      this.#sweeping = false
    }
  }

  async #check(hash: string): Promise<void> {
    const found = await this.#store.find(hash)
    if (!found) this.#tell(hash, 'account')
    else if (this.#expired(found)) await this.end(this.#signedIn(found), 'expired')
  }

  #tell(hash: string, why: Ending): void {
    const watch = this.#watches.get(hash)
    this.#watches.delete(hash)
    for (const tell of watch?.tells ?? []) tell(why)
  }

  #signedIn({ hash, operator: { id, login, name, role, zones }, stage, steppedUpAt }: StoredSession): SignedIn {
    const freshUntil = steppedUpAt === undefined ? 0 : steppedUpAt + STEP_UP_MS
    return {
      session: hash,
      id,
      operator: { login, name, role, ...(zones && { zones }) },
      stage,
      ...(zones && { zones }),
      ...(freshUntil > this.#options.now() && { steppedUpUntil: freshUntil }),
    }
  }
}
