/**
 * /api/v1/session/provider: signing in by the hospital's identity provider. The browser is sent about with 303; what goes
 * wrong on the way is told by the sign-in page, which it is sent to with the code of the problem.
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from '#devices/schema.ts'
import { isVigieError, VigieError } from '../../errors.ts'
import { dropTransaction, keepSession, keepTransaction, transactionIn } from '../cookie.ts'
import { strict } from '../operator.ts'
import { pageOrigin } from '../origin.ts'
import type { ProviderSignIn } from '../provider-sign-in.ts'
import { fromOf, type SessionSteps } from '../session-steps.ts'

const OPEN = { permission: 'public' } as const
const Start = Type.Object({ purpose: Type.Optional(Type.Enum(['sign-in', 'step-up'])) }, strict)
/** Beside these a provider may send what it likes. */
const Back = Type.Object({ state: Type.Optional(Type.String({ maxLength: 500 })) }, { additionalProperties: true })
const Logout = Type.Object({ logout_token: Type.String({ minLength: 1, maxLength: 16_000 }) }, strict)
const LOGOUT_BYTES = 20_000
const CALLBACK = '/api/v1/session/provider/callback'
const FORM = 'application/x-www-form-urlencoded'

/** @param provider left out: none is set up, and every route says so */
export function providerRoutes(provider: ProviderSignIn | undefined, steps: SessionSteps): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Start> }>(
      '/api/v1/session/provider',
      { config: OPEN, schema: { querystring: Start } },
      begin,
    )
    app.get(CALLBACK, { config: OPEN, schema: { querystring: Back } }, (request, reply) =>
      told(reply, () => finish(request, reply)),
    )
    app.get('/api/v1/session/provider/logout', { config: OPEN }, (request, reply) =>
      told(reply, async () => reply.redirect((await needed().endUrl(`${originOf(request)}/`)) ?? '/', 303)),
    )
    await app.register(async scope => backChannel(scope))
  }

  async function begin(request: FastifyRequest<{ Querystring: Static<typeof Start> }>, reply: FastifyReply) {
    const set = needed()
    return told(reply, async () => {
      const { purpose = 'sign-in' } = request.query
      const before = await steps.peeking(request)
      const { url, cookie } = await set.begin(`${originOf(request)}${CALLBACK}`, purpose, before)
      return keepTransaction(reply, cookie).redirect(url, 303)
    })
  }

  async function finish(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const set = needed()
    const cookie = transactionIn(request.headers.cookie)
    dropTransaction(reply)
    const answer = new URLSearchParams(request.url.split('?')[1] ?? '')
    const finished = await set.finish(cookie, answer, request.ip)
    if ('renewed' in finished) return keepSession(reply, finished.renewed).redirect('/?signin=proved', 303)
    return keepSession(reply, await steps.enter(request, finished.entered, finished.before)).redirect('/', 303)
  }

  /** From the provider to us, without a browser (OpenID Connect Back-Channel Logout 1.0, 2.5). */
  function backChannel(app: Parameters<FastifyPluginAsync>[0]): void {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser<string>(FORM, { parseAs: 'string', bodyLimit: LOGOUT_BYTES }, (_, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(body))),
    )
    app.post<{ Body: Static<typeof Logout> }>(
      '/api/v1/session/provider/logout',
      { config: OPEN, schema: { body: Logout } },
      async (request, reply) => {
        await needed().logout(request.body.logout_token)
        return reply.code(204).send()
      },
    )
  }

  function needed(): ProviderSignIn {
    if (!provider) throw new VigieError('provider-unset')
    return provider
  }
}

/** The address that the page was opened under: it comes back there. */
function originOf(request: FastifyRequest): string {
  const { scheme, host = '' } = fromOf(request).page
  return pageOrigin(scheme, host)
}

/** Somebody at a browser, in the middle of nowhere: the sign-in page says it in words. */
async function told(reply: FastifyReply, act: () => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await act()
  } catch (error) {
    if (!isVigieError(error) || error.code === 'provider-unset') throw error
    return reply.redirect(`/?signin=${error.code}`, 303)
  }
}
