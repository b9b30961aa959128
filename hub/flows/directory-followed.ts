/**
 * The hospital's directory says who works here, and in which groups. One thing at a time, in the order it is said:
 *
 *   look      at the user or group as it is now; whoever named another revision is told so
 *   check     a name is one user's, members are users
 *   work out  what it comes to: people, roles, accounts (directory-effects.ts); who is not active any more leaves
 *             (person-departed.ts)
 *   record    all of it with its rows in one commit; worked out again where somebody has changed the same in between
 *   end       sessions of accounts that count for something else now
 *
 * Whoever leaves does so even where the file of groups can't be used, and whatever the disk does. A group of thousands is
 * followed some users at a commit, so that no badge waits behind it: each user's part is whole.
 */
import { isVigieError, VigieError } from '../errors.ts'
import type { DirectoryMap } from '../rules/directory.ts'
import type { Awaitable } from './acting.ts'
import { type AccountWrite, type Effects, effectsOf, type KnownPerson, type Seen } from './directory-effects.ts'
import { type KnownOperator, stateOf } from './operator-changed.ts'
import type { DepartureWrite, DepartureWritten, PersonDeparted } from './person-departed.ts'

export interface UserBody {
  readonly userName: string
  readonly externalId?: string
  readonly displayName?: string
  readonly name?: { readonly formatted?: string; readonly familyName?: string; readonly givenName?: string }
  readonly active: boolean
}
export interface KnownUser {
  readonly id: string
  readonly body: UserBody
  readonly person?: string
  readonly accountEnded: boolean
  readonly revision: number
}
export interface GroupFields {
  readonly displayName: string
  readonly externalId?: string
}
export interface GroupBody extends GroupFields {
  readonly members: ReadonlySet<string>
}
export interface KnownGroup extends GroupFields {
  readonly id: string
  readonly revision: number
}
export interface DirectoryEdit {
  /** As the journal names it: `directory:<token>`. */
  readonly by: string
  /** Revision that was seen; left out: the last word counts. */
  readonly expected?: number
}

export interface DirectoryWrite {
  readonly at: number
  readonly by: string
  /** Registry revision that the effects were worked out from. */
  readonly base: number
  readonly user?: {
    readonly id: string
    readonly userName: string
    readonly externalId?: string
    /** JSON. */
    readonly body: string
    readonly person?: string
    readonly accountEnded: boolean
    readonly expected: number
  }
  readonly removedUser?: { readonly id: string; readonly expected: number }
  readonly group?: GroupFields & {
    readonly id: string
    readonly expected: number
    readonly added: readonly string[]
    readonly removed: readonly string[]
  }
  readonly removedGroup?: { readonly id: string; readonly expected: number; readonly members: number }
  readonly effects: readonly Effects[]
  readonly departure?: DepartureWrite
  /** Of who departs, where it is not linked to that person any more. */
  readonly account?: AccountWrite
  /** Account that another user of that name may take over, by pseudonym. */
  readonly freed?: string
}
export interface DirectoryWritten extends DepartureWritten {
  /** Accounts whose sessions ended. */
  readonly sessions: readonly string[]
}

interface Needs {
  /** @throws VigieError directory-unusable */
  readonly map: () => DirectoryMap
  readonly user: (id: string) => KnownUser | undefined
  readonly userNamed: (userName: string) => KnownUser | undefined
  /** A slice of all ids. */
  readonly users: (offset: number, limit: number) => readonly KnownUser[]
  readonly group: (id: string) => KnownGroup | undefined
  readonly members: (group: string) => readonly string[]
  readonly groupsOf: (user: string) => readonly KnownGroup[]
  /** Of the site as it is now. */
  readonly site: () => { readonly revision: number; readonly roles: ReadonlySet<string> }
  readonly person: (id: string) => KnownPerson | undefined
  readonly isTaken: (person: string) => boolean
  /** By what it is known by outside, `scim:<id>`. */
  readonly account: (external: string) => KnownOperator | undefined
  readonly byLogin: (login: string) => KnownOperator | undefined
  readonly departures: Pick<PersonDeparted, 'depart'>
  /** @throws VigieError edit-conflict, site-changed, operator-last, operator-exists, journal-unavailable */
  readonly write: (write: DirectoryWrite) => Awaitable<DirectoryWritten>
  readonly endSessions: (operator: string) => Awaitable<unknown>
  /** Somebody whom a group gives a role has no account. */
  readonly onWithoutAccount: (user: string, why: NonNullable<Effects['withoutAccount']>) => void
  readonly turn: () => Promise<unknown>
  readonly newId: () => string
  readonly newOperatorId: () => string
  readonly now: () => number
}

