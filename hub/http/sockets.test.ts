import { describe, expect, it } from 'vitest'
import { networkOf } from './sockets.ts'

describe('sockets are counted', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    [undefined, undefined],
  ])('for %s under %s: an IPv4 address, or an IPv6 /64', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
