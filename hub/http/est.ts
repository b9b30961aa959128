/**
 * Enrolment over Secure Transport (RFC 7030, as clarified by RFC 8951) under /.well-known/est: cacerts, simpleenroll with a
 * one-time code, simplereenroll with the present client certificate. Answers are base64 PKCS#7; errors are one sentence of
 * plain text, for a person with nothing but curl: English unless Accept-Language asks for French.
 */
import { TLSSocket } from 'node:tls'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ID_PATTERN } from '#devices/messages.ts'
import { type ErrorCode, isVigieError, VigieError } from '../errors.ts'
import { languageOfAnswer } from './language.ts'
import { networkOf, Throttle } from './throttle.ts'
import { TokenBuckets } from './token-buckets.ts'

const PREFIX = '/.well-known/est'
const MAX_BODY_BYTES = 16 * 1024
/** By address; 80-bit codes leave nothing to guess, so this only keeps the noise down. */
const WRONG_CODES = { free: 5, capMs: 5 * 60_000 } as const
/** By certificate: a device that loses an answer asks again at once, one that asks in a loop is held off. */
const RENEWALS = { perSecond: 1, burst: 4 } as const
const REQUEST_TYPE = 'application/pkcs10'
const DEVICE = new RegExp(ID_PATTERN)
const EMPTY = { en: 'the body is empty', fr: 'le corps est vide' }
const CUT_SHORT = { en: 'the body is empty or cut short', fr: 'le corps est vide ou tronqué' }

export interface EstPorts {
  /** The authority's certificate as certs-only PKCS#7, DER. */
  caChain(): Buffer
  /** @returns certs-only PKCS#7, DER @throws VigieError enrol-code-invalid, csr-invalid, ... */
  enrol(device: string, code: string, csr: Buffer): Promise<Buffer>
  /** @returns certs-only PKCS#7, DER @throws VigieError client-certificate-required, renewal-too-early, ... */
  reenrol(serial: string, commonName: string, csr: Buffer): Promise<Buffer>
  /** The client certificate that TLS has verified for this request; `clientCertificate` below, unless a proxy ends TLS. */
  clientCertificate(request: FastifyRequest): ClientCertificate | undefined
  /** Told of each refusal, so that it can be counted and shown. */
  refused?(address: string, code: ErrorCode): void
  readonly now: () => number
}

export interface ClientCertificate {
  /** Lower-case hex. */
  readonly serial: string
  readonly commonName: string
}

interface Credentials {
  readonly device: string
  readonly code: string
}

/**
 * Fastify plugin, for a TLS listener with `requestCert: true, rejectUnauthorized: false`; over plain HTTP it refuses.
 * The plugin's scope is its own: parsers and error words here touch no other route.
 */
export async function est(app: FastifyInstance, ports: EstPorts): Promise<void> {
  const throttle = new Throttle(WRONG_CODES, ports.now)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    REQUEST_TYPE,
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    async (_: unknown, body: Buffer) => body,
  )
  app.setErrorHandler((error, request, reply) => refuse(ports, error, request, reply))

  app.addHook('onRequest', async request => requireTls(request))

  app.get(`${PREFIX}/cacerts`, (_, reply) => answer(reply, ports.caChain(), 'application/pkcs7-mime'))

  // The header is judged before the body is read: without credentials nobody makes the hub buffer anything.
  const onRequest = async (request: FastifyRequest): Promise<void> => admit(throttle, request)
  app.post(`${PREFIX}/simpleenroll`, { onRequest, bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const { device, code } = credentials(request)
    const enrolled = await ports.enrol(device, code, bodyOf(request)).catch((error: unknown) => {
      if (isVigieError(error) && error.code === 'enrol-code-invalid') throttle.charge(networkOf(request.ip))
      throw error
    })
    return answer(reply, enrolled)
  })

  const buckets = new TokenBuckets(RENEWALS, ports.now)
  const renewing = async (request: FastifyRequest): Promise<void> => {
    const waitMs = buckets.take(holder(ports, request).serial)
    if (waitMs > 0) throw new VigieError('too-many-requests', { seconds: Math.ceil(waitMs / 1000) })
  }
  app.post(`${PREFIX}/simplereenroll`, { onRequest: renewing, bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
    const { serial, commonName } = holder(ports, request)
    return answer(reply, await ports.reenrol(serial, commonName, bodyOf(request)))
  })
}

