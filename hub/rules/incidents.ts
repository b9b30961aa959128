/**
 * Incidents: what many signals come to, and how far people are with it. One intrusion seen by five sensors is one incident
 * with five lines. Pure: an incident and something that happens in, the incident as it then stands out.
 */
import { keyOf, type Subject } from './scenario-facts.ts'
import { ALERT_KINDS, type AlertKind, SEVERITIES, type Severity } from './scenarios.ts'

export const INCIDENT_STATES = ['raised', 'acknowledged', 'assigned', 'resolved'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]
export const INCIDENT_FINDINGS = ['real', 'false-alarm', 'test', 'technical', 'unexplained'] as const
export type IncidentFinding = (typeof INCIDENT_FINDINGS)[number]

/** One line of its timeline. Times are milliseconds since 1970, UTC. */
export interface Signal {
  /** Scenario and what it is about: the same again is the same line. */
  readonly key: string
  readonly scenario: string
  readonly kind: AlertKind
  readonly severity: Severity
  readonly subject: Subject
  readonly at: number
  /** How often, and when last. */
  readonly count: number
  readonly lastAt: number
  /** It is over. */
  readonly restoredAt?: number
}
/** What people did with it, and whom Vigie told: no remark stands here, remarks are the journal's. */
export interface IncidentStep {
  readonly at: number
  readonly do: IncidentAct['do'] | 'told'
  /** Operator, by pseudonym; absent: Vigie itself. */
  readonly by?: string
  /** Whom it was assigned to, by pseudonym. */
  readonly to?: string
  readonly until?: number
  /** Which step of the escalation, from 0, and how many were told. */
  readonly step?: number
  readonly told?: number
}
export interface Incident {
  readonly id: string
  readonly state: IncidentState
  /** Of its weightiest signal. */
  readonly kind: AlertKind
  readonly severity: Severity
  /** Of the first signal. */
  readonly zone?: string
  readonly at: number
  readonly lastAt: number
  readonly signals: readonly Signal[]
  /** Signals that stand in no line: there are MOST_LINES already. */
  readonly more?: number
  readonly history: readonly IncidentStep[]
  /** Operators, by pseudonym. */
  readonly acknowledgedBy?: string
  readonly acknowledgedAt?: number
  readonly assignee?: string
  readonly resolvedBy?: string
  readonly resolvedAt?: number
  readonly finding?: IncidentFinding
  /** Nobody is told anything of it until then. */
  readonly snoozedUntil?: number
  /** How many steps of the escalation were told, and when the next one is due; absent: none is. */
  readonly step: number
  readonly nextStepAt?: number
  readonly revision: number
}
export interface RaisedSignal extends Omit<Signal, 'count' | 'lastAt' | 'restoredAt' | 'key'> {}
/** How zones lie: the zone itself and those above it, nearest first. */
export type Above = (zone: string) => readonly string[]

/** Signals this far apart are not one happening. */
export const TOGETHER_MS = 10 * 60_000
/** A hall of devices that goes silent: enough to see that. The journal has them all. */
export const MOST_LINES = 200
/** What somebody does, beside what wears out: they never mix. */
const TECHNICAL: ReadonlySet<AlertKind> = new Set<AlertKind>([
  ...(['device-silent', 'battery-low', 'clock-off', 'flooding', 'lock-silent', 'light-too-low', 'other'] as const),
])

const weight = ({ severity, kind }: Pick<Signal, 'severity' | 'kind'>): number =>
  SEVERITIES.indexOf(severity) * 100 - ALERT_KINDS.indexOf(kind)
export const signalKey = ({ scenario, subject }: Pick<Signal, 'scenario' | 'subject'>): string =>
  `${scenario} ${keyOf(subject)}`

/** @returns the open incident that a signal belongs to: its own line there, or near it in place and time */
export function incidentOf(open: readonly Incident[], signal: RaisedSignal, above: Above): Incident | undefined {
  const key = signalKey(signal)
  const near = open.filter(i => i.state !== 'resolved' && belongs(i, signal, above))
  return near.find(i => i.signals.some(s => s.key === key)) ?? near.at(-1)
}

