/** Reads the embedded time series: one curve in one statement, from the coarsest table that can tell it. */
import type { Tag } from '../rules/points.ts'
import { type Aggregate, type CurveAsked, type CurvePoint, tierOf } from '../rules/series.ts'
import type { Db } from './sql.ts'

const FROM_TIER: Readonly<Record<Aggregate, string>> = {
  mean: 'sum(sum) / sum(n)',
  min: 'min(min)',
  max: 'max(max)',
  sum: 'sum(sum)',
  count: 'sum(n)',
  last: 'last',
}
const FROM_RAW: Readonly<Record<Aggregate, string>> = {
  mean: 'avg(value)',
  min: 'min(value)',
  max: 'max(value)',
  sum: 'sum(value)',
  count: 'count(*)',
  last: 'value',
}

/** Oldest first. @param asked `from` is the beginning of a step */
export function curve(db: Db, asked: CurveAsked): CurvePoint[] {
  const tier = tierOf(asked.step)
  const { aggregate, from, until, step } = asked
  // SQLite gives the other columns of the row that has the greatest: here, the newest.
  const newest = tier ? 'max(last_at)' : 'max(at + nth / 1e6)'
  const value = (tier ? FROM_TIER : FROM_RAW)[aggregate]
  const begins = tier === 'day' ? 'at' : 'at - at % @step'
  const query = db.prepare<[object], { begins: number; value: number }>(
    `select ${begins} as begins, ${value} as value${aggregate === 'last' ? `, ${newest} as newest` : ''}
     from ${tier ?? 'raw'} where series in (select value from json_each(@series)) and at >= @from and at < @until
     group by begins order by begins`,
  )
  const series = JSON.stringify(seriesOf(db, asked))
  return query.all({ series, from, until, step: step.ms }).map(row => [row.begins, row.value] as const)
}

/** Ids of all that the question is about. */
export function seriesOf(db: Db, { quantity, zones, device, accessPoint }: CurveAsked): number[] {
  const all = db.prepare<[string, string], { id: number; tags: string }>(
    'select id, tags from series where measurement = ? and field = ?',
  )
  const wanted = { ...quantity.where, ...(device && { device }), ...(accessPoint && { access_point: accessPoint }) }
  const fits = (tags: Readonly<Partial<Record<Tag, string>>>): boolean =>
    Object.entries(wanted).every(([tag, value]) => tags[tag as Tag] === value) &&
    (zones === undefined || (tags.zone !== undefined && zones.includes(tags.zone)))
  return all
    .all(quantity.measurement, quantity.field)
    .filter(({ tags }) => fits(JSON.parse(tags)))
    .map(({ id }) => id)
}
