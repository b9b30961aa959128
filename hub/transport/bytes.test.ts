import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Refusal } from '#devices/messages.ts'
import { type Gate, Guard, type Verdict } from './guard.ts'
import { CONNECT } from './packets.ts'
import { BADGE, DOWN, TestBroker } from './testing/broker.ts'
import { GOODBYE, lengthBytes, PING, packetBytes, publishBytes, subscribeBytes } from './testing/bytes.ts'
import { within } from './testing/deadline.ts'
import { RawDevice } from './testing/raw.ts'

/** A gate that lets `budget` packets through and then says wait. */
class CountingGate implements Gate {
  budget = Number.POSITIVE_INFINITY
  readonly refusals: Refusal[] = []
  readonly types: number[] = []
  farewells = 0
  admit(type: number): Verdict {
    if (this.types.length >= this.budget) return 'wait'
    this.types.push(type)
    return 'pass'
  }
  limit = (type: number): number => (type === CONNECT ? 2_048 : 65_536)
  refuse(refusal: Refusal): void {
    this.refusals.push(refusal)
  }
  farewell(): void {
    this.farewells++
  }
}

describe('the guard', () => {
  const packet = fc.oneof(
    fc.constantFrom(PING, GOODBYE),
    fc.nat(20_000).map(size => publishBytes('t', Buffer.alloc(size, 0xff))),
  )

  it('hands on every byte in order, however the packets were cut and however often it has to wait', () => {
    const run = fc.property(fc.array(packet, { maxLength: 20 }), fc.array(fc.nat(30_000)), (packets, cuts) => {
      const gate = new CountingGate()
      const guard = new Guard(gate)
      gate.budget = 0
      const out: Buffer[] = []
      const chunks = split(Buffer.concat(packets), cuts)
      for (let step = 0; step < packets.length + chunks.length + 2 || chunks.length > 0; step++) {
        const bytes = guard.read(() => chunks.shift() ?? null)
        if (bytes) out.push(bytes)
        gate.budget++
        guard.release()
      }
      expect(Buffer.concat(out)).toEqual(Buffer.concat(packets))
      expect(gate.refusals).toEqual([])
      expect(gate.types).toEqual(packets.map(p => p[0]! >> 4))
      expect(gate.farewells).toBe(packets.filter(p => p === GOODBYE).length)
    })
    fc.assert(run, { numRuns: 200 })
  })

  it('never lets a byte of a packet through that it was not asked for', () => {
    const gate = new CountingGate()
    const guard = new Guard(gate)
    gate.budget = 1
    expect(guard.read(() => Buffer.concat([PING, PING, GOODBYE]))).toEqual(PING)
    expect(guard.read(() => expect.unreachable())).toBeNull()
    expect(guard.heldBytes).toBe(4)
    expect(gate.types).toEqual([12])
  })

  it.each<[string, Buffer, Refusal]>([
    ['a length of five bytes', Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff, 0x01), 'protocol'],
    ['256 MiB', Buffer.concat([Buffer.of(0x30), lengthBytes(268_435_455)]), 'size'],
    ['64 KiB and a byte', Buffer.concat([Buffer.of(0x30), lengthBytes(65_537)]), 'size'],
    ['a CONNECT of 2 KiB and a byte', Buffer.concat([Buffer.of(0x10), lengthBytes(2_049)]), 'size'],
    ['QoS 2', Buffer.of(0x34), 'qos'],
    ['both QoS bits', Buffer.of(0x36), 'protocol'],
    ['a DISCONNECT with a body', Buffer.of(0xe0, 1, 0), 'protocol'],
  ])('stops at %s, from the header alone', (_, bytes, refusal) => {
    const gate = new CountingGate()
    const guard = new Guard(gate)
    expect(guard.read(() => bytes)).toBeNull()
    expect(gate.refusals).toEqual([refusal])
    expect(guard.read(() => expect.unreachable())).toBeNull()
  })
})

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.filter(c => c < bytes.length), bytes.length].sort((a, b) => a - b)
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end)).filter(chunk => chunk.length > 0)
}

describe('a device that announces or sends too much', () => {
  it.each<[string, Buffer, string]>([
    ['256 MiB in a header', Buffer.concat([Buffer.of(0x30), lengthBytes(268_435_455)]), 'size'],
    ['1 MB of payload', publishBytes(BADGE('door-1'), Buffer.alloc(1_000_000)), 'size'],
    ['a SUBSCRIBE of 3 KiB', subscribeBytes(1, 'a'.repeat(3_000)), 'size'],
    ['a length of five bytes', Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff, 0x7f), 'protocol'],
    ['a packet only a hub may send', Buffer.of(0x20, 2, 0, 0), 'protocol'],
    ['packet type 0', Buffer.of(0, 0), 'protocol'],
    ['packet type 15', Buffer.of(0xf0, 0), 'protocol'],
    ['a PUBACK for nothing', Buffer.of(0x40, 2, 0, 1), 'protocol'],
    ['a PUBREL for nothing', Buffer.of(0x62, 2, 0, 1), 'protocol'],
    ['a PINGREQ with flags', Buffer.of(0xc1, 0), 'protocol'],
    ['a SUBSCRIBE without flags', packetBytes(0x80, Buffer.of(0, 1, 0, 1, 0x23, 0)), 'protocol'],
    ['a SUBSCRIBE that breaks off', packetBytes(0x82, Buffer.of(0, 1, 0, 9, 0x23)), 'protocol'],
    ['a topic longer than its packet', packetBytes(0x30, Buffer.of(0xff, 0xff, 0x61)), 'protocol'],
  ])('is closed at once: %s', async (_, bytes, refusal) => {
    const hub = await TestBroker.start()
    const device = await hub.raw('door-1')
    device.send(bytes)
    await within(device.closed, 'closed')
    expect(hub.edge.refusals).toEqual([`door-1 ${refusal}`])
    expect(hub.edge.messages).toEqual([])
  })

  it('is closed before CONNACK at 2 KiB', async () => {
    const hub = await TestBroker.start()
    const device = await RawDevice.dial(hub.dial(hub.enrol('door-1')))
    device.send(Buffer.concat([Buffer.of(0x10), lengthBytes(2_049)]))
    await within(device.closed, 'closed')
    expect(hub.edge.refusals).toEqual(['door-1 size'])
  })
})

describe('random bytes', () => {
  it('in 120 packets of devices never take the hub down nor reach the edge as anything but refusals', async () => {
    const hub = await TestBroker.start({ limits: { deviceRate: 100_000, deviceBurst: 100_000 } })
    const certificate = hub.enrol('door-1')
    const bystander = await hub.raw('door-2')
    const samples = fc.sample(fc.uint8Array({ minLength: 2, maxLength: 80 }), { numRuns: 120, seed: 20_261_122 })
    for (const sample of samples) {
      const device = await hub.raw('door-1', {}, certificate)
      const body = Buffer.from(sample)
      device.send(packetBytes(body[0]! | 0x10, body.subarray(1)), GOODBYE)
      await within(device.closed, 'closed')
    }
    bystander.send(subscribeBytes(1, DOWN('door-2')))
    expect(await bystander.next()).toEqual(Buffer.of(0x90, 3, 0, 1, 0))
    expect(hub.edge.messages).toEqual([])
  })
})
