import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { State } from '#devices/messages.ts'
import { compile } from '../access/compile.ts'
import type { PointChanged } from '../events.ts'
import { ANNA, BELA, House } from '../test/house.ts'
import { pseudonymsOf, smallSite } from '../test/small-site.ts'
import { Breakable, bytes, identity, NOON, Stage } from '../test/stage.ts'
import { Standing } from './standing.ts'
import { StateReported } from './state-reported.ts'
import { Unlocks } from './unlocks.ts'

type Fields = Partial<Omit<State, 'id' | 'at' | 'seq' | 'point'>>

let stage: Stage
let journal: Breakable
let unlocks: Unlocks
let flow: StateReported
let notified: number[]
let seq: number

beforeEach(async () => {
  stage = await Stage.open()
  journal = new Breakable(stage.journal)
  unlocks = new Unlocks(() => undefined)
  notified = []
  seq = 0
  flow = new StateReported({
    journal,
    unlocks,
    rights: () => compile(smallSite(), 1, pseudonymsOf(smallSite())),
    situations: new Standing(),
    openedAt: () => [],
    hasLock: (_device, point) => point !== 'contact',
    placeOf: (device, point) => ({ accessPoint: `${device}-${point}`, zone: 'ward' }),
    notify: r => notified.push(r.seq),
  })
})
afterEach(async () => {
  unlocks.stop()
  await stage.close()
})

function report(fields: Fields, over: { at?: number; late?: true; point?: string } = {}): Promise<void> {
  const { at = NOON, late, point = 'door' } = over
  const id = `m${++seq}`
  const message = { kind: 'state' as const, id, at: new Date(at).toISOString(), seq, point, ...fields } as State
  const origin = { device: 'd', message: id, deviceSeq: seq, deviceAt: at, ...(late ? { late } : {}) }
  return flow.handle({ message, origin, at, stale: false })
}
const rows = () => stage.events() as PointChanged[]
const unlock = { command: 'c', device: 'd', point: 'door', person: 'p-1', badgeAt: NOON, openUntil: NOON + 13_000 }

describe('a point reports how it is', () => {
  it('commanded is not opened: opened by whom, closed after how long', async () => {
    await report({ contact: 'closed', lock: 'locked' })
    unlocks.sent(unlock, 5_000)
    await report({ lock: 'unlocked' })
    await report({ contact: 'open' }, { at: NOON + 2_000 })
    await report({ lock: 'locked' }, { at: NOON + 5_000 })
    await report({ contact: 'closed' }, { at: NOON + 9_500 })
    expect(rows().map(e => e.kind)).toEqual([
      'point.locked',
      'point.released',
      'point.opened',
      'point.locked',
      'point.closed',
    ])
    expect(rows()[2]).toMatchObject({ person: 'p-1', accessPoint: 'd-door', zone: 'ward', state: { contact: 'open' } })
    expect(rows()[4]).toMatchObject({ person: 'p-1', openMs: 7_500 })
    expect(notified).toEqual([1, 2, 3, 4, 5])
  })

  it('is forced when nobody was granted and nobody asked to leave, also a moment too late', async () => {
    await report({ contact: 'closed' })
    unlocks.sent(unlock, 5_000)
    await report({ contact: 'open' }, { at: NOON + 13_001 })
    await report({ contact: 'closed' }, { at: NOON + 14_000 })
    expect(rows().slice(1)).toMatchObject([{ kind: 'point.forced' }, { kind: 'point.closed', openMs: 999 }])
    expect(rows()[1]).not.toHaveProperty('person')
    expect(rows()[2]).not.toHaveProperty('person')
  })

  it('is opened, by nobody’s name, after a request to exit of up to 10 s ago', async () => {
    await report({ contact: 'closed' })
    await report({ request: true })
    await report({ request: false })
    await report({ contact: 'open' }, { at: NOON + 10_000 })
    expect(rows().map(e => e.kind)).toEqual(['state.changed', 'exit.requested', 'state.changed', 'point.opened'])
    expect(rows()[3]).not.toHaveProperty('person')
  })

  it('takes the first report after a start for how things stand, not for a break-in', async () => {
    await report({ contact: 'open' })
    await report({ contact: 'closed' }, { at: NOON + 1_000, point: 'other' })
    expect(rows().map(e => e.kind)).toEqual(['point.opened', 'state.changed'])
  })

  it('draws several conclusions from one report, in one commit', async () => {
    await report({ contact: 'closed', lock: 'locked', tamper: false })
    await report({ contact: 'open', lock: 'unlocked', tamper: true, request: true })
    const kinds = ['point.opened', 'point.released', 'tamper.raised', 'exit.requested'] // asked to exit in the same breath
    expect(
      rows()
        .slice(1)
        .map(e => e.kind),
    ).toEqual(kinds)
    await report({ tamper: false })
    expect(rows().at(-1)?.kind).toBe('tamper.cleared')
  })

  it('records the same again as no more than that', async () => {
    await report({ contact: 'closed', lock: 'locked' })
    await report({ contact: 'closed', lock: 'locked' })
    expect(rows().map(e => e.kind)).toEqual(['point.locked', 'state.changed'])
  })

  it('keeps points apart', async () => {
    await report({ contact: 'closed' }, { point: 'drawer-1' })
    await report({ contact: 'closed' }, { point: 'drawer-2' })
    await report({ contact: 'open' }, { point: 'drawer-2' })
    await report({ contact: 'closed' }, { point: 'drawer-1' })
    expect(
      rows()
        .map(e => `${e.point} ${e.kind}`)
        .slice(2),
    ).toEqual(['drawer-2 point.forced', 'drawer-1 state.changed'])
  })

  it('late, is recorded and changes nothing, not even by asking to leave', async () => {
    await report({ contact: 'closed' })
    await report({ contact: 'open', request: true }, { late: true })
    await report({ contact: 'open' })
    expect(rows().map(e => e.kind)).toEqual(['state.changed', 'state.changed', 'point.forced'])
  })

  it('that could not be stored is judged anew when it comes again: forced stays forced', async () => {
    await report({ contact: 'closed' })
    journal.failing = true
    const lost = await Promise.allSettled([
      report({ contact: 'open' }),
      report({ contact: 'closed' }),
      report({ contact: 'open' }),
    ])
    expect(lost.map(l => l.status)).toEqual(['rejected', 'rejected', 'rejected'])
    journal.failing = false
    await report({ contact: 'open' })
    expect(rows().map(e => e.kind)).toEqual(['state.changed', 'point.forced'])
  })

  it('that could not be stored does not undo a newer one that was', async () => {
    await report({ contact: 'closed' })
    journal.failing = true
    const lost = report({ tamper: true })
    journal.failing = false
    const kept = report({ contact: 'open' })
    await expect(lost).rejects.toMatchObject({ code: 'journal-unavailable' })
    await kept
    await report({ contact: 'closed' }, { at: NOON + 500 })
    expect(rows().map(e => e.kind)).toEqual(['state.changed', 'point.forced', 'point.closed'])
  })
})

