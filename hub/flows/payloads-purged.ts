/**
 * Each night: what is past its term goes.
 *
 *   find     rows whose term has passed and that no hold keeps, some hundred at a time
 *   erase    each slice with the row that vouches for it; where a hold was placed meanwhile, look again
 *   past     what the tables beside the journal hold from before the term of administration
 *   finish   requests for erasure that waited for a term or a hold
 *   forget   people and badges whom nothing names any more
 *   clean    search index, write-ahead log and whatever else was derived from what went
 *
 * Broken off at any point it goes on the next night: what is due is worked out from the journal itself.
 */
import { type Purpose, type RetentionPolicy, termOf } from '../rules/retention.ts'
import { type DueSlice, ERASED_AT_ONCE, type Erase, TRIES } from './privacy-ports.ts'

interface Needs {
  readonly policy: () => Promise<RetentionPolicy> | RetentionPolicy
  readonly find: (after: number, now: number) => Promise<DueSlice>
  readonly erase: Erase
  readonly dropPastTerm: (before: number, now: number) => Promise<number> | number
  /** @returns how many requests are done now */
  readonly finish: () => Promise<number>
  readonly unnamed: () => Promise<readonly string[]>
  /** @returns how many of them went */
  readonly forgetSubjects: (pseudonyms: readonly string[], now: number) => Promise<number> | number
  readonly clean: () => Promise<void>
  readonly now: () => number
}
export interface Purged {
  /** Payloads, by what they were kept for. */
  readonly payloads: Readonly<Partial<Record<Purpose, number>>>
  readonly total: number
  /** Rows of other tables. */
  readonly past: number
  readonly erasures: number
  /** People and badges. */
  readonly subjects: number
}

export class PayloadsPurged {
  readonly #needs: Needs
  #stopped = false

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** After the slice at hand. */
  stop(): void {
    this.#stopped = true
  }

  /** What would go. */
  async dryRun(): Promise<Pick<Purged, 'payloads' | 'total'>> {
    const count = new Map<Purpose, number>()
    const now = this.#needs.now()
    for (let after: number | undefined = 0; after !== undefined; ) {
      const slice: DueSlice = await this.#needs.find(after, now)
      for (const [purpose, seqs] of slice.due) count.set(purpose, (count.get(purpose) ?? 0) + seqs.length)
      after = slice.next
    }
    return counted(count)
  }

  /** @throws VigieError journal-unavailable: what went until then is gone, with its rows */
  async run(): Promise<Purged> {
    const { policy, dropPastTerm, finish, unnamed, forgetSubjects, clean, now } = this.#needs
    const count = new Map<Purpose, number>()
    for (let tries = 0; tries < TRIES; tries++) if (await this.#erase(count)) break
    const before = now() - termOf('administration', await policy())
    let past = 0
    for (let gone = 1; gone > 0 && !this.#stopped; past += gone) gone = await dropPastTerm(before, now())
    const erasures = await finish()
    const left = await unnamed()
    let subjects = 0
    for (let i = 0; i < left.length && !this.#stopped; i += ERASED_AT_ONCE)
      subjects += await forgetSubjects(left.slice(i, i + ERASED_AT_ONCE), now())
    await clean()
    return { ...counted(count), past, erasures, subjects }
  }

  /** @returns false if holds or terms changed meanwhile */
  async #erase(count: Map<Purpose, number>): Promise<boolean> {
    const now = this.#needs.now()
    const waiting = new Map<Purpose, number[]>()
    let first: string | undefined
    for (let after: number | undefined = 0; after !== undefined && !this.#stopped; ) {
      const { due, next, basis }: DueSlice = await this.#needs.find(after, now)
      first ??= basis
      if (basis !== first) return false // some of what waits may be held by now
      for (const [purpose, seqs] of due) waiting.set(purpose, [...(waiting.get(purpose) ?? []), ...seqs])
      for (const [purpose, seqs] of waiting)
        while (seqs.length >= ERASED_AT_ONCE || (next === undefined && seqs.length > 0)) {
          const gone = await this.#slice(purpose, seqs.splice(0, ERASED_AT_ONCE), basis)
          if (gone === false) return false
          count.set(purpose, (count.get(purpose) ?? 0) + gone)
        }
      after = next
    }
    return true
  }

  #slice(purpose: Purpose, seqs: readonly number[], basis: string): Promise<number | false> | number | false {
    return this.#needs.erase({ at: this.#needs.now(), cause: 'term', purpose, seqs, basis })
  }
}

const counted = (count: ReadonlyMap<Purpose, number>): Pick<Purged, 'payloads' | 'total'> => ({
  payloads: Object.fromEntries(count),
  total: [...count.values()].reduce((sum, n) => sum + n, 0),
})
