import { describe, expect, it } from 'vitest'
import {
  ALWAYS_TWO_FACTORS,
  CAPABILITIES,
  CAPABILITIES_OF,
  can,
  capabilitiesOf,
  isCapability,
  isRole,
  LONGEST_SESSION_MS,
  mayOperator,
  ROLES,
  SEPARATED,
} from './roles.ts'

const WARD = ['ward']
/** What counts for the whole site, or for nothing. */
const WHOLE_SITE = [
  'approvals.decide',
  'backups.manage',
  'badges.issue',
  'devices.enrol',
  'directory.sync',
  'inventory.read',
  'journal.export',
  'keys.manage',
  'movements.work',
  'operators.manage',
  'pins.set',
  'privacy.erase',
  'privacy.read',
  'rights.edit',
  'rights.simulate',
  'stations.manage',
  'tenants.manage',
  'tokens.manage',
  'webhooks.manage',
]

describe('roles', () => {
  it.each(ROLES)('%s holds no two duties that are separated', role => {
    const both = SEPARATED.filter(pair => pair.every(capability => can(role, capability)))
    expect(both).toEqual([])
  })

  it('separate only duties that somebody has', () => {
    expect(SEPARATED.length).toBeGreaterThan(5)
    for (const capability of SEPARATED.flat())
      expect(
        ROLES.some(role => can(role, capability)),
        capability,
      ).toBe(true)
  })

  it('name no capability twice, and the list has each once', () => {
    for (const role of ROLES) expect(new Set(CAPABILITIES_OF[role]).size, role).toBe(CAPABILITIES_OF[role].length)
    expect(new Set(CAPABILITIES).size).toBe(CAPABILITIES.length)
    expect(CAPABILITIES.every(isCapability)).toBe(true)
    expect(isCapability('everything') || isRole('root') || isRole('__proto__')).toBe(false)
  })

  it('that change accounts, rights or evidence ask for two factors, and for a new sign-in within 8 hours', () => {
    const dangerous = (
      ['operators.manage', 'rights.edit', 'journal.export', 'privacy.erase', 'tokens.manage'] as const
    ).flatMap(capability => ROLES.filter(role => can(role, capability)))
    expect(dangerous.filter(role => !ALWAYS_TWO_FACTORS.includes(role))).toEqual([])
    for (const role of ALWAYS_TWO_FACTORS) expect(LONGEST_SESSION_MS[role], role).toBeLessThanOrEqual(8 * 3_600_000)
  })

  it('leave the nurse her own account and history only', () => {
    expect(capabilitiesOf({ role: 'nurse' })).toEqual(['account.own', 'history.own'])
  })
})

describe('a role that counts in some zones only', () => {
  it('gets nothing that is about the whole site, whichever role it is', () => {
    const left = new Set(ROLES.flatMap(role => capabilitiesOf({ role, zones: WARD })))
    expect(CAPABILITIES.filter(capability => !left.has(capability))).toEqual(WHOLE_SITE)
    expect(mayOperator({ role: 'administrator', zones: WARD }, 'operators.manage')).toBe(false)
    expect(mayOperator({ role: 'administrator' }, 'operators.manage')).toBe(true)
  })

  it('never gets more than the same role everywhere', () => {
    for (const role of ROLES)
      for (const capability of capabilitiesOf({ role, zones: WARD }))
        expect(can(role, capability), capability).toBe(true)
  })

  it('counts in no zone at all where the list is empty, rather than everywhere', () => {
    expect(mayOperator({ role: 'it', zones: [] }, 'rights.edit')).toBe(false)
  })
})
