/** The hub's own description of its API, as tests use it: its operations, and whether an answer is one of those it names. */

import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { PATH } from '../http/openapi.ts'
import type { Content, Document, OperationObject, Parameter, ResponseObject } from '../http/openapi-parts.ts'

export interface Call {
  /** In capitals. */
  readonly method: string
  /** With {names}. */
  readonly path: string
  readonly operation: OperationObject
}

export interface Answered {
  readonly status: number
  /** Of the content, without parameters. */
  readonly type: string
  readonly text: string
  /** Where they are looked at: names in lower case. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>
}
/** Headers that mean something to a program. */
const TELLING = ['ratelimit', 'ratelimit-policy', 'etag', 'retry-after', 'idempotency-replayed']

export class ApiDocument {
  readonly document: Document
  readonly calls: readonly Call[]
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false })
  readonly #checks = new Map<string, ValidateFunction>()

  constructor(document: Document) {
    this.document = document
    this.calls = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    )
    this.#ajv.addSchema({ $id: 'api:', components: document.components, paths: document.paths } as object)
  }

  static async of(origin: string): Promise<ApiDocument> {
    const answer = await fetch(origin + PATH)
    return new ApiDocument((await answer.json()) as Document)
  }

  call(id: string): Call {
    const found = this.calls.find(c => c.operation.operationId === id)
    if (!found) throw new Error(`no operation ${id}`)
    return found
  }

  /** What of an answer the document does not say; undefined if it says all of it. */
  strangeness({ method, path, operation }: Call, answer: Answered): string | undefined {
    const declared = operation.responses[answer.status]
    if (!declared) return `status ${answer.status} is not declared: ${answer.text.slice(0, 200)}`
    const header = this.#strangeHeader(declared, answer)
    if (header) return header
    if (declared.content === undefined) return answer.text === '' ? undefined : 'an answer without content has some'
    const type = Object.keys(declared.content).find(t => t === answer.type || t === '*/*')
    if (type === undefined) return `${answer.type} is not declared for ${answer.status}`
    if (!/json/.test(type)) return undefined
    const at = ['paths', path, method.toLowerCase(), 'responses', String(answer.status), 'content', type, 'schema']
    const value = JSON.parse(answer.text) as { code?: string }
    const codes = declared['x-vigie-codes']
    if (codes && type === 'application/problem+json' && !codes.includes(value.code ?? ''))
      return `code ${value.code} is not declared for ${answer.status}`
    return this.#misfit(at, value)
  }

  #strangeHeader({ headers = {} }: ResponseObject, answer: Answered): string | undefined {
    if (!answer.headers) return undefined
    const said = new Set(Object.keys(headers).map(name => name.toLowerCase()))
    const untold = TELLING.find(name => answer.headers?.[name] !== undefined && !said.has(name))
    if (untold) return `header ${untold} is not declared for ${answer.status}`
    const owed = answer.status < 400 ? [...said].filter(name => name !== 'idempotency-replayed') : []
    const missing = owed.find(name => answer.headers?.[name] === undefined)
    return missing && `no header ${missing} with ${answer.status}`
  }

  /** Whether a JSON body is one that the operation takes. */
  takes({ method, path, operation }: Call, body: unknown): boolean {
    if (!operation.requestBody?.content['application/json']) return true
    const at = ['paths', path, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema']
    return this.#misfit(at, body) === undefined
  }

  #misfit(at: readonly string[], value: unknown): string | undefined {
    const check = this.#check(`api:#/${at.map(pointed).join('/')}`)
    if (check(value)) return undefined
    const [error] = check.errors ?? []
    return `${error?.instancePath || '/'} ${error?.message} ${JSON.stringify(error?.params)}`
  }

  #check(pointer: string): ValidateFunction {
    const check = this.#checks.get(pointer) ?? this.#ajv.compile({ $ref: pointer })
    this.#checks.set(pointer, check)
    return check
  }
}

const pointed = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))

export const jsonBodyOf = ({ operation }: Call): Content | undefined =>
  operation.requestBody?.content['application/json']

const exampleOf = ({ example, name }: Parameter): string => String(example ?? name)

/** A request that the document gives as its example. */
export function exampleCall(call: Call): { readonly path: string; readonly body?: string } {
  const parameters = call.operation.parameters ?? []
  const path = call.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(exampleOf(parameters.find(p => p.name === name) ?? { in: 'path', name, schema: {} })),
  )
  const query = parameters
    .filter(p => p.in === 'query' && p.example !== undefined)
    .map((p): [string, string] => [p.name, exampleOf(p)])
  const asked = new URLSearchParams(query).toString()
  const json = jsonBodyOf(call)
  return { path: asked ? `${path}?${asked}` : path, ...(json && { body: JSON.stringify(json.example ?? {}) }) }
}
