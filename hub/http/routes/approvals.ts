/** /api/v1/approvals: what waits for a second operator. Never by a program: whoever decides is a person with a fresh second factor. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { ApprovalDesk } from '../approval-ports.ts'
import { callerOf, Id, strict } from '../operator.ts'

const Words = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'Why; it is journaled',
})
const Query = Type.Object(
  {
    state: Type.Optional(Type.Enum(['pending', 'decided'])),
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: '`next` of the page before' })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|1[0-9]{2}|200)$', description: '1 to 200' })),
  },
  strict,
)
const One = Type.Object({ id: Id }, strict)
const Perhaps = Type.Object({ reason: Type.Optional(Words) }, strict)
const Stated = Type.Object({ reason: Words }, strict)
type OfOne = { Params: Static<typeof One> }

const config = { permission: 'approvals.decide' } as const
const LIMIT = 50

export function approvalRoutes(desk: ApprovalDesk): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Query> }>(
      '/api/v1/approvals',
      { config, schema: { querystring: Query } },
      async request => {
        const { state, before, limit } = request.query
        return desk.list(callerOf(request), {
          limit: limit === undefined ? LIMIT : Number(limit),
          ...(before !== undefined && { before: Number(before) }),
          ...(state !== undefined && { pending: state === 'pending' }),
        })
      },
    )
    app.get<OfOne>('/api/v1/approvals/:id', { config, schema: { params: One } }, async request =>
      desk.view(request.params.id, callerOf(request)),
    )
    app.post<OfOne & { Body: Static<typeof Perhaps> }>(
      '/api/v1/approvals/:id/approve',
      { config: { ...config, stepUp: true }, schema: { params: One, body: Perhaps } },
      request => desk.approve(request.params.id, callerOf(request), request.body.reason),
    )
    app.post<OfOne & { Body: Static<typeof Stated> }>(
      '/api/v1/approvals/:id/refuse',
      { config, schema: { params: One, body: Stated } },
      request => desk.refuse(request.params.id, callerOf(request), request.body.reason),
    )
    app.post<OfOne & { Body: Static<typeof Perhaps> }>(
      '/api/v1/approvals/:id/withdraw',
      { config, schema: { params: One, body: Perhaps } },
      request => desk.withdraw(request.params.id, callerOf(request), request.body.reason),
    )
  }
}
