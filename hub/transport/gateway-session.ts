/** One gateway's socket, from its first packet on. What it says in its dialect is handed on in ours. */
import type { Socket } from 'node:net'
import type { DialectName } from '#devices/define.ts'
import { causeOf } from '#hub/errors.ts'
import type { Clock, DeviceIdentity, GatewayEdge } from '#hub/ports.ts'
import { Bucket } from './bucket.ts'
import type { BurstLog } from './burst.ts'
import { DIALECTS_BY_NAME } from './dialects/all.ts'
import type { Dialect, Publish } from './dialects/dialect.ts'
import { Intake } from './intake.ts'
import type { BrokerLimits } from './limits.ts'
import { Outbox } from './outbox.ts'
import { CONNACK, type ConnackCode, connackPacket, publishPacket } from './packets.ts'
import type { Incoming } from './session.ts'

export interface GatewaySurroundings {
  readonly edge: GatewayEdge
  readonly limits: BrokerLimits
  readonly log: BurstLog
  readonly now: Clock
  readonly left: (session: GatewaySession) => void
}

/** What a gateway has to say at its CONNECT. */
export interface SignIn {
  readonly protocolId?: string
  readonly protocolVersion?: number
  readonly bridgeMode?: boolean
  readonly keepalive?: number
  readonly username?: string
  readonly password?: Buffer | string
}

/** Messages of one device behind a gateway, per second and at once: one that floods takes no other's turn. */
const ADDRESS_RATE = 5
const ADDRESS_BURST = 50
/** Filters that a gateway listens under. None of them lets it hear another: there is no exchange between them. */
const MOST_FILTERS = 64
/** Addresses whose pace is watched; a Zigbee network has no more. */
const MOST_ADDRESSES = 1_000

export class GatewaySession {
  readonly socket: Socket
  readonly intake: Intake
  readonly #around: GatewaySurroundings
  readonly #address: string
  readonly #isEncrypted: boolean
  readonly #limits: { -readonly [K in keyof BrokerLimits]: BrokerLimits[K] }
  readonly #outbox: Outbox
  /** What its dialect has to remember of what it announced. */
  readonly #memory = new Map<string, string>()
  readonly #paces = new Map<string, Bucket>()
  #signedIn: { readonly gateway: DeviceIdentity; readonly dialect: Dialect } | undefined
  #filters = 0
  #open = false
  #ended = false

  constructor(
    socket: Socket,
    from: { readonly address: string; readonly isEncrypted: boolean; readonly bucket: Bucket },
    around: GatewaySurroundings,
  ) {
    this.socket = socket
    this.#around = around
    this.#address = from.address
    this.#isEncrypted = from.isEncrypted
    this.#limits = { ...around.limits }
    this.intake = new Intake(socket, from.bucket, this.#limits, refusal => this.refuse(refusal))
    this.#outbox = new Outbox(socket, around.limits, () => this.end())
  }

  get ended(): boolean {
    return this.#ended
  }
  get gateway(): DeviceIdentity | undefined {
    return this.#signedIn?.gateway
  }

  get dialect(): DialectName | undefined {
    return this.#signedIn?.dialect.name
  }

  /** @returns true if it may go on; else the socket is closing. */
  admit(request: SignIn): boolean {
    const { protocolId, protocolVersion, bridgeMode, keepalive, username, password } = request
    if (protocolId !== 'MQTT' || protocolVersion !== 4 || bridgeMode)
      return this.#turnAway('protocol', CONNACK.unacceptableProtocol)
    if (!keepalive || keepalive > this.#limits.maxKeepaliveSeconds)
      return this.#turnAway('session', CONNACK.notAuthorized)
    const answer = this.#around.edge.signIn(username ?? '', String(password ?? ''), this.#isEncrypted)
    if (typeof answer === 'string') return this.#turnAway(answer, CONNACK.notAuthorized)
    this.#signedIn = { gateway: answer.gateway, dialect: DIALECTS_BY_NAME[answer.dialect] }
    this.#limits.maxPublishBytes = this.#signedIn.dialect.maxPublishBytes
    return true
  }

  /** CONNACK is on its way. */
  opened(): void {
    if (this.#ended || this.#open || !this.#signedIn) return
    this.#open = true
    this.#around.edge.connected(this.#signedIn.gateway)
    this.intake.open()
  }

  subscribe(): boolean {
    return !this.#ended && ++this.#filters <= MOST_FILTERS
  }

  /** Strange topics and texts are counted and cost nothing more: such devices say a great deal that is not for us. */
  publish(message: Incoming): void {
    if (this.#ended || !this.#signedIn) return
    const { dialect, gateway } = this.#signedIn
    const read = dialect.read(message.topic, message.payload as Buffer, this.#memory)
    if (typeof read === 'string') {
      if (read !== 'ignored') this.#around.edge.refused({ device: gateway.id }, read)
      this.#done(message)
    } else if (!this.#pace(read.address)) {
      this.#around.edge.refused({ device: gateway.id }, 'rate')
      this.#done(message)
    } else void this.#store(gateway, read, message)
  }

  /** At most once, never retained. False if it has stopped reading. */
  send({ topic, payload }: Publish): boolean {
    return this.#open && !this.#ended && this.#outbox.send(publishPacket(topic, payload))
  }

  refuse(refusal: Parameters<GatewayEdge['refused']>[1], lastWords?: Buffer): void {
    if (this.#ended) return
    const subject = this.gateway ? { device: this.gateway.id } : { address: this.#address }
    this.#around.edge.refused(subject, refusal)
    if (lastWords) this.socket.write(lastWords)
    this.end(lastWords !== undefined)
  }

  /** Idempotent; the edge hears of it exactly once. */
  end(afterWriting = false): void {
    if (this.#ended) return
    this.#ended = true
    this.intake.stop()
    this.#outbox.stop()
    this.#around.left(this)
    if (this.#open && this.gateway) this.#around.edge.disconnected(this.gateway)
    if (!afterWriting) this.socket.destroy()
    else {
      this.socket.destroySoon()
      setTimeout(() => this.socket.destroy(), this.#limits.drainTimeoutMs).unref()
    }
  }

  #turnAway(refusal: Parameters<GatewayEdge['refused']>[1], code: ConnackCode): false {
    this.refuse(refusal, connackPacket(code))
    return false
  }

  #pace(address: string): boolean {
    const now = performance.now()
    const known = this.#paces.get(address)
    if (!known && this.#paces.size >= MOST_ADDRESSES) return false
    const bucket = known ?? new Bucket(ADDRESS_RATE, ADDRESS_BURST, now)
    if (!known) this.#paces.set(address, bucket)
    return bucket.take(now)
  }

  async #store(gateway: DeviceIdentity, heard: Parameters<GatewayEdge['heard']>[1], message: Incoming): Promise<void> {
    const { edge, now, log } = this.#around
    try {
      await edge.heard(gateway, heard, now())
    } catch (error) {
      if (this.#ended) return
      log.warn('message of a bought device not stored', { device: gateway.id, cause: causeOf(error) })
      this.end(true) // without PUBACK: said again when it is back, if the gateway cares
      return
    }
    this.#done(message)
  }

  #done({ qos, messageId }: Incoming): void {
    if (this.#ended) return
    if (qos === 1 && messageId) this.#outbox.acknowledge(messageId)
    this.intake.settled()
  }
}
