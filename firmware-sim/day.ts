/**
 * A day in the field hospital, planned from a seed: who comes to which door and drawer when, what moves, how light it is.
 * The plan knows nothing of answers; the same seed and date give the same plan.
 */
import { INSTALLED, type Installed } from './hospital-devices.ts'
import type { Trade } from './hospital-staff.ts'
import { BAD_BADGES, STRANGER_UID } from './hospital-staff.ts'
import { between, integer, pick, type Random, seeded } from './random.ts'
import { DAY_MINUTES, daylightLux, dayOfYear, nextDay, wallClock } from './site-clock.ts'

/** Whose badge: one of a trade, at work or not at work then, or a certain badge. `chance` (0 to 1) picks among them. */
export type Who =
  | { readonly trades: readonly Trade[]; readonly chance: number; readonly offDuty?: true }
  | { readonly uid: string }

/** Durations are seconds of the hospital's own time, which may run faster than ours. */
export type Plan =
  | {
      readonly kind: 'badge'
      readonly point: string
      readonly who: Who
      readonly dwellS: number
      readonly opens: boolean
    }
  | { readonly kind: 'exit'; readonly point: string; readonly dwellS: number }
  | { readonly kind: 'motion'; readonly holdS: number }
  | { readonly kind: 'daylight'; readonly lux: number }
  | { readonly kind: 'switch'; readonly on: boolean; readonly brightness: number }

/** `at`: the hospital's time, ms since 1970 UTC. */
export interface Planned {
  readonly at: number
  readonly device: string
  readonly plan: Plan
}

type Entry = { readonly minute: number; readonly device: string; readonly plan: Plan }
interface Day {
  readonly random: Random
  readonly entries: Entry[]
}

const CARE: readonly Trade[] = ['infirmiere']
const CARERS: readonly Trade[] = ['infirmiere', 'aide-soignante', 'medecin']
const CABINETS = INSTALLED.filter(d => d.model === 'medicine-cabinet' && d.points.length > 1 && d.zone !== 't15')
const zoneOf = new Map(INSTALLED.map(d => [d.id, d.zone]))
const hours = (h: number): number => h * 60

/** How busy a ward is at each hour, 0 to 1: quiet at night, busiest around the morning round and before the night. */
const BUSY = [2, 1, 1, 1, 1, 2, 5, 9, 10, 9, 8, 7, 9, 8, 6, 6, 6, 7, 9, 9, 6, 5, 4, 3].map(n => n / 10)
export const busyness = (minute: number): number => BUSY[Math.floor(minute / 60) % 24]!

/** Everything planned for the local day beginning at `dayStart`, in order of time. */
export function planDay(seed: number, dayStart: number, timeZone: string): readonly Planned[] {
  const date = wallClock(dayStart, timeZone)
  const label = `${date.year}-${date.month}-${date.day}`
  const entries: Entry[] = []
  const weekend = date.weekday === 0 || date.weekday === 6
  const part = (name: string, fill: (day: Day) => void) => fill({ random: seeded(seed, `${label} ${name}`), entries })
  part('medication', medicationRounds)
  part('guard', guardRounds)
  part('shift', shiftChanges)
  part('doors', comingAndGoing)
  part('pharmacy', pharmacists)
  part('emergency', emergencies)
  part('cleaning', cleaning)
  part('refused', day => refusals(day))
  if (!weekend) part('delivery', deliveries)
  part('presence', presence)
  part('light', day => light(day, dayOfYear(date)))
  const end = nextDay(dayStart, timeZone)
  return entries
    .map(e => ({ at: Math.round(dayStart + e.minute * 60_000), device: e.device, plan: e.plan }))
    .filter(e => e.at >= dayStart && e.at < end)
    .sort((a, b) => a.at - b.at || (a.device < b.device ? -1 : a.device > b.device ? 1 : 0))
}

const someone = (random: Random, trades: readonly Trade[]): Who => ({ trades, chance: random() })

function badge(day: Day, minute: number, device: string, point: string, who: Who, dwellS: number, opens = true): void {
  day.entries.push({ minute, device, plan: { kind: 'badge', point, who, dwellS: Math.round(dwellS), opens } })
}
function doorway(day: Day, minute: number, device: string, trades: readonly Trade[]): void {
  badge(day, minute, device, 'door', someone(day.random, trades), between(day.random, 3, 9), day.random() > 0.04)
}
function leave(day: Day, minute: number, device: string): void {
  day.entries.push({ minute, device, plan: { kind: 'exit', point: 'door', dwellS: integer(day.random, 3, 8) } })
}

/** Drawer after drawer, one person to a cabinet. */
function fetchFrom(day: Day, minute: number, cabinet: Installed, drawers: number, trades: readonly Trade[]): void {
  const who = someone(day.random, trades)
  let at = minute
  for (let i = 0; i < drawers; i++) {
    const point = pick(day.random, cabinet.points).point
    // Once in a while a drawer is left open: somebody was called away.
    const dwellS = day.random() < 0.02 ? between(day.random, 150, 300) : between(day.random, 6, 25)
    badge(day, at, cabinet.id, point, who, dwellS)
    at += between(day.random, 0.5, 1.5)
  }
}

