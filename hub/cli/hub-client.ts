/**
 * Requests to a hub: over its socket on this machine, or over TLS with an API token from another one. Paths, parameters and
 * answers have the types of the hub's own description (npm run generate:api), so that neither side can drift.
 */
import { randomUUID } from 'node:crypto'
import type { paths } from '../../dashboard/src/api.generated.d.ts'
import { ERRORS, type ErrorCode, type Language, VigieError } from '../errors.ts'
import { type Answer, type HubPlace, lost, send } from './hub-transport.ts'

type Method = 'get' | 'put' | 'post' | 'delete' | 'patch'
type With<M extends Method> = { [P in keyof paths]: paths[P][M] extends undefined ? never : P }[keyof paths]
type Operation<M extends Method, P extends keyof paths> = NonNullable<paths[P][M]>
type PartOf<O, K extends string> = O extends { readonly parameters: { readonly [Key in K]?: infer V } }
  ? NonNullable<V>
  : never
type BodyOf<O> = O extends { readonly requestBody?: { readonly content: { readonly 'application/json': infer B } } }
  ? B
  : never
type Json<R> = R extends { readonly content: { readonly 'application/json': infer B } } ? B : never
type Answered<O> = O extends { readonly responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 | 202 ? Json<R[S]> : never }[keyof R]
  : never

interface Ask<O> {
  readonly path?: PartOf<O, 'path'>
  readonly query?: PartOf<O, 'query'>
  readonly body?: BodyOf<O>
  /** The revision that was seen; 0: it must be new. */
  readonly seen?: number
}

/** How long a hub may take before it counts as silent, milliseconds. What waits for a failing disk takes a while. */
export const PATIENCE_MS = { urgent: 5_000, act: 20_000, question: 600_000 } as const

export class HubClient {
  readonly #place: HubPlace
  readonly #language: Language
  readonly #patienceMs: number

  /** @param patienceMs until an answer is there, where nothing else is said */
  constructor(place: HubPlace, language: Language, patienceMs: number = PATIENCE_MS.act) {
    this.#place = place
    this.#language = language
    this.#patienceMs = patienceMs
  }

  /**
   * A connection that is lost on the way is tried once more where nothing can happen twice by it.
   * @throws VigieError what the hub says; hub-unreachable, hub-silent, hub-cut-off, hub-answer
   */
  async call<M extends Method, P extends With<M>>(
    method: M,
    path: P,
    ask: Ask<Operation<M, P>> = {},
    patienceMs = this.#patienceMs,
  ): Promise<Answered<Operation<M, P>>> {
    const { body } = await this.text(method, addressOf(path, ask.path, ask.query), ask, patienceMs)
    return (body === '' ? undefined : this.#parsed(body)) as Answered<Operation<M, P>>
  }

  /** The answer as it came. */
  async text(
    method: Method,
    target: string,
    { body, seen }: { readonly body?: unknown; readonly seen?: number } = {},
    patienceMs = this.#patienceMs,
  ): Promise<Answer> {
    const request = {
      ...{ method: method.toUpperCase(), target, patienceMs },
      headers: { ...this.#headers(method), ...conditionOf(seen) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }
    const answer = await send(this.#place, request).catch((error: unknown) => {
      if (lost(error) && (method === 'get' || method === 'post')) return send(this.#place, request)
      throw error
    })
    if (answer.status >= 400) throw this.#failure(answer)
    return answer
  }

  /** @returns headers for what is not asked by `call`, such as a stream */
  headers(): Readonly<Record<string, string>> {
    return this.#headers('get')
  }
  get place(): HubPlace {
    return this.#place
  }

  #headers(method: Method): Readonly<Record<string, string>> {
    return {
      'accept-language': this.#language,
      ...(method === 'post' && { 'idempotency-key': randomUUID() }),
      ...this.#place.headers,
    }
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch (error) {
      throw new VigieError('hub-answer', { hub: this.#place.name, cause: 'JSON' }, { cause: error })
    }
  }

  /** A problem (RFC 9457), as a failure of our own table. */
  #failure({ status, type, body }: Answer): VigieError {
    const { name: hub } = this.#place
    if (!type.startsWith('application/problem+json'))
      return new VigieError('hub-answer', { hub, cause: `HTTP ${status}` })
    const { code, title, details, field, seconds, id } = this.#parsed(body) as Readonly<Record<string, unknown>>
    if (typeof code !== 'string' || typeof title !== 'string' || !isKnown(code))
      return new VigieError('hub-answer', { hub, cause: typeof title === 'string' ? title : `HTTP ${status}` })
    if (typeof details === 'object' && details !== null) return new VigieError(code, details as VigieError['details'])
    return new ToldByHub(code, title, plain({ field, seconds, id }))
  }
}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)

/** In the hub's words: what they are filled with stays there. */
class ToldByHub extends VigieError {
  readonly #title: string

  constructor(code: ErrorCode, title: string, details: Readonly<Record<string, string | number>>) {
    super(code, details)
    this.#title = title
    this.message = title
  }
  override messageIn(): string {
    return this.#title
  }
}

const plain = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[key, value]] : [],
    ),
  )

const conditionOf = (seen: number | undefined): Readonly<Record<string, string>> =>
  seen === undefined ? {} : seen === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${seen}"` }

/** A path of the description with its places filled in. */
export function addressOf(path: string, params: object = {}, query: object = {}): string {
  const given = params as Readonly<Record<string, unknown>>
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one))
  return search.size === 0 ? filled : `${filled}?${search}`
}
