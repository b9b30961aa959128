/**
 * Somebody leaves: what they could come in by, all of it, in the transaction of whoever calls. The person stays in the site
 * with an end, so that history can be read and nothing that is issued later under the same id opens by accident.
 */
import { VigieError } from '../errors.ts'
import type { AccountState, PersonDeparted } from '../events.ts'
import { endSessionsOf } from './accounts-sessions.ts'
import type { Row } from './chain.ts'
import { forgetWhatGoesOn, revokedEvent } from './departed.ts'
import { markRevoked, standingOf } from './grants.ts'
import { append, type OpContext } from './op-context.ts'
import { endLinksAndTokens, otherAdministrator } from './operators-admin.ts'
import { endApprovalsOf } from './ops-approvals.ts'
import { dropPin } from './pins.ts'
import { bump, type Item, item, putItems, revision as revisionNow, subject } from './site.ts'
import { all, type Db, first, run, sql } from './sql.ts'

export interface Leaving {
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  /** Of the site, by id. */
  readonly person: string
  readonly by: string
  readonly statedReason?: string
  /** `directory`: an account that was made in Vigie stays as it is. */
  readonly accounts: 'all' | 'directory'
}
export interface Left {
  readonly revision: number
  /** That opened something until now. */
  readonly badges: number
  readonly grants: number
  /** Accounts that ended, by pseudonym. */
  readonly operators: readonly string[]
}

interface Parts {
  readonly person: string
  readonly items: readonly Item[]
  readonly badges: readonly { readonly id: string; readonly body: string }[]
  readonly grants: ReturnType<typeof standingOf>
  readonly pin: boolean
  readonly accounts: readonly LinkedAccount[]
}

/** @throws VigieError person-unknown, operator-last */
export function leave(c: OpContext, a: Leaving): Left {
  const parts = partsOf(c.db, a)
  for (const account of parts.accounts) needAnother(c.db, account)
  if (isOver(parts)) return { revision: revisionNow(c.db), badges: 0, grants: 0, operators: [] }
  const { badges, grants, accounts, person } = parts
  const { by, statedReason } = a
  const told: PersonDeparted = {
    ...{ kind: 'person.departed', person, by, badges: badges.length, grants: grants.length },
    ...(accounts[0] && { operator: accounts[0].id }),
    ...(statedReason !== undefined && { statedReason }),
  }
  append(c, a.at, told)
  const revision = end(c, a, parts)
  return { revision, badges: badges.length, grants: grants.length, operators: accounts.map(o => o.id) }
}

/**
 * A departure that took effect while the database could not be written: its row in the spool brings the rest with it. What
 * can't be done any more is left out: the row must not wait for it.
 */
export function leaveDrained(c: OpContext, { at, body }: Pick<Row, 'at' | 'body'>): void {
  const { person: pseudonym, by } = JSON.parse(body) as PersonDeparted
  const known = first(c.db, sql.selectFrom('pseudonym').select('id').where('pseudonym', '=', pseudonym))
  if (!known || !item(c.db, 'person', known.id)) return
  const a: Leaving = { at, by, person: known.id, accounts: by.startsWith('directory:') ? 'directory' : 'all' }
  const parts = partsOf(c.db, a)
  const accounts = parts.accounts.filter(o => !isLast(c.db, o))
  if (!isOver({ ...parts, accounts })) end(c, a, { ...parts, accounts })
}

const isOver = ({ items, grants, pin, accounts }: Parts): boolean =>
  items.length === 0 && grants.length === 0 && !pin && accounts.length === 0

function partsOf(db: Db, { at, person: id, accounts }: Leaving): Parts {
  const stored = item(db, 'person', id)
  const person = subject(db, 'person', id)?.pseudonym
  if (!stored || person === undefined) throw new VigieError('person-unknown', { person: id })
  const badges = liveBadgesOf(db, id)
  const until = endedAt(stored.body, at)
  return {
    person,
    badges,
    items: [
      ...(until === undefined ? [] : [{ kind: 'person' as const, id, body: until }]),
      ...badges.map(b => ({ kind: 'badge' as const, id: b.id, body: revoked(b.body) })),
    ],
    grants: standingOf(db, id, at),
    pin: first(db, sql.selectFrom('pin').select('person').where('person', '=', id)) !== undefined,
    accounts: accountsOf(db, id, accounts),
  }
}

