import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Badge } from '#devices/messages.ts'
import { compile } from '../access/compile.ts'
import { CLASSES, type PointClass, type Site } from '../access/site.ts'
import type { AccessGranted } from '../events.ts'
import { verify } from '../record/chain-verify.ts'
import { Spool } from '../record/spool.ts'
import { pseudonymsOf, smallSite } from '../test/small-site.ts'
import { Breakable, Link, NOON, Stage, until } from '../test/stage.ts'
import { BadgePresented } from './badge-presented.ts'
import type { Incoming } from './message-received.ts'
import { Standing } from './standing.ts'
import { Unlocks } from './unlocks.ts'

const ANNA = '04AA0001'
const EXPIRY_MS = 5_000
const NAMES = Object.keys(CLASSES) as PointClass[]

/** The small site, and one door of each class that anna may open at any hour; the crash cart's lock hangs elsewhere. */
function siteOfClasses(): Site {
  const site = smallSite()
  const devices = NAMES.map(c => ({ id: `at-${c}`, model: 'door', name: c, zone: 'ward' }))
  const points = NAMES.map(c => ({
    id: c,
    name: c,
    zone: 'ward',
    class: c,
    device: `at-${c}`,
    point: 'door',
    ...(c === 'crash-cart' ? { lock: { device: 'door-2', point: 'door' } } : {}),
  }))
  const roles = [...site.roles, { id: 'all', name: 'All', rights: [{ zone: 'ward', schedule: 'always' }] }]
  const people = site.people.map(p => (p.id === 'anna' ? { ...p, roles: [...p.roles, 'all'] } : p))
  return {
    ...site,
    roles,
    people,
    devices: [...site.devices, ...devices],
    accessPoints: [...site.accessPoints.filter(a => a.id !== 'garden-door'), ...points],
  }
}

function badge(device: string, point: string, over: Partial<Incoming<Badge>> & { uid?: string; seq?: number } = {}) {
  const { uid = ANNA, seq = 1, ...rest } = over
  const id = `m${seq}`
  return {
    message: { id, at: new Date(NOON).toISOString(), seq, point, credential: { kind: 'uid', uid } },
    origin: { device, message: id, deviceSeq: seq, deviceAt: NOON },
    at: NOON,
    stale: false,
    ...rest,
  } satisfies Incoming<Badge>
}

/** Nothing is going on, and nobody enters a PIN. */
const plain = {
  get situations() {
    return new Standing()
  },
  pinCheck: () => Promise.reject(new Error('nobody entered a PIN')),
  reportsContact: () => true,
  onFailure: (error: unknown) => {
    throw error
  },
}

let now = NOON
function flowOn(stage: Stage, spoolDir = stage.folder.dir) {
  const link = new Link(() => stage.kinds())
  const journal = new Breakable(stage.journal)
  const unlocks = new Unlocks(() => undefined)
  const notified: string[] = []
  const troubles: string[] = []
  const spool = new Spool({
    dir: spoolDir,
    key: stage.folder.key,
    journal: stage.journal,
    onDrained: rows => notified.push(...rows.map(r => r.event.kind)),
    onTrouble: cause => troubles.push(cause),
  })
  const site = siteOfClasses()
  const snapshot = compile(site, 7, pseudonymsOf(site))
  let ids = 0
  const flow = new BadgePresented({
    rights: () => snapshot,
    ...plain,
    journal,
    spool: rows => spool.add(rows),
    link,
    unlocks,
    notify: r => notified.push(r.event.kind),
    newId: () => `id-${++ids}`,
    expiryMs: EXPIRY_MS,
    now: () => now,
  })
  const stop = async (): Promise<void> => {
    unlocks.stop()
    await spool.stop()
  }
  return { flow, link, journal, unlocks, notified, spool, stop }
}

