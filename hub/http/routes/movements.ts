/**
 * /api/v1/movements: who arrives and who leaves. Filing gives nobody anything: what opens is given by who may give it, task
 * by task, each asking for what the act itself asks for.
 */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { MovementView } from '../../api.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import type { Filing, MovementDesk } from '../movement-ports.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { ArrivalBody, DepartureBody, MovementChange, MovementReason } from '../schemas/movements.ts'
import { calledAt } from '../session-steps.ts'

const Query = Type.Object(
  {
    state: Type.Optional(Type.Enum(['open', 'ended'])),
    direction: Type.Optional(Type.Enum(['arrival', 'departure'])),
    overdue: Type.Optional(Type.Literal('true', { description: 'With a task whose time has come' })),
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: '`next` of the page before' })),
    limit: Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|1[0-9]{2}|200)$', description: '1 to 200' })),
  },
  strict,
)
const One = Type.Object({ id: Id }, strict)
const OneTask = Type.Object({ id: Id, task: Id }, strict)
const Reason = Type.Object({ reason: MovementReason }, strict)
const Perhaps = Type.Object({ reason: Type.Optional(MovementReason) }, strict)
const Tick = Type.Object({ done: Type.Boolean() }, strict)
const Uid = Type.Object({ uid: Type.String({ pattern: '^[0-9A-Fa-f]{8,20}$' }) }, strict)
const Login = Type.Object(
  {
    login: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{1,62}$',
      description: '2 to 63 letters, digits, . _ @ -; case does not matter',
    }),
  },
  strict,
)
type OfOne = { Params: Static<typeof One> }

const READ = { permission: 'movements.read' } as const
const FILE = { permission: 'movements.file' } as const
const WORK = { permission: 'movements.work' } as const
const ISSUE = { permission: 'badges.issue' } as const
const INVITE = { permission: 'operators.manage' } as const
const LIMIT = 50

export function movementRoutes(desk: MovementDesk): FastifyPluginAsync {
  return async app => {
    app.addHook('onReady', async () => desk.start())
    app.addHook('preClose', () => desk.stop())
    reading(app, desk)
    filing(app, desk)
    working(app, desk)
  }
}

function reading(app: FastifyInstance, desk: MovementDesk): void {
  app.get<{ Querystring: Static<typeof Query> }>(
    '/api/v1/movements',
    { config: READ, schema: { querystring: Query } },
    async request => {
      const { state, direction, overdue, before, limit } = request.query
      const query = {
        limit: limit === undefined ? LIMIT : Number(limit),
        ...(state !== undefined && { open: state === 'open' }),
        ...(direction !== undefined && { direction }),
        ...(overdue !== undefined && { overdue: true }),
        ...(before !== undefined && { before: Number(before) }),
      }
      return desk.list(query, request.reach)
    },
  )
  app.get<OfOne>('/api/v1/movements/:id', { config: READ, schema: { params: One } }, async (request, reply) =>
    tagged(reply, desk.view(request.params.id, request.reach)),
  )
}

function filing(app: FastifyInstance, desk: MovementDesk): void {
  app.post<{ Body: Static<typeof ArrivalBody> }>(
    '/api/v1/movements/arrivals',
    { config: FILE, schema: { body: ArrivalBody } },
    async (request, reply) => {
      const filed = await desk.arrival(request.body, filingOf(request))
      return reply.code(201).header('etag', etagOf(filed.movement.revision)).send(filed)
    },
  )
  app.post<{ Body: Static<typeof DepartureBody> }>(
    '/api/v1/movements/departures',
    { config: FILE, schema: { body: DepartureBody } },
    async (request, reply) => tagged(reply.code(201), await desk.departure(request.body, filingOf(request))),
  )
  app.patch<OfOne & { Body: Static<typeof MovementChange> }>(
    '/api/v1/movements/:id',
    { config: FILE, schema: { params: One, body: MovementChange } },
    async (request, reply) => {
      const edit = { ...filingOf(request), expected: revisionSeen(request) }
      return tagged(reply, await desk.change(request.params.id, request.body, edit))
    },
  )
  app.post<OfOne & { Body: Static<typeof Reason> }>(
    '/api/v1/movements/:id/cancel',
    { config: FILE, schema: { params: One, body: Reason } },
    async (request, reply) =>
      tagged(reply, await desk.cancel(request.params.id, request.body.reason, filingOf(request))),
  )
}

function working(app: FastifyInstance, desk: MovementDesk): void {
  app.post<{ Params: Static<typeof OneTask>; Body: Static<typeof Tick> }>(
    '/api/v1/movements/:id/tasks/:task',
    { config: WORK, schema: { params: OneTask, body: Tick } },
    async (request, reply) => {
      const { id, task } = request.params
      return tagged(reply, await desk.tick(id, task, request.body.done, operatorOf(request)))
    },
  )
  app.post<OfOne>('/api/v1/movements/:id/person', { config: ISSUE, schema: { params: One } }, async (request, reply) =>
    tagged(reply, await desk.makePerson(request.params.id, operatorOf(request))),
  )
  app.post<OfOne & { Body: Static<typeof Uid> }>(
    '/api/v1/movements/:id/badge',
    { config: ISSUE, schema: { params: One, body: Uid } },
    async (request, reply) => {
      const uid = request.body.uid.toUpperCase()
      return tagged(reply, await desk.giveBadge(request.params.id, uid, operatorOf(request)))
    },
  )
  app.post<OfOne & { Body: Static<typeof Login> }>(
    '/api/v1/movements/:id/account',
    { config: INVITE, schema: { params: One, body: Login } },
    async (request, reply) => {
      const login = request.body.login.toLowerCase()
      const made = await desk.invite(request.params.id, login, operatorOf(request), calledAt(request))
      reply.code(201).header('cache-control', 'no-store').header('etag', etagOf(made.movement.revision))
      return made
    },
  )
  app.post<OfOne & { Body: Static<typeof Perhaps> }>(
    '/api/v1/movements/:id/departure',
    { config: ISSUE, schema: { params: One, body: Perhaps } },
    async (request, reply) =>
      tagged(reply, await desk.carryOut(request.params.id, request.body.reason, operatorOf(request))),
  )
}

const filingOf = (request: FastifyRequest): Filing => ({ by: operatorOf(request), reach: request.reach })
const tagged = (reply: FastifyReply, view: MovementView): FastifyReply =>
  reply.header('etag', etagOf(view.revision)).send(view)