function belongs(incident: Incident, signal: RaisedSignal, above: Above): boolean {
  const isTechnical = TECHNICAL.has(signal.kind)
  if (TECHNICAL.has(incident.kind) !== isTechnical) return false
  if (incident.signals.some(s => s.key === signalKey(signal))) return true
  if (signal.at - incident.lastAt > TOGETHER_MS) return false
  // A cable that fails is one thing, wherever its devices hang; a weak battery beside it is another.
  if (isTechnical) return incident.kind === signal.kind
  return incident.signals.some(s => isNear(s.subject.zone, signal.subject.zone, above))
}

/** The same zone, one within the other, or side by side in a third. */
function isNear(a: string | undefined, b: string | undefined, above: Above): boolean {
  if (a === undefined || b === undefined) return a === b
  const [overA, overB] = [above(a), above(b)]
  return overA.includes(b) || overB.includes(a) || (overA[1] !== undefined && overA[1] === overB[1])
}

export function raised(id: string, signal: RaisedSignal, firstStepAt: number | undefined): Incident {
  const { at, kind, severity, subject } = signal
  return {
    ...{ id, state: 'raised', kind, severity, at, lastAt: at, step: 0, revision: 1 },
    ...(subject.zone !== undefined && { zone: subject.zone }),
    ...{ signals: [lineOf(signal)], history: [] },
    ...(firstStepAt !== undefined && { nextStepAt: firstStepAt }),
  }
}
const lineOf = (signal: RaisedSignal): Signal => ({
  ...{ ...signal, key: signalKey(signal) },
  ...{ count: 1, lastAt: signal.at },
})

/** Another signal of it. What was acknowledged is raised again where it gets worse than anybody has seen. */
export function joined(incident: Incident, signal: RaisedSignal, firstStepAt: number | undefined): Incident {
  const key = signalKey(signal)
  const known = incident.signals.find(s => s.key === key)
  const isFull = !known && incident.signals.length >= MOST_LINES
  const { restoredAt: _, ...line } = known ?? lineOf(signal)
  const now = known ? { ...line, count: known.count + 1, lastAt: signal.at } : line
  const signals = known
    ? incident.signals.map(s => (s === known ? now : s))
    : [...incident.signals, ...(isFull ? [] : [now])]
  const worst = weight(now) > weight(incident) ? now : incident
  const isWorse = SEVERITIES.indexOf(worst.severity) > SEVERITIES.indexOf(incident.severity)
  const again = isWorse && incident.state !== 'raised'
  const { acknowledgedBy: __, acknowledgedAt: ___, snoozedUntil: ____, ...open } = incident
  return {
    ...(again ? { ...open, state: 'raised' as const, step: 0 } : incident),
    ...(again && firstStepAt !== undefined && { nextStepAt: firstStepAt }),
    ...{ signals, kind: worst.kind, severity: worst.severity, revision: incident.revision + 1 },
    ...(isFull && { more: (incident.more ?? 0) + 1 }),
    lastAt: Math.max(incident.lastAt, signal.at),
  }
}

/** A line is over. @returns undefined where none of it is, or it was over already */
export function restored(
  incident: Incident,
  over: Pick<Signal, 'scenario' | 'subject'> & { readonly at: number },
): Incident | undefined {
  const key = signalKey(over)
  if (!incident.signals.some(s => s.key === key && s.restoredAt === undefined)) return undefined
  const signals = incident.signals.map(s => (s.key === key ? { ...s, restoredAt: over.at } : s))
  return { ...incident, signals, revision: incident.revision + 1 }
}
/** Nothing of it goes on any more. It is still for somebody to resolve: why it came is a question. */
export const isCalm = ({ signals }: Incident): boolean => signals.every(s => s.restoredAt !== undefined)

/** What somebody does with it. `by` is an operator's pseudonym. */
export type IncidentAct =
  | { readonly do: 'acknowledge' }
  | { readonly do: 'assign'; readonly to: string }
  | { readonly do: 'resolve'; readonly finding: IncidentFinding }
  | { readonly do: 'snooze'; readonly until: number }
