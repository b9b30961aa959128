/** /api/v1/operators and /api/v1/roles: other people's accounts, and what each role may do. Never one's own. */
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { Invited, OperatorList, OperatorView, RoleList } from '../../api.ts'
import { ALWAYS_TWO_FACTORS, capabilitiesOf, LONGEST_SESSION_MS, ROLES } from '../../rules/roles.ts'
import type { OperatorAdmin } from '../account-ports.ts'
import { etagOf, revisionSeen } from '../edits.ts'
import { Id, operatorOf, strict } from '../operator.ts'
import { PAGE_QUERY, type PageQuery, pageBy } from '../paging.ts'
import { calledAt } from '../session-steps.ts'

const Login = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{1,62}$',
  description: '2 to 63 letters, digits, . _ @ -; case does not matter',
})
const Name = Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
const RoleName = Type.Enum([...ROLES])
const Zones = Type.Array(Id, { minItems: 1, maxItems: 200, uniqueItems: true, description: 'With those below them' })
const Email = Type.String({ pattern: '^[^\\s@<>,;"]{1,64}@[A-Za-z0-9.-]{1,253}$' })
const Reason = Type.String({
  minLength: 3,
  maxLength: 500,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description: 'Why; it is journaled',
})
const Wish = Type.Object(
  { login: Login, name: Name, role: RoleName, zones: Type.Optional(Zones), email: Type.Optional(Email) },
  strict,
)
const Change = Type.Object(
  {
    name: Type.Optional(Name),
    role: Type.Optional(RoleName),
    zones: Type.Optional(Type.Union([Zones, Type.Null()])),
    email: Type.Optional(Type.Union([Email, Type.Null()])),
    status: Type.Optional(Type.Enum(['active', 'disabled'])),
    reason: Reason,
  },
  { ...strict, minProperties: 2 },
)
const Reset = Type.Object({ reason: Reason }, strict)
const ByLogin = Type.Object({ login: Login }, strict)
type OfLogin = { Params: Static<typeof ByLogin> }
const Page = Type.Object(PAGE_QUERY, strict)
const config = { permission: 'operators.manage' } as const

const ROLE_LIST: RoleList = {
  roles: ROLES.map(role => ({
    role,
    capabilities: capabilitiesOf({ role }),
    secondFactorRequired: ALWAYS_TWO_FACTORS.includes(role),
    longestSession: LONGEST_SESSION_MS[role],
  })),
}

export function operatorRoutes(operators: OperatorAdmin): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/roles', { config: { permission: 'account.own' } }, async () => ROLE_LIST)
    app.get<{ Querystring: PageQuery }>(
      '/api/v1/operators',
      { config, schema: { querystring: Page } },
      async ({ query }): Promise<OperatorList> => {
        const { page, next } = pageBy(operators.list().operators, o => o.login, query)
        return { operators: page, ...(next !== undefined && { next }) }
      },
    )
    app.post<{ Body: Static<typeof Wish> }>(
      '/api/v1/operators',
      { config, schema: { body: Wish } },
      async (request, reply) => {
        const origin = calledAt(request)
        const wish = {
          ...request.body,
          login: request.body.login.toLowerCase(),
          ...(origin !== undefined && { origin }),
        }
        return handedOut(reply.code(201), await operators.invite(wish, operatorOf(request)))
      },
    )
    app.get<OfLogin>('/api/v1/operators/:login', { config, schema: { params: ByLogin } }, async (request, reply) =>
      tagged(reply, operators.view(request.params.login.toLowerCase())),
    )
    app.patch<OfLogin & { Body: Static<typeof Change> }>(
      '/api/v1/operators/:login',
      { config, schema: { params: ByLogin, body: Change } },
      async (request, reply) => {
        const edit = { expected: revisionSeen(request), by: operatorOf(request) }
        return tagged(reply, await operators.change(request.params.login.toLowerCase(), request.body, edit))
      },
    )
    app.post<OfLogin & { Body: Static<typeof Reset> }>(
      '/api/v1/operators/:login/reset',
      { config, schema: { params: ByLogin, body: Reset } },
      async (request, reply) => {
        const login = request.params.login.toLowerCase()
        const by = operatorOf(request)
        return handedOut(reply, await operators.reset(login, request.body.reason, by, calledAt(request)))
      },
    )
  }
}

const tagged = (reply: FastifyReply, view: OperatorView): FastifyReply =>
  reply.header('etag', etagOf(view.revision)).send(view)

/** The link is in this answer and nowhere else. */
const handedOut = (reply: FastifyReply, made: Invited): FastifyReply =>
  reply.header('cache-control', 'no-store').header('etag', etagOf(made.revision)).send(made)
