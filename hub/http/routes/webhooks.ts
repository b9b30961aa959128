/** /api/v1/webhooks: whom the hub tells of what happens. For operators all of them, for an application its own. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { WebhookView } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import type { EventKind } from '../../events.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import { askingTenant, callerOf, Id, need, strict } from '../operator.ts'
import { may } from '../permissions.ts'
import type { WebhookAsker, WebhookDesk } from '../webhook-ports.ts'
import { KINDS } from './events.ts'

const PAGE = 100
const Name = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const Url = Type.String({
  minLength: 9,
  maxLength: 500,
  pattern: '^https://[\\x21-\\x7e]+$',
  description: 'https only, without a user, a password or a fragment',
})
const Kinds = Type.Array(Type.Enum(Object.keys(KINDS) as EventKind[]), {
  maxItems: 200,
  uniqueItems: true,
  description: 'None: all that its owner may see',
})
const Zones = Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true, description: 'With those below them' })
const Wish = Type.Object({ name: Name, url: Url, kinds: Kinds, zones: Type.Optional(Zones) }, strict)
const Change = Type.Object(
  {
    name: Type.Optional(Name),
    url: Type.Optional(Url),
    kinds: Type.Optional(Kinds),
    zones: Type.Optional(Type.Union([Zones, Type.Null()])),
    status: Type.Optional(Type.Enum(['active', 'paused'])),
  },
  { ...strict, minProperties: 1 },
)
const WebhookId = Type.String({ pattern: '^w-[0-9a-f]{16}$' })
const One = Type.Object({ id: WebhookId }, strict)
const Row = Type.Object({ id: WebhookId, seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) }, strict)
const Page = Type.Object(
  {
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'A journal seq, exclusive' })),
    limit: Type.Optional(
      Type.String({ pattern: '^([1-9][0-9]?|1[0-9][0-9]|200)$', description: `1 to 200; ${PAGE} if left out` }),
    ),
  },
  strict,
)
type OfOne = { Params: Static<typeof One> }
const config = { permission: 'webhooks.manage', tenant: true } as const
const ofOne = { config, schema: { params: One } }

export function webhookRoutes(desk: WebhookDesk): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/webhooks', { config }, async request => desk.list(askerOf(request)))
    app.post<{ Body: Static<typeof Wish> }>(
      '/api/v1/webhooks',
      { config, schema: { body: Wish } },
      async (request, reply) => {
        const made = await desk.create(request.body, askerOf(request))
        return handedOut(reply.code(201), made.webhook).send(made)
      },
    )
    app.get<OfOne>('/api/v1/webhooks/:id', ofOne, async (request, reply) =>
      tagged(reply, desk.view(request.params.id, askerOf(request))),
    )
    app.patch<OfOne & { Body: Static<typeof Change> }>(
      '/api/v1/webhooks/:id',
      { config, schema: { params: One, body: Change } },
      async (request, reply) => {
        const { params, body } = request
        return tagged(reply, await desk.change(params.id, body, revisionSeen(request), askerOf(request)))
      },
    )
    app.delete<OfOne>('/api/v1/webhooks/:id', ofOne, async (request, reply) => {
      await desk.remove(request.params.id, askerOf(request))
      return reply.code(204).send()
    })
    app.post<OfOne>('/api/v1/webhooks/:id/secret', ofOne, async (request, reply) => {
      const made = await desk.newSecret(request.params.id, askerOf(request))
      return handedOut(reply, made.webhook).send(made)
    })
    app.post<OfOne>('/api/v1/webhooks/:id/test', ofOne, request => desk.test(request.params.id, askerOf(request)))
    app.get<OfOne>('/api/v1/webhooks/:id/deliveries', ofOne, async request =>
      desk.deliveries(request.params.id, askerOf(request)),
    )
    app.get<OfOne & { Querystring: Static<typeof Page> }>(
      '/api/v1/webhooks/:id/dead',
      { config, schema: { params: One, querystring: Page } },
      async request => desk.dead(request.params.id, pageOf(request.query), askerOf(request)),
    )
    app.post<{ Params: Static<typeof Row> }>(
      '/api/v1/webhooks/:id/dead/:seq/redeliver',
      { config, schema: { params: Row } },
      request => desk.redeliver(request.params.id, Number(request.params.seq), askerOf(request)),
    )
  }
}

/**
 * What somebody may not read themselves, they can't have sent somewhere: neither a token without that capability, nor an
 * application whose scope has no webhooks. @throws VigieError not-allowed, tenant-scope
 */
function askerOf(request: FastifyRequest): WebhookAsker {
  const caller = callerOf(request)
  const tenant = askingTenant(caller)
  if (tenant) {
    if (!tenant.scope.webhooks) throw new VigieError('tenant-scope', { field: 'webhooks', expected: NONE })
    return { by: caller.id, guarded: false, tenant }
  }
  need(request, 'events.read')
  return { by: caller.id, guarded: may(caller, 'events.guarded') }
}
const NONE = { en: 'allowed by an administrator', fr: 'permis par un administrateur' }

function pageOf({ before, limit }: Static<typeof Page>) {
  return {
    limit: limit === undefined ? PAGE : Number(limit),
    ...(before !== undefined && { before: Number(before) }),
  }
}

const tagged = (reply: FastifyReply, view: WebhookView): FastifyReply =>
  reply.header('etag', etagOf(view.revision)).send(view)

/** A secret is kept by nobody on the way. */
const handedOut = (reply: FastifyReply, { revision }: WebhookView): FastifyReply =>
  reply.header('etag', etagOf(revision)).header('cache-control', 'no-store')
