/**
 * Operators' acts, put together: the same for the command line, which writes in its own process, and for HTTP, which
 * writes through the hub's writer thread. What follows from them at the locks, in a running hub, is acting.ts.
 */
import { randomBytes } from 'node:crypto'
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import { applied, CALM, type SituationChange } from '../access/situations.ts'
import type { Finding } from '../events.ts'
import type { ActFacts, WriteAct } from '../flows/acting.ts'
import type { ItemArgs, Waiting } from '../flows/approval-asked.ts'
import {
  BadgeLost,
  LOCK_KINDS,
  LONGEST_RELEASE_MS,
  type LostBadge,
  type NotArrived,
  stillReleased,
} from '../flows/badge-lost.ts'
import { Evacuation, type EvacuationStarted, type EvacuationView } from '../flows/evacuation.ts'
import { GrantIssued, type GrantWish } from '../flows/grant-issued.ts'
import { GrantRevoked } from '../flows/grant-revoked.ts'
import { InterlockReset } from '../flows/interlock-reset.ts'
import { type Edit, ItemEdited, type ItemView } from '../flows/item-edited.ts'
import { KNOWN_MODELS } from '../flows/known-models.ts'
import { Lockdown, type LockdownView } from '../flows/lockdown.ts'
import { type MusterList, MusterRead } from '../flows/muster-read.ts'
import { PassbackReset, type ResetWish } from '../flows/passback-reset.ts'
import type { Departed, DepartureWish } from '../flows/person-departed.ts'
import { type PinChanged, PinSet } from '../flows/pin-set.ts'
import { type StoredRegistry, siteOf } from '../flows/registry.ts'
import { type OperatorFacts, ReviewClosed, type ReviewView } from '../flows/review-closed.ts'
import { siteText } from '../flows/site-exported.ts'
import type { WithoutDisk, Written } from '../flows/without-disk.ts'
import { operators, peopleOfOperator } from '../record/accounts.ts'
import { devices } from '../record/devices.ts'
import { grant, grants } from '../record/grants.ts'
import { makePin } from '../record/pins.ts'
import { events, lastSeq } from '../record/reading.ts'
import { item, readRegistry } from '../record/registry.ts'
import type { Db } from '../record/sql.ts'
import { approvalAsking } from './approvals.ts'
import { departing } from './departing.ts'
import type { PerformOp } from './enrolment.ts'

export type { ActFacts } from '../flows/acting.ts'
export type { WithoutDisk } from '../flows/without-disk.ts'
export { type Acting, type ActingNeeds, makeActing } from './acting.ts'

type Revised = { readonly revision: number }

/**
 * One method for each thing an operator can do. `by` is an operator's pseudonym or `cli:<user>`. Each resolves when the
 * running hub decides by it, if one is running; each throws VigieError: those named in its flow, journal-unavailable, and
 * not-in-force if a hub is running and does not take it over.
 */
