/**
 * A visitor is announced: whom they visit, from when to when, which doors, by a badge that is handed over or by a code.
 *
 *   check    the host is of the staff and still there; the times are in order; the places are doors, and doors that whoever
 *            asks has a say in; the badge is nobody's
 *   record   the visitor in the site, the badge, a grant for each place, the visit and its rows: one commit
 *   answer   the code, once
 *
 * It ends by itself at its minute (visits-due.ts), or when somebody ends it: as when anybody leaves.
 */
import { said } from '../access/french.ts'
import { grantProblem } from '../access/grant-check.ts'
import type { Grant } from '../access/grants.ts'
import type { Badge, Person, Site } from '../access/site.ts'
import { VigieError } from '../errors.ts'
import type { GrantEvent } from '../events.ts'
import { type Fault, placeFault, targetOf, timeFault, type VisitWish } from '../rules/visits.ts'
import type { Reach } from '../rules/zones.ts'
import { type Awaitable, shown } from './acting.ts'
import { grantEvent } from './grant-issued.ts'

interface Opens {
  readonly items: readonly { readonly kind: 'person' | 'badge'; readonly id: string; readonly body: string }[]
  readonly grants: readonly Grant[]
  readonly issued: readonly Omit<GrantEvent, 'person'>[]
}
type Told = { readonly at: number; readonly id: string; readonly by: string }
/** An announced visit, as it stands. */
export interface KnownVisit extends Pick<VisitWish, 'from' | 'until' | 'places'> {
  readonly id: string
  readonly person: string
  /** Number of the badge or of the code. */
  readonly badge: string
}
interface Needs {
  readonly site: () => Site
  readonly announce: (
    a: Told &
      Opens & {
        readonly visit: {
          readonly id: string
          readonly person: string
          readonly host: string
          /** JSON. */
          readonly visitor: string
          readonly places: string
          readonly badge: string
          readonly shownAs: string
          readonly from: number
          readonly until: number
          readonly announcedBy: string
        }
      },
  ) => Awaitable<unknown>
  readonly change: (
    a: Told & Opens & { readonly expected: number; readonly set: { readonly from: number; readonly until: number } },
  ) => Awaitable<unknown>
  readonly recode: (a: Told & Pick<Opens, 'items'> & { readonly badge: string }) => Awaitable<unknown>
  /** `v-` and 16 hexadecimal digits, never the same twice. */
  readonly newId: () => string
  /** 20 hexadecimal digits that nobody guesses. */
  readonly newCode: () => string
  readonly newGrantId: () => string
  readonly now: () => number
}
export interface Announcing {
  readonly by: string
  readonly reach: Reach
}

export class VisitAnnounced {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError person-unknown, input-invalid (times), visit-place, badge-taken, grant-invalid, journal-unavailable */
  async announce(wish: VisitWish, { by, reach }: Announcing): Promise<{ readonly id: string; readonly code?: string }> {
    const { site, announce, newId, newCode, now } = this.#needs
    const at = now()
    const seen = site()
    this.#checkHost(wish.host, seen, at)
    refuse(timeFault(wish, at))
    const strange = placeFault(wish.places, seen, reach)
    if (strange) throw new VigieError('visit-place', { field: strange.field, place: shown(strange.place) })
    const uid = wish.badge ?? newCode()
    if (wish.badge !== undefined) checkFree(wish.badge, seen, at)
    const id = newId()
    const person = `visit-${id.slice(2)}`
    const opens = this.#opens({ id, person, badge: uid, ...wish }, wish.visitor.name, by)
    const { from, until, host } = wish
    await announce({
      ...{ at, id, by, ...opens },
      visit: {
        ...{ id, person, host, from, until, badge: uid, announcedBy: by },
        ...{ visitor: JSON.stringify(wish.visitor), places: JSON.stringify(wish.places) },
        shownAs: wish.badge === undefined ? 'qr' : 'badge',
      },
    })
    return { id, ...(wish.badge === undefined && { code: uid }) }
  }

