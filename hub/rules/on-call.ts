/**
 * Who is on call: people take turns of so many days, from handover to handover on the wall clock of the site; whoever stands
 * in has it for that time. Pure. Times are milliseconds since 1970, UTC.
 */
import { nextTime, type WallClock } from '../access/calendar.ts'
import type { Rota } from '../access/site-alerting.ts'

export interface Turn {
  readonly login: string
  readonly from: number
  /** Exclusive. */
  readonly until: number
  /** Instead of whoever has the turn. */
  readonly standIn?: true
}
const DAY_MINUTES = 1440
const DAY_MS = DAY_MINUTES * 60_000
const YEAR_MS = 366 * DAY_MS

/** @returns whose turn it is; undefined before the first one, and where there is no clock */
export function onCall(rota: Rota, at: number, clock: WallClock): string | undefined {
  const standIn = standInAt(rota, at)
  if (standIn) return standIn.login
  const turn = turnOf(rota, at, clock)
  return turn >= 0 ? rota.people[turn % rota.people.length] : undefined
}
/** The last that is written down. */
const standInAt = ({ standIns = [] }: Rota, at: number) =>
  standIns.findLast(s => Date.parse(s.from) <= at && at < Date.parse(s.until))

/** Who is on call from `at` on, one after another. @param most turns; those that begin in over a year are left out */
export function turnsFrom(rota: Rota, at: number, clock: WallClock, most: number): readonly Turn[] {
  const turns: Turn[] = []
  for (let from = at; turns.length < most && from - at < YEAR_MS; ) {
    const until = nextChange(rota, from, clock)
    if (Number.isNaN(until)) break
    const login = onCall(rota, from, clock)
    if (login !== undefined)
      turns.push({ login, from, until, ...(standInAt(rota, from) && { standIn: true as const }) })
    from = until
  }
  return turns
}

/** Turns since the first one; -1 before it, NaN without a clock. */
function turnOf({ from, handover, days }: Rota, at: number, clock: WallClock): number {
  const first = Date.parse(`${from}T00:00:00Z`) / DAY_MS
  const day = Math.floor((clock.minuteOf(at) - minuteOfDay(handover)) / DAY_MINUTES)
  return day < first ? -1 : Math.floor((day - first) / days)
}
const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** When somebody else may have it, after `at`: the end of the turn, or where a stand-in begins or ends. */
function nextChange(rota: Rota, at: number, clock: WallClock): number {
  const turn = turnOf(rota, at, clock)
  let handover = nextTime(at, rota.handover, clock)
  while (turnOf(rota, handover, clock) === turn && turn >= 0) handover = nextTime(handover, rota.handover, clock)
  const borders = (rota.standIns ?? []).flatMap(s => [Date.parse(s.from), Date.parse(s.until)]).filter(b => b > at)
  return Math.min(handover, ...borders)
}
