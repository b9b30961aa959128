/** /api/v1/tokens: keys for programs. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { TokenList, TokenView } from '../../api.ts'
import { CAPABILITIES } from '../../rules/roles.ts'
import { callerOf, Id, operatorOf, strict } from '../operator.ts'
import { PAGE_QUERY, type PageQuery, pageBy } from '../paging.ts'
import type { TokenDesk } from '../tokens.ts'

const Wish = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    capabilities: Type.Array(Type.Enum([...CAPABILITIES]), { minItems: 1, uniqueItems: true }),
    zones: Type.Optional(
      Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true, description: 'With those below them' }),
    ),
    expiresAt: Type.Integer({ minimum: 0, description: 'At most 366 days ahead' }),
  },
  strict,
)
const Page = Type.Object(PAGE_QUERY, strict)
const One = Type.Object({ id: Id }, strict)
const config = { permission: 'tokens.manage' } as const

export function tokenRoutes(desk: TokenDesk): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: PageQuery }>(
      '/api/v1/tokens',
      { config, schema: { querystring: Page } },
      async ({ query }): Promise<TokenList> => {
        const { page, next } = pageBy(desk.list().tokens, newestFirst, query)
        return { tokens: page, ...(next !== undefined && { next }) }
      },
    )
    app.post<{ Body: Static<typeof Wish> }>(
      '/api/v1/tokens',
      { config, schema: { body: Wish } },
      async (request, reply) => reply.code(201).send(await desk.make(request.body, callerOf(request))),
    )
    app.delete<{ Params: Static<typeof One> }>(
      '/api/v1/tokens/:id',
      { config, schema: { params: One } },
      async (request, reply) => {
        await desk.revoke(request.params.id, operatorOf(request))
        return reply.code(204).send()
      },
    )
  }
}

/** Later times sort before earlier ones. */
const newestFirst = ({ createdAt, id }: TokenView): string => `${String(1e15 - createdAt).padStart(16, '0')}.${id}`
