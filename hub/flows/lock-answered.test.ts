import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ack } from '#devices/messages.ts'
import { NOON, Stage, until } from '../test/stage.ts'
import { LockAnswered } from './lock-answered.ts'
import { type Unlock, Unlocks } from './unlocks.ts'

let stage: Stage
let unlocks: Unlocks
let flow: LockAnswered
let notified: string[]
const unlock: Unlock = {
  command: 'c1',
  device: 'd',
  point: 'drawer-1',
  accessPoint: 'drugs',
  zone: 'pharmacy',
  class: 'controlled-drugs',
  person: 'p-1',
  badgeAt: NOON,
  openUntil: NOON + 13_000,
}

beforeEach(async () => {
  stage = await Stage.open()
  notified = []
  unlocks = new Unlocks(u => void flow.silent(u, NOON + 5_000))
  flow = new LockAnswered({ journal: stage.journal, unlocks, notify: r => notified.push(r.event.kind) })
})
afterEach(async () => {
  unlocks.stop()
  await stage.close()
})

let seq = 0
function ack(outcome: Ack['outcome'], over: { command?: string; device?: string; late?: true } = {}): Promise<void> {
  const { command = 'c1', device = 'd', late } = over
  const id = `m${++seq}`
  return flow.handle({
    message: { id, at: new Date(NOON).toISOString(), seq, command, outcome },
    origin: { device, message: id, deviceSeq: seq, deviceAt: NOON, ...(late ? { late } : {}) },
    at: NOON + 120,
    stale: false,
  })
}

describe('a lock has answered', () => {
  it.each([
    ['done', 'lock.unlocked'],
    ['refused', 'lock.refused'],
    ['failed', 'lock.failed'],
  ] as const)('%s: recorded as %s, with the place, the person and the time since the badge', async (outcome, kind) => {
    unlocks.sent(unlock, 5_000)
    await ack(outcome)
    const place = { point: 'drawer-1', accessPoint: 'drugs', zone: 'pharmacy', class: 'controlled-drugs' }
    const about = { ...place, person: 'p-1', tookMs: 120 }
    expect(stage.events()).toMatchObject([{ kind, command: 'c1', device: 'd', ...about }])
    expect(notified).toEqual([kind])
  })

  it('refused: who opens now does so without it', async () => {
    unlocks.sent(unlock, 5_000)
    await ack('refused')
    expect(unlocks.openedBy('d', 'drawer-1', NOON + 1_000)).toBeUndefined()
    unlocks.sent({ ...unlock, command: 'c2' }, 5_000)
    await ack('done', { command: 'c2' })
    expect(unlocks.openedBy('d', 'drawer-1', NOON + 1_000)).toEqual({ person: 'p-1' })
  })

  it('twice, late, from another device or to nothing: recorded, but nobody’s', async () => {
    unlocks.sent(unlock, 5_000)
    await ack('done', { device: 'other' })
    await ack('done', { late: true })
    await ack('done', { command: 'c9' })
    await ack('done')
    await ack('done')
    const persons = stage.events().map(e => 'person' in e && e.person)
    expect(persons).toEqual([false, false, false, 'p-1', false])
    expect(stage.events().filter(e => 'tookMs' in e)).toHaveLength(1)
  })

  it('not within the life of the command: lock.silent, once, and an answer after it is nobody’s', async () => {
    unlocks.sent(unlock, 20)
    await until(() => stage.kinds().includes('lock.silent'))
    await ack('done')
    expect(stage.events()).toMatchObject([
      { kind: 'lock.silent', device: 'd', point: 'drawer-1', command: 'c1', person: 'p-1' },
      { kind: 'lock.unlocked', point: '' },
    ])
  })

  it('called back: lock.locked, told to whoever asked, and an opening from then on is nobody’s', async () => {
    const outcomes: string[] = []
    unlocks.sent(unlock, 5_000)
    unlocks.sent({ ...unlock, command: 'c2', action: 'lock', settled: o => outcomes.push(o) }, 5_000)
    await ack('failed')
    await ack('done', { command: 'c2' })
    expect(stage.kinds()).toEqual(['lock.failed', 'lock.locked'])
    expect(outcomes).toEqual(['done'])
    expect(unlocks.openedBy('d', 'drawer-1', NOON + 1_000)).toBeUndefined()
  })
})
