/** /api/v1/jobs: templates of what somebody of a job is given. They give nobody anything; whoever writes them may edit rights. */
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { JobView } from '../../api.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import type { MovementDesk } from '../movement-ports.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { PAGE_QUERY, type PageQuery } from '../paging.ts'
import { JobBody } from '../schemas/movements.ts'

const One = Type.Object({ id: Id }, strict)
const Page = Type.Object(PAGE_QUERY, strict)
type OfOne = { Params: Static<typeof One> }
const READ = { permission: 'movements.read' } as const
const WRITE = { permission: 'rights.edit' } as const

export function jobRoutes(desk: Pick<MovementDesk, 'jobs' | 'job' | 'putJob' | 'removeJob'>): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: PageQuery }>(
      '/api/v1/jobs',
      { config: READ, schema: { querystring: Page } },
      async request => desk.jobs(request.query),
    )
    app.get<OfOne>('/api/v1/jobs/:id', { config: READ, schema: { params: One } }, async (request, reply) =>
      tagged(reply, desk.job(request.params.id)),
    )
    app.put<OfOne & { Body: Static<typeof JobBody> }>(
      '/api/v1/jobs/:id',
      { config: WRITE, schema: { params: One, body: JobBody } },
      async (request, reply) => {
        const edit = { expected: revisionSeen(request), by: operatorOf(request) }
        const view = await desk.putJob(request.params.id, request.body, edit)
        return tagged(reply.code(edit.expected === 0 ? 201 : 200), view)
      },
    )
    app.delete<OfOne>('/api/v1/jobs/:id', { config: WRITE, schema: { params: One } }, async (request, reply) => {
      await desk.removeJob(request.params.id, { expected: revisionSeen(request), by: operatorOf(request) })
      return reply.code(204).send()
    })
  }
}

const tagged = (reply: FastifyReply, view: JobView): FastifyReply =>
  reply.header('etag', etagOf(view.revision)).send(view)
