/** /api/v1/situations, lockdowns, evacuations, passback, interlocks: what is going on, and what a person at the desk does about it. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import type { OperatorActs } from '../ports.ts'
import type { Places } from '../within-zones.ts'

const Plan = Type.Object({ plan: Id }, strict)
const Person = Type.Object({ person: Id }, strict)
const Door = Type.Object({ accessPoint: Id }, strict)
const Reset = Type.Object({ zone: Type.Optional(Id), person: Type.Optional(Id) }, strict)
type OfPlan = { Params: Static<typeof Plan> }

const ACT = { config: { permission: 'lockdown' }, schema: { params: Plan } } as const

export function situationRoutes(acts: OperatorActs, places: Places): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/situations', { config: { permission: 'situations.read' } }, async request =>
      acts.situations(request.reach),
    )
    app.post<OfPlan>('/api/v1/lockdowns/:plan', ACT, async (request, reply) =>
      reply.code(201).send(await acts.startLockdown(lockdownIn(request), operatorOf(request))),
    )
    app.delete<OfPlan>('/api/v1/lockdowns/:plan', ACT, async request =>
      acts.endLockdown(lockdownIn(request), operatorOf(request)),
    )
    app.post<OfPlan>('/api/v1/evacuations/:plan', ACT, async (request, reply) =>
      reply.code(201).send(await acts.startEvacuation(evacuationIn(request), operatorOf(request))),
    )
    app.post<OfPlan>('/api/v1/evacuations/:plan/resume', ACT, async request =>
      acts.resumeEvacuation(evacuationIn(request), operatorOf(request)),
    )
    app.delete<OfPlan>('/api/v1/evacuations/:plan', ACT, async request =>
      acts.endEvacuation(evacuationIn(request), operatorOf(request)),
    )
    app.post<OfPlan & { Body: Static<typeof Person> }>(
      '/api/v1/evacuations/:plan/safe',
      { ...ACT, schema: { params: Plan, body: Person } },
      async request => acts.accountFor(evacuationIn(request), request.body.person, operatorOf(request)),
    )
    app.get<OfPlan>(
      '/api/v1/evacuations/:plan/muster',
      { config: { permission: 'muster.read' }, schema: { params: Plan } },
      async request => acts.muster(evacuationIn(request), operatorOf(request)),
    )
    app.post<{ Body: Static<typeof Reset> }>(
      '/api/v1/passback/reset',
      { config: { permission: 'lockdown' }, schema: { body: Reset } },
      async request => {
        // Of a person it counts wherever they are.
        places.needZone(request.reach, request.body.person === undefined ? request.body.zone : undefined)
        return acts.resetPassback(request.body, operatorOf(request))
      },
    )
    app.post<{ Params: Static<typeof Door> }>(
      '/api/v1/interlocks/:accessPoint/reset',
      { config: { permission: 'lockdown' }, schema: { params: Door } },
      async request => {
        places.needPoint(request.reach, request.params.accessPoint)
        return acts.resetInterlock(request.params.accessPoint, operatorOf(request))
      },
    )
  }

  function lockdownIn({ params, reach }: FastifyRequest<OfPlan>): string {
    places.needPlan(reach, 'lockdownPlans', params.plan)
    return params.plan
  }
  function evacuationIn({ params, reach }: FastifyRequest<OfPlan>): string {
    places.needPlan(reach, 'evacuationPlans', params.plan)
    return params.plan
  }
}
