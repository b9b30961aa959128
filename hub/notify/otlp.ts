/**
 * Spans on their way to a collector: OTLP over HTTP in JSON (opentelemetry.io/docs/specs/otlp, version 1). The whole of what
 * the hub says of it is below, so that there is no library of a dozen packages between; a collector that does not answer
 * costs a bounded list in memory, whose oldest spans go.
 */
import { randomBytes } from 'node:crypto'
import type { BoundedFetch } from '../bounded-fetch.ts'
import { causeOf } from '../errors.ts'

/** Times in ms since 1970, with what lies below as a fraction. */
export interface Span {
  readonly trace: string
  readonly id: string
  readonly parent?: string
  readonly name: string
  readonly kind: 'internal' | 'server'
  readonly began: number
  readonly ended: number
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly failed?: boolean
}
export interface OtlpNeeds {
  /** Without /v1/traces. */
  readonly url: string
  /** Whole value of the Authorization header; empty: none. */
  readonly authorization: () => string
  readonly fetch: BoundedFetch
  readonly log: { warn(details: object, words: string): void }
}
const KINDS = { internal: 1, server: 2 } as const
const FAILED = 2
/** In memory, until they are sent; the oldest go. */
const MOST_WAITING = 5_000
/** Of one request. */
const MOST_AT_ONCE = 500

/** 128 bits of a trace, 64 of a span: hexadecimal, never all zero. */
export const traceId = (): string => randomBytes(16).toString('hex')
export const spanId = (): string => randomBytes(8).toString('hex')

export class Otlp {
  readonly #needs: OtlpNeeds
  #waiting: Span[] = []
  #sending: Promise<void> | undefined
  #isDown = false
  /** Spans that were never sent, since the start. */
  dropped = 0

  constructor(needs: OtlpNeeds) {
    this.#needs = needs
  }

  add(span: Span): void {
    this.#waiting.push(span)
    if (this.#waiting.length <= MOST_WAITING) return
    this.dropped += this.#waiting.length - MOST_WAITING
    this.#waiting = this.#waiting.slice(-MOST_WAITING)
  }

  /** Never rejects. What can't be sent waits for the next call. */
  flush(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined
    })
    return this.#sending
  }

  async #send(): Promise<void> {
    const { url, authorization, fetch, log } = this.#needs
    try {
      while (this.#waiting.length > 0) {
        const part = this.#waiting.slice(0, MOST_AT_ONCE)
        const token = authorization()
        const headers = { 'content-type': 'application/json', ...(token !== '' && { authorization: token }) }
        const body = JSON.stringify(requestOf(part))
        const answer = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
        // 400: what is not understood now will not be later.
        if (!answer.ok && answer.status !== 400) throw new Error(`HTTP ${answer.status}`)
        if (!answer.ok) this.dropped += part.length
        this.#waiting = this.#waiting.filter(span => !part.includes(span))
      }
      this.#isDown = false
    } catch (error) {
      if (!this.#isDown) log.warn({ cause: causeOf(error) }, 'traces do not reach their collector')
      this.#isDown = true
    }
  }
}

/** ExportTraceServiceRequest. */
export function requestOf(spans: readonly Span[]): object {
  const resource = { attributes: attributesOf({ 'service.name': 'vigie' }) }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'vigie' }, spans: spans.map(spanOf) }] }] }
}

const spanOf = (span: Span): object => ({
  traceId: span.trace,
  spanId: span.id,
  ...(span.parent !== undefined && { parentSpanId: span.parent }),
  ...{ name: span.name, kind: KINDS[span.kind] },
  ...{ startTimeUnixNano: nanosecondsOf(span.began), endTimeUnixNano: nanosecondsOf(span.ended) },
  attributes: attributesOf(span.attributes),
  status: span.failed ? { code: FAILED } : {},
})
/** In decimal: more digits than a number of JavaScript holds. */
const nanosecondsOf = (at: number): string => {
  const ms = Math.floor(at)
  return `${ms}${String(Math.floor((at - ms) * 1e6)).padStart(6, '0')}`
}
const attributesOf = (attributes: Span['attributes']): readonly object[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
function anyValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
