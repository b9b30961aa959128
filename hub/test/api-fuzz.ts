/**
 * The fuzzer: requests made from the document's own schemas against a running hub. Whatever is sent, the answer is one that
 * the document names, of the shape that it names, with the headers that every answer has, and tells nothing of the inside.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import fc from 'fast-check'
import { BODY_LIMIT_BYTES } from '../http/problems.ts'
import type { Answered, ApiDocument, Call } from './api-document.ts'
import { type Known, requestsFor, type Sent } from './api-fuzz-inputs.ts'

export interface Target {
  readonly port: number
  /** Sent with each request: a session's cookie, or a token. */
  readonly headers: Readonly<Record<string, string>>
}
export interface Fuzzed {
  /** How often each operation was answered with each status. */
  readonly statuses: Map<string, Map<number, number>>
}

type Whole = Answered & { readonly headers: IncomingHttpHeaders }

/** Paths of files, frames of stacks, words of the runtime: nothing of these belongs in an answer. */
const INSIDE = /\bat \S+ \(|node:internal|node_modules|\.ts:\d|SQLITE|TypeError|RangeError|\/hub\//
const DEADLINE_MS = 20_000

/**
 * A body that is too large is refused before it is read, and the system may then throw the refusal away with it (RFC 9112,
 * 9.6): asked again, the answer gets through now and then.
 */
export async function send(target: Target, method: string, sent: Omit<Sent, 'fits'>): Promise<Whole> {
  for (let tries = 1; ; tries++) {
    try {
      return await sendOnce(target, method, sent)
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      const large = Buffer.byteLength(sent.body ?? '') > BODY_LIMIT_BYTES
      if (!large || !CUT.has(code) || tries === TRIES) throw error
    }
  }
}
const CUT = new Set(['ECONNRESET', 'EPIPE'])
const TRIES = 5

/** As it stands: neither the path nor the body is put right on the way. */
function sendOnce({ port, headers }: Target, method: string, { path, body, type }: Omit<Sent, 'fits'>): Promise<Whole> {
  const own = {
    host: `localhost:${port}`,
    ...headers,
    ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
    ...(type !== undefined && { 'content-type': type }),
  }
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const asking = request({ host: '127.0.0.1', port, path, method, headers: own, signal, agent: false }, answer => {
      const chunks: Buffer[] = []
      if (isStream(answer)) answer.destroy()
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('close', () => {
        if (!answer.complete && !isStream(answer)) return reject(new Error('the answer was cut short'))
        const type = (answer.headers['content-type'] ?? '').split(';', 1)[0] ?? ''
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: answer.statusCode ?? 0, type, text, headers: answer.headers })
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

/** It would go on for as long as it is listened to. */
const isStream = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('text/event-stream') === true

/** A refusal of the address or of HTTP itself, before any route: not for the operation's entry to name. */
const BEFORE_ROUTES = new Set(['not-found', 'request-malformed', 'host-refused'])

/** What is wrong with an answer; undefined if nothing is. */
export function fault(api: ApiDocument, call: Call, sent: Sent, answer: Whole): string | undefined {
  if (answer.status >= 500) return `status ${answer.status}: ${answer.text.slice(0, 300)}`
  if (INSIDE.test(answer.type.includes('problem') ? answer.text : '')) return `tells of the inside: ${answer.text}`
  const bare = Object.entries({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
  const missing = bare.find(([name, value]) => answer.headers[name] !== value)
  if (missing) return `no ${missing[0]}`
  if (sent.elsewhere) return undefined
  if (answer.type === 'application/problem+json' && !sent.fits) {
    const { code, status } = JSON.parse(answer.text) as { code: string; status: number }
    if (BEFORE_ROUTES.has(code) && status === answer.status) return undefined
  }
  return api.strangeness(call, answer)
}

export interface FuzzOptions {
  readonly seed: number
  /** Requests for each operation. */
  readonly runs: number
  readonly known: Known
  /** Operations that are left out: they end the session that asks. */
  readonly except?: ReadonlySet<string>
}

/** @throws Error with the smallest request that gets a wrong answer, and the seed */
export async function fuzz(
  api: ApiDocument,
  targetOf: (call: Call) => Target,
  { seed, runs, known, except }: FuzzOptions,
): Promise<Fuzzed> {
  const statuses: Fuzzed['statuses'] = new Map()
  for (const call of api.calls) {
    const { operationId } = call.operation
    if (except?.has(operationId)) continue
    const property = fc.asyncProperty(requestsFor(call, known), async sent => {
      const answer = await send(targetOf(call), call.method, sent)
      note(statuses, operationId, answer.status)
      const wrong = fault(api, call, sent, answer)
      if (wrong) throw new Error(`${call.method} ${sent.path.slice(0, 300)}: ${wrong}`)
      if (answer.status === 401 && answer.text.includes('"not-signed-in"'))
        throw new Error(`the session ended before ${operationId}`)
    })
    await fc.assert(property, { seed, numRuns: runs, endOnFailure: false })
  }
  return { statuses }
}

function note(statuses: Fuzzed['statuses'], operation: string, status: number): void {
  const of = statuses.get(operation) ?? new Map<number, number>()
  statuses.set(operation, of.set(status, (of.get(status) ?? 0) + 1))
}
