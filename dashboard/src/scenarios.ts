/** What the page of scenarios shows of one. The hub's own list of acts may grow: what this page does not know it leaves out. Pure. */
import type { ScenarioView, Severity } from './contract.ts'
import type { ActName } from './words/watch.ts'

interface ShownAct {
  readonly do: ActName
  readonly severity?: Severity
}
const KNOWN: ReadonlySet<string> = new Set<ActName>(['alert', 'light', 'arm', 'siren', 'lock', 'lockdown', 'snapshot'])

export function actsOf(scenario: object): readonly ShownAct[] {
  const { acts } = scenario as { readonly acts?: readonly ShownAct[] }
  return (acts ?? []).filter(act => KNOWN.has(act.do))
}
/** How long it must go on before it counts, milliseconds; undefined: at once, or at its time of the day. */
export function waitOf(scenario: object): number | undefined {
  const { when } = scenario as { readonly when?: { readonly forMs?: number } }
  return when?.forMs === undefined || when.forMs === 0 ? undefined : when.forMs
}
/** Found false as often as not, more than once or twice. */
export function isNoisy(weeks: ScenarioView['weeks']): boolean {
  const sum = (of: 'incidents' | 'falseAlarms') => weeks.reduce((n, week) => n + week[of], 0)
  return sum('falseAlarms') >= 3 && sum('falseAlarms') * 2 >= sum('incidents')
}
