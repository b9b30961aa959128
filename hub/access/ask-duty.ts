/** What a change means for people at work now: which points they would lose or gain until they go home. Pure. */
import type { DutyChange } from './ask.ts'
import type { Book, RawWay } from './ask-book.ts'
import type { Badge } from './site.ts'
import type { SnapshotPerson, SnapshotPoint } from './snapshot.ts'

const MINUTE = 60_000

/** One side of the comparison: a person at a point, with all that depends on time left open. */
interface Side {
  readonly book: Book
  readonly holder: SnapshotPerson
  readonly badges: readonly Badge[]
  readonly point: SnapshotPoint
  readonly ways: readonly RawWay[]
  /** What each way asks for, as text to compare. */
  readonly asks: readonly string[]
}

/** Schedules run on minutes, so a look at each minute misses nothing. A shift of 12 h at one point takes about 0.2 ms. */
export class DutyCheck {
  readonly #before: Book
  readonly #after: Book
  readonly #sameDays: boolean

  constructor(before: Book, after: Book) {
    this.#before = before
    this.#after = after
    this.#sameDays =
      JSON.stringify([before.site.calendars, before.site.site.timeZone]) ===
      JSON.stringify([after.site.calendars, after.site.site.timeZone])
  }

  /** One person, point by point: a step of the iterator each, so that whoever shares a thread can pause in between. */
  *of(person: string, from: number, until: number): Generator<DutyChange | undefined> {
    const ids = new Set([...this.#before.site.accessPoints, ...this.#after.site.accessPoints].map(a => a.id))
    for (const id of ids) yield this.#at(person, id, from, until)
  }

  #at(person: string, accessPoint: string, from: number, until: number): DutyChange | undefined {
    const before = sideOf(this.#before, person, accessPoint)
    const after = sideOf(this.#after, person, accessPoint)
    if (this.#sameDays && signature(before) === signature(after)) return undefined
    const found = firstDifference(before, after, from, until)
    if (!found) return undefined
    const { book } = (before ?? after)!
    return {
      person: book.named(book.person(person)!),
      accessPoint: { id: accessPoint, name: book.pointName(accessPoint) },
      ...found,
      now: found.from === from,
    }
  }
}

function sideOf(book: Book, person: string, accessPoint: string): Side | undefined {
  const holder = book.snapshotPerson(person)
  const stated = book.accessPoint(accessPoint)
  const point = stated && book.snapshotPoint(stated)
  if (!holder || !point) return undefined
  const ways = book.ways(holder, point)
  const asks = ways.map(w => JSON.stringify([w.kind === 'rule' ? w.rule.requires : undefined, point.requires]))
  return { book, holder, badges: book.badgesOf(person), point, ways, asks }
}

/** Equal texts mean equal answers at every minute. */
function signature(side: Side | undefined): string {
  if (!side) return ''
  const { book, holder, badges, point, ways, asks } = side
  const hours = ways.map(w => (w.kind === 'rule' ? book.schedule(w.rule) : [w.grant.id, w.until]))
  const denied = book.forbidding(holder, point).map(rule => book.schedule(rule))
  return JSON.stringify([hours, asks, denied, badges, String(holder.validity.from), String(holder.validity.until)])
}

/** Losing or gaining goes before a mere change of conditions, whichever comes first. */
function firstDifference(
  before: Side | undefined,
  after: Side | undefined,
  from: number,
  until: number,
): { readonly effect: DutyChange['effect']; readonly from: number } | undefined {
  let conditions: number | undefined
  for (let at = from; at < until; at = nextMinute(at)) {
    const [old, fresh] = [askedAt(before, at), askedAt(after, at)]
    if (old === fresh) continue
    if (fresh === '') return { effect: 'loses', from: at }
    if (old === '') return { effect: 'gains', from: at }
    conditions ??= at
  }
  return conditions === undefined ? undefined : { effect: 'conditions', from: conditions }
}

const nextMinute = (at: number): number => (Math.floor(at / MINUTE) + 1) * MINUTE

/** What has to be met to open at that time, all ways together; empty if nothing opens. */
function askedAt(side: Side | undefined, at: number): string {
  if (!side || !holds(side, at)) return ''
  const { book, holder, point, ways, asks } = side
  if (book.forbidding(holder, point).some(rule => book.isOpen({ kind: 'rule', rule }, at))) return ''
  const open = new Set(asks.filter((_, i) => book.isOpen(ways[i]!, at)))
  return [...open].sort().join('|')
}

function holds({ book, holder, badges }: Side, at: number): boolean {
  if (!(at >= holder.validity.from && at < holder.validity.until)) return false
  return badges.some(({ uid }) => {
    const badge = book.snapshot.badges.get(uid)
    return badge?.status === 'active' && at >= badge.validity.from && at < badge.validity.until
  })
}