describe('a door is seen to open', () => {
  let house: House
  beforeEach(async () => {
    house = await House.open()
  })
  afterEach(() => house.close())

  const contact = (door: string, state: 'open' | 'closed') =>
    house.send(door, 'state', { point: 'door', contact: state })

  it('whoever was let through has passed only then, and takes the place that was kept', async () => {
    await contact('lab-door', 'closed')
    await house.badge(ANNA, 'lab-door')
    expect(house.stored('passage', house.anna)).toMatchObject({ to: 'lab' })
    expect(await house.badge(BELA, 'lab-door')).toMatchObject({ granted: false, reason: 'zone-full' })
    house.now += 2_000
    await contact('lab-door', 'open')
    expect(house.stored('position', house.anna)).toMatchObject({ zone: 'lab', since: house.now })
    expect(house.stored('passage', house.anna)).toBeUndefined()
    await house.pass(60_000)
    expect(await house.badge(BELA, 'lab-door')).toMatchObject({ granted: false, reason: 'zone-full' })
    expect(house.inStep()).toBe(true)
  })

  it('and not taken: the place is free again', async () => {
    await house.badge(ANNA, 'lab-door')
    await house.pass(60_000)
    expect(await house.badge(BELA, 'lab-door')).toMatchObject({ granted: true })
  })

  it('late: nobody has passed', async () => {
    await contact('lab-door', 'closed')
    await house.badge(ANNA, 'lab-door')
    const late = bytes(1_000, { point: 'door', contact: 'closed' })
    await house.hub.edge.message(identity('lab-door', 'door'), 'state', late, house.now)
    await contact('lab-door', 'open')
    expect(house.told().at(-1)).toMatchObject({ kind: 'state.changed', late: true })
    expect(house.situations.position.size).toBe(0)
  })

  it('of a man-trap: the other one stays shut until it is closed, over a restart too', async () => {
    await contact('trap-a', 'closed')
    await house.badge(ANNA, 'trap-a')
    await contact('trap-a', 'open')
    await house.pass(60_000)
    await house.restart()
    expect(await house.badge(BELA, 'trap-b')).toMatchObject({ granted: false, reason: 'interlock' })
    await contact('trap-a', 'closed')
    expect(await house.badge(BELA, 'trap-b')).toMatchObject({ granted: true })
    expect(house.inStep()).toBe(true)
  })

  it('by force: the other one stays shut as well', async () => {
    await contact('trap-a', 'closed')
    await contact('trap-a', 'open')
    expect(house.kinds()).toContain('point.forced')
    expect(await house.badge(BELA, 'trap-b')).toMatchObject({ granted: false, reason: 'interlock' })
  })

  it('is open though it could not be recorded, and is stored with the next report', async () => {
    await contact('trap-a', 'closed')
    await house.badge(ANNA, 'trap-a')
    await house.pass(60_000)
    house.journal.failing = true
    await expect(contact('trap-a', 'open')).rejects.toMatchObject({ code: 'journal-unavailable' })
    house.journal.failing = false
    expect(await house.badge(BELA, 'trap-b')).toMatchObject({ granted: false, reason: 'interlock' })
    expect(house.stored('door', 'trap-a')).toBeUndefined()
    await contact('trap-a', 'open')
    expect(house.stored('door', 'trap-a')).toMatchObject({ open: true })
    expect(house.inStep()).toBe(true)
  })
})
