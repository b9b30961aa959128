/**
 * The door for bought devices: MQTT 3.1.1 on a port and a network of their own, because they hold no certificates. A gateway
 * signs in with a name and a password that the hub made; one whose password may travel unencrypted is marked as such, and
 * every other is refused without TLS. None hears another, and what they say takes no part in who may open what.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls'
import type { CommandMessage } from '#devices/messages.ts'
import { causeOf, VigieError } from '#hub/errors.ts'
import type { Clock, GatewayEdge, TlsMaterial } from '#hub/ports.ts'
import { Addresses } from './addresses.ts'
import { Bucket } from './bucket.ts'
import { BurstLog, type Log } from './burst.ts'
import { DIALECTS_BY_NAME } from './dialects/all.ts'
import type { Target } from './dialects/dialect.ts'
import { GatewaySession, type GatewaySurroundings, type SignIn } from './gateway-session.ts'
import { type BrokerLimits, LIMITS } from './limits.ts'
import { type Client, Mqtt } from './mqtt.ts'

export interface GatewayOptions {
  readonly edge: GatewayEdge
  readonly tls: TlsMaterial
  /** The address of the network that bought devices are on. */
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly limits?: Partial<BrokerLimits>
  readonly now: Clock
  readonly log: Log
}

/** A gateway speaks for a whole network, and there are few of them. */
const GATEWAY_LIMITS: Partial<BrokerLimits> = {
  deviceRate: 200,
  deviceBurst: 2_000,
  maxConnections: 500,
  maxConnectionsPerAddress: 50,
}
/** First byte of a TLS handshake (RFC 8446, 5.1); a CONNECT begins with 0x10. */
const HANDSHAKE = 0x16
/** Addresses whose pace is remembered over reconnects. */
const MOST_PACES = 1_000

