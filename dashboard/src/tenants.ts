/** What an application's form holds, and the scope that it stands for. Pure. */
import type { GrantOrigin, PointClass, TenantKind, TenantScope, TenantView } from './contract.ts'
import { tokenState } from './operators.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const ID = /^[a-z0-9][a-z0-9-]{0,62}$/

/** In the order they are offered. */
export const ORIGINS: readonly GrantOrigin[] = ['shift', 'appointment', 'prescription', 'maintenance', 'loan']
export const CLASSES: readonly PointClass[] = [
  'door',
  'medicines',
  'controlled-drugs',
  'records',
  'it-equipment',
  'crash-cart',
  'escape-door',
]
/** A record, so that a kind that is missing here does not compile. */
const KINDS: Readonly<Record<TenantKind, true>> = {
  'access.granted': true,
  'access.denied': true,
  'access.withdrawn': true,
  'access.awaiting': true,
  'access.lapsed': true,
  'break-glass.opened': true,
  'break-glass.ended': true,
  'grant.issued': true,
  'grant.revoked': true,
  'lock.unlocked': true,
  'lock.locked': true,
  'lock.refused': true,
  'lock.failed': true,
  'lock.silent': true,
  'point.opened': true,
  'point.closed': true,
  'point.forced': true,
  'point.locked': true,
  'point.released': true,
  'exit.requested': true,
  'tamper.raised': true,
  'tamper.cleared': true,
  'device.online': true,
  'device.offline': true,
}
export const TENANT_KINDS = Object.keys(KINDS) as readonly TenantKind[]

export interface ScopeForm {
  zones: readonly string[]
  accessPoints: readonly string[]
  classes: readonly PointClass[]
  origins: readonly GrantOrigin[]
  hours: number | null
  days: number | null
  most: number | null
  everyone: boolean
  roles: readonly string[]
  /** Ids of people, with blanks or commas between them. */
  people: string
  events: readonly TenantKind[]
  webhooks: boolean
}
/** Little, and for a short time: more is a choice. */
export const emptyScope = (): ScopeForm => ({
  ...{ zones: [], accessPoints: [], classes: [], origins: [] },
  ...{ hours: 12, days: 60, most: 500, everyone: false, roles: [], people: '' },
  ...{ events: ['grant.issued', 'grant.revoked'], webhooks: false },
})
export const formOfScope = (s: TenantScope): ScopeForm => ({
  ...{ zones: s.zones, accessPoints: s.accessPoints, classes: s.classes, origins: s.origins },
  ...{ hours: s.longestMs / HOUR_MS, days: s.aheadMs / DAY_MS, most: s.mostGrants },
  everyone: s.people === 'everyone',
  roles: s.people === 'everyone' ? [] : s.people.roles,
  people: s.people === 'everyone' ? '' : s.people.ids.join(', '),
  ...{ events: s.events, webhooks: s.webhooks },
})

const idsIn = (text: string): readonly string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))]
const within = (n: number | null, least: number, most: number): n is number => n !== null && n >= least && n <= most

/** Undefined where a number is none that the hub takes, or an id is none. */
export function scopeOf(f: Readonly<ScopeForm>): TenantScope | undefined {
  const ids = idsIn(f.people)
  const { hours, days, most } = f
  if (!within(hours, 0.1, 8_760) || !within(days, 0.1, 400) || !within(most, 0, 10_000)) return undefined
  if (!Number.isInteger(most) || !ids.every(id => ID.test(id))) return undefined
  return {
    ...{ zones: f.zones, accessPoints: f.accessPoints, classes: f.classes, origins: f.origins },
    ...{ longestMs: Math.round(hours * HOUR_MS), aheadMs: Math.round(days * DAY_MS), mostGrants: most },
    people: f.everyone ? 'everyone' : { roles: f.roles, ids },
    ...{ events: f.events, webhooks: f.webhooks },
  }
}
export const isTenantId = (text: string): boolean => ID.test(text)
/** `Planning des gardes` -> `planning-des-gardes` */
export const idFrom = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)

export type TenantState = 'cut-off' | 'expired' | 'soon' | 'valid'
export const tenantState = (t: Pick<TenantView, 'status' | 'expiresAt'>, now: number): TenantState =>
  t.status === 'cut-off' ? 'cut-off' : tokenState(t, now)
