/** Where webhooks may go: the list, and what no list can mean (OWASP ASVS 5, 13.2.4). */
import { describe, expect, it } from 'vitest'
import { Outbound } from './outbound.ts'

const EVERYTHING = ['0.0.0.0/0', '::/0', 'named.example']
const resolving =
  (...addresses: string[]) =>
  async () =>
    addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
const refused = (check: Promise<unknown>): Promise<boolean> =>
  check.then(
    () => false,
    () => true,
  )

describe('an address', () => {
  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.0.192',
    '100.100.100.200',
    '168.63.129.16',
    '127.0.0.1',
    '127.9.9.9',
    '::',
    '::1',
    '::10.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '0:0:0:0:0:ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:0:10.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001:0:53aa:64c:0:5efe:7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fec0::1',
    'ff02::1',
    'fd00:ec2::254',
    'localhost',
    '',
  ])('%s is none, though everything is listed', address => {
    const outbound = new Outbound(EVERYTHING)
    expect([outbound.allows('named.example', address), outbound.allows('other', address)]).toEqual([false, false])
  })

  it('is one where its range or the name that was asked for is listed', () => {
    const outbound = new Outbound(['10.20.0.0/16', '192.168.1.7', 'fd12:3456::/32', 'Named.Example'])
    const [other, named] = ['other.example', 'named.example']
    expect(['10.20.3.4', '192.168.1.7', 'fd12:3456::9'].map(a => outbound.allows(other, a))).toEqual([true, true, true])
    expect(['10.21.0.1', '192.168.1.8', 'fd13::9', '8.8.8.8'].map(a => outbound.allows(other, a))).toEqual([
      ...[false, false, false, false],
    ])
    expect(outbound.allows(named, '8.8.8.8')).toBe(true)
    expect(outbound.allows('sub.named.example', '8.8.8.8')).toBe(false)
  })

  it('of this machine is one only where the list names this machine', () => {
    expect(new Outbound(['127.0.0.0/8']).allows('x', '127.0.0.1')).toBe(true)
    expect(new Outbound(['::1']).allows('x', '::1')).toBe(true)
    expect(new Outbound(['localhost']).allows('localhost', '127.0.0.1')).toBe(true)
    expect(new Outbound(['localhost', 'x']).allows('x', '127.0.0.1')).toBe(false)
    expect(new Outbound(['localhost']).allows('127.0.0.1', '127.0.0.1')).toBe(false)
  })
})

describe('a host', () => {
  it('is looked up unless it is listed by name, and never without a list', async () => {
    const outbound = new Outbound(['10.0.0.0/8', 'named.example'], resolving('10.1.1.1'))
    expect(await refused(outbound.check('inside.example'))).toBe(false)
    expect(await refused(outbound.check('named.example'))).toBe(false)
    const outside = new Outbound(['10.0.0.0/8'], resolving('11.1.1.1'))
    expect(await refused(outside.check('inside.example'))).toBe(true)
    let asked = 0
    const none = new Outbound([], async () => {
      asked += 1
      return [{ address: '10.1.1.1', family: 4 }]
    })
    expect([await refused(none.check('inside.example')), asked]).toEqual([true, 0])
  })

  it('written as an address is that address, however it is written', async () => {
    const outbound = new Outbound(['10.0.0.0/8', 'localhost'])
    const hostOf = (url: string): string => new URL(url).hostname
    for (const url of ['https://2130706433/', 'https://0x7f.1/', 'https://127.1/', 'https://[::ffff:10.0.0.1]/'])
      expect(await refused(outbound.check(hostOf(url)))).toBe(true)
    expect(await refused(outbound.check(hostOf('https://167772161/')))).toBe(false)
  })

  it('is connected to at those of its addresses that may be', async () => {
    const outbound = new Outbound(['named.example'], resolving('127.0.0.1', '169.254.169.254', '10.0.0.9'))
    expect((await outbound.addressesOf('named.example')).map(one => one.address)).toEqual(['10.0.0.9'])
    const none = new Outbound(['named.example'], resolving('127.0.0.1', 'fe80::1'))
    expect(await refused(none.addressesOf('named.example'))).toBe(true)
  })
})
