/**
 * The same rights in casbin: roles and zones as its role graphs, hours as a function of its matcher, the cheapest
 * comparison first. Grants are policy lines of one person and one point.
 */
import { newEnforcer, newModelFromString } from 'casbin'
import { compileTimetable, isOpen, type Timetable, wallClock } from '#hub/access/calendar.ts'
import { type Bench, type Case, SCHEDULES } from './access-site.ts'

const MODEL = `
[request_definition]
r = sub, obj, at
[policy_definition]
p = sub, obj, from, until, schedule
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && g2(r.obj, p.obj) && within(r.at, p.from, p.until, p.schedule)
`

/** @returns may this badge open this point? */
export async function casbin({ site, grants }: Bench): Promise<(one: Case) => boolean> {
  const enforcer = await newEnforcer(newModelFromString(MODEL))
  const zone = wallClock(site.site.timeZone)
  if (!zone.ok) throw new Error(zone.expected)
  const timetables = new Map<string, Timetable>(SCHEDULES.map(s => [s.id, compileTimetable(s, [])]))
  enforcer.addFunction('within', (at: number, from: string, until: string, schedule: string) =>
    schedule === ''
      ? at >= Number(from) && at < Number(until)
      : isOpen(timetables.get(schedule)!, zone.clock.minuteOf(at)),
  )
  await enforcer.addPolicies([
    ...site.roles.flatMap(role =>
      role.rights.map(right => [role.id, right.zone ?? right.accessPoint!, '', '', right.schedule]),
    ),
    ...grants.map(g => [g.person, g.target!.accessPoint!, String(g.from), String(g.until), '']),
  ])
  await enforcer.addNamedGroupingPolicies(
    'g',
    site.people.flatMap(p => p.roles.map(r => [p.id, r])),
  )
  await enforcer.addNamedGroupingPolicies('g2', [
    ...site.accessPoints.map(a => [a.id, a.zone]),
    ...site.zones.flatMap(z => (z.parent === undefined ? [] : [[z.id, z.parent]])),
  ])
  return ({ person, point, at }) => enforcer.enforceSync(`person-${person}`, `point-${point}`, at)
}