const ATTEMPTS = 5
/** Users in one commit, which a badge may have to wait behind. */
const AT_ONCE = 200
/** Users worked out in one turn of the event loop. */
const IN_A_TURN = 20

export class DirectoryFollowed {
  readonly #needs: Needs
  #last: Promise<unknown> = Promise.resolve()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** @returns the id @throws VigieError scim-taken, directory-unusable, operator-last, journal-unavailable */
  createUser(body: UserBody, { by }: DirectoryEdit): Promise<string> {
    return this.#inTurn(async () => {
      const id = this.#needs.newId()
      await this.#again(() => this.#putUser({ id, body, accountEnded: false }, undefined, by))
      return id
    })
  }

  /** @throws VigieError scim-unknown, scim-taken, edit-conflict, directory-unusable, operator-last, journal-unavailable */
  changeUser<B extends UserBody>(id: string, change: (now: B) => B, edit: DirectoryEdit): Promise<void> {
    return this.#inTurn(() =>
      this.#again(async () => {
        const known = this.#user(id, edit)
        const body = change(known.body as B)
        if (JSON.stringify(body) !== JSON.stringify(known.body)) await this.#putUser({ ...known, body }, known, edit.by)
      }),
    )
  }

  /** @throws VigieError scim-unknown, edit-conflict, operator-last, journal-unavailable */
  removeUser(id: string, edit: DirectoryEdit): Promise<void> {
    return this.#inTurn(() =>
      this.#again(async () => {
        const known = this.#user(id, edit)
        const own = this.#needs.account(externalOf(id))
        const endedByUs = own !== undefined && (own.status !== 'disabled' || known.accountEnded)
        const removedUser = { id, expected: known.revision }
        await this.#depart(known, { removedUser, ...(endedByUs && { freed: own.id }) }, edit.by)
      }),
    )
  }

  /** @returns the id @throws VigieError scim-invalid, directory-unusable, operator-last, journal-unavailable */
  createGroup(body: GroupBody, { by }: DirectoryEdit): Promise<string> {
    return this.#inTurn(async () => {
      const id = this.#needs.newId()
      this.#needs.map() // before anything is written
      await this.#putGroup(id, undefined, body, by)
      return id
    })
  }

  /** @throws VigieError scim-unknown, scim-invalid, edit-conflict, directory-unusable, operator-last, journal-unavailable */
  changeGroup(id: string, change: (now: GroupBody) => GroupBody, edit: DirectoryEdit): Promise<void> {
    return this.#inTurn(async () => {
      this.#needs.map()
      const known = this.#group(id, edit)
      const { displayName, externalId } = known
      const members = new Set(this.#needs.members(id))
      const now = { displayName, ...(externalId !== undefined && { externalId }), members }
      await this.#putGroup(id, now, change(now), edit.by)
    })
  }

  /** @throws VigieError scim-unknown, edit-conflict, directory-unusable, operator-last, journal-unavailable */
  removeGroup(id: string, edit: DirectoryEdit): Promise<void> {
    return this.#inTurn(async () => {
      this.#needs.map()
      const { displayName, externalId } = this.#group(id, edit)
      const now = {
        ...{ displayName, members: new Set(this.#needs.members(id)) },
        ...(externalId !== undefined && { externalId }),
      }
      if (now.members.size > 0) await this.#putGroup(id, now, { ...now, members: new Set() }, edit.by)
      await this.#again(async () => {
        const { revision: expected } = this.#group(id, { by: edit.by })
        await this.#write({ removedGroup: { id, expected, members: 0 }, effects: [] }, edit.by)
      })
    })
  }

  /** What the file of groups, or the site, has changed for those who work here. @returns for how many */
  async followAll(by: string): Promise<number> {
    let changed = 0
    for (let offset = 0; ; offset += IN_A_TURN) {
      const slice = this.#needs.users(offset, IN_A_TURN)
      for (const { id } of slice) changed += await this.#inTurn(() => this.#again(() => this.#follow(id, by)))
      if (slice.length < IN_A_TURN) return changed
    }
  }

  async #follow(id: string, by: string): Promise<number> {
    await this.#needs.turn()
    const user = this.#needs.user(id)
    if (!user?.body.active) return 0
    const groups = this.#groupNames(id)
    // An entry that is gone from the file gave what it gave to whoever is in some group.
    const left = groups.length > 0 ? this.#needs.map().groups.map(entry => entry.group) : []
    const effects = this.#effects({ ...user, left }, groups, false)
    if (!effects.put && !effects.account && effects.person === user.person) return 0
    await this.#write({ effects: [effects] }, by)
    return 1
  }

  async #putUser(user: Omit<KnownUser, 'revision'>, before: KnownUser | undefined, by: string): Promise<void> {
    const { id, body } = user
    const other = this.#needs.userNamed(body.userName)
    if (other && other.id !== id) throw new VigieError('scim-taken', { field: 'userName' })
    const put = (person: string | undefined, accountEnded: boolean): NonNullable<DirectoryWrite['user']> => ({
      ...{ id, userName: body.userName, body: JSON.stringify(body), accountEnded, expected: before?.revision ?? 0 },
      ...(body.externalId !== undefined && { externalId: body.externalId }),
      ...(person !== undefined && { person }),
    })
    if (body.active) {
      const effects = this.#effects(user, before ? this.#groupNames(id) : [], before?.body.active !== true)
      await this.#write({ user: put(effects.person, effects.accountEnded), effects: [effects] }, by)
      return
    }
    const own = this.#needs.account(externalOf(id))
    const accountEnded = user.accountEnded || (own !== undefined && own.status !== 'disabled')
    if (before?.body.active) await this.#depart(before, { user: put(user.person, accountEnded) }, by)
    else await this.#write({ user: put(user.person, user.accountEnded), effects: [] }, by)
  }

  /** In one commit with what else is to be written. Of the accounts only that of the directory ends. */
  async #depart(
    user: KnownUser,
    more: Pick<DirectoryWrite, 'user' | 'removedUser' | 'freed'>,
    by: string,
  ): Promise<void> {
    const { departures, person } = this.#needs
    const own = this.#needs.account(externalOf(user.id))
    const account = own && own.status !== 'disabled' ? ending(own, externalOf(user.id)) : undefined
    const all = { ...more, effects: [], ...(account && { account }) }
    if (!user.body.active || user.person === undefined || !person(user.person)) {
      await this.#write(all, by)
      return
    }
    const wish = { person: user.person, by, accounts: 'directory' } as const
    const { recorded } = await departures.depart(wish, departure => this.#write({ ...all, departure }, by))
    // In force, and told in the spool; what the directory said is not stored, and it has to say so again.
    if (recorded !== 'journal')
      throw new VigieError('journal-unavailable', { cause: 'the disk did not take it in time' })
  }

  /** Some members at a time. */
  async #putGroup(id: string, before: GroupBody | undefined, after: GroupBody, by: string): Promise<void> {
    const was = before?.members ?? new Set<string>()
    const added = [...after.members.difference(was)]
    const removed = [...was.difference(after.members)]
    for (const user of added) this.#needMember(user)
    const renamed =
      before !== undefined && (before.displayName !== after.displayName || before.externalId !== after.externalId)
    if (before && !renamed && added.length + removed.length === 0) return
    const others = renamed ? [...was.intersection(after.members)] : []
    const moved = [
      ...added.map(user => ({ user, way: 'added' as const })),
      ...removed.map(user => ({ user, way: 'removed' as const })),
      ...others.map(user => ({ user, way: 'stays' as const })),
    ]
    for (let from = 0; from === 0 || from < moved.length; from += AT_ONCE)
      await this.#again(() => this.#moveMembers(id, { before, after, moved: moved.slice(from, from + AT_ONCE) }, by))
  }

  async #moveMembers(id: string, { before, after, moved }: Moving, by: string): Promise<void> {
    const { displayName, externalId } = after
    const fields = { id, displayName, ...(externalId !== undefined && { externalId }) }
    const of = (way: Moved['way']): string[] => moved.flatMap(m => (m.way === way ? [m.user] : []))
    const effects: Effects[] = []
    const left = before ? namesOf([before]) : []
    for (const [i, { user: member, way }] of moved.entries()) {
      if (i % IN_A_TURN === 0) await this.#needs.turn()
      const user = this.#needs.user(member)
      if (!user?.body.active) continue
      const others = this.#needs.groupsOf(member).filter(g => g.id !== id)
      const names = namesOf(way === 'removed' ? others : [...others, fields])
      effects.push(this.#effects({ ...user, ...(way !== 'added' && { left }) }, names, false))
    }
    const expected = this.#needs.group(id)?.revision ?? 0
    if (before && expected === 0) throw unknown('Group')
    await this.#write({ group: { ...fields, expected, added: of('added'), removed: of('removed') }, effects }, by)
  }

  async #write(write: Omit<DirectoryWrite, 'at' | 'by' | 'base'>, by: string): Promise<DirectoryWritten> {
    const { site, now, endSessions, onWithoutAccount } = this.#needs
    const effects = write.effects.filter(e => e.put || e.account || e.person !== this.#needs.user(e.user)?.person)
    const written = await this.#needs.write({ ...write, effects, at: now(), by, base: site().revision })
    for (const operator of written.sessions) await endSessions(operator)
    for (const { user, withoutAccount } of effects) if (withoutAccount) onWithoutAccount(user, withoutAccount)
    return written
  }

  #effects(
    user: Omit<Parameters<typeof effectsOf>[0], 'groups'>,
    groups: readonly string[],
    returns: boolean,
  ): Effects {
    const { map, person, isTaken, site, account, byLogin, newOperatorId, now } = this.#needs
    const seen: Seen = {
      ...{ map: map(), person, isTaken, roles: site().roles, byLogin, newId: newOperatorId, at: now() },
      account: id => account(externalOf(id)),
      isUser: id => this.#needs.user(id) !== undefined,
    }
    return effectsOf({ ...user, groups }, returns, seen)
  }

  #groupNames(user: string): readonly string[] {
    return namesOf(this.#needs.groupsOf(user))
  }

  #user(id: string, edit: DirectoryEdit): KnownUser {
    return seenAs(this.#needs.user(id), 'User', edit)
  }
  #group(id: string, edit: DirectoryEdit): KnownGroup {
    return seenAs(this.#needs.group(id), 'Group', edit)
  }

  #needMember(id: string): void {
    if (this.#needs.user(id)) return
    const expected = { en: 'ids of users that are here', fr: 'des identifiants d’utilisateurs présents ici' }
    throw new VigieError('scim-invalid', { field: 'members', expected })
  }

  /** What was looked at is not so any more: an operator, or another program, has changed it. */
  async #again<T>(attempt: () => Promise<T>): Promise<T> {
    for (let left = ATTEMPTS; ; left--) {
      try {
        return await attempt()
      } catch (error) {
        if (!isOvertaken(error) || left <= 1) throw error
        await this.#needs.turn()
      }
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }
}