  /** Sooner or later than was said. @throws VigieError input-invalid (times), visit-over, edit-conflict, journal-unavailable */
  async move(
    known: KnownVisit,
    times: Partial<Pick<VisitWish, 'from' | 'until'>>,
    by: string,
    expected: number,
  ): Promise<void> {
    const { change, now, site } = this.#needs
    const at = now()
    const set = { from: times.from ?? known.from, until: times.until ?? known.until }
    refuse(timeFault(set, at, set.from === known.from))
    const name = site().people.find(p => p.id === known.person)?.name ?? known.id
    await change({ at, id: known.id, by, expected, set, ...this.#opens({ ...known, ...set }, name, by) })
  }

  /** The code was lost: another one, and the one before opens nothing. @throws VigieError visit-over, journal-unavailable */
  async recode({ id, person, badge, from, until }: KnownVisit, by: string): Promise<string> {
    const code = this.#needs.newCode()
    const span = spanOf(from, until)
    const old: Badge = { uid: badge, person, status: 'revoked', ...span }
    const next: Badge = { uid: code, person, status: 'active', ...span }
    const items = [old, next].map(b => ({ kind: 'badge' as const, id: b.uid, body: JSON.stringify(b) }))
    await this.#needs.recode({ at: this.#needs.now(), id, by, items, badge: code })
    return code
  }

  #checkHost(host: string, { people }: Site, at: number): void {
    const known = people.find(p => p.id === host)
    const isThere = known && (known.kind ?? 'staff') === 'staff' && !isOver(known, at)
    if (!isThere) throw new VigieError('person-unknown', { person: shown(host) })
  }

  /** @throws VigieError grant-invalid */
  #opens({ person: id, badge: uid, from, until, places }: KnownVisit, name: string, by: string): Opens {
    const { site, newGrantId, now } = this.#needs
    const span = spanOf(from, until)
    const person: Person = { id, name, kind: 'visitor', roles: [], ...span }
    const badge: Badge = { uid, person: id, status: 'active', ...span }
    const grants = places.map(
      (place): Grant => ({
        id: newGrantId(),
        person: id,
        from,
        until,
        by,
        origin: 'appointment',
        target: targetOf(place),
      }),
    )
    const seen = { ...site(), people: [...site().people.filter(p => p.id !== id), person] }
    // A visit that has begun goes on: what counts is that its grants fit.
    const problem = grants
      .map(grant => grantProblem({ ...grant, from: Math.max(from, now()) }, seen, now()))
      .find(Boolean)
    if (problem) throw new VigieError('grant-invalid', { field: problem.pointer, expected: said(problem.expected) })
    return {
      items: [
        { kind: 'person', id, body: JSON.stringify(person) },
        { kind: 'badge', id: uid, body: JSON.stringify(badge) },
      ],
      grants,
      issued: grants.map(grant => {
        const { person: _, ...event } = grantEvent('grant.issued', grant, id, by)
        return event
      }),
    }
  }
}

const spanOf = (from: number, until: number) => ({
  validFrom: new Date(from).toISOString(),
  validUntil: new Date(until).toISOString(),
})
const isOver = (person: Person | undefined, at: number): boolean =>
  person?.validUntil !== undefined && Date.parse(person.validUntil) <= at

/** A visitors' badge that came back is handed out again. @throws VigieError badge-taken */
function checkFree(uid: string, { badges, people }: Site, at: number): void {
  const known = badges.find(b => b.uid === uid)
  if (!known) return
  const returned =
    known.status === 'revoked' &&
    isOver(
      people.find(p => p.id === known.person),
      at,
    )
  if (!returned) throw new VigieError('badge-taken', { uid: `…${uid.slice(-4)}` })
}

function refuse(fault: Fault | undefined): void {
  if (fault) throw new VigieError('input-invalid', { field: fault.field, expected: fault.expected })
}
