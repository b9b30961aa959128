/**
 * All routes behind one order of checks:
 *
 *   headers -> host -> origin (unsafe methods) -> session, its stage, capability, fresh second factor -> body -> shape -> route
 *
 * A route without a declared permission keeps the hub from starting. What is not allowed, here or in a route, is a row.
 */
import type { TLSSocket } from 'node:tls'
import { fastifyCookie } from '@fastify/cookie'
import fastify, {
  type FastifyInstance,
  type FastifyPluginAsync,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify'
import type { Stage } from '../api.ts'
import { VigieError } from '../errors.ts'
import { reachOf } from '../rules/zones.ts'
import { actingWith } from './acting-token.ts'
import { appLog } from './app-log.ts'
import type { Auth } from './auth.ts'
import { type Bearers, bearerIn } from './bearer.ts'
import { sessionIdIn } from './cookie.ts'
import { dashboard } from './dashboard.ts'
import { headersFor } from './headers.ts'
import { idempotency } from './idempotency.ts'
import { openapi } from './openapi.ts'
import { isSafe, type Scheme, strangeness } from './origin.ts'
import { OwnAccount } from './own-account.ts'
import { type Caller, isOpen, may, needsStepUp, type Permission } from './permissions.ts'
import type { Clock, Log, OperatorActs, ReadEvents, ReadHealth, ReadModel } from './ports.ts'
import { asVigieError, BODY_LIMIT_BYTES, inRequest, sendProblem } from './problems.ts'
import { RateLimits } from './rate-limit.ts'
import type { JournalReads } from './reads.ts'
import type { Refused } from './refused.ts'
import { accountRoutes } from './routes/account.ts'
import { deviceRoutes } from './routes/devices.ts'
import { eventRoutes } from './routes/events.ts'
import { grantRoutes } from './routes/grants.ts'
import { healthRoutes } from './routes/health.ts'
import { itemRoutes } from './routes/items.ts'
import { peopleRoutes } from './routes/people.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { sessionRoutes } from './routes/session.ts'
import { siteRoutes } from './routes/site.ts'
import { situationRoutes } from './routes/situations.ts'
import { SessionSteps } from './session-steps.ts'
import type { Sessions } from './sessions.ts'
import { compileValidator } from './validate.ts'
import { Places } from './within-zones.ts'

export interface AppOptions {
  readonly auth: Auth
  readonly sessions: Sessions
  readonly model: ReadModel
  readonly events: ReadEvents
  readonly reads: JournalReads
  readonly health: ReadHealth
  readonly acts: OperatorActs
  readonly refused: Refused
  /** Who asks with a token; left out: nobody does. */
  readonly bearers?: Bearers
  readonly rates?: RateLimits
  readonly now: Clock
  readonly log: Log
  /** Folder of the built dashboard. */
  readonly dashboard: string
  /** Further routes for operators; each declares its permission. */
  readonly plugins?: readonly FastifyPluginAsync[]
  /** Routes for devices, such as EST: no session; each route checks its own code or certificate. */
  readonly devicePlugins?: readonly FastifyPluginAsync[]
}

export interface Route {
  readonly method: string
  readonly url: string
  readonly permission: Permission
}

/** @returns the application, ready, and its routes. @throws Error naming a route that declares no permission */
export async function buildApp(options: AppOptions): Promise<{ app: FastifyInstance; routes: readonly Route[] }> {
  const { log } = options
  const app = fastify({
    loggerInstance: appLog(log),
    bodyLimit: BODY_LIMIT_BYTES,
    frameworkErrors: (error, request, reply) =>
      void sendProblem(reply.headers(headersOf(request)), asVigieError(error, log)),
    routerOptions: { maxParamLength: 200 },
  })
  const declared: RouteOptions[] = []
  app.addHook('onRoute', route => void declared.push(route))
  app.decorateRequest('signedIn', undefined)
  app.decorateRequest('reach', undefined)
  app.addHook('onRequest', guard(options))
  idempotency(app, options.now)
  app.addHook('preHandler', (request, _, done) => nameToken(request, done))
  app.setValidatorCompiler(compileValidator)
  app.setErrorHandler((error, request, reply) => {
    const failure = asVigieError(error, log)
    if (failure.code === 'not-allowed') noteRefused(request, failure, options.refused)
    return sendProblem(reply, inRequest(failure, request))
  })
  app.setNotFoundHandler((_, reply) => sendProblem(reply, new VigieError('not-found')))
  // A plain-text body is what a foreign form can send without asking; JSON only.
  app.removeContentTypeParser('text/plain')
  takeEmptyBodies(app)
  await app.register(fastifyCookie)
  await openapi(app)
  await registerRoutes(app, options)
  await app.ready()
  return { app, routes: declared.flatMap(requireDeclared) }
}

/** Some clients name the content type of a body they do not send. It is missed only where the route asks for one. */
function takeEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '' && request.routeOptions.schema?.body === undefined) done(null, undefined)
    else parse(request, body, done)
  })
}

