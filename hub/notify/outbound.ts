/**
 * Where the hub may send to of its own accord (OWASP ASVS 5, 13.2.4): what the settings list, and never what no list can
 * mean. An address is checked, and that address is connected to: a name that means another one a moment later changes
 * nothing.
 */
import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export type Resolve = (host: string) => Promise<readonly { readonly address: string; readonly family: number }[]>

/** An address that may not be connected to. */
export class NotListed extends Error {
  readonly code = 'NOT_LISTED'
}

/** Addresses and ranges, of IPv4 and IPv6 apart: a BlockList of both takes ::ffff:10.0.0.1 for 10.0.0.1, and it is no receiver. */
class Ranges {
  readonly #v4 = new BlockList()
  readonly #v6 = new BlockList()
  #isEmpty = true

  constructor(ranges: readonly string[] = []) {
    for (const one of ranges) this.add(one)
  }

  get isEmpty(): boolean {
    return this.#isEmpty
  }

  /** @returns false for what is neither an address nor a range (CIDR) */
  add(text: string): boolean {
    const [address = '', bits] = text.split('/')
    const family = isIP(address)
    const most = family === 4 ? 32 : 128
    if (family === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))) return false
    const [list, type] = family === 4 ? ([this.#v4, 'ipv4'] as const) : ([this.#v6, 'ipv6'] as const)
    list.addSubnet(address, bits === undefined ? most : Number(bits), type)
    this.#isEmpty = false
    return true
  }

  has(address: string): boolean {
    const family = isIP(address)
    return family === 4 ? this.#v4.check(address, 'ipv4') : family === 6 && this.#v6.check(address, 'ipv6')
  }
}

/** Never, whatever is listed: nothing there is a receiver, and much of it hands out keys of the machine that asks. */
const NEVER = new Ranges([
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '192.0.0.0/24', '192.88.99.0/24'],
  ...['100.100.100.200', '168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254'],
  // Link-local, site-local, multicast; and addresses that hide another in them: compatible, mapped, translated, tunnelled.
  ...['fe80::/10', 'fec0::/10', 'ff00::/8', '::/96'],
  ...['::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32'],
])
const LOOPBACK = new Ranges(['127.0.0.0/8', '::1'])

export class Outbound {
  readonly #listed: readonly string[]
  readonly #names = new Set<string>()
  readonly #ranges = new Ranges()
  /** Named by itself: not what a range of everything happens to hold. */
  readonly #loopback = new Ranges()
  readonly #resolve: Resolve

  /** @param listed names, addresses, ranges (CIDR); none: nothing may be sent anywhere */
  constructor(listed: readonly string[], resolve: Resolve = resolveBySystem) {
    this.#listed = listed
    this.#resolve = resolve
    for (const one of listed) {
      const ranges = LOOPBACK.has(one.split('/')[0] ?? '') ? this.#loopback : this.#ranges
      if (!ranges.add(one)) this.#names.add(one.toLowerCase())
    }
  }

  get listed(): readonly string[] {
    return this.#listed
  }
  get isOpen(): boolean {
    return this.#listed.length > 0
  }

  /** @param host as URL tells it, an IPv6 address in brackets @throws NotListed, or the resolver's own error */
  async check(host: string): Promise<void> {
    const address = addressIn(host)
    if (address !== undefined) this.#need(host, address)
    // A listed name may be unknown today: what it means is looked at each time it is asked for.
    else if (!this.#names.has(host.toLowerCase())) await this.addressesOf(host)
  }

  /** Those of a name's addresses that may be connected to. @throws NotListed, or the resolver's own error */
  async addressesOf(host: string): Promise<readonly { readonly address: string; readonly family: number }[]> {
    if (!this.#names.has(host.toLowerCase()) && this.#ranges.isEmpty && this.#loopback.isEmpty)
      throw new NotListed(host)
    const good = (await this.#resolve(host)).filter(({ address }) => this.allows(host, address))
    if (good.length === 0) throw new NotListed(host)
    return good
  }

  /** @param host name or address that was asked for @param address that is to be connected to */
  allows(host: string, address: string): boolean {
    if (isIP(address) === 0) return false
    const named = addressIn(host) === undefined && this.#names.has(host.toLowerCase())
    if (LOOPBACK.has(address)) return this.#loopback.has(address) || (named && host.toLowerCase() === 'localhost')
    return !NEVER.has(address) && (named || this.#ranges.has(address))
  }

  /** @throws NotListed for a literal address, which no look-up is made of */
  needLiteral(host: string): void {
    const address = addressIn(host)
    if (address !== undefined) this.#need(host, address)
  }

  /** For a socket's connection: it goes to an address that was looked at. */
  get lookup(): LookupFunction {
    return (host, { all, family }, answer) => {
      this.addressesOf(host).then(
        found => {
          const wanted = found.filter(one => !family || family === one.family || `IPv${one.family}` === family)
          const [first] = wanted
          if (!first) answer(new NotListed(host), '', 4)
          else if (all) answer(null, [...wanted])
          else answer(null, first.address, first.family)
        },
        (error: NodeJS.ErrnoException) => answer(error, '', 4),
      )
    }
  }

  #need(host: string, address: string): void {
    if (!this.allows(host, address)) throw new NotListed(host)
  }
}

/** An IPv4 address in any of its ways of writing is one by the time URL has read it. */
function addressIn(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? undefined : bare
}

const resolveBySystem: Resolve = host =>
  new Promise((done, fail) => {
    resolve(host, { all: true }, (error, found) => (error ? fail(error) : done(found)))
  })
