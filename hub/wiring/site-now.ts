/** What scenarios ask of the site as it stands: worked out once for each state of it. */
import { modelRules } from '#devices/registry.ts'
import { compileTimetable, isOpen, nextTime, type Timetable } from '../access/calendar.ts'
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import type { Lamp } from '../flows/incident-raised.ts'
import { KNOWN_MODELS } from '../flows/known-models.ts'
import type { Registry } from '../flows/registry.ts'
import type { SiteNow } from '../rules/scenario-facts.ts'
import type { Works } from './maintenance.ts'
import { nextSun, type Position, sunAt } from './sun.ts'

interface Known {
  readonly of: Site
  readonly above: ReadonlyMap<string, readonly string[]>
  readonly zoneOf: ReadonlyMap<string, string>
  readonly lamps: ReadonlyMap<string, readonly Lamp[]>
  readonly sirens: ReadonlyMap<string, readonly Lamp[]>
  /** Bought devices and their gateways. */
  readonly weak: ReadonlySet<string>
  readonly timetables: ReadonlyMap<string, Timetable>
}
export interface SiteKnown extends SiteNow {
  lamps(zone: string): readonly Lamp[]
  sirens(zone: string): readonly Lamp[]
  /** Holds a certificate of its own: what it says may close ways. */
  trusted(device: string): boolean
  /** The zone and those in it. */
  below(zone: string): ReadonlySet<string>
}
/** Where no position of the site is known: from nine in the evening to six in the morning. Minutes. */
const [DUSK, DAWN] = [21 * 60, 6 * 60]
const DAY_MINUTES = 1440
const MINUTE = 60_000

type Held = Pick<Registry, 'site' | 'grants'> & { readonly snapshot: Pick<Registry['snapshot'], 'clock'> }

/** @param works left out: nothing is being worked on */
export function siteNow(registry: () => Held, armed: ReadonlySet<string>, works?: Pick<Works, 'covers'>): SiteKnown {
  let known: Known | undefined
  const now = (): Known => {
    const { site } = registry()
    if (known?.of !== site) known = knownOf(site)
    return known
  }
  const above = (zone: string): readonly string[] => now().above.get(zone) ?? [zone]
  const sun = darkness()
  const wallMinute = (at: number): number => registry().snapshot.clock.minuteOf(at)
  return {
    above,
    zoneOf: device => now().zoneOf.get(device),
    lamps: zone => now().lamps.get(zone) ?? [],
    sirens: zone => now().sirens.get(zone) ?? [],
    trusted: device => now().zoneOf.has(device) && !now().weak.has(device),
    below: zone => new Set([...now().above].filter(([, chain]) => chain.includes(zone)).map(([id]) => id)),
    armed: zone => above(zone).some(z => armed.has(z)),
    maintained: (subject, at) => works?.covers(subject, at, above) ?? false,
    dark: at => {
      const { position } = registry().site.site
      if (position) return sun(position, at)
      const minute = wallMinute(at) % DAY_MINUTES
      return minute >= DUSK || minute < DAWN
    },
    onDuty: (zone, at) => registry().grants.some(grant => isShiftIn(grant, at) && covers(grant, zone, above, now().of)),
    scheduleOpen: (schedule, at) => {
      const timetable = now().timetables.get(schedule)
      return timetable !== undefined && isOpen(timetable, wallMinute(at))
    },
    nextTime: (when, after) => {
      if ('at' in when) return nextTime(after, when.at, registry().snapshot.clock)
      const { position } = registry().site.site
      const shift = (when.offsetMinutes ?? 0) * MINUTE
      return position ? nextSun(when.sun, position, after - shift) + shift : Number.NaN
    },
  }
}

/** Asked at every motion: worked out again only when the sun has risen or set meanwhile. */
function darkness(): (position: Position, at: number) => boolean {
  let known:
    | { readonly of: Position; readonly from: number; readonly until: number; readonly dark: boolean }
    | undefined
  return (position, at) => {
    if (known?.of !== position || at < known.from || at >= known.until)
      known = { of: position, from: at, ...sunAt(position, at) }
    return known.dark
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

const isWeak = (model: string): boolean => KNOWN_MODELS.isBought(model) || KNOWN_MODELS.isGateway(model)

function knownOf(site: Site): Known {
  const parents = new Map(site.zones.map(z => [z.id, z.parent]))
  const chainOf = (id: string): string[] => {
    const chain = new Set([id])
    for (let z = parents.get(id); z !== undefined && !chain.has(z); z = parents.get(z)) chain.add(z)
    return [...chain]
  }
  const lamps = new Map<string, Lamp[]>()
  const sirens = new Map<string, Lamp[]>()
  for (const { id, model, zone } of site.devices)
    for (const [point, { actions }] of modelRules(model)?.points ?? []) {
      const of = actions.has('sound') ? sirens : lamps
      if (actions.has('sound') || actions.has('set')) of.set(zone, [...(of.get(zone) ?? []), { device: id, point }])
    }
  return {
    of: site,
    above: new Map(site.zones.map(z => [z.id, chainOf(z.id)])),
    zoneOf: new Map(site.devices.map(d => [d.id, d.zone])),
    ...{ lamps, sirens, weak: new Set(site.devices.filter(d => isWeak(d.model)).map(d => d.id)) },
    timetables: new Map(site.schedules.map(s => [s.id, compileTimetable(s, site.calendars ?? [])])),
  }
}
