/**
 * What a user of the directory comes to in the site and among the accounts. Pure: what is there is handed in.
 *
 *   person    one of the site, under an id of their own; the name and the roles of their groups; a period again for whoever
 *             comes back
 *   account   where a group gives a role: made, followed, ended, begun again. One that was made in Vigie is never touched,
 *             and one that was disabled here stays so
 */
import type { Person } from '../access/site.ts'
import type { AccountState } from '../events.ts'
import { type DirectoryMap, operatorOf } from '../rules/directory.ts'
import { loginOf, nameOfUser, numbered, rolesAfter, sameName, slugOf } from '../rules/directory-person.ts'
import { type KnownOperator, stateOf } from './operator-changed.ts'

/** A user as it is to be. */
export interface DirectoryUserNow {
  readonly id: string
  readonly body: {
    readonly userName: string
    readonly displayName?: string
    readonly name?: { readonly formatted?: string; readonly familyName?: string; readonly givenName?: string }
    readonly active: boolean
  }
  /** Names and external ids of the groups that name them. */
  readonly groups: readonly string[]
  /** Person of the site, by id, since they were first active. */
  readonly person?: string
  /** The directory ended the account, and may let it begin again. */
  readonly accountEnded: boolean
  /** Groups that they were in until now, or that were called so. */
  readonly left?: readonly string[]
}
export interface KnownPerson {
  readonly person: Person
  /** Of the item. */
  readonly revision: number
}
/** What is there. */
export interface Seen {
  readonly map: DirectoryMap
  readonly person: (id: string) => KnownPerson | undefined
  /** Another user of the directory is this person. */
  readonly isTaken: (person: string) => boolean
  /** Roles of the site. */
  readonly roles: ReadonlySet<string>
  /** That the directory keeps for this user. */
  readonly account: (user: string) => KnownOperator | undefined
  readonly byLogin: (login: string) => KnownOperator | undefined
  /** Whether the directory has such a user. */
  readonly isUser: (id: string) => boolean
  readonly newId: () => string
  readonly at: number
}

export interface PersonPut {
  readonly id: string
  readonly item: Person
  /** Revision of the item that was seen; 0: it is new. */
  readonly expected: number
}
interface AccountFields {
  readonly login: string
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
}
export type AccountWrite =
  | ({
      readonly way: 'make'
      readonly id: string
      readonly external: string
      readonly after: AccountState
    } & AccountFields)
  | ({
      readonly way: 'follow'
      readonly id: string
      readonly external: string
      readonly expected: number
      readonly status: AccountState['status']
      readonly before: AccountState
      readonly after: AccountState
    } & AccountFields)
export interface Effects {
  readonly user: string
  readonly person: string
  readonly put?: PersonPut
  readonly account?: AccountWrite
  readonly accountEnded: boolean
  /** Why there is no account though a group gives a role. */
  readonly withoutAccount?: 'login-unfit' | 'login-taken'
}

/** Of an active user. @param returns they were not active until now, or not there */
export function effectsOf(user: DirectoryUserNow, returns: boolean, seen: Seen): Effects {
  const name = nameOfUser(user.body)
  const id = user.person ?? idFor(user, name, seen)
  const put = personPut(id, { name, user, returns }, seen)
  return { user: user.id, person: id, ...(put && { put }), ...accountEffects(user, name, seen) }
}

/** Whoever is there already under that id is them by their id itself, or by their name; anybody else keeps it. */
function idFor({ body: { userName } }: DirectoryUserNow, name: string, { person, isTaken }: Seen): string {
  const slug = slugOf(userName)
  for (let number = 1; ; number++) {
    const id = numbered(slug, number)
    const there = person(id)
    if (!there) {
      if (!isTaken(id)) return id
    } else if (!isTaken(id) && (userName.toLowerCase() === id || sameName(there.person.name, name))) return id
  }
}

