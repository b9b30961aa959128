import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PinFact } from '../access/situations.ts'
import type { AccessGranted } from '../events.ts'
import { verify } from '../record/chain-verify.ts'
import { ANNA, BELA, DURESS, House, PIN } from '../test/house.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const GLASS = { breakGlass: true, reason: 'cardiac arrest' }
const LOCKDOWN = { since: 0, until: Number.MAX_SAFE_INTEGER, by: 'cli:test' }
const lockDown = () =>
  house.act(
    { kind: 'lockdown', key: 'storm', value: LOCKDOWN },
    { kind: 'lockdown.started', plan: 'storm', by: 'cli:test' },
  )

describe('two people', () => {
  it('open together: the first is told to wait, the second opens, both stand in the row', async () => {
    expect(await house.badge(ANNA, 'drugs')).toMatchObject({
      granted: false,
      reason: 'witness-awaited',
      waitMs: 30_000,
    })
    expect(house.link.commands).toEqual([])
    house.now += 29_999
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ granted: true })
    expect(house.told()).toMatchObject([
      { kind: 'access.awaiting', person: house.anna, until: expect.any(Number) },
      { kind: 'access.granted', person: house.anna, witness: house.bela },
    ])
    expect(house.situations.rows()).toEqual([])
    expect(house.inStep()).toBe(true)
  })

  it('is never one person twice, nor a second one who comes too late', async () => {
    await house.badge(ANNA, 'drugs')
    expect(await house.badge(ANNA, 'drugs')).toMatchObject({ granted: false, reason: 'witness-awaited' })
    house.now += 30_000
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ granted: false, reason: 'witness-awaited' })
    expect(house.told().at(-1)).toMatchObject({ kind: 'access.lapsed', person: house.anna, accessPoint: 'drugs' })
    expect(house.told().at(-1)).not.toHaveProperty('credential')
    expect(house.link.commands).toEqual([])
  })

  it('is not begun and not completed by a message that waited on its way', async () => {
    const cabinet = { point: 'drawer-1', credential: { kind: 'uid', uid: ANNA } }
    await house.send('cabinet', 'badge', cabinet, house.now - 3_600_000)
    expect(house.told()).toMatchObject([{ kind: 'access.denied', reason: 'stale-message', person: house.anna }])
    expect(house.situations.rows()).toEqual([])
    await house.restart()
    await house.send('cabinet', 'badge', cabinet) // fresh
    await house.restart()
    await house.send('cabinet', 'badge', { ...cabinet, credential: { kind: 'uid', uid: BELA } }, house.now - 3_600_000)
    expect(house.told().at(-1)).toMatchObject({ kind: 'access.denied', reason: 'stale-message', person: house.bela })
    expect(house.stored('witness', 'cabinet/drawer-1')?.person).toBe(house.anna)
    expect(house.link.commands).toEqual([])
  })
})

describe('break-glass', () => {
  it('opens where no rule does, with a review that stays open, and again until it ends', async () => {
    expect(await house.badge(ANNA, 'kit')).toMatchObject({ granted: false, reason: 'no-right' })
    expect(await house.badge(ANNA, 'kit', GLASS)).toMatchObject({ granted: true })
    expect(await house.badge(ANNA, 'kit')).toMatchObject({ granted: true })
    const [, first, opened, again] = house.told()
    const { id } = (first as AccessGranted).via as { id: string }
    expect([first, opened, again]).toMatchObject([
      { kind: 'access.granted', via: { kind: 'break-glass', id }, statedReason: 'cardiac arrest', breakGlass: true },
      { kind: 'break-glass.opened', id, person: house.anna, accessPoint: 'kit', statedReason: 'cardiac arrest' },
      { kind: 'access.granted', via: { kind: 'break-glass', id } },
    ])
    expect(house.stored('review', id)).toMatchObject({ person: house.anna, escalations: 0 })
    expect(house.stored('uses', house.anna)?.at).toHaveLength(1)
    await house.pass(15 * 60_000)
    expect(house.told().at(-1)).toMatchObject({ kind: 'break-glass.ended', id, why: 'expired' })
    expect(await house.badge(ANNA, 'kit')).toMatchObject({ granted: false, reason: 'no-right' })
    expect(house.stored('review', id)).toBeDefined()
    expect(house.inStep()).toBe(true)
  })

  it('of a message that waited on its way opens nothing and begins nothing', async () => {
    await house.send(
      'cabinet',
      'badge',
      { point: 'drawer-4', credential: { kind: 'uid', uid: ANNA }, ...GLASS },
      house.now - 3_600_000,
    )
    expect(house.told()).toMatchObject([{ kind: 'access.denied', reason: 'stale-message' }])
    expect(house.situations.rows()).toEqual([])
  })
})

