/**
 * What the directory says, and all that comes of it, in one commit: users and groups as they were sent, people of the site,
 * accounts, departures, and the rows that tell of them. Not as it was seen any more: refused, and worked out again.
 */
import { VigieError } from '../errors.ts'
import type { AccountState } from '../events.ts'
import { linkOperator } from './accounts.ts'
import { endSessionsOf } from './accounts-sessions.ts'
import { type Leaving, type Left, leave } from './leaving.ts'
import { append, type OpContext } from './op-context.ts'
import { addProvided, endLinksAndTokens, otherAdministrator, overtaken } from './operators-admin.ts'
import { endApprovalsOf } from './ops-approvals.ts'
import {
  dropScimGroup,
  dropScimUser,
  moveScimMembers,
  putScimGroup,
  putScimUser,
  type ScimGroupPut,
  type ScimUserPut,
  tieScimUser,
} from './scim.ts'
import { bump, item, putItems, revision as revisionNow, siteChangedSince, subject } from './site.ts'
import { type Db, run, sql } from './sql.ts'

interface Fields {
  readonly id: string
  readonly external: string
  readonly login: string
  readonly name: string
  readonly role: string
  readonly zones?: readonly string[]
}
type AccountWrite =
  | ({ readonly way: 'make'; readonly after: AccountState } & Fields)
  | ({
      readonly way: 'follow'
      readonly expected: number
      readonly status: AccountState['status']
      readonly before: AccountState
      readonly after: AccountState
    } & Fields)
interface Effect {
  readonly user: string
  readonly person: string
  readonly put?: { readonly id: string; readonly item: object; readonly expected: number }
  readonly account?: AccountWrite
  readonly accountEnded: boolean
}
/** `expected`: the revision that was seen; 0: it is new. */
export interface ScimWrite {
  readonly at: number
  readonly by: string
  /** Registry revision that the effects were worked out from. */
  readonly base: number
  readonly user?: ScimUserPut & { readonly expected: number }
  readonly removedUser?: { readonly id: string; readonly expected: number }
  readonly group?: ScimGroupPut & {
    readonly expected: number
    readonly added: readonly string[]
    readonly removed: readonly string[]
  }
  readonly removedGroup?: { readonly id: string; readonly expected: number; readonly members: number }
  readonly effects: readonly Effect[]
  readonly departure?: Leaving
  /** Account of who departs, whoever it was linked to meanwhile; by pseudonym. */
  readonly account?: AccountWrite
  /** Account of a deleted user that the directory has ended, by pseudonym: the next of that name takes it over. */
  readonly freed?: string
}
export interface ScimWritten extends Left {
  /** Accounts whose sessions ended, by pseudonym. */
  readonly sessions: readonly string[]
}

const NOBODY_LEFT = { badges: 0, grants: 0, operators: [] }

export const SCIM_OPS = {
  /** @throws VigieError edit-conflict, site-changed, operator-last, operator-exists */
  followScim: (c: OpContext, a: ScimWrite): ScimWritten => {
    putResources(c, a)
    const puts = putPeople(c, a)
    const ended: string[] = []
    for (const effect of a.effects) {
      tieScimUser(c.db, effect.user, effect.person, effect.accountEnded)
      if (effect.account) ended.push(...putAccount(c, a, effect.account, effect.person))
    }
    const left = a.departure ? leave(c, a.departure) : { ...NOBODY_LEFT, revision: 0 }
    if (a.account && !left.operators.includes(a.account.id)) ended.push(...putAccount(c, a, a.account, undefined))
    if (a.freed !== undefined) free(c.db, a.freed)
    const accounts = a.account !== undefined || a.effects.some(e => e.account)
    const revision = puts || accounts ? bump(c.db, a.at) : revisionNow(c.db)
    return { ...left, revision: Math.max(left.revision, revision), sessions: [...left.operators, ...ended] }
  },
} as const

