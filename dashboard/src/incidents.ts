/** What an incident comes to on the page. Pure. Instants are milliseconds since 1970, UTC. */
import type { IncidentStep, IncidentView, Signal } from './contract.ts'
import type { GlyphName } from './model.ts'

const OWN: Readonly<Partial<Record<IncidentView['kind'], GlyphName>>> = {
  'break-glass': 'glass',
  'device-silent': 'off',
  'lock-silent': 'off',
}
type Weighed = Pick<Signal, 'kind' | 'severity'>
/** Of something that goes on; what is resolved has a tick. */
export const signalGlyph = ({ kind, severity }: Weighed): GlyphName =>
  severity === 'critical' ? 'alarm' : (OWN[kind] ?? (severity === 'warning' ? 'held' : 'info'))
export const incidentGlyph = (i: Weighed & Pick<IncidentView, 'state'>): GlyphName =>
  i.state === 'resolved' ? 'yes' : signalGlyph(i)

export type QueueGroup = 'toTake' | 'followed' | 'resolved'
export const groupOf = ({ state }: Pick<IncidentView, 'state'>): QueueGroup =>
  state === 'raised' ? 'toTake' : state === 'resolved' ? 'resolved' : 'followed'

const WEIGHT = { critical: 0, warning: 1, info: 2 } as const
/** What weighs most first, and of the same weight what waits longest. */
export const byUrgency = (a: IncidentView, b: IncidentView): number =>
  WEIGHT[a.severity] - WEIGHT[b.severity] || a.at - b.at

/** One line of the timeline; `n` numbers signals as they came, from 1. */
export type TimeLine = { readonly at: number } & (
  | { readonly what: 'signal'; readonly n: number; readonly signal: Signal }
  | { readonly what: 'step'; readonly step: IncidentStep }
)
/** The newest first. */
export function timelineOf({ signals, history }: Pick<IncidentView, 'signals' | 'history'>): readonly TimeLine[] {
  const lines: TimeLine[] = [
    ...signals.map((signal, i) => ({ what: 'signal' as const, at: signal.at, n: i + 1, signal })),
    ...history.map(step => ({ what: 'step' as const, at: step.at, step })),
  ]
  return lines.toSorted((a, b) => b.at - a.at)
}

/** What the chart of signals spans: from a little before the first to now, or to the last that happened. */
export function spanOf(i: Pick<IncidentView, 'at' | 'lastAt' | 'signals' | 'history' | 'resolvedAt'>, now: number) {
  const isOpen = i.resolvedAt === undefined
  const last = Math.max(i.lastAt, ...i.signals.map(s => s.restoredAt ?? 0), ...i.history.map(h => h.at))
  const end = isOpen ? now : last
  const width = Math.max(20_000, end - i.at)
  return { from: i.at - width * 0.08, to: Math.max(end, i.at + width * 0.9) + width * 0.08, end }
}

const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21_600, 43_200, 86_400].map(
  n => n * 1000,
)
/** Round instants, at most `most` of them. */
export function ticksOf(from: number, to: number, most: number): readonly number[] {
  const step = STEPS.find(n => (to - from) / n <= most) ?? 86_400_000 * Math.ceil((to - from) / most / 86_400_000)
  const first = Math.ceil(from / step) * step
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, n) => first + n * step)
}
