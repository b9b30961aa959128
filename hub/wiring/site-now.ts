/** What scenarios ask of the site as it stands: worked out once for each state of it. */
import { modelRules } from '#devices/registry.ts'
import { compileTimetable, isOpen, nextTime, type Timetable } from '../access/calendar.ts'
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import type { Lamp } from '../flows/incident-raised.ts'
import type { Registry } from '../flows/registry.ts'
import type { SiteNow } from '../rules/scenario-facts.ts'

interface Known {
  readonly of: Site
  readonly above: ReadonlyMap<string, readonly string[]>
  readonly zoneOf: ReadonlyMap<string, string>
  readonly lamps: ReadonlyMap<string, readonly Lamp[]>
  readonly timetables: ReadonlyMap<string, Timetable>
}
export interface SiteKnown extends SiteNow {
  lamps(zone: string): readonly Lamp[]
}
/** Where no position of the site is known: from nine in the evening to six in the morning. Minutes. */
const [DUSK, DAWN] = [21 * 60, 6 * 60]
const DAY_MINUTES = 1440

type Held = Pick<Registry, 'site' | 'grants'> & { readonly snapshot: Pick<Registry['snapshot'], 'clock'> }

export function siteNow(registry: () => Held, armed: ReadonlySet<string>): SiteKnown {
  let known: Known | undefined
  const now = (): Known => {
    const { site } = registry()
    if (known?.of !== site) known = knownOf(site)
    return known
  }
  const above = (zone: string): readonly string[] => now().above.get(zone) ?? [zone]
  const wallMinute = (at: number): number => registry().snapshot.clock.minuteOf(at)
  return {
    above,
    zoneOf: device => now().zoneOf.get(device),
    lamps: zone => now().lamps.get(zone) ?? [],
    armed: zone => above(zone).some(z => armed.has(z)),
    dark: at => {
      const minute = wallMinute(at) % DAY_MINUTES
      return minute >= DUSK || minute < DAWN
    },
    onDuty: (zone, at) => registry().grants.some(grant => isShiftIn(grant, at) && covers(grant, zone, above, now().of)),
    scheduleOpen: (schedule, at) => {
      const timetable = now().timetables.get(schedule)
      return timetable !== undefined && isOpen(timetable, wallMinute(at))
    },
    nextTime: (time, after) => nextTime(after, time, registry().snapshot.clock),
  }
}

const isShiftIn = ({ origin, from, until }: Grant, at: number): boolean =>
  origin === 'shift' && from <= at && at < until

/** A shift that names no place is one everywhere. */
function covers({ target }: Grant, zone: string, above: SiteNow['above'], site: Site): boolean {
  if (!target) return true
  const of = target.zone ?? site.accessPoints.find(p => p.id === target.accessPoint)?.zone
  return of === undefined || above(zone).includes(of) || above(of).includes(zone)
}

function knownOf(site: Site): Known {
  const parents = new Map(site.zones.map(z => [z.id, z.parent]))
  const chainOf = (id: string): string[] => {
    const chain = new Set([id])
    for (let z = parents.get(id); z !== undefined && !chain.has(z); z = parents.get(z)) chain.add(z)
    return [...chain]
  }
  const lamps = new Map<string, Lamp[]>()
  for (const { id, model, zone } of site.devices)
    for (const [point, { actions }] of modelRules(model)?.points ?? [])
      if (actions.has('set')) lamps.set(zone, [...(lamps.get(zone) ?? []), { device: id, point }])
  return {
    of: site,
    above: new Map(site.zones.map(z => [z.id, chainOf(z.id)])),
    zoneOf: new Map(site.devices.map(d => [d.id, d.zone])),
    lamps,
    timetables: new Map(site.schedules.map(s => [s.id, compileTimetable(s, site.calendars ?? [])])),
  }
}
