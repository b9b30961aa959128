/** What is looked at in the commit itself: that an application is what it was when it asked. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GrantEvent, TenantState } from '../events.ts'
import type { Grant } from '../ports.ts'
import { NOON, Stage } from '../test/stage.ts'
import { openDatabase } from './database.ts'
import type { OpArgs } from './ops.ts'
import { forgetInScopes, grantWithKey, liveGrantCount, liveGrants, tenantRow, tenantWith } from './tenants.ts'

const HOUR = 3_600_000
const SCOPE = { people: { roles: [], ids: ['anna', 'carl'] }, zones: ['ward'] }
const STATE: TenantState = { name: 'Planning', status: 'active', scope: {}, expiresAt: NOON + HOUR }
const TENANT = { id: 'planning', name: 'Planning', scope: JSON.stringify(SCOPE), hash: 'h-1', expiresAt: NOON + HOUR }

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply()
  stage.op('registerTenant', { at: NOON, tenant: TENANT, by: 'o-1', after: STATE })
})
afterEach(() => stage.close())

let count = 0
function fresh(over: Partial<Grant> = {}): { readonly grant: Grant; readonly event: GrantEvent } {
  count += 1
  const id = `g-${String(count).padStart(16, '0')}`
  const span = { from: NOON, until: NOON + HOUR, origin: 'loan', by: 'tenant:planning' } as const
  const grant: Grant = { id, person: 'anna', target: { accessPoint: 'garden-door' }, ...span, ...over }
  const event: GrantEvent = { kind: 'grant.issued', grant: id, person: stage.pseudonym('person', 'anna'), ...span }
  return { grant, event }
}
const issue = (
  grants: OpArgs<'issueGrants'>['grants'],
  tenant: Partial<NonNullable<OpArgs<'issueGrants'>['tenant']>> = {},
) =>
  stage.op('issueGrants', {
    at: NOON,
    grants,
    tenant: { id: 'planning', hash: 'h-1', revision: 1, most: 3, ...tenant },
  })
const cut = () =>
  stage.op('cutOffTenant', { at: NOON, id: 'planning', by: 'o-1', before: STATE, after: STATE, statedReason: 'why' })

/** That it fails with this code, and has written nothing. */
function refused(act: () => unknown, code: string): void {
  const before = stage.contents()
  let thrown: unknown
  try {
    act()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code })
  expect(stage.contents()).toEqual(before)
}

describe('grants of an application', () => {
  it('are written with their rows in one commit, or not at all', () => {
    const { made, revision } = issue([fresh(), fresh()])
    expect([made, revision > 1, liveGrantCount(stage.db, 'planning', NOON)]).toEqual([2, true, 2])
    expect(stage.kinds().filter(k => k === 'grant.issued')).toHaveLength(2)
    refused(() => issue([fresh(), fresh({ person: 'zoe' })]), 'person-unknown')
    refused(() => issue([fresh(), fresh()]), 'tenant-full')
  })

  it('are refused where its token, its scope or itself is not what it was', () => {
    refused(() => issue([fresh()], { hash: 'h-0' }), 'token-refused')
    refused(() => issue([fresh()], { revision: 2 }), 'tenant-changed')
    refused(() => issue([fresh()], { id: 'nobody' }), 'token-refused')
    cut()
    refused(() => issue([fresh()]), 'token-refused')
  })

  it('by a key are the ones that are there, and no others', () => {
    const { grants } = issue([fresh({ key: 'a' })])
    const again = issue([fresh({ key: 'a' }), fresh({ key: 'b' })])
    expect([again.made, again.grants[0]]).toEqual([1, grants[0]])
    refused(() => issue([fresh({ key: 'a', until: NOON + 1 })]), 'grant-key-conflict')
    expect(issue([fresh({ key: 'a' })]).made).toBe(0)
    cut()
    expect(grantWithKey(stage.db, 'planning', 'a')?.revoked).toBe(true)
  })
})

describe('an application', () => {
  it('that is cut off loses its token and all that it had granted, once', () => {
    issue([fresh(), fresh()])
    expect(tenantWith(stage.db, 'h-1', NOON)?.id).toBe('planning')
    expect(cut()).toBe(2)
    expect(tenantWith(stage.db, 'h-1', NOON)).toBeUndefined()
    expect(liveGrants(stage.db, 'planning', NOON)).toEqual([])
    expect(stage.kinds().slice(-3)).toEqual(['tenant.cut-off', 'grant.revoked', 'grant.revoked'])
    refused(cut, 'tenant-cut-off')
  })

  it('gets a token in place of the one before, if nobody was faster', () => {
    const renew = (expected: number) =>
      stage.op('putTenantToken', {
        ...{ at: NOON, id: 'planning', by: 'o-1', before: STATE, after: STATE },
        ...{ expected, hash: 'h-2', expiresAt: NOON + 2 * HOUR },
      })
    refused(() => renew(7), 'edit-conflict')
    renew(1)
    expect(tenantWith(stage.db, 'h-1', NOON)).toBeUndefined()
    expect(tenantWith(stage.db, 'h-2', NOON + HOUR)?.revision).toBe(2)
    expect(tenantWith(stage.db, 'h-2', NOON + 2 * HOUR)).toBeUndefined()
  })

  it('is registered once', () => {
    const again = { ...TENANT, hash: 'h-9' }
    refused(() => stage.op('registerTenant', { at: NOON, tenant: again, by: 'o-1', after: STATE }), 'tenant-exists')
  })

  it('names nobody any more who was erased', () => {
    const db = openDatabase(stage.folder)
    forgetInScopes(db, 'carl')
    db.close()
    expect(JSON.parse(tenantRow(stage.db, 'planning')?.scope ?? '')).toEqual({
      ...SCOPE,
      people: { roles: [], ids: ['anna'] },
    })
  })
})
