/**
 * One virtual device: firmware of its model, memory that survives a power cut, a line of its own to the hub, and on
 * request something wrong between the two.
 */
import { randomBytes } from 'node:crypto'
import type { CommandMessage, DecisionMessage } from '#devices/messages.ts'
import { canDo } from '#devices/registry.ts'
import { parseCommand, parseDecision } from './down.ts'
import { amountOf, type Fault, FaultyWire, ratesOf } from './faults.ts'
import { type Credentials, Link } from './link.ts'
import { LONGEST_EXPIRY_MS, Memory } from './memory.ts'
import type { Act, Answer, BadgeAct, Behaviour, Body, Happening, Saying } from './models/behaviour.ts'
import { refused } from './models/behaviour.ts'
import { behaviourOf } from './models/index.ts'
import { nextBadge } from './people.ts'
import { seeded } from './random.ts'

export interface DeviceEvent {
  readonly device: string
  readonly what: Happening
  readonly point?: string
  readonly detail?: string
  /** granted, denied: the whole answer, as it came to the reader. */
  readonly answer?: DecisionMessage
}
export interface DeviceOptions {
  readonly url: string
  readonly site: string
  readonly id: string
  readonly model: string
  /** The points that are wired up. */
  readonly points: readonly string[]
  readonly credentials: Credentials
  /** Where `seq` and seen commands survive. */
  readonly stateFolder: string
  readonly seed: number
  readonly faults?: readonly Fault[]
  readonly onEvent?: (event: DeviceEvent) => void
}

type Up = { readonly kind: Saying['kind']; readonly payload: Buffer }
type Down = { readonly name: string; readonly payload: Buffer; readonly retained: boolean }
/** A reader shows no answer that comes later than this. */
const ANSWER_MS = 10_000

export class VirtualDevice {
  readonly id: string
  readonly #options: DeviceOptions
  readonly #skewMs: number
  readonly #behaviour: Behaviour
  readonly #asked = new Map<string, BadgeAct>()
  readonly #circuits = new Set<NodeJS.Timeout>()
  readonly #world = new Set<NodeJS.Timeout>()
  readonly #up: FaultyWire<Up>
  readonly #down: FaultyWire<Down>
  #memory: Memory
  #link: Link
  #powered = false

  /** @throws Error if its memory file is damaged or there is no firmware for its model. */
  constructor(options: DeviceOptions) {
    const faults = options.faults ?? []
    const random = (name: string) => seeded(options.seed, `${options.id} ${name}`)
    this.id = options.id
    this.#options = options
    this.#skewMs = amountOf(faults, 'clock-skew', options.id) * 1000
    this.#behaviour = behaviourOf(options.model, this.#body(), options.points)
    this.#memory = new Memory(options.stateFolder, options.id)
    this.#up = new FaultyWire(ratesOf(faults, options.id), random('up'), m => this.#link.publish(m.kind, m.payload))
    this.#down = new FaultyWire(ratesOf(faults, options.id), random('down'), m => this.#receive(m))
    this.#link = this.#newLink()
  }

  get online(): boolean {
    return this.#link.online
  }

  start(): void {
    this.#powered = true
    this.#link.start()
  }

  /** Says goodbye (`online: false`) and disconnects. Never throws; takes at most a few seconds. */
  async stop(): Promise<void> {
    this.#powered = false
    this.#quiet(this.#world)
    this.#quiet(this.#circuits)
    this.#up.stop()
    this.#down.stop()
    await this.#link.close()
  }

