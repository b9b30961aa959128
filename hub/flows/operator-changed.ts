/**
 * An account is given another role, other zones, another name; it ends, or begins again.
 *
 *   check    it is somebody else's; the role is one and the zones are of the site; somebody is left who manages accounts
 *   record   the account and its journal row, with before and after, in one commit, if it still is as its editor saw it;
 *            with another role, other zones or its end go its sessions, with its end its link and its tokens too
 */
import { VigieError } from '../errors.ts'
import type { AccountState } from '../events.ts'
import { capabilitiesOf, type Role } from '../rules/roles.ts'
import { type Awaitable, shown } from './acting.ts'
import { needRole, needZones } from './operator-invited.ts'

export interface KnownOperator {
  readonly id: string
  readonly login: string
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
  readonly email?: string
  readonly status: AccountState['status']
  readonly revision: number
  /** Has a password or a passkey. */
  readonly begun: boolean
  /** Its id where it comes from: `scim:<id>`, or the provider's subject; undefined: it was made in Vigie. */
  readonly external?: string
}
export interface OperatorChange {
  readonly name?: string
  readonly role?: string
  /** null: everywhere. */
  readonly zones?: readonly string[] | null
  /** null: none. */
  readonly email?: string | null
  readonly status?: 'active' | 'disabled'
  readonly reason: string
}
export interface ChangeWrite {
  readonly at: number
  readonly id: string
  readonly login: string
  /** Revision of the account that the editor saw. */
  readonly expected: number
  readonly account: Pick<KnownOperator, 'name' | 'role' | 'zones' | 'email' | 'status'>
  /** The account counts for something else now: its sessions end. */
  readonly endsSessions: boolean
  /** Refused where nobody else would be left who manages accounts. */
  readonly needsOther: boolean
  readonly by: string
  readonly before: AccountState
  readonly after: AccountState
  readonly statedReason: string
}
interface Needs {
  readonly zones: () => readonly { readonly id: string }[]
  readonly find: (login: string) => KnownOperator | undefined
  /** @throws VigieError operator-last, edit-conflict, journal-unavailable */
  readonly write: (change: ChangeWrite) => Awaitable<unknown>
  readonly now: () => number
}

export class OperatorChanged {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * @param edit `expected`: revision of the account that the editor saw
   * @returns the account's id, and whether its sessions end with it
   * @throws VigieError operator-unknown, operator-own, operator-external, operator-last, role-unknown, zone-unknown, edit-conflict, journal-unavailable
   */
  async change(
    login: string,
    change: OperatorChange,
    { expected, by }: { readonly expected: number; readonly by: string },
  ): Promise<{ readonly id: string; readonly endsSessions: boolean }> {
    const { zones, find, write, now } = this.#needs
    const known = find(login)
    if (!known) throw new VigieError('operator-unknown', { login: shown(login) })
    notOwn(known, by)
    notOfDirectory(known, change)
    if (change.role !== undefined) needRole(change.role)
    needZones(change.zones, zones())
    const account = accountAfter(known, change)
    const [before, after] = [stateOf(known), stateOf(account)]
    const endsSessions = JSON.stringify(before) !== JSON.stringify(after)
    await write({
      ...{ at: now(), id: known.id, login, expected, account, endsSessions, by, before, after },
      needsOther: managesAccounts(known) && !managesAccounts(account),
      statedReason: change.reason,
    })
    return { id: known.id, endsSessions }
  }
}

/** @throws VigieError operator-own */
export function notOwn({ id, login }: Pick<KnownOperator, 'id' | 'login'>, by: string): void {
  if (id === by) throw new VigieError('operator-own', { login })
}

/** Who the directory keeps is changed there; it may still be ended here. @throws VigieError operator-external */
function notOfDirectory({ external, login }: KnownOperator, { name, role, zones }: OperatorChange): void {
  if (external === undefined) return
  if (name !== undefined || role !== undefined || zones !== undefined)
    throw new VigieError('operator-external', { login })
}

type Account = ChangeWrite['account']
type Scoped = Pick<Account, 'role' | 'zones' | 'status'>

export const stateOf = ({ role, zones, status }: Scoped): AccountState => ({ role, ...(zones && { zones }), status })

/** Somebody who can sign in and give others their roles. */
export const managesAccounts = ({ role, zones, status }: Scoped): boolean =>
  status === 'active' && capabilitiesOf({ role: role as Role, ...(zones && { zones }) }).includes('operators.manage')

function accountAfter(known: KnownOperator, { name, role, zones, email, status }: OperatorChange): Account {
  const theirs = zones === undefined ? known.zones : zones
  const address = email === undefined ? known.email : email
  return {
    name: name ?? known.name,
    role: role ?? known.role,
    ...(theirs && { zones: theirs }),
    ...(address && { email: address }),
    status: statusAfter(known, status),
  }
}

/** An account that begins again before it ever had a password waits for its link, as before; one of the directory needs none. */
function statusAfter(known: KnownOperator, wish: OperatorChange['status']): KnownOperator['status'] {
  if (wish === undefined || wish === 'disabled') return wish ?? known.status
  if (known.external !== undefined) return 'active'
  return known.status === 'invited' || !known.begun ? 'invited' : 'active'
}
