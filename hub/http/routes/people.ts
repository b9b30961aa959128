/** A lost badge, somebody who leaves, a person's PIN, the person an operator is. A PIN goes to the act and nowhere else: to no log, no answer. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import type { OperatorActs } from '../ports.ts'

const ByUid = Type.Object({ uid: Type.String({ pattern: '^[0-9A-Fa-f]{8,20}$' }) }, strict)
const ById = Type.Object({ id: Id }, strict)
const Digits = Type.String({ pattern: '^[0-9]{4,8}$', description: '4 to 8 digits' })
const Pins = Type.Object({ pin: Digits, duressPin: Type.Optional(Digits) }, strict)
const ByLogin = Type.Object({ login: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{1,62}$' }) }, strict)
const Departure = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 500 }) }, strict)
const Link = Type.Object({ person: Id }, strict)
type OfPerson = { Params: Static<typeof ById> }
type OfLogin = { Params: Static<typeof ByLogin> }

export function peopleRoutes(acts: OperatorActs): FastifyPluginAsync {
  return async app => {
    app.post<{ Params: Static<typeof ByUid> }>(
      '/api/v1/badges/:uid/lost',
      { config: { permission: 'badges.lost' }, schema: { params: ByUid } },
      request => acts.badgeLost(request.params.uid.toUpperCase(), operatorOf(request)),
    )
    app.put<OfPerson & { Body: Static<typeof Pins> }>(
      '/api/v1/people/:id/pin',
      { config: { permission: 'pins.set' }, schema: { params: ById, body: Pins } },
      request => acts.setPin(request.params.id, request.body, operatorOf(request)),
    )
    app.delete<OfPerson>(
      '/api/v1/people/:id/pin',
      { config: { permission: 'pins.set' }, schema: { params: ById } },
      request => acts.clearPin(request.params.id, operatorOf(request)),
    )
    app.post<OfPerson & { Body: Static<typeof Departure> }>(
      '/api/v1/people/:id/departure',
      { config: { permission: 'badges.issue' }, schema: { params: ById, body: Departure } },
      request => acts.depart(request.params.id, request.body.reason, operatorOf(request)),
    )
    app.put<OfLogin & { Body: Static<typeof Link> }>(
      '/api/v1/operators/:login/person',
      { config: { permission: 'operators.manage' }, schema: { params: ByLogin, body: Link } },
      request => acts.linkOperator(request.params.login.toLowerCase(), request.body.person, operatorOf(request)),
    )
    app.delete<OfLogin>(
      '/api/v1/operators/:login/person',
      { config: { permission: 'operators.manage' }, schema: { params: ByLogin } },
      request => acts.linkOperator(request.params.login.toLowerCase(), undefined, operatorOf(request)),
    )
  }
}