describe('a journal that cannot be written', () => {
  it('controlled drugs stay shut under break-glass too: nothing of it is left, and it does not count', async () => {
    house.journal.failing = true
    expect(await house.badge(ANNA, 'opioids', GLASS)).toMatchObject({ granted: false, reason: 'audit-unavailable' })
    expect(house.link.commands).toEqual([])
    expect(house.situations.rows()).toEqual([])
    house.journal.failing = false
    await house.drained()
    expect(house.told()).toMatchObject([
      { kind: 'access.denied', reason: 'audit-unavailable', statedReason: 'cardiac arrest' },
      { kind: 'audit.unavailable', outcome: 'refused' },
    ])
    expect(house.told()[0]).not.toHaveProperty('via')
    expect(house.stage.situations()).toEqual({})
  })

  it('a crash cart opens under break-glass: it runs, and everything of it is told when the journal is back', async () => {
    house.journal.failing = true
    expect(await house.badge(ANNA, 'kit', GLASS)).toMatchObject({ granted: true })
    expect(await house.badge(ANNA, 'kit')).toMatchObject({ granted: true })
    house.journal.failing = false
    await house.drained()
    expect(house.kinds()).toEqual([
      'access.granted',
      'break-glass.opened',
      'audit.unavailable',
      'access.granted',
      'audit.unavailable',
    ])
    expect(house.stored('break-glass', `${house.anna}/kit`)).toBeDefined()
    expect(house.inStep()).toBe(true)
  })

  it('begins no wait for a second person at controlled drugs, but does at a crash cart', async () => {
    house.journal.failing = true
    expect(await house.badge(ANNA, 'drugs')).toMatchObject({ granted: false, reason: 'audit-unavailable' })
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ granted: false, reason: 'audit-unavailable' })
    expect(await house.badge(ANNA, 'cart')).toMatchObject({ granted: false, reason: 'witness-awaited' })
    expect(await house.badge(BELA, 'cart')).toMatchObject({ granted: true })
    house.journal.failing = false
    await house.drained()
    expect(house.kinds().filter(k => k.startsWith('access.'))).toEqual([
      'access.denied',
      'access.denied',
      'access.awaiting',
      'access.granted',
    ])
    expect(house.link.commands).toMatchObject([{ point: 'drawer-2' }])
    expect(house.inStep()).toBe(true)
  })

  it('when the second person comes: drugs stay shut, and the first one is still awaited for', async () => {
    await house.badge(ANNA, 'drugs')
    house.journal.failing = true
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ granted: false, reason: 'audit-unavailable' })
    house.journal.failing = false
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ granted: true })
    await house.drained()
    expect(house.stage.situations()).toEqual({})
  })

  it('forgets neither a wrong PIN nor a cry for help', async () => {
    house.journal.failing = true
    await house.badge(ANNA, 'medicines', { pin: '1357' })
    expect(await house.badge(BELA, 'medicines', { pin: DURESS })).toMatchObject({ reason: 'audit-unavailable' })
    house.journal.failing = false
    await house.drained()
    expect(house.kinds()).toEqual(['access.denied', 'access.denied', 'duress.raised', 'audit.unavailable'])
    const credential = house.stage.pseudonym('badge', ANNA)
    expect(house.stored('pin', credential)).toMatchObject({ wrong: 1 })
    expect(house.inStep()).toBe(true)
  })

  it('nor a spool: sent again, the message is recorded as it was answered, with its situations', async () => {
    await house.stop()
    house.spoolDir = join(house.stage.folder.dir, 'missing')
    await house.start()
    house.journal.failing = true
    const fields = { point: 'drawer-4', credential: { kind: 'uid', uid: ANNA }, ...GLASS }
    await expect(house.send('cabinet', 'badge', fields)).rejects.toMatchObject({ code: 'journal-unavailable' })
    expect(house.link.commands).toHaveLength(1)
    house.journal.failing = false
    const { bytes, identity } = await import('../test/stage.ts')
    await house.hub.edge.message(
      identity('cabinet', 'medicine-cabinet'),
      'badge',
      bytes(1, fields, house.now),
      house.now,
    )
    expect(house.link.commands).toHaveLength(1)
    expect(house.kinds()).toEqual(['access.granted', 'break-glass.opened', 'audit.unavailable'])
    expect(house.inStep()).toBe(true)
  })
})

