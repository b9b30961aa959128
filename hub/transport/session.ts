/** One device's socket, from the TLS handshake on: what it may say and hear, and how it ends. */
import type { TLSSocket } from 'node:tls'
import { parseTopic, type Refusal, topics, UP } from '#devices/messages.ts'
import { causeOf } from '#hub/errors.ts'
import type { Clock, DeviceEdge, DeviceIdentity } from '#hub/ports.ts'
import { admission, type ConnectRequest, type Rejection } from './admission.ts'
import type { Bucket } from './bucket.ts'
import type { BurstLog } from './burst.ts'
import { Intake } from './intake.ts'
import type { BrokerLimits } from './limits.ts'
import { Outbox } from './outbox.ts'
import { CONNACK, publishPacket } from './packets.ts'
import type { Reporter } from './reporter.ts'

export type DownKind = 'decision' | 'command'

export interface Surroundings {
  readonly edge: DeviceEdge
  readonly reporter: Reporter
  readonly limits: BrokerLimits
  readonly log: BurstLog
  readonly now: Clock
  /** The session is over, whatever its socket still does. */
  readonly left: (session: Session) => void
}

/** A PUBLISH as the parser read it. */
export interface Incoming {
  readonly topic: string
  readonly payload: Buffer | string
  readonly qos: number
  readonly retain: boolean
  readonly messageId?: number | undefined
}

export class Session {
  readonly device: DeviceIdentity
  readonly socket: TLSSocket
  readonly intake: Intake
  readonly #around: Surroundings
  readonly #outbox: Outbox
  readonly #statusTopic: string
  readonly #downTopics: string
  /** Topic -> kind, of the known kinds only: a topic is parsed once per session, not once per message. */
  readonly #kinds = new Map<string, string>()
  readonly #subscribed = new Set<string>()
  #will: Buffer | undefined
  #open = false
  #ended = false

  constructor(device: DeviceIdentity, socket: TLSSocket, bucket: Bucket, around: Surroundings) {
    this.device = device
    this.socket = socket
    this.#around = around
    this.intake = new Intake(socket, bucket, around.limits, refusal => this.refuse(refusal))
    this.#outbox = new Outbox(socket, around.limits, () => this.#stuck())
    this.#statusTopic = topics.status(device.site, device.id)
    this.#downTopics = topics.downAll(device.site, device.id).slice(0, -1)
  }

  get ended(): boolean {
    return this.#ended
  }

  /** CONNACK has been written. */
  get open(): boolean {
    return this.#open && !this.#ended
  }

  /** Why a CONNECT can't be accepted, if so. Its last will becomes the session's. */
  admit(request: ConnectRequest): Rejection | undefined {
    const { reporter, limits } = this.#around
    const { serial, id } = this.device
    if (!reporter.identify(serial, id)) return { ok: false, refusal: 'certificate', code: CONNACK.notAuthorized }
    const answer = admission(request, this.device, limits.maxKeepaliveSeconds)
    if (!answer.ok) return answer
    this.#will = answer.will
    return undefined
  }

