/**
 * A temporary grant is issued: a shift, an appointment, a maintenance visit, a prescription, a loan.
 *
 *   check    the person and the place are of the site; from..until is a span, not past, and no longer than its class allows
 *   record   the grant and its journal row, in one commit
 *
 * It begins and ends by itself, at the minute.
 */
import { said } from '../access/french.ts'
import { grantProblem } from '../access/grant-check.ts'
import type { Grant } from '../access/grants.ts'
import { VigieError } from '../errors.ts'
import type { GrantEvent } from '../events.ts'
import { type ActFacts, type Awaitable, needPerson } from './acting.ts'

export type GrantWish = Omit<Grant, 'id' | 'by'>

interface Needs {
  readonly facts: () => ActFacts
  readonly write: (issued: {
    readonly at: number
    readonly grant: Grant
    readonly event: GrantEvent
  }) => Awaitable<number>
  /** `g-` and 16 hexadecimal digits, never the same twice. */
  readonly newId: () => string
  readonly now: () => number
}

export class GrantIssued {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError person-unknown, grant-invalid, journal-unavailable */
  async issue(wish: GrantWish, by: string): Promise<{ readonly grant: Grant; readonly revision: number }> {
    const { facts, write, newId, now } = this.#needs
    const at = now()
    const seen = facts()
    const pseudonym = needPerson(seen, wish.person)
    const grant: Grant = { ...wish, id: newId(), by }
    const problem = grantProblem(grant, seen.site, at)
    if (problem) throw new VigieError('grant-invalid', { field: problem.pointer, expected: said(problem.expected) })
    const revision = await write({ at, grant, event: grantEvent('grant.issued', grant, pseudonym, by) })
    return { grant, revision }
  }
}

/** A grant as the journal tells it: the person by pseudonym, the place by id. */
export function grantEvent(kind: GrantEvent['kind'], grant: Grant, person: string, by: string): GrantEvent {
  const { id, origin, from, until, target = {}, reference } = grant
  const { accessPoint, zone, classes } = target
  return {
    ...{ kind, grant: id, person, by, origin, from, until },
    ...(accessPoint === undefined ? {} : { accessPoint }),
    ...(zone === undefined ? {} : { zone }),
    ...(classes === undefined ? {} : { classes: classes.join(',') }),
    ...(reference === undefined ? {} : { reference }),
  }
}
