/**
 * A temporary grant is taken back before its end.
 *
 *   check    it is known, and neither ended nor taken back
 *   record   and its journal row, in one commit; no badge opens by it from then on
 */
import type { Grant } from '../access/grants.ts'
import { VigieError } from '../errors.ts'
import type { GrantEvent } from '../events.ts'
import { type ActFacts, type Awaitable, shown } from './acting.ts'
import { grantEvent } from './grant-issued.ts'

interface Needs {
  readonly facts: () => ActFacts
  /** Neither ended nor taken back at that time; it may not have begun. */
  readonly grant: (id: string, at: number) => Grant | undefined
  /** @returns false if it was ended or taken back in the meantime */
  readonly write: (revoked: {
    readonly at: number
    readonly id: string
    readonly event: GrantEvent
  }) => Awaitable<number | false>
  readonly now: () => number
}

export class GrantRevoked {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError grant-unknown, journal-unavailable */
  async revoke(id: string, by: string): Promise<{ readonly grant: Grant; readonly revision: number }> {
    const { facts, grant: find, write, now } = this.#needs
    const at = now()
    const grant = find(id, at)
    const person = grant && facts().personOf(grant.person)
    if (!grant || person === undefined) throw new VigieError('grant-unknown', { grant: shown(id) })
    const revision = await write({ at, id, event: grantEvent('grant.revoked', grant, person, by) })
    if (revision === false) throw new VigieError('grant-unknown', { grant: shown(id) })
    return { grant, revision }
  }
}
