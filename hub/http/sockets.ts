/** Open sockets of a listener: cut when it stops, and only so many from one address, so that no address takes them all. */
import { isIPv4, type Socket } from 'node:net'

/** A browser holds six and a live one; an office behind one address has room for a dozen of them. */
const PER_ADDRESS = 100

export class Sockets {
  readonly #most: number
  readonly #open = new Set<Socket>()
  readonly #byAddress = new Map<string, number>()

  /** @param perAddress sockets at once from one IPv4 address or one IPv6 /64, which is what one customer holds */
  constructor(perAddress = PER_ADDRESS) {
    this.#most = perAddress
  }

  /** Counts a new TCP socket until it closes, or cuts it if its address holds enough already. */
  readonly take = (socket: Socket): void => {
    const address = networkOf(socket.remoteAddress)
    const held = address === undefined ? this.#most : (this.#byAddress.get(address) ?? 0)
    if (address === undefined || held >= this.#most) {
      socket.destroy()
      return
    }
    this.#open.add(socket)
    this.#byAddress.set(address, held + 1)
    socket.once('close', () => this.#closed(socket, address))
  }

  destroyAll(): void {
    for (const socket of this.#open) socket.destroy()
  }

  #closed(socket: Socket, address: string): void {
    this.#open.delete(socket)
    const left = (this.#byAddress.get(address) ?? 1) - 1
    if (left > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
  }
}

/** Undefined for a socket that is gone already. IPv4 over an IPv6 listener (`::ffff:192.0.2.1`) counts as IPv4. */
export function networkOf(address: string | undefined): string | undefined {
  const v4 = address?.replace(/^::ffff:/i, '')
  if (v4 === undefined || isIPv4(v4)) return v4
  const [head = '', tail] = v4.split('%', 1)[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array<string>(Math.max(8 - groups.length - rest.length, 0)).fill('0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
