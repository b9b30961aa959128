/** The hospital's directory, put together: what it sends is stored, and followed in the site and among the accounts. */
import { randomUUID } from 'node:crypto'
import type { Person } from '../access/site.ts'
import { causeOf, VigieError } from '../errors.ts'
import { DirectoryFollowed, type KnownUser } from '../flows/directory-followed.ts'
import type { PersonDeparted } from '../flows/person-departed.ts'
import type { FastifyPluginAsync } from '../http/plugin.ts'
import { scimRoutes } from '../http/routes/scim.ts'
import type { ScimDirectory, ScimGroup, ScimUser, UserBody } from '../http/scim-ports.ts'
import { operatorRow, operatorRowKnown } from '../record/operators-admin.ts'
import { turn } from '../record/paging.ts'
import { item } from '../record/registry.ts'
import {
  isScimPerson,
  type ScimGroupRow,
  type ScimUserRow,
  scimGroup,
  scimGroupCount,
  scimGroups,
  scimGroupsBy,
  scimGroupsNamed,
  scimGroupsOf,
  scimMembers,
  scimMembersShown,
  scimUser,
  scimUserCount,
  scimUserOf,
  scimUsers,
  scimUsersBy,
} from '../record/scim.ts'
import type { Db } from '../record/sql.ts'
import type { DirectoryMap } from '../rules/directory.ts'
import { nameOfUser } from '../rules/directory-person.ts'
import { newOperatorId } from './accounts.ts'
import type { PerformOp } from './enrolment.ts'
import { knownOf } from './operators.ts'

export interface ScimNeeds {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  /** @throws VigieError directory-unusable */
  readonly map: () => DirectoryMap
  readonly site: () => { readonly revision: number; readonly roles: ReadonlySet<string> }
  readonly departures: Pick<PersonDeparted, 'depart'>
  /** Of one account: at once. Must not reject. */
  readonly endSessions: (operator: string) => unknown
  readonly log: { warn(details: object, words: string): void; error(details: object, words: string): void }
  readonly now: () => number
}

/** Who stands in the journal for what the file of groups, and not the directory, has changed. */
const BY_FILE = 'directory:file'

/** Routes for the directory. Behind them, once the hub is up, everybody is held against the file of groups as it is now. */
export function scim(needs: ScimNeeds): FastifyPluginAsync {
  const flow = followed(needs)
  const routes = scimRoutes(directoryOf(needs.db, flow))
  return async app => {
    app.addHook('onReady', done => {
      flow
        .followAll(BY_FILE)
        .catch((error: unknown) =>
          needs.log.error({ cause: causeOf(error) }, 'the directory’s users could not be followed'),
        )
      done()
    })
    await app.register(routes)
  }
}

function followed({ db, op, log, ...needs }: ScimNeeds): DirectoryFollowed {
  return new DirectoryFollowed({
    ...needs,
    user: id => knownUser(scimUser(db, id)),
    userNamed: userName => knownUser(scimUserOf(db, userName)),
    users: (offset, limit) => scimUsers(db, offset, limit).flatMap(row => knownUser(row) ?? []),
    group: id => shownGroup(scimGroup(db, id)),
    members: group => scimMembers(db, group),
    groupsOf: user => scimGroupsOf(db, user).flatMap(row => shownGroup(row) ?? []),
    person: id => {
      const stored = item(db, 'person', id)
      return stored && { person: JSON.parse(stored.body) as Person, revision: stored.revision }
    },
    isTaken: person => isScimPerson(db, person),
    account: external => knownOf(operatorRowKnown(db, external)),
    byLogin: login => knownOf(operatorRow(db, login)),
    write: a => op('followScim', a),
    onWithoutAccount: (user, why) =>
      log.warn({ user, why }, 'a user of the directory gets no account though a group gives a role'),
    turn,
    newId: randomUUID,
    newOperatorId,
  })
}

function directoryOf(db: Db, flow: DirectoryFollowed): ScimDirectory {
  const user = (id: string): ScimUser => need(shownUser(scimUser(db, id)), 'User')
  const group = (id: string): ScimGroup => need(shownGroup(scimGroup(db, id)), 'Group')
  return {
    userCount: () => scimUserCount(db),
    users: ({ offset, limit }) => scimUsers(db, offset, limit).flatMap(row => shownUser(row) ?? []),
    usersBy: (key, value) => usersBy(db, key, value).flatMap(row => shownUser(row) ?? []),
    groupsOf: id => scimGroupsOf(db, id).map(g => ({ id: g.id, display: g.displayName })),
    groupCount: () => scimGroupCount(db),
    groups: ({ offset, limit }) => scimGroups(db, offset, limit).flatMap(row => shownGroup(row) ?? []),
    groupsBy: (key, value) => groupsBy(db, key, value).flatMap(row => shownGroup(row) ?? []),
    membersOf: id =>
      scimMembersShown(db, id).map(m => ({ id: m.id, display: nameOfUser(JSON.parse(m.body) as UserBody) })),
    turn,
    createUser: async (body, edit) => user(await flow.createUser(body, edit)),
    changeUser: async (id, change, edit) => {
      await flow.changeUser<UserBody>(id, change, edit)
      return user(id)
    },
    removeUser: (id, edit) => flow.removeUser(id, edit),
    createGroup: async (body, edit) => group(await flow.createGroup(body, edit)),
    changeGroup: async (id, change, edit) => {
      await flow.changeGroup(id, change, edit)
      return group(id)
    },
    removeGroup: (id, edit) => flow.removeGroup(id, edit),
  }
}

function need<T>(found: T | undefined, kind: string): T {
  if (!found) throw new VigieError('scim-unknown', { kind })
  return found
}

function usersBy(db: Db, key: Parameters<ScimDirectory['usersBy']>[0], value: string): ScimUserRow[] {
  if (key === 'externalId') return scimUsersBy(db, value)
  return [(key === 'id' ? scimUser(db, value) : scimUserOf(db, value)) ?? []].flat()
}
function groupsBy(db: Db, key: Parameters<ScimDirectory['groupsBy']>[0], value: string): ScimGroupRow[] {
  if (key === 'externalId') return scimGroupsBy(db, value)
  if (key === 'displayName') return scimGroupsNamed(db, value)
  return key === 'member' ? scimGroupsOf(db, value) : [scimGroup(db, value) ?? []].flat()
}

function shownUser(row: ScimUserRow | undefined): ScimUser | undefined {
  if (!row) return undefined
  const { id, body, createdAt, changedAt, revision } = row
  return { id, body: JSON.parse(body) as UserBody, createdAt, changedAt, revision }
}

function knownUser(row: ScimUserRow | undefined): KnownUser | undefined {
  if (!row) return undefined
  const { id, body, person, accountEnded, revision } = row
  const known = { id, body: JSON.parse(body) as UserBody, accountEnded: accountEnded === 1, revision }
  return { ...known, ...(person !== null && { person }) }
}

const shownGroup = (row: ScimGroupRow | undefined): ScimGroup | undefined =>
  row && {
    ...{ id: row.id, displayName: row.displayName, revision: row.revision },
    ...(row.externalId !== null && { externalId: row.externalId }),
    ...{ createdAt: row.createdAt, changedAt: row.changedAt },
  }
