/** How the cases of a decision are put, and what may be going on meanwhile. The site is ward-site.ts. */
import { decide } from '../../access/decide.ts'
import type { AccessRequest, Decision } from '../../access/decision.ts'
import type { Grant } from '../../access/grants.ts'
import type { Reason } from '../../access/reasons.ts'
import type { Badge, Person } from '../../access/site.ts'
import { applied, CALM, type SituationChange, type Situations } from '../../access/situations.ts'
import type { Snapshot } from '../../access/snapshot.ts'
import { badgeAt, HOUR, MINUTE, NOON, NORA, wardSite, wardSnapshot } from '../ward-site.ts'

export const ward = wardSnapshot()
export const grants = (...list: Grant[]) => wardSnapshot(wardSite(), list)
export const withPerson = (limits: Partial<Person>) => {
  const site = wardSite()
  Object.assign(site.people[0]!, limits)
  return wardSnapshot(site)
}
export const withBadge = (limits: Partial<Badge>) => {
  const site = wardSite()
  Object.assign(site.badges[0]!, limits)
  return wardSnapshot(site)
}
export const during = (...changes: SituationChange[]): Situations => applied(CALM, changes)

export const awaiting = (person: string, uid: string, accessPoint: string, more: object = {}): Situations =>
  during({
    kind: 'witness',
    key: `reader/${accessPoint}`,
    value: {
      person: `p-${person}`,
      credential: `b-${uid}`,
      accessPoint,
      since: NOON - 10_000,
      until: NOON + 20_000,
      ...more,
    },
  })
export const inside = (zone: string, since = NOON - 10 * MINUTE): SituationChange => ({
  kind: 'position',
  key: 'p-nora',
  value: { zone, since, accessPoint: 'open' },
})
export const lockdown = (plan: string, since = NOON - HOUR, until = NOON + HOUR): SituationChange => ({
  kind: 'lockdown',
  key: plan,
  value: { since, until, by: 'cli:test' },
})
export const uses = (...at: number[]): SituationChange => ({ kind: 'uses', key: 'p-nora', value: { at } })
export const running = (until: number): SituationChange => ({
  kind: 'break-glass',
  key: 'p-nora/glass',
  value: { id: 'e-1', since: NOON - MINUTE, until },
})
export const locked = (lockedUntil: number): SituationChange => ({
  kind: 'pin',
  key: `b-${NORA}`,
  value: { wrong: 3, lastAt: NOON - 1, lockedUntil },
})
export const other = (person: string, zone: string): SituationChange => ({
  kind: 'position',
  key: person,
  value: { zone, since: NOON, accessPoint: 'open' },
})
export const glass = { breakGlass: true, statedReason: 'cardiac arrest' } as const

export interface Case {
  readonly request: AccessRequest
  readonly snapshot?: Snapshot
  readonly situations?: Situations
  readonly rest?: Partial<Decision>
}
export const at = (accessPoint: string, uid = NORA, asked: Partial<AccessRequest> = {}) => ({
  request: badgeAt(accessPoint, uid, asked),
})
export const opensBy = (role: string, right: number) => ({ via: { kind: 'rule', role, right } }) as const

/** What is asked, and the reason. */
export type Row = readonly [title: string, reason: Reason, asked: Case]

export const ask = ({ request, snapshot = ward, situations = CALM }: Case): Decision =>
  decide(snapshot, situations, request)
