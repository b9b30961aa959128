/**
 * A person or a badge is withdrawn from the site: PIN and grants go with them, each with its journal row, and what is going
 * on about them, so that whoever is entered under the same id one day inherits nothing, and no row outlives its subject.
 * What stays: the review of an emergency opening, until it is closed; and where a person was last seen to go, and who is
 * safe: a muster list has to name whoever is in the building, of the site or not (a position is forgotten after 36 h).
 */
import type { GrantEvent } from '../events.ts'
import type { Grant, SituationKind } from '../ports.ts'
import { markRevoked, standingOf } from './grants.ts'
import { append, type OpContext } from './op-context.ts'
import { dropPin } from './pins.ts'
import { type Item, subject } from './site.ts'
import { situations } from './situations.ts'

interface Departure {
  readonly at: number
  readonly revision: number
  readonly changes: readonly Item[]
  /** Who withdrew them, as the journal names it. */
  readonly by: string
}

export function departed(c: OpContext, { at, revision, changes, by }: Departure): void {
  const gone = changes.flatMap(({ kind, id, body }) => {
    const known = body === undefined && (kind === 'person' || kind === 'badge') ? subject(c.db, kind, id) : undefined
    return known ?? []
  })
  forgetWhatGoesOn(c, new Set(gone.map(g => g.pseudonym)), at, revision)
  for (const { kind, id, pseudonym: person } of gone) {
    if (kind !== 'person') continue
    if (dropPin(c.db, id)) append(c, at, { kind: 'pin.cleared', person, by })
    for (const grant of standingOf(c.db, id, at)) {
      markRevoked(c.db, grant.id, at, revision)
      append(c, at, revokedEvent(grant, person, by))
    }
  }
}

/** Kinds whose key is the pseudonym of a person or badge, or begins with it and a slash. */
const ABOUT_ONE: ReadonlySet<SituationKind> = new Set(['pin', 'uses', 'passage', 'break-glass'])

/**
 * Written as an act, so that a running hub takes it over. @param gone pseudonyms of people and badges; a badge that waits for
 * a second person waits no more
 */
export function forgetWhatGoesOn(c: OpContext, gone: ReadonlySet<string>, at: number, revision: number): void {
  if (gone.size === 0) return
  const rows = situations(c.db).filter(
    ({ kind, key, value }) =>
      (ABOUT_ONE.has(kind) && gone.has(key.split('/', 1)[0]!)) ||
      (kind === 'witness' && value !== undefined && gone.has(value.credential)),
  )
  c.appender.situations.act(
    rows.map(({ kind, key }) => ({ kind, key })),
    at,
    revision,
  )
  for (const { kind, key, value } of rows) {
    const [person = '', accessPoint = ''] = key.split('/')
    if (kind === 'break-glass' && value)
      append(c, at, { kind: 'break-glass.ended', id: value.id, person, accessPoint, why: 'withdrawn' })
  }
}

export function revokedEvent(
  { id, origin, from, until, target, reference }: Grant,
  person: string,
  by: string,
): GrantEvent {
  return {
    kind: 'grant.revoked',
    grant: id,
    person,
    by,
    origin,
    from,
    until,
    ...(target?.accessPoint === undefined ? {} : { accessPoint: target.accessPoint }),
    ...(target?.zone === undefined ? {} : { zone: target.zone }),
    ...(target?.classes === undefined ? {} : { classes: target.classes.join() }),
    ...(reference === undefined ? {} : { reference }),
  }
}
