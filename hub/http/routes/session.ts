/** /api/v1/session, /setup and /invitation: who is signed in, getting in step by step, getting out. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { FactorRequest, PasskeyOptions, SessionInfo, StepUpRequest } from '../../api.ts'
import { VigieError } from '../../errors.ts'
import type { Auth, Entered } from '../auth.ts'
import { dropSession, keepSession } from '../cookie.ts'
import { callerOf, strict } from '../operator.ts'
import { fromOf, type SessionSteps } from '../session-steps.ts'
import type { Sessions } from '../sessions.ts'
import { Passkey } from './passkey-shape.ts'

/** Longer than any password we take, short enough to hash. How strong it must be is said with password-weak. */
export const Password = Type.String({ minLength: 1, maxLength: 256 })
const Token = Type.String({ minLength: 1, maxLength: 128 })
const Setup = Type.Object(
  {
    token: Token,
    login: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{1,62}$',
      description: '2 to 63 letters, digits, . _ @ -; case does not matter',
    }),
    name: Type.String({ minLength: 1, maxLength: 80, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }),
    password: Password,
  },
  strict,
)
const Invitation = Type.Object({ token: Token, password: Password }, strict)
const SignIn = Type.Object({ login: Type.String({ minLength: 1, maxLength: 80 }), password: Password }, strict)
/** Six digits. */
export const Code = Type.String({ pattern: '^[0-9]{6}$', description: 'six digits' })
const FACTOR = {
  totp: Type.Optional(Code),
  recovery: Type.Optional(Type.String({ minLength: 16, maxLength: 40 })),
  passkey: Type.Optional(Passkey),
}
const ONE = { ...strict, minProperties: 1, maxProperties: 1 } as const
const Proof = Type.Object(FACTOR, ONE)
const FreshProof = Type.Object({ ...FACTOR, password: Type.Optional(Password) }, ONE)
const PasskeyAlone = Type.Object({ passkey: Passkey }, strict)

const OPEN = { permission: 'public' } as const

export function sessionRoutes(auth: Auth, sessions: Sessions, steps: SessionSteps): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/session', { config: OPEN }, async request => steps.info(await steps.using(request)))
    app.delete(
      '/api/v1/session',
      { config: { permission: 'account.own', stages: ['factor', 'enrol', 'in'] } },
      (request, reply) => leave(request, reply),
    )
    entrances(app)
    steppings(app)
  }

  function entrances(app: Parameters<FastifyPluginAsync>[0]): void {
    app.post<{ Body: Static<typeof SignIn> }>(
      '/api/v1/session',
      { config: OPEN, schema: { body: SignIn } },
      async (request, reply) => {
        const known = auth.browsers.idFor(request.body.login, request.headers.cookie)
        return enter(request, reply, await auth.signIn(request.body, request.ip, known))
      },
    )
    app.post<{ Body: Static<typeof Setup> }>(
      '/api/v1/setup',
      { config: OPEN, schema: { body: Setup } },
      async (request, reply) => enter(request, reply.code(201), await auth.setup(request.body, request.ip)),
    )
    app.post<{ Body: Static<typeof Invitation> }>(
      '/api/v1/invitation',
      { config: OPEN, schema: { body: Invitation } },
      async (request, reply) => enter(request, reply.code(201), await auth.acceptInvitation(request.body, request.ip)),
    )
  }

  function steppings(app: Parameters<FastifyPluginAsync>[0]): void {
    app.post<{ Body: Static<typeof Proof> }>(
      '/api/v1/session/factor',
      { config: { permission: 'account.own', stages: ['factor'] }, schema: { body: Proof } },
      async (request, reply) => {
        const proof = request.body as FactorRequest
        return enter(request, reply, await auth.finish(callerOf(request).id, proof, fromOf(request)))
      },
    )
    app.post('/api/v1/session/passkey/options', { config: OPEN }, options)
    app.post<{ Body: Static<typeof PasskeyAlone> }>(
      '/api/v1/session/passkey',
      { config: OPEN, schema: { body: PasskeyAlone } },
      async (request, reply) => {
        const before = await steps.peeking(request)
        return enter(request, reply, await auth.passkeyAlone(request.body.passkey, fromOf(request), before?.id))
      },
    )
    app.post<{ Body: Static<typeof FreshProof> }>(
      '/api/v1/session/step-up',
      { config: { permission: 'account.own' }, schema: { body: FreshProof } },
      stepUp,
    )
  }

  /** For an account in particular where a session names one. */
  async function options(request: FastifyRequest): Promise<PasskeyOptions> {
    const before = await steps.peeking(request)
    const account = before && (await auth.accounts.byId(before.id))
    if (account?.passkeys.length === 0) throw new VigieError('factor-none')
    return { options: await auth.passkeys.asking(fromOf(request).page, account) }
  }

  async function enter(request: FastifyRequest, reply: FastifyReply, entered: Entered): Promise<SessionInfo> {
    const id = await steps.enter(request, entered)
    keepSession(reply, id)
    if (entered.stage === 'in') auth.browsers.remember(entered.account.login, request.headers.cookie, reply)
    return steps.info(await sessions.peek(id))
  }

  async function stepUp(request: FastifyRequest<{ Body: object }>, reply: FastifyReply): Promise<SessionInfo> {
    const caller = callerOf(request)
    await auth.stepUp(caller.id, request.body as StepUpRequest, fromOf(request))
    const id = await sessions.renew(caller)
    if (id === undefined) throw new VigieError('not-signed-in')
    keepSession(reply, id)
    return steps.info(await sessions.peek(id))
  }

  async function leave(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    await sessions.end(callerOf(request), 'signed-out')
    return dropSession(reply).code(204).send()
  }
}
