/**
 * All routes behind one order of checks:
 *
 *   headers -> host -> origin (unsafe methods) -> session, its stage, capability, fresh second factor -> body -> shape -> route
 *
 * A route without a declared permission keeps the hub from starting. What is not allowed, here or in a route, is a row.
 */
import { randomUUID } from 'node:crypto'
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
import { workingOn } from '../working.ts'
import { actingWith } from './acting-token.ts'
import { appLog } from './app-log.ts'
import type { Auth } from './auth.ts'
import { type Bearers, bearerIn } from './bearer.ts'
import { sessionIdIn } from './cookie.ts'
import { dashboard } from './dashboard.ts'
import { headersFor } from './headers.ts'
import { idempotency } from './idempotency.ts'
import type { LocalDoor } from './local-door.ts'
import { openapi } from './openapi.ts'
import { isSafe, type Scheme, strangeness } from './origin.ts'
import { OwnAccount } from './own-account.ts'
import { type Caller, isOpen, may, needsStepUp, type Permission } from './permissions.ts'
import type { Clock, Log, OperatorActs, ReadEvents, ReadHealth, ReadModel } from './ports.ts'
import { asVigieError, BODY_LIMIT_BYTES, inRequest, sendProblem } from './problems.ts'
import type { ProviderSignIn } from './provider-sign-in.ts'
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
import { providerRoutes } from './routes/provider.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { sessionRoutes } from './routes/session.ts'
import { siteRoutes } from './routes/site.ts'
import { situationRoutes } from './routes/situations.ts'
import { SessionSteps } from './session-steps.ts'
import type { Sessions } from './sessions.ts'
import type { GrantDesk, TenantDesk } from './tenant-ports.ts'
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
  /** The hospital's identity provider; left out: none is set up. */
  readonly provider?: ProviderSignIn
  /** What connected applications are shown, and grants of theirs and of operators; left out: none is connected. */
  readonly tenants?: { readonly desk: TenantDesk; readonly grants: GrantDesk }
  /** The command line on this machine; left out: it has no door of its own. */
  readonly local?: Pick<LocalDoor, 'caller'>
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
    genReqId: () => randomUUID(),
  })
  const declared: RouteOptions[] = []
  app.addHook('onRoute', route => void declared.push(route))
  app.decorateRequest('signedIn', undefined)
  app.decorateRequest('reach', undefined)
  app.addHook('onRequest', (request, _, done) => workingOn({ request: request.id }, done))
  app.addHook('onRequest', guard(options))
  idempotency(app, options.now)
  app.addHook('preHandler', (request, _, done) => nameToken(request, done))
  app.setValidatorCompiler(compileValidator)
  app.setErrorHandler((error, request, reply) => {
    const failure = asVigieError(error, log)
    if (failure.code === 'not-allowed' || failure.code === 'tenant-scope')
      noteRefused(request, failure, options.refused)
    return sendProblem(reply, inRequest(failure, request))
  })
  app.setNotFoundHandler((_, reply) => sendProblem(reply, new VigieError('not-found')))
  // A plain-text body is what a foreign form can send without asking; JSON only.
  app.removeContentTypeParser('text/plain')
  takeEmptyBodies(app)
  await app.register(fastifyCookie, { hook: false }) // the few that read a cookie read it themselves
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
  const steps = new SessionSteps(o.auth, o.sessions, o.provider?.name)
  const own = [
    sessionRoutes(o.auth, o.sessions, steps),
    providerRoutes(o.provider, steps),
    accountRoutes({ auth: o.auth, sessions: o.sessions, steps, own: new OwnAccount(o.auth, o.now) }),
    siteRoutes(o.model),
    deviceRoutes(o.model),
    eventRoutes(o.events, o.reads, o.tenants?.desk),
    healthRoutes(o.health),
    situationRoutes(o.acts, places),
    reviewRoutes(o.acts),
    grantRoutes(o.acts, places, o.tenants?.grants),
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
const headersOf = (request: FastifyRequest) => headersFor(schemeOf(request), request.headers.host, request.url)

function guard(options: AppOptions) {
  const limited = { ...options, rates: options.rates ?? new RateLimits() }
  const check = (request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined => {
    reply.headers(headersOf(request))
    const local = options.local?.caller(request.raw)
    if (local) return fromHere(local, request, reply, limited)
    const token = tokenIn(request)
    // Nobody else's page can send a token, and a cookie beside it is not looked at.
    const strange = strangeness(schemeOf(request), request.headers, !isSafe(request.method) && token === undefined)
    if (strange) throw new VigieError(strange)
    return request.is404 ? undefined : requirePermission(request, reply, limited, token)
  }
  // A good token is known at once: no promise is made for it.
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    try {
      const later = check(request, reply)
      if (later) later.then(() => done(), done)
      else done()
    } catch (error) {
      done(error as Error)
    }
  }
}

/** No browser gets in by the local door: there is no Origin to look at, and nobody signs in there. */
function fromHere(caller: Caller, request: FastifyRequest, reply: FastifyReply, options: Guarded): undefined {
  if (request.is404) return
  const permission = permissionOf(request)
  if (permission === undefined || isOpen(permission)) throw new VigieError('not-found')
  admit(caller, permission, request, reply, options)
}

/** What was sent as a token, where one may be used. */
function tokenIn(request: FastifyRequest): string | undefined {
  const permission = permissionOf(request)
  return permission === undefined || isOpen(permission) ? undefined : bearerIn(request.headers.authorization)
}

function callerOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, bearers }: AppOptions,
  token: string | undefined,
): Caller | Promise<Caller | undefined> {
  if (token === undefined) return sessions.use(sessionIdIn(request.headers.cookie))
  return bearers?.caller(token, request.raw.socket) ?? refuseToken(request, reply, bearers)
}

