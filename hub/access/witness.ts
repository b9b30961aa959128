/**
 * Step 11 of a decision: the second of two people. A badge held to a reader where somebody else's opening awaits a second
 * person is first looked at as that person's. If it counts, the decision is about the first one, made all over again.
 */
import { type Case, caseOf, type Refusal, refused } from './case.ts'
import type { Decision } from './decision.ts'
import { runningAt } from './emergency.ts'
import { judge } from './judge.ts'
import type { Conditions } from './site.ts'
import type { SituationRows } from './situations.ts'
import type { Profile, SnapshotPoint } from './snapshot.ts'
import { standing } from './standing.ts'

type Awaited = SituationRows['witness']

/** The first one's decision; undefined if this badge stands for itself. */
export function jointly(c: Case): Decision | undefined {
  const row = c.situations.witness.get(c.key)
  if (row === undefined || !awaits(c, row) || asksForThemselves(c)) return undefined
  const first = firstOf(c, row)
  if (first === undefined) return undefined
  const refusal = asSecond(c, first)
  if (refusal) return setAside(c, row, refusal)
  const decision = judge(first)
  if (decision.reason === 'witness-awaited') return setAside(c, row, undefined)
  c.trace?.({ code: 'second-person', case: c, first: row.person, counts: true, refusal: undefined })
  if (c.trace) judge({ ...first, trace: c.trace })
  return decision
}

/**
 * Whoever presses the emergency button, or has pressed it here before: while that runs the door is theirs with every badge,
 * and nobody becomes somebody else's witness by opening it.
 */
const asksForThemselves = (c: Case): boolean =>
  c.asked.breakGlass === true || (runningAt(c) !== undefined && c.profile.breakGlass[c.point.index] === true)

const awaits = (c: Case, row: Awaited): boolean =>
  row.until > c.at && row.accessPoint === c.point.accessPoint && row.person !== c.badge.holder.person

/** With the first one's own badge, which may have been lost or given to somebody else meanwhile. */
function firstOf(c: Case, row: Awaited): Case | undefined {
  const badge = c.snapshot.credentials.get(row.credential)
  if (badge?.holder.person !== row.person) return undefined
  const second = { badge: c.badge, profile: c.profile, since: row.since, duress: c.asked.pin === 'duress' }
  return caseOf(c.snapshot, c.situations, c, badge, row, c.at, undefined, second)
}

/** Steps 3 to 7 hold for the second one too: a stolen badge is no witness, nor is one with a wrong PIN. */
function asSecond(c: Case, first: Case): Refusal | undefined {
  return standing({ ...c, trace: undefined }) ?? (isAskedFor(first, c.profile) ? undefined : refused('no-right'))
}

/** Some way of the first one's asks for a second person of a role this one holds. */
function isAskedFor({ point, profile }: Case, second: Profile): boolean {
  const rules = profile.allow[point.index] ?? []
  return holds(second, point, undefined) || rules.some(rule => holds(second, point, rule.requires))
}

function holds(second: Profile, point: SnapshotPoint, requires: Conditions | undefined): boolean {
  const asked = [point.requires?.witness, requires?.witness].filter(w => w !== undefined)
  return asked.length > 0 && asked.every(w => second.roles.has(w.role))
}

function setAside(c: Case, row: Awaited, refusal: Refusal | undefined): undefined {
  c.trace?.({ code: 'second-person', case: c, first: row.person, counts: false, refusal })
}