interface Moved {
  readonly user: string
  readonly way: 'added' | 'removed' | 'stays'
}
interface Moving {
  readonly before: GroupBody | undefined
  readonly after: GroupBody
  readonly moved: readonly Moved[]
}

const externalOf = (user: string): string => `scim:${user}`
const namesOf = (groups: readonly GroupFields[]): string[] =>
  groups.flatMap(({ displayName, externalId }) => [displayName, ...(externalId === undefined ? [] : [externalId])])
const unknown = (kind: string): VigieError => new VigieError('scim-unknown', { kind })

/** Named by whoever asks, another revision is no reason to look again. */
class SeenOtherwise extends VigieError {}

function seenAs<T extends KnownUser | KnownGroup>(known: T | undefined, kind: string, { expected }: DirectoryEdit): T {
  if (!known) throw unknown(kind)
  const { id, revision } = known
  if (expected !== undefined && expected !== revision) throw new SeenOtherwise('edit-conflict', { kind, id, revision })
  return known
}

const isOvertaken = (error: unknown): boolean =>
  isVigieError(error) &&
  !(error instanceof SeenOtherwise) &&
  ['edit-conflict', 'site-changed', 'operator-exists'].includes(error.code)

function ending(own: KnownOperator, external: string): AccountWrite {
  const { id, login, name, role, zones, revision: expected } = own
  const fields = { id, external, login, name, role, ...(zones && { zones }), expected, status: 'disabled' as const }
  return { way: 'follow', ...fields, before: stateOf(own), after: stateOf({ ...own, status: 'disabled' }) }
}
