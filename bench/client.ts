/**
 * One device as the load generator plays it: a TLS socket and the MQTT codec, nothing else, so that the generator's own
 * cost stays small beside the server's. The same for every server under test.
 */
import { connect, type SecureContext, type TLSSocket } from 'node:tls'
import { generate, type Packet, parser } from 'mqtt-packet'
import { topics } from '#devices/messages.ts'
import { SITE_ID } from './site.ts'

const KEEPALIVE_S = 60
const CONNECT_LIMIT_MS = 60_000
const PING = generate({ cmd: 'pingreq' })

export class Client {
  readonly id: string
  onPublish: (topic: string, payload: string, client: Client) => void = () => undefined
  onPuback: (client: Client) => void = () => undefined
  /** The socket ended although nobody closed it. */
  onLost: (client: Client, why: string) => void = () => undefined
  readonly #parser = parser()
  readonly #waiting = new Map<string, (error?: Error) => void>()
  #socket: TLSSocket | undefined
  #messageId = 0
  #closing = false

  constructor(id: string) {
    this.id = id
    this.#parser.on('packet', packet => this.#received(packet))
    this.#parser.on('error', error => this.#lost(error.message))
  }

  /** Resolves at CONNACK. @throws Error if the server refuses, ends the connection or takes over a minute. */
  async open(port: number, context: SecureContext): Promise<void> {
    const target = { host: '127.0.0.1', port, servername: 'localhost' }
    const socket = connect({ ...target, secureContext: context, minVersion: 'TLSv1.3' })
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('secureConnect', () => socket.write(this.#connectPacket()))
    socket.on('data', chunk => this.#parser.parse(chunk))
    let why = 'the server closed the connection'
    socket.on('error', error => {
      why = error.message
    })
    socket.once('close', () => this.#lost(why))
    const late = setTimeout(() => socket.destroy(new Error('no CONNACK')), CONNECT_LIMIT_MS)
    await this.#answer('connack').finally(() => clearTimeout(late))
  }

  /** Its own `down/#`, QoS 0. Resolves at SUBACK. @throws Error if refused. */
  async subscribe(): Promise<void> {
    const subscriptions = [{ topic: topics.downAll(SITE_ID, this.id), qos: 0 as const }]
    this.#socket?.write(generate({ cmd: 'subscribe', messageId: this.#nextId(), subscriptions }))
    await this.#answer('suback')
  }

  /** QoS 1, in a write and so a TLS record of its own, as devices send. */
  publish(topic: string, payload: string, retain = false): void {
    const messageId = this.#nextId()
    this.#socket?.write(generate({ cmd: 'publish', topic, payload, qos: 1, retain, dup: false, messageId }))
  }

  ping(): void {
    this.#socket?.write(PING)
  }

  close(): Promise<void> {
    const socket = this.#socket
    this.#closing = true
    if (!socket || socket.closed) return Promise.resolve()
    return new Promise(resolve => {
      socket.once('close', () => resolve())
      socket.destroy()
    })
  }

  #connectPacket(): Buffer {
    return generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: this.id,
      clean: true,
      keepalive: KEEPALIVE_S,
      will: { topic: topics.status(SITE_ID, this.id), payload: '{"online":false}', qos: 1, retain: true },
    })
  }

  #received(packet: Packet): void {
    if (packet.cmd === 'publish') this.onPublish(packet.topic, packet.payload.toString(), this)
    else if (packet.cmd === 'puback') this.onPuback(this)
    else if (packet.cmd === 'connack') this.#settle('connack', packet.returnCode === 0, `CONNACK ${packet.returnCode}`)
    else if (packet.cmd === 'suback') this.#settle('suback', packet.granted[0] === 0, 'subscription refused')
  }

  #answer(what: string): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.set(what, error => (error ? reject(error) : resolve())))
  }

  #settle(what: string, good: boolean, complaint: string): void {
    if (!good) this.#socket?.destroy(new Error(complaint))
    else {
      this.#waiting.get(what)?.()
      this.#waiting.delete(what)
    }
  }

  #lost(why: string): void {
    for (const fail of this.#waiting.values()) fail(new Error(`${this.id}: ${why}`))
    this.#waiting.clear()
    if (this.#closing) return
    this.#closing = true
    this.#socket?.destroy()
    this.onLost(this, why)
  }

  #nextId(): number {
    this.#messageId = (this.#messageId % 65_535) + 1
    return this.#messageId
  }
}
