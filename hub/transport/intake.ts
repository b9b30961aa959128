/**
 * How fast and in which order a device's packets are let in: CONNECT alone first, then no faster than its bucket
 * allows, then no more than can be stored. What is not let in stays in the socket, so TCP slows the sender down and
 * nobody else. A device that goes on pushing is cut.
 */
import type { TLSSocket } from 'node:tls'
import type { Refusal } from '#devices/messages.ts'
import type { Bucket } from './bucket.ts'
import { type Gate, Guard, type Verdict } from './guard.ts'
import type { BrokerLimits } from './limits.ts'
import { CONNECT, DISCONNECT, PINGREQ, PUBLISH, SUBSCRIBE, UNSUBSCRIBE } from './packets.ts'

/** What a device may send once it is connected. The hub sends QoS 0 only, so there is nothing to acknowledge to it. */
const ADMITTED = new Set([PUBLISH, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT])
/** Shortest pause of a device that is over its rate: long enough to let a few packets through at once. */
const PAUSE_MS = 50
/** Two throttlings further apart than this are two episodes, not one long one. */
const LONGEST_STEP_MS = 250

export class Intake implements Gate {
  readonly #socket: TLSSocket
  readonly #bucket: Bucket
  readonly #limits: BrokerLimits
  readonly #onRefuse: (refusal: Refusal) => void
  readonly #guard: Guard
  #phase: 'silent' | 'connecting' | 'open' | 'stopped' = 'silent'
  #pending = 0
  #full = false
  #timer: NodeJS.Timeout | undefined
  /** Milliseconds it has been pushing against the throttle, less those it has not. */
  #pressureMs = 0
  #throttledAt = 0
  #farewell = false

  constructor(socket: TLSSocket, bucket: Bucket, limits: BrokerLimits, onRefuse: (refusal: Refusal) => void) {
    this.#socket = socket
    this.#bucket = bucket
    this.#limits = limits
    this.#onRefuse = onRefuse
    this.#guard = new Guard(this)
  }

  /** The device said DISCONNECT: its last will is not to be delivered (mqtt-v3.1.1, 3.14.4). */
  get saidFarewell(): boolean {
    return this.#farewell
  }

  /** Messages handed to the edge and not stored yet. */
  get pending(): number {
    return this.#pending
  }

  /** Puts the guard before the socket: aedes takes its bytes with `read(null)`; `read(0)` is the stream's own. */
  start(): void {
    const read = this.#socket.read.bind(this.#socket)
    const source = (): Buffer | null => read()
    this.#socket.read = (size?: number) => (size === 0 ? read(0) : this.#guard.read(source))
  }

  /** CONNACK is on its way: what was sent behind CONNECT may come. */
  open(): void {
    if (this.#phase !== 'connecting') return
    this.#phase = 'open'
    this.#resume()
  }

  /** One PUBLISH that was let in has been dealt with. */
  settled(): void {
    this.#pending--
    if (!this.#full || this.#pending > this.#limits.maxPending / 2) return
    this.#full = false
    this.#resume()
  }

  /** Nothing more is read. */
  stop(): void {
    this.#phase = 'stopped'
    clearTimeout(this.#timer)
  }

  admit(type: number): Verdict {
    if (this.#phase !== 'open') return this.#admitEarly(type)
    if (!ADMITTED.has(type)) return this.#refuse('protocol')
    if (type === PUBLISH && this.#pending >= this.#limits.maxPending) {
      this.#full = true
      return 'wait'
    }
    const now = performance.now()
    if (!this.#bucket.take(now)) return this.#throttle(now)
    if (type === PUBLISH) this.#pending++
    return 'pass'
  }

  limit(type: number): number {
    return type === PUBLISH ? this.#limits.maxPublishBytes : this.#limits.maxControlBytes
  }

  refuse(refusal: Refusal): void {
    this.#onRefuse(refusal)
  }

  farewell(): void {
    this.#farewell = true
  }

  #admitEarly(type: number): Verdict {
    if (this.#phase === 'connecting') return 'wait'
    if (this.#phase === 'stopped') return 'stop'
    if (type !== CONNECT) return this.#refuse('protocol') // MQTT-3.1.0-1
    this.#phase = 'connecting'
    return 'pass'
  }

  #throttle(now: number): Verdict {
    // A moment in which a busy sender has nothing waiting is no end of a flood, so it only counts back as far as it lasts.
    const sinceMs = Math.min(now - this.#throttledAt, LONGEST_STEP_MS)
    this.#throttledAt = now
    const backlog = this.#guard.heldBytes + this.#socket.readableLength
    this.#pressureMs = Math.max(0, this.#pressureMs + (backlog >= this.#limits.floodBytes ? sinceMs : -sinceMs))
    if (this.#pressureMs > this.#limits.floodMs) return this.#refuse('rate')
    this.#timer = setTimeout(() => this.#resume(), Math.max(PAUSE_MS, this.#bucket.waitMs()))
    return 'wait'
  }

  #refuse(refusal: Refusal): Verdict {
    this.#onRefuse(refusal)
    return 'stop'
  }

  #resume(): void {
    if (this.#phase === 'stopped') return
    this.#guard.release()
    this.#socket.emit('readable') // aedes reads on this event, once what it has is done
  }
}
