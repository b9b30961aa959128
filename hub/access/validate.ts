/**
 * What a site's shape can't say: that references lead somewhere, ids are unique, hours and days don't overlap, nothing
 * contains or inherits itself, and no point is declared to fail in a direction its class forbids. Pure; about linear in
 * the size of the site.
 */
import { PURPOSE_NAMES, PURPOSES } from '../rules/purposes.ts'
import { wallClock } from './calendar.ts'
import { EXPECTED } from './expected.ts'
import { type Found, type Problem, repeated } from './problems.ts'
import type { Site, Zone } from './site.ts'
import { upwards } from './trees.ts'
import { ofEscalations, ofRotas } from './validate-alerting.ts'
import { ofDevices } from './validate-devices.ts'
import { ofCalendars, ofSchedules } from './validate-hours.ts'
import { ofBadges, ofPeople } from './validate-people.ts'
import { ofEvacuationPlans, ofInterlocks, ofLockdownPlans } from './validate-plans.ts'
import { type Knows, ofAccessPoints } from './validate-points.ts'
import { ofRoles } from './validate-roles.ts'
import { ofScenarios } from './validate-scenarios.ts'

export type { Knows, Problem }

/** @returns every problem, list after list; empty if the site can be applied. */
export function validate(site: Site, knows: Knows): Problem[] {
  return [
    ...ofTimeZone(site),
    ...ofRetention(site),
    ...ofCalendars(site),
    ...ofZones(site),
    ...ofSchedules(site),
    ...ofDevices(site, knows),
    ...ofAccessPoints(site, knows),
    ...ofRoles(site),
    ...ofPeople(site),
    ...ofBadges(site),
    ...ofInterlocks(site),
    ...ofLockdownPlans(site),
    ...ofEvacuationPlans(site),
    ...ofScenarios(site),
    ...ofRotas(site),
    ...ofEscalations(site),
  ]
}

function* ofTimeZone(site: Site): Found {
  const zone = wallClock(site.site.timeZone)
  if (!zone.ok) yield { pointer: '/site/timeZone', expected: zone.expected }
}

/** A term that the law asks for is not undercut. */
function* ofRetention({ site }: Site): Found {
  for (const purpose of PURPOSE_NAMES) {
    const { min, required } = PURPOSES[purpose]
    const days = site.policy?.retention?.[purpose] ?? min
    if (required && days < min)
      yield { pointer: `/site/policy/retention/${purpose}`, expected: `at least ${min} days: the law asks for them` }
  }
}

function* ofZones(site: Site): Found {
  const parents = new Map(site.zones.map(z => [z.id, z.parent]))
  yield* repeated(site.zones, z => z.id, 'zones', 'id')
  for (const [i, zone] of site.zones.entries()) {
    yield* ofParent(zone, `/zones/${i}/parent`, parents)
    yield* ofAntiPassback(zone, `/zones/${i}/antiPassback/minutes`)
  }
}

function* ofParent({ id, parent }: Zone, pointer: string, parents: ReadonlyMap<string, string | undefined>): Found {
  if (parent === undefined) return
  if (!parents.has(parent)) yield { pointer, expected: EXPECTED.zone }
  else if (upwards(parent, parents).has(id)) yield { pointer, expected: EXPECTED.parent }
}

function* ofAntiPassback({ antiPassback }: Zone, pointer: string): Found {
  if (!antiPassback) return
  const { mode, minutes } = antiPassback
  if (mode === 'timed' && minutes === undefined) yield { pointer, expected: EXPECTED.timed }
  if (mode !== 'timed' && minutes !== undefined) yield { pointer, expected: EXPECTED.untimed }
}
