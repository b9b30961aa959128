/** Who can open a point at a time, and what may a person open. Pure; the situation of the moment is left out. */
import type { MayAnswer, Obstacle, PlaceAsked, Way, WayInTime, WhoAnswer } from './ask.ts'
import { type Book, isBadgeReason, isHolderReason, type RawWay } from './ask-book.ts'
import { reasonWords, scheduleWords, spanWords } from './ask-words.ts'
import type { AccessPoint, Person } from './site.ts'
import type { SnapshotPerson, SnapshotPoint, SnapshotRule } from './snapshot.ts'

const COLLATE = new Intl.Collator('fr')
export const byName = (a: { readonly person: { readonly name: string } }, b: typeof a): number =>
  COLLATE.compare(a.person.name, b.person.name)

/** Everybody, sorted by name. 5,000 people take about 20 ms. @param at also in the future. Undefined: no such point */
export function whoMayOpen(book: Book, accessPoint: string, at: number): WhoAnswer | undefined {
  const point = book.accessPoint(accessPoint)
  if (!point) return undefined
  const known = book.snapshotPoint(point)
  const found = book.site.people.flatMap(p => standingOf(book, p, point, known, at) ?? [])
  const good = found.filter(f => f.obstacles.length === 0)
  return {
    accessPoint: book.place(point),
    at,
    timeZone: book.site.site.timeZone,
    revision: book.snapshot.revision,
    may: good
      .filter(f => f.ways.length > 0)
      .map(({ person, ways }) => ({ person, ways }))
      .sort(byName),
    breakGlass: good
      .filter(f => f.breakGlass)
      .map(({ person, ways }) => ({ person, also: ways.length > 0 }))
      .sort(byName),
    keptOut: found
      .filter(f => f.obstacles.length > 0 && f.ways.length > 0)
      .map(({ person, obstacles, ways }) => ({ person, obstacles, ways }))
      .sort(byName),
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
): Standing | undefined {
  const holder = book.snapshotPerson(person.id)
  if (!holder || !(at >= holder.validity.from && at < holder.validity.until)) return undefined
  const open = book.ways(holder, known).filter(w => book.isOpen(w, at))
  const breakGlass = book.mayBreakGlass(holder, known)
  if (open.length === 0 && !breakGlass) return undefined
  return {
    person: book.named(person),
    ways: open.map(w => book.describe(w, holder, known, at)),
    breakGlass,
    obstacles: book.obstacles(person.id, point, at),
  }
}

/** Every point some right, grant or emergency right reaches, in the order of the site. Undefined: no such person */
export function mayOpen(book: Book, id: string, at: number): MayAnswer | undefined {
  const person = book.person(id)
  const holder = book.snapshotPerson(id)
  if (!person || !holder) return undefined
  const badges = book.badgesOf(id).map(b => ({ end: b.uid.slice(-4), status: b.status, ...stateOf(book, b.uid, at) }))
  const usable = badges.some(b => b.obstacle === undefined)
  const points = book.site.accessPoints.flatMap(a => pointOf(book, holder, a, at, usable) ?? [])
  return {
    person: book.named(person),
    roles: person.roles.map(book.namedRole),
    at,
    timeZone: book.site.site.timeZone,
    revision: book.snapshot.revision,
    badges,
    points,
    breakGlass: emergencies(book, holder),
  }
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

function emergencies(book: Book, holder: SnapshotPerson): PlaceAsked[] {
  return book.site.accessPoints.filter(a => book.mayBreakGlass(holder, book.snapshotPoint(a))).map(a => book.place(a))
}

function pointOf(
  book: Book,
  holder: SnapshotPerson,
  point: AccessPoint,
  at: number,
  usable: boolean,
): MayAnswer['points'][number] | undefined {
  const known = book.snapshotPoint(point)
  const live = book.ways(holder, known).filter(w => w.kind === 'rule' || at < w.grant.until)
  if (live.length === 0) return undefined
  const ways = live.map(way => inTime(book, holder, known, way, at))
  const forbidden = book.forbidding(holder, known).map(rule => inTime(book, holder, known, { kind: 'rule', rule }, at))
  const open = usable && ways.some(w => w.open) && !forbidden.some(w => w.open)
  return { accessPoint: book.place(point), open, ways, forbidden }
}

function inTime(book: Book, holder: SnapshotPerson, point: SnapshotPoint, way: RawWay, at: number): WayInTime {
  const when =
    way.kind === 'grant' ? spanWords(way.grant.from, way.grant.until, book.site.site.timeZone) : whenOf(book, way.rule)
  return { ...book.describe(way, holder, point, at), open: book.isOpen(way, at), when }
}

function whenOf(book: Book, rule: SnapshotRule): WayInTime['when'] {
  const schedule = book.schedule(rule)
  return schedule ? scheduleWords(schedule, book.site.calendars) : ALL_HOURS
}
const ALL_HOURS: WayInTime['when'] = { fr: 'à toute heure', en: 'at all hours' }
