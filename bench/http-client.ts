/**
 * One connection that asks for the same thing again and again: a socket and just enough HTTP/1.1 to know where an answer
 * ends, so that the generator's own cost stays small beside the server's. The same for every server under test.
 */
import { connect, type Socket } from 'node:net'

const HEAD_END = Buffer.from('\r\n\r\n')
const GOOD = /^HTTP\/1\.1 200 /
const LENGTH = /\r\ncontent-length: (\d+)/i

export interface Target {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

export class HttpClient {
  readonly #request: Buffer
  #socket: Socket | undefined
  #rest: Buffer = Buffer.alloc(0)
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined

  constructor({ path, headers }: Target) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`)
  }

  open(port: number): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.#socket = socket
    socket.on('data', chunk => this.#received(chunk))
    socket.on('close', () => this.#failed(new Error('the server closed the connection')))
    return new Promise((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', error => {
        reject(error)
        this.#failed(error)
      })
    })
  }

  /** Resolves when the answer has arrived. @throws Error if it is not 200, or the connection ends */
  ask(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket?.write(this.#request)
    })
  }

  close(): void {
    this.#waiting = undefined
    this.#socket?.destroy()
  }

  #received(chunk: Buffer): void {
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const end = all.indexOf(HEAD_END)
    if (end < 0) {
      this.#rest = all
      return
    }
    const head = all.toString('latin1', 0, end)
    const size = end + HEAD_END.length + Number(LENGTH.exec(head)?.[1] ?? 0)
    this.#rest = all.length > size ? all.subarray(size) : Buffer.alloc(0)
    if (all.length < size) this.#rest = all
    else if (GOOD.test(head)) this.#answered()
    else this.#failed(new Error(`the server answered ${head.slice(0, 40)}`))
  }

  #answered(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve()
  }
  #failed(error: Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(error)
  }
}
