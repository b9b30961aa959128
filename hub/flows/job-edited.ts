/**
 * The template of a job is written or taken away.
 *
 *   check    its roles and zones are of the site
 *   record   the template and its journal row, with before and after, in one commit, if nobody else has changed it since
 *
 * It gives nobody anything, and changes nothing of what was filed by it: that took what it said then.
 */

import { VigieError } from '../errors.ts'
import type { JobWish } from '../rules/movements.ts'
import { type Awaitable, shown } from './acting.ts'
import { needZones } from './operator-invited.ts'

export interface JobEdit {
  /** Revision that was seen; 0 where there must be none. */
  readonly expected: number
  readonly by: string
}
type Facts = Readonly<Record<string, unknown>>
interface Needs {
  readonly site: () => {
    readonly roles: readonly { readonly id: string }[]
    readonly zones: readonly { readonly id: string }[]
  }
  readonly find: (id: string) => JobWish | undefined
  /** @throws VigieError edit-conflict, journal-unavailable */
  readonly put: (a: {
    readonly at: number
    readonly id: string
    readonly by: string
    readonly body: string
    readonly expected: number
    readonly before: Facts | undefined
    readonly after: Facts
  }) => Awaitable<unknown>
  /** @throws VigieError edit-conflict, journal-unavailable */
  readonly remove: (a: {
    readonly at: number
    readonly id: string
    readonly by: string
    readonly expected: number
    readonly before: Facts
  }) => Awaitable<unknown>
  readonly now: () => number
}

export class JobEdited {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError item-unknown (a role), zone-unknown, edit-conflict, journal-unavailable */
  async put(id: string, wish: JobWish, { expected, by }: JobEdit): Promise<void> {
    const { site, find, put, now } = this.#needs
    const { roles, zones } = site()
    needRoles(wish.roles, roles)
    needZones(wish.account?.zones, zones)
    await put({
      ...{ at: now(), id, by, expected, body: JSON.stringify(wish) },
      before: find(id) as Facts | undefined,
      after: wish as unknown as Facts,
    })
  }

  /** @throws VigieError job-unknown, edit-conflict, journal-unavailable */
  async remove(id: string, { expected, by }: JobEdit): Promise<void> {
    const before = this.#needs.find(id)
    if (!before) throw new VigieError('job-unknown', { job: shown(id) })
    await this.#needs.remove({ at: this.#needs.now(), id, by, expected, before: before as unknown as Facts })
  }
}

/** @throws VigieError item-unknown */
export function needRoles(roles: readonly string[], known: readonly { readonly id: string }[]): void {
  const strange = roles.find(role => !known.some(({ id }) => id === role))
  if (strange !== undefined) throw new VigieError('item-unknown', { kind: 'role', id: shown(strange) })
}
