/** /api/v1/grants: temporary grants, issued, listed, taken back. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { Grant, GrantRequest, SiteView } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import { Id, notAllowed, operatorOf, strict } from '../operator.ts'
import type { OperatorActs } from '../ports.ts'
import type { Places } from '../within-zones.ts'

type PointClass = SiteView['accessPoints'][number]['class']
/** Records, so that an origin or a class that is missing here does not compile. */
const ORIGINS: Readonly<Record<Grant['origin'], true>> = {
  shift: true,
  appointment: true,
  maintenance: true,
  prescription: true,
  loan: true,
}
const CLASSES: Readonly<Record<PointClass, true>> = {
  'controlled-drugs': true,
  medicines: true,
  'it-equipment': true,
  records: true,
  door: true,
  'escape-door': true,
  'crash-cart': true,
}
const Time = Type.Integer({ minimum: 0, maximum: 8.64e15, description: 'Milliseconds since 1970, UTC' })
const Wish = Type.Object(
  {
    person: Id,
    origin: Type.Enum(Object.keys(ORIGINS) as Grant['origin'][]),
    from: Time,
    until: Time,
    target: Type.Optional(
      Type.Object(
        {
          zone: Type.Optional(Id),
          accessPoint: Type.Optional(Id),
          classes: Type.Optional(Type.Array(Type.Enum(Object.keys(CLASSES) as PointClass[]), { minItems: 1 })),
        },
        { ...strict, minProperties: 1 },
      ),
    ),
    reference: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$', description: 'Opaque' })),
  },
  strict,
)
const ById = Type.Object({ id: Type.String({ pattern: '^g-[0-9a-f]{16}$' }) }, strict)
const Query = Type.Object({ all: Type.Optional(Type.Enum(['true', 'false'])) }, strict)
const config = { permission: 'grants.write' } as const

export function grantRoutes(acts: OperatorActs, places: Places): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Query> }>(
      '/api/v1/grants',
      { config, schema: { querystring: Query } },
      async ({ query, reach }) => {
        const { grants } = acts.grants(query.all === 'true')
        return { grants: grants.filter(grant => places.grants(reach, grant)) }
      },
    )
    app.post<{ Body: GrantRequest }>('/api/v1/grants', { config, schema: { body: Wish } }, async (request, reply) => {
      if (!places.grants(request.reach, request.body)) throw notAllowed('grants.write')
      return reply.code(201).send(await acts.issueGrant(request.body, operatorOf(request)))
    })
    app.delete<{ Params: Static<typeof ById> }>('/api/v1/grants/:id', { config, schema: { params: ById } }, request => {
      const { id } = request.params
      const known = request.reach && acts.grants(true).grants.find(grant => grant.id === id)
      // Of another zone, or of none: for them there is no such grant.
      if (request.reach && !(known && places.grants(request.reach, known)))
        throw new VigieError('grant-unknown', { grant: id })
      return acts.revokeGrant(id, operatorOf(request))
    })
  }
}