function medicationRounds(day: Day): void {
  for (const start of [hours(2), hours(7.5), hours(11.75), hours(17.75), hours(21.5)]) {
    const full = busyness(start) > 0.3
    for (const cabinet of CABINETS) {
      if (!full && day.random() < 0.4) continue
      fetchFrom(day, start + between(day.random, 0, 50), cabinet, integer(day.random, full ? 2 : 1, full ? 4 : 2), CARE)
    }
  }
  for (const cabinet of CABINETS) {
    for (const minute of arrivals(day.random, 0.35))
      fetchFrom(day, minute, cabinet, integer(day.random, 1, 2), ['infirmiere', 'infirmiere', 'medecin'])
  }
}

/** Instants over a day, Poisson with `perHour` at full busyness. */
function arrivals(random: Random, perHour: number): number[] {
  const found: number[] = []
  for (let minute = exponential(random, perHour); minute < DAY_MINUTES; minute += exponential(random, perHour)) {
    if (random() < busyness(minute)) found.push(minute)
  }
  return found
}
const exponential = (random: Random, perHour: number): number => (-Math.log(1 - random()) * 60) / perHour

/** In by the front, out by the rear, and never both doors at once: the second is tried when the first has locked again. */
const THROUGH_THE_PHARMACY = ['door-t15-front', 'door-t15-rear'] as const
const MAN_TRAP_MIN = 8

/** Pharmacists go in, work, and come out with the same badge, one visit after the other: who is inside is counted. */
function pharmacists(day: Day): void {
  let free = 0
  for (const arrival of arrivals(day.random, 0.8)) {
    const at = Math.max(arrival, free)
    const who = someone(day.random, ['pharmacien'])
    const stay = between(day.random, MAN_TRAP_MIN, 30)
    badge(day, at, 'door-t15-front', 'door', who, between(day.random, 3, 9))
    badge(day, at + stay, 'door-t15-rear', 'door', who, between(day.random, 3, 9))
    free = at + stay + MAN_TRAP_MIN
  }
}

function guardRounds(day: Day): void {
  const path = ['gate-west', 'door-t18', ...THROUGH_THE_PHARMACY, 'door-t20', 'door-t08', 'door-t12']
  for (const start of [hours(0.5), hours(3.5), hours(5.5), hours(20.5), hours(23)]) {
    const who = someone(day.random, ['securite'])
    let at = start + between(day.random, -10, 10)
    for (const device of path) {
      badge(day, at, device, 'door', who, between(day.random, 3, 6))
      at +=
        device === 'door-t15-front' ? between(day.random, MAN_TRAP_MIN, MAN_TRAP_MIN + 3) : between(day.random, 2, 5)
    }
  }
}

function shiftChanges(day: Day): void {
  for (const change of [hours(7), hours(19)]) {
    for (let i = 0; i < 12; i++)
      doorway(day, change + between(day.random, -20, 5), 'gate-west', [...CARERS, 'securite', 'menage'])
    for (let i = 0; i < 11; i++) leave(day, change + between(day.random, 0, 25), 'gate-west')
    for (let i = 0; i < 4; i++) doorway(day, change + between(day.random, -5, 12), 'door-t08', CARERS)
  }
}

function comingAndGoing(day: Day): void {
  const doors: readonly (readonly [string, number, readonly Trade[]])[] = [
    ['door-t08', 3, CARERS],
    ['door-t05', 1.5, ['medecin', 'infirmiere']],
    ['door-t06', 1.5, ['medecin', 'infirmiere']],
    ['door-t12', 1.5, CARERS],
    ['door-t18', 0.4, ['informatique']],
    ['door-t20', 0.6, ['logistique', 'securite']],
    ['gate-west', 1.5, [...CARERS, 'securite']],
  ]
  for (const [device, perHour, trades] of doors) {
    for (const minute of arrivals(day.random, perHour)) {
      doorway(day, minute, device, trades)
      leave(day, minute + between(day.random, 2, 30), device)
    }
  }
}

function emergencies(day: Day): void {
  for (const minute of [...arrivals(day.random, 0.8), between(day.random, 0, DAY_MINUTES)]) {
    badge(day, minute, 'cart-04', 'cabinet', someone(day.random, CARERS), between(day.random, 20, 90))
    for (const [i, id] of ['cab-04-a', 'cab-02-a'].entries()) {
      const cabinet = CABINETS.find(c => c.id === id)!
      fetchFrom(day, minute + 0.5 + i, cabinet, integer(day.random, 1, 2), ['infirmiere', 'medecin'])
    }
    if (day.random() < 0.3) leave(day, minute + between(day.random, 5, 20), 'door-t08-exit')
  }
}

function cleaning(day: Day): void {
  for (const start of [hours(5.25), hours(14), hours(20)]) {
    for (const device of ['door-t05', 'door-t06', 'door-t08', 'door-t12'])
      doorway(day, start + between(day.random, 0, 45), device, ['menage'])
  }
}

