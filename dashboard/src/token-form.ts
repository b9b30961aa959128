/** What a token is asked to be, and how it is tried. Pure. */
import type { Capability } from './contract.ts'
import { dayAfter, dayOf, midnight } from './journal-filter.ts'

/** The hub takes at most 366 days; the last day counts whole. */
export const MOST_DAYS = 365
export const SPANS = [30, 90, 365] as const

/** The end of the day that was chosen, on the site's wall clock; undefined where it is no day, past or too far. */
export function endOf(day: string, now: number, timeZone: string): number | undefined {
  const today = dayOf(now, timeZone)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day))) return undefined
  return day < today || day > dayAfter(today, MOST_DAYS) ? undefined : midnight(dayAfter(day), timeZone)
}
export const dayIn = (days: number, now: number, timeZone: string): string => dayAfter(dayOf(now, timeZone), days)

/** What each lets a program read, to show that the token works. */
const READS: readonly (readonly [Capability, string])[] = [
  ['events.read', '/api/v1/events?limit=5'],
  ['journal.read', '/api/v1/journal?limit=5'],
  ['site.read', '/api/v1/site'],
  ['devices.read', '/api/v1/devices'],
  ['health.read', '/api/v1/health'],
  ['situations.read', '/api/v1/situations'],
  ['reviews.read', '/api/v1/reviews'],
]
/** A command for a shell; undefined where nothing this token may do is a mere reading. `token` has no character a shell minds. */
export function curlOf(token: string, capabilities: readonly Capability[], origin: string): string | undefined {
  const path = READS.find(([capability]) => capabilities.includes(capability))?.[1]
  return path && `curl -H "Authorization: Bearer ${token}" "${origin}${path}"`
}
