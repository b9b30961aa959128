import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { peerOf } from './peer.ts'
import { TestBroker } from './testing/broker.ts'
import { connectBytes } from './testing/bytes.ts'
import { TestAuthority } from './testing/certificates.ts'
import { within } from './testing/deadline.ts'
import { type Dial, RawDevice } from './testing/raw.ts'

/** Dials and sends CONNECT; resolves with what came back, which for a refused socket is nothing. */
async function attempt(dial: Dial, clientId = 'door-1'): Promise<Buffer | undefined> {
  const device = await RawDevice.dial(dial)
  onTestFinished(() => device.destroy())
  device.send(connectBytes({ clientId }))
  return device.next()
}

async function tcp(port: number): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

const closed = (socket: Socket): Promise<unknown> =>
  within(new Promise(done => socket.once('close', done).resume()), 'socket closed')

describe('TLS', () => {
  it('lets a device in whose certificate is known', async () => {
    const hub = await TestBroker.start()
    expect(await attempt(hub.dial(hub.enrol('door-1')))).toEqual(Buffer.of(0x20, 2, 0, 0))
    expect(hub.edge.refusals).toEqual([])
  })

  it('refuses TLS 1.2', async () => {
    const hub = await TestBroker.start()
    expect(await attempt(hub.dial(hub.enrol('door-1'), { maxVersion: 'TLSv1.2' }))).toBeUndefined()
    await hub.edge.until(() => hub.edge.refusals[0] === '127.0.0.1 protocol', 'counted')
  })

  it('refuses a socket without a certificate', async () => {
    const hub = await TestBroker.start()
    expect(await attempt(hub.dial())).toBeUndefined()
    await hub.edge.until(() => hub.edge.refusals[0] === '127.0.0.1 certificate', 'counted')
  })

  it.each([
    ['of a foreign authority with the same name', () => new TestAuthority().issue('door-1')],
    ['that has expired', (hub: TestBroker) => hub.authority.issue('door-1', { until: new Date(Date.now() - 1_000) })],
    [
      'that is not valid yet',
      (hub: TestBroker) => hub.authority.issue('door-1', { from: new Date(Date.now() + 60_000) }),
    ],
  ])('refuses a certificate %s, even if its serial is known', async (_, issue) => {
    const hub = await TestBroker.start()
    const certificate = issue(hub)
    hub.know(certificate, 'door-1')
    expect(await attempt(hub.dial(certificate))).toBeUndefined()
    await hub.edge.until(() => hub.edge.refusals.length > 0, 'counted')
    expect(hub.edge.refusals).toEqual(['127.0.0.1 certificate'])
    expect(hub.edge.presence).toEqual([])
  })

  it.each([
    ['two common names', ['door-1', 'door-2']],
    ['no common name', []],
  ])('refuses a certificate with %s', async (_, names) => {
    const hub = await TestBroker.start()
    const certificate = hub.authority.issue(names)
    hub.know(certificate, 'door-1')
    expect(await attempt(hub.dial(certificate))).toBeUndefined()
    await hub.edge.until(() => hub.edge.refusals[0] === '127.0.0.1 certificate', 'counted')
  })

  it('refuses a good certificate that stands for no device, under its own name', async () => {
    const hub = await TestBroker.start()
    expect(await attempt(hub.dial(hub.authority.issue('door-9')), 'door-9')).toBeUndefined()
    expect(hub.edge.refusals).toEqual(['door-9 certificate'])
  })

  it('refuses everybody while certificates cannot be looked up, and says so', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    hub.edge.identify = () => {
      throw new Error('registry is closed')
    }
    expect(await attempt(hub.dial(certificate))).toBeUndefined()
    expect(hub.log).toEqual([{ message: 'device edge failed: identify', fields: { cause: 'registry is closed' } }])
  })
})