  /** CONNACK is on its way: the device is online. */
  opened(): void {
    if (this.#ended || this.#open) return
    this.#open = true
    this.#around.reporter.connected(this.device)
    this.intake.open()
  }

  /** Hands a message to the edge, in the order of arrival. PUBACK leaves when the edge has stored it, never before. */
  publish(message: Incoming): void {
    if (this.#ended) return
    const isStatus = message.topic === this.#statusTopic
    const kind = isStatus ? STATUS : this.#kindOf(message.topic)
    const refusal = kind === undefined ? 'topic' : faultOf(message, isStatus)
    if (refusal) this.refuse(refusal)
    else void this.#store(isStatus, kind!, message)
  }

  /** True if the device may listen there: its own `down/` topics and nothing else. */
  subscribe(filter: string): boolean {
    if (this.#ended) return false
    const kind = filter.slice(this.#downTopics.length)
    const own = filter.startsWith(this.#downTopics) && SUBSCRIBABLE.has(kind)
    if (own) this.#subscribed.add(kind)
    else this.#around.reporter.refused({ device: this.device.id }, 'subscription')
    return own
  }

  unsubscribe(filters: readonly string[]): void {
    for (const filter of filters) {
      if (filter.startsWith(this.#downTopics)) this.#subscribed.delete(filter.slice(this.#downTopics.length))
    }
  }

  /** True if such messages may go to it: the same access list again, at the moment of sending. */
  hears(kind: DownKind): boolean {
    return this.open && (this.#subscribed.has('#') || this.#subscribed.has('+') || this.#subscribed.has(kind))
  }

  /** At most once, never retained. False if the device does not listen or has stopped reading. */
  tell(kind: DownKind, message: object): boolean {
    return this.hears(kind) && this.#outbox.send(publishPacket(this.#downTopics + kind, JSON.stringify(message)))
  }

  /** Counts the refusal and closes the socket, after `lastWords` if there are any. */
  refuse(refusal: Refusal, lastWords?: Buffer): void {
    if (this.#ended) return
    this.#around.reporter.refused({ device: this.device.id }, refusal)
    if (lastWords) this.socket.write(lastWords)
    this.#end(lastWords ? 'after-writing' : 'now', true)
  }

  /** Closes the socket at once. Idempotent; the edge hears of it exactly once. */
  end(deliverWill = true): void {
    this.#end('now', deliverWill)
  }

  async #store(isStatus: boolean, kind: string, { payload, qos, messageId }: Incoming): Promise<void> {
    const { edge, now } = this.#around
    try {
      if (isStatus) await edge.status(this.device, payload as Buffer)
      else await edge.message(this.device, kind, payload as Buffer, now())
    } catch (error) {
      this.#notStored(error, messageId)
      return
    }
    if (this.#ended) return
    if (qos === 1) this.#outbox.acknowledge(messageId!)
    this.intake.settled()
  }

  /** Without PUBACK the device keeps the message, and sends it again when it is back. */
  #notStored(error: unknown, packet: number | undefined): void {
    if (this.#ended) return
    this.#around.log.warn('device message not stored', { device: this.device.id, packet, cause: causeOf(error) })
    this.#outbox.flush() // a decision may have been made all the same
    this.#end('after-writing', true)
  }

  #kindOf(topic: string): string | undefined {
    const known = this.#kinds.get(topic)
    if (known !== undefined) return known
    const parsed = parseTopic(topic)
    const { site, id } = this.device
    if (parsed?.channel !== 'up' || parsed.device !== id || parsed.site !== site) return undefined
    if (Object.hasOwn(UP, parsed.name)) this.#kinds.set(topic, parsed.name)
    return parsed.name
  }

  #stuck(): void {
    if (this.#ended) return
    this.#around.log.warn('device does not read', { device: this.device.id })
    this.end()
  }

  #end(how: 'now' | 'after-writing', deliverWill: boolean): void {
    if (this.#ended) return
    this.#ended = true
    this.intake.stop()
    this.#outbox.stop()
    const { reporter, limits, left } = this.#around
    left(this)
    if (this.#open) reporter.disconnected(this.device)
    if (this.#open && this.#will && deliverWill && !this.intake.saidFarewell) reporter.will(this.device, this.#will)
    if (how === 'now') {
      this.socket.destroy()
    } else {
      this.socket.destroySoon()
      setTimeout(() => this.socket.destroy(), limits.drainTimeoutMs).unref()
    }
  }
}

/** What is wrong with a message on one of the device's own topics. */
function faultOf(message: Incoming, isStatus: boolean): Refusal | undefined {
  if (message.retain && !isStatus) return 'retain'
  if (message.qos > 1) return 'qos'
  return message.qos === 1 && !message.messageId ? 'protocol' : undefined // MQTT-2.3.1-1
}

const STATUS = 'status'
const SUBSCRIBABLE = new Set(['#', '+', 'decision', 'command'])
