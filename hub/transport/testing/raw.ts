/** A device that speaks TLS but not necessarily MQTT: tests write its bytes and read what comes back, packet by packet. */
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { type ConnectBytes, connectBytes } from './bytes.ts'
import type { TestCertificate } from './certificates.ts'
import { DEADLINE_MS } from './deadline.ts'

export interface Dial {
  readonly port: number
  readonly ca: string
  readonly certificate?: TestCertificate
  readonly tls?: ConnectionOptions
}

export class RawDevice {
  readonly socket: TLSSocket
  /** Resolves when the socket is closed, by whomever. */
  readonly closed: Promise<void>
  #received = Buffer.alloc(0)
  readonly #waiting: (() => void)[] = []
  #isClosed = false

  private constructor(socket: TLSSocket) {
    this.socket = socket
    this.closed = new Promise(done => {
      socket.once('close', () => {
        this.#isClosed = true
        done()
        this.#wake()
      })
    })
    socket.on('error', () => undefined) // the close that follows is what tests look at
    socket.on('data', (bytes: Buffer) => {
      this.#received = Buffer.concat([this.#received, bytes])
      this.#wake()
    })
  }

  /** Resolves once the client's side of the handshake is done; the hub may still refuse it then (TLS 1.3). */
  static async dial({ port, ca, certificate, tls }: Dial): Promise<RawDevice> {
    const { key, cert } = certificate ?? {}
    const socket = connect({ host: '127.0.0.1', port, ca, ...(key && cert ? { key, cert } : {}), ...tls })
    const device = new RawDevice(socket)
    await Promise.race([new Promise<void>(done => socket.once('secureConnect', done)), device.closed])
    socket.setNoDelay(true)
    return device
  }

  /** Dials, sends CONNECT and waits for its CONNACK. @throws if it is refused */
  static async online(dial: Dial, connect: ConnectBytes): Promise<RawDevice> {
    const device = await RawDevice.dial(dial)
    device.send(connectBytes(connect))
    const connack = await device.next()
    if (connack?.[3] !== 0) throw new Error(`CONNECT refused: ${connack?.toString('hex') ?? 'closed'}`)
    return device
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  send(...bytes: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(bytes))
  }

  /** The next whole packet, or undefined once the socket is closed. @throws after a deadline without either */
  async next(): Promise<Buffer | undefined> {
    const end = Date.now() + DEADLINE_MS
    for (;;) {
      const packet = this.#take()
      if (packet || this.#isClosed) return packet
      await this.#more(end - Date.now())
    }
  }

  destroy(): void {
    this.socket.destroy()
  }

  #take(): Buffer | undefined {
    let length = 0
    for (let i = 1; i < this.#received.length && i < 5; i++) {
      length += (this.#received[i]! & 0x7f) * 128 ** (i - 1)
      if (this.#received[i]! & 0x80) continue
      if (this.#received.length < i + 1 + length) return undefined
      const packet = this.#received.subarray(0, i + 1 + length)
      this.#received = this.#received.subarray(i + 1 + length)
      return packet
    }
    return undefined
  }

  async #more(ms: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('nothing came in time')), ms)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
