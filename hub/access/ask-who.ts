/** Who can open a point at a time, and what may a person open. Pure; what is going on now counts where now is asked about. */
import type { MayAnswer, Obstacle, PlaceAsked, Way, WayInTime, WhoAnswer } from './ask.ts'
import { type Book, isBadgeReason, isHolderReason, type RawWay } from './ask-book.ts'
import { emergencyOpens, hindrance, NOTHING_KNOWN, notesOf, type Present, withLacks } from './ask-now.ts'
import { reasonWords, scheduleWords, spanWords } from './ask-words.ts'
import type { AccessPoint, Person } from './site.ts'
import type { SnapshotPerson, SnapshotPoint, SnapshotRule } from './snapshot.ts'

const COLLATE = new Intl.Collator('fr')
export const byName = (a: { readonly person: { readonly name: string } }, b: typeof a): number =>
  COLLATE.compare(a.person.name, b.person.name)

/** Everybody, sorted by name. 5,000 people take about 20 ms. @param at also in the future. Undefined: no such point */
export function whoMayOpen(
  book: Book,
  accessPoint: string,
  at: number,
  present = NOTHING_KNOWN,
): WhoAnswer | undefined {
  const point = book.accessPoint(accessPoint)
  if (!point) return undefined
  const known = book.snapshotPoint(point)
  const found = book.site.people.flatMap(p => standingOf(book, p, point, known, at, present) ?? [])
  return {
    accessPoint: book.place(point),
    at,
    timeZone: book.site.site.timeZone,
    revision: book.snapshot.revision,
    may: found
      .filter(f => f.obstacles.length === 0 && f.ways.length > 0)
      .map(({ person, ways }) => ({ person, ways }))
      .sort(byName),
    breakGlass: found
      .filter(f => f.breakGlass)
      .map(({ person, ways, obstacles }) => ({ person, also: ways.length > 0 && obstacles.length === 0 }))
      .sort(byName),
    keptOut: found
      .filter(f => f.obstacles.length > 0 && f.ways.length > 0)
      .map(({ person, obstacles, ways }) => ({ person, obstacles, ways }))
      .sort(byName),
    notes: notesOf(book, present, point),
  }
}

interface Standing {
  readonly person: { readonly id: string; readonly name: string }
  readonly ways: readonly Way[]
  readonly breakGlass: boolean
  readonly obstacles: readonly Obstacle[]
}

/** Undefined for whoever has nothing to do with the point at that time, or is not with the house then. */
function standingOf(
  book: Book,
  person: Person,
  point: AccessPoint,
  known: SnapshotPoint,
  at: number,
  present: Present,
): Standing | undefined {
  const holder = book.snapshotPerson(person.id)
  if (!holder || !(at >= holder.validity.from && at < holder.validity.until)) return undefined
  const open = book.ways(holder, known).filter(w => book.isOpen(w, at))
  const mayBreakGlass = book.mayBreakGlass(holder, known)
  if (open.length === 0 && !mayBreakGlass) return undefined
  const described = open.map(w => book.describe(w, holder, known, at))
  const ways = withLacks(described, person.id, present)
  const own = book.obstacles(person.id, point, at)
  const uids = book.badgesOf(person.id).flatMap(({ uid }) => (book.obstacle(uid, point, at) ? [] : [uid]))
  const now = hindrance(book, uids, point, ways, present)
  return {
    person: book.named(person),
    ways,
    breakGlass: mayBreakGlass && uids.some(uid => emergencyOpens(book, uid, point, present)),
    obstacles: now ? [now] : own,
  }
}

/** Every point some right, grant or emergency right reaches, in the order of the site. Undefined: no such person */
export function mayOpen(book: Book, id: string, at: number, present = NOTHING_KNOWN): MayAnswer | undefined {
  const person = book.person(id)
  const holder = book.snapshotPerson(id)
  if (!person || !holder) return undefined
  const held = book.badgesOf(id).map(({ uid, status }) => ({ uid, status, ...stateOf(book, uid, at) }))
  const good = held.flatMap(b => (b.obstacle ? [] : [b.uid]))
  const asked = { book, holder, id, good, at, present }
  return {
    person: book.named(person),
    roles: person.roles.map(book.namedRole),
    at,
    timeZone: book.site.site.timeZone,
    revision: book.snapshot.revision,
    badges: held.map(({ uid, ...b }) => ({ end: uid.slice(-4), ...b })),
    points: book.site.accessPoints.flatMap(a => pointOf(asked, a) ?? []),
    breakGlass: emergencies(asked),
    notes: notesOf(book, present),
  }
}

/** A person, and the badges that are good at that time. */
interface Asked {
  readonly book: Book
  readonly holder: SnapshotPerson
  readonly id: string
  readonly good: readonly string[]
  readonly at: number
  readonly present: Present
}

function stateOf(book: Book, uid: string, at: number): { readonly obstacle?: Obstacle } {
  const anywhere = book.site.accessPoints[0]
  const obstacle = anywhere && book.obstacle(uid, anywhere, at)
  const own =
    obstacle &&
    obstacle.reason !== 'badge-missing' &&
    (isBadgeReason(obstacle.reason) || isHolderReason(obstacle.reason))
  return own ? { obstacle: { reason: obstacle.reason, text: reasonWords(obstacle.reason) } } : {}
}

function emergencies({ book, holder, good, present }: Asked): PlaceAsked[] {
  const opens = (a: AccessPoint): boolean =>
    good.length === 0 || good.some(uid => emergencyOpens(book, uid, a, present))
  const reached = book.site.accessPoints.filter(a => book.mayBreakGlass(holder, book.snapshotPoint(a)))
  return reached.filter(opens).map(a => book.place(a))
}

function pointOf(asked: Asked, point: AccessPoint): MayAnswer['points'][number] | undefined {
  const { book, holder, id, good, at, present } = asked
  const known = book.snapshotPoint(point)
  const live = book.ways(holder, known).filter(w => w.kind === 'rule' || at < w.until)
  if (live.length === 0) return undefined
  const ways = withLacks(
    live.map(way => inTime(book, holder, known, way, at)),
    id,
    present,
  )
  const forbidden = book.forbidding(holder, known).map(rule => inTime(book, holder, known, { kind: 'rule', rule }, at))
  const byRights = good.length > 0 && ways.some(w => w.open) && !forbidden.some(w => w.open)
  const open = ways.filter(w => w.open)
  const obstacle = byRights ? hindrance(book, good, point, open, present) : undefined
  return {
    accessPoint: book.place(point),
    open: byRights && !obstacle,
    ...(obstacle && { obstacle }),
    ways,
    forbidden,
  }
}

function inTime(book: Book, holder: SnapshotPerson, point: SnapshotPoint, way: RawWay, at: number): WayInTime {
  const when =
    way.kind === 'grant' ? spanWords(way.grant.from, way.until, book.site.site.timeZone) : whenOf(book, way.rule)
  return { ...book.describe(way, holder, point, at), open: book.isOpen(way, at), when }
}

function whenOf(book: Book, rule: SnapshotRule): WayInTime['when'] {
  const schedule = book.schedule(rule)
  return schedule ? scheduleWords(schedule, book.site.calendars) : ALL_HOURS
}
const ALL_HOURS: WayInTime['when'] = { fr: 'à toute heure', en: 'at all hours' }