function deliveries(day: Day): void {
  for (const start of [hours(10), hours(15.5)]) {
    const at = start + between(day.random, -15, 15)
    doorway(day, at, 'gate-west', ['logistique'])
    doorway(day, at + between(day.random, 4, 8), 'door-t20', ['logistique'])
    doorway(day, at + between(day.random, 10, 15), 'door-t15-rear', ['logistique'])
    const pharmacy = INSTALLED.find(d => d.id === 'cab-15-a')!
    fetchFrom(day, at + between(day.random, 20, 30), pharmacy, integer(day.random, 2, 4), ['pharmacien'])
    leave(day, at + between(day.random, 35, 50), 'gate-west')
  }
}

/** A few times a day somebody holds a badge where it must not open. */
function refusals(day: Day): void {
  const at = () => between(day.random, 0, DAY_MINUTES)
  for (const bad of BAD_BADGES) {
    if (day.random() < 0.6) badge(day, at(), 'gate-west', 'door', { uid: bad.uid }, 5)
  }
  if (day.random() < 0.5) badge(day, at(), 'door-t18', 'door', { uid: STRANGER_UID }, 5)
  for (let i = integer(day.random, 1, 3); i > 0; i--) {
    const cabinet = pick(day.random, CABINETS)
    badge(
      day,
      at(),
      cabinet.id,
      pick(day.random, cabinet.points).point,
      { trades: CARE, chance: day.random(), offDuty: true },
      10,
    )
  }
  for (let i = integer(day.random, 1, 3); i > 0; i--) {
    badge(
      day,
      at(),
      pick(day.random, ['door-t15-rear', 'door-t18', 'door-t20']),
      'door',
      someone(day.random, ['menage', 'aide-soignante']),
      5,
    )
  }
}

/** People walk past the motion sensors, and stand before every lock of the same tent. */
function presence(day: Day): void {
  for (const sensor of INSTALLED.filter(d => d.model === 'pir')) {
    const visits = day.entries
      .filter(e => zoneOf.get(e.device) === sensor.zone && e.plan.kind !== 'motion')
      .map(e => e.minute - 0.1)
    const quiet = sensor.zone === 't15' || sensor.zone === 't18' || sensor.zone === 't20'
    for (const minute of [...visits, ...(quiet ? [] : arrivals(day.random, 4))]) {
      day.entries.push({ minute, device: sensor.id, plan: { kind: 'motion', holdS: integer(day.random, 30, 240) } })
    }
  }
}

/** Canvas lets a fiftieth of the daylight in; the clouds of the day take more. */
const CANVAS = 0.02
const READING_EVERY_MIN = 10

function light(day: Day, dayNumber: number): void {
  const clouds = between(day.random, 0.25, 1)
  for (const lamp of INSTALLED.filter(d => d.model === 'light')) lampFollows(day, lamp, dayNumber)
  const switches = day.entries.filter(e => e.plan.kind === 'switch').sort((a, b) => a.minute - b.minute)
  for (const sensor of INSTALLED.filter(d => d.model === 'light-sensor')) {
    for (let minute = between(day.random, 0, READING_EVERY_MIN); minute < DAY_MINUTES; minute += READING_EVERY_MIN) {
      const outside = daylightLux(dayNumber, minute) * clouds * between(day.random, 0.9, 1.1)
      const lamp = switches.findLast(e => e.minute <= minute && zoneOf.get(e.device) === sensor.zone)?.plan
      const inside = outside * CANVAS + (lamp?.kind === 'switch' && lamp.on ? lamp.brightness * 4 : 0)
      day.entries.push({
        minute,
        device: sensor.id,
        plan: { kind: 'daylight', lux: Math.round(inside + between(day.random, 0, 2)) },
      })
    }
  }
}

/** Galleries are lit from dusk to dawn; tents follow the people in them: bright by day, dimmed at night. */
function lampFollows(day: Day, lamp: Installed, dayNumber: number): void {
  const set = (minute: number, brightness: number) =>
    day.entries.push({ minute, device: lamp.id, plan: { kind: 'switch', on: brightness > 0, brightness } })
  if (lamp.zone.startsWith('galerie')) {
    const dark = (minute: number) => daylightLux(dayNumber, minute) * CANVAS < 30
    set(0.5, 60)
    for (let m = 5; m < DAY_MINUTES; m += 5) if (dark(m) !== dark(m - 5)) set(m, dark(m) ? 60 : 0)
    return
  }
  set(0.5, 10)
  for (const [hour, brightness] of [
    [6.5, 60],
    [8, 80],
    [12.5, 40],
    [14, 80],
    [20, 50],
    [22, 10],
  ] as const)
    set(hours(hour) + between(day.random, 0, 15), brightness)
  for (const round of [hours(2), hours(4.5)]) {
    const start = round + between(day.random, 0, 30)
    set(start, 40)
    set(start + between(day.random, 8, 20), 10)
  }
}
