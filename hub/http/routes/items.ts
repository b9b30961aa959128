/**
 * /api/v1/site/export and /api/v1/site/items: the site as a file, and its items one by one. Whoever changes an item names
 * the revision they saw (RFC 9110, 13.1): nobody overwrites what they have not read.
 */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import { operatorOf, strict } from '../operator.ts'
import { PAGE_QUERY, type PageQuery, pageBy } from '../paging.ts'
import type { ItemEdit, OperatorActs } from '../ports.ts'
import { waitsIn } from '../waits.ts'

const Kind = Type.String({ pattern: '^[A-Za-z]{1,32}$' })
const ByKind = Type.Object({ kind: Kind }, strict)
const Page = Type.Object(PAGE_QUERY, strict)
/** Ids of the site file, and numbers of badges. */
const One = Type.Object({ kind: Kind, id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,62}$' }) }, strict)
/** People and their badges are issued; all else is what rights are made of. */
const ISSUED: ReadonlySet<string> = new Set(['person', 'badge'])
const config = {
  permission: 'rights.edit',
  permissionOf: ({ params }: { readonly params: unknown }) =>
    ISSUED.has((params as { readonly kind?: string }).kind ?? '') ? 'badges.issue' : 'rights.edit',
} as const
type OfOne = { Params: Static<typeof One> }

export function itemRoutes(acts: OperatorActs): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/site/export', { config: { permission: 'rights.edit' } }, async (_, reply) =>
      reply
        .type('application/json; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="site.json"')
        .send(acts.exportSite()),
    )
    app.get<{ Params: Static<typeof ByKind>; Querystring: PageQuery }>(
      '/api/v1/site/items/:kind',
      { config, schema: { params: ByKind, querystring: Page } },
      async ({ params, query }) => {
        const { kind, ids } = acts.itemIds(params.kind)
        const { page, next } = pageBy(ids, id => id, query)
        return { kind, ids: page, ...(next !== undefined && { next }) }
      },
    )
    app.get<OfOne>('/api/v1/site/items/:kind/:id', { config, schema: { params: One } }, async (request, reply) => {
      const item = acts.item(request.params.kind, request.params.id)
      return reply.header('etag', etagOf(item.revision)).send(item)
    })
    app.put<OfOne & { Body: unknown }>(
      '/api/v1/site/items/:kind/:id',
      { config, schema: { params: One, body: Type.Unknown() } },
      async (request, reply) => {
        const { kind, id } = request.params
        const edit = editOf(request)
        const done = await acts.putItem(kind, id, request.body, edit)
        if ('approval' in done) return waitsIn(reply, done)
        return reply
          .code(edit.expected === 0 ? 201 : 200)
          .header('etag', etagOf(done.revision))
          .send(done)
      },
    )
    app.delete<OfOne>('/api/v1/site/items/:kind/:id', { config, schema: { params: One } }, async (request, reply) => {
      const done = await acts.removeItem(request.params.kind, request.params.id, editOf(request))
      return 'approval' in done ? waitsIn(reply, done) : done
    })
  }
}

const editOf = (request: FastifyRequest): ItemEdit => ({ expected: revisionSeen(request), by: operatorOf(request) })
