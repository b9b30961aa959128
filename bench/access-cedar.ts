/**
 * The same rights in Cedar (the engine behind Amazon Verified Permissions), compiled to WebAssembly: policies parsed once,
 * and with each request only the entities it is about, made beforehand. Hours are conditions on the minute of the week.
 */
import { type EntityJson, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { wallClock, windowsOf } from '#hub/access/calendar.ts'
import type { Site } from '#hub/access/site.ts'
import { type Bench, type Case, SCHEDULES } from './access-site.ts'

const SET = 'bench'
/** 1970-01-01 was a Thursday; weeks count from Monday. */
const EPOCH_MINUTE = 3 * 1_440
const WEEK = 7 * 1_440

/** @returns may this badge open this point? */
export function cedar(bench: Bench): (one: Case) => boolean {
  const { site } = bench
  const zone = wallClock(site.site.timeZone)
  if (!zone.ok) throw new Error(zone.expected)
  const parsed = preparsePolicySet(SET, { staticPolicies: policiesOf(bench) })
  if (parsed.type === 'failure') throw new Error(parsed.errors[0]?.message)
  const people = site.people.map(p =>
    entity(
      'Person',
      p.id,
      p.roles.map(id => ({ type: 'Role', id })),
    ),
  )
  const points = site.accessPoints.map(a => entity('Point', a.id, zonesAbove(site, a.zone)))
  return ({ person, point, at }) => {
    const answer = statefulIsAuthorized({
      principal: people[person]!.uid as { type: string; id: string },
      action: { type: 'Action', id: 'open' },
      resource: points[point]!.uid as { type: string; id: string },
      context: { at, minute: (zone.clock.minuteOf(at) + EPOCH_MINUTE) % WEEK },
      preparsedPolicySetId: SET,
      entities: [people[person]!, points[point]!],
    })
    if (answer.type === 'failure') throw new Error(answer.errors[0]?.message)
    return answer.response.decision === 'allow'
  }
}

const entity = (type: string, id: string, parents: { type: string; id: string }[]): EntityJson => ({
  uid: { type, id },
  attrs: {},
  parents,
})

function zonesAbove({ zones }: Site, zone: string): { type: string; id: string }[] {
  const found: { type: string; id: string }[] = []
  for (let at: string | undefined = zone; at !== undefined; at = zones.find(z => z.id === at)?.parent)
    found.push({ type: 'Zone', id: at })
  return found
}

function policiesOf({ site, grants }: Bench): Record<string, string> {
  const hours = new Map(SCHEDULES.map(s => [s.id, hoursOf(s)]))
  const rights = site.roles.flatMap(role =>
    role.rights.map((right, i) => {
      const where = right.zone ? `in Zone::"${right.zone}"` : `== Point::"${right.accessPoint}"`
      return [
        `${role.id}-${i}`,
        `permit(principal in Role::"${role.id}", action, resource ${where}) when { ${hours.get(right.schedule)} };`,
      ] as const
    }),
  )
  const temporary = grants.map(
    g =>
      [
        g.id,
        `permit(principal == Person::"${g.person}", action, resource == Point::"${g.target!.accessPoint}") when { context.at >= ${g.from} && context.at < ${g.until} };`,
      ] as const,
  )
  return Object.fromEntries([...rights, ...temporary])
}

const hoursOf = ({ weekly }: (typeof SCHEDULES)[number]): string =>
  weekly
    .flatMap(windowsOf)
    .map(({ from, to }) => `(context.minute >= ${from} && context.minute < ${to})`)
    .join(' || ')
