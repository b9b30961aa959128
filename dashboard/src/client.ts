/**
 * Requests, typed by the hub's own description of its API (api.generated.d.ts, made anew by each check): a path, a method, a
 * field or an answer that the hub does not have does not compile.
 */
import createClient from 'openapi-fetch'
import type { paths } from './api.generated.d.ts'

type Method = 'get' | 'put' | 'post' | 'patch' | 'delete'
type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { readonly [m in M]: object } ? P : never
}[keyof paths]
type Operation<M extends Method, P extends PathWith<M>> = paths[P][M & keyof paths[P]]

type Json<R> = R extends { content: { readonly 'application/json': infer T } } ? T : undefined
type Good = 200 | 201 | 202 | 204
/** What an operation answers where it refuses nothing. */
type AnswerOf<O> = O extends { readonly responses: infer R } ? Json<R[keyof R & Good]> : never
type BodyIn<O> = O extends { readonly requestBody?: { readonly content: { readonly 'application/json': infer B } } }
  ? B
  : never
export type BodyOf<M extends Method, P extends PathWith<M>> = BodyIn<Operation<M, P>>

type Params<O> = O extends { readonly parameters: { readonly path: object } & infer P }
  ? { readonly params: P }
  : O extends { readonly parameters: infer P }
    ? { readonly params?: P }
    : unknown
type Body<O> = O extends { readonly requestBody: object }
  ? { readonly body: BodyIn<O> }
  : O extends { readonly requestBody?: object }
    ? { readonly body?: BodyIn<O> }
    : unknown
type Init<O> = Params<O> & Body<O> & { readonly fetch?: (request: Request) => Promise<Response> }
type Rest<T> = Record<never, never> extends T ? [init?: T] : [init: T]

export interface Answered<T> {
  readonly data?: T
  readonly error?: unknown
  readonly response: Response
}
type Call<M extends Method> = <P extends PathWith<M>>(
  path: P,
  ...init: Rest<Init<Operation<M, P>>>
) => Promise<Answered<AnswerOf<Operation<M, P>>>>

export interface Client {
  readonly GET: Call<'get'>
  readonly PUT: Call<'put'>
  readonly POST: Call<'post'>
  readonly PATCH: Call<'patch'>
  readonly DELETE: Call<'delete'>
}

/** The library's own types take lists apart that nobody may change; what it does is what is said here. */
export const clientWith = (fetch: (request: Request) => Promise<Response>): Client =>
  createClient({ credentials: 'same-origin', cache: 'no-store', fetch }) as unknown as Client
