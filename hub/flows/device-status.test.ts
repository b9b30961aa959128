import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Breakable, identity, NOON, Stage, until } from '../test/stage.ts'
import { DeviceClocks } from './clocks.ts'
import { DeviceStatus } from './device-status.ts'

const DOOR = identity('door-1', 'door')
let stage: Stage
let journal: Breakable
let clocks: DeviceClocks
let status: DeviceStatus
let refused: string[]
let notified: string[]
let unrecorded: number

beforeEach(async () => {
  stage = await Stage.open()
  journal = new Breakable(stage.journal)
  clocks = new DeviceClocks(10_000)
  refused = []
  notified = []
  unrecorded = 0
  status = new DeviceStatus({
    journal,
    clocks,
    zoneOf: device => (device === 'door-1' ? 'ward' : undefined),
    refused: (device, refusal, field) => refused.push(`${device} ${refusal} ${field}`),
    notify: r => notified.push(r.event.kind),
    onUnrecorded: () => unrecorded++,
    now: () => NOON,
  })
})
afterEach(() => stage.close())

const says = (message: object) => status.status(DOOR, Buffer.from(JSON.stringify(message)))

describe('a device comes or goes', () => {
  it('is recorded on a change only, with its zone, however often it is said', async () => {
    status.connected(DOOR)
    await says({ online: true })
    await says({ online: true })
    await says({ online: false })
    status.disconnected(DOOR)
    await says({ online: false })
    expect(stage.events()).toEqual([
      { kind: 'device.online', device: 'door-1', zone: 'ward' },
      { kind: 'device.offline', device: 'door-1', zone: 'ward' },
    ])
    expect(notified).toEqual(['device.online', 'device.offline'])
    expect([...status.online]).toEqual([])
  })

  it('by a status is acknowledged only when its row is on disk, also when the socket told it first', async () => {
    status.connected(DOOR)
    expect(stage.kinds()).toEqual([])
    await says({ online: true })
    expect(stage.kinds()).toEqual(['device.online'])
  })

  it('gets no PUBACK while the journal is down, and its row when it says so again', async () => {
    journal.failing = true
    status.connected(DOOR)
    await expect(says({ online: true })).rejects.toMatchObject({ code: 'journal-unavailable' })
    await until(() => unrecorded === 1)
    expect([...status.online]).toEqual(['door-1']) // it is there all the same
    journal.failing = false
    await says({ online: true })
    expect(stage.kinds()).toEqual(['device.online'])
    journal.failing = true
    await expect(says({ online: false })).rejects.toMatchObject({ code: 'journal-unavailable' })
    journal.failing = false
    await says({ online: false })
    expect(stage.kinds()).toEqual(['device.online', 'device.offline'])
  })

  it('tells its clock when it comes, and takes it along when it goes', async () => {
    await says({ online: true, at: new Date(NOON - 60_000).toISOString() })
    expect(clocks.compare('door-1', NOON - 60_000, NOON).stale).toBe(false)
    expect(clocks.compare('door-1', NOON - 60_000, NOON + 31_000).stale).toBe(true)
    status.disconnected(DOOR)
    expect(clocks.compare('door-1', NOON - 60_000, NOON).stale).toBe(true)
  })

  it('is refused, and acknowledged, when it is not a status', async () => {
    await says({ online: 'yes' })
    await says({ online: true, at: '2026-02-30T00:00:00Z' })
    await says({ online: true, secret: 'x' })
    await status.status(DOOR, Buffer.from([0xff]))
    expect(refused).toEqual(['door-1 shape /online', 'door-1 shape /at', 'door-1 shape ', 'door-1 encoding '])
    expect(stage.rows()).toEqual([])
  })
})
