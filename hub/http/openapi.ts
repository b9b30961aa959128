/**
 * GET /api/v1/openapi.json: every route, put together from what routes declare (parameters, bodies, who may) and what
 * schemas/ says of them (answers, failures, words). Public: it holds no data of the site. The same hub gives the same bytes.
 *
 *   each route -> its operation -> answers and failures -> shapes with a name move to components -> sorted
 *
 * Nothing of this is in the way of a request: answers are checked against the document by the tests.
 */
import { createHash } from 'node:crypto'
import { fastifySwagger } from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { byToken, CAPABILITIES_OF, isCapability } from '../rules/roles.ts'
import { answersOf, wordsOf } from './openapi-answers.ts'
import { COMPONENTS, requestHeaders } from './openapi-headers.ts'
import { type Document, type OperationObject, tidied } from './openapi-parts.ts'
import { curlOf } from './openapi-samples.ts'
import { needsStepUp } from './permissions.ts'
import { type Operation, TAGS } from './schemas/operation.ts'
import { OPERATIONS, operationById } from './schemas/operations.ts'

export const PATH = '/api/v1/openapi.json'
/** The second number rises with what is added, the first with what would break a reader: then the paths change too. */
const VERSION = '1.0'

const INFO = {
  title: 'Vigie',
  version: VERSION,
  description:
    'Access control and monitoring for hospitals. Times are milliseconds since 1970, UTC. Failures are problem details (RFC 9457), in French or English as Accept-Language asks.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
}
const SECURITY_SCHEMES = {
  session: { type: 'apiKey', in: 'cookie', name: '__Host-vigie', description: 'A signed-in operator' },
  token: { type: 'http', scheme: 'bearer', description: 'An API token: vigie_ and 43 characters' },
  tenant: { type: 'http', scheme: 'bearer', description: 'A connected application: vigie_t_ and 43 characters' },
  deviceCode: { type: 'http', scheme: 'basic', description: 'A device’s id and one-time code' },
  deviceCertificate: { type: 'mutualTLS', description: 'A device’s certificate' },
} as const

/** Call before any route is registered. The document is there when the application is ready. */
export async function openapi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: INFO,
      servers: [{ url: '/' }],
      tags: Object.entries(TAGS).map(([name, says]) => ({ name, description: says.en, 'x-vigie-fr': says.fr })),
    },
    convertConstToEnum: false,
    stripBasePath: false,
    transform: ({ schema, url, route }) => ({ schema: described(schema ?? {}, url, route), url }),
    transformObject: source =>
      'openapiObject' in source ? (finished(source.openapiObject as unknown as Document) as object) : {},
  })
  serve(app)
}

function serve(app: FastifyInstance): void {
  let made: { readonly text: string; readonly etag: string } | undefined
  const document = (): { readonly text: string; readonly etag: string } => {
    if (made) return made
    const text = JSON.stringify(app.swagger())
    made = { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
    return made
  }
  app.get(PATH, { config: { permission: 'public' } }, async (request, reply) => {
    const { text, etag } = document()
    reply.header('etag', etag).header('cache-control', 'no-cache')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type('application/json; charset=utf-8').send(text)
  })
}

/** What is not in the table is not in the document; a test holds the two against each other. */
function described(schema: object, url: string, { method, config = {} }: RouteOptions): object {
  const verb = [method].flat()[0] ?? ''
  const operation = OPERATIONS[`${verb} ${url}`]
  if (!operation || config.permission === undefined) return { ...schema, hide: true }
  const permission = config.permissionOf?.({ params: operation.example?.params }) ?? config.permission
  return {
    ...schema,
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.says.en,
    'x-vigie-fr': operation.says.fr,
    'x-vigie-capability': permission,
    ...((config.stepUp ?? needsStepUp(permission, verb)) && { 'x-vigie-step-up': true }),
    ...(config.stages && { 'x-vigie-stages': config.stages }),
    ...(config.tenant && { 'x-vigie-tenant': true }),
    ...(config.tokenOnly && { 'x-vigie-token-only': true }),
  }
}

function securityOf(object: OperationObject): OperationObject['security'] {
  const { operationId, 'x-vigie-capability': permission } = object
  if (permission === 'public' || operationId === 'getAuthority') return []
  if (permission === 'device') return [operationId === 'enrolDevice' ? { deviceCode: [] } : { deviceCertificate: [] }]
  if (object['x-vigie-token-only']) return [{ token: [] }]
  return [
    { session: [] },
    ...(isCapability(permission) && byToken(permission) ? [{ token: [] }] : []),
    ...(object['x-vigie-tenant'] ? [{ tenant: [] }] : []),
  ]
}

function finished(document: Document): Document {
  for (const [path, item] of Object.entries(document.paths))
    for (const [method, object] of Object.entries(item)) complete(path, method, object)
  const responses = Object.values(document.paths).flatMap(item =>
    Object.values(item).flatMap(o => Object.values(o.responses)),
  )
  return tidied({
    ...document,
    components: { ...document.components, headers: COMPONENTS, securitySchemes: SECURITY_SCHEMES },
    'x-vigie-errors': wordsOf(responses.flatMap(r => r['x-vigie-codes'] ?? [])),
    'x-vigie-roles': CAPABILITIES_OF,
  })
}

/** Who may, parameters, then answers and failures, then how to call it. */
function complete(path: string, method: string, object: OperationObject): void {
  const operation = operationById(object.operationId)
  if (!operation) return
  object.security = securityOf(object)
  giveExamples(object, operation)
  const headers = requestHeaders(operation, object, method.toUpperCase())
  if (headers.length > 0) object.parameters = [...(object.parameters ?? []), ...headers]
  object.responses = answersOf(operation, object, method.toUpperCase())
  object['x-codeSamples'] = [{ lang: 'Shell', label: 'curl', source: curlOf(path, method, object, operation) }]
}

function giveExamples(object: OperationObject, { example = {}, rawBody }: Operation): void {
  for (const parameter of object.parameters ?? []) {
    const value = { ...example.params, ...example.query }[parameter.name]
    if (value !== undefined) parameter.example = value
  }
  if (rawBody) object.requestBody = { required: true, content: { [rawBody]: { schema: { type: 'string' } } } }
  const json = object.requestBody?.content['application/json']
  if (json && example.body !== undefined) json.example = example.body
}
