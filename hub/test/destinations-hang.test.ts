/** Log servers and witnesses that take connections and never say a word: no door notices. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'

const sockets = new Set<Socket>()
const silent = createServer(socket => {
  sockets.add(socket)
  socket.on('error', () => undefined)
})
const cabinet = new TestDevice('cab-1', 'test-site')
let hub: TestHub

beforeAll(async () => {
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  hub = new TestHub({
    VIGIE_SYSLOG: `tls://127.0.0.1:${port}`,
    VIGIE_SYSLOG_FROM: 'first',
    VIGIE_WITNESS_SYSLOG: `tls://127.0.0.1:${port}`,
    VIGIE_WITNESS_HUBS: `https://127.0.0.1:${port}`,
    VIGIE_WITNESS_FILES: '/nonexistent/vigie.notes',
  })
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await cabinet.connect(hub)
})
afterAll(async () => {
  await cabinet.close()
  await hub.close()
  for (const socket of sockets) socket.destroy()
  silent.close()
})

describe('while every destination hangs', () => {
  it('badges are answered as ever, and each row is in the journal', async () => {
    await until('the first attempts', () => sockets.size >= 2, 30_000)
    const took: number[] = []
    for (let i = 0; i < 60; i++) {
      const began = performance.now()
      expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
      took.push(performance.now() - began)
    }
    took.sort((a, b) => a - b)
    expect(took[30]).toBeLessThan(250)
    expect(took.at(-1)).toBeLessThan(2_000)
    const rows = await hub.journal()
    expect(rows.filter(r => r.event.kind === 'access.granted')).toHaveLength(60)
  })

  it('each is told of once, with how much waits', async () => {
    const failed = async () => (await hub.journal()).filter(r => r.event.kind === 'destination.failed')
    const rows = await until('all four', async () => ((await failed()).length >= 4 ? failed() : undefined), 50_000)
    const told = rows.map(r => (r.event.kind === 'destination.failed' ? [r.event.purpose, r.event.error] : []))
    expect(told.sort()).toEqual([
      ['forwarding', 'log-server-unreachable'],
      ['witness', 'file-unwritable'],
      ['witness', 'log-server-unreachable'],
      ['witness', 'witness-unreachable'],
    ])
  })

  it('the hub stops within seconds', async () => {
    const began = performance.now()
    expect(await hub.end('SIGTERM')).toBe(0)
    expect(performance.now() - began).toBeLessThan(8_000)
  })
})
