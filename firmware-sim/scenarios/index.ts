import { antiPassback } from './anti-passback.ts'
import { breakGlass } from './break-glass.ts'
import { duress } from './duress.ts'
import { evacuation } from './evacuation.ts'
import { lockdown } from './lockdown.ts'
import { lostBadge } from './lost-badge.ts'
import { manTrap } from './man-trap.ts'
import type { Scenario } from './scenario.ts'
import { twoPerson } from './two-person.ts'
import { wrongPins } from './wrong-pins.ts'

/** In the order in which `all` plays them. */
export const SCENARIOS: readonly Scenario[] = [
  breakGlass,
  twoPerson,
  lockdown,
  duress,
  evacuation,
  lostBadge,
  wrongPins,
  antiPassback,
  manTrap,
]
export const SCENARIO_NAMES: readonly string[] = SCENARIOS.map(s => s.name)
/** One of them, or `all`; undefined if there is none of that name. */
export function scenariosNamed(name: string): readonly Scenario[] | undefined {
  if (name === 'all') return SCENARIOS
  const found = SCENARIOS.find(s => s.name === name)
  return found && [found]
}
/** Whether anybody in them enters a PIN: setting thirty of them takes its time. */
export const needPins = (scenarios: readonly Scenario[]): boolean =>
  scenarios.some(s => s.steps.some(step => step.do === 'badge' && step.pin !== undefined))
/** The devices that scenarios play at. */
export const STAGE_DEVICES: ReadonlySet<string> = new Set(
  SCENARIOS.flatMap(s => s.steps).flatMap(step =>
    step.do === 'badge' ? [step.at.split('/')[0]!] : step.do === 'see' ? step.at.map(at => at.split('/')[0]!) : [],
  ),
)
