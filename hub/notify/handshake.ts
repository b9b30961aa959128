/** The handshake of a live page: who is let in, as what, from where on; and how one is refused. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServerEvents } from '../api.ts'
import { ERRORS, type ErrorCode } from '../errors.ts'
import type { EventKind } from '../events.ts'

export type Why = Parameters<ServerEvents['ended']>[0]
export type Admission =
  | {
      readonly ok: true
      readonly session: string
      /** Who reads, as the journal names them. */
      readonly operator: string
      /** Kinds of events that whoever reads may not see, not even that there was one. */
      readonly hidden: readonly EventKind[]
      /** The zones their role counts in, without those below them; absent: everywhere. */
      readonly zones?: readonly string[]
      onEnded(tell: (why: Why) => void): () => void
    }
  | { readonly ok: false; readonly code: ErrorCode }
/** Decides about a handshake before it is answered: host, origin, session, role. */
export type Gate = (request: IncomingMessage) => Promise<Admission>

/** The journal seq a returning page has seen last; anything else counts as none. */
export function cursorOf(auth: { readonly [field: string]: unknown }): number | undefined {
  const { cursor } = auth
  return typeof cursor === 'number' && Number.isSafeInteger(cursor) && cursor >= 0 ? cursor : undefined
}

/** An upgrade is refused in plain HTTP, before any WebSocket exists. */
export function refuse(socket: Duplex, code: ErrorCode): void {
  const [status] = ERRORS[code]
  const body = JSON.stringify({ type: `urn:vigie:problem:${code}`, title: code, status, code })
  const head = [
    `HTTP/1.1 ${status} Refused`,
    'Connection: close',
    'Content-Type: application/problem+json',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
  ]
  socket.end(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, () => socket.destroy())
}
