/**
 * Somebody looks for rows of the journal.
 *
 *   understand   days are those of the site's calendar
 *   find         rows newest first, or how many on which day, without what this reader may not see
 *   record       a journal row: who, what they looked for, how many rows; before anything is shown
 *   join         names to pseudonyms, and for those who may not read it, without what somebody wrote
 *
 * What can't be recorded is not read. A person's own history is looked for like this too; who looked into it, and what
 * nobody may read over somebody's shoulder, is not part of it.
 */
import type { PointClass } from '../access/site-classes.ts'
import { VigieError } from '../errors.ts'
import { type EventKind, type FilterNote, GUARDED_KINDS, type JournalRead, type VigieEvent } from '../events.ts'
import { type Reach, within } from '../rules/zones.ts'
import { type AskedSpan, daysOf, type Span, spanAsked } from './journal-times.ts'

interface Looked {
  readonly person?: string
  readonly badge?: string
  readonly by?: string
  readonly accessPoint?: string
  readonly zone?: string
  readonly class?: PointClass
  readonly device?: string
  readonly kinds?: readonly EventKind[]
  readonly reason?: string
  readonly origin?: string
  readonly text?: string
}
/** Times are a day or RFC 3339. */
export type AskedFilter = Looked & AskedSpan
export type PlainFilter = Looked & Span

export interface Reader {
  /** Pseudonym of the operator, or `cli:<user>`. */
  readonly id: string
  readonly hidden: readonly EventKind[]
  /** May read what somebody wrote: reasons, comments, references. */
  readonly words: boolean
  /** Zones their role counts in; left out: everywhere, and what lies in none. */
  readonly reach?: Reach
}
/** Narrowed to a person's own history, or to what lies in some zones or tells of an operator's own account. By pseudonym. */
interface Narrowed {
  readonly own?: string
  readonly theirs?: { readonly zones: readonly string[]; readonly own: string }
}
export interface AskedPage {
  readonly cursor?: string
  /** 1 to 1,000. */
  readonly limit: number
}
interface Found {
  readonly seq: number
  readonly at: number
  readonly kind: EventKind
  readonly event?: VigieEvent
  readonly erasedBy?: number
}
interface FoundPage {
  readonly rows: readonly Found[]
  readonly next?: string
  readonly note: FilterNote
}
interface Named {
  readonly name: string
  readonly role?: string
}
export interface ShownRow extends Found {
  readonly who?: Readonly<Record<string, Named>>
}
export interface ShownPage {
  readonly rows: readonly ShownRow[]
  readonly next?: string
}
export interface ShownDays {
  readonly timezone: string
  readonly days: readonly { readonly day: string; readonly rows: number }[]
  readonly total: number
}

interface Needs {
  readonly timeZone: () => string
  /** @throws VigieError filter-invalid, range-inverted, cursor-invalid, index-behind */
  readonly find: (
    filter: PlainFilter,
    except: readonly EventKind[],
    page: AskedPage,
    of: Narrowed,
  ) => Promise<FoundPage>
  /** By quarter of an hour since 1970. */
  readonly count: (
    filter: PlainFilter,
    except: readonly EventKind[],
    of: Narrowed,
  ) => Promise<{ readonly quarters: readonly (readonly [number, number])[]; readonly note: FilterNote }>
  /** @throws VigieError journal-unavailable */
  readonly record: (event: JournalRead) => Promise<unknown>
  readonly nameOf: (pseudonym: string) => Named | undefined
  /** The person of the site, by pseudonym, that an operator is. */
  readonly personOf: (operator: string) => string | undefined
}

/** Whoever looks into somebody's history is not told to them by it, nor what is kept for an inquiry, and why. */
const NOT_OWN: readonly EventKind[] = [
  ...GUARDED_KINDS,
  ...(['journal.read', 'journal.exported', 'journal.export-failed', 'hold.placed', 'hold.released'] as const),
]
/** Searches at once of one reader: the others have their turn. */
const AT_ONCE = 4
const RETRY_S = 2