/** @returns the person with an end, or undefined where there was one before */
function endedAt(body: string, at: number): string | undefined {
  const { validFrom, validUntil, ...person } = JSON.parse(body) as { validFrom?: string; validUntil?: string }
  if (validUntil !== undefined && Date.parse(validUntil) <= at) return undefined
  // Somebody who never began: an end before the beginning would be no period, and a guest's badge needs some beginning.
  const began = validFrom === undefined || Date.parse(validFrom) < at ? validFrom : new Date(at - 1).toISOString()
  const from = began === undefined ? {} : { validFrom: began }
  return JSON.stringify({ ...person, ...from, validUntil: new Date(at).toISOString() })
}

const revoked = (body: string): string => JSON.stringify({ ...(JSON.parse(body) as object), status: 'revoked' })

/** Those that were not lost, nor revoked before. By the index of the holders of badges. */
export const liveBadgesOf = (db: Db, person: string): { id: string; body: string }[] =>
  db
    .prepare<[string], { id: string; body: string }>(
      `select id, body from site_item where kind = 'badge' and (body ->> 'person') = ?
       and (body ->> 'status') in ('active', 'suspended') order by id`,
    )
    .all(person)

interface LinkedAccount {
  readonly id: string
  readonly login: string
  readonly role: string
  readonly zones: string | null
  readonly status: string
  readonly external: string | null
}

function accountsOf(db: Db, person: string, which: Leaving['accounts']): LinkedAccount[] {
  const columns = ['id', 'login', 'role', 'zones', 'status', 'external'] as const
  const linked = sql.selectFrom('operator').select(columns).where('person', '=', person)
  const open = all(db, linked.where('status', '!=', 'disabled').orderBy('created_at'))
  return which === 'all' ? open : open.filter(o => o.external?.startsWith('scim:'))
}

/** How many accounts of theirs have not ended. */
export const openAccounts = (db: Db, person: string): number => accountsOf(db, person, 'all').length

/** By pseudonym, the oldest first. @throws VigieError operator-last */
export function openAccountsOf(db: Db, person: string, which: Leaving['accounts']): string[] {
  const open = accountsOf(db, person, which)
  for (const account of open) needAnother(db, account)
  return open.map(o => o.id)
}

const isLast = (db: Db, { id, role, zones, status }: LinkedAccount): boolean =>
  role === 'administrator' && zones === null && status === 'active' && !otherAdministrator(db, id)

/** @throws VigieError operator-last */
function needAnother(db: Db, account: LinkedAccount): void {
  if (isLast(db, account)) throw new VigieError('operator-last', { login: account.login })
}

function end(c: OpContext, a: Leaving, { person, items, badges, grants, pin, accounts }: Parts): number {
  const { at, by } = a
  const revision = items.length > 0 ? putItems(c.db, items, at) : bump(c.db, at)
  const credentials = badges.flatMap(b => subject(c.db, 'badge', b.id)?.pseudonym ?? [])
  forgetWhatGoesOn(c, new Set([person, ...credentials]), at, revision)
  for (const grant of grants) {
    markRevoked(c.db, grant.id, at, revision)
    append(c, at, revokedEvent(grant, person, by))
  }
  if (pin && dropPin(c.db, a.person)) append(c, at, { kind: 'pin.cleared', person, by })
  for (const account of accounts) endAccount(c, account, a)
  return revision
}

/** Its sessions, links, tokens and what it had asked for go with it. */
function endAccount(c: OpContext, account: LinkedAccount, { at, by, statedReason }: Leaving): void {
  const { id: operator, role, zones, status } = account
  const scope = { role, ...(zones !== null && { zones: JSON.parse(zones) as string[] }) }
  const before: AccountState = { ...scope, status: status as AccountState['status'] }
  const after: AccountState = { ...scope, status: 'disabled' }
  run(
    c.db,
    sql
      .updateTable('operator')
      .set(o => ({ status: 'disabled', revision: o('revision', '+', 1) }))
      .where('id', '=', operator),
  )
  const reason = statedReason === undefined ? {} : { statedReason }
  append(c, at, { kind: 'operator.changed', operator, by, before, after, ...reason })
  endSessionsOf(c.db, operator)
  endApprovalsOf(c, operator, at, by)
  for (const token of endLinksAndTokens(c.db, operator, at)) append(c, at, { kind: 'token.revoked', token, by })
}
