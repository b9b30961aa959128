/** /api/v1/privacy: legal holds, erasures, what is held on a person, terms, and the record of processing. Whoever answers for data protection only. */
import type { Readable } from 'node:stream'
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { ApprovalAsked, ErasureView, HoldRequest, HoldView, RetentionView } from '../../api.ts'
import type { Language } from '../../errors.ts'
import type { EventKind } from '../../events.ts'
import { languageOfAnswer } from '../language.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { waitsIn } from '../waits.ts'
import { KINDS } from './events.ts'

export interface PrivacyEdge {
  holds(): readonly HoldView[]
  /** @throws VigieError person-unknown, input-invalid, range-inverted */
  placeHold(wish: HoldRequest, by: string): Promise<{ readonly id: string }>
  /** @throws VigieError hold-unknown */
  releaseHold(id: string, by: string): Promise<void>
  erasures(): readonly { readonly id: string; readonly askedAt: number; readonly person: string }[]
  /** @throws VigieError person-unknown, erasure-active and the like */
  erase(
    wish: { person: string; statedReason?: string; withdraw: boolean },
    by: string,
  ): Promise<ErasureView | ApprovalAsked>
  /** @throws VigieError person-unknown */
  personFile(person: string, format: 'html' | 'json', by: string): Promise<Readable>
  record(format: 'html' | 'md', language: Language): string
  retention(): RetentionView
}

const Words = Type.String({ minLength: 3, maxLength: 500, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const Ms = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'Milliseconds since 1970, UTC' })
const Hold = Type.Object(
  {
    statedReason: Words,
    person: Type.Optional(Id),
    accessPoint: Type.Optional(Id),
    zone: Type.Optional(Id),
    class: Type.Optional(Type.String({ pattern: '^[a-z-]{1,32}$' })),
    kinds: Type.Optional(Type.Array(Type.Enum(Object.keys(KINDS) as EventKind[]), { minItems: 1, maxItems: 100 })),
    from: Type.Optional(Ms),
    until: Type.Optional(Ms),
  },
  strict,
)
const Erasure = Type.Object(
  { person: Id, statedReason: Type.Optional(Words), withdraw: Type.Optional(Type.Boolean()) },
  strict,
)
const Access = Type.Object({ person: Id, format: Type.Optional(Type.Enum(['html', 'json'])) }, strict)
const Asked = Type.Object({ format: Type.Optional(Type.Enum(['html', 'md'])) }, strict)
const ById = Type.Object({ id: Id }, strict)
const config = { permission: 'privacy.read' } as const
const erasing = { permission: 'privacy.erase' } as const

export function privacyRoutes(privacy: PrivacyEdge): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/privacy/holds', { config }, () => ({ holds: privacy.holds() }))
    app.post<{ Body: Static<typeof Hold> }>(
      '/api/v1/privacy/holds',
      { config: erasing, schema: { body: Hold } },
      (request, reply) => {
        reply.code(201)
        return privacy.placeHold(request.body as HoldRequest, operatorOf(request))
      },
    )
    app.delete<{ Params: Static<typeof ById> }>(
      '/api/v1/privacy/holds/:id',
      { config: erasing, schema: { params: ById } },
      async (request, reply) => {
        await privacy.releaseHold(request.params.id, operatorOf(request))
        return reply.code(204).send()
      },
    )
    app.get('/api/v1/privacy/erasures', { config }, () => ({ erasures: privacy.erasures() }))
    app.post<{ Body: Static<typeof Erasure> }>(
      '/api/v1/privacy/erasures',
      { config: erasing, schema: { body: Erasure } },
      async (request, reply) => {
        const { withdraw = false, ...wish } = request.body
        const done = await privacy.erase({ ...wish, withdraw }, operatorOf(request))
        return 'approval' in done ? waitsIn(reply, done) : done
      },
    )
    app.post<{ Body: Static<typeof Access> }>(
      '/api/v1/privacy/access-requests',
      { config, schema: { body: Access } },
      async (request, reply) => {
        const { person, format = 'html' } = request.body
        const file = await privacy.personFile(person, format, operatorOf(request))
        return reply
          .header('content-disposition', `attachment; filename="${person}.${format}"`)
          .type(format === 'html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8')
          .send(file)
      },
    )
    app.get('/api/v1/privacy/retention', { config }, () => privacy.retention())
    app.get<{ Querystring: Static<typeof Asked> }>(
      '/api/v1/privacy/record',
      { config, schema: { querystring: Asked } },
      (request, reply) => {
        const { format = 'html' } = request.query
        reply.type(format === 'md' ? 'text/markdown; charset=utf-8' : 'text/html; charset=utf-8')
        return reply.send(privacy.record(format, languageOfAnswer(reply, 'fr')))
      },
    )
  }
}
