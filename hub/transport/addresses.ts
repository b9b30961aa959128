/** TCP sockets before anybody knows whose they are: how many an address holds, and which never finished a handshake. */
import type { Socket } from 'node:net'

interface Caller {
  readonly socket: Socket
  readonly address: string
  /** The handshake succeeded, or its failure has been counted. */
  dealtWith: boolean
}

export class Addresses {
  readonly #callers = new Map<string, Caller>()
  readonly #open = new Map<string, number>()
  readonly #onFailed: (address: string) => void

  /** @param onFailed told once for each socket that closed without a handshake and without anybody having said why */
  constructor(onFailed: (address: string) => void) {
    this.#onFailed = onFailed
  }

  /** Counts the socket until it closes. False if its address holds more than `most` now. */
  add(socket: Socket, most: number): boolean {
    const address = socket.remoteAddress
    if (address === undefined) return false // gone already
    const key = keyOf(socket)
    const caller = { socket, address, dealtWith: false }
    const open = (this.#open.get(address) ?? 0) + 1
    this.#open.set(address, open)
    this.#callers.set(key, caller)
    socket.once('close', () => this.#closed(key, caller))
    return open <= most
  }

  /**
   * The handshake succeeded, or its failure is being counted. @param socket the TCP socket or the TLS socket on it
   * @returns the address, or undefined if it is not known any more or has been dealt with before
   */
  dealWith(socket: Socket): string | undefined {
    const caller = this.#callers.get(keyOf(socket))
    if (!caller || caller.dealtWith) return undefined
    caller.dealtWith = true
    return caller.address
  }

  destroyAll(): void {
    for (const { socket } of this.#callers.values()) socket.destroy()
  }

  #closed(key: string, caller: Caller): void {
    if (this.#callers.get(key) === caller) this.#callers.delete(key)
    const left = (this.#open.get(caller.address) ?? 1) - 1
    if (left > 0) this.#open.set(caller.address, left)
    else this.#open.delete(caller.address)
    if (!caller.dealtWith) this.#onFailed(caller.address)
  }
}

const keyOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`
