/** What may be issued as a temporary grant. Pure; the first problem found, at a pointer into the grant as a form holds it. */
import { EXPECTED } from './expected.ts'
import { GRANT_ORIGINS, type Grant } from './grants.ts'
import { reachOf } from './places.ts'
import type { Found, Problem } from './problems.ts'
import { CLASSES, type PointClass, type Scope, type Site } from './site.ts'
import { ofScope } from './validate-roles.ts'

const HOUR = 3_600_000
/** A form takes a while to fill in. */
const LATE = 5 * 60_000
const AHEAD = 400 * 24 * HOUR
const SHIFT_HOURS = 24

/**
 * @param now ms since 1970, UTC
 * @returns undefined if the grant may be issued. Pointers: /person, /origin, /accessPoint, /zone, /classes, /from, /until.
 * `from` may lie 5 minutes back, `until` 400 days ahead; how long a grant may last is its class's cap (site.policy.grantHours,
 * else CLASSES), for several classes the shortest, and 24 h for any shift.
 */
export function grantProblem(grant: Grant, site: Site, now: number): Problem | undefined {
  for (const problem of problemsOf(grant, site, now)) return problem
  return undefined
}

function* problemsOf(grant: Grant, site: Site, now: number): Found {
  const { person, origin, target } = grant
  if (!site.people.some(p => p.id === person)) yield { pointer: '/person', expected: EXPECTED.person }
  if (!GRANT_ORIGINS.includes(origin)) yield { pointer: '/origin', expected: EXPECTED.origin }
  if (target) yield* ofTarget(target, site)
  else if (origin !== 'shift') yield { pointer: '/accessPoint', expected: EXPECTED.target }
  yield* ofSpan(grant, now)
  yield* ofLength(grant, site)
}

function* ofTarget(target: Scope, site: Site): Found {
  const known = {
    zones: new Set(site.zones.map(z => z.id)),
    classOf: new Map(site.accessPoints.map(a => [a.id, a.class])),
  }
  for (const { pointer, expected } of ofScope(target, '', known))
    yield { pointer: pointer || (target.zone === undefined ? '/accessPoint' : '/zone'), expected }
  if (classesOf(target, site).length === 0)
    yield { pointer: target.zone === undefined ? '/classes' : '/zone', expected: EXPECTED.covered }
}

function* ofSpan({ from, until }: Grant, now: number): Found {
  if (!Number.isFinite(from)) yield { pointer: '/from', expected: EXPECTED.instant }
  if (!Number.isFinite(until)) yield { pointer: '/until', expected: EXPECTED.instant }
  if (from < now - LATE) yield { pointer: '/from', expected: EXPECTED.notPast }
  if (until <= from) yield { pointer: '/until', expected: EXPECTED.afterFrom }
  if (until > now + AHEAD) yield { pointer: '/until', expected: EXPECTED.farAhead }
}

function* ofLength({ origin, target, from, until }: Grant, site: Site): Found {
  const hours = (until - from) / HOUR
  if (origin === 'shift' && hours > SHIFT_HOURS) yield { pointer: '/until', expected: EXPECTED.shiftHours }
  for (const kind of target ? classesOf(target, site) : []) {
    const cap = grantHours(kind, site)
    if (hours > cap)
      yield { pointer: '/until', expected: `at most ${cap} h after from: the class ${kind} allows no more` }
  }
}

/** Longest temporary grant for a class, hours. */
export const grantHours = (kind: PointClass, { site }: Pick<Site, 'site'>): number =>
  site.policy?.grantHours?.[kind] ?? CLASSES[kind].grantHours

/** Classes of the points a scope reaches, the one with the shortest cap first. */
function classesOf(target: Scope, site: Site): PointClass[] {
  const kinds = new Set(reachOf(site)(target).map(index => site.accessPoints[index]!.class))
  return [...kinds].sort((a, b) => grantHours(a, site) - grantHours(b, site))
}
