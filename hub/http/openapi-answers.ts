/** What a route answers: its own shapes, and every failure of the error table that it may end in, by status. */
import { ERRORS, type ErrorCode, type Said } from '../errors.ts'
import { headersOf } from './openapi-headers.ts'
import type { Content, OperationObject, ResponseObject } from './openapi-parts.ts'
import { isSafe } from './origin.ts'
import type { Answer, Operation } from './schemas/operation.ts'
import { ProblemShape } from './schemas/parts.ts'
import { ScimErrorShape } from './schemas/scim.ts'
import { SCIM_TYPE } from './scim/attributes.ts'
import { scimStatus } from './scim/problems.ts'

const WORDS: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Begun',
  204: 'Done; nothing to say',
  303: 'Go there',
  409: 'Elsewhere',
}
/** May end any request. */
const ALWAYS: readonly ErrorCode[] = ['host-refused', 'internal']
/** Those that change something: asked for by a foreign page, or with a body that is none. */
const UNSAFE: readonly ErrorCode[] = ['origin-refused', 'request-malformed', 'body-too-large', 'media-type-unsupported']
const GUARDED: readonly ErrorCode[] = [
  'not-signed-in',
  'token-refused',
  'not-allowed',
  'factor-owed',
  'enrolment-owed',
  'too-many-requests',
  'journal-unavailable',
]
/** A request with an Idempotency-Key. */
const ONCE: readonly ErrorCode[] = ['idempotency-conflict', 'idempotency-spent', 'idempotency-busy', 'input-invalid']

/** @param method in capitals */
export function answersOf(
  operation: Operation,
  object: OperationObject,
  method: string,
): Record<string, ResponseObject> {
  const good = Object.entries(operation.answers).map(([status, answer]) => [
    status,
    success(Number(status), answer, operation),
  ])
  const all: Record<string, ResponseObject> = { ...failures(operation, object, method), ...Object.fromEntries(good) }
  return Object.fromEntries(
    Object.entries(all).map(([status, answer]) => [
      status,
      { ...answer, ...headersOf(operation, object, { method, status: Number(status) }) },
    ]),
  )
}

function success(status: number, answer: Answer, { scim }: Operation): ResponseObject {
  const description = WORDS[status] ?? 'Done'
  if (answer === null) return { description }
  if ('media' in answer && Array.isArray(answer.media))
    return { description: answer.says.en, content: Object.fromEntries(answer.media.map(type => [type, bytesOf(type)])) }
  return { description, content: { [scim ? SCIM_TYPE : 'application/json']: { schema: answer } } }
}
const BYTES: Content = { schema: { type: 'string' } }
const bytesOf = (type: string): Content => (type === 'application/json' ? { schema: {} } : BYTES)

/** Codes that the operation may end in. */
export function codesOf(operation: Operation, object: OperationObject, method: string): readonly ErrorCode[] {
  const safe = isSafe(method)
  const guarded = !['public', 'device'].includes(object['x-vigie-capability'])
  const asked = (object.parameters?.length ?? 0) > 0 || object.requestBody !== undefined
  const all = [
    ...ALWAYS,
    ...(safe ? [] : UNSAFE),
    ...(guarded ? GUARDED : []),
    ...(object['x-vigie-step-up'] ? (['step-up-needed'] as const) : []),
    ...(guarded && method === 'POST' ? ONCE : []),
    ...(asked ? (['input-invalid'] as const) : []),
    ...(operation.errors ?? []),
  ]
  return [...new Set(all)].toSorted()
}

function failures(operation: Operation, object: OperationObject, method: string): Record<string, ResponseObject> {
  const device = object['x-vigie-capability'] === 'device'
  const content = device ? { 'text/plain': BYTES } : problems(operation)
  const byStatus = Map.groupBy(codesOf(operation, object, method), code => statusIn(operation, code))
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      { description: codes.join(', '), content, 'x-vigie-codes': codes },
    ]),
  )
}

const problems = ({ scim }: Operation): Readonly<Record<string, Content>> =>
  scim ? { [SCIM_TYPE]: { schema: ScimErrorShape } } : { 'application/problem+json': { schema: ProblemShape } }

/** An edit that named what it had seen is overtaken with 412 (problems.ts). */
function statusIn({ headers, scim }: Operation, code: ErrorCode): number {
  const status = code === 'edit-conflict' && headers?.includes('if-match') ? 412 : ERRORS[code][0]
  return scim ? scimStatus(status) : status
}

/** The words of every code that the operations name. */
export function wordsOf(codes: Iterable<string>): Record<string, Said & { readonly status: number }> {
  const known = [...new Set(codes)].toSorted().filter(code => isErrorCode(code))
  return Object.fromEntries(
    known.map(code => {
      const [status, en, fr] = ERRORS[code]
      return [code, { status, en, fr }]
    }),
  )
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)
