import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decodeStatus, decodeUp, modelRules } from '#devices/registry.ts'
import { type DeviceEvent, VirtualDevice } from './device.ts'
import type { Fault } from './faults.ts'
import type { Happening } from './models/behaviour.ts'
import { brokerMissing, TestBroker } from './test/broker.ts'
import { FakeHub, type Heard, SITE } from './test/fake-hub.ts'

const CABINET = 'cab-04-a'
const DOOR = 'door-t05'
const MODELS: Readonly<Record<string, string>> = { [CABINET]: 'medicine-cabinet', [DOOR]: 'door' }
const POINTS: Readonly<Record<string, readonly string[]>> = {
  [CABINET]: ['cabinet', 'drawer-1', 'drawer-2'],
  [DOOR]: ['door'],
}
const UID = '04A2B3C4D5E6F7'

describe.skipIf(brokerMissing)('a virtual device on a real broker (needs mosquitto and openssl)', () => {
  let broker: TestBroker
  let hub: FakeHub
  let stateFolder: string
  const devices: VirtualDevice[] = []
  const events: DeviceEvent[] = []

  beforeAll(async () => {
    broker = await TestBroker.start([CABINET, DOOR])
  })
  afterAll(() => broker?.remove())
  beforeEach(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'vigie-state-'))
    hub = await FakeHub.connect(broker)
    events.length = 0
  })
  afterEach(async () => {
    await Promise.all(devices.splice(0).map(d => d.stop()))
    await hub.close()
    await rm(stateFolder, { recursive: true })
  })

  async function make(id: string, faults: readonly Fault[] = [], certificateOf = id): Promise<VirtualDevice> {
    const credentials = await broker.credentials(certificateOf)
    const known = {
      url: broker.url,
      site: SITE,
      stateFolder,
      seed: 1,
      faults,
      onEvent: (e: DeviceEvent) => void events.push(e),
    }
    const device = new VirtualDevice({ id, model: MODELS[id]!, points: POINTS[id]!, credentials, ...known })
    devices.push(device)
    return device
  }
  async function online(id: string, faults: readonly Fault[] = []): Promise<VirtualDevice> {
    const device = await make(id, faults)
    const before = hub.heard.length
    device.start()
    const last = POINTS[id]!.at(-1)
    await hub.until(`${id} reports itself`, () =>
      hub.heard.slice(before).some(h => h.name === 'state' && h.body.point === last),
    )
    return device
  }
  const acks = (command: string): Heard[] => hub.heard.filter(h => h.name === 'ack' && h.body.command === command)
  const states = (field: string, value: unknown): Heard[] =>
    hub.heard.filter(h => h.name === 'state' && h.body[field] === value)
  const happenings = (...kinds: Happening[]): Happening[] => events.map(e => e.what).filter(w => kinds.includes(w))
  /** A command that moves nothing; when its answer is here, everything sent before it has been dealt with. */
  async function settle(device: string, point = 'cabinet'): Promise<void> {
    const { id } = JSON.parse((await hub.command(device, { point })).toString()) as { id: string }
    await hub.hears('the answer to identify', h => h.body.command === id)
  }

  it('badges, is told to unlock, and says in order: acknowledged, unlocked, opened, closed, locked', async () => {
    hub.answer = () => ({ granted: true, unlockMs: 900 })
    const cabinet = await online(CABINET)
    cabinet.perform({ kind: 'badge', point: 'drawer-1', uid: UID, hand: { afterMs: 50, dwellMs: 100 } })
    await hub.until('locked again', () => states('lock', 'locked').length > POINTS[CABINET]!.length)

    const told = hub.heard.slice(hub.heard.findIndex(h => h.name === 'badge')).map(h => h.body)
    expect(told.map(b => b.outcome ?? b.lock ?? b.contact ?? b.credential)).toEqual([
      { kind: 'uid', uid: UID },
      'done',
      'unlocked',
      'open',
      'closed',
      'locked',
    ])
    expect(told[1]!.command).toBe(`u-${told[0]!.id}`)
    expect(happenings('badge', 'granted', 'unlocked', 'opened', 'closed', 'locked')).toEqual([
      'badge',
      'granted',
      'unlocked',
      'opened',
      'closed',
      'locked',
    ])
    for (const { name, bytes } of hub.heard) {
      const decoded = name === 'status' ? decodeStatus(bytes) : decodeUp(modelRules('medicine-cabinet')!, name, bytes)
      expect(decoded, `${name} ${bytes}`).toMatchObject({ ok: true })
    }
  })

  it('moves nothing on a granted decision alone: only the command draws the bolt', async () => {
    hub.answer = () => ({ granted: true, unlockMs: 900, withoutCommand: true })
    const cabinet = await online(CABINET)
    cabinet.perform({ kind: 'badge', point: 'drawer-1', uid: UID, hand: { afterMs: 0, dwellMs: 50 } })
    await hub.hears('the badge', h => h.name === 'badge')
    await settle(CABINET)
    expect(states('lock', 'unlocked')).toEqual([])
    expect(happenings('granted', 'unlocked', 'opened')).toEqual(['granted'])
  })

  it('a refused badge opens nothing and shows the reason', async () => {
    hub.answer = () => ({ granted: false, unlockMs: 0 })
    const cabinet = await online(CABINET)
    cabinet.perform({ kind: 'badge', point: 'drawer-1', uid: UID, hand: { afterMs: 0, dwellMs: 50 } })
    await expect.poll(() => events.find(e => e.what === 'denied')?.detail, { timeout: 15_000 }).toBe('no-right')
    await settle(CABINET)
    expect(states('lock', 'unlocked')).toEqual([])
  })

  it('asked for a PIN the holder enters it and badges again; awaited, a colleague badges; the lock moves once', async () => {
    const reasons = ['pin-required', 'witness-awaited']
    hub.answer = () => {
      const reason = reasons.shift()
      return reason ? { granted: false, unlockMs: 0, reason, waitMs: 60_000 } : { granted: true, unlockMs: 900 }
    }
    const cabinet = await online(CABINET)
    const offer = { pin: '428191', witness: '04BBBBBB' }
    cabinet.perform({ kind: 'badge', point: 'drawer-2', uid: UID, hand: { afterMs: 50, dwellMs: 100 }, offer })
    await hub.hears('the drawer opens', h => h.body.contact === 'open')
    const badges = hub.heard.filter(h => h.name === 'badge').map(h => h.body)
    expect(badges.map(b => [b.credential, b.pin])).toEqual([
      [{ kind: 'uid', uid: UID }, undefined],
      [{ kind: 'uid', uid: UID }, '428191'],
      [{ kind: 'uid', uid: '04BBBBBB' }, undefined],
    ])
    expect(states('lock', 'unlocked')).toHaveLength(1)
    for (const { bytes } of hub.heard.filter(h => h.name === 'badge'))
      expect(decodeUp(modelRules('medicine-cabinet')!, 'badge', bytes)).toMatchObject({ ok: true })
    expect(events.find(e => e.detail === 'witness-awaited')?.answer?.waitMs).toBe(60_000)
  })

  it('sends what was entered with a badge, the emergency button too, in the shape of the protocol', async () => {
    const cabinet = await online(CABINET)
    const entered = {
      pin: '428191',
      reason: 'Choc',
      reference: { kind: 'patient', id: 'p-7' },
      breakGlass: true,
    } as const
    cabinet.perform({ kind: 'badge', point: 'drawer-1', uid: UID, ...entered, offer: { witness: '04BBBBBB' } })
    const { body, bytes } = await hub.hears('the badge', h => h.name === 'badge')
    expect(body).toMatchObject(entered)
    expect(bytes.toString()).not.toContain('04BBBBBB')
    expect(decodeUp(modelRules('medicine-cabinet')!, 'badge', bytes)).toMatchObject({ ok: true })
  })

  it('called back by a lock command, a released lock falls at once, and nobody opens it any more', async () => {
    const cabinet = await online(CABINET)
    cabinet.perform({ kind: 'badge', point: 'drawer-1', uid: UID, hand: { afterMs: 500, dwellMs: 100 } })
    await hub.command(CABINET, { action: 'unlock', point: 'drawer-1', unlockMs: 30_000 })
    await hub.hears('released', h => h.body.lock === 'unlocked')
    const before = hub.heard.length
    await hub.command(CABINET, { action: 'lock', point: 'drawer-1' })
    await hub.until('locked', () => hub.heard.slice(before).some(h => h.body.lock === 'locked'))
    await new Promise(later => setTimeout(later, 600)) // longer than the hand needs: that nothing opens has no event
    await settle(CABINET)
    expect(states('contact', 'open')).toEqual([])
  })

  it('executes a command at most once, however often the same bytes arrive', async () => {
    await online(CABINET)
    const bytes = await hub.command(CABINET, { id: 'once', action: 'unlock', point: 'drawer-1', unlockMs: 30_000 })
    await hub.sendBytes(CABINET, bytes)
    await hub.sendBytes(CABINET, bytes)
    await settle(CABINET)
    expect(acks('once')).toHaveLength(1)
    expect(states('lock', 'unlocked')).toHaveLength(1)
    expect(happenings('command-repeated')).toHaveLength(2)
  })

  it('an expired command moves nothing and is refused by name', async () => {
    await online(CABINET)
    await hub.command(CABINET, {
      id: 'old',
      action: 'unlock',
      point: 'drawer-1',
      expiresAt: new Date(Date.now() - 1).toISOString(),
    })
    await settle(CABINET)
    expect(acks('old').map(a => [a.body.outcome, a.body.detail])).toEqual([['refused', 'expired']])
    expect(states('lock', 'unlocked')).toEqual([])
  })

  it('refuses an expiry more than five minutes ahead, a point it has not, and an action its model has not', async () => {
    await online(CABINET)
    await hub.command(CABINET, {
      id: 'far',
      action: 'unlock',
      point: 'drawer-1',
      expiresAt: new Date(Date.now() + 301_000).toISOString(),
    })
    await hub.command(CABINET, { id: 'drawer', action: 'unlock', point: 'drawer-9' })
    await hub.command(CABINET, { id: 'lamp', action: 'set', point: 'drawer-1', on: true })
    await settle(CABINET)
    expect(['far', 'drawer', 'lamp'].flatMap(acks).map(a => a.body.outcome)).toEqual(['refused', 'refused', 'refused'])
    expect(states('lock', 'unlocked')).toEqual([])
  })

  it('a retained command moves nothing, and neither does anything malformed', async () => {
    await hub.command(CABINET, { id: 'kept', action: 'unlock', point: 'drawer-1' }, { retain: true })
    await online(CABINET)
    for (const bytes of ['', 'not json', '{}', '{"id":"x","expiresAt":"soon","action":"unlock","point":"drawer-1"}'])
      await hub.sendBytes(CABINET, Buffer.from(bytes))
    await settle(CABINET)
    expect(states('lock', 'unlocked')).toEqual([])
    expect(happenings('command-retained', 'command-malformed', 'command-done')).toEqual([
      'command-retained',
      ...Array(4).fill('command-malformed'),
      'command-done',
    ])
    await hub.sendBytes(CABINET, Buffer.alloc(0), { retain: true })
  })

  it('lets people out without asking: request, unlocked, opened, closed, and no badge', async () => {
    const door = await online(DOOR)
    door.perform({ kind: 'exit', point: 'door', hand: { afterMs: 20, dwellMs: 50 } })
    await hub.until('closed again', () => states('contact', 'closed').length === 2)
    const told = hub.heard
      .filter(h => h.name === 'state')
      .slice(1)
      .map(h => h.body)
    expect(told.map(b => b.request ?? b.lock ?? b.contact)).toEqual([true, 'unlocked', 'open', 'closed'])
    expect(hub.heard.some(h => h.name === 'badge')).toBe(false)
  })

  it('continues seq after a restart, with no gap and no repetition', async () => {
    const first = await online(CABINET)
    await first.stop()
    const goodbye = await hub.hears('the goodbye', h => h.name === 'status' && h.body.online === false && !h.retained)
    expect(goodbye.body.at).toEqual(expect.any(String))
    await online(CABINET)
    await settle(CABINET)
    const seqs = hub.heard.filter(h => h.name !== 'status').map(h => h.body.seq)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    expect(seqs.length).toBeGreaterThan(POINTS[CABINET]!.length * 2)
  })

  it('recovers from a power cut: its will speaks, the bolt falls, and an order it obeyed before is not obeyed again', async () => {
    const cabinet = await online(CABINET)
    const bytes = await hub.command(CABINET, { id: 'before', action: 'unlock', point: 'drawer-1', unlockMs: 30_000 })
    await hub.until('unlocked', () => states('lock', 'unlocked').length === 1)
    cabinet.powerCut()
    const will = await hub.hears('the will', h => h.name === 'status' && h.body.online === false && !h.retained)
    expect(will.body).toEqual({ online: false })
    expect(cabinet.online).toBe(false)

    const before = hub.heard.length
    cabinet.powerOn()
    await hub.until('it reports itself again', () => hub.heard.slice(before).some(h => h.body.point === 'drawer-2'))
    await hub.sendBytes(CABINET, bytes)
    await settle(CABINET)
    const after = hub.heard.slice(before).map(h => h.body)
    expect(after.filter(b => b.point === 'drawer-1').map(b => b.lock)).toEqual(['locked'])
    expect(acks('before')).toHaveLength(1)
    expect(happenings('command-repeated')).toHaveLength(1)
    const seqs = hub.heard.filter(h => h.name !== 'status').map(h => h.body.seq)
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => Number(a) - Number(b)))
  })

  it('comes back by itself after the broker was gone, sends what it kept in order, but no badge from meanwhile', async () => {
    const door = await online(DOOR)
    await broker.down()
    await waitFor(() => happenings('offline').length > 0)
    door.perform({ kind: 'badge', point: 'door', uid: UID })
    door.perform({ kind: 'exit', point: 'door', hand: { afterMs: 0, dwellMs: 10 } })
    await waitFor(() => happenings('closed').length > 0)
    await broker.up()
    await hub.until('closed, and told later', () => states('contact', 'closed').length >= 2)
    const seqs = hub.heard.filter(h => h.name !== 'status').map(h => h.body.seq)
    expect(seqs).toEqual(seqs.map((_, i) => i + 1))
    expect(hub.heard.some(h => h.name === 'badge')).toBe(false)
    expect(happenings('badge-offline')).toHaveLength(1)
  })

  it('the duplicate fault sends the same bytes twice', async () => {
    const cabinet = await online(CABINET, [{ kind: 'duplicate', amount: 1 }])
    cabinet.perform({ kind: 'badge', point: 'drawer-1', uid: UID })
    await hub.until('two badges', () => hub.heard.filter(h => h.name === 'badge').length === 2)
    const [one, two] = hub.heard.filter(h => h.name === 'badge')
    expect(two!.bytes.equals(one!.bytes)).toBe(true)
  })

  it('with everything doubled on the way down too, a bolt is still drawn once', async () => {
    await online(CABINET, [{ kind: 'duplicate', amount: 1 }])
    await hub.command(CABINET, { id: 'twice', action: 'unlock', point: 'drawer-1', unlockMs: 30_000 })
    await settle(CABINET)
    expect(happenings('unlocked')).toHaveLength(1)
    expect(happenings('command-repeated').length).toBeGreaterThan(0)
  })

  it('with the clock 120 s ahead, says so in `at` and finds orders expired', async () => {
    await online(CABINET, [{ kind: 'clock-skew', device: CABINET, amount: 120 }])
    const { body } = await hub.hears('a report', h => h.name === 'state')
    const aheadMs = Date.parse(String(body.at)) - Date.now()
    expect(aheadMs).toBeGreaterThan(100_000)
    expect(aheadMs).toBeLessThan(121_000)
    await hub.command(CABINET, { id: 'skewed', action: 'unlock', point: 'drawer-1' })
    await hub.hears('a refusal', h => h.body.command === 'skewed' && h.body.detail === 'expired')
  })

  it('with another device’s certificate it is the other device to the broker, and is heard by nobody', async () => {
    const impostor = await make(DOOR, [], CABINET)
    impostor.start()
    await waitFor(() => broker.log.some(l => l.includes(`as ${DOOR} `) && l.includes(`u'${CABINET}'`)))
    await online(CABINET)
    await settle(CABINET)
    expect(hub.heard.filter(h => h.device === DOOR && !h.retained)).toEqual([])
  })

  it('with a certificate of a foreign authority it never gets online', async () => {
    const { credentialsFor } = await import('./certificates.ts')
    const credentials = await credentialsFor(broker.folder, [DOOR], DOOR, [{ kind: 'foreign-certificate', amount: 1 }])
    const onEvent = (e: DeviceEvent) => void events.push(e)
    const device = new VirtualDevice({
      id: DOOR,
      model: 'door',
      points: ['door'],
      credentials,
      url: broker.url,
      site: SITE,
      stateFolder,
      seed: 1,
      onEvent,
    })
    devices.push(device)
    device.start()
    await waitFor(() => happenings('offline').length >= 2)
    expect(happenings('online')).toEqual([])
  })

  async function waitFor(isTrue: () => boolean): Promise<void> {
    await expect.poll(isTrue, { timeout: 15_000, interval: 20 }).toBe(true)
  }
})
