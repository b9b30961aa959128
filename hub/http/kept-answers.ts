/**
 * Answers to requests that named a key, for those who ask again with it: a program whose connection broke repeats what it
 * asked, and it is done once. In memory: see idempotency.ts for what that leaves open.
 */
import { VigieError } from '../errors.ts'
import type { Clock } from './ports.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
/** What a request may find: the answer there was, or that it is the first and has to settle it. */
export type Begun = { readonly answer: Answer } | { readonly claim: Claim }
export interface Claim {
  /** @param answer undefined: it came to nothing, and may be asked again; `spent`: done, and its answer is for one time only */
  settle(answer: Answer | 'spent' | undefined): void
}

interface Kept {
  readonly fingerprint: string
  readonly at: number
  answer: Answer | 'spent' | undefined
  readonly settled: PromiseWithResolvers<void>
}
interface Owner {
  readonly kept: Map<string, Kept>
  /** Characters of its answers. */
  size: number
}

const LIFE_MS = 24 * 3_600_000
/** For one operator or token; the oldest go first. Together at most 32 million characters. */
const MOST_KEYS = 500
const MOST_SIZE = 512 * 1024
/** The one that asked longest ago is forgotten first. */
const MOST_OWNERS = 64
const PATIENCE_MS = 10_000

export class KeptAnswers {
  readonly #now: Clock
  readonly #patienceMs: number
  readonly #owners = new Map<string, Owner>()

  constructor(now: Clock, patienceMs = PATIENCE_MS) {
    this.#now = now
    this.#patienceMs = patienceMs
  }

  /**
   * Whoever asks while the first is still at work waits for its answer.
   * @param fingerprint of all that was asked
   * @throws VigieError idempotency-conflict, idempotency-spent, idempotency-busy
   */
  async begin(owner: string, key: string, fingerprint: string): Promise<Begun> {
    for (;;) {
      const known = this.#find(owner, key)
      if (!known) return { claim: this.#claim(owner, key, fingerprint) }
      if (known.fingerprint !== fingerprint) throw new VigieError('idempotency-conflict')
      if (known.answer === 'spent') throw new VigieError('idempotency-spent')
      if (known.answer) return { answer: known.answer }
      await this.#inTime(known.settled.promise)
    }
  }

  #find(owner: string, key: string): Kept | undefined {
    const kept = this.#owners.get(owner)?.kept.get(key)
    return kept && this.#now() - kept.at < LIFE_MS ? kept : undefined
  }

  #claim(name: string, key: string, fingerprint: string): Claim {
    const owner = this.#owner(name)
    this.#drop(owner, key)
    const kept: Kept = { fingerprint, at: this.#now(), answer: undefined, settled: Promise.withResolvers() }
    owner.kept.set(key, kept)
    this.#shrink(owner)
    return {
      settle: answer => {
        if (owner.kept.get(key) === kept) this.#settle(owner, key, kept, answer)
        kept.settled.resolve()
      },
    }
  }

  #settle(owner: Owner, key: string, kept: Kept, answer: Kept['answer']): void {
    if (answer === undefined) {
      this.#drop(owner, key)
      return
    }
    kept.answer = answer
    owner.size += sizeOf(kept)
    this.#shrink(owner)
  }

  #owner(name: string): Owner {
    const owner = this.#owners.get(name) ?? { kept: new Map(), size: 0 }
    this.#owners.delete(name)
    this.#owners.set(name, owner)
    for (const oldest of this.#owners.keys()) {
      if (this.#owners.size <= MOST_OWNERS) break
      this.#owners.delete(oldest)
    }
    return owner
  }

  #shrink(owner: Owner): void {
    for (const [key, { at }] of owner.kept) {
      const room = owner.kept.size <= MOST_KEYS && owner.size <= MOST_SIZE
      if (room && this.#now() - at < LIFE_MS) return
      this.#drop(owner, key)
    }
  }

  #drop(owner: Owner, key: string): void {
    const gone = owner.kept.get(key)
    if (!gone) return
    owner.kept.delete(key)
    owner.size -= sizeOf(gone)
  }

  #inTime(settled: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new VigieError('idempotency-busy', { seconds: 5 }))
      const timer = setTimeout(late, this.#patienceMs)
      void settled.then(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}

const sizeOf = ({ answer }: Kept): number => (typeof answer === 'object' ? answer.body.length : 0)
