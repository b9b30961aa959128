/**
 * A person is withdrawn from the site: PIN and grants go with them, each with its journal row, so that whoever is entered
 * under the same id one day inherits nothing.
 */
import type { GrantEvent } from '../events.ts'
import type { Grant } from '../ports.ts'
import { markRevoked, standingOf } from './grants.ts'
import { append, type OpContext } from './op-context.ts'
import { dropPin } from './pins.ts'
import { type Item, subject } from './site.ts'

interface Departure {
  readonly at: number
  readonly revision: number
  readonly changes: readonly Item[]
  /** Who withdrew them, as the journal names it. */
  readonly by: string
}

export function departed(c: OpContext, { at, revision, changes, by }: Departure): void {
  for (const { kind, id, body } of changes) {
    const person = kind === 'person' && body === undefined ? subject(c.db, 'person', id)?.pseudonym : undefined
    if (person === undefined) continue
    if (dropPin(c.db, id)) append(c, at, { kind: 'pin.cleared', person, by })
    for (const grant of standingOf(c.db, id, at)) {
      markRevoked(c.db, grant.id, at, revision)
      append(c, at, revokedEvent(grant, person, by))
    }
  }
}

function revokedEvent({ id, origin, from, until, target, reference }: Grant, person: string, by: string): GrantEvent {
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