export interface Acts {
  lockdowns(): LockdownView[]
  startLockdown(plan: string, by: string): Promise<LockdownView & Written>
  endLockdown(plan: string, by: string): Promise<{ readonly plan: string } & Written>
  evacuations(): EvacuationView[]
  startEvacuation(plan: string, by: string): Promise<EvacuationStarted>
  resumeEvacuation(plan: string, by: string): Promise<EvacuationStarted>
  endEvacuation(plan: string, by: string): Promise<{ readonly plan: string } & Written>
  /** `person` is the id in the site. */
  accountFor(plan: string, person: string, by: string): Promise<{ readonly at: number } & Partial<Written>>
  muster(plan: string, by: string): Promise<MusterList>
  /** In force or to come; with `all`, also those that ended within 24 h. */
  grants(all?: boolean): readonly Grant[]
  issueGrant(wish: GrantWish, by: string): Promise<{ readonly grant: Grant } & Revised>
  revokeGrant(id: string, by: string): Promise<{ readonly grant: Grant } & Revised>
  badgeLost(uid: string, by: string): Promise<LostBadge>
  setPin(person: string, pin: string, duressPin: string | undefined, by: string): Promise<PinChanged>
  clearPin(person: string, by: string): Promise<PinChanged>
  resetPassback(wish: ResetWish, by: string): Promise<{ readonly count: number } & Revised>
  /** A door of a man-trap that counts as open, and is shut. */
  resetInterlock(accessPoint: string, by: string): Promise<{ readonly accessPoint: string } & Revised>
  /** @param by the operator who asks: each says what keeps them from closing it */
  reviews(by?: string): ReviewView[]
  /** HTTP only: `by` is a signed-in operator's pseudonym. */
  closeReview(id: string, finding: Finding, comment: string, by: string): Promise<{ readonly id: string } & Revised>
  item(kind: string, id: string): ItemView
  itemIds(kind: string): string[]
  /** @returns that it waits, where it is what nobody does alone */
  putItem(kind: string, id: string, item: unknown, edit: Edit): Promise<Revised | Waiting>
  removeItem(kind: string, id: string, edit: Edit): Promise<Revised | Waiting>
  /** A site file, with the revision it stands at. */
  exportSite(): string
  /** `person` absent: the link is taken away. */
  linkOperator(login: string, person: string | undefined, by: string): Promise<Revised>
  /** Somebody leaves: all they could come in by ends at once. */
  depart(wish: DepartureWish): Promise<Departed>
  /** Person of the site, by id: what may stand in place of an id where people read. */
  nameOf(person: string): string
}

export interface ActsNeeds {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  /** In a running hub: from its memory (factsOf). Left out: from the database, at each act. */
  readonly facts?: () => SiteFacts
  /** Resolves when the running hub decides by what was just written, or none is running. */
  readonly inForce: () => unknown
  /** Only in a running hub: what lets people out, or closes, does not wait for its disk. */
  readonly withoutDisk?: WithoutDisk
  /** Only in a running hub: sessions of an account that has ended. Must not reject. */
  readonly endSessions?: (operator: string) => unknown
  /** Only in a running hub: keeps an account out that has ended without its disk. */
  readonly suspend?: (operator: string) => void
  /** Longest life of an order to a lock, milliseconds. */
  readonly expiryMs: number
  readonly onFailure: (error: unknown) => void
  readonly now: () => number
}
export interface SiteFacts extends ActFacts {
  readonly revision: number
}

export function makeActs(needs: ActsNeeds): Acts {
  const { db, op, now } = needs
  const facts = needs.facts ?? (() => storedFacts(db, now()))
  const wait =
    <A, R>(write: (args: A) => R | Promise<R>) =>
    async (args: A): Promise<R> => {
      const result = await write(args)
      await needs.inForce()
      return result
    }
  const write: WriteAct = wait(a => op('act', a))
  const common = { facts, write, now }
  const lockdown = new Lockdown(common, needs.withoutDisk)
  const evacuation = new Evacuation(common, needs.withoutDisk)
  const issued = new GrantIssued({ facts, now, newId: grantId, write: wait(a => op('issueGrant', a)) })
  const revoked = new GrantRevoked({ facts, now, grant: liveGrant(db), write: wait(a => op('revokeGrant', a)) })
  const pins = new PinSet({ facts, now, hash: makePin, write: wait(a => op('setPin', a)) })
  const passback = new PassbackReset(common)
  const interlock = new InterlockReset(common)
  const reviews = new ReviewClosed({ ...common, operator: by => operatorFacts(db, by) })
  const lost = badgeLostOf(needs, facts)
  const muster = musterOf(needs, facts)
  const items = itemsOf(needs, facts)
  const departures = departing({ ...needs, facts })
  const edited = alone(items, needs)
  const link = wait((a: { login: string; person?: string; by: string }) => op('linkOperator', { at: now(), ...a }))
  return {
    lockdowns: () => lockdown.list(),
    startLockdown: (plan, by) => lockdown.start(plan, by),
    endLockdown: (plan, by) => lockdown.end(plan, by),
    evacuations: () => evacuation.list(),
    startEvacuation: (plan, by) => evacuation.start(plan, by),
    resumeEvacuation: (plan, by) => evacuation.resume(plan, by),
    endEvacuation: (plan, by) => evacuation.end(plan, by),
    accountFor: (plan, person, by) => evacuation.safe(plan, person, by),
    muster: (plan, by) => muster.list(plan, by),
    grants: all => grants(db, now()).filter(g => all === true || g.until > now()),
    issueGrant: (wish, by) => issued.issue(wish, by),
    revokeGrant: (id, by) => revoked.revoke(id, by),
    badgeLost: (uid, by) => lost.lost(uid, by),
    setPin: (person, pin, duressPin, by) => pins.set(person, pin, duressPin, by),
    clearPin: (person, by) => pins.clear(person, by),
    resetPassback: (wish, by) => passback.reset(wish, by),
    resetInterlock: (accessPoint, by) => interlock.reset(accessPoint, by),
    reviews: by => reviews.list(by),
    closeReview: (id, finding, comment, by) => reviews.close(id, finding, comment, by),
    item: (kind, id) => items.show(kind, id),
    itemIds: kind => items.ids(kind),
    putItem: (kind, id, item, edit) =>
      edited({ kind, id, item, expected: edit.expected }, edit, () => items.put(kind, id, item, edit)),
    removeItem: (kind, id, edit) =>
      edited({ kind, id, expected: edit.expected }, edit, () => items.remove(kind, id, edit)),
    exportSite: () => {
      const { site, revision } = storedFacts(db, now())
      return siteText(site, revision)
    },
    linkOperator: async (login, person, by) => ({
      revision: await link({ login, by, ...(person === undefined ? {} : { person }) }),
    }),
    depart: wish => departures.depart(wish),
    nameOf: person => facts().site.people.find(p => p.id === person)?.name ?? person,
  }
}

