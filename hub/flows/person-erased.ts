/**
 * Somebody asks that what is held on them be erased (GDPR, article 17).
 *
 *   guard     who they are; nothing of theirs is under way: no open review, no row in the spool, not the last administrator
 *   survey    what goes now, and what the law or a hold keeps, until when
 *   record    that it was asked for: by whom, for whom, how many rows wait
 *   withdraw  from the site, with their badges, where that was asked for too
 *   erase     the payloads of every row about them that nothing keeps, slice by slice
 *   forget    what the tables beside the journal hold of them; of who waits, the name alone, which those rows need
 *   clean     search index, write-ahead log, exports that still lie there
 *
 * What waits is looked at again each night. When nothing waits any more, the request itself goes too.
 */
import { VigieError } from '../errors.ts'
import type { Purpose } from '../rules/retention.ts'
import { type AboutSlice, ERASED_AT_ONCE, type Erase, TRIES, type Waiting } from './privacy-ports.ts'

export interface Known {
  readonly id: string
  readonly pseudonym: string
  readonly active: boolean
  readonly badges: readonly { readonly uid: string; readonly pseudonym: string | undefined; readonly active: boolean }[]
}
interface Needs {
  readonly person: (id: string) => Known | undefined
  /** Code of what stands in the way. */
  readonly obstacle: (person: Known) => 'erasure-review' | 'erasure-last-administrator' | 'erasure-spooled' | undefined
  /** What rows about them hold, one of these. */
  readonly textsOf: (person: Known) => readonly string[]
  readonly about: (texts: readonly string[], after: number, now: number) => Promise<AboutSlice>
  readonly ask: (asked: Asked & { readonly at: number; readonly until?: number; readonly count: number }) => unknown
  /** In force when it resolves. */
  readonly withdraw: (person: Known, by: string) => Promise<void>
  readonly erase: Erase
  readonly forget: (forgotten: {
    readonly at: number
    readonly request: string
    readonly person?: string
    readonly waiting: readonly string[]
    readonly count: number
    readonly by: string
  }) => unknown
  readonly open: () => readonly { readonly id: string; readonly traces: Known }[]
  readonly clean: () => Promise<void>
  readonly newId: () => string
  readonly now: () => number
}
interface Asked {
  readonly id: string
  readonly person: string
  readonly by: string
  readonly statedReason?: string
}
export interface ErasureWish {
  /** Of the site, by id. */
  readonly person: string
  readonly by: string
  readonly statedReason?: string
  /** Takes them and their badges off the site too. */
  readonly withdraw: boolean
}
/** What stays, until when and why. */
export interface Kept {
  readonly purpose: Purpose
  readonly rows: number
  /** Latest end of the terms that the law asks for, ms since 1970; absent where only a hold keeps them. */
  readonly until?: number
  readonly holds: readonly string[]
}
export interface ErasureDone {
  readonly id: string
  /** Payloads that went. */
  readonly erased: number
  readonly done: boolean
  readonly kept: readonly Kept[]
}

export class PersonErased {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError person-unknown, erasure-active, erasure-review, erasure-last-administrator, erasure-spooled, journal-unavailable */
  async ask({ withdraw, ...wish }: ErasureWish): Promise<ErasureDone> {
    const { textsOf, ask, newId, now } = this.#needs
    const person = this.#guard(wish.person, withdraw)
    const texts = textsOf(person)
    const waits = await this.#survey(texts)
    const until = latest(waits)
    const asked = { ...wish, id: newId() }
    await ask({ ...asked, at: now(), count: waits.length, ...(until !== undefined && { until }) })
    if (isOfTheSite(person)) await this.#needs.withdraw(person, wish.by)
    return this.#finish(asked.id, texts, wish.by, wish.person)
  }

  /** What would stand in the way today. @returns their pseudonym @throws VigieError what `ask` throws of it */
  check({ person, withdraw }: Pick<ErasureWish, 'person' | 'withdraw'>): string {
    return this.#guard(person, withdraw).pseudonym
  }

  /** Each night. @returns how many requests are done now @throws VigieError journal-unavailable */
  async resume(): Promise<number> {
    let done = 0
    for (const { id, traces } of this.#needs.open()) {
      if (isOfTheSite(traces)) continue // withdrawing them failed: nothing was erased, and somebody has to ask again
      const finished = await this.#finish(id, this.#needs.textsOf(traces), 'hub')
      if (finished.done) done += 1
    }
    return done
  }

