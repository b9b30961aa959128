/**
 * What of the journal is worth a curve: one row becomes points of time series. Pure, and always the same for the same row, so
 * that a store that is sent a row twice holds it once. No person, badge, operator or patient is in a point, nor anything of a
 * duress alarm: a chart is open to whoever may watch.
 */
import type { EventKind, VigieEvent } from '../events.ts'

export const MEASUREMENTS = ['reading', 'access', 'lock', 'door', 'light', 'device', 'alert', 'hub'] as const
export type Measurement = (typeof MEASUREMENTS)[number]
/** Each from a list that the site or the hub ends: ids of its own zones, devices and access points, and words of the hub. */
export const TAGS = [
  ...(['site', 'zone', 'class', 'device', 'access_point'] as const),
  ...(['kind', 'outcome', 'reason', 'severity'] as const),
] as const
export type Tag = (typeof TAGS)[number]

export interface Point {
  readonly measurement: Measurement
  /** Hub's time, ms since 1970. */
  readonly at: number
  /** 0 to 999,999, in place of the nanoseconds below `at`: two points of one millisecond stay two. */
  readonly nth: number
  readonly tags: Readonly<Partial<Record<Tag, string>>>
  /** Names end in their unit. Finite. */
  readonly fields: Readonly<Record<string, number>>
}
export interface RowOfPoints {
  readonly seq: number
  readonly at: number
  readonly event: VigieEvent
}
/**
 * The site: it says what a row leaves out, and its own ids are the only ones that become tags. A name that somebody outside
 * made up (a device that was refused) would be a series of its own for ever.
 */
export interface PointPlaces {
  readonly site: string
  /** Its zone. Undefined: the site has no such device. */
  zoneOf(device: string): string | undefined
  /** Undefined: the site has no such access point. */
  classOf(accessPoint: string): string | undefined
  hasZone(zone: string): boolean
}

/** Kinds that make a curve, and which one. The others are about people, rights and evidence. */
const OF: Readonly<Partial<Record<EventKind, Measurement>>> = {
  'access.granted': 'access',
  'access.denied': 'access',
  'access.withdrawn': 'access',
  'access.awaiting': 'access',
  'access.lapsed': 'access',
  'audit.unavailable': 'access',
  'lock.unlocked': 'lock',
  'lock.kept': 'lock',
  'lock.locked': 'lock',
  'lock.refused': 'lock',
  'lock.failed': 'lock',
  'lock.silent': 'lock',
  'point.opened': 'door',
  'point.closed': 'door',
  'point.forced': 'door',
  'point.locked': 'door',
  'point.released': 'door',
  'exit.requested': 'door',
  'tamper.raised': 'door',
  'tamper.cleared': 'door',
  'state.changed': 'light',
  'device.online': 'device',
  'device.offline': 'device',
  'device.refused': 'device',
  'device.gap': 'device',
  'incident.raised': 'alert',
  'incident.joined': 'alert',
  'incident.restored': 'alert',
  'incident.acknowledged': 'alert',
  'incident.resolved': 'alert',
  'incident.escalated': 'alert',
  'hub.started': 'hub',
  'hub.stopped': 'hub',
}
/** Alerts that whoever stands beside the person must not see anywhere. */
const SILENT: ReadonlySet<string> = new Set(['duress'])
/** How a unit of a trait stands at the end of a field's name; one that is none leaves the quantity alone. */
const UNIT_NAMES: ReadonlyMap<string, string> = new Map([
  ['1', ''],
  ['lx', '_lux'],
  ['°C', '_celsius'],
  ['%', '_percent'],
])
/** A row of many readings has no more points than this below its millisecond. */
const PER_ROW = 1_000
const BELOW_MS = 1_000_000

/** `temperature_celsius`: how a quantity in this unit is called in every store. */
export function fieldName(quantity: string, unit: string): string {
  const known = FIELD_NAMES.get(quantity)?.get(unit)
  if (known !== undefined) return known
  const ending = UNIT_NAMES.get(unit) ?? `_${unit.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}`
  const name = quantity.replaceAll('-', '_') + ending
  const units = FIELD_NAMES.get(quantity) ?? new Map<string, string>()
  if (FIELD_NAMES.size < MOST_NAMES) FIELD_NAMES.set(quantity, units.set(unit, name))
  return name
}
/** A million readings have a dozen names. */
const FIELD_NAMES = new Map<string, Map<string, string>>()
const MOST_NAMES = 1_000

