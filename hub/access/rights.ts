/**
 * Step 10 of a decision: the rules of a person's roles, then the temporary grants, in their order. The first that is open
 * and lacks nothing opens. If none does, the nearest miss is the reason.
 */
import { isOpen } from './calendar.ts'
import { type Case, type Refusal, refused, refusedFor } from './case.ts'
import { isLiveHere, lacking, reasonFor, WITNESS } from './conditions.ts'
import type { Via } from './decision.ts'
import type { SnapshotGrant, SnapshotRule } from './snapshot.ts'

/** How long after its end a grant is still named as what used to open. */
const REMEMBERED_MS = 24 * 3_600_000
const NO_RULES: readonly SnapshotRule[] = []
const NO_GRANTS: readonly SnapshotGrant[] = []

export function rightOf(c: Case): Via | Refusal {
  if (c.trace) tellAll(c, c.trace)
  for (const rule of rulesOf(c)) {
    if (isOpen(rule.timetable, c.minute) && lackingFor(c, rule) === 0)
      return { kind: 'rule', role: rule.role, right: rule.right }
  }
  for (const grant of grantsOf(c)) {
    if (isLiveHere(grant, c) && lacking(c, c.point.requires, grant) === 0) return viaGrant(grant)
  }
  return nearestMiss(c)
}

const rulesOf = (c: Case) => c.profile.allow[c.point.index] ?? NO_RULES
const grantsOf = (c: Case) => c.snapshot.grants.get(c.badge.holder.person) ?? NO_GRANTS
const lackingFor = (c: Case, rule: SnapshotRule): number => lacking(c, c.point.requires) | lacking(c, rule.requires)

function viaGrant({ id, reference }: SnapshotGrant): Via {
  return reference === undefined ? { kind: 'grant', grant: id } : { kind: 'grant', grant: id, reference }
}

function tellAll(c: Case, trace: NonNullable<Case['trace']>): void {
  for (const rule of rulesOf(c))
    trace({ code: 'allow-rule', case: c, rule, open: isOpen(rule.timetable, c.minute), lacking: lackingFor(c, rule) })
  for (const grant of grantsOf(c)) {
    if (grant.points.has(c.point.index))
      trace({ code: 'grant', case: c, grant, live: isLiveHere(grant, c), lacking: lacking(c, c.point.requires, grant) })
  }
}

function nearestMiss(c: Case): Refusal {
  const rules = rulesOf(c)
  const grants = grantsOf(c).filter(g => g.points.has(c.point.index))
  const misses = [
    ...rules.filter(r => isOpen(r.timetable, c.minute)).map(r => lackingFor(c, r)),
    ...grants.filter(g => isLiveHere(g, c)).map(g => lacking(c, c.point.requires, g)),
  ]
  if (misses.length > 0)
    return missed(
      c,
      misses.reduce((a, b) => Math.min(a, b)),
    )
  return rules.length > 0 ? refused('outside-hours') : notLive(c, grants)
}

function missed(c: Case, nearest: number): Refusal {
  return nearest === WITNESS ? refusedFor('witness-awaited', waitMs(c)) : refused(reasonFor(nearest))
}

/** The longest that any way of opening waits for the second person; each still holds to its own (conditions.ts). */
function waitMs(c: Case): number {
  const point = c.point.requires?.witness?.withinS ?? Number.POSITIVE_INFINITY
  const waits = rulesOf(c)
    .filter(r => isOpen(r.timetable, c.minute) && lackingFor(c, r) === WITNESS)
    .map(r => Math.min(point, r.requires?.witness?.withinS ?? Number.POSITIVE_INFINITY))
  // A grant asks for what the point asks for, and nothing else.
  const grants = grantsOf(c).some(g => isLiveHere(g, c)) && Number.isFinite(point)
  return 1_000 * Math.max(...waits, grants ? point : 0)
}

function notLive(c: Case, grants: readonly SnapshotGrant[]): Refusal {
  const next = grants.find(g => g.from > c.at)
  if (next) return refused('grant-not-yet', next.id)
  // Over by what it says, or by what the class of this point allows: then named for as long as it would have lasted.
  const over = grants.filter(g => g.until > c.at - REMEMBERED_MS)
  const last = over.toSorted((a, b) => b.until - a.until)[0]
  return last ? refused('grant-expired', last.id) : refused('no-right')
}
