/**
 * Requests to a server that was named in the settings and may still be broken, slow or malicious: over TLS from authorities
 * that were named too, no redirect followed, an end to time and to bytes. In clear text on this machine only.
 */
import { request as overHttp } from 'node:http'
import { request as overHttps, type RequestOptions } from 'node:https'

export interface FetchOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>> | Headers
  readonly body?: unknown
  readonly signal?: AbortSignal
}
export type BoundedFetch = (url: string, options: FetchOptions) => Promise<Response>

/** Larger than any document of a provider: its keys, its addresses, somebody's thousand groups. */
const MOST_BYTES = 1_048_576
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * @param ca PEM of the authorities; left out: the system's
 * @param timeoutMs until the last byte of the answer, milliseconds
 */
export const boundedFetch =
  ({ ca, timeoutMs }: { readonly ca?: string; readonly timeoutMs: number }): BoundedFetch =>
  (address, { method, headers, body, signal }) => {
    const url = new URL(address)
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
      return Promise.reject(new TypeError(`not asked in clear text: ${url.host}`))
    const end = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
    return send(url, { method, headers: Object.fromEntries(new Headers(headers)), signal: end, agent: false, ca }, body)
  }

function send(
  url: URL,
  { ca, ...options }: RequestOptions & { readonly ca: string | undefined },
  body: unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const secure = { ...options, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) } as const
    const request = url.protocol === 'https:' ? overHttps(url, secure) : overHttp(url, options)
    request.on('error', reject)
    request.on('response', response => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        chunks.push(chunk)
        if (bytes > MOST_BYTES) request.destroy(new RangeError('the answer is too large'))
      })
      response.on('end', () => resolve(answerOf(response.statusCode ?? 502, response.headersDistinct, chunks)))
    })
    request.end(body === undefined || body === null ? undefined : body instanceof Uint8Array ? body : String(body))
  })
}

function answerOf(status: number, headers: NodeJS.Dict<string[]>, chunks: readonly Buffer[]): Response {
  const empty = status === 204 || status === 205 || status === 304
  const pairs = Object.entries(headers).flatMap(([name, all = []]) => all.map((one): [string, string] => [name, one]))
  return new Response(empty ? null : Buffer.concat(chunks), { status: status < 200 ? 502 : status, headers: pairs })
}
