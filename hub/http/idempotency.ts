/**
 * `Idempotency-Key` on POST, a UUID: asked again within 24 hours by the same operator or token, the same request gets the
 * answer it got, and nothing is done a second time (draft-ietf-httpapi-idempotency-key-header).
 *
 * What failed in the hub (5xx), or was told to wait, is not kept: it is asked again to be done. A new secret is shown once,
 * and its answer is not kept either: asked again, it is said to be done.
 *
 * The keys are in memory, and gone after a restart. That will do for what POST does today: none of it moves a lock. A plan
 * that was started stands and is refused a second time, a badge is lost once, a review is closed once; a grant, an export
 * or a backup would be there twice, is listed, and harms nobody. What opens something by itself must keep its key in the
 * commit of its row, and not here.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { VigieError } from '../errors.ts'
import { type Answer, type Claim, KeptAnswers } from './kept-answers.ts'
import type { Permission } from './permissions.ts'
import type { Clock } from './ports.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The first with its key: what it is answered is kept. */
    claim: Claim | undefined
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Their answers may hold a new secret. */
const SECRET: ReadonlySet<Permission> = new Set<Permission>([
  'account.own',
  'operators.manage',
  'tokens.manage',
  'tenants.manage',
  'stations.manage',
])
const KEPT_HEADERS = ['content-type', 'etag', 'location', 'cache-control']
const TOO_MANY = 429

export function idempotency(app: FastifyInstance, now: Clock): void {
  const answers = new KeptAnswers(now)
  app.decorateRequest('claim', undefined)
  // Of the two kinds of hooks the one that costs a request nothing where it has no key.
  app.addHook('preHandler', (request, reply, done) => {
    const key = request.headers['idempotency-key']
    if (key === undefined || request.method !== 'POST' || !request.signedIn) return done()
    begin(request, reply, key).then(() => done(), done)
  })
  const begin = async (request: FastifyRequest, reply: FastifyReply, key: string | string[]): Promise<void> => {
    const begun = await answers.begin(ownerOf(request), uuidIn(key), fingerprintOf(request))
    if ('answer' in begun) repeat(reply, begun.answer)
    else request.claim = begun.claim
  }
  app.addHook('onSend', (request, reply, payload, done) => {
    request.claim?.settle(keepable(request, reply, payload))
    done(null, payload)
  })
}

const ownerOf = ({ signedIn }: FastifyRequest): string => signedIn?.token ?? signedIn?.id ?? ''

/** @throws VigieError input-invalid */
function uuidIn(key: string | string[]): string {
  if (typeof key === 'string' && UUID.test(key)) return key.toLowerCase()
  throw new VigieError('input-invalid', {
    field: 'Idempotency-Key',
    expected: { en: 'one UUID', fr: 'un seul UUID' },
  })
}

const fingerprintOf = ({ method, url, body }: FastifyRequest): string =>
  createHash('sha256')
    .update(`${method} ${url}\n${JSON.stringify(body ?? null)}`)
    .digest('base64')

function repeat(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).header('idempotency-replayed', 'true').send(body)
}

function keepable(request: FastifyRequest, reply: FastifyReply, payload: unknown): Answer | 'spent' | undefined {
  const { statusCode: status } = reply
  if (status >= 500 || status === TOO_MANY) return undefined
  const { permission } = request.routeOptions.config
  if (status < 400 && permission !== undefined && SECRET.has(permission)) return 'spent'
  const body = payload ?? ''
  if (typeof body !== 'string') return 'spent' // it is done; only its bytes are gone
  const kept = KEPT_HEADERS.flatMap(name => {
    const value = reply.getHeader(name)
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return { status, headers: Object.fromEntries(kept), body }
}