async function registerRoutes(app: FastifyInstance, o: AppOptions): Promise<void> {
  const places = new Places(() => o.model.site())
  const steps = new SessionSteps(o.auth, o.sessions)
  const own = [
    sessionRoutes(o.auth, o.sessions, steps),
    accountRoutes({ auth: o.auth, sessions: o.sessions, steps, own: new OwnAccount(o.auth, o.now) }),
    siteRoutes(o.model),
    deviceRoutes(o.model),
    eventRoutes(o.events, o.reads),
    healthRoutes(o.health),
    situationRoutes(o.acts, places),
    reviewRoutes(o.acts),
    grantRoutes(o.acts, places),
    peopleRoutes(o.acts),
    itemRoutes(o.acts),
  ]
  for (const plugin of [...own, ...(o.plugins ?? [])]) await app.register(plugin)
  for (const plugin of o.devicePlugins ?? []) await app.register(asDevicePlugin(plugin))
  await dashboard(app, o.dashboard)
}

/** Handing a plugin in under this name is the declaration: its routes are open to devices, and to no session. */
function asDevicePlugin(plugin: FastifyPluginAsync): FastifyPluginAsync {
  return async scope => {
    scope.addHook('onRequest', requireTls)
    scope.addHook('onRoute', route => {
      route.config = { ...route.config, permission: 'device' }
    })
    await scope.register(plugin)
  }
}

/** One-time codes and certificates travel over TLS only (RFC 7030, 3.3). */
async function requireTls(request: FastifyRequest): Promise<void> {
  if (schemeOf(request) !== 'https') throw new VigieError('not-found')
}

function requireDeclared({ method, url, config }: RouteOptions): Route[] {
  const permission = config?.permission
  if (permission === undefined) throw new Error(`route ${String(method)} ${url} declares no permission`)
  return [method].flat().map(m => ({ method: m, url, permission }))
}

const schemeOf = (request: FastifyRequest): Scheme =>
  (request.raw.socket as Partial<TLSSocket>).encrypted ? 'https' : 'http'
const headersOf = (request: FastifyRequest) => headersFor(schemeOf(request), request.headers.host)

function guard(options: AppOptions) {
  const limited = { ...options, rates: options.rates ?? new RateLimits() }
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.headers(headersOf(request))
    const token = tokenIn(request)
    // Nobody else's page can send a token, and a cookie beside it is not looked at.
    const strange = strangeness(schemeOf(request), request.headers, !isSafe(request.method) && token === undefined)
    if (strange) throw new VigieError(strange)
    if (!request.is404) await requirePermission(request, reply, limited, token)
  }
}

/** What was sent as a token, where one may be used. */
function tokenIn(request: FastifyRequest): string | undefined {
  const permission = permissionOf(request)
  return permission === undefined || isOpen(permission) ? undefined : bearerIn(request.headers.authorization)
}

async function callerOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, bearers }: AppOptions,
  token: string | undefined,
): Promise<Caller | undefined> {
  if (token === undefined) return sessions.use(sessionIdIn(request.headers.cookie))
  try {
    if (!bearers) throw new VigieError('token-refused')
    return await bearers.use(token, request.ip)
  } catch (error) {
    reply.header('www-authenticate', CHALLENGE)
    throw error
  }
}

/** What a program does is told under its token. */
function nameToken({ signedIn }: FastifyRequest, done: () => void): void {
  if (signedIn?.token === undefined) done()
  else actingWith({ token: signedIn.token, operator: signedIn.id }, done)
}

/** RFC 6750, 3: with every refusal of a token. */
const CHALLENGE = 'Bearer realm="vigie", error="invalid_token"'
const SIGNED_IN: readonly Stage[] = ['in']

function permissionOf(request: FastifyRequest): Permission | undefined {
  const { permission, permissionOf } = request.routeOptions.config
  return permissionOf?.(request) ?? permission
}

async function requirePermission(
  request: FastifyRequest,
  reply: FastifyReply,
  options: AppOptions & { readonly rates: RateLimits },
  token: string | undefined,
): Promise<void> {
  const { model, now, rates } = options
  const { stages = SIGNED_IN, stepUp } = request.routeOptions.config
  const permission = permissionOf(request)
  if (permission === undefined) throw new VigieError('not-allowed')
  if (isOpen(permission)) return
  const caller = await callerOf(request, reply, options, token)
  request.signedIn = caller
  if (!caller) throw new VigieError('not-signed-in')
  rates.take(caller, permission, reply)
  const { stage = 'in' } = caller
  if (!stages.includes(stage)) throw new VigieError(OWED[stage])
  if (!may(caller, permission)) throw new VigieError('not-allowed')
  request.reach = reachOf(model.site().zones, caller.operator.zones)
  const fresh = stage !== 'in' || caller.token !== undefined || (caller.steppedUpUntil ?? 0) > now()
  if ((stepUp ?? needsStepUp(permission, request.method)) && !fresh) throw new VigieError('step-up-needed')
}

/** What a session that has not come far enough still owes. */
const OWED = { factor: 'factor-owed', enrol: 'enrolment-owed', in: 'not-allowed' } as const

/** A route may have found it out by itself, and then says which capability was missing. */
function noteRefused(request: FastifyRequest, { details }: VigieError, refused: Refused): void {
  const permission = permissionOf(request)
  if (request.signedIn && permission !== undefined)
    refused.note(request.signedIn, String(details.capability ?? permission))
}
