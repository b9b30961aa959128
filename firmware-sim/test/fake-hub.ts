/** Just enough of a hub to answer badges: it listens to every device and speaks to one at a time. */
import mqtt, { type MqttClient } from 'mqtt'
import { type CommandMessage, parseTopic, topics } from '#devices/messages.ts'
import type { TestBroker } from './broker.ts'

export const SITE = 'essai'
const DEADLINE_MS = 30_000

export interface Heard {
  readonly device: string
  /** `status`, or what stood after `up/`. */
  readonly name: string
  readonly bytes: Buffer
  readonly body: Record<string, unknown>
  readonly retained: boolean
}

export class FakeHub {
  readonly heard: Heard[] = []
  readonly #client: MqttClient
  readonly #waiting = new Set<() => void>()
  #commands = 0
  /** How a badge is answered; undefined: not at all. */
  answer:
    | ((badge: Heard) => {
        granted: boolean
        unlockMs: number
        withoutCommand?: true
        reason?: string
        waitMs?: number
      })
    | undefined

  private constructor(client: MqttClient) {
    this.#client = client
    client.on('message', (topic, bytes, { retain }) => this.#hear(topic, bytes, retain))
  }

  static async connect(broker: TestBroker): Promise<FakeHub> {
    const client = mqtt.connect(broker.url, {
      ...(await broker.credentials('hub')),
      clientId: 'hub',
      reconnectPeriod: 100,
    })
    const hub = new FakeHub(client)
    await new Promise(connected => client.once('connect', connected))
    await client.subscribeAsync(['vigie/v1/+/+/status', 'vigie/v1/+/+/up/#'], { qos: 1 })
    return hub
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true)
  }

  /** Sends a command, or exactly these fields of one. @returns the bytes as sent */
  async command(
    device: string,
    fields: Partial<CommandMessage> = {},
    options: { retain?: boolean } = {},
  ): Promise<Buffer> {
    this.#commands += 1
    const expiresAt = new Date(Date.now() + 5_000).toISOString()
    const bytes = Buffer.from(
      JSON.stringify({ id: `c${this.#commands}`, expiresAt, action: 'identify', point: 'cabinet', ...fields }),
    )
    await this.sendBytes(device, bytes, options)
    return bytes
  }

  async sendBytes(device: string, bytes: Buffer, { retain = false } = {}): Promise<void> {
    await this.#client.publishAsync(topics.down(SITE, device, 'command'), bytes, { qos: 1, retain })
  }

  /** The first message that fits, heard already or still to come. @throws Error after 30 s */
  async hears(what: string, fits: (heard: Heard) => boolean): Promise<Heard> {
    await this.until(what, () => this.heard.some(fits))
    return this.heard.find(fits)!
  }

  /** Waits until something is true of what was heard. */
  until(what: string, isTrue: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!isTrue()) return
        clearTimeout(deadline)
        this.#waiting.delete(check)
        resolve()
      }
      const deadline = setTimeout(
        () => reject(new Error(`never heard: ${what}; heard ${this.#summary()}`)),
        DEADLINE_MS,
      )
      this.#waiting.add(check)
      check()
    })
  }

  #summary = (): string =>
    this.heard
      .map(h => `${h.name} ${h.bytes}`)
      .slice(-12)
      .join('\n')

  #hear(topic: string, bytes: Buffer, retained: boolean): void {
    const parsed = parseTopic(topic)
    if (!parsed) return
    const heard = {
      device: parsed.device,
      name: parsed.name,
      bytes,
      body: JSON.parse(bytes.toString()) as Record<string, unknown>,
      retained,
    }
    this.heard.push(heard)
    if (heard.name === 'badge') void this.#answerBadge(heard)
    for (const check of [...this.#waiting]) check()
  }

  async #answerBadge(badge: Heard): Promise<void> {
    const answer = this.answer?.(badge)
    if (!answer) return
    const expiresAt = new Date(Date.now() + 5_000).toISOString()
    const { granted, unlockMs, waitMs, reason = granted ? 'granted' : 'no-right' } = answer
    const decision = {
      id: `d-${badge.body.id}`,
      request: badge.body.id,
      granted,
      reason,
      ...(waitMs === undefined ? {} : { waitMs }),
      expiresAt,
      ...(granted ? { unlockMs } : {}),
    }
    await this.#client.publishAsync(topics.down(SITE, badge.device, 'decision'), JSON.stringify(decision))
    if (granted && !answer.withoutCommand)
      await this.command(badge.device, {
        id: `u-${badge.body.id}`,
        action: 'unlock',
        point: String(badge.body.point),
        unlockMs,
      })
  }
}