/** At the start of a hub, before the first device connects: evacuations stand, and release nothing. @returns what changed */
export const pauseEvacuations = ({
  db,
  op,
  now,
  ...needs
}: Omit<ActsNeeds, 'inForce'>): Promise<readonly SituationChange[]> =>
  new Evacuation(
    { facts: needs.facts ?? (() => storedFacts(db, now())), write: a => op('act', a), now },
    needs.withoutDisk,
  ).pauseAll()

function badgeLostOf({ db, op, inForce, expiryMs, now, withoutDisk }: ActsNeeds, facts: () => ActFacts): BadgeLost {
  return new BadgeLost({
    facts,
    now,
    inForce,
    withoutDisk,
    write: a => op('setBadgeStatus', a),
    released: credential => releasedBy(db, { site: facts().site, credential, expiryMs, now: now() }),
  })
}

function musterOf({ db, op, onFailure, now }: ActsNeeds, facts: () => ActFacts): MusterRead {
  return new MusterRead({
    facts,
    grantsAt: at => grants(db, at).filter(g => g.from <= at && at < g.until),
    record: event => op('record', { at: now(), event }),
    onUnrecorded: onFailure,
    now,
  })
}

/** An edit that nobody makes alone waits, once it is clear that it could be made; any other is made. */
function alone(items: ItemEdited, { db, op, inForce, now }: ActsNeeds) {
  const asking = approvalAsking({
    ...{ db, now },
    op: async (name, args) => {
      const result = await op(name, args)
      await inForce()
      return result
    },
  })
  return async (args: ItemArgs, edit: Edit, make: () => Promise<Revised>): Promise<Revised | Waiting> => {
    const { kind, id, item } = args
    if (asking.nobodyToAsk || !GUARDED_ITEMS.has(kind)) return make()
    const before = items.would(kind, id, item, edit)
    const act = asking.danger(args)
    return act === undefined ? make() : asking.item(act, args, before, edit)
  }
}
const GUARDED_ITEMS: ReadonlySet<string> = new Set(['zone', 'accessPoint'])

/** What was asked for and approved, made now. @throws VigieError what stands in its way */
export function makeEdit(needs: ActsNeeds, { kind, id, item, expected }: ItemArgs, by: string): Promise<Revised> {
  const items = itemsOf(needs, needs.facts ?? (() => storedFacts(needs.db, needs.now())))
  return item === undefined ? items.remove(kind, id, { expected, by }) : items.put(kind, id, item, { expected, by })
}

