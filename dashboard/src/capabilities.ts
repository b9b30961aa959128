/** Capabilities in the order and the groups in which people read them; what a page of the dashboard asks for. Pure. */
import type { Capability, Role } from './contract.ts'

export type CapabilityGroup = 'watch' | 'emergency' | 'access' | 'journal' | 'privacy' | 'system' | 'own'

/** A capability that is missing here does not compile: it would be shown to nobody. */
const GROUP_OF: Readonly<Record<Capability, CapabilityGroup>> = {
  'site.read': 'watch',
  'devices.read': 'watch',
  'events.read': 'watch',
  'events.guarded': 'watch',
  'health.read': 'watch',
  'situations.read': 'watch',
  lockdown: 'emergency',
  'muster.read': 'emergency',
  'reviews.read': 'emergency',
  'reviews.close': 'emergency',
  'badges.lost': 'emergency',
  'rights.read': 'access',
  'rights.simulate': 'access',
  'rights.edit': 'access',
  'grants.write': 'access',
  'badges.issue': 'access',
  'pins.set': 'access',
  'devices.enrol': 'access',
  'journal.read': 'journal',
  'journal.people': 'journal',
  'journal.proof': 'journal',
  'journal.export': 'journal',
  'privacy.read': 'privacy',
  'privacy.erase': 'privacy',
  'operators.manage': 'system',
  'tokens.manage': 'system',
  'backups.manage': 'system',
  'keys.manage': 'system',
  'tenants.manage': 'system',
  'webhooks.manage': 'system',
  'stations.manage': 'system',
  'directory.sync': 'system',
  'approvals.decide': 'system',
  'movements.read': 'access',
  'movements.file': 'access',
  'movements.work': 'access',
  'alerts.read': 'watch',
  'alerts.ack': 'watch',
  'zones.arm': 'watch',
  maintenance: 'watch',
  'visits.write': 'access',
  'inventory.read': 'access',
  'account.own': 'own',
  'history.own': 'own',
}
export const CAPABILITY_GROUPS: readonly CapabilityGroup[] = [
  'watch',
  'emergency',
  'access',
  'journal',
  'privacy',
  'system',
  'own',
]
export const ALL_CAPABILITIES = Object.keys(GROUP_OF) as readonly Capability[]
/** What no token may do, whoever makes it: accounts, tokens and keys are for people who show a second factor. */
const NEVER_BY_TOKEN: ReadonlySet<Capability> = new Set<Capability>([
  'account.own',
  'history.own',
  'operators.manage',
  'tokens.manage',
  'keys.manage',
  'privacy.erase',
  'tenants.manage',
  'stations.manage',
  'approvals.decide',
])
export const tokenCapabilities = (own: readonly Capability[]): readonly Capability[] =>
  own.filter(c => !NEVER_BY_TOKEN.has(c))

export interface GroupedCapabilities {
  readonly group: CapabilityGroup
  readonly capabilities: readonly Capability[]
}
/** Groups that are empty are left out. What this page does not know is left out too: it has no words for it. */
export function groupedCapabilities(some: readonly Capability[]): readonly GroupedCapabilities[] {
  const wanted = new Set(some)
  return CAPABILITY_GROUPS.map(group => ({
    group,
    capabilities: ALL_CAPABILITIES.filter(c => GROUP_OF[c] === group && wanted.has(c)),
  })).filter(g => g.capabilities.length > 0)
}

/** In the order they are offered. */
export const ROLES_SHOWN: readonly Role[] = [
  'nurse',
  'ward-manager',
  'security',
  'it',
  'auditor',
  'data-protection',
  'administrator',
]
