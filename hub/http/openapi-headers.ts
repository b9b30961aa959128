/** Headers of requests and answers, as the document names them: what is left to ask, revisions, keys of what is done once. */
import type { OperationObject, Parameter, ResponseObject } from './openapi-parts.ts'
import type { Operation } from './schemas/operation.ts'

const text = { type: 'string' } as const
const HEADERS = {
  RateLimit: { description: '"<policy>";r=<requests left>;t=<seconds until all are back>', schema: text },
  'RateLimit-Policy': { description: '"<policy>";q=<requests>;w=<seconds>', schema: text },
  ETag: { description: 'The revision, for If-Match and If-None-Match', schema: text },
  'Retry-After': { description: 'Seconds', schema: { type: 'integer', minimum: 0 } },
  'Idempotency-Replayed': {
    description: 'The answer to an earlier request with this key; nothing was done a second time',
    schema: { const: 'true' },
  },
} as const
type Name = keyof typeof HEADERS

/** `components.headers`. */
export const COMPONENTS = HEADERS

const pointers = (...names: readonly Name[]): Readonly<Record<string, object>> =>
  Object.fromEntries(names.map(name => [name, { $ref: `#/components/headers/${name}` }]))

const isGuarded = ({ 'x-vigie-capability': permission }: OperationObject): boolean =>
  permission !== 'public' && permission !== 'device'

/** @param method in capitals @param status of the answer */
export function headersOf(
  { etag }: Operation,
  object: OperationObject,
  { method, status }: { readonly method: string; readonly status: number },
): Pick<ResponseObject, 'headers'> {
  const guarded = isGuarded(object)
  const names: readonly Name[] = [
    ...(guarded ? (['RateLimit', 'RateLimit-Policy'] as const) : []),
    ...(etag && [200, 201, 304].includes(status) ? (['ETag'] as const) : []),
    ...(guarded && method === 'POST' && status < 500 ? (['Idempotency-Replayed'] as const) : []),
    ...(status >= 400 ? (['Retry-After'] as const) : []),
  ]
  return names.length === 0 ? {} : { headers: pointers(...names) }
}

/** What a request may say in headers, beside its session or token. */
export function requestHeaders({ headers = [] }: Operation, object: OperationObject, method: string): Parameter[] {
  const own = headers.map(name => ({ in: 'header', name, required: false, schema: text }))
  return isGuarded(object) && method === 'POST' ? [...own, IDEMPOTENCY_KEY] : own
}
const IDEMPOTENCY_KEY: Parameter = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  schema: {
    type: 'string',
    format: 'uuid',
    description: 'Asked again within 24 hours under the same key, nothing is done a second time',
  },
}
