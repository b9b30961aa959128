/** Sunrise and sunset at a place: when its upper edge is at the horizon of flat land. Times are ms since 1970, UTC. Pure. */
import { getTimes } from 'suncalc'
import type { SunEvent } from '../rules/scenarios.ts'

/** Degrees, north and east positive. */
export interface Position {
  readonly latitude: number
  readonly longitude: number
}
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Nowhere does it stay up or down for longer. */
const LONGEST_DAYS = 200

/** @returns the next one after `at`; NaN where `at` is no time. Beyond the polar circles it may be months away. */
export function nextSun(event: SunEvent, { latitude, longitude }: Position, at: number): number {
  // Days are those of the place, which is up to one off from those of UTC.
  for (let day = -1; day <= LONGEST_DAYS; day++) {
    const found = getTimes(new Date(at + day * DAY_MS), latitude, longitude)[event]?.getTime()
    if (found !== undefined && found > at) return found
  }
  return Number.NaN
}

/** Whether it is dark, and until when that needs no second look: the next that comes is a sunrise. */
export function sunAt(position: Position, at: number): { readonly dark: boolean; readonly until: number } {
  const { alwaysUp, alwaysDown } = getTimes(new Date(at), position.latitude, position.longitude)
  if (alwaysUp || alwaysDown) return { dark: alwaysDown === true, until: at + HOUR_MS }
  const [rise, set] = [nextSun('sunrise', position, at), nextSun('sunset', position, at)]
  return { dark: rise < set, until: Math.min(rise, set) }
}