function personPut(
  id: string,
  { name, user, returns }: { readonly name: string; readonly user: DirectoryUserNow; readonly returns: boolean },
  { map, person, roles, at }: Seen,
): PersonPut | undefined {
  const there = person(id)
  const before: Person = there?.person ?? { id, name, roles: [] }
  const { validUntil, ...rest } = before
  const over = validUntil !== undefined && Date.parse(validUntil) <= at
  const rules = over || saysWhere(user, map) || (returns && user.person !== undefined)
  const item: Person = {
    ...rest,
    ...(validUntil !== undefined && !(returns && over) && { validUntil }),
    name,
    roles: rules ? rolesAfter(map, user.groups, { before: before.roles, known: roles }) : before.roles,
  }
  const same = there && JSON.stringify(sorted(there.person)) === JSON.stringify(sorted(item))
  return same ? undefined : { id, item, expected: there?.revision ?? 0 }
}

/**
 * Whether their groups say what they may do. Users come first and groups later: whoever works here already keeps what they
 * had until a group of the file names them, or lets them go.
 */
const saysWhere = ({ groups, left = [] }: DirectoryUserNow, map: DirectoryMap): boolean =>
  map.groups.some(({ group }) => groups.includes(group) || left.includes(group))

const sorted = ({ roles, ...person }: Person) => [
  [...roles].sort(),
  Object.entries(person).toSorted(([a], [b]) => (a < b ? -1 : 1)),
]

type OfAccount = Pick<Effects, 'account' | 'accountEnded' | 'withoutAccount'>

function accountEffects(user: DirectoryUserNow, name: string, seen: Seen): OfAccount {
  const wanted = operatorOf(seen.map, user.groups)
  const own = seen.account(user.id)
  const { accountEnded } = user
  if (!wanted) return own && own.status !== 'disabled' ? ended(own, user) : { accountEnded }
  if (own) return followed(own, user, { name, ...wanted }, seen)
  const login = loginOf(user.body.userName)
  if (login === undefined) return { accountEnded, withoutAccount: 'login-unfit' }
  const there = seen.byLogin(login)
  if (there && isFree(there, seen)) {
    const ours = user.accountEnded || there.external === FREED
    return followed(there, { ...user, accountEnded: ours }, { name, ...wanted }, seen)
  }
  if (there) return { accountEnded, withoutAccount: 'login-taken' }
  const fields = { login, name, ...wanted }
  const after = stateOf({ ...wanted, status: 'active' })
  return {
    account: { way: 'make', id: seen.newId(), external: externalOf(user), ...fields, after },
    accountEnded: false,
  }
}

/** Accounts whose user was deleted, ended by the directory: whoever comes back under that name gets theirs back. */
export const FREED = 'scim:gone'

/** Made by the identity provider, or for a user whom the directory has no more: of nobody else, and of nobody in Vigie. */
function isFree({ external }: KnownOperator, { isUser }: Seen): boolean {
  if (external?.startsWith('scim:')) return external === FREED || !isUser(external.slice('scim:'.length))
  return external?.startsWith('oidc:') === true
}

const externalOf = ({ id }: DirectoryUserNow): string => `scim:${id}`

function ended(own: KnownOperator, user: DirectoryUserNow): OfAccount {
  const account = follow(own, user, { ...own, status: 'disabled' })
  return { ...(account && { account }), accountEnded: true }
}

function followed(
  own: KnownOperator,
  user: DirectoryUserNow,
  wanted: Pick<AccountFields, 'name' | 'role' | 'zones'>,
  { byLogin }: Seen,
): OfAccount {
  const stays = own.status === 'disabled' && !user.accountEnded
  if (stays) return { accountEnded: false }
  const login = loginOf(user.body.userName)
  const free = login !== undefined && byLogin(login) === undefined
  const account = follow(own, user, { ...wanted, login: free ? login : own.login, status: 'active' })
  return { ...(account && { account }), accountEnded: false }
}

function follow(
  own: KnownOperator,
  user: DirectoryUserNow,
  wish: AccountFields & Pick<KnownOperator, 'status'>,
): AccountWrite | undefined {
  const { login, name, role, zones, status } = wish
  const fields = { login, name, role, ...(zones && { zones }) }
  const [before, after] = [stateOf(own), stateOf({ ...fields, status })]
  const external = externalOf(user)
  const same =
    JSON.stringify(before) === JSON.stringify(after) &&
    own.name === name &&
    own.login === login &&
    own.external === external
  if (same) return undefined
  return { way: 'follow', id: own.id, external, expected: own.revision, ...fields, status, before, after }
}
