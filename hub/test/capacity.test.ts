/** A hub whose disk, or quota, fills up while badges are badging: each class fails as declared, and nothing has to be repaired. */
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionMessage } from '#devices/messages.ts'
import type { HubState } from '../api.ts'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'

const SOON_MS = 30_000
const MB = 1024 * 1024

interface Disk {
  readonly settings: Record<string, string>
  mount(dir: string): void
  unmount(dir: string): void
  fill(dir: string): void
}
const filler = (dir: string): string => join(dir, 'fill')

const smallDisk: Disk = {
  settings: { VIGIE_DISK_RESERVE_MB: '4' },
  mount: dir => void execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=700', 'tmpfs', dir]),
  unmount: dir => void execFileSync('umount', [dir]),
  fill: dir => {
    const fd = openSync(filler(dir), 'w')
    try {
      for (;;) writeSync(fd, Buffer.alloc(4_096, 1))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    } finally {
      closeSync(fd)
    }
  },
}
const smallQuota: Disk = {
  settings: { VIGIE_DISK_QUOTA_MB: '24' },
  mount: () => undefined,
  unmount: () => undefined,
  fill: dir => writeFileSync(filler(dir), Buffer.alloc(24 * MB)),
}

const root = process.getuid?.() === 0
const noMount = !root && process.env.VIGIE_TEST_REQUIRE !== 'all'

describe.skipIf(noMount)('a disk that is full (needs root: a small tmpfs)', () => fullness(smallDisk))
describe('a quota that is used up', () => fullness(smallQuota))

/** As a device does it: where the hub hangs up instead of acknowledging, it comes back and sends the same again. */
async function present(hub: TestHub, device: TestDevice, point: string): Promise<DecisionMessage> {
  const seq = device.nextSeq()
  const id = `${device.id}-${seq}`
  const message = { id, at: new Date().toISOString(), seq, point, credential: { kind: 'uid', uid: NURSE } }
  const send = async (): Promise<boolean> => {
    if (!device.client.connected) await device.connect(hub)
    const { client } = device
    return new Promise(resolve => {
      const closed = (): void => resolve(false)
      client.once('close', closed)
      client.publish(device.topic('up/badge'), JSON.stringify(message), { qos: 1 }, error => {
        client.off('close', closed)
        resolve(!error)
      })
    })
  }
  await until(`${id} is acknowledged`, () => send().catch(() => false), SOON_MS)
  return until(`a decision on ${id}`, () => device.decisions.find(d => d.request === id))
}

function fullness(disk: Disk): void {
  const hub = new TestHub(disk.settings)
  const door = new TestDevice('door-1', 'test-site')
  const cabinet = new TestDevice('cab-1', 'test-site')
  const opened: string[] = []
  const storage = async () => (await hub.get<HubState>('/api/v1/health')).storage
  const openDoor = async (): Promise<boolean> => {
    const decision = await present(hub, door, 'door')
    if (decision.granted) opened.push(decision.request)
    return decision.granted
  }

  beforeAll(async () => {
    disk.mount(hub.dir)
    await hub.start()
    await hub.setUp()
    const site = smallSite()
    await hub.apply({
      ...site,
      evacuationPlans: [{ id: 'fire', name: 'Feu', zones: ['ward', 'hall'], release: ['door-1'], muster: [] }],
    })
    for (const { id, model } of site.devices) await hub.addDevice(id, model)
    await door.connect(hub)
    await cabinet.connect(hub)
  }, 60_000)
  afterAll(async () => {
    await door.close()
    await cabinet.close()
    await hub.end()
    for (const name of readdirSync(hub.dir)) rmSync(join(hub.dir, name), { recursive: true })
    disk.unmount(hub.dir)
    await hub.close()
  })

  it('is shown in health before it is, and opens as ever', async () => {
    expect(await until('the first look', storage)).toMatchObject({ state: 'ok' })
    expect((await present(hub, cabinet, 'drawer-2')).granted).toBe(true)
    expect(await openDoor()).toBe(true)
  })

  it('refuses controlled drugs with the reason, and opens doors', async () => {
    disk.fill(hub.dir)
    const refused = await until(
      'a refusal',
      async () => {
        const decision = await present(hub, cabinet, 'drawer-2')
        return !decision.granted && decision
      },
      SOON_MS,
    )
    expect(refused.reason).toBe('audit-unavailable')
    await until('it is known to be full', async () => (await storage())?.state === 'full', SOON_MS)
    for (let i = 0; i < 20; i++) expect(await openDoor()).toBe(true)
    expect(await present(hub, cabinet, 'drawer-2')).toMatchObject({ granted: false, reason: 'audit-unavailable' })
  }, 60_000)

  it('lets people out: an evacuation releases its doors', async () => {
    const unlocks = (): number => door.commands.filter(c => c.action === 'unlock').length
    const before = unlocks()
    expect((await hub.fetch('/api/v1/evacuations/fire', { method: 'POST', body: '{}' })).status).toBe(201)
    await until('the door is released', () => unlocks() > before)
    expect((await hub.fetch('/api/v1/evacuations/fire', { method: 'DELETE' })).status).toBe(200)
  })

  it('with room again takes up where it was, by itself: every opening is in the journal once, and the chain verifies', async () => {
    rmSync(filler(hub.dir))
    await until('room again', async () => (await storage())?.state === 'ok', SOON_MS)
    await until('drugs open again', async () => (await present(hub, cabinet, 'drawer-2')).granted, SOON_MS)
    const requests = await until(
      'all of it is in the journal',
      async () => {
        const rows = await hub.journal(100_000)
        const granted = rows.filter(r => r.event.kind === 'access.granted' && r.event.accessPoint === 'door-1')
        const seen = granted.map(r => (r.event as { message?: string; request?: string }).message)
        return (
          opened.every(id => seen.includes(id)) && {
            seen,
            kinds: rows.sort((a, b) => a.at - b.at).map(r => r.event.kind),
          }
        )
      },
      SOON_MS,
    )
    expect(requests.seen.filter(id => id !== undefined && opened.includes(id)).sort()).toEqual([...opened].sort())
    const stages = requests.kinds.filter(k => k.startsWith('storage.'))
    expect(stages).toEqual(['storage.full', 'storage.recovered'])
    expect(requests.kinds).toContain('audit.unavailable')
    expect(await hub.vigie('journal', 'verify')).toContain('complete and untouched')
    expect(await hub.vigie('storage')).toMatch(/ of \d+ MB used/)
  }, 120_000)
}