async function refuseToken({ ip }: FastifyRequest, reply: FastifyReply, bearers: Bearers | undefined): Promise<never> {
  reply.header('www-authenticate', CHALLENGE)
  if (!bearers) throw new VigieError('token-refused')
  return bearers.refuse(ip)
}

/** What a program does is told under its token. */
function nameToken({ signedIn }: FastifyRequest, done: () => void): void {
  if (signedIn?.token === undefined || signedIn.tenant !== undefined) done()
  else actingWith({ token: signedIn.token, operator: signedIn.id }, done)
}

/** RFC 6750, 3: with every refusal of a token. */
const CHALLENGE = 'Bearer realm="vigie", error="invalid_token"'
const SIGNED_IN: readonly Stage[] = ['in']

function permissionOf(request: FastifyRequest): Permission | undefined {
  const { permission, permissionOf } = request.routeOptions.config
  return permissionOf?.(request) ?? permission
}

function requirePermission(
  request: FastifyRequest,
  reply: FastifyReply,
  options: Guarded,
  token: string | undefined,
): Promise<void> | undefined {
  const permission = permissionOf(request)
  if (permission === undefined) throw new VigieError('not-allowed')
  if (isOpen(permission)) return undefined
  const caller = callerOf(request, reply, options, token)
  if (caller instanceof Promise) return caller.then(known => admit(known, permission, request, reply, options))
  admit(caller, permission, request, reply, options)
  return undefined
}

type Guarded = AppOptions & { readonly rates: RateLimits }

function admit(
  caller: Caller | undefined,
  permission: Exclude<Permission, 'public' | 'device'>,
  request: FastifyRequest,
  reply: FastifyReply,
  { model, now, rates }: Guarded,
): void {
  const { stages = SIGNED_IN, stepUp } = request.routeOptions.config
  request.signedIn = caller
  if (!caller) throw new VigieError('not-signed-in')
  rates.take(caller, permission, reply)
  const { stage = 'in' } = caller
  if (!stages.includes(stage)) throw new VigieError(OWED[stage])
  if (!(isOpenTo(caller, request) || may(caller, permission))) throw new VigieError('not-allowed')
  if (request.routeOptions.config.tokenOnly && caller.token === undefined) throw new VigieError('not-allowed')
  request.reach = reachOf(model.site().zones, caller.operator.zones)
  const needsNone = stage !== 'in' || caller.token !== undefined || caller.commandLine === true
  const fresh = needsNone || (caller.steppedUpUntil ?? 0) > now()
  if ((stepUp ?? needsStepUp(permission, request.method)) && !fresh) throw new VigieError('step-up-needed')
}

/** An application gets as far as the route that is declared open to it, which holds it to its scope. */
const isOpenTo = ({ tenant }: Caller, { routeOptions }: FastifyRequest): boolean =>
  tenant !== undefined && routeOptions.config.tenant === true

/** What a session that has not come far enough still owes. */
const OWED = { factor: 'factor-owed', enrol: 'enrolment-owed', in: 'not-allowed' } as const

/** A route may have found it out by itself, and then says which capability was missing. */
function noteRefused(request: FastifyRequest, { details, code }: VigieError, refused: Refused): void {
  const permission = permissionOf(request)
  const { tenant } = request.signedIn ?? {}
  if (tenant !== undefined) {
    const route = `${request.method} ${request.routeOptions.url ?? '?'}`
    refused.noteTenant(tenant, { asked: route, reason: code === 'tenant-scope' ? String(details.field) : code })
    return
  }
  if (request.signedIn && permission !== undefined)
    refused.note(request.signedIn, String(details.capability ?? permission))
}