function putResources(c: OpContext, { at, by, user, group, removedUser, removedGroup }: ScimWrite): void {
  if (user && !putScimUser(c.db, user, user.expected, at)) throw conflict('User', user.id)
  if (removedUser && !dropScimUser(c.db, removedUser.id, removedUser.expected)) throw conflict('User', removedUser.id)
  if (removedGroup) {
    const { id, expected, members } = removedGroup
    if (!dropScimGroup(c.db, id, expected)) throw conflict('Group', id)
    append(c, at, { kind: 'directory.group-changed', group: id, by, added: 0, removed: members })
  }
  if (!group) return
  const { expected, added, removed, ...fields } = group
  if (!putScimGroup(c.db, fields, expected, at)) throw conflict('Group', group.id)
  moveScimMembers(c.db, group.id, { added, removed })
  const counts = { added: added.length, removed: removed.length }
  append(c, at, { kind: 'directory.group-changed', group: group.id, by, ...counts })
}

const conflict = (kind: string, id: string): VigieError => new VigieError('edit-conflict', { kind, id, revision: 0 })

/** @returns whether there was anything to put */
function putPeople(c: OpContext, { at, by, base, effects }: ScimWrite): boolean {
  const puts = effects.flatMap(e => e.put ?? [])
  if (puts.length === 0) return false
  if (siteChangedSince(c.db, base)) throw new VigieError('site-changed')
  const added = puts.filter(({ expected }) => expected === 0).length
  const revision = putItems(
    c.db,
    puts.map(({ id, item: body }) => ({ kind: 'person', id, body: JSON.stringify(body) })),
    at,
  )
  const [only] = puts
  append(c, at, {
    ...{ kind: 'rights.changed', revision, added, changed: puts.length - added, removed: 0, origin: by },
    ...(puts.length === 1 && only && { item: { kind: 'person', id: only.id } }),
  })
  return true
}

/** @returns its pseudonym where its sessions ended */
function putAccount(c: OpContext, { at, by }: ScimWrite, account: AccountWrite, person: string | undefined): string[] {
  const { id, login, after } = account
  if (account.way === 'make') {
    const { way: _, after: __, ...fields } = account
    if (!addProvided(c.db, fields, at)) throw new VigieError('operator-exists', { login })
    append(c, at, { kind: 'operator.provisioned', operator: id, by, after })
    if (person !== undefined) tie(c, id, person, { at, by })
    return []
  }
  const { before, expected } = account
  const same = JSON.stringify(before) === JSON.stringify(after)
  if (managed(before) && !managed(after) && !otherAdministrator(c.db, id))
    throw new VigieError('operator-last', { login })
  if (!putFollowed(c.db, account)) throw overtaken(c.db, id)
  append(c, at, { kind: 'operator.changed', operator: id, by, before, after })
  if (person !== undefined && linkedTo(c.db, id) === null) tie(c, id, person, { at, by })
  if (same) return []
  endSessionsOf(c.db, id)
  endApprovalsOf(c, id, at, by)
  if (account.status === 'disabled')
    for (const token of endLinksAndTokens(c.db, id, at)) append(c, at, { kind: 'token.revoked', token, by })
  return expected === 0 ? [] : [id]
}

const free = (db: Db, operator: string): number =>
  run(db, sql.updateTable('operator').set({ external: 'scim:gone' }).where('id', '=', operator))

const managed = ({ role, zones, status }: AccountState): boolean =>
  role === 'administrator' && zones === undefined && status === 'active'

function putFollowed(db: Db, a: Extract<AccountWrite, { readonly way: 'follow' }>): boolean {
  const { id, expected, login, name, role, zones, status, external } = a
  const row = { login, name, role, status, external, zones: zones ? JSON.stringify(zones) : null }
  const update = sql.updateTable('operator').set({ ...row, revision: expected + 1 })
  return run(db, update.where('id', '=', id).where('revision', '=', expected)) === 1
}

const linkedTo = (db: Db, operator: string): string | null =>
  (db.prepare('select person from operator where id = ?').pluck().get(operator) as string | null | undefined) ?? null

/** Which person of the site the operator is: nobody closes the review of an opening of their own. */
function tie(c: OpContext, operator: string, person: string, { at, by }: Pick<ScimWrite, 'at' | 'by'>): void {
  const pseudonym = item(c.db, 'person', person) && subject(c.db, 'person', person)?.pseudonym
  if (pseudonym === undefined) return
  linkOperator(c.db, operator, { id: person, pseudonym }, at)
  append(c, at, { kind: 'operator.linked', operator, person: pseudonym, by })
}
