/** What a rule or a point asks for beside a valid badge, and what of it is missing. */
import type { Case } from './case.ts'
import type { DenyReason } from './decision.ts'
import type { Conditions } from './site.ts'
import { endAt, type SnapshotGrant } from './snapshot.ts'

/**
 * What is missing, one bit each, in the order in which it is easier to bring: a colleague who stands by, a PIN, a word why,
 * a reference, a shift. So of two ways of opening, the one with the smaller number is the nearer miss.
 */
export const WITNESS = 1
export const PIN = 2
export const REASON = 4
export const REFERENCE = 8
export const DUTY = 16

/** @returns bits; 0 if everything asked for is there. `grant`: the one that is looked at, whose reference counts. */
export function lacking(c: Case, requires: Conditions | undefined, grant?: SnapshotGrant): number {
  if (requires === undefined) return 0
  return (
    (requires.witness && !witnessed(c, requires.witness) ? WITNESS : 0) |
    (requires.pin && !pinEntered(c) ? PIN : 0) |
    (requires.reason && !hasReason(c) ? REASON : 0) |
    (requires.reference && !referenced(c, requires.reference, grant) ? REFERENCE : 0) |
    (requires.onDuty && !onDuty(c) ? DUTY : 0)
  )
}

function witnessed(c: Case, { role, withinS }: NonNullable<Conditions['witness']>): boolean {
  return c.second?.profile.roles.has(role) === true && c.at < c.second.since + withinS * 1_000
}

/** Wrong and unset ones never get here (standing.ts). */
const pinEntered = (c: Case): boolean => c.asked.pin !== undefined

/** Blanks are no reason. */
export const hasReason = (c: Case): boolean => c.asked.statedReason !== undefined && /\S/.test(c.asked.statedReason)

function referenced(c: Case, kind: NonNullable<Conditions['reference']>, grant: SnapshotGrant | undefined): boolean {
  const brought = c.asked.reference?.kind
  if (brought !== undefined && (kind === 'any' || kind === brought)) return true
  return kind !== 'patient' && grant?.origin === 'prescription' && grant.reference !== undefined
}

function onDuty(c: Case): boolean {
  const grants = c.snapshot.grants.get(c.badge.holder.person)
  return grants?.some(g => g.origin === 'shift' && isLive(g, c.at)) === true
}

/** A shift that is under way, wherever it opens something. */
const isLive = (grant: SnapshotGrant, at: number): boolean => at >= grant.from && at < grant.until

/** It opens the point of this case, and does so now. */
export const isLiveHere = (grant: SnapshotGrant, { at, point }: Case): boolean =>
  at >= grant.from && at < (endAt(grant, point.index) ?? Number.NEGATIVE_INFINITY)

/** What to ask the badge holder for first, of more than a witness: that one would lapse while the rest is looked for. */
export function reasonFor(missing: number): DenyReason {
  if (missing & PIN) return 'pin-required'
  if (missing & REASON) return 'reason-required'
  return missing & REFERENCE ? 'reference-required' : 'not-on-duty'
}
