/** The real hub while another program holds its database: what lets people out, or closes, goes on, and so does the hub. */
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BadgeLostDone, EvacuationStarted, LiveEvent, LockdownStarted, SituationsView } from '../api.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import type { Db } from '../record/sql.ts'
import { ADMIN, NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import { Seat } from './seat.ts'

const OTHER = '04A2B3C4D5E6F8'
const hub = new TestHub()
const door = new TestDevice('door-1', 'test-site')
const cabinet = new TestDevice('cab-1', 'test-site')
const lines: LiveEvent[] = []
let page: Socket
let holder: Db | undefined

const site = () => {
  const base = smallSite()
  return {
    ...base,
    badges: [...base.badges, { uid: OTHER, person: 'c-marchand', status: 'active' as const }],
    lockdownPlans: [{ id: 'hall', name: 'Hall', zones: ['hall'], rank: 1, allow: [], revertAfterMinutes: 60 }],
    evacuationPlans: [{ id: 'fire', name: 'Feu', zones: ['ward', 'hall'], release: ['door-1'], muster: [] }],
  }
}

function hold(): void {
  holder = openDatabase(openFolder(hub.dir, ''))
  holder.exec('begin exclusive')
}
function letGo(): void {
  holder?.exec('rollback')
  holder?.close()
  holder = undefined
}
async function watch(): Promise<void> {
  page?.disconnect()
  lines.length = 0
  page = io(hub.origin, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { origin: hub.origin, cookie: hub.cookie },
  })
  page.on('frame', (frame: { events: LiveEvent[] }) => lines.push(...frame.events))
  const greeted = await new Promise<{ missed: LiveEvent[] }>(resolve => page.once('hello', resolve))
  lines.push(...greeted.missed)
}
const post = async <T>(path: string, method = 'POST'): Promise<{ status: number; body: T }> => {
  const answer = await hub.fetch(`/api/v1${path}`, { method, body: '{}' })
  return { status: answer.status, body: (await answer.json()) as T }
}
const line = (kind: LiveEvent['kind']): Promise<LiveEvent> => until(kind, () => lines.find(l => l.kind === kind))
const connect = async (): Promise<void> => {
  for (const device of [door, cabinet]) await device.connect(hub)
}

beforeAll(async () => {
  await hub.start()
  await hub.setUp()
  await hub.apply(site())
  for (const { id, model } of site().devices) await hub.addDevice(id, model)
  await connect()
  await watch()
  hold()
}, 60_000)
afterAll(async () => {
  page?.disconnect()
  letGo()
  for (const device of [door, cabinet]) await device.close()
  await hub.close()
})