describe('a journal that stores what was given up', () => {
  it('leaves no emergency opening behind where controlled drugs were refused, in memory, on disk or after a restart', async () => {
    house.journal.hangs = true
    expect(await house.badge(ANNA, 'opioids', GLASS)).toMatchObject({ reason: 'audit-unavailable' })
    await house.journal.letGo()
    await house.drained()
    expect(house.kinds()).toEqual(['access.granted', 'break-glass.opened', 'access.denied', 'audit.unavailable'])
    expect(house.notified).toEqual(['access.denied', 'audit.unavailable'])
    expect(house.stage.situations()).toEqual({})
    await house.restart()
    expect(await house.badge(ANNA, 'opioids')).toMatchObject({ granted: false, reason: 'no-right' })
    expect(house.link.commands).toEqual([])
  })

  it('tells of a crash cart that opened, of its review and of a cry for help, once each', async () => {
    house.journal.hangs = true
    expect(await house.badge(ANNA, 'kit', { ...GLASS, pin: DURESS })).toMatchObject({ granted: true })
    await house.journal.letGo()
    await house.drained()
    expect(house.kinds().toSorted()).toEqual(
      ['access.granted', 'audit.unavailable', 'break-glass.opened', 'duress.raised'].toSorted(),
    )
    expect(house.notified.toSorted()).toEqual(house.kinds().toSorted())
    expect(house.inStep()).toBe(true)
  })

  it('tells once that nobody came as the second', async () => {
    await house.badge(ANNA, 'drugs')
    house.journal.hangs = true
    await house.pass(30_000)
    await house.journal.letGo()
    await house.pass(1_000)
    await house.pass(1_000)
    expect(house.kinds()).toEqual(['access.awaiting', 'access.lapsed'])
    expect(house.notified).toEqual(house.kinds())
    expect(house.inStep()).toBe(true)
  })
})

describe('PINs', () => {
  it('the right one opens, the third wrong one is an alarm and a pause in which none counts', async () => {
    expect(await house.badge(ANNA, 'locker')).toMatchObject({ reason: 'pin-required' })
    expect(await house.badge(ANNA, 'locker', { pin: PIN })).toMatchObject({ granted: true })
    for (const pin of ['1357', '2468', '9753'])
      expect(await house.badge(ANNA, 'locker', { pin })).toMatchObject({ reason: 'pin-wrong' })
    expect(await house.badge(ANNA, 'locker', { pin: PIN })).toMatchObject({ reason: 'pin-locked', waitMs: 30_000 })
    expect(house.told().filter(e => e.kind === 'pin.alarm')).toMatchObject([{ wrong: 3, person: house.anna }])
    house.now += 30_000
    expect(await house.badge(ANNA, 'locker', { pin: PIN })).toMatchObject({ granted: true })
    expect(house.situations.rows()).toEqual([])
  })

  it('stand nowhere: neither the digits nor anything but right or wrong is in the journal', async () => {
    await house.badge(ANNA, 'locker', { pin: PIN })
    await house.badge(ANNA, 'locker', { pin: DURESS })
    const rows = JSON.stringify(house.told())
    for (const secret of [PIN, DURESS, '"duress"']) expect(rows).not.toContain(secret)
  })

  it('of an old message are not looked into: it is no way to try them uncounted', async () => {
    let checks = 0
    house.pins = async () => {
      checks += 1
      return 'wrong'
    }
    const fields = { point: 'drawer-6', credential: { kind: 'uid', uid: ANNA }, pin: '1357' }
    await house.send('cabinet', 'badge', fields, house.now - 3_600_000)
    expect(checks).toBe(0)
    expect(house.link.decisions).toMatchObject([{ granted: false, reason: 'stale-message' }])
    expect(house.situations.rows()).toEqual([])
  })

  it('that cannot be looked into count for nothing: what needs one stays shut, and nothing else does', async () => {
    house.pins = () => Promise.reject(new Error('no memory'))
    expect(await house.badge(ANNA, 'locker', { pin: PIN })).toMatchObject({ reason: 'pin-required' })
    expect(await house.badge(ANNA, 'medicines', { pin: PIN })).toMatchObject({ granted: true })
    expect(house.failures).toEqual(['Error: no memory', 'Error: no memory'])
  })

  it('a badge that waits for its PIN is not overtaken at its reader, and holds up no other one', async () => {
    const answer = Promise.withResolvers<PinFact>()
    house.pins = () => answer.promise
    const held = (uid: string, point: string, more: object = {}) =>
      house.send('cabinet', 'badge', { point, credential: { kind: 'uid', uid }, ...more })
    const first = held(ANNA, 'drawer-1', { pin: PIN })
    const second = held(BELA, 'drawer-1')
    await held(BELA, 'drawer-5')
    expect(house.link.decisions.map(d => d.request)).toEqual(['m3'])
    answer.resolve('right')
    await Promise.all([first, second])
    expect(house.kinds().slice(1)).toEqual(['access.awaiting', 'access.granted'])
    expect(house.told().at(-1)).toMatchObject({ person: house.anna, witness: house.bela })
  })
})