describe('a badge is presented', () => {
  let stage: Stage
  let on: ReturnType<typeof flowOn>
  beforeEach(async () => {
    now = NOON
    stage = await Stage.open()
    on = flowOn(stage)
  })
  afterEach(async () => {
    await on.stop()
    await stage.close()
  })

  it('opens only after the row can be read through another connection: one decision, one command', async () => {
    await on.flow.handle(badge('at-medicines', 'door'))
    expect(on.link.sent.map(s => [s.kind, s.device, s.durable])).toEqual([
      ['decision', 'at-medicines', ['access.granted']],
      ['command', 'at-medicines', ['access.granted']],
    ])
    const [decision] = on.link.decisions
    const [command] = on.link.commands
    expect(decision).toMatchObject({ request: 'm1', granted: true, reason: 'granted', unlockMs: 5_000 })
    expect(command).toMatchObject({ action: 'unlock', point: 'door', unlockMs: 5_000 })
    expect(command?.id).not.toBe(decision?.id)
    expect(command?.expiresAt).toBe(new Date(NOON + EXPIRY_MS).toISOString())
    expect(decision?.expiresAt).toBe(command?.expiresAt)
    expect(on.notified).toEqual(['access.granted'])
    expect((stage.events()[0] as AccessGranted).command).toBe(command?.id)
  })

  it.each(NAMES)('names the class of what it was about: %s, opened or refused', async of => {
    await on.flow.handle(badge(`at-${of}`, 'door'))
    await on.flow.handle(badge(`at-${of}`, 'door', { uid: 'FFFFFFFF', seq: 2 }))
    expect(stage.events()).toMatchObject([
      { kind: 'access.granted', accessPoint: of, class: of },
      { kind: 'access.denied', reason: 'badge-unknown', accessPoint: of, class: of },
    ])
    const lock = of === 'crash-cart' ? 'door-2' : `at-${of}`
    expect(on.unlocks.openAt(lock, 'door', NOON)).toMatchObject({ accessPoint: of, class: of })
  })

  it('orders the lock where it hangs, not the reader', async () => {
    await on.flow.handle(badge('at-crash-cart', 'door'))
    expect(on.link.sent.map(s => [s.kind, s.device])).toEqual([
      ['decision', 'at-crash-cart'],
      ['command', 'door-2'],
    ])
    expect(on.unlocks.openedBy('door-2', 'door', NOON)).toEqual({ person: 'person-0' })
    expect(on.unlocks.openedBy('at-crash-cart', 'door', NOON)).toBeUndefined()
  })

  it.each([
    ['badge-unknown', 'at-door', 'FFFFFFFF'],
    ['badge-suspended', 'at-door', '04AA0004'],
    ['badge-lost', 'at-door', '04AA0005'],
    ['badge-revoked', 'at-door', '04AA0006'],
    ['no-right', 'at-door', '04AA0003'],
    ['outside-hours', 'cabinet-1', '04AA0001'],
    ['point-unknown', 'nowhere', '04AA0001'],
  ])('refuses with %s: recorded, told to the reader, and nothing moves', async (reason, device, uid) => {
    const night = NOON + 14 * 3_600_000
    const point = device === 'cabinet-1' ? 'drawer-2' : 'door'
    const by = device === 'cabinet-1' ? flowOnSmall(stage) : on
    await by.flow.handle(badge(device, point, { uid, at: reason === 'outside-hours' ? night : NOON }))
    expect(by.link.sent.map(s => [s.kind, s.durable])).toEqual([['decision', ['access.denied']]])
    expect(by.link.decisions[0]).toMatchObject({ granted: false, reason })
    expect(by.link.decisions[0]).not.toHaveProperty('unlockMs')
    expect(stage.events()).toMatchObject([{ kind: 'access.denied', reason, rights: 7, device, point }])
  })

  it('writes pseudonyms: neither the badge number nor a name is in the row', async () => {
    await on.flow.handle(badge('at-door', 'door'))
    await on.flow.handle(badge('at-door', 'door', { uid: '04AA0005', seq: 2 }))
    const text = JSON.stringify(stage.rows())
    expect(text).not.toMatch(/04AA|anna/i)
    expect(text).toMatch(/person-0/)
  })

  it('refuses a stale message that would have been granted, and keeps the reason of one refused anyway', async () => {
    await on.flow.handle(badge('at-door', 'door', { stale: true }))
    await on.flow.handle(badge('at-door', 'door', { stale: true, uid: '04AA0005', seq: 2 }))
    expect(stage.events().map(e => 'reason' in e && e.reason)).toEqual(['stale-message', 'badge-lost'])
    expect(on.link.commands).toEqual([])
  })

  describe('when neither journal nor spool can be written', () => {
    let broken: ReturnType<typeof flowOn>
    beforeEach(() => {
      broken = flowOn(stage, join(stage.folder.dir, 'missing'))
      broken.journal.failing = true
    })
    afterEach(() => broken.stop())

    it.each([
      ['controlled-drugs', 0],
      ['crash-cart', 1],
    ])('answers by the class (%s: %i command) and gives no PUBACK', async (name, commands) => {
      const refused = broken.flow.handle(badge(`at-${name}`, 'door'))
      await expect(refused).rejects.toMatchObject({ code: 'journal-unavailable' })
      expect(broken.link.commands).toHaveLength(commands)
      expect(stage.rows()).toEqual([])
    })

    it.each(NAMES)('records what it answered, and moves nothing, when the same message comes again: %s', async name => {
      const incoming = badge(`at-${name}`, 'door')
      await broken.flow.handle(incoming).catch(() => undefined)
      const before = broken.link.sent.length
      broken.journal.failing = false
      await broken.flow.handle(incoming)
      expect(broken.link.sent).toHaveLength(before)
      const opens = CLASSES[name].failureMode === 'open-with-alarm'
      expect(stage.events()).toMatchObject([
        { kind: opens ? 'access.granted' : 'access.denied' },
        { kind: 'audit.unavailable', outcome: opens ? 'opened' : 'refused' },
      ])
    })
  })

  it('records what was answered, once, when the spool takes it at the second attempt', async () => {
    const folder = join(stage.folder.dir, 'later')
    const later = flowOn(stage, folder)
    later.journal.failing = true
    const incoming = badge('at-crash-cart', 'door')
    await later.flow.handle(incoming).catch(() => undefined)
    const { mkdirSync } = await import('node:fs')
    mkdirSync(folder)
    await later.flow.handle(incoming)
    await until(() => later.spool.waiting === 0)
    expect(stage.events()).toMatchObject([
      { kind: 'access.granted', command: later.link.commands[0]?.id },
      { kind: 'audit.unavailable', outcome: 'opened' },
    ])
    expect(later.link.commands).toHaveLength(1)
    await later.stop()
  })
})

