/** The way to Home Assistant's own broker: what is to be shown there is kept, and told anew at each connection. */
import { readFileSync } from 'node:fs'
import { connect, type MqttClient } from 'mqtt'
import { causeOf } from '#hub/errors.ts'
import type { Published } from './home-assistant.ts'

interface Needs {
  /** mqtts://user:password@host:port; mqtt:// on this machine only. */
  readonly url: string
  /** PEM of the hub's own certificate and key there, where the broker asks for one; empty: none. */
  readonly certFile: string
  readonly keyFile: string
  /** PEM of the authorities its certificate may have; empty: the system's. */
  readonly caFile: string
  /** Retained there when this hub goes without a word. */
  readonly will: Published
  readonly filters: readonly string[]
  /** Of what was published there before and is retained: found at each connection. */
  readonly onRetained: (topic: string) => void
  readonly onMessage: (topic: string, payload: Buffer) => void
  readonly onConnected: () => void
  readonly log: { warn(details: object, words: string): void }
}

/** Values that wait for a broker that reads slowly. Each topic's newest is kept, so nothing is lost but the steps between. */
const RECONNECT_MS = 5_000

export class HaLink {
  readonly #needs: Needs
  /** Newest by topic: what the broker has to have. */
  readonly #wanted = new Map<string, string>()
  #client: MqttClient | undefined
  #isDown = false

  constructor(needs: Needs) {
    this.#needs = needs
  }

  start(): void {
    const { url, caFile, certFile, keyFile, will, log } = this.#needs
    const at = new URL(url)
    const client = connect(`${at.protocol}//${at.host}`, {
      ...(at.username !== '' && {
        username: decodeURIComponent(at.username),
        password: decodeURIComponent(at.password),
      }),
      ...(caFile === '' ? {} : { ca: readFileSync(caFile) }),
      ...(certFile === '' ? {} : { cert: readFileSync(certFile), key: readFileSync(keyFile) }),
      will: { topic: will.topic, payload: Buffer.from(will.payload), retain: true, qos: 1 },
      reconnectPeriod: RECONNECT_MS,
      queueQoSZero: false,
    })
    this.#client = client
    client.on('connect', () => this.#connected(client))
    client.on('error', error => {
      if (!this.#isDown) log.warn({ cause: causeOf(error) }, 'Home Assistant’s broker can’t be reached')
      this.#isDown = true
    })
    client.on('message', (topic, payload, packet) => {
      // What a broker kept is no order: nothing moves because somebody reconnects.
      if (packet.retain) this.#needs.onRetained(topic)
      else this.#needs.onMessage(topic, payload)
    })
  }

  show(all: readonly Published[]): void {
    for (const { topic, payload } of all) {
      this.#wanted.set(topic, payload)
      if (this.#client?.connected) this.#client.publish(topic, payload, { retain: true, qos: 0 })
    }
  }

  /** It is shown there no more. */
  remove(topic: string): void {
    this.#wanted.delete(topic)
    if (this.#client?.connected) this.#client.publish(topic, '', { retain: true, qos: 0 })
  }

  async stop(): Promise<void> {
    const { will } = this.#needs
    const client = this.#client
    this.#client = undefined
    if (!client) return
    if (client.connected) client.publish(will.topic, will.payload, { retain: true, qos: 0 })
    await client.endAsync(!client.connected)
  }

  #connected(client: MqttClient): void {
    this.#isDown = false
    client.subscribe([...this.#needs.filters])
    this.#needs.onConnected()
    for (const [topic, payload] of this.#wanted) client.publish(topic, payload, { retain: true, qos: 0 })
  }
}
