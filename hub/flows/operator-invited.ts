/**
 * A named person gets an account, or a new beginning for the one they have.
 *
 *   check    the role is one, the zones are of the site; a reset is of somebody else's account, and of none that has ended
 *   record   the account as invited, its one-time link and the journal row, in one commit; what a reset takes away goes with it
 *   tell     the link, once: to whoever asked, and by mail where that is set up
 *
 * The link opens for seven days, once; a newer one takes its place.
 */
import { VigieError } from '../errors.ts'
import type { AccountState } from '../events.ts'
import { isRole, ROLES } from '../rules/roles.ts'
import { type Awaitable, shown } from './acting.ts'
import { type KnownOperator, notOwn, stateOf } from './operator-changed.ts'

export const INVITATION_MS = 7 * 86_400_000

export interface InvitationWish {
  readonly login: string
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
  readonly email?: string
}
/** A one-time link, as it is kept: nobody can make the link of it. */
interface Link {
  readonly hash: string
  readonly expiresAt: number
}
interface Needs {
  readonly zones: () => readonly { readonly id: string }[]
  readonly find: (login: string) => KnownOperator | undefined
  /** @throws VigieError operator-exists, journal-unavailable */
  readonly invite: (invited: {
    readonly at: number
    readonly operator: InvitationWish & { readonly id: string }
    readonly link: Link
    readonly by: string
    readonly after: AccountState
  }) => Awaitable<unknown>
  /** @throws VigieError edit-conflict, journal-unavailable */
  readonly reset: (reset: {
    readonly at: number
    readonly id: string
    readonly expected: number
    readonly link: Link
    readonly by: string
    readonly before: AccountState
    readonly after: AccountState
    readonly statedReason: string
  }) => Awaitable<unknown>
  readonly newId: () => string
  /** The token that opens a link, and what is kept of it. */
  readonly newLink: () => { readonly token: string; readonly hash: string }
  readonly now: () => number
}
export interface LinkMade {
  readonly id: string
  readonly token: string
  readonly expiresAt: number
}

export class OperatorInvited {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError role-unknown, zone-unknown, operator-exists, journal-unavailable */
  async invite(wish: InvitationWish, by: string): Promise<LinkMade> {
    const { zones, find, invite, newId } = this.#needs
    needRole(wish.role)
    needZones(wish.zones, zones())
    if (find(wish.login)) throw new VigieError('operator-exists', { login: wish.login })
    const { at, link, made } = this.#begin(newId())
    const after = stateOf({ ...wish, status: 'invited' })
    await invite({ at, operator: { ...wish, id: made.id }, link, by, after })
    return made
  }

  /** @throws VigieError operator-unknown, operator-own, operator-external, operator-disabled, edit-conflict, journal-unavailable */
  async reset(login: string, statedReason: string, by: string): Promise<LinkMade> {
    const known = this.#needs.find(login)
    if (!known) throw new VigieError('operator-unknown', { login: shown(login) })
    notOwn(known, by)
    if (known.external !== undefined) throw new VigieError('operator-external', { login })
    if (known.status === 'disabled') throw new VigieError('operator-disabled', { login })
    const { at, link, made } = this.#begin(known.id)
    const [before, after] = [stateOf(known), stateOf({ ...known, status: 'invited' })]
    await this.#needs.reset({
      ...{ at, id: known.id, expected: known.revision, link, by },
      ...{ before, after, statedReason },
    })
    return made
  }

  #begin(id: string): { readonly at: number; readonly link: Link; readonly made: LinkMade } {
    const at = this.#needs.now()
    const { token, hash } = this.#needs.newLink()
    const expiresAt = at + INVITATION_MS
    return { at, link: { hash, expiresAt }, made: { id, token, expiresAt } }
  }
}

/** @throws VigieError role-unknown, naming the roles there are */
export function needRole(role: string): void {
  if (!isRole(role)) throw new VigieError('role-unknown', { role: shown(role), expected: ROLES.join(', ') })
}

/** @throws VigieError zone-unknown */
export function needZones(
  zones: readonly string[] | null | undefined,
  known: readonly { readonly id: string }[],
): void {
  const strange = zones?.find(zone => !known.some(({ id }) => id === zone))
  if (strange !== undefined) throw new VigieError('zone-unknown', { zone: shown(strange) })
}
