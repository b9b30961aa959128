/** /api/v1/account/contact: how one wants to be told of alerts. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { CHANNELS } from '../../rules/telling.ts'
import { clientWords } from '../client-words.ts'
import type { ContactDesk } from '../contact-ports.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { ContactBody, PushBody } from '../schemas/contact.ts'

const Test = Type.Object({ channel: Type.Enum([...CHANNELS]) }, strict)
const One = Type.Object({ id: Id }, strict)
const OWN = { permission: 'account.own' } as const

export function contactRoutes(desk: ContactDesk): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/account/contact', { config: OWN }, async (request, reply) => {
      const view = desk.view(operatorOf(request))
      return reply.header('etag', etagOf(view.revision)).send(view)
    })
    app.put<{ Body: Static<typeof ContactBody> }>(
      '/api/v1/account/contact',
      { config: OWN, schema: { body: ContactBody } },
      async (request, reply) => {
        const view = await desk.change(operatorOf(request), request.body, revisionSeen(request))
        return reply.header('etag', etagOf(view.revision)).send(view)
      },
    )
    app.get('/api/v1/account/push', { config: OWN }, async request => desk.push(operatorOf(request)))
    app.post<{ Body: Static<typeof PushBody> }>(
      '/api/v1/account/push',
      { config: OWN, schema: { body: PushBody } },
      async (request, reply) => {
        const wish = { name: clientWords(request.headers['user-agent']), ...request.body }
        return reply.code(201).send(await desk.addBrowser(operatorOf(request), wish))
      },
    )
    app.delete<{ Params: Static<typeof One> }>(
      '/api/v1/account/push/:id',
      { config: OWN, schema: { params: One } },
      request => desk.dropBrowser(operatorOf(request), request.params.id),
    )
    app.post<{ Body: Static<typeof Test> }>(
      '/api/v1/account/contact/test',
      { config: OWN, schema: { body: Test } },
      request => desk.test(operatorOf(request), request.body.channel),
    )
  }
}