  #guard(id: string, withdraw: boolean): Known {
    const person = this.#needs.person(id)
    if (!person) throw new VigieError('person-unknown', { person: id })
    if (isOfTheSite(person) && !withdraw) throw new VigieError('erasure-active', { person: id })
    const obstacle = this.#needs.obstacle(person)
    if (obstacle) throw new VigieError(obstacle, { person: id })
    return person
  }

  async #survey(texts: readonly string[]): Promise<readonly Waiting[]> {
    const waits: Waiting[] = []
    const now = this.#needs.now()
    for (let after: number | undefined = 0; after !== undefined; ) {
      const slice: AboutSlice = await this.#needs.about(texts, after, now)
      waits.push(...slice.waits)
      after = slice.next
    }
    return waits
  }

  async #finish(request: string, texts: readonly string[], by: string, person?: string): Promise<ErasureDone> {
    const { forget, clean, now, erase } = this.#needs
    const { erased, waits, basis, own, whole } = await this.#erase(request, texts)
    const done = waits.length === 0 && whole
    let count = erased
    if (done && own !== undefined) {
      const last = await erase({ at: now(), cause: 'request', request, seqs: [own], basis })
      count += last === false ? 0 : last
    }
    if (count === 0 && !done && person === undefined) return { id: request, erased: 0, done, kept: keptOf(waits) }
    const waiting = [...new Set(waits.flatMap(w => w.names))]
    await forget({ at: now(), request, waiting, count, by, ...(person !== undefined && { person }) })
    await clean()
    return { id: request, erased: count, done, kept: keptOf(waits) }
  }

  /** Every row but the request's own. */
  async #erase(request: string, texts: readonly string[]): Promise<Pass> {
    let erased = 0
    for (let tries = 1; ; tries++) {
      const pass = await this.#pass(request, texts)
      erased += pass.erased
      if (pass.whole || tries === TRIES) return { ...pass, erased }
    }
  }

  async #pass(request: string, texts: readonly string[]): Promise<Pass> {
    const { about, now } = this.#needs
    const waits: Waiting[] = []
    const at = now()
    let [erased, own, basis]: [number, number | undefined, string | undefined] = [0, undefined, undefined]
    for (let after: number | undefined = 0; after !== undefined; ) {
      const slice: AboutSlice = await about(texts, after, at)
      basis ??= slice.basis
      if (slice.basis !== basis) return { whole: false, erased, waits, basis, own }
      waits.push(...slice.waits)
      own ??= slice.asks.find(a => a.request === request)?.seq
      const earlier = slice.asks.flatMap(a => (a.request === request ? [] : [a.seq]))
      const gone = await this.#slice(request, [...slice.goes, ...earlier], basis)
      if (gone === false) return { whole: false, erased, waits, basis, own }
      erased += gone
      after = slice.next
    }
    return { whole: true, erased, waits, basis: basis ?? '', own }
  }

  async #slice(request: string, going: readonly number[], basis: string): Promise<number | false> {
    let erased = 0
    for (let i = 0; i < going.length; i += ERASED_AT_ONCE) {
      const seqs = going.slice(i, i + ERASED_AT_ONCE)
      const gone = await this.#needs.erase({ at: this.#needs.now(), cause: 'request', request, seqs, basis })
      if (gone === false) return false
      erased += gone
    }
    return erased
  }
}
/** Once through the journal. `whole`: holds and terms stayed the same. `own`: the row of the request, if it may go. */
interface Pass {
  readonly whole: boolean
  readonly erased: number
  readonly waits: readonly Waiting[]
  readonly basis: string
  readonly own: number | undefined
}
const isOfTheSite = ({ active, badges }: Known): boolean => active || badges.some(b => b.active)

function latest(waits: readonly Waiting[]): number | undefined {
  return waits.reduce<number | undefined>((last, { until }) => {
    return until === undefined || (last !== undefined && last >= until) ? last : until
  }, undefined)
}

function keptOf(waits: readonly Waiting[]): Kept[] {
  const purposes = [...new Set(waits.map(w => w.purpose))]
  return purposes.map(purpose => {
    const some = waits.filter(w => w.purpose === purpose)
    const until = latest(some)
    const holds = [...new Set(some.flatMap(w => w.hold ?? []))]
    return { purpose, rows: some.length, holds, ...(until !== undefined && { until }) }
  })
}
