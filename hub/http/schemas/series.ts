/** Curves, as they are answered. */
import { Type } from '#devices/schema.ts'
import type { Curve, CurveStep, QuantityList, QuantityView, Report, SeriesHealth, StoreHealth } from '../../api.ts'
import { REPORTS } from '../../rules/reports.ts'
import { AGGREGATES, MOST_POINTS, STEPS, STORES } from '../../rules/series.ts'
import { Count, type Fits, Ms, named, type Proven, strict, Text } from './parts.ts'

const StoreNameShape = named('StoreName', Type.Enum([...STORES]))
const AggregateShape = named('Aggregate', Type.Enum([...AGGREGATES]))
export const QuantityShape = named(
  'Quantity',
  Type.Object(
    {
      name: Text,
      unit: Type.String({ description: 'UCUM; 1 for counts and shares' }),
      label: Type.Object({ en: Text, fr: Text }, strict),
      usual: AggregateShape,
    },
    strict,
  ),
)
export const QuantityListShape = named('QuantityList', Type.Object({ quantities: Type.Array(QuantityShape) }, strict))
export const CurveStepShape = named(
  'CurveStep',
  Type.Object(
    { at: Type.Integer({ description: 'When the step begins; ms since 1970' }), value: Type.Number() },
    strict,
  ),
)
export const CurveShape = named(
  'Curve',
  Type.Object(
    {
      quantity: Text,
      unit: Text,
      aggregate: AggregateShape,
      step: Type.Enum(
        STEPS.map(({ name }) => name),
        { description: 'That is used, which may be longer than the one asked for' },
      ),
      from: Ms,
      until: Ms,
      source: StoreNameShape,
      points: Type.Array(CurveStepShape, {
        maxItems: MOST_POINTS + 1,
        description: 'Oldest first. Steps in which nothing was measured are not there.',
      }),
    },
    strict,
  ),
)
export const ReportShape = named(
  'Report',
  Type.Object(
    {
      report: Type.Enum([...REPORTS]),
      from: Ms,
      until: Ms,
      columns: Type.Array(Text),
      rows: Type.Array(Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null()])), {
        description: '<5: somebody, but fewer than five people. Null: nothing is known.',
      }),
    },
    strict,
  ),
)
export const StoreHealthShape = named(
  'StoreHealth',
  Type.Object(
    {
      name: StoreNameShape,
      behind: Type.Integer({ minimum: 0, description: 'Rows of the journal that it was not sent yet' }),
      aside: Type.Integer({ minimum: 0, description: 'Points that it never took' }),
      trouble: Type.Optional(Type.String({ description: 'What keeps it: a code of the table of errors' })),
    },
    strict,
  ),
)
export const SeriesHealthShape = named(
  'SeriesHealth',
  Type.Object(
    {
      behind: Type.Integer({ minimum: 0, description: 'Rows of the journal that are not in the curves yet' }),
      bytes: Count,
      part: Type.Number({
        description: 'Of the terms of points and minutes, what is kept: less than 1 where the file would be too large',
      }),
      stores: Type.Array(StoreHealthShape),
    },
    strict,
  ),
)
export type SeriesProven = Proven<
  [
    Fits<typeof QuantityShape, QuantityView>,
    Fits<typeof QuantityListShape, QuantityList>,
    Fits<typeof CurveStepShape, CurveStep>,
    Fits<typeof CurveShape, Curve>,
    Fits<typeof ReportShape, Report>,
    Fits<typeof StoreHealthShape, StoreHealth>,
    Fits<typeof SeriesHealthShape, SeriesHealth>,
  ]
>