export class JournalSearched {
  readonly #needs: Needs
  /** Reader -> searches under way. */
  readonly #busy = new Map<string, number>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError filter-invalid, range-inverted, cursor-invalid, index-behind, journal-unavailable, too-many-requests */
  async page(asked: AskedFilter, page: AskedPage, reader: Reader): Promise<ShownPage> {
    const found = await this.#oneOf(reader, () =>
      this.#needs.find(this.#understood(asked), reader.hidden, page, theirsOf(reader)),
    )
    return this.#shown(found, reader, 'search')
  }

  /** @throws VigieError like page, and history-unlinked */
  async own(asked: AskedSpan, page: AskedPage, reader: Reader): Promise<ShownPage> {
    const person = this.#needs.personOf(reader.id)
    if (person === undefined) throw new VigieError('history-unlinked')
    const except = [...new Set([...reader.hidden, ...NOT_OWN])]
    const found = await this.#oneOf(reader, () =>
      this.#needs.find(this.#understood(asked), except, page, { own: person }),
    )
    return this.#shown(found, { id: reader.id, hidden: reader.hidden, words: true }, 'own')
  }

  /** @throws VigieError like page */
  async days(asked: AskedFilter, reader: Reader): Promise<ShownDays> {
    const { count, record, timeZone } = this.#needs
    const { quarters, note } = await this.#oneOf(reader, () =>
      count(this.#understood(asked), reader.hidden, theirsOf(reader)),
    )
    const timezone = timeZone()
    const days = daysOf(quarters, timezone)
    const total = days.reduce((sum, { rows }) => sum + rows, 0)
    await record({ kind: 'journal.read', by: reader.id, rows: total, what: 'days', filter: note })
    return { timezone, days, total }
  }

  async #oneOf<T>({ id }: Reader, look: () => Promise<T>): Promise<T> {
    const busy = this.#busy.get(id) ?? 0
    if (busy >= AT_ONCE) throw new VigieError('too-many-requests', { seconds: RETRY_S })
    this.#busy.set(id, busy + 1)
    try {
      return await look()
    } finally {
      const left = (this.#busy.get(id) ?? 1) - 1
      if (left > 0) this.#busy.set(id, left)
      else this.#busy.delete(id)
    }
  }

  #understood({ from, until, ...rest }: AskedFilter): PlainFilter {
    return { ...rest, ...spanAsked({ from, until }, this.#needs.timeZone()) }
  }

  async #shown({ rows, next, note }: FoundPage, reader: Reader, what: 'search' | 'own'): Promise<ShownPage> {
    const { record, nameOf } = this.#needs
    await record({ kind: 'journal.read', by: reader.id, rows: rows.length, what, filter: note })
    return { rows: rows.map(row => shownRow(row, reader, nameOf)), ...(next !== undefined && { next }) }
  }
}

const theirsOf = ({ reach, id }: Reader): Narrowed => (reach ? { theirs: { zones: [...reach], own: id } } : {})

function shownRow(row: Found, { words, reach }: Reader, nameOf: Needs['nameOf']): ShownRow {
  if (row.event === undefined) return row
  const event = inReach(row.event, reach)
  return { ...row, event: words ? event : withoutWords(event), who: whoIn(event, nameOf) }
}

/** One row may hold messages of many devices. */
const inReach = (event: VigieEvent, reach: Reach): VigieEvent =>
  event.kind === 'readings' && reach
    ? { ...event, messages: event.messages.filter(message => within(reach, message.zone)) }
    : event

/** What somebody wrote, and what stands for a patient. */
const WORDS: ReadonlySet<string> = new Set(['statedReason', 'comment', 'detail', 'reference'])

function withoutWords(event: VigieEvent): VigieEvent {
  const { via, ...rest } = event as VigieEvent & { readonly via?: object }
  const kept = (fields: object): object =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !WORDS.has(name)))
  return { ...kept(rest), ...(via !== undefined && { via: kept(via) }) } as VigieEvent
}

/** Each person and operator that a row names, and who that is. */
export function whoIn(event: VigieEvent, nameOf: (pseudonym: string) => Named | undefined): Record<string, Named> {
  const { person, witness, by, operator, filter } = event as {
    readonly [name in 'person' | 'witness' | 'by' | 'operator']?: unknown
  } & { readonly filter?: Readonly<Record<string, unknown>> }
  const who: Record<string, Named> = {}
  for (const named of [person, witness, by, operator, filter?.person, filter?.by]) {
    const known = typeof named === 'string' ? nameOf(named) : undefined
    if (known) who[named as string] = known
  }
  return who
}
