/** /api/v1/grants: temporary grants, one or many, issued, listed, taken back; by operators and by applications. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { Grant, GrantList, GrantRequest, GrantsRequest, SiteView } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import { TENANT_LIMITS, tenantBy } from '../../rules/tenant-scope.ts'
import { askingTenant, callerOf, Id, notAllowed, operatorOf, strict } from '../operator.ts'
import { pageBy } from '../paging.ts'
import type { OperatorActs } from '../ports.ts'
import type { AskingTenant, GrantDesk } from '../tenant-ports.ts'
import { compileEither } from '../validate.ts'
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
    key: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._:-]{1,64}$',
        description: 'Of an application: sent again with it, the same wish is the same grant',
      }),
    ),
  },
  strict,
)
const Wishes = Type.Object(
  { grants: Type.Array(Wish, { minItems: 1, maxItems: TENANT_LIMITS.batch, description: 'All of them, or none' }) },
  strict,
)
const Body = Type.Union([Wish, Wishes])
/** Bytes: 500 grants, each as long as it can be. */
const BODY_LIMIT = 1_048_576
const PAGE = 500
const ById = Type.Object({ id: Type.String({ pattern: '^g-[0-9a-f]{16}$' }) }, strict)
const Query = Type.Object(
  {
    all: Type.Optional(Type.Enum(['true', 'false'])),
    after: Type.Optional(Type.String({ pattern: '^g-[0-9a-f]{16}$', description: '`next` of the page before' })),
    limit: Type.Optional(
      Type.String({ pattern: '^([1-9][0-9]?|[1-4][0-9][0-9]|500)$', description: `1 to ${PAGE}; ${PAGE} if left out` }),
    ),
  },
  strict,
)
type Query = Static<typeof Query>
const config = { permission: 'grants.write', tenant: true } as const

/** @param desk of applications, and of many at once; left out: there is none */
export function grantRoutes(acts: OperatorActs, places: Places, desk?: GrantDesk): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Query }>(
      '/api/v1/grants',
      { config, schema: { querystring: Query } },
      async (request): Promise<GrantList> => {
        const { query, reach } = request
        const tenant = askingTenant(callerOf(request))
        if (tenant) return desk?.list(tenant.tenant, pageIn(query)) ?? { grants: [] }
        const seen = acts.grants(query.all === 'true').grants.filter(grant => places.grants(reach, grant))
        const { page, next } = pageBy(seen, grant => grant.id, { limit: String(PAGE), ...query })
        return { grants: page, ...(next !== undefined && { next }) }
      },
    )
    app.post<{ Body: Static<typeof Body> }>(
      '/api/v1/grants',
      {
        config,
        schema: { body: Body },
        validatorCompiler: compileEither(Wish, Wishes, 'grants'),
        bodyLimit: BODY_LIMIT,
      },
      (request, reply) => issue(request, reply, request.body as GrantRequest | GrantsRequest),
    )
    app.delete<{ Params: Static<typeof ById> }>('/api/v1/grants/:id', { config, schema: { params: ById } }, request => {
      const { id } = request.params
      const tenant = askingTenant(callerOf(request))
      // Of another zone, of another application, or of none: for them there is no such grant.
      if (!(tenant ? ownedBy(tenant, id) : reachable(request, id))) throw new VigieError('grant-unknown', { grant: id })
      return acts.revokeGrant(id, operatorOf(request))
    })
  }

  async function issue(
    request: FastifyRequest,
    reply: FastifyReply,
    body: GrantRequest | GrantsRequest,
  ): Promise<FastifyReply> {
    const by = operatorOf(request)
    const tenant = askingTenant(callerOf(request))
    const many = 'grants' in body
    const wishes = many ? body.grants : [body]
    if (!tenant) needOperators(request, wishes)
    if (!many && !tenant) return reply.code(201).send(await acts.issueGrant(body, by))
    if (!desk) throw new VigieError('not-found')
    const { grants, made, revision } = await desk.issue(wishes, by, tenant, many)
    return reply.code(made > 0 ? 201 : 200).send(many ? { grants, revision } : { grant: grants[0], revision })
  }

  /** @throws VigieError not-allowed, input-invalid */
  function needOperators(request: FastifyRequest, wishes: readonly GrantRequest[]): void {
    if (!wishes.every(wish => places.grants(request.reach, wish))) throw notAllowed('grants.write')
    if (wishes.some(wish => wish.key !== undefined)) throw new VigieError('input-invalid', NO_KEY)
  }

  function ownedBy({ tenant }: AskingTenant, id: string): boolean {
    return desk?.find(id)?.by === tenantBy(tenant)
  }

  function reachable({ reach }: FastifyRequest, id: string): boolean {
    const known = reach && acts.grants(true).grants.find(grant => grant.id === id)
    return !reach || (known !== undefined && places.grants(reach, known))
  }
}

const NO_KEY = {
  field: 'key',
  expected: {
    en: 'no key: those are for applications. Send an Idempotency-Key',
    fr: 'pas de clé\u202f: elles sont pour les applications. Envoyez un Idempotency-Key',
  },
}

const pageIn = ({ all, after, limit }: Query) => ({
  all: all === 'true',
  limit: limit === undefined ? PAGE : Number(limit),
  ...(after !== undefined && { after }),
})
