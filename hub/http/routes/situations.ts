/** /api/v1/situations, lockdowns, evacuations, passback, interlocks: what is going on, and what a person at the desk does about it. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import type { OperatorActs } from '../ports.ts'

const Plan = Type.Object({ plan: Id }, strict)
const Person = Type.Object({ person: Id }, strict)
const Door = Type.Object({ accessPoint: Id }, strict)
const Reset = Type.Object({ zone: Type.Optional(Id), person: Type.Optional(Id) }, strict)
type OfPlan = { Params: Static<typeof Plan> }

const ACT = { config: { permission: 'situations.act' }, schema: { params: Plan } } as const

export function situationRoutes(acts: OperatorActs): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/situations', { config: { permission: 'situations.read' } }, async () => acts.situations())
    app.post<OfPlan>('/api/v1/lockdowns/:plan', ACT, async (request, reply) =>
      reply.code(201).send(await acts.startLockdown(request.params.plan, operatorOf(request))),
    )
    app.delete<OfPlan>('/api/v1/lockdowns/:plan', ACT, request =>
      acts.endLockdown(request.params.plan, operatorOf(request)),
    )
    app.post<OfPlan>('/api/v1/evacuations/:plan', ACT, async (request, reply) =>
      reply.code(201).send(await acts.startEvacuation(request.params.plan, operatorOf(request))),
    )
    app.post<OfPlan>('/api/v1/evacuations/:plan/resume', ACT, request =>
      acts.resumeEvacuation(request.params.plan, operatorOf(request)),
    )
    app.delete<OfPlan>('/api/v1/evacuations/:plan', ACT, request =>
      acts.endEvacuation(request.params.plan, operatorOf(request)),
    )
    app.post<OfPlan & { Body: Static<typeof Person> }>(
      '/api/v1/evacuations/:plan/safe',
      { ...ACT, schema: { params: Plan, body: Person } },
      request => acts.accountFor(request.params.plan, request.body.person, operatorOf(request)),
    )
    app.get<OfPlan>(
      '/api/v1/evacuations/:plan/muster',
      { config: { permission: 'muster.read' }, schema: { params: Plan } },
      request => acts.muster(request.params.plan, operatorOf(request)),
    )
    app.post<{ Body: Static<typeof Reset> }>(
      '/api/v1/passback/reset',
      { config: { permission: 'situations.act' }, schema: { body: Reset } },
      request => acts.resetPassback(request.body, operatorOf(request)),
    )
    app.post<{ Params: Static<typeof Door> }>(
      '/api/v1/interlocks/:accessPoint/reset',
      { config: { permission: 'situations.act' }, schema: { params: Door } },
      request => acts.resetInterlock(request.params.accessPoint, operatorOf(request)),
    )
  }
}
