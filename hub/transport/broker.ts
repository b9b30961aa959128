/**
 * The devices' door: MQTT 3.1.1 over TLS 1.3 with client certificates. Every socket passes these in order:
 *
 *   address     no more sockets than one address may hold                          addresses.ts
 *   handshake   TLS 1.3, a certificate of our authority, not on the revocation list
 *   identity    the certificate's serial and name stand for a device now           peer.ts
 *   intake      size and pace of every packet, before the parser sees it           guard.ts, intake.ts
 *   admission   CONNECT: client id, protocol, session, last will                   admission.ts
 *   session     topics it may write and read; PUBACK after storing                 session.ts
 *
 * Anything not expressly allowed is refused, counted at the edge, and usually costs the connection.
 */
import { type EventEmitter, once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import type { CommandMessage, DecisionMessage, Refusal } from '#devices/messages.ts'
import { causeOf, VigieError } from '#hub/errors.ts'
import type { Clock, DeviceEdge, DeviceIdentity, DeviceLink, TlsMaterial } from '#hub/ports.ts'
import { Addresses } from './addresses.ts'
import { Bucket } from './bucket.ts'
import { BurstLog, type Log } from './burst.ts'
import { Connections } from './connections.ts'
import { type BrokerLimits, LIMITS } from './limits.ts'
import { type Client, type ConnectPacket, Mqtt, type PublishPacket } from './mqtt.ts'
import { connackPacket } from './packets.ts'
import { type Peer, peerOf } from './peer.ts'
import { Reporter } from './reporter.ts'
import { Session, type Surroundings } from './session.ts'

export interface BrokerOptions {
  readonly edge: DeviceEdge
  readonly tls: TlsMaterial
  /** 0 picks a free one. */
  readonly port: number
  readonly host?: string
  readonly limits?: Partial<BrokerLimits>
  readonly now: Clock
  readonly log: Log
}

export interface BrokerStats {
  /** Sockets whose certificate stands for a device. */
  readonly sockets: number
  /** Devices with an accepted CONNECT. */
  readonly devices: number
  /** Messages handed to the edge and not stored yet. */
  readonly pending: number
}

export class Broker implements DeviceLink {
  readonly #options: BrokerOptions
  readonly #limits: BrokerLimits
  readonly #log: BurstLog
  readonly #reporter: Reporter
  readonly #around: Surroundings
  readonly #connections = new Connections()
  readonly #addresses: Addresses
  /** By aedes' own client objects, which its hooks are called with. */
  readonly #sessions = new Map<Client, Session>()
  /** Per device, kept over reconnects, so that a cut buys no fresh burst. */
  readonly #buckets = new Map<string, Bucket>()
  #tls: TlsMaterial
  #server: Server | undefined
  #mqtt: Mqtt | undefined

  constructor(options: BrokerOptions) {
    this.#options = options
    this.#tls = options.tls
    this.#limits = { ...LIMITS, ...options.limits }
    this.#log = new BurstLog(options.log, options.now)
    this.#reporter = new Reporter(options.edge, this.#log)
    const { edge, now } = options
    const left = (session: Session): void => this.#connections.remove(session)
    this.#around = { edge, now, left, reporter: this.#reporter, limits: this.#limits, log: this.#log }
    this.#addresses = new Addresses(address => this.#reporter.refused({ address }, 'certificate'))
  }

  /** @throws VigieError port-in-use */
  async start(): Promise<{ port: number }> {
    this.#mqtt = this.#createMqtt()
    await this.#mqtt.listen()
    this.#server = this.#createServer()
    try {
      const port = await listen(this.#server, this.#options.port, this.#options.host)
      this.#server.on('error', error => this.#log.warn('broker socket failed', { cause: causeOf(error) }))
      return { port }
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Closes every socket. Last wills are not delivered: it is the hub that goes, not the devices. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = server?.listening && new Promise<void>(done => server.close(() => done()))
    for (const session of this.#connections.all()) session.end(false)
    this.#addresses.destroyAll()
    await closed
    const mqtt = this.#mqtt
    this.#mqtt = undefined
    if (mqtt) await new Promise<void>(done => mqtt.close(() => done()))
  }

  decide(device: string, decision: DecisionMessage): boolean {
    return this.#connections.current(device)?.tell('decision', decision) ?? false
  }

  command(device: string, command: CommandMessage): boolean {
    return this.#connections.current(device)?.tell('command', command) ?? false
  }

  cutSerial(serial: string): number {
    return cut(this.#connections.ofSerial(serial))
  }

  cutDevice(device: string): number {
    return cut(this.#connections.ofDevice(device))
  }

  /**
   * New session-ticket keys come with it: every device shows its certificate again, against the new list.
   * Tickets stay on otherwise: they spare a third of the CPU when a whole building comes back at once, and whoever
   * resumes is looked up like everybody else. @throws on PEM texts that can't be read; the present ones stay then
   */
  renewTls(tls: TlsMaterial): void {
    this.#server?.setSecureContext(secureContext(tls))
    this.#tls = tls
  }

  stats(): BrokerStats {
    const pending = this.#connections.all().reduce((sum, session) => sum + session.intake.pending, 0)
    return { sockets: this.#connections.size, devices: this.#connections.devices, pending }
  }

  // Address and handshake

  #createServer(): Server {
    const server = createServer({
      ...secureContext(this.#tls),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: this.#limits.handshakeTimeoutMs,
      noDelay: true,
    })
    server.maxConnections = this.#limits.maxConnections
    server.on('drop', data => this.#reporter.refused({ address: data?.remoteAddress ?? 'unknown' }, 'rate'))
    server.on('connection', socket => this.#call(socket))
    server.on('tlsClientError', (error, socket) => this.#handshakeFailed(error, socket))
    server.on('secureConnection', socket => this.#identify(socket))
    return server
  }

  #call(socket: Socket): void {
    if (this.#addresses.add(socket, this.#limits.maxConnectionsPerAddress)) return
    const address = this.#addresses.dealWith(socket)
    if (address) this.#reporter.refused({ address }, 'rate')
    socket.destroy()
  }

  /** Node reports a handshake's timeout here but leaves the socket open. */
  #handshakeFailed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    const address = this.#addresses.dealWith(socket)
    const certificateMissing = error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE'
    if (address) this.#reporter.refused({ address }, certificateMissing ? 'certificate' : 'protocol')
    socket.destroy()
  }

  // Identity

  #identify(socket: TLSSocket): void {
    const address = this.#addresses.dealWith(socket) ?? 'unknown'
    const peer = peerOf(socket, this.#options.now())
    const device = peer && this.#reporter.identify(peer.serial, peer.commonName)
    if (!device) this.#refuseSocket(socket, peer, address, 'certificate')
    else if (!this.#bucketOf(device).take(performance.now())) this.#refuseSocket(socket, peer, address, 'rate')
    else this.#admit(socket, device)
  }

  #refuseSocket(socket: TLSSocket, peer: Peer | undefined, address: string, refusal: Refusal): void {
    this.#reporter.refused(peer ? { device: peer.commonName } : { address }, refusal)
    socket.destroy()
  }

  #bucketOf(device: DeviceIdentity): Bucket {
    const known = this.#buckets.get(device.id)
    if (known) return known
    const bucket = new Bucket(this.#limits.deviceRate, this.#limits.deviceBurst, performance.now())
    this.#buckets.set(device.id, bucket)
    return bucket
  }

  #admit(socket: TLSSocket, device: DeviceIdentity): void {
    if (!this.#mqtt) {
      socket.destroy()
      return
    }
    const session = new Session(device, socket, this.#bucketOf(device), this.#around)
    socket.setNoDelay(true)
    session.intake.start()
    const client = this.#mqtt.handle(socket)
    this.#sessions.set(client, session)
    socket.once('close', () => this.#closed(client, session))
    this.#connections.add(session, this.#limits.maxConnectionsPerDevice)?.end()
  }

  #closed(client: Client, session: Session): void {
    session.end()
    this.#sessions.delete(client)
  }

  // What aedes asks. All its hooks are given: where one is missing, it answers yes.

  #createMqtt(): Mqtt {
    const mqtt = new Mqtt({
      connectTimeout: this.#limits.connectTimeoutMs,
      drainTimeout: this.#limits.drainTimeoutMs,
      preConnect: (client, packet, done) => this.#connect(client, packet, done),
      authenticate: (client, _user, _password, done) => done(null, this.#live(client) !== undefined),
      authorizePublish: (client, packet, done) => this.#publish(client, packet, done),
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.#live(client)?.subscribe(subscription.topic) ? subscription : null),
      authorizeForward: () => null, // nothing goes through aedes' own exchange
      published: (_packet, _client, done) => done(),
    })
    mqtt.on('connackSent', (packet, client) => packet.returnCode === 0 && this.#live(client)?.opened())
    mqtt.on('unsubscribe', (filters, client) => this.#live(client)?.unsubscribe(filters))
    mqtt.on('clientError', (client, error) => this.#clientFailed(client, error))
    mqtt.on('connectionError', (client, error) => this.#clientFailed(client, error))
    const emitter: EventEmitter = mqtt // aedes' types leave this event out
    emitter.on('error', (error: unknown) => this.#log.warn('broker failed', { cause: causeOf(error) }))
    return mqtt
  }

  #live(client: Client): Session | undefined {
    const session = this.#sessions.get(client)
    return session?.ended ? undefined : session
  }

  /** Where `done` is not called the socket is closing, and aedes' client with it. */
  #connect(client: Client, packet: ConnectPacket, done: (error: Error | null, go: boolean) => void): void {
    const session = this.#live(client)
    if (!session) return
    const rejection = session.admit(packet)
    if (rejection) {
      session.refuse(rejection.refusal, connackPacket(rejection.code))
      return
    }
    delete packet.will // the session keeps it: aedes would publish it through its exchange
    this.#connections.promote(session)?.end()
    done(null, true)
  }

  /**
   * aedes would send PUBACK as soon as `done` is called; as QoS 0 it sends none, and the session does once the message
   * is stored. So a slow disk holds back PUBACKs, but not the answers to a device's pings. `done` is never called from
   * within: aedes would read on in the middle of parsing.
   */
  #publish(client: Client | null, packet: PublishPacket, done: () => void): void {
    const session = client && this.#live(client)
    if (!session) return
    session.publish(packet)
    packet.qos = 0
    if (!session.ended) queueMicrotask(done)
  }

  /** Malformed packets, and sockets that went away. aedes has destroyed the socket by now. */
  #clientFailed(client: Client, error: NodeJS.ErrnoException): void {
    const session = this.#live(client)
    if (!session) return
    if (error.code || ORDINARY.has(error.message)) session.end()
    else session.refuse('protocol')
  }
}

/** How aedes words what is no fault of protocol: the device is gone, or too slow. */
const ORDINARY = new Set(['keep alive timeout', 'drain timeout', 'connection closed'])

const secureContext = (tls: TlsMaterial): TlsOptions => ({
  key: tls.key,
  cert: tls.cert,
  ca: tls.ca,
  ...(tls.crl === '' ? {} : { crl: tls.crl }),
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
})

function cut(sessions: readonly Session[]): number {
  for (const session of sessions) session.end()
  return sessions.length
}

async function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  try {
    server.listen({ port, ...(host === undefined ? {} : { host }) })
    await once(server, 'listening')
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw taken ? new VigieError('port-in-use', { port, field: 'VIGIE_MQTT_PORT' }, { cause: error }) : error
  }
  return (server.address() as AddressInfo).port
}
