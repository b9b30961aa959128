/**
 * How fast and in which order a device's packets are let in: CONNECT alone first, then no faster than its bucket
 * allows, then no more than can be stored. What is not let in stays in the socket, so TCP slows the sender down and
 * nobody else. A device that goes on pushing is cut.
 */
import type { Socket } from 'node:net'
import type { Refusal } from '#devices/messages.ts'
import type { Bucket } from './bucket.ts'
import { type Gate, Guard, type Verdict } from './guard.ts'
import type { BrokerLimits } from './limits.ts'
import { CONNECT, DISCONNECT, PINGREQ, PUBLISH, SUBSCRIBE, UNSUBSCRIBE } from './packets.ts'

/** What a device may send once it is connected. The hub sends QoS 0 only, so there is nothing to acknowledge to it. */
const ADMITTED = new Set([PUBLISH, SUBSCRIBE, UNSUBSCRIBE, PINGREQ, DISCONNECT])
/** Shortest pause of a device that is over its rate: long enough to let a few packets through at once. */
const PAUSE_MS = 50
/** However late the hub wakes, one wait counts as no more than this: a single stall of its own cuts nobody. */
const LONGEST_STEP_MS = 1_000

export class Intake implements Gate {
  readonly #socket: Socket
  readonly #bucket: Bucket
  readonly #limits: BrokerLimits
  readonly #onRefuse: (refusal: Refusal) => void
  readonly #guard: Guard
  #phase: 'silent' | 'connecting' | 'open' | 'stopped' = 'silent'
  #pending = 0
  #full = false
  #timer: NodeJS.Timeout | undefined
  /** Milliseconds it has been pushing while it was held back, less those it has not. */
  #pressureMs = 0
  /** Held back since then; undefined while its packets are let in. */
  #heldAt: number | undefined
  #wentOnAt = 0
  /** What was let in: how large its packets are. */
  #passed = 0
  #passedBytes = 0
  #farewell = false

  constructor(socket: Socket, bucket: Bucket, limits: BrokerLimits, onRefuse: (refusal: Refusal) => void) {
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
    this.#socket.read = (size?: number) => {
      if (size === 0) return read(0)
      const admitted = this.#guard.read(source)
      this.#passedBytes += admitted?.length ?? 0
      return admitted
    }
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
    const now = performance.now()
    if (type === PUBLISH && this.#pending >= this.#limits.maxPending) {
      this.#full = true
      return this.#hold(now)
    }
    if (!this.#bucket.take(now)) {
      this.#timer = setTimeout(() => this.#resume(), Math.max(PAUSE_MS, this.#bucket.waitMs()))
      return this.#hold(now)
    }
    if (type === PUBLISH) this.#pending++
    this.#passed++
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

  /** A moment in which a busy sender is not held back is no end of a flood, so it only counts back as far as it lasts. */
  #hold(now: number): Verdict {
    this.#pressureMs = Math.max(0, this.#pressureMs - (now - this.#wentOnAt))
    this.#heldAt = now
    return 'wait'
  }

  /**
   * Held back by its rate or by a disk that is slow, on a hub that may have woken late: it pushes if more is waiting than
   * it could have sent at its rate in that time, and a flood more.
   */
  #weigh(heldMs: number): void {
    const waiting = this.#guard.heldBytes + this.#socket.readableLength
    const packetBytes = this.#passedBytes / Math.max(1, this.#passed)
    const allowed = (heldMs / 1_000) * this.#limits.deviceRate * packetBytes
    const pushes = waiting >= this.#limits.floodBytes + allowed
    this.#pressureMs = Math.max(0, this.#pressureMs + (pushes ? Math.min(heldMs, LONGEST_STEP_MS) : -heldMs))
  }

  #refuse(refusal: Refusal): Verdict {
    this.#onRefuse(refusal)
    return 'stop'
  }

  #resume(): void {
    if (this.#phase === 'stopped') return
    const now = performance.now()
    if (this.#heldAt !== undefined) this.#weigh(now - this.#heldAt)
    this.#heldAt = undefined
    this.#wentOnAt = now
    if (this.#pressureMs > this.#limits.floodMs) {
      this.#onRefuse('rate')
      return
    }
    this.#guard.release()
    this.#socket.emit('readable') // aedes reads on this event, once what it has is done
  }
}
