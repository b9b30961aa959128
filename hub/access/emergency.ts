/**
 * Steps 8 and 9 of a decision: an emergency opening (break-glass), and lockdowns.
 *
 * Break-glass goes past rights, hours, conditions, duty, lockdown, anti-passback and occupancy: whoever declared it for a
 * place wants it open in an emergency. It never goes past badge, holder, deny rules, a wrong PIN or an interlock.
 */
import { type Case, type Refusal, refused, step } from './case.ts'
import { hasReason } from './conditions.ts'
import type { Via } from './decision.ts'
import type { SituationRows } from './situations.ts'
import type { SnapshotLockdown } from './snapshot.ts'

/** Uses are capped in any stretch of this length. */
export const USES_MS = 24 * 3_600_000

/** Undefined: nobody asks for one here, and none is running. */
export function breakGlass(c: Case): Via | Refusal | undefined {
  const running = runningAt(c)
  if (!c.asked.breakGlass && running === undefined) return undefined
  const answer = emergency(c, running)
  // Withdrawn since it began: whoever does not press the button again is treated like everybody else.
  const counts = c.asked.breakGlass || answer.kind !== 'refused'
  const refusal = answer.kind === 'refused' ? answer : undefined
  c.trace?.(
    answer.kind === 'refused'
      ? { code: 'break-glass', case: c, refusal }
      : { code: 'break-glass', case: c, refusal, via: answer },
  )
  return counts ? answer : undefined
}

function emergency(c: Case, running: Running | undefined): Via | Refusal {
  if (c.profile.breakGlass[c.point.index] !== true) return refused('break-glass-not-allowed')
  if (running) return { kind: 'break-glass', begins: false, id: running.id }
  if (!hasReason(c)) return refused('reason-required')
  if (usesWithin24h(c) >= c.snapshot.policy.breakGlassPerDay) return refused('break-glass-cap')
  return { kind: 'break-glass', begins: true }
}

type Running = SituationRows['break-glass']
export function runningAt(c: Case): Running | undefined {
  if (c.situations['break-glass'].size === 0) return undefined
  const row = c.situations['break-glass'].get(`${c.badge.holder.person}/${c.point.accessPoint}`)
  return row !== undefined && row.until > c.at ? row : undefined
}

export function usesWithin24h(c: Case): number {
  const uses = c.situations.uses.get(c.badge.holder.person)?.at ?? []
  return uses.filter(at => at > c.at - USES_MS).length
}

/**
 * Every plan in force has to let the person pass, by rank or by its allow-list. Were only the highest looked at, starting
 * one with a longer allow-list could open what a lower one had closed.
 */
export function lockdown(c: Case): Refusal | undefined {
  const plans = c.point.lockdownPlans
  if (plans.length === 0 || c.situations.lockdown.size === 0) return undefined
  const plan = plans.find(p => inForce(c, p) && !passes(c, p))
  return step(c, 'lockdown', plan && refused('lockdown', plan.plan))
}

/**
 * Its row is there: it is in force. When it began is not asked: a badge may have come before and be decided after, because
 * its PIN had to be looked into, and a clock that was set back suspends no lockdown.
 */
export function inForce(c: Case, { plan }: SnapshotLockdown): boolean {
  const row = c.situations.lockdown.get(plan)
  return row !== undefined && c.at < row.until
}

function passes({ profile }: Case, { rank, allow }: SnapshotLockdown): boolean {
  return profile.lockdownRank >= rank || !profile.roles.isDisjointFrom(allow)
}
