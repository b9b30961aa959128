/** /api/v1/tenants: connected applications, for who lets them in; /api/v1/tenant: what one of them may do, for itself. */
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { TenantView } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import { askingTenant, callerOf, Id, operatorOf, strict } from '../operator.ts'
import { TenantScopeShape } from '../schemas/tenants.ts'
import type { TenantAdmin, TenantDesk } from '../tenant-ports.ts'

const Name = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const ExpiresAt = Type.Integer({ minimum: 0, maximum: 8.64e15, description: 'At most 366 days ahead' })
const Reason = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'Why; it is journaled',
})
const Wish = Type.Object({ id: Id, name: Name, scope: TenantScopeShape, expiresAt: ExpiresAt }, strict)
const Change = Type.Object(
  { name: Type.Optional(Name), scope: Type.Optional(TenantScopeShape), reason: Reason },
  { ...strict, minProperties: 2 },
)
const NewToken = Type.Object({ expiresAt: ExpiresAt }, strict)
const CutOff = Type.Object({ reason: Reason }, strict)
const One = Type.Object({ id: Id }, strict)
type OfOne = { Params: Static<typeof One> }
const config = { permission: 'tenants.manage' } as const

export function tenantRoutes(admin: TenantAdmin, desk: Pick<TenantDesk, 'self'>): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/tenants', { config }, async () => admin.list())
    app.post<{ Body: Static<typeof Wish> }>(
      '/api/v1/tenants',
      { config, schema: { body: Wish } },
      async (request, reply) => {
        const made = await admin.register(request.body, operatorOf(request))
        return handedOut(reply.code(201), made.tenant).send(made)
      },
    )
    app.get<OfOne>('/api/v1/tenants/:id', { config, schema: { params: One } }, async (request, reply) => {
      const view = admin.view(request.params.id)
      return reply.header('etag', etagOf(view.revision)).send(view)
    })
    app.patch<OfOne & { Body: Static<typeof Change> }>(
      '/api/v1/tenants/:id',
      { config, schema: { params: One, body: Change } },
      async (request, reply) => {
        const edit = { expected: revisionSeen(request), by: operatorOf(request) }
        const view = await admin.change(request.params.id, request.body, edit)
        return reply.header('etag', etagOf(view.revision)).send(view)
      },
    )
    app.post<OfOne & { Body: Static<typeof NewToken> }>(
      '/api/v1/tenants/:id/token',
      { config, schema: { params: One, body: NewToken } },
      async (request, reply) => {
        const made = await admin.newToken(request.params.id, request.body.expiresAt, operatorOf(request))
        return handedOut(reply, made.tenant).send(made)
      },
    )
    app.post<OfOne & { Body: Static<typeof CutOff> }>(
      '/api/v1/tenants/:id/cut-off',
      { config, schema: { params: One, body: CutOff } },
      request => admin.cutOff(request.params.id, request.body.reason, operatorOf(request)),
    )
    app.get('/api/v1/tenant', { config: { ...config, tenant: true } }, async request => {
      const tenant = askingTenant(callerOf(request))
      if (!tenant) throw new VigieError('tenant-none')
      return desk.self(tenant)
    })
  }
}

/** A secret is kept by nobody on the way. */
const handedOut = (reply: FastifyReply, { revision }: TenantView): FastifyReply =>
  reply.header('etag', etagOf(revision)).header('cache-control', 'no-store')
