/** What SCIM asks of the rest of the hub: users and groups as the directory sent them, kept by record/, followed by a flow. */

/** What is kept of a user. */
export interface UserBody {
  readonly userName: string
  readonly externalId?: string
  readonly name?: { readonly formatted?: string; readonly familyName?: string; readonly givenName?: string }
  readonly displayName?: string
  readonly title?: string
  readonly active: boolean
  readonly emails?: readonly { readonly value: string; readonly type?: string; readonly primary?: boolean }[]
  readonly employeeNumber?: string
  readonly department?: string
}
export interface GroupBody {
  readonly displayName: string
  readonly externalId?: string
  /** Ids of users. */
  readonly members: ReadonlySet<string>
}
interface Stored {
  readonly id: string
  /** Milliseconds since 1970, UTC. */
  readonly createdAt: number
  readonly changedAt: number
  readonly revision: number
}
export interface ScimUser extends Stored {
  readonly body: UserBody
}
export interface ScimGroup extends Stored {
  readonly displayName: string
  readonly externalId?: string
}
/** Somebody or something that a resource points to. */
export interface Pointed {
  readonly id: string
  readonly display: string
}
export interface Slice {
  readonly offset: number
  readonly limit: number
}
/** By an index. */
export type UserKey = 'id' | 'userName' | 'externalId'
export type GroupKey = 'id' | 'displayName' | 'externalId' | 'member'

/** `by`: as the journal names who does it. `expected`: the revision that was seen; left out: the last word counts. */
export interface ScimEdit {
  readonly by: string
  readonly expected?: number
}

export interface ScimDirectory {
  userCount(): number
  /** In the order they came in. */
  users(slice: Slice): readonly ScimUser[]
  usersBy(key: UserKey, value: string): readonly ScimUser[]
  groupsOf(user: string): readonly Pointed[]
  groupCount(): number
  groups(slice: Slice): readonly ScimGroup[]
  groupsBy(key: GroupKey, value: string): readonly ScimGroup[]
  membersOf(group: string): readonly Pointed[]
  /** One slice each time round the event loop. */
  turn(): Promise<unknown>
  /** @throws VigieError scim-taken, directory-unusable, journal-unavailable */
  createUser(body: UserBody, edit: ScimEdit): Promise<ScimUser>
  /** @param change of the user as it is then @throws VigieError scim-unknown, scim-taken, edit-conflict, operator-last, directory-unusable, journal-unavailable */
  changeUser(id: string, change: (now: UserBody) => UserBody, edit: ScimEdit): Promise<ScimUser>
  /** @throws VigieError scim-unknown, edit-conflict, operator-last, journal-unavailable */
  removeUser(id: string, edit: ScimEdit): Promise<void>
  /** @throws VigieError scim-invalid (an unknown member), directory-unusable, operator-last, journal-unavailable */
  createGroup(body: GroupBody, edit: ScimEdit): Promise<ScimGroup>
  /** @throws VigieError scim-unknown, scim-invalid, edit-conflict, directory-unusable, operator-last, journal-unavailable */
  changeGroup(id: string, change: (now: GroupBody) => GroupBody, edit: ScimEdit): Promise<ScimGroup>
  /** @throws VigieError scim-unknown, edit-conflict, directory-unusable, operator-last, journal-unavailable */
  removeGroup(id: string, edit: ScimEdit): Promise<void>
}
