/**
 * Sends messages to a log server over TLS (RFC 5425): each is preceded by the count of its bytes, so nothing in one can
 * begin another. The server must show a certificate for its name (4.2, 5.2). What can't be sent now is not taken, and
 * whoever hands it in keeps it: memory is bounded by `MOST_WAITING`.
 *
 * Syslog has no acknowledgement. What the operating system took from us may still be lost with the connection; `onLost` is
 * the moment to send again what was sent last.
 */
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { connect, getCACertificates, type TLSSocket } from 'node:tls'
import { causeOf } from '../errors.ts'

export interface SyslogOptions {
  readonly host: string
  readonly port: number
  /** PEM files, read again at each connection. Without `ca` the system's authorities count; `cert` and `key` are ours, if the server asks. */
  readonly files?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly onConnected: () => void
  /** A connection, or an attempt at one, has ended. */
  readonly onLost: (cause: string) => void
  /** There is room again after `send` refused. */
  readonly onRoom: () => void
  readonly times?: Partial<Times>
}

/** Milliseconds. */
const TIMES = {
  /** For the connection and its handshake. */
  connect: 10_000,
  /** The server takes nothing for so long: it hangs. */
  stalled: 30_000,
  /** Before the first attempt to connect again; doubles up to the longest. Shortened at random by up to half, so that a hundred hubs don't come at once. */
  firstRetry: 1_000,
  longestRetry: 60_000,
  /** A connection that stood for so long was a good one: the next attempt comes soon. */
  good: 10_000,
  /** How long a clean end may take. */
  end: 2_000,
} as const
type Times = Readonly<Record<keyof typeof TIMES, number>>
/** Bytes handed to the socket that the operating system has not taken yet. */
const MOST_WAITING = 256 * 1024
const KEEP_ALIVE_MS = 15_000

export class SyslogClient {
  readonly #o: SyslogOptions
  readonly #times: Times
  #socket: TLSSocket | undefined
  #connected = false
  #refused = false
  #running = false
  #retryMs: number
  #timer: NodeJS.Timeout | undefined
  #stalled: NodeJS.Timeout | undefined
  #since = 0

  constructor(options: SyslogOptions) {
    this.#o = options
    this.#times = { ...TIMES, ...options.times }
    this.#retryMs = this.#times.firstRetry
  }

  get connected(): boolean {
    return this.#connected
  }

  start(): void {
    this.#running = true
    void this.#connect()
  }

  /** Ends the connection so that the server reads all that was sent; a server that hangs is left after 2 s. */
  async stop(): Promise<void> {
    this.#running = false
    clearTimeout(this.#timer)
    const socket = this.#socket
    if (!socket) return
    const closed = new Promise<void>(resolve => void socket.once('close', () => resolve()))
    const limit = setTimeout(() => socket.destroy(), this.#connected ? this.#times.end : 0)
    if (this.#connected) socket.end()
    await closed
    clearTimeout(limit)
  }

  /**
   * @param flushed called once the operating system has taken the message; never where the connection broke before
   * @returns false, and the message was not taken, while there is no connection or no room
   */
  send(message: Buffer, flushed?: () => void): boolean {
    const socket = this.#socket
    if (!this.#connected || !socket?.writable || socket.writableLength > MOST_WAITING) {
      this.#refused = true
      return false
    }
    socket.write(framed(message), error => {
      if (error) return // the socket tells of it, and closes
      this.#unwatchFlow()
      this.#watchFlow()
      flushed?.()
    })
    this.#watchFlow()
    return true
  }

  async #connect(): Promise<void> {
    try {
      const material = await this.#material()
      if (this.#running) this.#open(material)
    } catch (error) {
      this.#ended(causeOf(error))
    }
  }

  async #material(): Promise<{ ca: string | string[]; cert?: Buffer; key?: Buffer }> {
    const { ca, cert, key } = this.#o.files ?? {}
    return {
      ca: ca ? await readFile(ca, 'utf8') : getCACertificates('system'),
      ...(cert ? { cert: await readFile(cert) } : {}),
      ...(key ? { key: await readFile(key) } : {}),
    }
  }

  #open(material: { ca: string | string[]; cert?: Buffer; key?: Buffer }): void {
    const { host, port } = this.#o
    const socket = connect({
      host,
      port,
      ...(isIP(host) ? {} : { servername: host }),
      minVersion: 'TLSv1.2',
      ...material,
    })
    this.#socket = socket
    let cause = 'the server closed the connection'
    const limit = setTimeout(() => socket.destroy(new Error('no answer from the server')), this.#times.connect)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    socket.once('secureConnect', () => {
      clearTimeout(limit)
      this.#opened()
    })
    socket.on('drain', () => this.#room())
    socket.on('error', error => {
      cause = causeOf(error)
    })
    socket.on('close', () => {
      clearTimeout(limit)
      this.#ended(cause)
    })
    socket.resume() // a log server says nothing; what it says all the same is dropped
  }

  #opened(): void {
    this.#connected = true
    this.#since = performance.now()
    this.#refused = false
    this.#o.onConnected()
  }

  #room(): void {
    if (!this.#refused) return
    this.#refused = false
    this.#o.onRoom()
  }

  #unwatchFlow(): void {
    clearTimeout(this.#stalled)
    this.#stalled = undefined
  }

  /** Begins anew with every message that gets away; while nothing waits there is nothing to watch. */
  #watchFlow(): void {
    const socket = this.#socket
    if (!socket || this.#stalled || socket.writableLength === 0) return
    this.#stalled = setTimeout(
      () => socket.destroy(new Error('the server takes nothing any more')),
      this.#times.stalled,
    )
    this.#stalled.unref()
  }

  #ended(cause: string): void {
    this.#unwatchFlow()
    if (this.#connected && performance.now() - this.#since > this.#times.good) this.#retryMs = this.#times.firstRetry
    this.#connected = false
    this.#socket = undefined
    this.#o.onLost(cause)
    if (!this.#running) return
    this.#timer = setTimeout(() => void this.#connect(), this.#retryMs * (1 - Math.random() / 2))
    this.#timer.unref()
    this.#retryMs = Math.min(this.#retryMs * 2, this.#times.longestRetry)
  }
}

/** RFC 5425, 4.3: MSG-LEN SP SYSLOG-MSG. */
const framed = (message: Buffer): Buffer => Buffer.concat([Buffer.from(`${message.length} `), message])
