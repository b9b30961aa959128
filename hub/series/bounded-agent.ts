/**
 * Connections to a time series server that may hang, answer half, or answer without an end: each request has its time and its
 * bytes, whatever the library above it does. A connection is used again for the next request.
 */
import { type ClientRequest, Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface Bounds {
  /** From the beginning of a request to the last byte of its answer, milliseconds. */
  readonly timeMs: number
  readonly bytes: number
}
interface Watched {
  /** On the monotonic clock; undefined while it waits for another request. */
  began: number | undefined
  /** Bytes that earlier requests read. */
  before: number
}
const LOOK_MS = 100

/** @param ca PEM of the authorities of a server over TLS; left out: the system's */
export function boundedAgent(url: URL, bounds: Bounds, ca?: string): HttpAgent | HttpsAgent {
  const agent =
    url.protocol === 'https:'
      ? new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) })
      : new HttpAgent({ keepAlive: true })
  const watched = new WeakMap<Duplex, Watched>()
  const [connect, rest, again] = [
    agent.createConnection.bind(agent),
    agent.keepSocketAlive.bind(agent),
    agent.reuseSocket.bind(agent),
  ]
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback)
    if (socket) watched.set(socket, watch(socket, bounds))
    return socket
  }
  agent.keepSocketAlive = (socket: Duplex) => {
    Object.assign(watched.get(socket) ?? {}, { began: undefined })
    return rest(socket as Socket)
  }
  agent.reuseSocket = (socket: Duplex, request: ClientRequest) => {
    Object.assign(watched.get(socket) ?? {}, { began: performance.now(), before: readBy(socket) })
    again(socket as Socket, request)
  }
  return agent
}

function watch(socket: Duplex, { timeMs, bytes }: Bounds): Watched {
  const of: Watched = { began: performance.now(), before: 0 }
  const look = setInterval(() => {
    if (of.began === undefined) return
    if (readBy(socket) - of.before > bytes) socket.destroy(new RangeError('the answer is too large'))
    else if (performance.now() - of.began > timeMs) socket.destroy(new Error('no answer in time'))
  }, LOOK_MS).unref()
  socket.once('close', () => clearInterval(look))
  return of
}

const readBy = (socket: Duplex): number => ('bytesRead' in socket ? Number(socket.bytesRead) : 0)
