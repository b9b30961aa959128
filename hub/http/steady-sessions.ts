/**
 * Sessions over a store that may not take anything for a while: what could not be written counts from memory, and is
 * written later. Whoever stands before the hub in an emergency is not turned away because a disk fails, and whoever has
 * signed out stays out.
 *
 *   create   in force at once; ends with the process if the store never takes it
 *   touch    in force at once, written behind
 *   end      in force at once; tried again until the store has heard of it
 *
 * Reading is the store's: an account that is gone, or has another role, counts at once for those in memory too.
 */
import { causeOf } from '../errors.ts'
import type { NewSession } from './account-ports.ts'
import type { Log, SessionStore, StoredSession } from './ports.ts'

interface Owed {
  created?: NewSession
  seenAt?: number
  ended?: true
  writing?: Promise<void>
}

/** How long a sign-in or sign-out waits for the store, and when it is tried again, milliseconds. */
const PATIENCE_MS = 1_000
const RETRY_MS = 5_000

export class SteadySessions implements SessionStore {
  readonly #store: SessionStore
  readonly #log: Log
  readonly #owed = new Map<string, Owed>()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(store: SessionStore, log: Log) {
    this.#store = store
    this.#log = log
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  /** Never rejects. */
  async create(session: NewSession): Promise<void> {
    this.#of(session.hash).created = session
    await inTime(this.#write(session.hash))
  }

  /** Never rejects, and waits for nothing. */
  touch(hash: string, seenAt: number): void {
    this.#of(hash).seenAt = seenAt
    void this.#write(hash)
  }

  /** Never rejects. */
  async end(hash: string): Promise<void> {
    this.#of(hash).ended = true
    await inTime(this.#write(hash))
  }

  /** An account is changed or closed in the store, or not at all. */
  async endAllOf(operator: string, but?: string): Promise<void> {
    for (const [hash, owed] of this.#owed) if (owed.created?.operator === operator && hash !== but) owed.ended = true
    await this.#store.endAllOf(operator, but)
  }

  operator: SessionStore['operator'] = id => this.#store.operator(id)

  async find(hash: string): Promise<StoredSession | undefined> {
    const stored = await this.#store.find(hash)
    const owed = this.#owed.get(hash)
    if (owed?.ended) return undefined
    const found = stored ?? (owed?.created && (await this.#inMemory(owed.created)))
    return found && seenIn(found, owed)
  }

  async listOf(operator: string): Promise<readonly StoredSession[]> {
    const stored = new Set((await this.#store.listOf(operator)).map(s => s.hash))
    const owed = [...this.#owed].flatMap(([hash, o]) => (o.created?.operator === operator ? [hash] : []))
    const found = await Promise.all([...stored.union(new Set(owed))].map(hash => this.find(hash)))
    return found.filter(s => s !== undefined)
  }

  async #inMemory({ operator: id, ...session }: NewSession): Promise<StoredSession | undefined> {
    const operator = await this.#store.operator(id)
    return operator && { ...session, operator }
  }

  #of(hash: string): Owed {
    const owed = this.#owed.get(hash) ?? {}
    this.#owed.set(hash, owed)
    return owed
  }

  /** One at a time for each session, so that its end is written after its beginning. Never rejects. */
  #write(hash: string): Promise<void> {
    const owed = this.#of(hash)
    owed.writing ??= this.#writeAll(hash, owed)
      .catch((error: unknown) => this.#failed(error))
      .finally(() => delete owed.writing)
    return owed.writing
  }

  /** What is new while it is written is written too. */
  async #writeAll(hash: string, owed: Owed): Promise<void> {
    for (;;) {
      const { created, seenAt, ended } = owed
      if (ended) await this.#store.end(hash)
      if (ended || (!created && seenAt === undefined)) {
        this.#owed.delete(hash) // in the same turn as the look: what comes now is owed anew
        return
      }
      if (created) {
        await this.#store.create(created)
        delete owed.created
      } else if (seenAt !== undefined) {
        await this.#store.touch(hash, seenAt)
        if (owed.seenAt === seenAt) delete owed.seenAt
      }
    }
  }

  #failed(error: unknown): void {
    if (this.#timer || this.#stopped) return
    this.#log.warn({ cause: causeOf(error) }, 'a session could not be written: it counts from memory until it is')
    this.#timer = setTimeout(() => void this.#again(), RETRY_MS).unref()
  }

  /** The first that fails again puts off the others. */
  async #again(): Promise<void> {
    this.#timer = undefined
    for (const hash of [...this.#owed.keys()]) if (!this.#timer) await this.#write(hash)
  }
}

const seenIn = (found: StoredSession, owed: Owed | undefined): StoredSession =>
  owed?.seenAt === undefined ? found : { ...found, seenAt: Math.max(found.seenAt, owed.seenAt) }

/** A store that does not answer keeps nobody waiting. */
function inTime(written: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, PATIENCE_MS)
    void written.then(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
