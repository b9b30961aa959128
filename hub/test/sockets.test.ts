/** Sockets that say nothing, or nothing more: whom they keep out, and for how long. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { startHub, type TestHub } from './http-hub.ts'

const SILENT = 300
const NEIGHBOUR = '127.0.0.2'

let hub: TestHub
let opened: Socket[] = []
afterEach(async () => {
  for (const socket of opened) socket.destroy()
  opened = []
  await hub.stop()
})

async function silent(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  opened.push(socket)
  socket.on('error', () => socket.destroy()).resume() // being cut off is what these are for
  await once(socket, 'connect')
  return socket
}
const closed = (socket: Socket): Promise<unknown> =>
  socket.closed ? Promise.resolve() : once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
/** As the hub counts them, where the limit for all of them applies. */
const held = (): Promise<number> =>
  new Promise((resolve, reject) => {
    hub.http.servers[1]?.getConnections((error, count) => (error ? reject(error) : resolve(count)))
  })
const asks = async (from: string) => (await hub.ask('/healthz', { tls: true, from })).status

describe('300 silent sockets to the TLS port', () => {
  it('hold no more than their address may, and others are served meanwhile', async () => {
    hub = await startHub({ dashboard: 'missing', handshakeTimeoutMs: 60_000 })
    const all = await Promise.all(Array.from({ length: SILENT }, () => silent(hub.httpsPort)))
    expect(await asks(NEIGHBOUR)).toBe(200)
    await Promise.all(all.slice(100).map(closed))
    expect(all.filter(s => s.closed)).toHaveLength(200)
    await expect(asks('127.0.0.1')).rejects.toThrow(/ECONNRESET|socket|disconnected/)
    all[0]?.destroy()
    await closed(all[0]!)
    await expect.poll(() => asks('127.0.0.1').catch(() => 0), { timeout: 10_000 }).toBe(200)
  })

  it('are gone after the time for a handshake, on the side of the hub too', async () => {
    hub = await startHub({ dashboard: 'missing', handshakeTimeoutMs: 400, socketsPerAddress: 1_000 })
    const all = await Promise.all(Array.from({ length: SILENT }, () => silent(hub.httpsPort)))
    expect(await asks(NEIGHBOUR)).toBe(200)
    await Promise.all(all.map(closed))
    await expect.poll(held, { timeout: 10_000 }).toBe(0)
    expect(await asks('127.0.0.1')).toBe(200)
  })
})

describe('a socket that was refused', () => {
  it('is cut within a second or so, even if its answer is never taken', async () => {
    hub = await startHub({ dashboard: 'missing' })
    const stuck = new Duplex({ read: () => undefined, write: () => undefined })
    hub.http.servers[0]?.emit('clientError', new Error('not HTTP'), stuck)
    await once(stuck, 'close', { signal: AbortSignal.timeout(5_000) })
    expect(stuck.destroyed).toBe(true)
  })
})
