/** /api/v1/session and /api/v1/setup: who is signed in, getting in, getting out. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { SessionInfo } from '../../api.ts'
import type { Auth } from '../auth.ts'
import { dropSession, keepSession, sessionIdIn } from '../cookie.ts'
import type { Account } from '../ports.ts'
import type { Sessions } from '../sessions.ts'

const strict = { additionalProperties: false } as const
/** Longer than any password we take, short enough to hash. How strong it must be is said with password-weak. */
const Password = Type.String({ minLength: 1, maxLength: 256 })
const Setup = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 128 }),
    login: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{1,62}$',
      description: '2 to 63 letters, digits, . _ @ -; case does not matter',
    }),
    name: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    password: Password,
  },
  strict,
)
const SignIn = Type.Object({ login: Type.String({ minLength: 1, maxLength: 80 }), password: Password }, strict)

export function sessionRoutes(auth: Auth, sessions: Sessions): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/session', { config: { permission: 'public' } }, request => info(request))
    app.post<{ Body: Static<typeof SignIn> }>(
      '/api/v1/session',
      { config: { permission: 'public' }, schema: { body: SignIn } },
      async (request, reply) => enter(request, reply, await auth.signIn(request.body, request.ip)),
    )
    app.delete('/api/v1/session', { config: { permission: 'session.end' } }, (request, reply) => leave(request, reply))
    app.post<{ Body: Static<typeof Setup> }>(
      '/api/v1/setup',
      { config: { permission: 'public' }, schema: { body: Setup } },
      async (request, reply) => enter(request, reply.code(201), await auth.setup(request.body, request.ip)),
    )
  }

  async function info(request: FastifyRequest): Promise<SessionInfo> {
    const signedIn = await sessions.use(sessionIdIn(request.headers.cookie))
    return { setupNeeded: await auth.setupNeeded(), ...(signedIn && { operator: signedIn.operator }) }
  }

  /** A new id at each sign-in, and the one before it ends (OWASP ASVS 5, 7.2.4). */
  async function enter(
    request: FastifyRequest,
    reply: FastifyReply,
    { id, login, name, role }: Account,
  ): Promise<SessionInfo> {
    const before = await sessions.peek(sessionIdIn(request.headers.cookie))
    if (before) await sessions.end(before, 'signed-out')
    keepSession(reply, await sessions.open(id))
    return { operator: { login, name, role }, setupNeeded: false }
  }

  async function leave(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (request.signedIn) await sessions.end(request.signedIn, 'signed-out')
    return dropSession(reply).code(204).send()
  }
}
