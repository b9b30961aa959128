/**
 * Why a decision is what it is: every rule looked at, in the order of decide.ts, and why it did or did not apply; what was
 * decided; and what would have to change. Told by deciding itself, which is listened to, so the two can't disagree.
 */
import type { Said } from '../errors.ts'
import type { Case, Finding } from './case.ts'
import { decide } from './decide.ts'
import type { AccessRequest, Decision, Denied } from './decision.ts'
import { EMERGENCY_HINT, remedyFor, verdict } from './explain-verdict.ts'
import { wordsFor } from './explain-words.ts'
import type { Labels } from './labels.ts'
import type { Reason } from './reasons.ts'
import type { Situations } from './situations.ts'
import type { Snapshot } from './snapshot.ts'

export interface Explanation {
  readonly decision: Decision
  readonly steps: readonly ExplainedStep[]
}
export interface ExplainedStep {
  readonly code: Finding['code'] | 'decision' | 'remedy' | 'emergency'
  /** `noted`: looked at, and not what decided. */
  readonly outcome: 'passed' | 'stopped' | 'noted'
  readonly text: Said
}

/** Pure and total, as decide is. The last steps are `decision`, and after a refusal `remedy`. */
export function explain(
  snapshot: Snapshot,
  situations: Situations,
  request: AccessRequest,
  labels: Labels,
): Explanation {
  const findings: Finding[] = []
  const decision = decide(snapshot, situations, request, finding => findings.push(finding))
  const steps = findings.map(f => ({ code: f.code, outcome: outcomeOf(f), text: wordsFor(f, labels) }))
  return { decision, steps: [...steps, ...conclusion(decision, findings, labels)] }
}

/**
 * The same rules looked at, ending in a refusal that does not come from them: the message was too old, the journal could not
 * be written.
 */
export function endingIn<S extends { readonly code: string }>(
  steps: readonly S[],
  refusal: Denied,
  labels: Labels,
): (S | ExplainedStep)[] {
  const looked = steps.slice(
    0,
    steps.findIndex(s => s.code === 'decision'),
  )
  return [...looked, ...conclusion(refusal, [], labels)]
}

function outcomeOf(f: Finding): ExplainedStep['outcome'] {
  switch (f.code) {
    case 'point':
      return f.point ? 'passed' : 'stopped'
    case 'badge':
      return f.badge ? 'passed' : 'stopped'
    case 'deny-rule':
      return f.open ? 'stopped' : 'noted'
    case 'allow-rule':
      return f.open && f.lacking === 0 ? 'passed' : 'noted'
    case 'grant':
      return f.live && f.lacking === 0 ? 'passed' : 'noted'
    case 'second-person':
      return f.counts ? 'passed' : 'noted'
    case 'passback-noted':
      return 'noted'
    case 'break-glass':
      if (f.refusal) return f.case.asked.breakGlass ? 'stopped' : 'noted'
      return 'passed'
    default:
      return f.refusal ? 'stopped' : 'passed'
  }
}

function conclusion(decision: Decision, findings: readonly Finding[], labels: Labels): ExplainedStep[] {
  const said: ExplainedStep = {
    code: 'decision',
    outcome: decision.granted ? 'passed' : 'stopped',
    text: verdict(decision, labels),
  }
  if (decision.granted) return [said]
  const steps: ExplainedStep[] = [said, { code: 'remedy', outcome: 'noted', text: remedyFor(decision, labels) }]
  if (mayBreakGlass(decision.reason, findings))
    steps.push({ code: 'emergency', outcome: 'noted', text: EMERGENCY_HINT })
  return steps
}

/** What an emergency opening goes past. */
const PASSABLE: ReadonlySet<Reason> = new Set([
  'lockdown',
  'no-right',
  'outside-hours',
  'grant-not-yet',
  'grant-expired',
  'witness-awaited',
  'pin-required',
  'reason-required',
  'reference-required',
  'not-on-duty',
  'passback',
  'zone-full',
])

function mayBreakGlass(reason: Reason, findings: readonly Finding[]): boolean {
  const c: Case | undefined = findings
    .map(f => ('case' in f ? f.case : undefined))
    .findLast(found => found !== undefined)
  return c !== undefined && PASSABLE.has(reason) && !c.asked.breakGlass && c.profile.breakGlass[c.point.index] === true
}
