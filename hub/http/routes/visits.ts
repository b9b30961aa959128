/** /api/v1/visits: who visits whom, from when to when, through which doors. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { VisitMade, VisitView } from '../../api.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { MovementReason } from '../schemas/movements.ts'
import { VisitBody, VisitTimes } from '../schemas/visits.ts'
import type { VisitAsking, VisitDesk } from '../visit-ports.ts'

const Moment = Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$', description: 'Milliseconds since 1970, UTC' }))
const Query = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'ended'])),
    from: Moment,
    to: Moment,
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: '`next` of the page before' })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|1[0-9]{2}|200)$', description: '1 to 200' })),
  },
  strict,
)
const One = Type.Object({ id: Id }, strict)
const Perhaps = Type.Object({ reason: Type.Optional(MovementReason) }, strict)
type OfOne = { Params: Static<typeof One> }
const config = { permission: 'visits.write' } as const
const LIMIT = 50

export function visitRoutes(desk: VisitDesk): FastifyPluginAsync {
  return async app => {
    app.addHook('onReady', async () => desk.start())
    app.addHook('preClose', () => desk.stop())
    app.get<{ Querystring: Static<typeof Query> }>(
      '/api/v1/visits',
      { config, schema: { querystring: Query } },
      async ({ query, reach }) => desk.list(queryOf(query), reach),
    )
    app.get<OfOne>('/api/v1/visits/:id', { config, schema: { params: One } }, async (request, reply) =>
      tagged(reply, desk.view(request.params.id, request.reach)),
    )
    app.post<{ Body: Static<typeof VisitBody> }>(
      '/api/v1/visits',
      { config, schema: { body: VisitBody } },
      async (request, reply) => {
        const { badge, ...wish } = request.body
        const uid = badge === undefined ? {} : { badge: badge.toUpperCase() }
        return handedOut(reply.code(201), await desk.announce({ ...wish, ...uid }, askingOf(request)))
      },
    )
    app.patch<OfOne & { Body: Static<typeof VisitTimes> }>(
      '/api/v1/visits/:id',
      { config, schema: { params: One, body: VisitTimes } },
      async (request, reply) => {
        const edit = { ...askingOf(request), expected: revisionSeen(request) }
        return tagged(reply, await desk.move(request.params.id, request.body, edit))
      },
    )
    app.post<OfOne & { Body: Static<typeof Perhaps> }>(
      '/api/v1/visits/:id/end',
      { config, schema: { params: One, body: Perhaps } },
      async (request, reply) =>
        tagged(reply, await desk.end(request.params.id, request.body.reason, askingOf(request))),
    )
    app.post<OfOne>('/api/v1/visits/:id/code', { config, schema: { params: One } }, async (request, reply) =>
      handedOut(reply, await desk.recode(request.params.id, askingOf(request))),
    )
  }
}

function queryOf({ state, from, to, before, limit }: Static<typeof Query>) {
  return {
    limit: limit === undefined ? LIMIT : Number(limit),
    ...(state !== undefined && { open: state === 'open' }),
    ...(from !== undefined && { from: Number(from) }),
    ...(to !== undefined && { to: Number(to) }),
    ...(before !== undefined && { before: Number(before) }),
  }
}

const askingOf = (request: FastifyRequest): VisitAsking => ({ by: operatorOf(request), reach: request.reach })
const tagged = (reply: FastifyReply, view: VisitView): FastifyReply =>
  reply.header('etag', etagOf(view.revision)).send(view)
/** A code is kept by nobody on the way. */
const handedOut = (reply: FastifyReply, made: VisitMade): FastifyReply =>
  reply.header('etag', etagOf(made.visit.revision)).header('cache-control', 'no-store').send(made)
