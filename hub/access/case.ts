/** One person's badge at one reader at one time: what every step of a decision looks at, and what a step may answer. */
import type { AccessRequest, Decision, Denied, DenyReason, Granted, Via } from './decision.ts'
import type { Situations } from './situations.ts'
import type { Profile, Snapshot, SnapshotBadge, SnapshotGrant, SnapshotPoint, SnapshotRule } from './snapshot.ts'

/** What came with the badge. The row of an awaited opening has the same fields, as the first badge brought them. */
export type Asked = Pick<AccessRequest, 'pin' | 'statedReason' | 'reference' | 'breakGlass'>

/** The second of two people, whose badge is at the reader now. Never the person whose case it is. */
export interface Second {
  readonly badge: SnapshotBadge
  readonly profile: Profile
  /** When the first badge was held to the reader, ms. */
  readonly since: number
  readonly duress: boolean
}

export interface Case {
  readonly snapshot: Snapshot
  readonly situations: Situations
  /** `device/point` of the reader. */
  readonly key: string
  readonly point: SnapshotPoint
  readonly badge: SnapshotBadge
  readonly profile: Profile
  readonly asked: Asked
  /** Hub time, ms. */
  readonly at: number
  /** The same on the wall clock of the site; NaN where there is none. */
  readonly minute: number
  readonly second: Second | undefined
  /** Hears of every step and every rule looked at. What it hears changes nothing of the decision. */
  readonly trace: Trace | undefined
}

export interface Refusal {
  readonly kind: 'refused'
  readonly reason: DenyReason
  readonly because?: string
  readonly waitMs?: number
}

/** The steps of a decision about a known badge at a known point, by name. */
export type StepCode =
  | 'badge-status'
  | 'badge-validity'
  | 'person-validity'
  | 'deny-rules'
  | 'pin'
  | 'break-glass'
  | 'lockdown'
  | 'rights'
  | 'passback'
  | 'occupancy'
  | 'interlock'

export interface StepFinding {
  readonly code: StepCode
  readonly case: Case
  readonly refusal: Refusal | undefined
  readonly via?: Via
}
/** What was looked at, and what was found. Rules and grants come before the step that sums them up. */
export type Finding =
  | StepFinding
  | { readonly code: 'point'; readonly point: SnapshotPoint | undefined }
  | { readonly code: 'badge'; readonly badge: SnapshotBadge | undefined }
  | { readonly code: 'deny-rule'; readonly case: Case; readonly rule: SnapshotRule; readonly open: boolean }
  /** `lacking`: bits of conditions.ts; of a closed rule or grant too. */
  | {
      readonly code: 'allow-rule'
      readonly case: Case
      readonly rule: SnapshotRule
      readonly open: boolean
      readonly lacking: number
    }
  | {
      readonly code: 'grant'
      readonly case: Case
      readonly grant: SnapshotGrant
      readonly live: boolean
      readonly lacking: number
    }
  /** The badge at the reader was looked at as the second of two. `refusal`: what keeps it from being that. */
  | {
      readonly code: 'second-person'
      readonly case: Case
      readonly first: string
      readonly counts: boolean
      readonly refusal: Refusal | undefined
    }
  /** Soft anti-passback: let in all the same. */
  | { readonly code: 'passback-noted'; readonly case: Case; readonly zone: string }
export type Trace = (finding: Finding) => void

/** For a holder whose profile is not in the snapshot: no roles, no rights. */
export const NOBODY: Profile = {
  roles: new Set<string>(),
  lockdownRank: 0,
  allow: [],
  deny: [],
  breakGlass: [],
}

export function caseOf(
  snapshot: Snapshot,
  situations: Situations,
  place: { readonly key: string; readonly point: SnapshotPoint },
  badge: SnapshotBadge,
  asked: Asked,
  at: number,
  trace?: Trace,
  second?: Second,
): Case {
  return {
    snapshot,
    situations,
    key: place.key,
    point: place.point,
    badge,
    profile: snapshot.profiles[badge.holder.profile] ?? NOBODY,
    asked,
    at,
    minute: snapshot.clock.minuteOf(at),
    second,
    trace,
  }
}

export const refused = (reason: DenyReason, because?: string): Refusal =>
  because === undefined ? { kind: 'refused', reason } : { kind: 'refused', reason, because }

export const refusedFor = (reason: DenyReason, waitMs: number): Refusal => ({ kind: 'refused', reason, waitMs })

/** Tells the trace, if there is one, and hands the answer on. */
export function step(c: Case, code: StepCode, refusal: Refusal | undefined): Refusal | undefined {
  c.trace?.({ code, case: c, refusal })
  return refusal
}

const underDuress = (c: Case): boolean => c.asked.pin === 'duress' || c.second?.duress === true

export function denied(c: Case, { reason, because, waitMs }: Refusal): Denied {
  return {
    granted: false,
    reason,
    rights: c.snapshot.revision,
    person: c.badge.holder.person,
    credential: c.badge.credential,
    accessPoint: c.point.accessPoint,
    zone: c.point.zone,
    class: c.point.class,
    ...(because !== undefined && { because }),
    ...(waitMs !== undefined && { waitMs }),
    ...(underDuress(c) && { duress: true }),
  }
}

export function granted(c: Case, via: Via, passback?: string): Decision {
  const plain: Granted = {
    granted: true,
    reason: 'granted',
    rights: c.snapshot.revision,
    person: c.badge.holder.person,
    credential: c.badge.credential,
    accessPoint: c.point.accessPoint,
    zone: c.point.zone,
    class: c.point.class,
    unlockMs: c.point.unlockMs,
    lock: c.point.lock,
    via,
  }
  if (c.second === undefined && passback === undefined && c.asked.pin !== 'duress') return plain
  return {
    ...plain,
    ...(c.second !== undefined && { witness: c.second.badge.holder.person }),
    ...(passback !== undefined && { passback }),
    ...(underDuress(c) && { duress: true }),
  }
}
