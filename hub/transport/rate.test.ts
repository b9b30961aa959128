import { describe, expect, it, onTestFinished } from 'vitest'
import { Bucket } from './bucket.ts'
import { BADGE, TestBroker } from './testing/broker.ts'
import { PING, publishBytes } from './testing/bytes.ts'
import { within } from './testing/deadline.ts'
import type { RawDevice } from './testing/raw.ts'

describe('the token bucket', () => {
  it('allows a burst, then the rate, and never saves more than a burst', () => {
    const bucket = new Bucket(10, 3, 0)
    expect([0, 0, 0, 0].map(t => bucket.take(t))).toEqual([true, true, true, false])
    expect(bucket.waitMs()).toBe(100)
    expect([50, 100, 100, 200].map(t => bucket.take(t))).toEqual([false, true, false, true])
    expect([60_000, 60_000, 60_000, 60_000].map(t => bucket.take(t))).toEqual([true, true, true, false])
  })
})

/** Nothing else runs in this process meanwhile. */
function stall(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

async function untilAccepted(dial: () => Promise<RawDevice>): Promise<RawDevice> {
  for (let tries = 0; tries < 100; tries++) {
    const device = await dial().catch(() => undefined)
    if (device) return device
  }
  throw new Error('never accepted')
}

describe('a device over its rate', () => {
  it('is slowed to it, loses nothing and stays on while it waits for its turn', async () => {
    const limits = { deviceRate: 100, deviceBurst: 20, floodMs: 200 }
    const hub = await TestBroker.start({ limits })
    const device = await hub.raw('door-1')
    const began = performance.now()
    const ids = Array.from({ length: 60 }, (_, i) => i + 1)
    device.send(...ids.map(id => publishBytes(BADGE('door-1'), `${id}`, { qos: 1, messageId: id })))
    for (const id of ids) expect((await device.next())?.readUInt16BE(2)).toBe(id)
    expect(performance.now() - began).toBeGreaterThan(300) // 41 over the burst, at 100 a second
    expect(hub.edge.refusals).toEqual([])
  })

  it('is cut if it goes on pushing, keeps no fresh burst for its next try, and others notice nothing', async () => {
    const limits = { deviceRate: 50, deviceBurst: 50, floodMs: 400 }
    const hub = await TestBroker.start({ limits })
    const certificate = hub.enrol('door-1')
    const flooder = await hub.raw('door-1', {}, certificate)
    const other = await hub.raw('door-2')
    const batch = Buffer.concat(Array.from({ length: 500 }, () => publishBytes(BADGE('door-1'), 'x'.repeat(300))))
    const push = (): void => void flooder.socket.write(batch, error => error ?? push())
    push()
    const waits: number[] = []
    while (!flooder.isClosed && waits.length < 5_000) {
      const began = performance.now()
      if (waits.length < 40) {
        other.send(PING)
        await other.next()
      } else {
        await within(flooder.closed, 'cut')
      }
      waits.push(performance.now() - began)
    }
    await hub.edge.until(() => hub.edge.refusals.length > 0, 'counted')
    expect(hub.edge.refusals).toEqual(['door-1 rate'])
    expect(hub.edge.presence).toContain('-door-1')
    expect(waits.slice(0, 40).sort((a, b) => a - b)[20]).toBeLessThan(50)
    expect(hub.edge.messages.length).toBeLessThan(50 + 50 * 5)
    const again = await untilAccepted(() => hub.raw('door-1', {}, certificate))
    const [heard, since] = [hub.edge.messages.length, performance.now()]
    again.send(...Array.from({ length: 30 }, () => publishBytes(BADGE('door-1'), 'y')))
    await hub.edge.until(() => hub.edge.messages.length === heard + 30, 'all through at last')
    expect(performance.now() - since).toBeGreaterThan(400) // a fresh burst would have taken them at once
  })

  /** As many bytes as the socket takes, for as long as it is open. */
  function pushOn({ socket }: RawDevice): void {
    const batch = Buffer.concat(Array.from({ length: 500 }, () => publishBytes(BADGE('door-1'), 'x'.repeat(300))))
    const push = (): void => void socket.write(batch, error => error ?? push())
    push()
  }

  it('is cut too where the disk is slower than its rate, so that it is never the rate that holds it back', async () => {
    const limits = { deviceRate: 400, deviceBurst: 400, floodMs: 400, maxPending: 16 }
    const hub = await TestBroker.start({ limits })
    let disk = Promise.resolve()
    hub.edge.store = () => {
      disk = disk.then(() => new Promise(stored => setTimeout(stored, 10)))
      return disk
    }
    const flooder = await hub.raw('door-1')
    pushOn(flooder)
    await within(flooder.closed, 'cut')
    expect(hub.edge.refusals).toEqual(['door-1 rate'])
    expect(hub.edge.messages.length).toBeLessThan(400)
  })

  it('is cut as soon on a hub that is kept busy and wakes late', async () => {
    const limits = { deviceRate: 50, deviceBurst: 50, floodMs: 1_500 }
    const hub = await TestBroker.start({ limits })
    const flooder = await hub.raw('door-1')
    let turns = 0
    let timer: NodeJS.Timeout
    const busy = (): void => {
      turns++
      stall(700)
      timer = setTimeout(busy, 1)
    }
    onTestFinished(() => clearTimeout(timer))
    pushOn(flooder)
    timer = setTimeout(busy, 1)
    await within(flooder.closed, 'cut')
    expect(hub.edge.refusals).toEqual(['door-1 rate'])
    expect(turns).toBeLessThan(6)
  })

  it('is not cut while it keeps to its rate, however much of that a disk that stalls leaves waiting', async () => {
    const limits = { deviceRate: 200, deviceBurst: 200, floodMs: 400, floodBytes: 4_096, maxPending: 16 }
    const hub = await TestBroker.start({ limits })
    const disk = new Promise<void>(back => setTimeout(back, 900))
    hub.edge.store = () => disk
    const device = await hub.raw('door-1')
    device.send(...Array.from({ length: 160 }, () => publishBytes(BADGE('door-1'), 'x'.repeat(300)))) // 800 ms at its rate
    await hub.edge.until(() => hub.edge.messages.length === 160, 'all through')
    expect(hub.edge.refusals).toEqual([])
  })

  it('pays for its handshakes too', async () => {
    const hub = await TestBroker.start({ limits: { deviceRate: 1, deviceBurst: 3 } })
    const certificate = hub.enrol('door-1')
    for (let i = 0; i < 3; i++) (await hub.raw('door-1', {}, certificate)).destroy()
    await expect(hub.raw('door-1', {}, certificate)).rejects.toThrow('CONNECT refused: closed')
    expect(hub.edge.refusals).toEqual(['door-1 rate'])
  })
})
