/** Visits: from when to when, and to which doors. Pure. */
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import type { Said } from '../errors.ts'
import { type Reach, within } from './zones.ts'

export interface VisitWish {
  readonly visitor: { readonly name: string; readonly company?: string }
  /** Of the site, by id. */
  readonly host: string
  /** Milliseconds since 1970, UTC. */
  readonly from: number
  readonly until: number
  /** Doors by access point, or all doors of a zone and of those below it. */
  readonly places: readonly { readonly accessPoint?: string; readonly zone?: string }[]
  /** Number of a badge that is handed over; left out: a code is made. */
  readonly badge?: string
}
export type Place = VisitWish['places'][number]

const DAY_MS = 86_400_000
export const LONGEST_VISIT_MS = 30 * DAY_MS
const FARTHEST_MS = 400 * DAY_MS
/** Somebody stands at the desk already. */
const LATE_MS = 5 * 60_000
/** Names of one that has ended are kept so long. */
export const VISITOR_KEPT_MS = 90 * DAY_MS

export interface Fault {
  readonly field: string
  readonly expected: Said
}

/** What is wrong with the times of a visit; undefined for nothing. @param began it may have begun before now */
export function timeFault(
  { from, until }: Pick<VisitWish, 'from' | 'until'>,
  now: number,
  began = false,
): Fault | undefined {
  if (!began && from < now - LATE_MS) return fault('from', 'now or later', 'maintenant ou plus tard')
  if (from > now + FARTHEST_MS) return fault('from', 'within 400 days', 'dans les 400\u00a0jours')
  if (until <= from || until <= now)
    return fault('until', 'later than from, and than now', 'après from, et après maintenant')
  if (until - from > LONGEST_VISIT_MS)
    return fault('until', 'at most 30 days after from', 'au plus 30\u00a0jours après from')
  return undefined
}
const fault = (field: string, en: string, fr: string): Fault => ({ field, expected: { en, fr } })

/** The first place that is no door, no zone, or not theirs to open. @param reach zones that whoever asks has a say in */
export function placeFault(places: readonly Place[], site: Pick<Site, 'zones' | 'accessPoints'>, reach: Reach) {
  const index = places.findIndex(place => !isDoor(place, site, reach))
  const place = places[index]
  return place && { field: `places/${index}`, place: place.accessPoint ?? place.zone ?? '' }
}

function isDoor(
  { accessPoint, zone }: Place,
  { zones, accessPoints }: Pick<Site, 'zones' | 'accessPoints'>,
  reach: Reach,
) {
  if ((accessPoint === undefined) === (zone === undefined)) return false
  if (zone !== undefined) return zones.some(z => z.id === zone) && within(reach, zone)
  const point = accessPoints.find(p => p.id === accessPoint)
  return point?.class === 'door' && within(reach, point.zone)
}

/** Doors and nothing else, whatever else lies there: no medicines, no records. */
export const targetOf = ({ accessPoint, zone }: Place): NonNullable<Grant['target']> =>
  accessPoint === undefined ? { ...(zone !== undefined && { zone }), classes: ['door'] } : { accessPoint }
