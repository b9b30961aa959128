/** Many devices against one server: who is connected, which badges wait for their decision, what came back. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext, type SecureContext } from 'node:tls'
import { topics } from '#devices/messages.ts'
import { Client } from './client.ts'
import { PEOPLE, SITE_ID, uidOf } from './site.ts'

const PING_MS = 20_000

/** Every badge has exactly one decision if `answered` equals `sent` and `strays` is 0. */
export interface Tally {
  sent: number
  answered: number
  granted: number
  /** Decisions that nobody waited for: a second one, or one for a message never sent. */
  strays: number
  /** Unlock commands. The generator leaves them unanswered. */
  commands: number
  /** PUBACKs. */
  acks: number
  /** Milliseconds from the time a badge was due to its decision's arrival. */
  readonly latencies: number[]
}

export interface ConnectResult {
  readonly connected: number
  /** From the first SYN to the last CONNACK, seconds. */
  readonly seconds: number
}

const emptyTally = (): Tally => ({ sent: 0, answered: 0, granted: 0, strays: 0, commands: 0, acks: 0, latencies: [] })

export class Fleet {
  readonly #folder: string
  /** By device; goes on rising over reconnects, as the contract of a device asks. */
  readonly #seq = new Map<string, number>()
  /** Message id -> when it was due. Ids hold the device's name, so one map does for all. */
  readonly #pending = new Map<string, number>()
  #clients: Client[] = []
  #tally = emptyTally()
  #onDrained: (() => void) | undefined
  #lost: string[] = []
  #pings: NodeJS.Timeout | undefined

  /** @param folder where `vigie device add --out` wrote keys and certificates */
  constructor(folder: string) {
    this.#folder = folder
  }

  get clients(): readonly Client[] {
    return this.#clients
  }

  get waiting(): number {
    return this.#pending.size
  }

  /** All at once. Keys are parsed before the clock starts. @throws Error if one is refused. */
  async connect(port: number, names: readonly string[]): Promise<ConnectResult> {
    const contexts = names.map(name => this.#contextOf(name))
    this.#clients = names.map(name => this.#makeClient(name))
    const started = performance.now()
    await Promise.all(this.#clients.map((client, i) => client.open(port, contexts[i] as SecureContext)))
    const seconds = (performance.now() - started) / 1000
    this.#pings = setInterval(() => {
      for (const client of this.#clients) client.ping()
    }, PING_MS)
    return { connected: names.length, seconds }
  }

  /** What every device does next: reads its own `down/#` and says that it is there. */
  async settleIn(): Promise<void> {
    await Promise.all(this.#clients.map(c => c.subscribe()))
    const status = JSON.stringify({ online: true, at: new Date().toISOString() })
    const before = this.#tally.acks
    for (const c of this.#clients) c.publish(topics.status(SITE_ID, c.id), status, true)
    await until(() => this.#tally.acks - before >= this.#clients.length, 30_000)
  }

  async disconnect(): Promise<void> {
    clearInterval(this.#pings)
    await Promise.all(this.#clients.map(c => c.close()))
    this.#clients = []
    this.#pending.clear()
    this.#lost = []
  }

  /** Forgets earlier counts. */
  reset(): void {
    this.#tally = emptyTally()
  }

  get tally(): Tally {
    this.check()
    return this.#tally
  }

  /** @throws Error if a connection was lost meanwhile: then no figure means anything. */
  check(): void {
    if (this.#lost.length > 0) throw new Error(`${this.#lost.length} connections lost, first ${this.#lost[0]}`)
  }

  /** A badge with rights, held to reader `reader`. @param due when it should have been sent, performance.now() */
  present(reader: number, due: number): void {
    const client = this.#clients[reader] as Client
    const seq = this.nextSeq(client.id)
    const id = `${client.id}-${seq}`
    const uid = uidOf(seq % PEOPLE)
    this.#pending.set(id, due)
    this.#tally.sent++
    const at = new Date().toISOString()
    client.publish(
      topics.up(SITE_ID, client.id, 'badge'),
      `{"id":"${id}","at":"${at}","seq":${seq},"point":"door","credential":{"kind":"uid","uid":"${uid}"}}`,
    )
  }

  nextSeq(device: string): number {
    const seq = (this.#seq.get(device) ?? 0) + 1
    this.#seq.set(device, seq)
    return seq
  }

  /** False if decisions are still missing after `limitMs`; they are no longer waited for. */
  async drained(limitMs: number): Promise<boolean> {
    if (this.#pending.size === 0) return true
    let late: NodeJS.Timeout | undefined
    await new Promise<void>(resolve => {
      this.#onDrained = resolve
      late = setTimeout(resolve, limitMs)
    })
    clearTimeout(late)
    this.#onDrained = undefined
    const all = this.#pending.size === 0
    this.#pending.clear()
    return all
  }

  #makeClient(name: string): Client {
    const client = new Client(name)
    client.onPublish = (topic, payload) => this.#received(topic, payload)
    client.onPuback = () => {
      this.#tally.acks++
    }
    client.onLost = (lost, why) => this.#lost.push(`${lost.id}: ${why}`)
    return client
  }

  #received(topic: string, payload: string): void {
    if (topic.endsWith('/command')) this.#tally.commands++
    else this.#decided(JSON.parse(payload) as { request: string; granted: boolean })
  }

  #decided({ request, granted }: { request: string; granted: boolean }): void {
    const due = this.#pending.get(request)
    if (due === undefined) {
      this.#tally.strays++
      return
    }
    this.#pending.delete(request)
    this.#tally.latencies.push(performance.now() - due)
    this.#tally.answered++
    if (granted) this.#tally.granted++
    if (this.#pending.size === 0) this.#onDrained?.()
  }

  #contextOf(name: string): SecureContext {
    const file = (ending: string): string => readFileSync(join(this.#folder, ending), 'utf8')
    return createSecureContext({
      key: file(`${name}.key.pem`),
      cert: file(`${name}.cert.pem`),
      ca: file('ca.cert.pem'),
    })
  }
}

/** Looks every few milliseconds: for what has no event of its own and is not timed. @throws Error after `limitMs` */
export async function until(condition: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`not reached within ${limitMs} ms`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
