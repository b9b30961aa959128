/** PUBACK means stored: the hub is killed in the middle of the rush, and nothing acknowledged is missing or double. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Recorded } from '../events.ts'
import { NURSE, smallSite, TestDevice, TestHub } from './harness.ts'

const ROUNDS = 3
const hub = new TestHub({ VIGIE_DEVICE_RATE: '10000', VIGIE_DEVICE_BURST: '10000' })
const cabinet = new TestDevice('cab-1', 'test-site')
const lux = new TestDevice('lux-1', 'test-site')
const acknowledged = new Set<string>()
/** Sent, no PUBACK seen: a device keeps these and sends them again, unchanged. */
let unsure: { device: TestDevice; kind: string; message: { id: string } }[] = []

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
})
afterAll(async () => {
  await Promise.all([cabinet.close(), lux.close()])
  await hub.close()
})

async function publish(device: TestDevice, kind: string, message: { id: string }): Promise<void> {
  const entry = { device, kind, message }
  unsure.push(entry)
  await device.client.publishAsync(device.topic(`up/${kind}`), JSON.stringify(message), { qos: 1 })
  acknowledged.add(`${device.id} ${message.id}`)
  unsure = unsure.filter(u => u !== entry)
}

function sendOne(device: TestDevice, i: number): Promise<void> {
  const seq = device.nextSeq()
  const envelope = { id: `m-${seq}`, at: new Date().toISOString(), seq }
  if (device === cabinet)
    return publish(device, 'badge', { ...envelope, point: 'drawer-1', credential: { kind: 'uid', uid: NURSE } } as {
      id: string
    })
  return publish(device, 'reading', { ...envelope, readings: [{ quantity: 'illuminance', value: i, unit: 'lx' }] } as {
    id: string
  })
}

/** Sends until the hub has been killed; what was on its way stays unsure. */
async function rush(killAfter: number): Promise<void> {
  const sends: Promise<void>[] = []
  for (let i = 0; i < 400; i++) {
    sends.push(
      sendOne(cabinet, i).catch(() => undefined),
      sendOne(lux, i).catch(() => undefined),
    )
    if (i === killAfter) void hub.end('SIGKILL')
    if (i % 20 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await hub.end('SIGKILL')
  for (const device of [cabinet, lux]) await device.close()
  await Promise.race([Promise.all(sends), new Promise(resolve => setImmediate(resolve))])
}

function idsIn(rows: readonly Recorded[]): string[] {
  return rows.flatMap(({ event }) => {
    if (event.kind === 'readings') return event.messages.map(m => `${m.device} ${m.message}`)
    return event.kind === 'access.granted' || event.kind === 'access.denied' ? [`${event.device} ${event.message}`] : []
  })
}

describe('kill -9 in the middle of a rush', () => {
  it.each(Array.from({ length: ROUNDS }, (_, i) => i))(
    'round %i: every acknowledged message is in the journal exactly once and the chain verifies',
    async round => {
      await cabinet.connect(hub)
      await lux.connect(hub)
      await rush(40 + round * 110)
      await hub.start()
      await cabinet.connect(hub)
      await lux.connect(hub)
      const again = unsure
      unsure = []
      for (const u of again) await publish(u.device, u.kind, u.message)
      for (const device of [cabinet, lux]) await device.close()

      const ids = idsIn(await hub.journal(100_000))
      const counts = new Map<string, number>()
      for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
      expect(acknowledged.size).toBeGreaterThan(40)
      expect([...acknowledged].filter(id => counts.get(id) !== 1)).toEqual([])
      expect([...counts].filter(([, n]) => n > 1)).toEqual([])
      expect(await hub.vigieJson('journal', 'verify')).toMatchObject({ ok: true })
    },
  )
})