/** Longest that an incident is kept quiet, milliseconds. */
export const LONGEST_SNOOZE_MS = 24 * 3_600_000

export type ActFault = 'incident-over' | 'incident-acknowledged' | 'snooze-too-long'
/** @returns how it then stands, or why it can't be done */
export function acted(incident: Incident, act: IncidentAct, by: string, at: number): Incident | ActFault {
  if (incident.state === 'resolved') return 'incident-over'
  const history = [...incident.history, stepOf(act, by, at)]
  const next = { ...incident, history, revision: incident.revision + 1 }
  switch (act.do) {
    case 'acknowledge':
      return incident.state === 'raised'
        ? quiet({ ...next, state: 'acknowledged', ...seenBy(by, at) })
        : 'incident-acknowledged'
    case 'assign':
      return quiet({
        ...next,
        state: 'assigned',
        assignee: act.to,
        ...(incident.acknowledgedBy === undefined && seenBy(by, at)),
      })
    case 'resolve':
      return quiet({ ...next, state: 'resolved', finding: act.finding, resolvedBy: by, resolvedAt: at })
    case 'snooze':
      return act.until <= at || act.until > at + LONGEST_SNOOZE_MS
        ? 'snooze-too-long'
        : {
            ...next,
            snoozedUntil: act.until,
            ...(next.nextStepAt !== undefined && { nextStepAt: Math.max(next.nextStepAt, act.until) }),
          }
  }
}
const stepOf = (act: IncidentAct, by: string, at: number): IncidentStep => ({
  ...{ at, do: act.do, by },
  ...(act.do === 'assign' && { to: act.to }),
  ...(act.do === 'snooze' && { until: act.until }),
})
const seenBy = (by: string, at: number) => ({ acknowledgedBy: by, acknowledgedAt: at })
/** Somebody has it: nobody else is told. */
function quiet({ nextStepAt: _, ...incident }: Incident): Incident {
  return incident
}

/** To whom, how, and how long after the step before; each step until somebody acknowledges. */
export interface Step {
  readonly afterMs: number
  /** Everybody with this role for the zone, whoever is on call by a rota, or accounts by their login. */
  readonly to: { readonly role: string } | { readonly onCall: string } | { readonly logins: readonly string[] }
}
export interface Escalation {
  /** Severities below this one are shown, and told to nobody. */
  readonly from: Severity
  readonly steps: readonly Step[]
  /** All steps so often; so long after the last one the first comes again. */
  readonly rounds: number
  readonly againMs: number
}

/** When the first step is due; undefined where nobody is told. */
export const firstStepAt = (severity: Severity, at: number, { from, steps }: Escalation): number | undefined =>
  steps[0] === undefined || SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(from) ? undefined : at + steps[0].afterMs

/** A step that is due, and the incident as it stands once that was told. */
export interface DueStep {
  readonly step: Step
  readonly index: number
  readonly incident: Incident
  /** Another one follows in the same round. */
  readonly follows: boolean
}
/** @returns undefined while none is due */
export function stepDue(incident: Incident, { steps, rounds, againMs }: Escalation, now: number): DueStep | undefined {
  const { nextStepAt, step: told, state } = incident
  const step = steps[told % Math.max(1, steps.length)]
  if (state !== 'raised' || nextStepAt === undefined || nextStepAt > now || !step) return undefined
  const isLast = (told + 1) % steps.length === 0
  const following = told + 1 < steps.length * rounds ? steps[(told + 1) % steps.length] : undefined
  const { nextStepAt: _, ...rest } = incident
  return {
    ...{ step, index: told, follows: following !== undefined && !isLast },
    incident: {
      ...{ ...rest, step: told + 1, revision: incident.revision + 1 },
      ...(following && { nextStepAt: now + (isLast ? againMs : following.afterMs) }),
    },
  }
}

/** So many were told of a step. Where there was nobody to tell, the next one of the round is not waited for. */
export const toldTo = ({ incident, index, follows }: DueStep, told: number, at: number): Incident => ({
  ...incident,
  ...(told === 0 && follows && { nextStepAt: at }),
  history: [...incident.history, { at, do: 'told', step: index, told }],
})
