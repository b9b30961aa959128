/** /api/v1/incidents and /api/v1/armed-zones: what was noticed, and what people do about it. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { IncidentDone } from '../../api.ts'
import { SEVERITIES } from '../../rules/scenarios.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import type { IncidentAsk, IncidentDesk } from '../incident-ports.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { Resolution } from '../schemas/incidents.ts'

const Query = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'resolved'])),
    severity: Type.Optional(Type.Enum([...SEVERITIES])),
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: '`next` of the page before' })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|1[0-9]{2}|200)$', description: '1 to 200' })),
  },
  strict,
)
const One = Type.Object({ id: Type.String({ pattern: '^in-[0-9a-f]{16}$' }) }, strict)
const Zone = Type.Object({ zone: Id }, strict)
const Login = Type.Object({ login: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{1,62}$' }) }, strict)
const Until = Type.Object(
  { until: Type.Integer({ minimum: 0, maximum: 8.64e15, description: 'Within 24 hours, ms since 1970' }) },
  strict,
)
type OfOne = { Params: Static<typeof One> }
type OfZone = { Params: Static<typeof Zone> }
const READ = { permission: 'alerts.read' } as const
const ACK = { permission: 'alerts.ack' } as const
const ARM = { permission: 'zones.arm' } as const
const LIMIT = 50

export function incidentRoutes(desk: IncidentDesk): FastifyPluginAsync {
  return async app => {
    reading(app, desk)
    assigning(app, desk)
    acting(app, desk)
    arming(app, desk)
  }
}

function reading(app: FastifyInstance, desk: IncidentDesk): void {
  app.get<{ Querystring: Static<typeof Query> }>(
    '/api/v1/incidents',
    { config: READ, schema: { querystring: Query } },
    async ({ query, reach }) => desk.list(queryOf(query), reach),
  )
  app.get<OfOne>('/api/v1/incidents/:id', { config: READ, schema: { params: One } }, async (request, reply) => {
    const incident = desk.view(request.params.id, request.reach)
    return reply.header('etag', etagOf(incident.revision)).send(incident)
  })
}

function assigning(app: FastifyInstance, desk: IncidentDesk): void {
  app.get<OfOne>('/api/v1/incidents/:id/assignees', { config: ACK, schema: { params: One } }, async request =>
    desk.assignees(request.params.id, request.reach),
  )
}

function acting(app: FastifyInstance, desk: IncidentDesk): void {
  app.post<OfOne>(
    '/api/v1/incidents/:id/acknowledge',
    { config: ACK, schema: { params: One } },
    async (request, reply) => tagged(reply, await desk.act(request.params.id, { do: 'acknowledge' }, seenBy(request))),
  )
  app.post<OfOne & { Body: Static<typeof Login> }>(
    '/api/v1/incidents/:id/assign',
    { config: ACK, schema: { params: One, body: Login } },
    async (request, reply) => {
      const to = desk.assignee(request.body.login.toLowerCase(), request.params.id)
      return tagged(reply, await desk.act(request.params.id, { do: 'assign', to }, seenBy(request)))
    },
  )
  app.post<OfOne & { Body: Static<typeof Until> }>(
    '/api/v1/incidents/:id/snooze',
    { config: ACK, schema: { params: One, body: Until } },
    async (request, reply) => {
      const { until } = request.body
      return tagged(reply, await desk.act(request.params.id, { do: 'snooze', until }, seenBy(request)))
    },
  )
  app.post<OfOne & { Body: Static<typeof Resolution> }>(
    '/api/v1/incidents/:id/resolve',
    { config: ACK, schema: { params: One, body: Resolution } },
    async (request, reply) => {
      const { finding, comment } = request.body
      const who = { ...seenBy(request), ...(comment !== undefined && { comment }) }
      return tagged(reply, await desk.act(request.params.id, { do: 'resolve', finding }, who))
    },
  )
}

function arming(app: FastifyInstance, desk: IncidentDesk): void {
  app.get('/api/v1/armed-zones', { config: READ }, async ({ reach }) => desk.armed(reach))
  app.put<OfZone>('/api/v1/armed-zones/:zone', { config: ARM, schema: { params: Zone } }, request =>
    desk.arm(request.params.zone, true, askingOf(request)),
  )
  app.delete<OfZone>('/api/v1/armed-zones/:zone', { config: ARM, schema: { params: Zone } }, request =>
    desk.arm(request.params.zone, false, askingOf(request)),
  )
}

const queryOf = ({ state, severity, before, limit }: Static<typeof Query>) => ({
  limit: limit === undefined ? LIMIT : Number(limit),
  ...(state !== undefined && { open: state === 'open' }),
  ...(severity !== undefined && { severity }),
  ...(before !== undefined && { before: Number(before) }),
})
const askingOf = (request: FastifyRequest): IncidentAsk => ({ by: operatorOf(request), reach: request.reach })
const seenBy = (request: FastifyRequest) => ({ ...askingOf(request), expected: revisionSeen(request) })
const tagged = (reply: FastifyReply, done: IncidentDone): FastifyReply =>
  reply.header('etag', etagOf(done.incident.revision)).send(done)
