/** A receiver of webhooks for tests: a real HTTPS server that keeps what it gets and misbehaves as it is told to. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestAuthority } from '../transport/testing/certificates.ts'

export interface Received {
  readonly at: number
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Of the body; empty where it is no event. */
  readonly event: { readonly kind?: string; readonly seq?: number; readonly [field: string]: unknown }
}
/** What it answers: a status, or whatever it does with the response. */
export type Answering = number | ((response: ServerResponse, received: Received) => void)

export class Receiver {
  readonly dir = mkdtempSync(join(tmpdir(), 'vigie-receiver-'))
  readonly all: Received[] = []
  answer: Answering = 204
  readonly #server: Server
  #port = 0

  constructor(authority = new TestAuthority('Receivers'), name = 'localhost') {
    const { key, cert } = authority.issue(name)
    writeFileSync(this.ca, authority.cert)
    this.#server = createServer({ key, cert }, (request, response) => void this.#take(request, response))
  }

  get ca(): string {
    return join(this.dir, 'ca.pem')
  }
  get port(): number {
    return this.#port
  }
  get url(): string {
    return this.at('/hook')
  }
  at(path: string, host = 'localhost'): string {
    return `https://${host}:${this.#port}${path}`
  }
  /** Of a hub that may send here, and nowhere else. */
  get settings(): Record<string, string> {
    return { VIGIE_WEBHOOK_HOSTS: 'localhost', VIGIE_WEBHOOK_CA: this.ca }
  }

  async start(): Promise<this> {
    this.#server.listen(this.#port, 'localhost')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }
  /** Comes back on its port with start(). */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
  async close(): Promise<void> {
    await this.stop()
    rmSync(this.dir, { recursive: true, force: true })
  }

  ofKind(kind: string): Received[] {
    return this.all.filter(one => one.event.kind === kind)
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    try {
      for await (const chunk of request.setEncoding('utf8')) body += String(chunk)
    } catch {
      return // the sender went away in the middle
    }
    const received = { at: Date.now(), path: request.url ?? '', headers: request.headers, body, event: eventIn(body) }
    this.all.push(received)
    if (typeof this.answer === 'number') response.writeHead(this.answer).end()
    else this.answer(response, received)
  }
}

function eventIn(body: string): Received['event'] {
  try {
    return JSON.parse(body) as Received['event']
  } catch {
    return {}
  }
}

/** As the standard says it, worked out apart from the hub: whether one of the signatures is by this secret. */
export function isSignedBy(secret: string, { headers, body }: Received): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const right = createHmac('sha256', key).update(text).digest()
  return String(headers['webhook-signature'])
    .split(' ')
    .some(one => {
      const [version, given = ''] = one.split(',')
      const bytes = Buffer.from(given, 'base64')
      return version === 'v1' && bytes.length === right.length && timingSafeEqual(bytes, right)
    })
}
