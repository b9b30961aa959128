/**
 * Connections to a time series server that may hang, answer half, or answer without an end: each has its time and its bytes,
 * whatever the library above it does. One request a connection, so that the bounds are those of a request.
 */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'

export interface Bounds {
  /** From the connection to the last byte, milliseconds. */
  readonly timeMs: number
  readonly bytes: number
}
const LOOK_MS = 100

/** @param ca PEM of the authorities of a server over TLS; left out: the system's */
export function boundedAgent(url: URL, bounds: Bounds, ca?: string): HttpAgent | HttpsAgent {
  const agent =
    url.protocol === 'https:'
      ? new HttpsAgent({ keepAlive: false, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) })
      : new HttpAgent({ keepAlive: false })
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => bounded(connect(options, callback), bounds)
  return agent
}

function bounded<T extends Duplex | null | undefined>(socket: T, { timeMs, bytes }: Bounds): T {
  if (!socket) return socket
  const began = performance.now()
  const look = setInterval(() => {
    const read = 'bytesRead' in socket ? Number(socket.bytesRead) : 0
    if (read > bytes) socket.destroy(new RangeError('the answer is too large'))
    else if (performance.now() - began > timeMs) socket.destroy(new Error('no answer in time'))
  }, LOOK_MS).unref()
  socket.once('close', () => clearInterval(look))
  return socket
}