function itemsOf({ db, op, inForce, now }: ActsNeeds, facts: () => SiteFacts): ItemEdited {
  return new ItemEdited({
    read: () => {
      const { site, revision } = facts()
      return {
        site,
        base: revision,
        revisionOf: (kind, id) => item(db, kind, id)?.revision,
        enrolled: () => new Set(devices(db).flatMap(d => (d.status === 'enrolled' ? [d.id] : []))),
      }
    },
    write: async a => {
      const revision = await op('editItem', a)
      await inForce()
      return revision
    },
    knows: KNOWN_MODELS,
    now,
  })
}

const grantId = (): string => `g-${randomBytes(8).toString('hex')}`

/** Neither ended nor revoked; it may not have begun. */
const liveGrant =
  (db: Db) =>
  (id: string, at: number): Grant | undefined => {
    const row = grant(db, id)
    return row && row.revokedAt === null && at < row.grant.until ? row.grant : undefined
  }

function operatorFacts(db: Db, by: string): OperatorFacts | undefined {
  const known = operators(db).find(o => o.id === by)
  if (!known) return undefined
  const { login, person } = known
  return { login, ...(person === null ? {} : { person }), peopleSince: since => peopleOfOperator(db, by, since) }
}

/** Newest journal rows in which an opening of the last two minutes is looked for, and then a device's last connection. */
const LOOK_BACK_ROWS = 10_000
const CONNECTION_ROWS = 200_000

function releasedBy(db: Db, about: Parameters<typeof stillReleased>[1]): NotArrived[] {
  const last = lastSeq(db)
  const from = Math.max(1, last - LOOK_BACK_ROWS)
  const rows = events(db, { from, limit: LOOK_BACK_ROWS, kinds: LOCK_KINDS })
  const recent = rows.filter(r => r.at > about.now - LONGEST_RELEASE_MS).reverse()
  return stillReleased(recent, about, device => {
    const where = { device, from: Math.max(1, last - CONNECTION_ROWS), limit: 1 }
    return events(db, { ...where, kinds: ['device.online', 'device.offline'] })[0]?.event.kind === 'device.online'
  })
}

/** What acts look at, as stored. One consistent read. */
export function storedFacts(db: Db, now: number): SiteFacts {
  const stored = readRegistry(db, now)
  const pseudonyms = new Map(stored.subjects.map(s => [`${s.kind} ${s.id}`, s.pseudonym]))
  const people = new Map(stored.subjects.filter(s => s.kind === 'person').map(s => [s.pseudonym, s]))
  const site = siteOf(stored as StoredRegistry)
  const present = new Set(site.people.map(p => p.id))
  return {
    revision: stored.revision,
    site,
    situations: applied(CALM, stored.situations),
    personOf: id => pseudonyms.get(`person ${id}`),
    credentialOf: uid => pseudonyms.get(`badge ${uid}`),
    nameOf: pseudonym => {
      const known = people.get(pseudonym)
      return known && named(known.label, known.id, present.has(known.id))
    },
  }
}

/** The same from a running hub's memory. */
export function factsOf(registry: InMemory, situations: ActFacts['situations']): SiteFacts {
  return {
    revision: registry.revision,
    site: registry.site,
    situations,
    personOf: id => registry.pseudonymOf('person', id),
    credentialOf: uid => registry.pseudonymOf('badge', uid),
    nameOf: pseudonym => {
      const id = registry.idOf(pseudonym)
      const label = registry.nameOf(pseudonym)?.name
      return id === undefined
        ? undefined
        : named(
            label ?? null,
            id,
            registry.site.people.some(p => p.id === id),
          )
    },
  }
}
interface InMemory {
  readonly revision: number
  readonly site: Site
  pseudonymOf(kind: 'person' | 'badge', id: string): string | undefined
  idOf(pseudonym: string): string | undefined
  nameOf(pseudonym: string): { readonly name: string } | undefined
}

const named = (label: string | null, id: string, present: boolean) => ({
  name: label ?? id,
  ...(present ? { id } : {}),
})
