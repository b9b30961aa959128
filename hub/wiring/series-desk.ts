/** What is asked of the curves over HTTP, in terms of the site. */
import { models } from '#devices/registry.ts'
import type { Curve, Report } from '../api.ts'
import { type Said, VigieError } from '../errors.ts'
import { csvLine } from '../export/csv.ts'
import { spanAsked } from '../flows/journal-times.ts'
import type { CurveQuery, ReportQuery, SeriesDesk } from '../http/series-ports.ts'
import type { Table } from '../rules/reports.ts'
import {
  type CurveAsked,
  DAY_MS,
  EVENT_QUANTITIES,
  type Quantity,
  readingQuantity,
  STEPS,
  stepFor,
} from '../rules/series.ts'
import { type Reach, within, zonesBelow } from '../rules/zones.ts'
import type { ReportAsked } from './reporting.ts'
import type { CurveFound } from './series-thread.ts'
import type { LaterNeeds } from './services.ts'

type DeskNeeds = Pick<LaterNeeds, 'registry' | 'now'> & {
  curve(asked: CurveAsked): Promise<CurveFound>
  report(asked: ReportAsked): Promise<Table>
}

/** What devices measure, and what the hub counts. */
export const QUANTITIES: ReadonlyMap<string, Quantity> = new Map(
  [...models().flatMap(m => m.points.flatMap(p => p.traits.flatMap(t => t.quantities)))]
    .map(({ name, unit }) => readingQuantity(name, unit))
    .concat(EVENT_QUANTITIES)
    .map(quantity => [quantity.name, quantity] as const),
)

export function seriesDesk(needs: DeskNeeds): SeriesDesk {
  const report = async (query: ReportQuery, reach: Reach): Promise<Report> => {
    const asked = reportAsked(query, reach, needs)
    const { columns, rows } = await needs.report(asked)
    return { report: asked.report, from: asked.from, until: asked.until, columns, rows }
  }
  return {
    report,
    reportCsv: async (query, reach) => {
      const { columns, rows } = await report(query, reach)
      return [columns, ...rows].map(row => csvLine(row.map(cell => String(cell ?? '')))).join('')
    },
    quantities: () => ({
      quantities: [...QUANTITIES.values()].map(({ name, unit, label, usual }) => ({ name, unit, label, usual })),
    }),
    curve: async (query, reach): Promise<Curve> => {
      const asked = askedOf(query, reach, needs)
      const { points, source } = await needs.curve(asked)
      const { quantity, aggregate, from, until, step } = asked
      return {
        ...{ quantity: quantity.name, unit: quantity.unit, aggregate, step: step.name, from, until, source },
        points: points.map(([at, value]) => ({ at, value })),
      }
    },
  }
}

const MONTH_DAYS = 30
const LONGEST_DAYS = 400
const WATTS = 40
const TOO_LONG: Said = {
  en: `a span of at most ${LONGEST_DAYS} days`,
  fr: `une période de ${LONGEST_DAYS}\u00a0jours au plus`,
}

function reportAsked({ report, watts, ...span }: ReportQuery, reach: Reach, { registry, now }: DeskNeeds): ReportAsked {
  const { timeZone } = registry().site.site
  const asked = spanAsked(span, timeZone)
  const until = asked.until ?? now()
  const from = asked.from ?? until - MONTH_DAYS * DAY_MS
  if (from >= until) throw new VigieError('range-inverted')
  if (until - from > LONGEST_DAYS * DAY_MS)
    throw new VigieError('filter-invalid', { field: 'from', expected: TOO_LONG })
  return {
    report,
    from,
    until,
    timeZone,
    watts: watts === undefined ? WATTS : Number(watts),
    ...(reach && { zones: [...reach] }),
  }
}

function askedOf(query: CurveQuery, reach: Reach, { registry, now }: DeskNeeds): CurveAsked {
  const quantity = QUANTITIES.get(query.quantity)
  if (!quantity) throw new VigieError('quantity-unknown', { quantity: query.quantity })
  const span = spanAsked(query, registry().site.site.timeZone)
  const until = span.until ?? now()
  const from = span.from ?? until - DAY_MS
  const wanted = STEPS.find(({ name }) => name === query.step)
  const step = stepFor(from, until, wanted, now())
  return {
    quantity,
    aggregate: query.aggregate ?? quantity.usual,
    ...placeOf(query, reach, registry().site),
    from,
    until,
    step,
  }
}

type Places = ReturnType<DeskNeeds['registry']>['site']
type Place = Pick<CurveAsked, 'zones' | 'device' | 'accessPoint'>

/** What lies outside their zones is not there for them. */
function placeOf({ zone, device, accessPoint }: CurveQuery, reach: Reach, site: Places): Place {
  if ([zone, device, accessPoint].filter(place => place !== undefined).length > 1) throw new VigieError('place-once')
  const theirs = reach && { zones: [...reach] }
  if (zone !== undefined) {
    if (!within(reach, zone) || !site.zones.some(z => z.id === zone)) throw new VigieError('zone-unknown', { zone })
    return { zones: [...zonesBelow(site.zones, [zone])] }
  }
  if (device !== undefined) {
    if (!isTheirs(site.devices, device, reach)) throw new VigieError('device-unknown', { device })
    return { ...theirs, device }
  }
  if (accessPoint === undefined) return { ...theirs }
  if (!isTheirs(site.accessPoints, accessPoint, reach)) throw new VigieError('access-point-unknown', { accessPoint })
  return { ...theirs, accessPoint }
}

const isTheirs = (all: readonly { id: string; zone: string }[], id: string, reach: Reach): boolean =>
  all.some(one => one.id === id && within(reach, one.zone))
