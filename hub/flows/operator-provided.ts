/**
 * Somebody comes for whom the hospital's identity provider vouches.
 *
 *   look     the account of that subject; else one that the directory made under that login, which nobody came to by the
 *            provider yet. Never one that was made in Vigie: a name at the provider proves nothing here
 *   check    it has not ended; its groups have a role, unless the directory keeps the account itself
 *   record   a new account, or what has changed by its groups, with its row in one commit; with another role or other zones
 *            go its sessions; with no group any more, its tokens too. The first sign-in of an account of the directory ties it to the subject
 *
 * Pure but for what is handed in. What the provider says was checked before.
 */
import { type ErrorCode, isVigieError } from '../errors.ts'
import type { AccountState } from '../events.ts'
import { type DirectoryMap, type DirectoryOperator, operatorOf } from '../rules/directory.ts'
import type { Awaitable } from './acting.ts'
import { type KnownOperator, managesAccounts, stateOf } from './operator-changed.ts'

export const PROVIDER = 'provider'

export interface VouchedOperator {
  /** `oidc:<issuer>:<sub>`. */
  readonly subject: string
  /** That an account is made under, and that one of the directory is known by. */
  readonly login: string
  readonly name: string
  readonly groups: readonly string[]
}
export interface DirectoryAccount extends KnownOperator {
  readonly subject?: string
}
export interface ProvisionWrite {
  readonly at: number
  readonly operator: {
    readonly id: string
    readonly login: string
    readonly name: string
    readonly role: string
    readonly zones?: readonly string[]
    readonly external: string
    readonly subject: string
  }
  readonly by: string
  readonly after: AccountState
}
export interface FollowWrite {
  readonly at: number
  readonly id: string
  readonly login: string
  /** Revision of the account that was looked at. */
  readonly expected: number
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
  readonly subject: string
  /** The account counts for something else now: its sessions end. */
  readonly endsSessions: boolean
  /** Refused where nobody else would be left who manages accounts. */
  readonly needsOther: boolean
  readonly by: string
  readonly before: AccountState
  readonly after: AccountState
}
interface Needs {
  /** @throws VigieError directory-unusable */
  readonly map: () => DirectoryMap
  readonly bySubject: (subject: string) => DirectoryAccount | undefined
  readonly byLogin: (login: string) => DirectoryAccount | undefined
  /** @throws VigieError operator-exists, journal-unavailable */
  readonly provision: (made: ProvisionWrite) => Awaitable<unknown>
  /** @throws VigieError edit-conflict, operator-last, journal-unavailable */
  readonly follow: (followed: FollowWrite) => Awaitable<unknown>
  /** With its row; sessions, tokens and what waits for an approval end in the same commit. @throws VigieError journal-unavailable */
  readonly turnAway: (gone: { readonly at: number; readonly id: string; readonly by: string }) => Awaitable<unknown>
  readonly newId: () => string
  readonly now: () => number
}
/** Why somebody the provider vouches for does not get in: reasons of operator.refused. */
export type Turned = 'no-group' | 'disabled' | 'name-taken'
export type Provided =
  | { readonly id: string; readonly endsSessions: boolean }
  | { readonly refused: Turned; readonly operator?: string }

export class OperatorProvided {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @throws VigieError directory-unusable, operator-last, journal-unavailable */
  async come(vouched: VouchedOperator): Promise<Provided> {
    try {
      return await this.#look(vouched)
    } catch (error) {
      // Somebody else, or the same person in another window, was first: it is looked at once more as it is now.
      if (!isVigieError(error) || !OVERTAKEN.has(error.code)) throw error
      return this.#look(vouched)
    }
  }

  async #look(vouched: VouchedOperator): Promise<Provided> {
    const { bySubject, byLogin, map } = this.#needs
    const named = byLogin(vouched.login)
    const known = bySubject(vouched.subject) ?? (named && isWaiting(named) ? named : undefined)
    if (known?.status === 'disabled') return { refused: 'disabled', operator: known.id }
    if (known && keptByDirectory(known)) return this.#follow(known, vouched, known)
    const wanted = operatorOf(map(), vouched.groups)
    if (!wanted) return this.#turnAway(known)
    if (known) return this.#follow(known, vouched, { ...wanted, name: vouched.name })
    return named ? { refused: 'name-taken' } : this.#provision(vouched, wanted)
  }

  /** Whoever is in no group any more is left in nowhere: not where they came in before, nor with a key of theirs. */
  async #turnAway(known: DirectoryAccount | undefined): Promise<Provided> {
    if (!known) return { refused: 'no-group' }
    await this.#needs.turnAway({ at: this.#needs.now(), id: known.id, by: PROVIDER })
    return { refused: 'no-group', operator: known.id }
  }

  async #provision({ subject, login, name }: VouchedOperator, { role, zones }: DirectoryOperator): Promise<Provided> {
    const { provision, newId, now } = this.#needs
    const id = newId()
    const account = { role, ...(zones && { zones }) }
    await provision({
      at: now(),
      operator: { id, login, name, ...account, external: subject, subject },
      by: PROVIDER,
      after: stateOf({ ...account, status: 'active' }),
    })
    return { id, endsSessions: false }
  }

  async #follow(
    known: DirectoryAccount,
    { subject }: VouchedOperator,
    { name, role, zones }: Pick<KnownOperator, 'name' | 'role' | 'zones'>,
  ): Promise<Provided> {
    const account = { name, role, ...(zones && { zones }) }
    const [before, after] = [stateOf(known), stateOf({ ...account, status: known.status })]
    const endsSessions = JSON.stringify(before) !== JSON.stringify(after)
    if (!endsSessions && name === known.name && known.subject === subject) return { id: known.id, endsSessions }
    const { login, revision: expected, id } = known
    const needsOther = managesAccounts(known) && !managesAccounts({ ...account, status: known.status })
    await this.#needs.follow({
      ...{ at: this.#needs.now(), id, login, expected, ...account, subject, endsSessions, needsOther },
      ...{ by: PROVIDER, before, after },
    })
    return { id, endsSessions }
  }
}

const OVERTAKEN: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['operator-exists', 'edit-conflict'])

/** SCIM says what it may do, at once and not only at a sign-in: groups in a token, which may be older, don't count. */
const keptByDirectory = ({ external }: DirectoryAccount): boolean => external?.startsWith('scim:') === true
const isWaiting = (account: DirectoryAccount): boolean => keptByDirectory(account) && account.subject === undefined
