/**
 * All routes behind one order of checks:
 *
 *   headers -> host -> origin (unsafe methods) -> permission and session -> body -> shape -> route
 *
 * A route without a declared permission keeps the hub from starting.
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
import { VigieError } from '../errors.ts'
import { appLog } from './app-log.ts'
import type { Auth } from './auth.ts'
import { sessionIdIn } from './cookie.ts'
import { dashboard } from './dashboard.ts'
import { headersFor } from './headers.ts'
import { isSafe, type Scheme, strangeness } from './origin.ts'
import { isOpen, mayRole, type Permission } from './permissions.ts'
import type { Log, OperatorActs, ReadEvents, ReadHealth, ReadModel } from './ports.ts'
import { asVigieError, BODY_LIMIT_BYTES, inRequest, sendProblem } from './problems.ts'
import type { JournalReads } from './reads.ts'
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
import type { Sessions } from './sessions.ts'
import { compileValidator } from './validate.ts'

export interface AppOptions {
  readonly auth: Auth
  readonly sessions: Sessions
  readonly model: ReadModel
  readonly events: ReadEvents
  readonly reads: JournalReads
  readonly health: ReadHealth
  readonly acts: OperatorActs
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
  app.addHook('onRequest', guard(options.sessions))
  app.setValidatorCompiler(compileValidator)
  app.setErrorHandler((error, request, reply) => sendProblem(reply, inRequest(asVigieError(error, log), request)))
  app.setNotFoundHandler((_, reply) => sendProblem(reply, new VigieError('not-found')))
  // A plain-text body is what a foreign form can send without asking; JSON only.
  app.removeContentTypeParser('text/plain')
  takeEmptyBodies(app)
  await app.register(fastifyCookie)
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
  const own = [
    sessionRoutes(o.auth, o.sessions),
    siteRoutes(o.model),
    deviceRoutes(o.model),
    eventRoutes(o.events, o.reads),
    healthRoutes(o.health),
    situationRoutes(o.acts),
    reviewRoutes(o.acts),
    grantRoutes(o.acts),
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

function guard(sessions: Sessions) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.headers(headersOf(request))
    const strange = strangeness(schemeOf(request), request.headers, !isSafe(request.method))
    if (strange) throw new VigieError(strange)
    if (!request.is404) await requirePermission(request, sessions)
  }
}

async function requirePermission(request: FastifyRequest, sessions: Sessions): Promise<void> {
  const { permission } = request.routeOptions.config
  if (permission === undefined) throw new VigieError('not-allowed')
  if (isOpen(permission)) return
  request.signedIn = await sessions.use(sessionIdIn(request.headers.cookie))
  if (!request.signedIn) throw new VigieError('not-signed-in')
  if (!mayRole(request.signedIn.operator.role, permission)) throw new VigieError('not-allowed')
}
