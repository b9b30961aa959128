/** The operations of rights, grants, PINs and situations: what operators do, from the hub or beside it. */
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import type { Grant, SituationChange } from '../ports.ts'
import { linkOperator, operatorIdOf } from './accounts.ts'
import { departed } from './departed.ts'
import { revokeDevice } from './devices.ts'
import { doorsAt, doorsMoved, forgetDoors } from './doors.ts'
import { addGrant, markRevoked, standsAt } from './grants.ts'
import { type Leaving, type Left, leave } from './leaving.ts'
import { append, type OpContext, tell } from './op-context.ts'
import { dropPin, type PinRecord, putPin } from './pins.ts'
import { bump, type Item, type ItemKind, item, putItems, siteChangedSince, subject } from './site.ts'
import { type Expectation, situation } from './situations.ts'

/** Milliseconds since 1970, UTC: hub time. */
type At = { readonly at: number }

export const RIGHTS_OPS = {
  /**
   * An operator's act: rows of situations, and what is told of it.
   * @returns the revision it made @throws VigieError situation-changed if something is not as expected
   */
  act: (
    c: OpContext,
    a: At & {
      expect?: readonly Expectation[]
      situations: readonly SituationChange[]
      events: readonly VigieEvent[]
    },
  ): number => {
    for (const { kind, key, present } of a.expect ?? [])
      if ((situation(c.db, kind, key) !== undefined) !== present) throw new VigieError('situation-changed', { kind })
    const revision = bump(c.db, a.at)
    c.appender.situations.act(a.situations, a.at, revision)
    tell(c, a.at, a.events, revision)
    return revision
  },

  /** @returns the revision it made @throws VigieError person-unknown */
  issueGrant: (c: OpContext, a: At & { grant: Grant; event: VigieEvent }): number => {
    needPerson(c, a.grant.person)
    const revision = bump(c.db, a.at)
    addGrant(c.db, a.grant, revision)
    append(c, a.at, a.event)
    return revision
  },

  /** @returns the revision it made; false, with nothing written, if it is unknown, over or revoked already */
  revokeGrant: (c: OpContext, a: At & { id: string; event: VigieEvent }): number | false => {
    if (!standsAt(c.db, a.id, a.at)) return false
    const revision = bump(c.db, a.at)
    markRevoked(c.db, a.id, a.at, revision)
    append(c, a.at, a.event)
    return revision
  },

  /**
   * Sets a person's PIN, or takes it away where there is no record.
   * @param a.situations such as the count of wrong ones, which begins anew
   * @returns the revision it made; false, with nothing written, if there is none to take away @throws VigieError person-unknown
   */
  setPin: (
    c: OpContext,
    a: At & { person: string; record?: PinRecord; situations?: readonly SituationChange[]; event: VigieEvent },
  ): number | false => {
    needPerson(c, a.person)
    if (a.record) putPin(c.db, a.person, a.record, a.at)
    else if (!dropPin(c.db, a.person)) return false
    const revision = bump(c.db, a.at)
    c.appender.situations.act(a.situations ?? [], a.at, revision)
    append(c, a.at, a.event)
    return revision
  },

  /**
   * One item of the site, put or (without a body) withdrawn. A withdrawn device is revoked with it.
   * @param a.expected the item's revision as its editor read it; 0 where there must be none yet
   * @param a.base the registry revision the edit was checked against: what it refers to is still there
   * @returns the revision it made @throws VigieError edit-conflict, site-changed
   */
  editItem: (
    c: OpContext,
    a: At & {
      kind: ItemKind
      id: string
      body?: string
      expected: number
      base?: number
      events: readonly VigieEvent[]
    },
  ): number => {
    const { at, kind, id } = a
    const revision = item(c.db, kind, id)?.revision ?? 0
    if (revision !== a.expected || (revision === 0 && a.body === undefined))
      throw new VigieError('edit-conflict', { kind, id, revision })
    if (a.base !== undefined && siteChangedSince(c.db, a.base)) throw new VigieError('site-changed')
    if (kind === 'device' && a.body === undefined) withdrawDevice(c, id, at)
    return change(c, a, { kind, id, ...(a.body === undefined ? {} : { body: a.body }) })
  },

  /**
   * One action on a badge, whatever else is being edited: its status, and what ends with that.
   * @returns the revision it made @throws VigieError badge-unknown
   */
  setBadgeStatus: (
    c: OpContext,
    a: At & {
      uid: string
      status: 'active' | 'suspended' | 'lost' | 'revoked'
      situations: readonly SituationChange[]
      events: readonly VigieEvent[]
    },
  ): number => {
    const badge = item(c.db, 'badge', a.uid)
    if (!badge) throw new VigieError('badge-unknown')
    const body = JSON.stringify({ ...(JSON.parse(badge.body) as object), status: a.status })
    const revision = body === badge.body ? bump(c.db, a.at) : putItems(c.db, [{ kind: 'badge', id: a.uid, body }], a.at)
    c.appender.situations.act(a.situations, a.at, revision)
    tell(c, a.at, a.events, revision)
    return revision
  },

  /** Somebody leaves, with all they could come in by. @throws VigieError person-unknown, operator-last */
  departPerson: (c: OpContext, a: Leaving): Left => leave(c, a),

  /**
   * Says which person of the site an operator is, so that nobody closes the review of an opening of their own.
   * @param a.person absent: the link is taken away
   * @param a.by the operator who says so, by pseudonym: never about themselves
   * @returns the revision it made @throws VigieError operator-unknown, person-unknown, link-own
   */
  linkOperator: (c: OpContext, a: At & { login: string; person?: string; by?: string }): number => {
    const operator = operatorIdOf(c.db, a.login)
    if (operator === undefined) throw new VigieError('operator-unknown', { login: a.login })
    if (operator === a.by) throw new VigieError('link-own', { login: a.login })
    const person = a.person === undefined ? undefined : { id: a.person, pseudonym: needPerson(c, a.person) }
    linkOperator(c.db, operator, person, a.at)
    append(c, a.at, {
      kind: 'operator.linked',
      operator,
      ...(person === undefined ? {} : { person: person.pseudonym }),
      ...(a.by === undefined ? {} : { by: a.by }),
    })
    return bump(c.db, a.at)
  },
} as const

function change(c: OpContext, a: At & { events: readonly VigieEvent[] }, changed: Item): number {
  const doors = doorsMoved(c.db, [changed])
  const revision = putItems(c.db, [changed], a.at)
  forgetDoors(c, doors, a.at)
  const by = a.events.find(e => e.kind === 'rights.changed')?.origin ?? 'edit'
  departed(c, { at: a.at, revision, changes: [changed], by })
  tell(c, a.at, a.events, revision)
  return revision
}

function withdrawDevice(c: OpContext, device: string, at: number): void {
  revokeDevice(c.db, device, at, 'withdrawn')
  forgetDoors(c, doorsAt(c.db, [device]), at)
  append(c, at, { kind: 'device.revoked', device, reason: 'withdrawn' })
}

/** @returns the pseudonym @throws VigieError person-unknown */
function needPerson(c: OpContext, id: string): string {
  const person = item(c.db, 'person', id) && subject(c.db, 'person', id)?.pseudonym
  if (person === undefined) throw new VigieError('person-unknown', { person: id })
  return person
}
