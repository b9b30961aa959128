/**
 * Two doors to the same routes: plain HTTP for this machine only, HTTPS for everyone. HTTPS asks for a client
 * certificate and takes none as well: EST re-enrolment needs the device's, a browser has none.
 */
import { constants } from 'node:crypto'
import {
  createServer as createHttp,
  type Server as HttpServerOfNode,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttps, type Server as HttpsServerOfNode, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { causeOf, VigieError } from '../errors.ts'
import type { TlsMaterial } from '../ports.ts'
import { type AppOptions, buildApp, type Route } from './app.ts'
import { LocalDoor } from './local-door.ts'
import { Sockets } from './sockets.ts'

export interface HttpOptions extends AppOptions {
  /** 0 picks a free one. */
  readonly httpPort: number
  readonly httpsPort: number
  readonly tls: TlsMaterial
  /** Where the command line on this machine gets in: a path in the data folder. Left out: nowhere. */
  readonly socketFile?: string
  /** Until a TCP socket has finished its TLS handshake, or is gone; 10,000 ms. */
  readonly handshakeTimeoutMs?: number
  /** HTTPS sockets at once from one address; 100. The plain listener has none but this machine's own. */
  readonly socketsPerAddress?: number
}

type Listener = HttpServerOfNode | HttpsServerOfNode

/** A request has 10 s for its headers and 30 s in all; sockets at once per listener. */
const LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
} as const
const HANDSHAKE_MS = 10_000
const MAX_CONNECTIONS = 1_000
/** For a refused socket to take its answer. */
const LAST_WORDS_MS = 1_000
const LOOPBACK = '127.0.0.1'

export class HttpServer {
  readonly #options: HttpOptions
  #app: FastifyInstance | undefined
  #http: HttpServerOfNode | undefined
  #https: HttpsServerOfNode | undefined
  #here: HttpServerOfNode | undefined
  #routes: readonly Route[] = []
  readonly #local = new Sockets(MAX_CONNECTIONS)
  readonly #remote: Sockets

  constructor(options: HttpOptions) {
    this.#options = options
    this.#remote = new Sockets(options.socketsPerAddress)
  }

  /** Every route with the permission it asks for. */
  get routes(): readonly Route[] {
    return this.#routes
  }

  /** For the live socket to attach to; empty before start(). */
  get servers(): readonly Listener[] {
    return [this.#http, this.#https].filter(s => s !== undefined)
  }

  /** @returns the ports in use. @throws VigieError port-in-use */
  async start(): Promise<{ httpPort: number; httpsPort: number }> {
    const { httpPort, httpsPort, tls, socketFile, log } = this.#options
    const local = socketFile === undefined ? undefined : new LocalDoor(socketFile, log)
    const { app, routes } = await buildApp({ ...this.#options, ...(local && { local }) })
    this.#app = app
    this.#routes = routes
    const handle = (request: IncomingMessage, response: ServerResponse): void => app.routing(request, response)
    this.#http = prepare(createHttp(LIMITS, handle), this.#local)
    this.#https = prepare(createHttps(this.#tlsOptions(tls), handle), this.#remote)
    // Node leaves the socket of a failed handshake open, and what is written to it never gets anywhere.
    this.#https.on('tlsClientError', (_, socket) => socket.destroy())
    this.#options.sessions.start()
    this.#options.bearers?.start()
    try {
      const ports = await this.#listen(httpPort, httpsPort)
      if (local) {
        this.#here = createHttp(LIMITS, handle)
        await local.open(this.#here)
      }
      return ports
    } catch (error) {
      await this.stop() // one door without the other is no half success
      throw error
    }
  }

  #tlsOptions(tls: TlsMaterial): ServerOptions {
    const handshakeTimeout = this.#options.handshakeTimeoutMs ?? HANDSHAKE_MS
    return { ...LIMITS, ...contextOf(tls), requestCert: true, rejectUnauthorized: false, handshakeTimeout }
  }

  async #listen(httpPort: number, httpsPort: number): Promise<{ httpPort: number; httpsPort: number }> {
    if (!this.#http || !this.#https) throw new VigieError('internal', { id: 'listen' })
    return {
      httpPort: await listen(this.#http, httpPort, 'VIGIE_HTTP_PORT', LOOPBACK),
      httpsPort: await listen(this.#https, httpsPort, 'VIGIE_HTTPS_PORT'),
    }
  }

  /** A new certificate or revocation list, for new handshakes. */
  renewTls(tls: TlsMaterial): void {
    this.#https?.setSecureContext(contextOf(tls))
  }

  /** Lets go of both ports, cuts what is still open, and writes down the readings still counted. */
  async stop(): Promise<void> {
    this.#options.sessions.stop()
    this.#options.bearers?.stop()
    this.#options.auth.stop()
    const closed = [...this.servers, this.#here].map(close)
    this.#here?.closeAllConnections()
    // An upgraded socket is no request any more: closing a server would wait for it.
    this.#local.destroyAll()
    this.#remote.destroyAll()
    await Promise.all(closed)
    await this.#app?.close()
    await this.#options.reads.stop()
  }
}

function prepare<L extends Listener>(server: L, sockets: Sockets): L {
  server.maxConnections = MAX_CONNECTIONS
  server.on('clientError', (_: Error, socket: Duplex) => refuseUnreadable(socket))
  server.on('connection', sockets.take)
  return server
}

/**
 * TLS 1.3 only: every browser since 2020, curl and OpenSSL speak it. No tickets: a resumed session skips the check of
 * the client certificate, revocation included.
 */
function contextOf({ key, cert, ca, crl }: TlsMaterial): SecureContextOptions {
  return { key, cert, ca, minVersion: 'TLSv1.3', secureOptions: constants.SSL_OP_NO_TICKET, ...(crl !== '' && { crl }) }
}

/** What isn't HTTP gets the shortest answer there is, and no echo. */
function refuseUnreadable(socket: Duplex): void {
  const cut = (): unknown => socket.destroy()
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', cut)
  else cut()
  const late = setTimeout(cut, LAST_WORDS_MS).unref() // a peer that takes nothing
  socket.once('close', () => clearTimeout(late))
}

/** Without an address: every interface, IPv6 and IPv4 alike, or IPv4 alone where there is no IPv6. */
function listen(server: Listener, port: number, field: string, host?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(portError(error, port, field))
    server.once('error', failed)
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function portError(error: NodeJS.ErrnoException, port: number, field: string): Error {
  if (error.code === 'EADDRINUSE') return new VigieError('port-in-use', { port, field }, { cause: error })
  return new VigieError(
    'config-invalid',
    { field, expected: `a port that can be opened (${causeOf(error)})` },
    { cause: error },
  )
}

function close(server: Listener | undefined): Promise<void> {
  return server?.listening ? new Promise(resolve => server.close(() => resolve())) : Promise.resolve()
}
