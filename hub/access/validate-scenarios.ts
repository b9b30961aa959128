/** Checks of scenarios: that what they name exists, that bounds leave room, and that what asks for a zone can have one. */
import {
  type Act,
  type ClockTrigger,
  type Condition,
  isClock,
  type Match,
  type QuantityMatch,
  type Scenario,
  type Trigger,
  type Watched,
} from '../rules/scenarios.ts'
import { EXPECTED } from './expected.ts'
import { type Found, idsOf, references, repeated } from './problems.ts'
import type { Site } from './site.ts'

export function* ofScenarios(site: Site): Found {
  const { scenarios = [] } = site
  const known = {
    ...{ zones: idsOf(site.zones), devices: idsOf(site.devices), schedules: idsOf(site.schedules) },
    ...{ plans: idsOf(site.lockdownPlans ?? []), hasPosition: site.site.position !== undefined },
  }
  yield* repeated(scenarios, s => s.id, 'scenarios', 'id')
  for (const [i, scenario] of scenarios.entries()) yield* ofScenario(scenario, `/scenarios/${i}`, known)
}

interface Known {
  readonly zones: ReadonlySet<string>
  readonly devices: ReadonlySet<string>
  readonly schedules: ReadonlySet<string>
  readonly plans: ReadonlySet<string>
  readonly hasPosition: boolean
}

function* ofScenario({ when, where = {}, if: conditions = [], acts }: Scenario, at: string, known: Known): Found {
  yield* references(where.zones ?? [], `${at}/where/zones`, known.zones, EXPECTED.zone)
  yield* references(where.devices ?? [], `${at}/where/devices`, known.devices, EXPECTED.device)
  if (isClock(when)) {
    yield* ofSun(when, `${at}/when/sun`, known)
    yield* ofClock(where, conditions, acts, at)
  } else {
    yield* ofMatch(when.begins, `${at}/when/begins`)
    if (when.ends) yield* ofMatch(when.ends, `${at}/when/ends`)
  }
  for (const [j, condition] of conditions.entries()) yield* ofCondition(condition, `${at}/if/${j}`, known)
  yield* ofActs(acts, when, `${at}/acts`, known)
}

function* ofSun(when: ClockTrigger, pointer: string, { hasPosition }: Known): Found {
  if ('sun' in when && !hasPosition) yield { pointer, expected: EXPECTED.position }
}
/** The time of day comes from no place: whatever it does or asks there, it does in the zones it names. */
function* ofClock(
  { zones = [], classes, devices, accessPoints }: Watched,
  asks: readonly Condition[],
  acts: readonly Act[],
  at: string,
): Found {
  const asksPlace = asks.some(c => !('dark' in c || 'schedule' in c))
  if (zones.length === 0 && (asksPlace || acts.some(a => a.do !== 'alert' && a.do !== 'lockdown')))
    yield { pointer: `${at}/where/zones`, expected: EXPECTED.clockZones }
  if (classes) yield { pointer: `${at}/where/classes`, expected: EXPECTED.clockOnlyZones }
  if (devices) yield { pointer: `${at}/where/devices`, expected: EXPECTED.clockOnlyZones }
  if (accessPoints !== undefined) yield { pointer: `${at}/where/accessPoints`, expected: EXPECTED.clockOnlyZones }
}

function* ofMatch(match: Match, pointer: string): Found {
  if ('quantity' in match) yield* ofBounds(match, pointer)
}
function* ofBounds({ above, below }: QuantityMatch, pointer: string): Found {
  const isEmpty = above !== undefined && below !== undefined && above >= below
  if ((above === undefined && below === undefined) || isEmpty) yield { pointer, expected: EXPECTED.bounds }
}
function* ofCondition(condition: Condition, pointer: string, { schedules }: Known): Found {
  if ('quantity' in condition) yield* ofBounds(condition, pointer)
  if ('schedule' in condition && !schedules.has(condition.schedule))
    yield { pointer: `${pointer}/schedule`, expected: EXPECTED.schedule }
}

/** A panel never disarms itself: the hours of the house do, or a badge that was let in. */
const mayDisarm = (when: Trigger): boolean =>
  isClock(when) || ('kinds' in when.begins && when.begins.kinds.every(kind => kind === 'access.granted'))

function* ofActs(acts: readonly Act[], when: Trigger, pointer: string, { plans }: Known): Found {
  for (const [i, act] of acts.entries()) {
    if (acts.findIndex(other => other.do === act.do) !== i)
      yield { pointer: `${pointer}/${i}/do`, expected: EXPECTED.oneAct }
    if (act.do === 'arm' && !act.armed && !mayDisarm(when))
      yield { pointer: `${pointer}/${i}/armed`, expected: EXPECTED.disarms }
    if (act.do === 'lockdown' && !plans.has(act.plan))
      yield { pointer: `${pointer}/${i}/plan`, expected: EXPECTED.plan }
    if (act.do === 'light' && !act.on && act.brightness !== undefined)
      yield { pointer: `${pointer}/${i}/brightness`, expected: EXPECTED.noBrightness }
  }
}
