/**
 * Connected applications and their grants. Each is one commit with the rows that tell of it; that an application is cut off,
 * has another token or another scope is looked at in the commit that would add a grant, so that none slips in beside.
 */
import { VigieError } from '../errors.ts'
import type { GrantEvent, TenantState } from '../events.ts'
import type { Grant } from '../ports.ts'
import { revokedEvent } from './departed.ts'
import { addGrants, grant } from './grants.ts'
import { append, type OpContext } from './op-context.ts'
import { pauseOf } from './ops-webhooks.ts'
import { bump, item, revision, subject } from './site.ts'
import {
  addTenant,
  grantWithKey,
  liveGrantCount,
  liveGrants,
  markCutOff,
  type NewTenant,
  putTenant,
  putTenantToken,
  tenantRow,
  tenantStands,
  tenantUsed,
} from './tenants.ts'

type Told = { readonly at: number; readonly id: string; readonly by: string; readonly after: TenantState }
type Changed = Told & { readonly before: TenantState }

export interface NewGrant {
  readonly grant: Grant
  readonly event: GrantEvent
}
export interface GrantsWritten {
  /** In order; one that its key has known before is the one that was there. */
  readonly grants: readonly Grant[]
  /** How many are new. */
  readonly made: number
  readonly revision: number
}

export const TENANT_OPS = {
  /**
   * All or none. @param a.tenant whose they are: its token, the revision of its scope that they were held against, and how
   * many may live @throws VigieError person-unknown, token-refused, tenant-changed, tenant-full, grant-key-conflict
   */
  issueGrants: (
    c: OpContext,
    a: {
      at: number
      grants: readonly NewGrant[]
      tenant?: { id: string; hash: string; revision: number; most: number }
    },
  ): GrantsWritten => {
    if (a.tenant) needTenant(c, a.tenant)
    const owner = a.tenant?.id
    const resolved = a.grants.map(one => (owner === undefined ? undefined : knownBy(c, owner, one.grant)))
    const fresh = a.grants.filter((_, i) => !resolved[i])
    for (const person of new Set(fresh.map(f => f.grant.person))) needPerson(c, person)
    if (a.tenant && liveGrantCount(c.db, a.tenant.id, a.at) + fresh.length > a.tenant.most)
      throw new VigieError('tenant-full', { limit: a.tenant.most })
    const made = fresh.length > 0 ? bump(c.db, a.at) : revision(c.db)
    addGrants(
      c.db,
      fresh.map(f => f.grant),
      made,
      owner,
    )
    for (const { event } of fresh) append(c, a.at, event)
    return { grants: a.grants.map((one, i) => resolved[i] ?? one.grant), made: fresh.length, revision: made }
  },

  /** @throws VigieError tenant-exists */
  registerTenant: (c: OpContext, a: { at: number; tenant: NewTenant; by: string; after: TenantState }): void => {
    const { at, tenant, by, after } = a
    if (!addTenant(c.db, tenant, at, by)) throw new VigieError('tenant-exists', { tenant: tenant.id })
    append(c, at, { kind: 'tenant.registered', tenant: tenant.id, by, after })
  },

  /** @throws VigieError edit-conflict */
  changeTenant: (
    c: OpContext,
    a: Changed & { expected: number; name: string; scope: string; statedReason: string },
  ): void => {
    const { at, id, expected, name, scope, ...told } = a
    if (!putTenant(c.db, { id, expected, name, scope })) throw overtaken(c, id)
    append(c, at, { kind: 'tenant.changed', tenant: id, ...told })
  },

  /** Grants of an application that its scope would not allow any more. @returns how many ended */
  endTenantGrants: (c: OpContext, a: { at: number; id: string; ids: readonly string[]; by: string }): number => {
    const standing = a.ids.flatMap(id => {
      const row = grant(c.db, id)
      return row && row.revokedAt === null && row.grant.until > a.at ? [row.grant] : []
    })
    endGrants(c, standing, a.at, a.by)
    return standing.length
  },

  /** @throws VigieError edit-conflict */
  putTenantToken: (c: OpContext, a: Changed & { expected: number; hash: string; expiresAt: number }): void => {
    const { at, id, expected, hash, expiresAt, ...told } = a
    if (!putTenantToken(c.db, { id, expected, hash, expiresAt })) throw overtaken(c, id)
    append(c, at, { kind: 'tenant.token-made', tenant: id, ...told })
  },

  /** Its token opens nothing and its grants are gone when this returns. @returns how many ended @throws VigieError tenant-cut-off */
  cutOffTenant: (c: OpContext, a: Changed & { statedReason: string }): number => {
    const { at, id, by } = a
    if (!markCutOff(c.db, id, at)) throw new VigieError('tenant-cut-off', { tenant: id })
    const standing = liveGrants(c.db, id, at)
    const { id: tenant, at: _, ...told } = a
    append(c, at, { kind: 'tenant.cut-off', tenant, ...told, grants: standing.length })
    endGrants(c, standing, at, by)
    pauseOf(c, tenant, at)
    return standing.length
  },

  tenantUsed: (c: OpContext, a: { id: string; at: number }): number => tenantUsed(c.db, a.id, a.at),
} as const

/** Thousands, it may be: prepared once. */
function endGrants(c: OpContext, standing: readonly Grant[], at: number, by: string): void {
  if (standing.length === 0) return
  const made = bump(c.db, at)
  const revoke = c.db.prepare('update access_grant set revoked_revision = ?, revoked_at = ? where id = ?')
  const pseudonyms = new Map<string, string | undefined>()
  for (const one of standing) {
    if (!pseudonyms.has(one.person)) pseudonyms.set(one.person, subject(c.db, 'person', one.person)?.pseudonym)
    const person = pseudonyms.get(one.person)
    revoke.run(made, at, one.id)
    if (person !== undefined) append(c, at, revokedEvent(one, person, by))
  }
}

function needTenant(c: OpContext, { id, hash, revision: seen }: { id: string; hash: string; revision: number }): void {
  const stands = tenantStands(c.db, id, hash)
  if (!stands) throw new VigieError('token-refused', { seconds: 1 })
  if (stands.revision !== seen) throw new VigieError('tenant-changed')
}

/** @throws VigieError grant-key-conflict */
function knownBy(c: OpContext, tenant: string, wish: Grant): Grant | undefined {
  const known = wish.key === undefined ? undefined : grantWithKey(c.db, tenant, wish.key)
  if (known && (known.revoked || !sameWish(known.grant, wish)))
    throw new VigieError('grant-key-conflict', { key: wish.key ?? '' })
  return known?.grant
}

/** Whatever order its parts came in. */
export function sameWish(one: Omit<Grant, 'id' | 'by'>, other: Omit<Grant, 'id' | 'by'>): boolean {
  const plain = ({ person, origin, from, until, target, reference, key }: typeof one): string =>
    JSON.stringify([
      ...[person, origin, from, until, reference, key],
      target && [target.zone, target.accessPoint, target.classes?.toSorted()],
    ])
  return plain(one) === plain(other)
}

/** @throws VigieError person-unknown */
function needPerson(c: OpContext, id: string): void {
  if (!item(c.db, 'person', id)) throw new VigieError('person-unknown', { person: id })
}

const overtaken = (c: OpContext, id: string): VigieError =>
  new VigieError('edit-conflict', { kind: 'tenant', id, revision: tenantRow(c.db, id)?.revision ?? 0 })
