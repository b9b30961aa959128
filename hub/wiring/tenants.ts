/** Connected applications, put together: what they are, what they grant, what they are told. */
import { randomBytes } from 'node:crypto'
import type { OwnTenant, TenantScope, TenantView } from '../api.ts'
import { VigieError } from '../errors.ts'
import type { ActFacts } from '../flows/acting.ts'
import { GrantsIssued } from '../flows/grants-issued.ts'
import { type KnownTenant, TenantChanged } from '../flows/tenant-changed.ts'
import { TENANT_PREFIX } from '../http/bearer.ts'
import type { FastifyPluginAsync } from '../http/plugin.ts'
import { tenantRoutes } from '../http/routes/tenants.ts'
import { hashOf, newSecret } from '../http/secrets.ts'
import type {
  AskingTenant,
  GrantDesk,
  StoredTenant,
  TenantAdmin,
  TenantDesk,
  TenantTokens,
} from '../http/tenant-ports.ts'
import { TokenBuckets } from '../http/token-buckets.ts'
import { lineOf, type Names, QUIET_KINDS } from '../notify/model.ts'
import { grant } from '../record/grants.ts'
import { page } from '../record/paging.ts'
import type { Db } from '../record/sql.ts'
import {
  grantWithKey,
  liveGrantCount,
  liveGrants,
  type TenantRow,
  tenantGrants,
  tenantRow,
  tenantRows,
  tenantWith,
} from '../record/tenants.ts'
import { placesOf, TENANT_LIMITS, tenantBy } from '../rules/tenant-scope.ts'
import type { PerformOp } from './enrolment.ts'
import { tenantLines } from './tenant-lines.ts'

export interface TenantNeeds {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  readonly facts: () => ActFacts
  /** Resolves when the running hub decides by what was just written, or none is running. */
  readonly inForce: () => unknown
  /** Joins the pseudonym of an operator to a name. */
  readonly names: Names
  /** Grants that one application or operator may write, a second: each is a row of the journal that doors wait behind. */
  readonly grantRate?: number
  readonly now: () => number
}
const GRANT_RATE = 50

/** All that the HTTP edge needs of them. */
export function connected(needs: TenantNeeds): {
  readonly tokens: TenantTokens
  readonly desk: TenantDesk
  readonly grants: GrantDesk
  readonly plugins: readonly FastifyPluginAsync[]
} {
  const desk = tenantDesk(needs)
  return {
    ...{ desk, tokens: tenantTokens(needs), grants: grantDesk(needs) },
    plugins: [tenantRoutes(tenantAdmin(needs), desk)],
  }
}

/** @returns the store that finds an application by what it sends */
export function tenantTokens({ db, op }: Pick<TenantNeeds, 'db' | 'op'>): TenantTokens {
  /** A row that did not change is the same object. */
  const read = new WeakMap<TenantRow, StoredTenant>()
  return {
    find: (hash, at) => {
      const row = tenantWith(db, hash, at)
      if (!row) return undefined
      const stored = read.get(row) ?? storedOf(row)
      read.set(row, stored)
      return stored
    },
    used: async (id, at) => void (await op('tenantUsed', { id, at })),
  }
}

export function tenantAdmin(needs: TenantNeeds): TenantAdmin {
  const { db, op, inForce, names, now } = needs
  const flow = new TenantChanged({
    ...{ facts: needs.facts, now, newToken },
    find: id => knownOf(tenantRow(db, id)),
    live: (id, at) => liveGrants(db, id, at),
    add: a => op('registerTenant', a),
    put: a => op('changeTenant', a),
    putToken: a => op('putTenantToken', a),
    end: a => op('endTenantGrants', a),
    cutOff: a => op('cutOffTenant', a),
  })
  const shown = (row: TenantRow): TenantView => viewOf(row, liveGrantCount(db, row.id, now()), names)
  const view = (id: string): TenantView => {
    const row = tenantRow(db, id)
    if (!row) throw new VigieError('tenant-unknown', { tenant: id })
    return shown(row)
  }
  return {
    list: () => ({ tenants: tenantRows(db).map(shown) }),
    view,
    register: async (wish, by) => ({ token: await flow.register(wish, by), tenant: view(wish.id) }),
    change: async (id, change, edit) => {
      await flow.change(id, change, edit)
      await inForce()
      return view(id)
    },
    newToken: async (id, expiresAt, by) => ({ token: await flow.renew(id, expiresAt, by), tenant: view(id) }),
    cutOff: async (id, reason, by) => {
      const ended = await flow.cutOff(id, reason, by)
      await inForce()
      return { tenant: view(id), grants: ended }
    },
  }
}

