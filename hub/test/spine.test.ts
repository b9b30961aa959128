/** The one central story, through the real edges: a badge opens a medicine cabinet. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

const hub = new TestHub()
const cabinet = new TestDevice('cab-1', 'test-site')
const door = new TestDevice('door-1', 'test-site')

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await cabinet.connect(hub)
  await door.connect(hub)
})
afterAll(async () => {
  await cabinet.close()
  await door.close()
  await hub.close()
})

const kinds = async (): Promise<string[]> => (await hub.journal()).map(r => r.event.kind)

describe('a badge at a medicine cabinet', () => {
  it('is granted, unlocks one drawer by one command with an expiry, and each step is an event of its own', async () => {
    const decision = await cabinet.badge(NURSE)
    expect(decision).toMatchObject({ granted: true, reason: 'granted', unlockMs: 5000 })
    const command = await until('the unlock command', () => cabinet.commands.at(-1))
    expect(command).toMatchObject({ action: 'unlock', point: 'drawer-1', unlockMs: 5000 })
    expect(Date.parse(command.expiresAt) - Date.now()).toBeLessThanOrEqual(5_000)
    await cabinet.send('ack', { command: command.id, outcome: 'done' })
    await cabinet.send('state', { point: 'drawer-1', contact: 'closed', lock: 'unlocked' })
    await cabinet.send('state', { point: 'drawer-1', contact: 'open' })
    await cabinet.send('state', { point: 'drawer-1', contact: 'closed', lock: 'locked' })
    const told = (await kinds()).filter(k => /^(access|lock|point)\./.test(k))
    expect(told).toEqual([
      'access.granted',
      'lock.unlocked',
      'point.released',
      'point.opened',
      'point.closed',
      'point.locked',
    ])
    expect(cabinet.commands).toHaveLength(1)
  })

  it('of someone without a right is refused with the reason, and nothing is unlocked', async () => {
    const before = cabinet.commands.length
    expect(await cabinet.badge(VISITOR)).toMatchObject({ granted: false, reason: 'no-right' })
    expect(await cabinet.badge('0400000000')).toMatchObject({ granted: false, reason: 'badge-unknown' })
    expect(cabinet.commands).toHaveLength(before)
  })

  it('keeps names and badge numbers out of the journal', async () => {
    const text = JSON.stringify(await hub.journal())
    expect(text).toContain('access.denied')
    for (const secret of ['Marchand', 'Ferrand', NURSE, VISITOR]) expect(text).not.toContain(secret)
  })

  it('sent twice with the same id or an old seq moves nothing', async () => {
    const granted = await cabinet.badge(NURSE)
    await until('its command', () => cabinet.commands.length >= 2)
    const body = { at: new Date().toISOString(), point: 'drawer-1', credential: { kind: 'uid', uid: NURSE } }
    const publish = (m: object) =>
      cabinet.client.publishAsync(cabinet.topic('up/badge'), JSON.stringify({ ...body, ...m }), { qos: 1 })
    await publish({ id: granted.request, seq: cabinet.nextSeq() })
    await publish({ id: 'a-new-id', seq: 1 })
    const late = await until('the refusal', () => cabinet.decisions.find(d => d.request === 'a-new-id'))
    expect(late).toMatchObject({ granted: false, reason: 'stale-message' })
    expect(cabinet.commands).toHaveLength(2)
    expect(cabinet.decisions.filter(d => d.request === granted.request)).toHaveLength(1)
  })

  it('keeps the device clock beside the hub’s and flags it when it is an hour off, while deciding on hub time', async () => {
    const at = new Date(Date.now() - 3_600_000).toISOString()
    expect(await cabinet.badge(NURSE, 'drawer-1', { at })).toMatchObject({ granted: true })
    const row = (await hub.journal()).findLast(r => r.event.kind === 'access.granted')
    expect(row?.event).toMatchObject({ deviceAt: Date.parse(at), skewMs: expect.closeTo(3_600_000, -4) })
  })
})

describe('a change of rights', () => {
  it('reaches the next badge without a restart', async () => {
    const site = smallSite()
    const suspended = {
      ...site,
      badges: site.badges.map(b => (b.uid === NURSE ? { ...b, status: 'suspended' as const } : b)),
    }
    await hub.apply(suspended)
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: false, reason: 'badge-suspended' })
    await hub.apply(site)
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
  })

  it('that is broken changes nothing and names line and field', async () => {
    const { writeFileSync } = await import('node:fs')
    const file = `${hub.dir}/broken.json`
    const text = JSON.stringify(
      {
        ...smallSite(),
        roles: [{ id: 'nurse', name: 'Infirmière', rights: [{ zone: 'nowhere', schedule: 'always' }] }],
      },
      null,
      2,
    )
    writeFileSync(file, text)
    const failed = await hub.vigieFails('apply', file)
    const line = text.split('\n').findIndex(l => l.includes('nowhere')) + 1
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(`broken.json:${line}`) })
    expect(failed.stderr).toContain('/roles/0/rights/0/zone')
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
  })
})

describe('a door', () => {
  it('opened without a grant or a request to exit is forced', async () => {
    await door.send('state', { point: 'door', contact: 'closed', lock: 'locked' })
    await door.send('state', { point: 'door', contact: 'open' })
    expect(await kinds()).toContain('point.forced')
  })

  it('opened after a request to exit is not', async () => {
    await door.send('state', { point: 'door', contact: 'closed' })
    await door.send('state', { point: 'door', request: true })
    await door.send('state', { point: 'door', contact: 'open' })
    const told = (await kinds()).filter(k => /^(point|exit)\./.test(k))
    expect(told.slice(-3)).toEqual(['point.closed', 'exit.requested', 'point.opened'])
  })
})

describe('revoking a device', () => {
  it('cuts its live session in under 2 s, refuses its certificate, and leaves the others on', async () => {
    const cut = new Promise<void>(resolve => void door.client.once('close', () => resolve()))
    const told = await hub.vigieJson<{ status: string; tookMs: number; hub: { cut: number } }>(
      'device',
      'revoke',
      'door-1',
    )
    await cut
    expect(told).toMatchObject({ status: 'revoked', hub: { cut: 1 } })
    expect(told.tookMs).toBeLessThan(2_000)
    await expect(door.connect(hub)).rejects.toThrow()
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
  })
})

describe('stopping and starting again', () => {
  it('ends cleanly on SIGTERM, keeps everything, and still knows what was sent before', async () => {
    const last = cabinet.decisions.at(-1)
    const rows = (await hub.journal(10_000)).at(-1)?.seq ?? 0
    expect(await hub.end('SIGTERM')).toBe(0)
    await hub.start()
    await cabinet.connect(hub)
    const before = cabinet.commands.length
    const again = {
      id: last?.request,
      at: new Date().toISOString(),
      seq: 100_000,
      point: 'drawer-1',
      credential: { kind: 'uid', uid: NURSE },
    }
    await cabinet.client.publishAsync(cabinet.topic('up/badge'), JSON.stringify(again), { qos: 1 })
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
    expect(cabinet.commands.length).toBe(before + 1)
    expect(await hub.vigieJson('journal', 'verify')).toMatchObject({ ok: true })
    expect((await hub.journal(10_000)).at(-1)?.seq).toBeGreaterThan(rows)
  })

  it('refuses a second hub on the same data folder', async () => {
    const second = new TestHub({ VIGIE_DATA_DIR: hub.dir })
    await expect(second.start()).rejects.toThrow(/data-in-use/)
    await second.close()
  })
})