describe('while the journal cannot be written', () => {
  it('an alarm is on the live page at once, marked as not recorded', async () => {
    expect(await cabinet.badge(NURSE, 'drawer-2')).toMatchObject({ granted: false, reason: 'audit-unavailable' })
    expect(await line('audit.unavailable')).toMatchObject({ unrecorded: true, accessPoint: 'cab-1-d2' })
  })

  it('a badge that is reported lost opens nothing from then on, and the answer says that it is not stored', async () => {
    expect((await door.badge(OTHER, 'door')).granted).toBe(true)
    const lost = await post<BadgeLostDone>(`/badges/${OTHER}/lost`)
    expect(lost).toMatchObject({ status: 200, body: { person: 'c-marchand' } })
    expect([lost.body.revision, lost.body.recorded === 'spool' || lost.body.recorded === 'pending']).toEqual([
      undefined,
      true,
    ])
    expect(await door.badge(OTHER, 'door')).toMatchObject({ granted: false, reason: 'badge-lost' })
  })

  it('a lockdown begins; ending it waits for the disk', async () => {
    const begun = await post<LockdownStarted>('/lockdowns/hall')
    expect([begun.status, begun.body.plan, begun.body.revision]).toEqual([201, 'hall', undefined])
    expect(await door.badge(NURSE, 'door')).toMatchObject({ granted: false, reason: 'lockdown' })
    expect(await post('/lockdowns/hall', 'DELETE')).toMatchObject({
      status: 503,
      body: { code: 'journal-unavailable' },
    })
    expect(await line('lockdown.started')).toMatchObject({ unrecorded: true, plan: 'hall' })
  })

  it('an operator signs in with both factors', async () => {
    const { login } = ADMIN
    const again = new Seat(ADMIN, hub.origin)
    again.recoveryCodes = hub.admin.recoveryCodes.splice(0, 2)
    const { cookie } = await again.signIn()
    const session = await fetch(`${hub.origin}/api/v1/session`, { headers: { cookie } })
    expect(await session.json()).toMatchObject({ operator: { login } })
    const out = await fetch(`${hub.origin}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie, origin: hub.origin },
    })
    expect(out.status).toBe(204)
    const after = await fetch(`${hub.origin}/api/v1/session`, { headers: { cookie } })
    expect(await after.json()).not.toHaveProperty('operator')
  })

  it('an evacuation releases doors and ends; one that was begun so begins again', async () => {
    const unlocks = (): number => door.commands.filter(c => c.action === 'unlock').length
    const before = unlocks()
    expect((await post<EvacuationStarted>('/evacuations/fire')).status).toBe(201)
    await until('the door is released', () => unlocks() > before)
    const ended = await post('/evacuations/fire', 'DELETE')
    expect(ended).toMatchObject({ status: 200, body: { plan: 'fire' } })
    expect((await hub.get<SituationsView>('/api/v1/situations')).evacuations).toEqual([])
    expect((await post('/evacuations/fire')).status).toBe(201)
  })

  it('the command line lets people out through the hub, and says that the row waits; what waits for the disk is refused', async () => {
    expect(await hub.vigie('evacuation', 'end', 'fire')).toContain('The disk does not take its row yet')
    const begun = await hub.vigie('evacuation', 'start', 'fire')
    expect(begun).toMatch(/Evacuation Feu is in force\. In force after \d+ ms\. The disk does not take its row yet/)
    const lift = await hub.vigieFails('lockdown', 'end', 'hall')
    expect(lift).toEqual({ code: 1, stderr: expect.stringContaining('The journal cannot be written: ') })
    expect(await hub.vigie('lockdown', 'list')).toContain('Hall')
  }, 60_000)

  it('a hub that is killed starts again where it was: nothing that was closed opens, nothing that was open opens by itself', async () => {
    await hub.end('SIGKILL')
    await hub.start()
    await connect()
    expect(await door.badge(OTHER, 'door')).toMatchObject({ granted: false, reason: 'badge-lost' })
    expect(await door.badge(NURSE, 'door')).toMatchObject({ granted: false, reason: 'lockdown' })
    expect(await cabinet.badge(NURSE, 'drawer-2')).toMatchObject({ granted: false, reason: 'audit-unavailable' })
    const { lockdowns, evacuations } = await hub.get<SituationsView>('/api/v1/situations')
    expect([lockdowns, evacuations]).toMatchObject([[{ plan: 'hall' }], [{ plan: 'fire', releasing: false }]])
    const health = await hub.get<{ journal: { writable: boolean } }>('/api/v1/health')
    expect(health.journal.writable).toBe(false)
  }, 30_000)

  it('a page that comes then is told what is not recorded', async () => {
    await watch()
    expect(lines.filter(l => l.unrecorded).map(l => l.kind)).toContain('hub.started')
    expect(lines.filter(l => l.kind === 'audit.unavailable' && l.unrecorded)).toHaveLength(1)
  })

  it('all of it is in the journal once it can be written, each once, and the page hears each once', async () => {
    const told = lines.filter(l => l.unrecorded)
    letGo()
    const wanted = ['hub.started', 'evacuation.paused', 'audit.unavailable', 'lockdown.started', 'badge.lost']
    const rows = await until('the rows of the spool', async () => {
      const found = await hub.journal()
      return wanted.every(kind => found.some(r => r.event.kind === kind && r.at > 0)) && found
    })
    const keys = rows.map(r => `${r.at} ${JSON.stringify(r.event)}`)
    expect(new Set(keys).size).toBe(keys.length)
    for (const kind of ['lockdown.started', 'badge.lost', 'evacuation.paused'])
      expect(rows.filter(r => r.event.kind === kind)).toHaveLength(1)
    expect(rows.filter(r => r.event.kind === 'evacuation.started')).toHaveLength(3)
    await until('every line below zero is replaced', () =>
      told.every(t => lines.filter(l => l.replaces === t.seq).length === 1),
    )
    expect((await hub.vigie('journal', 'verify')).length).toBeGreaterThan(0)
    const exported = JSON.parse(await hub.vigie('site', 'export')) as { badges: { uid: string; status: string }[] }
    expect(exported.badges.find(b => b.uid === OTHER)).toMatchObject({ status: 'lost' })
    expect(exported.badges.find(b => b.uid === VISITOR)).toMatchObject({ status: 'active' })
  }, 30_000)

  it('acts go on from what stands in the journal', async () => {
    expect(await post('/lockdowns/hall', 'DELETE')).toMatchObject({ status: 200, body: { recorded: 'journal' } })
    expect(await post('/evacuations/fire/resume')).toMatchObject({ status: 200, body: { recorded: 'journal' } })
    expect(await post('/evacuations/fire', 'DELETE')).toMatchObject({ status: 200, body: { recorded: 'journal' } })
    expect(await door.badge(NURSE, 'door')).toMatchObject({ granted: true })
    expect(await door.badge(OTHER, 'door')).toMatchObject({ granted: false, reason: 'badge-lost' })
  })
})