/** What left for the devices, letter by letter, but for ids and times: their lengths alone. */
const masked = () =>
  JSON.stringify(house.link.sent.splice(0).map(({ durable: _, ...sent }) => sent))
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, id => '#'.repeat(id.length))
    .replaceAll(/"m\d+"/g, '"m"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, time => '#'.repeat(time.length))

describe('duress', () => {
  it.each([
    ['locker', 'a grant'],
    ['drugs', 'a wait for a second person'],
    ['opioids', 'a refusal'],
  ])('is told to security, and not at the reader: %s, %s, byte for byte', async point => {
    await house.badge(ANNA, point, { pin: PIN })
    const plain = masked()
    await house.pass(60_000)
    await house.badge(ANNA, point, { pin: DURESS })
    expect(masked()).toBe(plain)
    expect(plain.length).toBeGreaterThan(100)
    expect(house.told().filter(e => e.kind === 'duress.raised')).toMatchObject([
      { person: house.anna, accessPoint: point },
    ])
  })

  it('nor with the journal down', async () => {
    house.journal.failing = true
    await house.badge(ANNA, 'locker', { pin: PIN })
    const plain = masked()
    await house.badge(ANNA, 'locker', { pin: DURESS })
    expect(masked()).toBe(plain)
  })

  it('of the second person is the second person’s', async () => {
    await house.badge(ANNA, 'drugs')
    expect(await house.badge(BELA, 'drugs', { pin: DURESS })).toMatchObject({ granted: true })
    expect(house.told().filter(e => e.kind === 'duress.raised')).toMatchObject([{ person: house.bela }])
  })
})

describe('after a restart', () => {
  it('in the middle of a two-person opening, the second person completes it', async () => {
    await house.badge(ANNA, 'drugs')
    const before = house.situations.rows()
    await house.restart()
    expect(house.situations.rows()).toEqual(before)
    house.now += 20_000
    expect(await house.badge(BELA, 'drugs')).toMatchObject({ granted: true })
    expect(house.told().at(-1)).toMatchObject({ person: house.anna, witness: house.bela })
  })

  it('in the middle of a lockdown, it holds, and ends when it would have', async () => {
    await house.act(
      { kind: 'lockdown', key: 'storm', value: { since: house.now, until: house.now + 1_800_000, by: 'cli:test' } },
      { kind: 'lockdown.started', plan: 'storm', by: 'cli:test' },
    )
    await house.restart()
    expect(await house.badge(ANNA, 'medicines')).toMatchObject({ granted: false, reason: 'lockdown' })
    expect(house.link.commands).toEqual([])
    await house.pass(1_800_000)
    expect(house.told().at(-1)).toMatchObject({ kind: 'lockdown.ended', plan: 'storm', by: 'reverted' })
    await house.restart()
    expect(await house.badge(ANNA, 'medicines')).toMatchObject({ granted: true })
  })

  it('in the middle of a break-glass under lockdown, it opens without a reason, does not count twice, and ends', async () => {
    await lockDown()
    await house.badge(ANNA, 'kit', GLASS)
    const before = house.situations.rows()
    await house.restart()
    expect(house.situations.rows()).toEqual(before)
    expect(await house.badge(ANNA, 'kit')).toMatchObject({ granted: true })
    expect(house.stored('uses', house.anna)?.at).toHaveLength(1)
    await house.pass(15 * 60_000)
    expect(await house.badge(ANNA, 'kit')).toMatchObject({ granted: false, reason: 'lockdown' })
  })

  it('with rows still in the spool, what was spooled stands', async () => {
    house.journal.failing = true
    await house.badge(ANNA, 'kit', GLASS)
    await house.badge(ANNA, 'cart')
    await house.restart()
    expect(
      house.situations
        .rows()
        .map(r => r.kind)
        .toSorted(),
    ).toEqual(['break-glass', 'review', 'uses', 'witness'])
    expect(await house.badge(BELA, 'cart')).toMatchObject({ granted: true })
    expect(house.inStep()).toBe(true)
    expect(verify(house.stage.db).ok).toBe(true)
  })

  it('an evacuation stands, counts people, and releases nothing until a person says so', async () => {
    const value = { since: house.now, by: 'cli:test', releasing: true }
    await house.act(
      { kind: 'evacuation', key: 'fire', value },
      { kind: 'evacuation.started', plan: 'fire', by: 'cli:test' },
    )
    expect(house.link.commands).toMatchObject([{ action: 'unlock', point: 'door' }])
    house.link.sent.splice(0)
    await house.restart()
    await house.watch.look()
    expect(house.situations.evacuation.get('fire')).toMatchObject({ releasing: false })
    expect(house.told().at(-1)).toMatchObject({ kind: 'evacuation.paused', plan: 'fire' })
    expect(house.link.sent).toEqual([])
    await house.badge(ANNA, 'yard-door')
    expect(house.kinds().slice(-2)).toEqual(['access.granted', 'muster.counted'])
    expect(house.inStep()).toBe(true)
  })
})
