/** Reports, put together from the journal, the incidents and the curves: in the thread of the time series. */
import { wallClock } from '../access/calendar.ts'
import { incidentsSince } from '../record/incidents.ts'
import { rowsBetween } from '../record/report-rows.ts'
import { items, subjects } from '../record/site.ts'
import type { Db } from '../record/sql.ts'
import type { Incident } from '../rules/incidents.ts'
import { KINDS_READ, type ReportContext, type ReportName, response, TALLIES, type Table } from '../rules/reports.ts'
import { DAY_STEP, type Quantity, readingQuantity } from '../rules/series.ts'
import type { SeriesFollowing } from './series-following.ts'

/** Across threads. Ms; `from` inclusive, `until` exclusive. */
export interface ReportAsked {
  readonly report: ReportName
  readonly from: number
  readonly until: number
  readonly timeZone: string
  readonly watts: number
  /** Only what lies in these; left out: the whole site. */
  readonly zones?: readonly string[]
}
const HOUR_MINUTES = 60
const DAY_HOURS = 24
const INCIDENTS_AT_ONCE = 500

export async function reportIn(db: Db, following: SeriesFollowing, asked: ReportAsked): Promise<Table> {
  const table = await tableOf(db, following, asked)
  const zone = table.columns.indexOf('zone')
  const { zones } = asked
  return zones ? { ...table, rows: table.rows.filter(row => zones.includes(String(row[zone]))) } : table
}

async function tableOf(db: Db, following: SeriesFollowing, asked: ReportAsked): Promise<Table> {
  const { report, from, until } = asked
  if (report === 'response') return response(answered(db, asked))
  if (report === 'rooms') return rooms(db, following, asked)
  const tally = TALLIES[report]?.(contextOf(db, asked))
  if (!tally) throw new Error(`no report ${report}`)
  for await (const row of rowsBetween(db, { from, until, kinds: KINDS_READ[report] ?? [] })) tally.take(row)
  return tally.table()
}

function contextOf(db: Db, { from, until, timeZone, watts }: ReportAsked): ReportContext {
  const zone = wallClock(timeZone)
  const minuteOf = (at: number): number => (zone.ok ? zone.clock.minuteOf(at) : Math.floor(at / 60_000))
  const people = new Map(
    items(db, 'person').map(({ id, body }) => [id, (JSON.parse(body) as { roles: string[] }).roles]),
  )
  const roles = new Map(
    subjects(db).flatMap(s => (s.kind === 'person' ? [[s.pseudonym, people.get(s.id) ?? []] as const] : [])),
  )
  const devices = new Map(items(db, 'device').map(({ id, body }) => [id, (JSON.parse(body) as { zone: string }).zone]))
  return {
    ...{ from, until, watts },
    hourOf: at => Math.floor(minuteOf(at) / HOUR_MINUTES) % DAY_HOURS,
    rolesOf: person => roles.get(person) ?? [],
    zoneOf: device => devices.get(device),
  }
}

function answered(db: Db, { from, until }: ReportAsked): Incident[] {
  const found: Incident[] = []
  for (let after = 0; ; ) {
    const page = incidentsSince(db, { since: from, after, limit: INCIDENTS_AT_ONCE })
    found.push(...page.map(({ body }) => JSON.parse(body) as Incident).filter(({ at }) => at >= from && at < until))
    const last = page.at(-1)
    if (!last) return found
    after = last.number
  }
}

/** Means of what was measured in each zone itself, not in those below it. */
function rooms(db: Db, following: SeriesFollowing, { from, until, timeZone }: ReportAsked): Table {
  const mean = (quantity: Quantity, zone: string): number | null => {
    const of = { quantity, zones: [zone], from, until, step: DAY_STEP }
    const total = (aggregate: 'sum' | 'count'): number =>
      following.curve({ ...of, aggregate }, timeZone).reduce((sum, [, value]) => sum + value, 0)
    const count = total('count')
    return count === 0 ? null : total('sum') / count
  }
  const measured = [
    readingQuantity('occupancy', '1'),
    readingQuantity('illuminance', 'lx'),
    readingQuantity('temperature', '°C'),
    readingQuantity('humidity', '%'),
  ]
  const rows = items(db, 'zone').map(({ id }) => [id, ...measured.map(quantity => mean(quantity, id))])
  return {
    columns: ['zone', 'occupancy', 'illuminance', 'temperature', 'humidity'],
    rows: rows.filter(([, ...means]) => means.some(value => value !== null)),
  }
}
