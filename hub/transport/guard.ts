/**
 * Stands between a device's bytes and the MQTT parser, which would buffer whatever a length header announces. It walks
 * the fixed headers (mqtt-v3.1.1, 2.2) of what was read, without copying, and hands on whole runs of admitted packets.
 */
import type { Refusal } from '#devices/messages.ts'
import { DISCONNECT, PUBLISH } from './packets.ts'

/** `wait`: this packet and what follows stay unread until release(). `stop`: the socket is being closed. */
export type Verdict = 'pass' | 'wait' | 'stop'

export interface Gate {
  /** Asked once for each packet, before any byte of it is handed on. */
  admit(type: number): Verdict
  /** Largest remaining length such a packet may announce, bytes. */
  limit(type: number): number
  refuse(refusal: Refusal): void
  /** A well-formed DISCONNECT came. */
  farewell(): void
}

const AT_BOUNDARY = -1
const STOPPED = -1

export class Guard {
  readonly #gate: Gate
  #held: Buffer | undefined
  #waiting = false
  #stopped = false
  /** Bytes of the current packet still to come. */
  #body = 0
  /** Bit position of the next length byte, or AT_BOUNDARY. */
  #shift = AT_BOUNDARY
  #length = 0
  #type = 0

  constructor(gate: Gate) {
    this.#gate = gate
  }

  /** Bytes read from the socket and not handed on. */
  get heldBytes(): number {
    return this.#held?.length ?? 0
  }

  /** What the parser may have now, or null. @param source reads the socket itself */
  read(source: () => Buffer | null): Buffer | null {
    if (this.#waiting || this.#stopped) return null
    const held = this.#held
    if (!held) return this.#pass(source())
    this.#held = undefined
    const passed = this.#pass(held)
    if (passed !== held) return passed
    // A socket whose bytes were not asked for says no more that it has some: were the end of `held` a piece of a packet
    // only, the parser would wait for the rest, and nobody would ever read it.
    const more = this.#pass(source())
    return more ? Buffer.concat([passed, more]) : passed
  }

  #pass(chunk: Buffer | null): Buffer | null {
    if (!chunk) return null
    const end = this.#walk(chunk)
    if (end === STOPPED) {
      this.#stopped = true
      return null
    }
    if (end === chunk.length) return chunk
    this.#held = chunk.subarray(end)
    return end === 0 ? null : chunk.subarray(0, end)
  }

  /** Lets reading go on after a `wait`; the packet that waited is asked for again. */
  release(): void {
    this.#waiting = false
  }

  #walk(chunk: Buffer): number {
    let i = 0
    while (i < chunk.length) {
      if (this.#body > 0) {
        const step = Math.min(this.#body, chunk.length - i)
        this.#body -= step
        i += step
      } else {
        const verdict = this.#shift === AT_BOUNDARY ? this.#start(chunk[i]!) : this.#lengthByte(chunk[i]!)
        if (verdict === 'stop') return STOPPED
        if (verdict === 'wait') {
          this.#waiting = true
          return i
        }
        i++
      }
    }
    return i
  }

  #start(first: number): Verdict {
    const type = first >> 4
    if (type === PUBLISH && (first & 0x06) >= 0x04) return this.#refuse((first & 0x06) === 0x04 ? 'qos' : 'protocol')
    const verdict = this.#gate.admit(type)
    if (verdict !== 'pass') return verdict
    this.#type = type
    this.#length = 0
    this.#shift = 0
    return 'pass'
  }

  #lengthByte(byte: number): Verdict {
    this.#length |= (byte & 0x7f) << this.#shift
    if (byte & 0x80) {
      this.#shift += 7
      return this.#shift > 21 ? this.#refuse('protocol') : 'pass' // four bytes at most
    }
    if (this.#length > this.#gate.limit(this.#type)) return this.#refuse('size')
    if (this.#type === DISCONNECT) {
      if (this.#length > 0) return this.#refuse('protocol')
      this.#gate.farewell()
    }
    this.#body = this.#length
    this.#shift = AT_BOUNDARY
    return 'pass'
  }

  #refuse(refusal: Refusal): Verdict {
    this.#gate.refuse(refusal)
    return 'stop'
  }
}