/**
 * The peer certificate of the request's own TLS socket, if TLS has verified it. A resumed session may call itself
 * authorized without any certificate, so an empty one counts as none.
 */
export function clientCertificate(request: FastifyRequest): ClientCertificate | undefined {
  const { socket } = request.raw
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { serialNumber, subject } = socket.getPeerCertificate()
  if (!serialNumber || typeof subject?.CN !== 'string') return undefined
  return { serial: serialNumber.toLowerCase(), commonName: subject.CN }
}

/** RFC 7030 3.3: nothing of this over plain HTTP, not even on loopback. */
function requireTls(request: FastifyRequest): void {
  if (!(request.raw.socket instanceof TLSSocket)) throw new VigieError('tls-required')
}

function admit(throttle: Throttle, request: FastifyRequest): void {
  const waitMs = throttle.waitMs(networkOf(request.ip))
  if (waitMs > 0) throw new VigieError('too-many-requests', { seconds: Math.ceil(waitMs / 1000) })
  credentials(request)
}

/** HTTP Basic (RFC 7617): the user is the device id, the password its one-time code. */
function credentials(request: FastifyRequest): Credentials {
  const [, encoded] = /^basic +([A-Za-z0-9+/=]{1,400})$/i.exec(request.headers.authorization ?? '') ?? []
  const [device = '', ...code] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(':')
  if (!DEVICE.test(device) || code.length === 0) throw new VigieError('enrol-code-required')
  return { device, code: code.join(':') }
}

function bodyOf(request: FastifyRequest): Buffer {
  if (Buffer.isBuffer(request.body) && request.body.length > 0) return request.body
  throw new VigieError('csr-invalid', { expected: EMPTY })
}

function holder(ports: EstPorts, request: FastifyRequest): ClientCertificate {
  const certificate = ports.clientCertificate(request)
  if (!certificate) throw new VigieError('client-certificate-required')
  return certificate
}

function answer(
  reply: FastifyReply,
  der: Buffer,
  type = 'application/pkcs7-mime; smime-type=certs-only',
): FastifyReply {
  const lines = der.toString('base64').replace(/.{1,64}/g, '$&\n')
  return reply.header('content-transfer-encoding', 'base64').header('cache-control', 'no-store').type(type).send(lines)
}

function refuse(ports: EstPorts, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = translate(error, request)
  ports.refused?.(request.ip, failure.code)
  if (failure.status === 401) reply.header('www-authenticate', 'Basic realm="vigie-est"') // RFC 9110 11.6.1
  if (failure.status === 429) reply.header('retry-after', String(failure.details.seconds))
  const words = failure.messageIn(languageOfAnswer(reply, 'en'))
  return reply.code(failure.status).type('text/plain; charset=utf-8').send(`${words}\n`)
}

/** Fastify's own refusals in our words; whatever else happens is in the log only. */
function translate(error: unknown, request: FastifyRequest): VigieError {
  if (isVigieError(error)) return error
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  if (statusCode === 413) return new VigieError('body-too-large', { limit: MAX_BODY_BYTES })
  if (statusCode === 415) return new VigieError('media-type-unsupported', { expected: REQUEST_TYPE })
  if (code?.startsWith('FST_ERR_CTP_')) return new VigieError('csr-invalid', { expected: CUT_SHORT })
  request.log.error(error)
  return new VigieError('internal', { id: request.id })
}
