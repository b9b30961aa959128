/** /api/v1/account: one's own second factors, password and sessions. What changes how one proves oneself asks for a fresh proof. */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import type { FactorAdded, PasskeyOptions, RecoveryCodes } from '../../api.ts'
import type { Auth } from '../auth.ts'
import { keepSession } from '../cookie.ts'
import { callerOf, strict } from '../operator.ts'
import type { OwnAccount } from '../own-account.ts'
import { fromOf, type SessionSteps } from '../session-steps.ts'
import type { Sessions } from '../sessions.ts'
import { Passkey } from './passkey-shape.ts'
import { Code, Password } from './session.ts'

const Totp = Type.Object({ code: Code }, strict)
const Change = Type.Object({ current: Password, next: Password }, strict)
const NewPasskey = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 60, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }), passkey: Passkey },
  strict,
)
const OfPasskey = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,200}$' }) }, strict)
const OfSession = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, strict)

const OWN = { permission: 'account.own' } as const
const FRESH = { ...OWN, stepUp: true } as const
/** Also before the first factor is there. */
const FIRST = { ...FRESH, stages: ['enrol', 'in'] } as const

export interface AccountNeeds {
  readonly auth: Auth
  readonly sessions: Sessions
  readonly steps: SessionSteps
  readonly own: OwnAccount
}

export function accountRoutes({ auth, sessions, steps, own }: AccountNeeds): FastifyPluginAsync {
  return async app => {
    app.get('/api/v1/account', { config: { ...OWN, stages: ['enrol', 'in'] } }, request =>
      own.view(callerOf(request).id),
    )
    totp(app)
    passkeys(app)
    app.post(
      '/api/v1/account/recovery-codes',
      { config: FRESH },
      (request): Promise<RecoveryCodes> => own.newRecoveryCodes(callerOf(request).id),
    )
    app.put<{ Body: Static<typeof Change> }>(
      '/api/v1/account/password',
      { config: FRESH, schema: { body: Change } },
      async (request, reply) => {
        await own.changePassword(callerOf(request).id, request.body, request.ip)
        await sessions.endOthers(callerOf(request))
        return reply.code(204).send()
      },
    )
    ownSessions(app)
  }

  function totp(app: FastifyInstance): void {
    app.post('/api/v1/account/totp', { config: FIRST }, request => own.offerTotp(callerOf(request).id))
    app.put<{ Body: Static<typeof Totp> }>(
      '/api/v1/account/totp',
      { config: FIRST, schema: { body: Totp } },
      async (request, reply) =>
        added(request, reply, await own.confirmTotp(callerOf(request).id, request.body.code, request.ip)),
    )
    app.delete('/api/v1/account/totp', { config: FRESH }, async (request, reply) => {
      await own.removeTotp(callerOf(request).id)
      return reply.code(204).send()
    })
  }

  function passkeys(app: FastifyInstance): void {
    app.post(
      '/api/v1/account/passkeys/options',
      { config: FIRST },
      async (request): Promise<PasskeyOptions> => ({
        options: await own.passkeyOptions(callerOf(request).id, fromOf(request).page),
      }),
    )
    app.post<{ Body: Static<typeof NewPasskey> }>(
      '/api/v1/account/passkeys',
      { config: FIRST, schema: { body: NewPasskey } },
      async (request, reply) => {
        const { name, passkey } = request.body
        const codes = await own.addPasskey(callerOf(request).id, name, passkey, fromOf(request).page)
        return added(request, reply.code(201), codes)
      },
    )
    app.delete<{ Params: Static<typeof OfPasskey> }>(
      '/api/v1/account/passkeys/:id',
      { config: FRESH, schema: { params: OfPasskey } },
      async (request, reply) => {
        await own.removePasskey(callerOf(request).id, request.params.id)
        return reply.code(204).send()
      },
    )
  }

  function ownSessions(app: FastifyInstance): void {
    app.get('/api/v1/account/sessions', { config: OWN }, request => sessions.list(callerOf(request)))
    app.delete('/api/v1/account/sessions', { config: FRESH }, async (request, reply) => {
      await sessions.endOthers(callerOf(request))
      return reply.code(204).send()
    })
    app.delete<{ Params: Static<typeof OfSession> }>(
      '/api/v1/account/sessions/:id',
      { config: OWN, schema: { params: OfSession } },
      async (request, reply) => {
        await sessions.endOne(callerOf(request), request.params.id)
        return reply.code(204).send()
      },
    )
  }

  /** Whoever had to set one up first is signed in by it; others stay where they are. */
  async function added(
    request: FastifyRequest,
    reply: FastifyReply,
    codes: Partial<RecoveryCodes>,
  ): Promise<FactorAdded> {
    const caller = callerOf(request)
    if (caller.stage !== 'enrol') return { ...codes, session: await steps.info(caller) }
    const account = await auth.accounts.byId(caller.id)
    const id = account && (await steps.enter(request, { account, stage: 'in', steppedUp: true }))
    if (id !== undefined) keepSession(reply, id)
    return { ...codes, session: await steps.info(await sessions.peek(id)) }
  }
}
