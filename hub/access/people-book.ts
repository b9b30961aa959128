/** People and badges of a snapshot, under their pseudonyms. */
import { nextMidnight, type WallClock } from './calendar.ts'
import { DraftMap } from './draft-map.ts'
import { type Validity, validityOf } from './instant.ts'
import type { ProfileBook } from './profile-book.ts'
import { profileKey } from './profiles.ts'
import type { Badge, Person } from './site.ts'
import type { SnapshotBadge, SnapshotPerson } from './snapshot.ts'

interface Holder {
  readonly item: Person
  readonly compiled: SnapshotPerson
  readonly profile: string
}

export class PeopleBook {
  readonly #profiles: ProfileBook
  readonly #holders = new Map<string, Holder>()
  /** Person id -> uids, also of people who are not there (yet). */
  readonly #uids = new Map<string, Set<string>>()
  readonly #items = new Map<string, Badge>()
  readonly #people = new DraftMap<string, SnapshotPerson>()
  readonly #badges = new DraftMap<string, SnapshotBadge>()
  readonly #credentials = new DraftMap<string, SnapshotBadge>()

  constructor(profiles: ProfileBook) {
    this.#profiles = profiles
  }

  /** Badges of that person have to be put again afterwards. Nobody without a pseudonym is kept: they can't be journaled. */
  putPerson(id: string, item: Person | undefined, pseudonym: string | undefined): void {
    const before = this.#holders.get(id)
    if (before) this.#people.set(before.compiled.person, undefined)
    this.#holders.delete(id)
    if (item && pseudonym !== undefined) this.#addPerson(item, pseudonym)
    // After the new one is held, so that a profile that goes on being used keeps its place.
    if (before) this.#profiles.release(before.profile)
  }

  #addPerson(item: Person, person: string): void {
    const profile = profileKey(item.roles)
    const compiled = Object.freeze({ person, validity: validityOf(item), profile: this.#profiles.hold(profile) })
    this.#holders.set(item.id, { item, compiled, profile })
    this.#people.set(person, compiled)
  }

  /** Pseudonym of a person who is there. */
  pseudonymOf(id: string): string | undefined {
    return this.#holders.get(id)?.compiled.person
  }

  uidsOf(person: string): Iterable<string> {
    return this.#uids.get(person) ?? []
  }

  putBadge(uid: string, item: Badge | undefined, pseudonym: string | undefined, clock: WallClock): void {
    this.#forget(uid)
    if (!item) return
    const uids = this.#uids.get(item.person) ?? new Set()
    this.#uids.set(item.person, uids.add(uid))
    this.#items.set(uid, item)
    const holder = this.#holders.get(item.person)
    if (!holder || pseudonym === undefined) return
    const validity = validityOfBadge(item, holder.item, clock)
    const badge = Object.freeze({ credential: pseudonym, status: item.status, validity, holder: holder.compiled })
    this.#badges.set(uid.toUpperCase(), badge)
    this.#credentials.set(pseudonym, badge)
  }

  #forget(uid: string): void {
    const before = this.#items.get(uid)
    const badge = this.#badges.get(uid.toUpperCase())
    if (before) this.#uids.get(before.person)?.delete(uid)
    if (badge) this.#credentials.set(badge.credential, undefined)
    this.#items.delete(uid)
    this.#badges.set(uid.toUpperCase(), undefined)
  }

  publish(): {
    readonly people: ReadonlyMap<string, SnapshotPerson>
    readonly badges: ReadonlyMap<string, SnapshotBadge>
    readonly credentials: ReadonlyMap<string, SnapshotBadge>
    readonly omittedBadges: number
  } {
    const badges = this.#badges.publish()
    return {
      badges,
      people: this.#people.publish(),
      credentials: this.#credentials.publish(),
      omittedBadges: this.#items.size - badges.size,
    }
  }
}

/** A guest's badge that says no end of its own ends with the day it begins; one that says no day at all is never valid. */
function validityOfBadge(badge: Badge, holder: Person, clock: WallClock): Validity {
  const own = validityOf(badge)
  if (badge.validUntil !== undefined || (holder.kind ?? 'staff') === 'staff') return own
  const begins = badge.validFrom === undefined ? validityOf(holder).from : own.from
  return { from: own.from, until: nextMidnight(begins, clock) }
}
