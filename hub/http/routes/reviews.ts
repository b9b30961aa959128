/** /api/v1/reviews: emergency openings that wait for a second person's finding. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { FINDINGS } from '../../events.ts'
import { operatorOf, strict } from '../operator.ts'
import type { OperatorActs } from '../ports.ts'

const ById = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' }) }, strict)
const Closing = Type.Object(
  {
    finding: Type.Enum([...FINDINGS]),
    comment: Type.Optional(Type.String({ maxLength: 500, description: 'Never a patient’s name' })),
  },
  strict,
)

export function reviewRoutes(acts: OperatorActs): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/reviews', { config: { permission: 'reviews.read' } }, async request =>
      acts.reviews(operatorOf(request)),
    )
    app.post<{ Params: Static<typeof ById>; Body: Static<typeof Closing> }>(
      '/api/v1/reviews/:id/closing',
      { config: { permission: 'reviews.close' }, schema: { params: ById, body: Closing } },
      request => acts.closeReview(request.params.id, request.body, operatorOf(request)),
    )
  }
}
