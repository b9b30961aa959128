/** A dry run: each badge event of the past decided with the rights as they are and as they would be. Pure. */
import type { NamedId, PairChange, SimulateAnswer } from './ask.ts'
import type { Book } from './ask-book.ts'
import { type BadgeEvent, rebuild } from './ask-why.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import type { Reason } from './reasons.ts'

type Counts = Pick<SimulateAnswer, 'events' | 'same' | 'gained' | 'lost' | 'otherwise' | 'skipped'>
type Effect = 'same' | 'gained' | 'lost' | 'otherwise' | 'skipped'
interface Pair {
  readonly person: string
  readonly accessPoint: string
  counts: Pick<PairChange, 'gained' | 'lost' | 'otherwise'>
  readonly first: PairChange['first']
}

const NO_COUNTS: Counts = { events: 0, same: 0, gained: 0, lost: 0, otherwise: 0, skipped: 0 }

/** Fed with badge events in the order of the journal. Both books must hold the grants of the whole stretch. */
export class Tally {
  readonly #before: Book
  readonly #after: Book
  readonly #pairs = new Map<string, Pair>()
  #counts: Counts = NO_COUNTS

  constructor(before: Book, after: Book) {
    this.#before = before
    this.#after = after
  }

  /** A few microseconds. @param at hub time of the row, ms */
  add(event: BadgeEvent, seq: number, at: number): void {
    const before = decided(this.#before, event, at)
    const after = decided(this.#after, event, at)
    const effect = effectOf(before, after)
    this.#counts = { ...this.#counts, events: this.#counts.events + 1, [effect]: this.#counts[effect] + 1 }
    const accessPoint = before.accessPoint ?? after.accessPoint
    if (effect === 'same' || effect === 'skipped' || event.person === undefined || accessPoint === undefined) return
    this.#note(event.person, accessPoint, effect, { seq, at, before: before.reason, after: after.reason })
  }

  #note(
    person: string,
    accessPoint: string,
    effect: 'gained' | 'lost' | 'otherwise',
    first: PairChange['first'],
  ): void {
    const key = `${person}/${accessPoint}`
    const known = this.#pairs.get(key)
    const pair = known ?? { person, accessPoint, counts: { gained: 0, lost: 0, otherwise: 0 }, first }
    pair.counts = { ...pair.counts, [effect]: pair.counts[effect] + 1 }
    if (!known) this.#pairs.set(key, pair)
  }

  get counts(): Counts {
    return this.#counts
  }

  /** Those who lose most first. @param nameOf the person a pseudonym stands for */
  pairs(nameOf: (pseudonym: string) => NamedId): PairChange[] {
    const pointName = (id: string): string =>
      this.#before.accessPoint(id) ? this.#before.pointName(id) : this.#after.pointName(id)
    return [...this.#pairs.values()]
      .map(({ person, accessPoint, counts, first }) => ({
        person: nameOf(person),
        accessPoint: { id: accessPoint, name: pointName(accessPoint) },
        ...counts,
        first,
      }))
      .sort((a, b) => b.lost - a.lost || b.gained - a.gained || b.otherwise - a.otherwise)
  }
}

function decided(book: Book, event: BadgeEvent, at: number): Decision {
  const { request, situations } = rebuild(event, at, book.uidOf, person => goodBadgeOf(book, person, at))
  return decide(book.snapshot, situations, request)
}

/** Number of a badge of that person (by pseudonym) that was good at that time. */
export function goodBadgeOf(book: Book, pseudonym: string, at: number): string | undefined {
  const badges = book.badgesOf(book.personOf(pseudonym) ?? '').map(b => b.uid)
  return badges.find(uid => {
    const badge = book.snapshot.badges.get(uid)
    return badge?.status === 'active' && at >= badge.validity.from && at < badge.validity.until
  })
}

const UNDECIDABLE: ReadonlySet<Reason> = new Set(['point-unknown', 'badge-unknown'])

function effectOf(before: Decision, after: Decision): Effect {
  if (UNDECIDABLE.has(before.reason) && UNDECIDABLE.has(after.reason)) return 'skipped'
  if (before.granted !== after.granted) return after.granted ? 'gained' : 'lost'
  return before.reason === after.reason ? 'same' : 'otherwise'
}
