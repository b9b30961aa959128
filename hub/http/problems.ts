/** Whatever goes wrong becomes one of the error table's problems (RFC 9457): no stack, no library's words, no input. */
import { randomUUID } from 'node:crypto'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../api.ts'
import { causeOf, isVigieError, type Language, VigieError } from '../errors.ts'
import { languageOfAnswer } from './language.ts'
import type { Log } from './ports.ts'

/** Bytes of a request's body; nothing the dashboard sends comes near. */
export const BODY_LIMIT_BYTES = 65_536

/** A failure and the status it has in this request, where that is not the table's. */
export interface Failure {
  readonly error: VigieError
  readonly status: number
}

/** An edit that named what it had seen, in If-Match or If-None-Match, and was overtaken: 412 (RFC 9110, 13.1). */
export function inRequest(error: VigieError, { headers }: Pick<FastifyRequest, 'headers'>): Failure {
  const conditional = headers['if-match'] !== undefined || headers['if-none-match'] !== undefined
  return { error, status: error.code === 'edit-conflict' && conditional ? 412 : error.status }
}

export function problemOf({ error, status }: Failure, language: Language): Problem {
  const { field, seconds, id } = error.detailsIn(language)
  return {
    type: `urn:vigie:problem:${error.code}`,
    title: error.messageIn(language),
    status,
    code: error.code,
    ...(field !== undefined && { field: String(field) }),
    ...(typeof seconds === 'number' && { seconds }),
    ...(error.code === 'internal' && id !== undefined && { id: String(id) }),
  }
}

/** In the language the request asks for; in French, most of the users' own, where it asks for neither. */
export function sendProblem(reply: FastifyReply, failure: VigieError | Failure): FastifyReply {
  const said = 'error' in failure ? failure : { error: failure, status: failure.status }
  const { seconds } = said.error.details
  if (typeof seconds === 'number') reply.header('retry-after', seconds)
  return reply
    .code(said.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify({ ...problemOf(said, languageOfAnswer(reply, 'fr')), ...forHere(reply, said.error) }))
}

/** The command line on this machine says it in its own words, with all there is to say. */
const forHere = ({ request }: FastifyReply, { details }: VigieError): { readonly details?: VigieError['details'] } =>
  request?.signedIn?.commandLine ? { details } : {}

/** Our own errors pass; Fastify's are told apart by their status; all else is ours to repair, and in the log. */
export function asVigieError(error: unknown, log: Log): VigieError {
  if (isVigieError(error)) {
    if (error.status >= 500) log.error({ code: error.code, cause: causeOf(error.cause ?? error) }, error.message)
    return error
  }
  return ofStatus((error as Partial<FastifyError>).statusCode) ?? internal(error, log)
}

function ofStatus(status: number | undefined): VigieError | undefined {
  if (status === 413) return new VigieError('body-too-large', { limit: BODY_LIMIT_BYTES })
  if (status === 415) return new VigieError('media-type-unsupported', { expected: 'application/json' })
  if (status === 404 || status === 403) return new VigieError('not-found')
  return status !== undefined && status >= 400 && status < 500 ? new VigieError('request-malformed') : undefined
}

function internal(error: unknown, log: Log): VigieError {
  const id = randomUUID()
  log.error({ id, cause: causeOf(error), stack: error instanceof Error ? error.stack : undefined }, 'a request failed')
  return new VigieError('internal', { id }, { cause: error })
}