  /** The power goes: no DISCONNECT, memory gone but for the flash, locks fall shut. People and drawers stay as they are. */
  powerCut(): void {
    if (!this.#powered) return
    this.#powered = false
    this.#quiet(this.#circuits)
    this.#up.stop()
    this.#down.stop()
    this.#asked.clear()
    this.#link.cut()
    this.#behaviour.powerLost()
    this.#happened('power-cut')
  }

  /** Boots from flash: `seq` goes on where it was, and everything is reported again. */
  powerOn(): void {
    if (this.#powered) return
    this.#powered = true
    this.#memory = new Memory(this.#options.stateFolder, this.id)
    this.#link = this.#newLink()
    this.#link.start()
    this.#happened('power-on')
  }

  /** Something happens in the physical world. A badge shown while the line is down is refused at the reader, never queued. */
  perform(act: Act): void {
    if (!this.#powered) return
    if (act.kind === 'badge' && !this.online) this.#happened('badge-offline', act.point)
    else this.#behaviour.perform(act)
    if (act.kind === 'tamper') this.#happened('tamper', act.point)
  }

  #body(): Body {
    return {
      say: saying => this.#say(saying),
      after: (ms, run) => this.#in(this.#circuits, ms, run),
      later: (ms, run) => this.#in(this.#world, ms, run),
      happened: (what, point, detail) => this.#happened(what, point, detail),
    }
  }

  #newLink(): Link {
    const { url, site, id, credentials, seed } = this.#options
    const random = seeded(seed, `${id} backoff`)
    return new Link({
      url,
      site,
      device: id,
      credentials,
      random,
      now: this.#now,
      onDown: (name, payload, retained) => this.#down.pass({ name, payload, retained }),
      onOnline: () => {
        this.#happened('online')
        this.#behaviour.report()
      },
      onOffline: why => this.#happened('offline', undefined, why),
    })
  }

  #say(saying: Saying): void {
    if (!this.#powered) return
    const seq = this.#memory.nextSeq()
    const id = `${seq}-${randomBytes(4).toString('hex')}`
    if (saying.kind === 'badge') this.#ask(id, saying.act)
    const message = { id, at: new Date(this.#now()).toISOString(), seq, ...saying.fields }
    this.#up.pass({ kind: saying.kind, payload: Buffer.from(JSON.stringify(message)) })
  }

  #ask(id: string, act: BadgeAct): void {
    this.#asked.set(id, act)
    this.#in(this.#circuits, ANSWER_MS, () => this.#asked.delete(id))
    this.#happened('badge', act.point)
  }

  #receive({ name, payload, retained }: Down): void {
    if (!this.#powered) return
    // A retained order is an old order, whatever its expiry says.
    if (retained) this.#happened('command-retained')
    else if (name === 'command') this.#obey(parseCommand(payload))
    else if (name === 'decision') this.#showAnswer(parseDecision(payload))
  }

  #showAnswer(decision: DecisionMessage | undefined): void {
    const act = decision && this.#asked.get(decision.request)
    if (!decision || !act) return
    this.#asked.delete(decision.request)
    this.#happened(decision.granted ? 'granted' : 'denied', act.point, decision.reason, decision)
    const next = nextBadge(act, decision)
    if (next) this.#in(this.#world, next.afterMs, () => this.perform(next.act))
  }

  /** Remembered first, so that whatever happens next, it happens at most once. */
  #obey(command: CommandMessage | undefined): void {
    const expiresAt = Date.parse(command?.expiresAt ?? '')
    if (!command) this.#happened('command-malformed')
    else if (this.#memory.firstTime(command.id, expiresAt, this.#now())) this.#answer(command, expiresAt)
    else this.#happened('command-repeated', command.point)
  }

  #answer(command: CommandMessage, expiresAt: number): void {
    const { outcome, detail, afterwards } = this.#check(command, expiresAt) ?? this.#behaviour.execute(command)
    this.#say({ kind: 'ack', fields: { command: command.id, outcome, ...(detail === undefined ? {} : { detail }) } })
    this.#happened(outcome === 'done' ? 'command-done' : 'command-refused', command.point, detail)
    afterwards?.()
  }

  #check(command: CommandMessage, expiresAt: number): Answer | undefined {
    const leftMs = expiresAt - this.#now()
    if (leftMs <= 0) return refused('expired')
    if (leftMs > LONGEST_EXPIRY_MS) return refused('expiry too far ahead')
    return canDo(this.#options.model, command.point, command.action) ? undefined : refused('not possible here')
  }

  /** The device's own clock, which may be wrong. */
  #now = (): number => Date.now() + this.#skewMs

  #in(timers: Set<NodeJS.Timeout>, ms: number, run: () => void): () => void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      run()
    }, ms)
    timers.add(timer)
    return () => {
      clearTimeout(timer)
      timers.delete(timer)
    }
  }

  #quiet(timers: Set<NodeJS.Timeout>): void {
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
  }

  #happened(what: Happening, point?: string, detail?: string, answer?: DecisionMessage): void {
    this.#options.onEvent?.({
      device: this.id,
      what,
      ...(point === undefined ? {} : { point }),
      ...(detail === undefined ? {} : { detail }),
      ...(answer === undefined ? {} : { answer }),
    })
  }
}
