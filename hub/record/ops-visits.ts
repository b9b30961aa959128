/** Visits begin, change and end together with what they open and the rows that tell of it. No name stands in a row. */
import { VigieError } from '../errors.ts'
import type { GrantEvent, VisitEvent } from '../events.ts'
import type { Grant } from '../ports.ts'
import { revokedEvent } from './departed.ts'
import { addGrants, markRevoked, standingOf } from './grants.ts'
import { type Leaving, type Left, leave } from './leaving.ts'
import { append, type OpContext, tell } from './op-context.ts'
import { type Item, item, putItems, subject } from './site.ts'
import * as visits from './visits.ts'

type Told = { readonly at: number; readonly id: string; readonly by: string }
/** What it opens: the visitor and the badge as items of the site, and grants of doors. */
interface Opens {
  readonly items: readonly Item[]
  readonly grants: readonly Grant[]
  /** The rows of the grants, the visitor left out: pseudonyms are made with the items. */
  readonly issued: readonly Omit<GrantEvent, 'person'>[]
}

export const VISIT_OPS = {
  /** @throws VigieError badge-taken if somebody was handed it meanwhile */
  announceVisit: (c: OpContext, a: Told & Opens & { visit: visits.NewVisit }): number => {
    const known = item(c.db, 'badge', a.visit.badge)
    if (known !== undefined && (JSON.parse(known.body) as { status: string }).status !== 'revoked')
      throw new VigieError('badge-taken', { uid: `…${a.visit.badge.slice(-4)}` })
    const revision = opened(c, a, a.visit.person)
    visits.addVisit(c.db, a.visit, a.at)
    told(c, a, 'visit.announced')
    return revision
  },

  /** Other times: what it opened until now gives way in the same commit. @throws VigieError visit-unknown, visit-over, edit-conflict */
  changeVisit: (c: OpContext, a: Told & Opens & { expected: number; set: visits.VisitSet }): number => {
    const { person, revision: seen } = needOpen(c, a.id)
    if (seen !== a.expected) throw new VigieError('edit-conflict', { kind: 'visit', id: a.id, revision: seen })
    const revision = opened(c, a, person)
    visits.setVisit(c.db, a.id, a.set)
    told(c, a, 'visit.changed')
    return revision
  },

  /** Another badge or code: the one before opens nothing from then on. @throws VigieError visit-unknown, visit-over */
  recodeVisit: (c: OpContext, a: Told & { items: readonly Item[]; badge: string }): number => {
    needOpen(c, a.id)
    const revision = changed(c, a, a.items)
    visits.setVisit(c.db, a.id, { badge: a.badge })
    told(c, a, 'visit.changed')
    return revision
  },

  /** The visitor leaves, and the visit is over: one commit. @param a.cancelled it never began */
  endVisit: (
    c: OpContext,
    { id, cancelled, byItself, ...a }: Leaving & Pick<Told, 'id'> & { cancelled: boolean; byItself: boolean },
  ): Left => {
    const left = leave(c, a)
    if (visits.visit(c.db, id)?.state !== 'announced') return left
    const state = cancelled ? 'cancelled' : 'ended'
    visits.setVisit(c.db, id, { ended: { state, at: a.at, by: byItself ? null : a.by } })
    told(c, { ...a, id }, `visit.${state}`, byItself, a.statedReason)
    return left
  },

  /** Names of who visited long ago go, and with them whom the site knew for it. */
  forgetVisits: (c: OpContext, a: { at: number; before: number }): number => {
    const old = visits.forgettableVisits(c.db, a.before)
    const gone = old.flatMap(({ person, badge, shownAs }): Item[] => [
      ...(item(c.db, 'person', person) ? [{ kind: 'person' as const, id: person }] : []),
      ...(badge !== null && shownAs === 'qr' && item(c.db, 'badge', badge)
        ? [{ kind: 'badge' as const, id: badge }]
        : []),
    ])
    for (const { id } of old) visits.forgetVisit(c.db, id)
    if (gone.length > 0) changed(c, { at: a.at, by: 'hub' }, gone)
    return old.length
  },
} as const

/** What it opened before gives way. */
function opened(c: OpContext, a: Told & Opens, visitor: string): number {
  const revision = changed(c, a, a.items)
  const person = subject(c.db, 'person', visitor)?.pseudonym ?? ''
  for (const grant of standingOf(c.db, visitor, a.at)) {
    markRevoked(c.db, grant.id, a.at, revision)
    append(c, a.at, revokedEvent(grant, person, a.by))
  }
  addGrants(c.db, a.grants, revision)
  for (const event of a.issued) append(c, a.at, { ...event, person })
  return revision
}

function changed(c: OpContext, { at, by }: Pick<Told, 'at' | 'by'>, items: readonly Item[]): number {
  const added = items.filter(i => i.body !== undefined && !item(c.db, i.kind, i.id)).length
  const removed = items.filter(i => i.body === undefined).length
  const revision = putItems(c.db, items, at)
  const counts = { added, changed: items.length - added - removed, removed }
  tell(c, at, [{ kind: 'rights.changed', revision: 0, ...counts, origin: by }], revision)
  return revision
}

/** @throws VigieError visit-unknown, visit-over */
function needOpen(c: OpContext, id: string): visits.VisitRow {
  const found = visits.visit(c.db, id)
  if (!found) throw new VigieError('visit-unknown', { visit: id })
  if (found.state !== 'announced') throw visitOver(found.state)
  return found
}
export const visitOver = (state: string): VigieError =>
  new VigieError('visit-over', {
    state: state === 'ended' ? { en: 'over', fr: 'terminée' } : { en: 'cancelled', fr: 'annulée' },
  })

function told(
  c: OpContext,
  { at, id, by }: Told,
  kind: VisitEvent['kind'],
  byItself = false,
  statedReason?: string,
): void {
  const row = visits.visit(c.db, id)
  if (!row) return
  const pseudonym = (of: 'person' | 'badge', known: string): string | undefined => subject(c.db, of, known)?.pseudonym
  const [person, host] = [pseudonym('person', row.person), pseudonym('person', row.host)]
  const credential = row.badge === null ? undefined : pseudonym('badge', row.badge)
  append(c, at, {
    ...{ kind, visit: id, from: row.from, until: row.until },
    ...(!byItself && { by }),
    ...(person !== undefined && { person }),
    ...(host !== undefined && { host }),
    ...(credential !== undefined && { credential }),
    ...(statedReason !== undefined && { statedReason }),
  })
}
