/**
 * What happened in a span, added up for whoever plans a ward or answers for one: by place, hour, reason and role, never by
 * person. A number that stands for fewer than five people is not told: `<5`. Pure.
 */
import type { Recorded, VigieEvent } from '../events.ts'

export const REPORTS = ['openings', 'refusals', 'roles', 'doors', 'response', 'rooms', 'devices', 'lights'] as const
export type ReportName = (typeof REPORTS)[number]

/** `<5`: somebody, but too few to be told. Null: nothing is known. */
export type Cell = string | number | null
export interface Table {
  /** Their names: words for people are the page's. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}
export const FEW = '<5'
const FEWEST_PEOPLE = 5
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const HOUR_MS = 3_600_000

export interface ReportContext {
  /** Ms; `from` inclusive, `until` exclusive. */
  readonly from: number
  readonly until: number
  /** 0 to 23 on the clock of the site. */
  hourOf(at: number): number
  /** Roles of a person by pseudonym, as they are now. */
  rolesOf(person: string): readonly string[]
  /** Of a device, as it is now. */
  zoneOf(device: string): string | undefined
  /** Power of a lamp that is on, watts. */
  readonly watts: number
}
/** Takes the rows of a span in the order of writing, each once. */
export interface Tally {
  take(row: Recorded): void
  table(): Table
}

/** How often, and who: the people themselves leave with the tally. */
class People {
  #count = 0
  readonly #people = new Set<string>()
  add(person: string | undefined): void {
    this.#count += 1
    if (person !== undefined) this.#people.add(person)
  }
  get cell(): Cell {
    return this.#count > 0 && this.#people.size < FEWEST_PEOPLE ? FEW : this.#count
  }
  get count(): number {
    return this.#count
  }
}
/** By keys that are written side by side; a key never holds a tab. */
class Groups<T> {
  readonly #groups = new Map<string, T>()
  readonly #make: () => T
  constructor(make: () => T) {
    this.#make = make
  }
  of(...key: (string | undefined)[]): T {
    const name = key.map(part => part ?? '').join('\t')
    const there = this.#groups.get(name) ?? this.#make()
    this.#groups.set(name, there)
    return there
  }
  /** By key. */
  rows(cells: (of: T) => readonly Cell[]): readonly (readonly Cell[])[] {
    return [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, of]) => [...key.split('\t'), ...cells(of)])
  }
}
const peopleByHour = (): People[] => HOURS.map(() => new People())

/** Access granted, by access point and hour of the day. */
export function openings({ hourOf }: ReportContext): Tally {
  const points = new Groups(peopleByHour)
  return {
    take: ({ at, event }) => {
      if (event.kind !== 'access.granted') return
      points.of(event.accessPoint, event.zone, event.class)[hourOf(at)]?.add(event.person)
    },
    table: () => ({
      columns: ['accessPoint', 'zone', 'class', ...HOURS.map(hour => `h${String(hour).padStart(2, '0')}`)],
      rows: points.rows(hours => hours.map(people => people.cell)),
    }),
  }
}

/** Refusals by reason and zone. A badge that nobody knows counts as somebody. */
export function refusals(): Tally {
  const reasons = new Groups(() => new People())
  return {
    take: ({ event }) => {
      if (event.kind === 'access.denied') reasons.of(event.reason, event.zone).add(event.person ?? event.credential)
    },
    table: () => ({ columns: ['reason', 'zone', 'count'], rows: reasons.rows(people => [people.cell]) }),
  }
}

/** Access granted by zone and role. Whoever has several roles counts in each. */
export function roles({ rolesOf }: ReportContext): Tally {
  const groups = new Groups(() => new People())
  return {
    take: ({ event }) => {
      if (event.kind !== 'access.granted') return
      for (const role of rolesOf(event.person)) groups.of(event.zone, role).add(event.person)
    },
    table: () => ({ columns: ['zone', 'role', 'count'], rows: groups.rows(people => [people.cell]) }),
  }
}

const HELD: ReadonlySet<string> = new Set(['door-held', 'cabinet-left-open'])
interface Doors {
  opened: number
  forced: number
  held: number
  openMs: number[]
}
/** Doors and drawers: how often opened, forced, held; how long open. */
export function doors(): Tally {
  const points = new Groups<Doors>(() => ({ opened: 0, forced: 0, held: 0, openMs: [] }))
  const of = (event: { accessPoint?: string; zone?: string }): Doors => points.of(event.accessPoint, event.zone)
  return {
    take: ({ event }) => {
      if (!('accessPoint' in event) || event.accessPoint === undefined) return
      if (event.kind === 'point.opened') of(event).opened += 1
      if (event.kind === 'point.forced') of(event).forced += 1
      if (event.kind === 'point.closed' && event.openMs !== undefined) of(event).openMs.push(event.openMs)
      if ((event.kind === 'incident.raised' || event.kind === 'incident.joined') && HELD.has(event.alert))
        of(event).held += 1
    },
    table: () => ({
      columns: ['accessPoint', 'zone', 'opened', 'forced', 'held', 'openMedianMs', 'openLongestMs'],
      rows: points.rows(d => [
        d.opened,
        d.forced,
        d.held,
        middleOf(d.openMs),
        d.openMs.reduce<number | null>(longest, null),
      ]),
    }),
  }
}
const longest = (a: number | null, b: number): number => Math.max(a ?? 0, b)