/** The small site as it is, for what its roles refuse. */
function flowOnSmall(stage: Stage) {
  const site = smallSite()
  const snapshot = compile(site, 7, pseudonymsOf(site))
  const link = new Link(() => stage.kinds())
  const flow = new BadgePresented({
    rights: () => snapshot,
    ...plain,
    journal: stage.journal,
    spool: async () => undefined,
    link,
    unlocks: new Unlocks(() => undefined),
    notify: () => undefined,
    newId: () => 'id',
    expiryMs: EXPIRY_MS,
    now: () => NOON,
  })
  return { flow, link }
}

/** Another process holds the database while one badge is held to a point of each class, and lets go of it afterwards. */
describe('failure modes: the journal cannot be written', () => {
  let stage: Stage
  let on: ReturnType<typeof flowOn>
  let during: { kinds: string[]; sent: Link['sent'] }
  const HELD_MS = 4_000

  beforeAll(async () => {
    stage = await Stage.open()
    on = flowOn(stage)
    now = NOON + HELD_MS
    stage.block()
    await Promise.all(NAMES.map((name, i) => on.flow.handle(badge(`at-${name}`, 'door', { seq: i + 1 }))))
    during = { kinds: stage.kinds(), sent: [...on.link.sent] }
    stage.unblock()
    await until(() => on.spool.waiting === 0)
  })
  afterAll(async () => {
    await on.stop()
    await stage.close()
  })

  it('covers every class there is', () => {
    expect(NAMES).toHaveLength(7)
    expect(during.kinds).toEqual([])
  })

  const rowsOf = (name: string) => stage.events().filter(e => 'device' in e && e.device === `at-${name}`)
  const sentFor = (name: string) => {
    const request = `m${NAMES.indexOf(name as PointClass) + 1}`
    const decision = during.sent.find(s => s.kind === 'decision' && s.message.request === request)?.message
    const granted = rowsOf(name).find(e => e.kind === 'access.granted')
    const commands = during.sent.filter(s => s.kind === 'command' && s.message.id === granted?.command)
    return { decision, commands }
  }
  const secure = NAMES.filter(n => CLASSES[n].failureMode === 'secure')
  const open = NAMES.filter(n => CLASSES[n].failureMode === 'open-with-alarm')

  it.each(secure)('%s refuses with audit-unavailable, and the lock hears nothing', name => {
    const { decision, commands } = sentFor(name)
    expect(decision).toMatchObject({ granted: false, reason: 'audit-unavailable' })
    expect(commands).toEqual([])
    expect(rowsOf(name)).toMatchObject([
      { kind: 'access.denied', reason: 'audit-unavailable', person: 'person-0' },
      { kind: 'audit.unavailable', outcome: 'refused', person: 'person-0' },
    ])
  })

  it.each(open)('%s opens; afterwards the grant and the alarm stand in the journal, once each', name => {
    const { decision, commands } = sentFor(name)
    expect(decision).toMatchObject({ granted: true })
    expect(commands).toHaveLength(1)
    expect(rowsOf(name)).toMatchObject([
      { kind: 'access.granted', person: 'person-0' },
      { kind: 'audit.unavailable', outcome: 'opened', person: 'person-0' },
    ])
  })

  it('gives an order that opens all the same its full life, however long finding out took', () => {
    const commands = during.sent.filter(s => s.kind === 'command').map(s => s.message.expiresAt)
    expect(commands).toHaveLength(open.length)
    expect(new Set(commands)).toEqual(new Set([new Date(NOON + HELD_MS + EXPIRY_MS).toISOString()]))
  })

  it('leaves a chain that verifies, of two rows for each class', () => {
    expect(verify(stage.db)).toMatchObject({ ok: true, rows: 2 * NAMES.length })
  })
})
