/** Roles and hours without any compiling: what decide() is held against. */
import type { AccessRequest } from '../access/decision.ts'
import type { Site } from '../access/site.ts'
import { EVERY_DAY } from './small-site.ts'

/** The site file read as a person would, without any compiling. July in Paris is UTC+2 throughout. */
export function naive(s: Site, r: AccessRequest): boolean {
  const badge = s.badges.find(b => b.uid === r.uid)
  const point = s.accessPoints.find(a => a.device === r.device && a.point === r.point)
  const person = s.people.find(p => p.id === badge?.person)
  if (!badge || !point || !person || badge.status !== 'active') return false
  const valid = [badge, person].every(
    v => (!v.validFrom || r.at >= Date.parse(v.validFrom)) && (!v.validUntil || r.at < Date.parse(v.validUntil)),
  )
  const within = (zone: string | undefined, top: string): boolean =>
    zone !== undefined && (zone === top || within(s.zones.find(z => z.id === zone)?.parent, top))
  const rights = s.roles.filter(role => person.roles.includes(role.id)).flatMap(role => role.rights)
  return (
    valid &&
    rights.some(
      x =>
        (x.accessPoint ? x.accessPoint === point.id : within(point.zone, x.zone!)) &&
        (!x.classes || x.classes.includes(point.class)) &&
        openNaively(s, x.schedule, r.at),
    )
  )
}

function openNaively(s: Site, schedule: string, at: number): boolean {
  const wall = new Date(at + 7_200_000)
  const time = wall.toISOString().slice(11, 16)
  const today = EVERY_DAY[(wall.getUTCDay() + 6) % 7]!
  const yesterday = EVERY_DAY[(wall.getUTCDay() + 5) % 7]!
  return s.schedules
    .find(x => x.id === schedule)!
    .weekly.some(({ days, from, to }) =>
      to > from
        ? days.includes(today) && time >= from && time < to
        : (days.includes(today) && time >= from) || (days.includes(yesterday) && time < to),
    )
}
