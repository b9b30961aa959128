/** What scenarios know of the site, and how a row of the journal looks to them. Pure. */
import type { PointClass } from '../access/site-classes.ts'
import type { VigieEvent } from '../events.ts'
import type { ClockTrigger, Condition, EventMatch, Match, QuantityMatch, Watched } from './scenarios.ts'

/** What a trigger came from, and an alert is about. */
export interface Subject {
  readonly zone?: string
  readonly device?: string
  readonly point?: string
  readonly accessPoint?: string
  readonly class?: PointClass
}
/** Asked for a zone at a time; the answers of the rest of the hub. Must not take long. */
export interface SiteNow {
  /** The zone and those above it, nearest first. */
  readonly above: (zone: string) => readonly string[]
  readonly zoneOf: (device: string) => string | undefined
  readonly armed: (zone: string) => boolean
  /** Being worked on: nobody is alerted of what comes from there. */
  readonly maintained: (subject: Subject, at: number) => boolean
  readonly dark: (at: number) => boolean
  readonly onDuty: (zone: string, at: number) => boolean
  readonly scheduleOpen: (schedule: string, at: number) => boolean
  /** When it is next this time of the day, or the sun next rises or sets, after `after`; NaN where that can't be known. */
  readonly nextTime: (when: ClockTrigger, after: number) => number
}
/** Newest values of a zone. */
export interface ZoneNow {
  readonly value: (zone: string, quantity: string) => number | undefined
  readonly occupied: (zone: string) => boolean
}

/** Two rows are about the same thing where this is the same. */
export const keyOf = ({ accessPoint, device, point, zone }: Subject): string =>
  accessPoint ?? (device === undefined ? `zone:${zone ?? ''}` : `${device}/${point ?? ''}`)

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** @param zoneOf of a device, where the row names no zone */
export function subjectOf(event: VigieEvent, zoneOf: SiteNow['zoneOf']): Subject {
  const fields = event as unknown as Readonly<Record<string, unknown>>
  const device = text(fields.device)
  const zone = text(fields.zone) ?? (device === undefined ? undefined : zoneOf(device))
  return compact({
    zone,
    device,
    point: text(fields.point),
    accessPoint: text(fields.accessPoint),
    class: text(fields.class) as PointClass | undefined,
  })
}
function compact(subject: { readonly [K in keyof Subject]: Subject[K] | undefined }): Subject {
  return Object.fromEntries(Object.entries(subject).filter(([, value]) => value !== undefined))
}

export const isQuantity = (match: Match): match is QuantityMatch => 'quantity' in match

export function fitsEvent({ kinds, reasons }: EventMatch, event: VigieEvent): boolean {
  if (!kinds.includes(event.kind)) return false
  if (reasons === undefined) return true
  const { reason, refusal } = event as { readonly reason?: string; readonly refusal?: string }
  return reasons.includes(reason ?? refusal ?? '')
}
export const fitsValue = ({ above, below }: QuantityMatch, value: number): boolean =>
  (above === undefined || value > above) && (below === undefined || value < below)

export function isWatched(where: Watched | undefined, subject: Subject, above: SiteNow['above']): boolean {
  const { zones, classes, devices, accessPoints } = where ?? {}
  const { zone, device } = subject
  if (accessPoints !== undefined && accessPoints !== (subject.accessPoint !== undefined)) return false
  if (devices && !(device !== undefined && devices.includes(device))) return false
  if (classes && !(subject.class !== undefined && classes.includes(subject.class))) return false
  return !zones || (zone !== undefined && above(zone).some(z => zones.includes(z)))
}

export function holds(condition: Condition, { zone }: Subject, at: number, site: SiteNow, now: ZoneNow): boolean {
  if ('dark' in condition) return site.dark(at) === condition.dark
  if ('schedule' in condition) return site.scheduleOpen(condition.schedule, at) === condition.open
  if (zone === undefined) return false
  if ('armed' in condition) return site.armed(zone) === condition.armed
  if ('onDuty' in condition) return site.onDuty(zone, at) === condition.onDuty
  if ('occupied' in condition) return now.occupied(zone) === condition.occupied
  const value = now.value(zone, condition.quantity)
  return value !== undefined && fitsValue(condition, value)
}
