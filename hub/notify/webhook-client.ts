/**
 * One POST to a receiver that may be broken, slow or malicious: over TLS to an address that was looked at (outbound.ts), no
 * redirect followed, an end to time and to bytes. Sockets are kept for the next row; there are few of them.
 */
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { createSecureContext, getCACertificates } from 'node:tls'
import type { Outbound } from './outbound.ts'
import { signatureOf } from './webhook-signature.ts'

export interface Message {
  readonly url: string
  /** The same for every attempt of the same row. */
  readonly id: string
  readonly body: string
  /** The newest first. */
  readonly secrets: readonly string[]
}
export type Failure =
  | 'status'
  | 'gone'
  | 'redirect'
  | 'timeout'
  | 'unreachable'
  | 'dns'
  | 'address'
  | 'certificate'
  | 'too-large'
  | 'broken'
export interface Result {
  readonly delivered: boolean
  readonly status?: number
  readonly cause?: Failure
  readonly ms: number
  /** From Retry-After. */
  readonly waitMs?: number
}
export interface ClientOptions {
  readonly outbound: Outbound
  /** PEM file of the authorities; empty: the system's. */
  readonly ca: string
  readonly now: () => number
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 10_000
const MOST_BYTES = 65_536
const MOST_SOCKETS = 40
const SOCKETS_EACH = 4
/** A socket that nobody used for so long is closed. */
const IDLE_MS = 30_000
/** The authorities' file is looked at again after so long. */
const CA_FRESH_MS = 60_000

export class WebhookClient {
  readonly #options: ClientOptions
  #agent: Agent | undefined
  #pem: string | undefined
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(options: ClientOptions) {
    this.#options = options
  }

  stop(): void {
    this.#agent?.destroy()
    this.#agent = undefined
  }

  /** @param stop breaks it off @returns undefined where it was broken off. Never rejects. */
  async send(message: Message, stop: AbortSignal): Promise<Result | undefined> {
    const { timeoutMs = TIMEOUT_MS } = this.#options
    const began = performance.now()
    const late = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([late, stop])
    try {
      const answer = await this.#ask(message, signal)
      return { ...resultOf(answer), ms: performance.now() - began }
    } catch (error) {
      if (stop.aborted) return undefined
      return { delivered: false, cause: late.aborted ? 'timeout' : failureOf(error), ms: performance.now() - began }
    }
  }

  async #ask(message: Message, signal: AbortSignal): Promise<Answer> {
    this.#options.outbound.needLiteral(new URL(message.url).hostname)
    const agent = await this.#agentNow()
    try {
      return await this.#post(message, agent, signal)
    } catch (error) {
      // The receiver closed a kept socket just as it was used again: that says nothing of the row.
      if (error instanceof StaleSocket) return this.#post(message, agent, signal)
      throw error
    }
  }

  #post({ url, id, body, secrets }: Message, agent: Agent, signal: AbortSignal): Promise<Answer> {
    const seconds = Math.floor(this.#options.now() / 1_000)
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Vigie-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatureOf(secrets, { id, seconds, body }),
    }
    return new Promise((done, fail) => {
      const asked = request(
        url,
        { method: 'POST', headers, agent, signal },
        answer => void read(answer).then(done, fail),
      )
      asked.on('error', (error: NodeJS.ErrnoException) => {
        const isStale = asked.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        fail(isStale ? new StaleSocket(error.message) : error)
      })
      asked.end(body)
    })
  }

  async #agentNow(): Promise<Agent> {
    const { ca, outbound } = this.#options
    if (this.#agent && performance.now() - this.#lookedAt < CA_FRESH_MS) return this.#agent
    const pem = ca === '' ? '' : await readFile(ca, 'utf8')
    this.#lookedAt = performance.now()
    if (this.#agent && this.#pem === pem) return this.#agent
    this.#agent?.destroy()
    this.#pem = pem
    this.#agent = new Agent({
      ...{ keepAlive: true, maxSockets: SOCKETS_EACH, maxTotalSockets: MOST_SOCKETS, timeout: IDLE_MS },
      lookup: outbound.lookup,
      secureContext: createSecureContext({
        ca: ca === '' ? getCACertificates('system') : pem,
        minVersion: 'TLSv1.2',
      }),
    })
    return this.#agent
  }
}

class StaleSocket extends Error {}
class TooLarge extends Error {}
interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** To its end, which nobody reads: only that it ends is of interest. */
async function read(answer: IncomingMessage): Promise<Answer> {
  let bytes = 0
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length
    if (bytes > MOST_BYTES) throw new TooLarge()
  }
  return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] }
}

function resultOf({ status, retryAfter }: Answer): Omit<Result, 'ms'> {
  if (status >= 200 && status < 300) return { delivered: true, status }
  const cause = status === 410 ? 'gone' : status >= 300 && status < 400 ? 'redirect' : 'status'
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0
  return { delivered: false, status, cause, ...(seconds > 0 && { waitMs: seconds * 1_000 }) }
}

const UNREACHABLE = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|ETIMEDOUT)$/
const DNS = /^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/
/** Names that OpenSSL and Node give to what is wrong with a certificate. */
const CERTIFICATE =
  /CERT|^ERR_TLS_|^ERR_SSL_|SELF_SIGNED|UNABLE_TO_|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|^EPROTO$|^ENOENT$|^EACCES$/

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown })?.code ?? '')

function failureOf(error: unknown): Failure {
  if (error instanceof TooLarge) return 'too-large'
  const codes = [error, ...(error instanceof AggregateError ? error.errors : [])].map(codeOf)
  if (codes.includes('NOT_LISTED')) return 'address'
  if (codes.some(code => DNS.test(code))) return 'dns'
  if (codes.some(code => UNREACHABLE.test(code))) return 'unreachable'
  return codes.some(code => CERTIFICATE.test(code)) ? 'certificate' : 'broken'
}