/** Grants, by operators and by applications. */
export function grantDesk({ db, op, facts, inForce, now, grantRate = GRANT_RATE }: TenantNeeds): GrantDesk {
  const buckets = new TokenBuckets({ perSecond: grantRate, burst: grantRate + TENANT_LIMITS.batch }, () =>
    performance.now(),
  )
  const flow = new GrantsIssued({
    ...{ facts, now },
    newId: () => `g-${randomBytes(8).toString('hex')}`,
    known: (tenant, key) => grantWithKey(db, tenant, key)?.grant,
    write: a => op('issueGrants', a),
  })
  return {
    issue: async (wishes, by, asked, many) => {
      const tenant = asked && grantingOf(db, asked)
      const waitMs = buckets.take(by, wishes.length)
      if (waitMs > 0) throw new VigieError('too-many-requests', { seconds: Math.ceil(waitMs / 1000) })
      const written = await flow.issue(wishes, by, { many, ...(tenant && { tenant }) })
      await inForce()
      return written
    },
    list: (tenant, { all, after, limit }) => {
      const at = all ? now() - TOLD_MS : now()
      const found = tenantGrants(db, tenant, { at, limit: limit + 1, ...(after !== undefined && { after }) })
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return { grants: shown, ...(found.length > limit && last && { next: last.id }) }
    },
    find: id => grant(db, id)?.grant,
  }
}
/** How long one that has ended is still told of. */
const TOLD_MS = 86_400_000

/** The revision of the scope that the token came with: another since then is another application. */
function grantingOf(db: Db, { tenant: id, scope, session: hash }: AskingTenant) {
  const row = tenantRow(db, id)
  if (!row) throw new VigieError('token-refused', { seconds: 1 })
  if (row.scope !== JSON.stringify(scope)) throw new VigieError('tenant-changed')
  return { id, hash, scope, revision: row.revision }
}

export function tenantDesk({ db, facts, names, now }: TenantNeeds): TenantDesk {
  const lines = tenantLines({ db, facts })
  return {
    self: ({ tenant, scope }): OwnTenant => {
      const { name, expiresAt } = tenantRow(db, tenant) ?? { name: tenant, expiresAt: 0 }
      return { id: tenant, name, scope, expiresAt, grants: liveGrantCount(db, tenant, now()) }
    },
    events: async ({ tenant, scope }, { kind, ...query }) => {
      const { zones, points } = placesOf(scope, facts().site)
      const quiet = new Set<string>(QUIET_KINDS)
      const kinds = scope.events.filter(one => (kind === undefined || one === kind) && !quiet.has(one))
      if (kinds.length === 0) return { events: [] } // nothing would be found in any number of rows
      const where = { zones: [...zones], points: [...points], own: tenantBy(tenant) }
      const { rows, ...more } = await page(db, { ...query, ...where, kinds })
      return { events: rows.flatMap(row => lines({ tenant, scope }, row.event, lineOf(row, names)) ?? []), ...more }
    },
    line: (who, { event, line }) => lines(who, event, line),
  }
}

function newToken(): { readonly token: string; readonly hash: string } {
  const secret = newSecret()
  return { token: TENANT_PREFIX + secret, hash: hashOf(secret) }
}

const storedOf = ({ id, name, scope, revision, expiresAt }: TenantRow): StoredTenant => ({
  ...{ id, name, revision, expiresAt },
  scope: JSON.parse(scope) as TenantScope,
})
const knownOf = (row: TenantRow | undefined): KnownTenant | undefined =>
  row && { ...storedOf(row), status: row.status as KnownTenant['status'] }

function viewOf(row: TenantRow, live: number, names: Names): TenantView {
  const { createdAt, createdBy, usedAt, cutOffAt } = row
  const by = createdBy.includes(':') ? createdBy : names.person(createdBy)?.name
  return {
    ...storedOf(row),
    status: row.status as TenantView['status'],
    createdAt,
    ...(by !== undefined && { by }),
    ...(usedAt !== null && { usedAt }),
    ...(cutOffAt !== null && { cutOffAt }),
    grants: live,
  }
}
