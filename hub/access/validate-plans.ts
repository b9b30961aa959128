/** Checks of interlocks, lockdown plans and evacuation plans. */
import { EXPECTED } from './expected.ts'
import { type Found, idsOf, references, repeated } from './problems.ts'
import type { PointClass, Site } from './site.ts'

/** A point may belong to several man-traps; in one it may stand once. */
export function* ofInterlocks({ interlocks = [], accessPoints }: Site): Found {
  const points = idsOf(accessPoints)
  yield* repeated(interlocks, p => p.id, 'interlocks', 'id')
  for (const [i, interlock] of interlocks.entries())
    yield* references(interlock.accessPoints, `/interlocks/${i}/accessPoints`, points, EXPECTED.accessPoint)
}

export function* ofLockdownPlans({ lockdownPlans = [], zones, roles }: Site): Found {
  const [knownZones, knownRoles] = [idsOf(zones), idsOf(roles)]
  yield* repeated(lockdownPlans, p => p.id, 'lockdownPlans', 'id')
  for (const [i, plan] of lockdownPlans.entries()) {
    yield* references(plan.zones, `/lockdownPlans/${i}/zones`, knownZones, EXPECTED.zone)
    yield* references(plan.allow ?? [], `/lockdownPlans/${i}/allow`, knownRoles, EXPECTED.role)
  }
}

const RELEASED: ReadonlySet<PointClass> = new Set<PointClass>(['door', 'escape-door'])

/** An evacuation lets people out; it never lays open drugs, records or equipment. */
export function* ofEvacuationPlans({ evacuationPlans = [], zones, accessPoints }: Site): Found {
  const knownZones = idsOf(zones)
  const classOf = new Map(accessPoints.map(a => [a.id, a.class]))
  yield* repeated(evacuationPlans, p => p.id, 'evacuationPlans', 'id')
  for (const [i, plan] of evacuationPlans.entries()) {
    const pointer = `/evacuationPlans/${i}`
    yield* references(plan.zones, `${pointer}/zones`, knownZones, EXPECTED.zone)
    yield* references(plan.release, `${pointer}/release`, classOf, EXPECTED.accessPoint)
    for (const [j, point] of plan.release.entries()) {
      const kind = classOf.get(point)
      if (kind && !RELEASED.has(kind)) yield { pointer: `${pointer}/release/${j}`, expected: EXPECTED.released }
    }
    yield* references(plan.muster, `${pointer}/muster`, classOf, EXPECTED.accessPoint)
  }
}
