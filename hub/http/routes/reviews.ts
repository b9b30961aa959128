/** /api/v1/reviews: emergency openings that wait for a second person's finding. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { Review } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import { FINDINGS } from '../../events.ts'
import { within } from '../../rules/zones.ts'
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
    app.get('/api/v1/reviews', { config: { permission: 'reviews.read' } }, async request => ({
      reviews: reviewsFor(request),
    }))
    app.post<{ Params: Static<typeof ById>; Body: Static<typeof Closing> }>(
      '/api/v1/reviews/:id/closing',
      { config: { permission: 'reviews.close' }, schema: { params: ById, body: Closing } },
      request => {
        const { id } = request.params
        // Of another zone: for them there is no such review.
        if (request.reach && !reviewsFor(request).some(review => review.id === id))
          throw new VigieError('review-unknown', { review: id })
        return acts.closeReview(id, request.body, operatorOf(request))
      },
    )
  }

  function reviewsFor(request: FastifyRequest): readonly Review[] {
    return acts.reviews(operatorOf(request)).reviews.filter(review => within(request.reach, review.zone))
  }
}
