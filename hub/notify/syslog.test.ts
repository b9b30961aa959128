import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../test/harness.ts'
import { OddLogServer } from '../test/log-server.ts'
import { TestAuthority } from '../transport/testing/certificates.ts'
import { SyslogClient } from './syslog.ts'

const authority = new TestAuthority('Log authority')
let folder: string
let ca: string
let server: OddLogServer
let client: SyslogClient
let told: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vigie-syslog-'))
  ca = join(folder, 'ca.pem')
  writeFileSync(ca, authority.cert)
  server = new OddLogServer(authority)
  told = []
})
afterEach(async () => {
  await client.stop()
  await server.stop()
  rmSync(folder, { recursive: true })
})

function connectTo(port: number, host = 'localhost', times: { stalled?: number; connect?: number } = {}): void {
  client = new SyslogClient({
    host,
    port,
    files: { ca },
    onConnected: () => told.push('connected'),
    onLost: cause => told.push(cause),
    onRoom: () => told.push('room'),
    times: { firstRetry: 20, longestRetry: 100, ...times },
  })
  client.start()
}
const isConnected = (): Promise<true> => until('a connection', () => client.connected || undefined)

describe('the connection to a log server', () => {
  it('frames each message by its bytes, so that nothing in one can begin another', async () => {
    await server.start()
    connectTo(server.port)
    await isConnected()
    const nasty = ['é\u{1F511}', '12 <1>1 - forged\n<1>1 - forged', '\u0000']
    for (const text of nasty) expect(client.send(Buffer.from(text))).toBe(true)
    client.send(Buffer.from('last'))
    await until('the last one', () => server.messages.includes('last'))
    expect(server.messages).toEqual([...nasty, 'last'])
  })

  it('sends nothing to a server whose certificate is of another authority, or of another name', async () => {
    const foreign = new OddLogServer(new TestAuthority('Another authority'))
    await foreign.start()
    connectTo(foreign.port)
    await until('the refusal', () => told.find(t => /signature|verify|issuer|self/i.test(t)))
    expect([client.connected, client.send(Buffer.from('secret'))]).toEqual([false, false])
    await client.stop()
    await foreign.stop()
    told = []
    await server.start()
    connectTo(server.port, '127.0.0.2')
    await until('a refusal', () => told.length > 0)
    expect(told).not.toContain('connected')
    expect([...foreign.messages, ...server.messages]).toEqual([])
  })

  it('comes back by itself when the server does', async () => {
    await server.start()
    connectTo(server.port)
    await isConnected()
    await server.stop()
    await until('the loss', () => !client.connected)
    expect(client.send(Buffer.from('too early'))).toBe(false)
    await server.start()
    await isConnected()
    client.send(Buffer.from('again'))
    await until('a message', () => server.messages.includes('again'))
    expect(server.messages).not.toContain('too early')
  })

  it('takes no more than it has room for from a server that hangs, and gives that one up', async () => {
    server.hangs = true
    await server.start()
    connectTo(server.port, 'localhost', { stalled: 300 })
    await isConnected()
    const message = Buffer.alloc(8_000, 'x')
    let taken = 0
    let flushed = 0
    let most = 0
    await until('it is given up', () => {
      while (client.send(message, () => flushed++)) taken += 1
      most = Math.max(most, taken - flushed)
      return told.find(t => t.includes('takes nothing'))
    })
    expect(most * message.length).toBeLessThan(512 * 1024)
    expect(most).toBeGreaterThan(0)
  })

  it('gives up a server that never answers the handshake', async () => {
    const sockets: Socket[] = []
    const silent = createServer(socket => void sockets.push(socket))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    connectTo((silent.address() as AddressInfo).port, 'localhost', { connect: 200 })
    await until('it is given up', () => told.find(t => t.includes('no answer')))
    expect(client.connected).toBe(false)
    await client.stop()
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
})
