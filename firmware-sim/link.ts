/**
 * A device's line to the hub: MQTT 3.1.1 over TLS 1.3 with its own key and certificate, clean session, QoS 1 upwards.
 * What the broker has not acknowledged is sent again, the same bytes in the same order, after the next connection.
 */
import type { SecureContextOptions } from 'node:tls'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { type Status, topics, type UpKind } from '#devices/messages.ts'
import { between, type Random } from './random.ts'

export const FIRMWARE = 'vigie-sim 1.0'
const FIRST_BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 30_000
/** A connection this old was a good one: the next loss starts again with a short wait. */
const SETTLED_MS = 10_000
const IN_FLIGHT = 8
/** A device has little memory: past this the oldest unsent message is lost, and the hub sees the gap in `seq`. */
const OUTBOX = 1_000
const GOODBYE_MS = 2_000

/** PEM texts. */
export interface Credentials {
  readonly key: string
  readonly cert: string
  readonly ca: string
}
export interface LinkOptions {
  readonly url: string
  readonly site: string
  readonly device: string
  readonly credentials: Credentials
  readonly random: Random
  readonly now: () => number
  readonly onDown: (name: string, payload: Buffer, retained: boolean) => void
  readonly onOnline: () => void
  readonly onOffline: (why: string) => void
}

interface Letter {
  readonly kind: UpKind
  readonly payload: Buffer
  sent: boolean
}

/** Waits grow from half a second to 30 s, each anywhere between nothing and its limit, so that a thousand devices don't come back as one. */
export const backoffMs = (attempt: number, random: Random): number =>
  between(random, 50, Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt))

export class Link {
  readonly #options: LinkOptions
  readonly #outbox: Letter[] = []
  #client: MqttClient | undefined
  #retry: NodeJS.Timeout | undefined
  #attempt = 0
  #onlineSince: number | undefined
  #stopped = true
  #drained: (() => void) | undefined

  constructor(options: LinkOptions) {
    this.#options = options
  }

  get online(): boolean {
    return this.#onlineSince !== undefined
  }

  start(): void {
    this.#stopped = false
    this.#connect()
  }

  /** Queued until the broker acknowledges it. */
  publish(kind: UpKind, payload: Buffer): void {
    if (this.#stopped) return
    if (this.#outbox.length >= OUTBOX)
      this.#outbox.splice(
        this.#outbox.findIndex(l => !l.sent),
        1,
      )
    this.#outbox.push({ kind, payload, sent: false })
    this.#drain()
  }

  /** The plug pulled: no DISCONNECT, and what was in memory is gone. */
  cut(): void {
    this.#stopped = true
    clearTimeout(this.#retry)
    this.#outbox.length = 0
    this.#client?.stream.destroy()
    this.#lost('power cut')
  }

  /** Sends what is left (for at most 2 s), says that it goes, and disconnects. */
  async close(): Promise<void> {
    const client = this.#client
    this.#stopped = true
    clearTimeout(this.#retry)
    if (client && this.online)
      await withinMs(
        GOODBYE_MS,
        this.#emptied().then(() => this.#status(client, { online: false, at: this.#stamp() })),
      )
    this.#onlineSince = undefined
    this.#client = undefined
    if (!client) return
    const ended = await withinMs(
      GOODBYE_MS,
      client.endAsync(!client.connected).then(() => true),
    )
    if (!ended) client.stream.destroy()
  }

  #connect(): void {
    const client = mqtt.connect(this.#options.url, this.#settings())
    this.#client = client
    let why = 'connection lost'
    client.on('error', error => {
      why = error.message
    })
    client.on('connect', () => this.#greet(client))
    client.on('message', (topic, payload, packet) =>
      this.#options.onDown(topic.slice(topic.lastIndexOf('/') + 1), payload, packet.retain),
    )
    client.on('close', () => {
      if (this.#client === client) this.#lost(why)
    })
  }

  #settings(): IClientOptions & Pick<SecureContextOptions, 'minVersion'> {
    const { site, device, credentials } = this.#options
    return {
      ...credentials,
      clientId: device,
      clean: true,
      protocolVersion: 4,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      keepalive: 30,
      connectTimeout: 10_000,
      reconnectPeriod: 0, // the waits between attempts are our own, with jitter
      resubscribe: false,
      will: {
        topic: topics.status(site, device),
        payload: Buffer.from(JSON.stringify({ online: false })),
        qos: 1,
        retain: true,
      },
    }
  }

  /** Listens before it says it is there, so that nothing the hub answers is missed. */
  #greet(client: MqttClient): void {
    const { site, device, onOnline } = this.#options
    client.subscribe(topics.downAll(site, device), { qos: 1 }, (error, granted) => {
      if (this.#client !== client || this.#stopped) return
      if (error || granted?.some(g => g.qos > 2)) return void client.stream.destroy()
      this.#onlineSince = Date.now()
      void this.#status(client, { online: true, at: this.#stamp(), firmware: FIRMWARE })
      onOnline()
      this.#drain()
    })
  }

  #status(client: MqttClient, status: Status): Promise<void> {
    const { site, device } = this.#options
    return new Promise(resolve => {
      client.publish(topics.status(site, device), JSON.stringify(status), { qos: 1, retain: true }, () => resolve())
    })
  }

  #drain(): void {
    const client = this.#client
    if (!client || !this.online) return
    for (const letter of this.#outbox.slice(0, IN_FLIGHT)) {
      if (letter.sent) continue
      letter.sent = true
      const { site, device } = this.#options
      client.publish(topics.up(site, device, letter.kind), letter.payload, { qos: 1 }, error => {
        if (!error && this.#client === client) this.#acknowledged(letter)
      })
    }
  }

  #acknowledged(letter: Letter): void {
    const index = this.#outbox.indexOf(letter)
    if (index >= 0) this.#outbox.splice(index, 1)
    if (this.#outbox.length === 0) this.#drained?.()
    else this.#drain()
  }

  #emptied(): Promise<void> {
    return this.#outbox.length === 0
      ? Promise.resolve()
      : new Promise(resolve => {
          this.#drained = resolve
        })
  }

  #lost(why: string): void {
    if (!this.#client) return
    this.#client = undefined
    if (this.#onlineSince !== undefined && Date.now() - this.#onlineSince >= SETTLED_MS) this.#attempt = 0
    this.#onlineSince = undefined
    this.#drained?.()
    for (const letter of this.#outbox) letter.sent = false
    this.#options.onOffline(why)
    if (this.#stopped) return
    this.#retry = setTimeout(() => this.#connect(), backoffMs(this.#attempt, this.#options.random))
    this.#attempt += 1
  }

  #stamp = (): string => new Date(this.#options.now()).toISOString()
}

/** Undefined if it took longer, or failed: the caller goes on either way. */
async function withinMs<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, deadline])
  } catch {
    return undefined // a goodbye that can't be said; the socket is destroyed next, and the will speaks
  } finally {
    clearTimeout(timer)
  }
}