/** How much of the time each device was connected; while the hub itself was away, nobody knows. */
export function devices({ from, until, zoneOf }: ReportContext): Tally {
  const all = new Groups(() => new Presence(from))
  const seen = new Set<string>()
  let last = from
  return {
    take: ({ at, event }) => {
      if (event.kind === 'hub.started') for (const device of seen) all.of(device, zoneOf(device)).unknownUntil(last, at)
      if (event.kind === 'device.online' || event.kind === 'device.offline') {
        seen.add(event.device)
        all.of(event.device, zoneOf(event.device)).turn(at, event.kind === 'device.online')
      }
      last = Math.max(last, at)
    },
    table: () => ({
      columns: ['device', 'zone', 'onlineShare', 'losses', 'offlineMs'],
      rows: all.rows(presence => presence.cells(until)),
    }),
  }
}
class Presence {
  #since: number
  #isOnline: boolean | undefined
  #online = 0
  #offline = 0
  #losses = 0
  constructor(from: number) {
    this.#since = from
  }
  turn(at: number, isOnline: boolean): void {
    // Before the first word of it: it was what it no longer is.
    this.#spend(at, this.#isOnline ?? !isOnline)
    if (!isOnline) this.#losses += 1
    this.#isOnline = isOnline
  }
  /** The hub was away from `left` to `at`; from then on a device is offline until it says otherwise. */
  unknownUntil(left: number, at: number): void {
    this.#spend(left, this.#isOnline ?? true)
    this.#since = Math.max(this.#since, at)
    this.#isOnline = false
  }
  cells(until: number): readonly Cell[] {
    this.#spend(until, this.#isOnline ?? true)
    const known = this.#online + this.#offline
    return [known === 0 ? null : this.#online / known, this.#losses, this.#offline]
  }
  #spend(at: number, wasOnline: boolean): void {
    const ms = Math.max(0, at - this.#since)
    if (wasOnline) this.#online += ms
    else this.#offline += ms
    this.#since = Math.max(this.#since, at)
  }
}

/** Hours that lamps were on and off, and what being off spared beside lamps that burn all the time, kWh. */
export function lights({ from, until, zoneOf, watts }: ReportContext): Tally {
  const lamps = new Groups(() => new Presence(from))
  return {
    take: ({ at, event }) => {
      const on = event.kind === 'state.changed' ? (event.state as { on?: unknown }).on : undefined
      if (event.kind === 'state.changed' && typeof on === 'boolean')
        lamps.of(zoneOf(event.device) ?? event.zone, event.device, event.point).turn(at, on)
    },
    table: () => ({
      columns: ['zone', 'lamps', 'hoursOn', 'hoursOff', 'savedKwh'],
      rows: byZone(
        lamps.rows(lamp => lamp.cells(until)),
        until - from,
        watts,
      ),
    }),
  }
}
function byZone(lamps: readonly (readonly Cell[])[], span: number, watts: number): readonly (readonly Cell[])[] {
  const zones = new Groups(() => ({ lamps: 0, off: 0 }))
  for (const [zone, , , , , off] of lamps) {
    const of = zones.of(String(zone))
    of.lamps += 1
    of.off += Number(off)
  }
  const hours = (ms: number): number => Math.round((ms / HOUR_MS) * 10) / 10
  return zones.rows(({ lamps: count, off }) => [
    ...[count, hours(count * span - off), hours(off)],
    Math.round((off / HOUR_MS) * watts) / 1_000,
  ])
}

/** What is known of an incident. */
export interface Answered {
  readonly severity: string
  readonly zone?: string
  readonly at: number
  readonly acknowledgedAt?: number
  readonly resolvedAt?: number
}
/** From an alert to somebody who takes it, and to its end, by severity and zone. */
export function response(incidents: readonly Answered[]): Table {
  const groups = new Groups<Answered[]>(() => [])
  for (const one of incidents) groups.of(one.severity, one.zone).push(one)
  const times = (all: readonly Answered[], of: (one: Answered) => number | undefined): number[] =>
    all.flatMap(one => of(one) ?? []).sort((a, b) => a - b)
  const until = (end: 'acknowledgedAt' | 'resolvedAt') => (one: Answered) => {
    const at = one[end]
    return at === undefined ? undefined : at - one.at
  }
  return {
    columns: ['severity', 'zone', 'alerts', 'takenMedianMs', 'takenP90Ms', 'resolvedMedianMs', 'untaken'],
    rows: groups.rows(all => {
      const taken = times(all, until('acknowledgedAt'))
      const open = all.filter(one => one.acknowledgedAt === undefined && one.resolvedAt === undefined).length
      return [all.length, middleOf(taken), rankOf(taken, 0.9), middleOf(times(all, until('resolvedAt'))), open]
    }),
  }
}

const middleOf = (all: readonly number[]): number | null =>
  rankOf(
    [...all].sort((a, b) => a - b),
    0.5,
  )
/** Nearest rank. @param sorted ascending */
const rankOf = (sorted: readonly number[], p: number): number | null =>
  sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null

/** Kinds of rows that each report reads. */
export const KINDS_READ: Readonly<Partial<Record<ReportName, readonly VigieEvent['kind'][]>>> = {
  openings: ['access.granted'],
  refusals: ['access.denied'],
  roles: ['access.granted'],
  doors: ['point.opened', 'point.closed', 'point.forced', 'incident.raised', 'incident.joined'],
  devices: ['device.online', 'device.offline', 'hub.started', 'hub.stopped'],
  lights: ['state.changed'],
}
export const TALLIES: Readonly<Partial<Record<ReportName, (context: ReportContext) => Tally>>> = {
  ...{ openings, refusals, roles, doors, devices, lights },
}
