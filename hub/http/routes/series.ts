/** /api/v1/series: what was measured and what happened, as curves. Nobody is in them. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { REPORTS } from '../../rules/reports.ts'
import { AGGREGATES, STEPS } from '../../rules/series.ts'
import { Id, strict } from '../operator.ts'
import type { SeriesDesk } from '../series-ports.ts'

const Time = Type.String({
  pattern: '^[0-9TtZz:.+-]{10,40}$',
  description: 'A day on the calendar of the site (2026-12-25), or RFC 3339 with a zone',
})
const Query = Type.Object(
  {
    quantity: Type.String({
      pattern: '^[a-z][a-z0-9-]{0,63}$',
      description: 'As GET /api/v1/series/quantities lists it',
    }),
    zone: Type.Optional(Id),
    device: Type.Optional(Id),
    accessPoint: Type.Optional(Id),
    from: Type.Optional(Time),
    until: Type.Optional(Time),
    step: Type.Optional(
      Type.Enum(
        STEPS.map(({ name }) => name),
        {
          description:
            'A longer one is used where the answer would have more than 1,000 points, or nothing as fine is kept',
        },
      ),
    ),
    aggregate: Type.Optional(Type.Enum([...AGGREGATES])),
  },
  strict,
)
const Report = Type.Object({ report: Type.Enum([...REPORTS]) }, strict)
const ReportSpan = Type.Object(
  {
    from: Type.Optional(Time),
    until: Type.Optional(Time),
    watts: Type.Optional(
      Type.String({
        pattern: '^[1-9][0-9]{0,3}$',
        description: 'Power of a lamp that is on, for `lights`; 40 if left out',
      }),
    ),
  },
  strict,
)
const config = { permission: 'events.read' } as const
/** They are made of the history, if of nobody’s. */
const reading = { permission: 'journal.read' } as const
interface OfReport {
  Params: Static<typeof Report>
  Querystring: Static<typeof ReportSpan>
}

export function seriesRoutes(desk: SeriesDesk): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/series/quantities', { config }, async () => desk.quantities())
    app.get<{ Querystring: Static<typeof Query> }>(
      '/api/v1/series',
      { config, schema: { querystring: Query } },
      async ({ query, reach }) => desk.curve(query, reach),
    )
    const schema = { params: Report, querystring: ReportSpan }
    app.get<OfReport>('/api/v1/reports/:report', { config: reading, schema }, async ({ params, query, reach }) =>
      desk.report({ ...query, ...params }, reach),
    )
    app.get<OfReport>(
      '/api/v1/reports/:report/csv',
      { config: reading, schema },
      async ({ params, query, reach }, reply) =>
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="${params.report}.csv"`)
          .send(await desk.reportCsv({ ...query, ...params }, reach)),
    )
  }
}
