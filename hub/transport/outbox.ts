/**
 * Everything Vigie writes to one device. What comes together in one turn of the event loop (the acknowledgments of a
 * group commit, a decision with its PUBACK) leaves as one TLS record. A device that does not read is cut: nothing is
 * queued for it beyond a fixed size, and nobody waits for it.
 */
import type { Socket } from 'node:net'
import type { BrokerLimits } from './limits.ts'
import { PUBACK_BYTES, writePuback } from './packets.ts'

export class Outbox {
  readonly #socket: Socket
  readonly #limits: BrokerLimits
  readonly #onStuck: () => void
  #acks: number[] = []
  #packets: Buffer[] = []
  #bytes = 0
  #scheduled = false
  #drainTimer: NodeJS.Timeout | undefined

  constructor(socket: Socket, limits: BrokerLimits, onStuck: () => void) {
    this.#socket = socket
    this.#limits = limits
    this.#onStuck = onStuck
  }

  /** PUBACK. @param messageId 1 to 65,535 */
  acknowledge(messageId: number): void {
    this.#acks.push(messageId)
    this.#schedule(PUBACK_BYTES)
  }

  /** False if the device has stopped reading; it is cut then. */
  send(packet: Buffer): boolean {
    if (this.#socket.writableLength + this.#bytes + packet.length > this.#limits.maxOutgoingBytes) {
      this.#onStuck()
      return false
    }
    this.#packets.push(packet)
    this.#schedule(packet.length)
    return true
  }

  /** Writes what is waiting at once. */
  flush(): void {
    this.#scheduled = false
    if (this.#bytes === 0 || !this.#socket.writable) return
    const bytes = this.#collect()
    if (!this.#socket.write(bytes)) this.#awaitDrain()
  }

  stop(): void {
    clearTimeout(this.#drainTimer)
    this.#drainTimer = undefined
    this.#bytes = 0
  }

  #schedule(bytes: number): void {
    this.#bytes += bytes
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(flush, this)
  }

  #collect(): Buffer {
    const all = Buffer.allocUnsafe(this.#bytes)
    let offset = 0
    for (const id of this.#acks) offset = writePuback(all, offset, id)
    for (const packet of this.#packets) offset += packet.copy(all, offset)
    this.#acks = []
    this.#packets = []
    this.#bytes = 0
    return all
  }

  #awaitDrain(): void {
    if (this.#drainTimer) return
    this.#drainTimer = setTimeout(this.#onStuck, this.#limits.drainTimeoutMs)
    this.#socket.once('drain', () => {
      clearTimeout(this.#drainTimer)
      this.#drainTimer = undefined
    })
  }
}

function flush(outbox: Outbox): void {
  outbox.flush()
}