/** In the order of the row. Empty: there is nothing to draw of it. */
export function pointsOf({ seq, at, event }: RowOfPoints, places: PointPlaces): readonly Point[] {
  const made = event.kind === 'readings' ? readingsOf(event, places) : eventPoints(event, places)
  const first = (seq * PER_ROW) % BELOW_MS
  return made.map(({ measurement, fields, tags }, i) => ({ measurement, at, nth: first + (i % PER_ROW), tags, fields }))
}

type Tags = Partial<Record<Tag, string | undefined>>
type Made = Pick<Point, 'measurement' | 'fields' | 'tags'>

function readingsOf({ messages }: Extract<VigieEvent, { kind: 'readings' }>, places: PointPlaces): Made[] {
  const made: Made[] = []
  for (const { device, zone, readings } of messages) {
    const tags = readingTags(device, zone, places)
    for (const { quantity, value, unit } of readings)
      if (Number.isFinite(value))
        made.push({ measurement: 'reading', tags, fields: { [fieldName(quantity, unit)]: value } })
  }
  return made
}

/** The same object for the same place, as long as the site is the same: who writes points knows their series by it. */
function readingTags(device: string, zone: string | undefined, places: PointPlaces): Point['tags'] {
  const known = READING_TAGS.get(places) ?? new Map<string, Point['tags']>()
  READING_TAGS.set(places, known)
  const place = `${device} ${zone ?? ''}`
  const there = known.get(place)
  if (there) return there
  const tags = withSite(placeOf({ device, zone }, places), places)
  // A device that the site does not have may be called anything: it is not remembered.
  if (tags.device !== undefined) known.set(place, tags)
  return tags
}
const READING_TAGS = new WeakMap<PointPlaces, Map<string, Point['tags']>>()

function eventPoints(event: Exclude<VigieEvent, { kind: 'readings' }>, places: PointPlaces): Made[] {
  const measurement = OF[event.kind]
  if (measurement === undefined || ('alert' in event && SILENT.has(event.alert))) return []
  const fields = fieldsOf(event)
  // A state of anything but a lamp or a battery: nothing that a curve could show.
  if (event.kind === 'state.changed' && Object.keys(fields).length === 0) return []
  const tags = withSite({ ...placeOf(event, places), ...wordsOf(event, measurement) }, places)
  return [{ measurement, tags, fields: measurement === 'light' ? fields : { count: 1, ...fields } }]
}

/** Only what the site has: the rest is left out. */
function placeOf(event: object, places: PointPlaces): Tags {
  const { device, accessPoint, zone } = event as Readonly<Record<string, string | undefined>>
  const home = device === undefined ? undefined : places.zoneOf(device)
  const kept = accessPoint === undefined ? undefined : places.classOf(accessPoint)
  return {
    zone: zone !== undefined && places.hasZone(zone) ? zone : home,
    device: home === undefined ? undefined : device,
    access_point: kept === undefined ? undefined : accessPoint,
    class: kept,
  }
}

/** Each from a closed list of the hub's: never a text that somebody wrote. */
function wordsOf(event: VigieEvent, measurement: Measurement): Tags {
  if ('alert' in event) return { kind: event.alert, severity: event.severity, outcome: outcomeOf(event.kind) }
  if (event.kind === 'device.refused') return { outcome: 'refused', reason: event.refusal }
  if (event.kind === 'access.denied' || event.kind === 'access.withdrawn')
    return { outcome: outcomeOf(event.kind), reason: event.reason }
  return measurement === 'light' ? {} : { outcome: outcomeOf(event.kind) }
}

/** `granted` of access.granted. */
const outcomeOf = (kind: EventKind): string => kind.slice(kind.indexOf('.') + 1)

function fieldsOf(event: VigieEvent): Record<string, number> {
  if (event.kind === 'device.refused') return { count: event.count }
  if (event.kind === 'device.gap') return { missing_count: event.missing }
  if (event.kind === 'point.closed' && event.openMs !== undefined) return { open_ms: event.openMs }
  if ('tookMs' in event && event.tookMs !== undefined) return { took_ms: event.tookMs }
  return event.kind === 'state.changed' ? lampOf(event.state) : {}
}
function lampOf({ on, brightness, battery }: Readonly<Record<string, unknown>>): Record<string, number> {
  return {
    ...(typeof on === 'boolean' && { on: Number(on) }),
    ...(typeof brightness === 'number' && { brightness_percent: brightness }),
    ...(typeof battery === 'number' && { battery_percent: battery }),
  }
}

const withSite = (tags: Tags, { site }: PointPlaces): Point['tags'] =>
  Object.fromEntries(Object.entries({ site, ...tags }).filter(([, value]) => value !== undefined))