export class Gateways {
  readonly #options: GatewayOptions
  readonly #limits: BrokerLimits
  readonly #log: BurstLog
  readonly #addresses: Addresses
  readonly #around: GatewaySurroundings
  readonly #sessions = new Map<Client, GatewaySession>()
  readonly #current = new Map<string, GatewaySession>()
  readonly #paces = new Map<string, Bucket>()
  readonly #encrypting: TlsServer
  #server: Server | undefined
  #mqtt: Mqtt | undefined

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#limits = { ...LIMITS, ...GATEWAY_LIMITS, ...options.limits }
    this.#log = new BurstLog(options.log, options.now)
    this.#addresses = new Addresses(address => options.edge.refused({ address }, 'protocol'))
    const { edge, now } = options
    const left = (session: GatewaySession): void => this.#left(session)
    this.#around = { edge, now, left, limits: this.#limits, log: this.#log }
    this.#encrypting = this.#createEncrypting(options.tls)
  }

  /** @throws VigieError port-in-use */
  async start(): Promise<{ port: number }> {
    this.#mqtt = this.#createMqtt()
    await this.#mqtt.listen()
    this.#server = createServer({ noDelay: true }, socket => this.#call(socket))
    this.#server.maxConnections = this.#limits.maxConnections
    try {
      const port = await listen(this.#server, this.#options)
      this.#server.on('error', error => this.#log.warn('listener for bought devices failed', { cause: causeOf(error) }))
      return { port }
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = server?.listening && new Promise<void>(done => server.close(() => done()))
    for (const session of [...this.#sessions.values()]) session.end()
    this.#addresses.destroyAll()
    await closed
    const mqtt = this.#mqtt
    this.#mqtt = undefined
    if (mqtt) await new Promise<void>(done => mqtt.close(() => done()))
  }

  /** An order to a light behind a gateway. False if the gateway is not there, or has no words for it. */
  order(gateway: string, target: Target, command: CommandMessage): boolean {
    const session = this.#current.get(gateway)
    const dialect = session?.dialect
    if (!session || !dialect || command.action !== 'set') return false
    const publish = DIALECTS_BY_NAME[dialect].order(target, command)
    return publish !== undefined && session.send(publish)
  }

  cutSerial(serial: string): number {
    const cut = [...this.#sessions.values()].filter(s => s.gateway?.serial === serial)
    for (const session of cut) session.end()
    return cut.length
  }

  renewTls(tls: TlsMaterial): void {
    this.#encrypting.setSecureContext({ key: tls.key, cert: tls.cert })
  }

  #createEncrypting({ key, cert }: TlsMaterial): TlsServer {
    const server = createTlsServer({
      key,
      cert,
      minVersion: 'TLSv1.2',
      handshakeTimeout: this.#limits.handshakeTimeoutMs,
    })
    server.on('secureConnection', socket => this.#admit(socket, true))
    server.on('tlsClientError', (_error, socket) => {
      const address = this.#addresses.dealWith(socket)
      if (address) this.#options.edge.refused({ address }, 'protocol')
      socket.destroy()
    })
    return server
  }

  /** Which of the two it speaks says its first byte. */
  #call(socket: Socket): void {
    socket.on('error', () => socket.destroy()) // before anything else listens: a reset must not end the hub
    if (!this.#addresses.add(socket, this.#limits.maxConnectionsPerAddress)) {
      const address = this.#addresses.dealWith(socket)
      if (address) this.#options.edge.refused({ address }, 'rate')
      socket.destroy()
      return
    }
    const patience = setTimeout(() => socket.destroy(), this.#limits.handshakeTimeoutMs)
    socket.once('close', () => clearTimeout(patience))
    socket.once('readable', () => {
      const first = socket.read(1) as Buffer | null
      clearTimeout(patience)
      if (!first) return
      socket.unshift(first)
      if (first[0] === HANDSHAKE) this.#encrypting.emit('connection', socket)
      else this.#admit(socket, false)
    })
  }

  #admit(socket: Socket, isEncrypted: boolean): void {
    const address = this.#addresses.dealWith(socket)
    if (!this.#mqtt || address === undefined) {
      socket.destroy()
      return
    }
    const bucket = this.#paceOf(address)
    const session = new GatewaySession(socket, { address, isEncrypted, bucket }, this.#around)
    session.intake.start()
    const client = this.#mqtt.handle(socket)
    this.#sessions.set(client, session)
    socket.once('close', () => {
      session.end()
      this.#sessions.delete(client)
    })
    socket.emit('readable')
  }

  #paceOf(address: string): Bucket {
    const known = this.#paces.get(address)
    if (known) return known
    if (this.#paces.size >= MOST_PACES) this.#paces.clear()
    const bucket = new Bucket(this.#limits.deviceRate, this.#limits.deviceBurst, performance.now())
    this.#paces.set(address, bucket)
    return bucket
  }

  #left(session: GatewaySession): void {
    const id = session.gateway?.id ?? ''
    if (this.#current.get(id) === session) this.#current.delete(id)
  }

  #createMqtt(): Mqtt {
    const mqtt = new Mqtt({
      connectTimeout: this.#limits.connectTimeoutMs,
      drainTimeout: this.#limits.drainTimeoutMs,
      preConnect: (client, packet, done) => {
        const session = this.#live(client)
        if (!session?.admit(packet as SignIn)) return
        delete packet.will // the end of its socket says the same
        packet.clean = true // nothing is kept for anybody
        this.#promote(session)
        done(null, true)
      },
      authenticate: (client, _user, _password, done) => done(null, this.#live(client)?.gateway !== undefined),
      authorizePublish: (client, packet, done) => {
        const session = client && this.#live(client)
        if (!session) return
        session.publish({ ...packet, payload: Buffer.from(packet.payload) })
        packet.qos = 0 // PUBACK is the session's, once it is stored
        if (!session.ended) queueMicrotask(done)
      },
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.#live(client)?.subscribe() ? subscription : null),
      authorizeForward: () => null,
      published: (_packet, _client, done) => done(),
    })
    mqtt.on('connackSent', (packet, client) => packet.returnCode === 0 && this.#live(client)?.opened())
    mqtt.on('clientError', client => this.#live(client)?.end())
    mqtt.on('connectionError', client => this.#live(client)?.refuse('protocol'))
    return mqtt
  }

  #live(client: Client): GatewaySession | undefined {
    const session = this.#sessions.get(client)
    return session?.ended ? undefined : session
  }

  /** One socket for each gateway: the newer one is the one in use. */
  #promote(session: GatewaySession): void {
    const id = session.gateway?.id ?? ''
    const before = this.#current.get(id)
    this.#current.set(id, session)
    before?.end()
  }
}

async function listen(server: Server, { port, host }: GatewayOptions): Promise<number> {
  try {
    server.listen({ port, host })
    await once(server, 'listening')
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    throw taken ? new VigieError('port-in-use', { port, field: 'VIGIE_BOUGHT_LISTEN' }, { cause: error }) : error
  }
  return (server.address() as AddressInfo).port
}