describe('revocation', () => {
  it('refuses a certificate on the list, also on a list that came without a restart', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    expect(await attempt(hub.dial(certificate))).toEqual(Buffer.of(0x20, 2, 0, 0))
    hub.broker.renewTls(hub.tls([certificate.serial]))
    expect(await attempt(hub.dial(certificate))).toBeUndefined()
    await hub.edge.until(() => hub.edge.refusals[0] === '127.0.0.1 certificate', 'counted')
    const other = hub.enrol('door-2')
    expect(await attempt(hub.dial(other), 'door-2')).toEqual(Buffer.of(0x20, 2, 0, 0))
  })

  it('resumes sessions, but not those of a certificate revoked since', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const first = await RawDevice.dial(hub.dial(certificate))
    const [session] = (await once(first.socket, 'session')) as [Buffer]
    first.destroy()
    const second = await RawDevice.dial(hub.dial(certificate, { session }))
    onTestFinished(() => second.destroy())
    expect(second.socket.isSessionReused()).toBe(true)
    second.send(connectBytes({ clientId: 'door-1' }))
    expect(await second.next()).toEqual(Buffer.of(0x20, 2, 0, 0))

    hub.edge.devices.delete(certificate.serial)
    for (const dial of [hub.dial(certificate, { session }), hub.dial(undefined, { session })])
      expect(await attempt(dial)).toBeUndefined()
    expect(hub.edge.refusals).toEqual(['door-1 certificate', 'door-1 certificate'])
  })

  it('asks a resuming device for its certificate again after a new list', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const first = await RawDevice.dial(hub.dial(certificate))
    const [session] = (await once(first.socket, 'session')) as [Buffer]
    first.destroy()
    hub.broker.renewTls(hub.tls([certificate.serial]))
    expect(await attempt(hub.dial(certificate, { session }))).toBeUndefined()
    await hub.edge.until(() => hub.edge.refusals[0] === '127.0.0.1 certificate', 'counted')
  })

  it('refuses a certificate revoked between handshake and CONNECT', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const device = await RawDevice.dial(hub.dial(certificate))
    await hub.edge.until(() => hub.edge.identified === 1, 'identified')
    hub.edge.devices.delete(certificate.serial)
    device.send(connectBytes({ clientId: 'door-1' }))
    expect(await device.next()).toEqual(Buffer.of(0x20, 2, 0, 5))
    await within(device.closed, 'closed')
  })

  it('cuts open sockets by serial and by device at once, connected or not', async () => {
    const hub = await TestBroker.start()
    const certificate = hub.enrol('door-1')
    const online = await hub.raw('door-1', {}, certificate)
    const before = hub.edge.identified
    const silent = await RawDevice.dial(hub.dial(certificate))
    await hub.edge.until(() => hub.edge.identified > before, 'identified')
    const bystander = await hub.raw('door-2')
    expect(hub.broker.stats()).toEqual({ sockets: 3, devices: 2, pending: 0 })
    expect(hub.broker.cutSerial(certificate.serial)).toBe(2)
    expect(hub.edge.presence).toEqual(['+door-1', '+door-2', '-door-1'])
    await within(Promise.all([online.closed, silent.closed]), 'closed', 2_000)
    expect(hub.broker.cutDevice('door-2')).toBe(1)
    await within(bystander.closed, 'closed', 2_000)
    expect(hub.broker.cutDevice('door-2')).toBe(0)
    expect(hub.broker.stats()).toEqual({ sockets: 0, devices: 0, pending: 0 })
  })
})

describe('a resumed session without a certificate', () => {
  it('stands for nobody, even where Node calls it authorized', async () => {
    const authority = new TestAuthority()
    const { key, cert } = authority.issue('vigie')
    const server = createServer({ key, cert, ca: authority.cert, requestCert: true, rejectUnauthorized: false })
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const open = (session?: Buffer): TLSSocket => {
      const socket = connect({ port, host: '127.0.0.1', ca: authority.cert, ...(session ? { session } : {}) })
      onTestFinished(() => void socket.destroy())
      return socket.resume()
    }
    const [ticket] = (await within(once(open(), 'session'), 'ticket')) as [Buffer]
    open(ticket)
    const [resumed] = (await within(once(server, 'secureConnection'), 'resumed')) as [TLSSocket]
    onTestFinished(() => void resumed.destroy())
    expect(resumed.isSessionReused()).toBe(true)
    expect(peerOf(resumed, Date.now())).toBeUndefined()
    resumed.authorized = true // as some releases of Node report it (nodejs/node 64584)
    expect(peerOf(resumed, Date.now())).toBeUndefined()
  })
})

describe('handshakes that lead nowhere', () => {
  it('closes a socket that never begins one after the handshake timeout', async () => {
    const hub = await TestBroker.start({ limits: { handshakeTimeoutMs: 200 } })
    await closed(await tcp(hub.port))
    expect(hub.edge.refusals).toEqual(['127.0.0.1 protocol'])
  })

  it('closes a socket that speaks something else', async () => {
    const hub = await TestBroker.start()
    const socket = await tcp(hub.port)
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await closed(socket)
    expect(hub.edge.refusals).toEqual(['127.0.0.1 protocol'])
  })

  it('closes a socket that trickles its CONNECT', async () => {
    const hub = await TestBroker.start({ limits: { connectTimeoutMs: 300 } })
    const device = await RawDevice.dial(hub.dial(hub.enrol('door-1')))
    const bytes = connectBytes({ clientId: 'door-1' })
    let sent = 0
    const drip = setInterval(() => device.send(bytes.subarray(sent, ++sent)), 100)
    await within(device.closed, 'closed').finally(() => clearInterval(drip))
    expect(hub.edge.refusals).toEqual(['door-1 protocol'])
    expect(hub.edge.presence).toEqual([])
  })

  it('holds no more sockets of one address, one device or in all than its limits', async () => {
    const hub = await TestBroker.start({ limits: { maxConnectionsPerAddress: 3 } })
    const first = [await tcp(hub.port), await tcp(hub.port), await tcp(hub.port)]
    await closed(await tcp(hub.port))
    expect(hub.edge.refusals).toEqual(['127.0.0.1 rate'])
    for (const socket of first) socket.destroy()
    await hub.edge.until(() => hub.edge.refusals.length === 4, 'three counted as gone')
    expect(await attempt(hub.dial(hub.enrol('door-1')))).toEqual(Buffer.of(0x20, 2, 0, 0))

    const small = await TestBroker.start({ limits: { maxConnections: 1 } })
    await small.raw('door-1')
    await closed(await tcp(small.port))
    expect(small.edge.refusals).toEqual(['127.0.0.1 rate'])

    const tight = await TestBroker.start({ limits: { maxConnectionsPerDevice: 2 } })
    const certificate = tight.enrol('door-1')
    const sockets = await Promise.all([1, 2, 3].map(() => RawDevice.dial(tight.dial(certificate))))
    await within(Promise.race(sockets.map(s => s.closed)), 'oldest closed')
    expect(sockets.filter(s => !s.isClosed)).toHaveLength(2)
    for (const socket of sockets) socket.destroy()
  })
})
