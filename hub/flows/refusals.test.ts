import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DeviceRefused } from '../events.ts'
import { Breakable, NOON, Stage, until } from '../test/stage.ts'
import { Refusals, UNIDENTIFIED } from './refusals.ts'

let stage: Stage
let journal: Breakable
let refusals: Refusals
let logged: { device: string; refusal: string; count: number; address?: string; field?: string }[]
let unrecorded: number

beforeEach(async () => {
  stage = await Stage.open()
  journal = new Breakable(stage.journal)
  logged = []
  unrecorded = 0
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  refusals = new Refusals({
    journal,
    notify: () => undefined,
    log: fields => logged.push(fields),
    onUnrecorded: () => unrecorded++,
    now: () => NOON,
  })
  refusals.start()
})
afterEach(async () => {
  refusals.stop()
  vi.useRealTimers()
  await stage.close()
})

const rows = () => (stage.events() as DeviceRefused[]).map(({ device, refusal, count }) => [device, refusal, count])
const minute = () => vi.advanceTimersByTime(60_000)

describe('something is refused', () => {
  it('1,000 times: one row at once, and one row with the rest', async () => {
    for (let i = 0; i < 1_000; i++) refusals.refused({ device: 'd' }, 'shape', '/seq')
    await until(() => rows().length === 1)
    expect(logged).toEqual([{ device: 'd', refusal: 'shape', count: 1, field: '/seq' }])
    minute()
    await until(() => rows().length === 2)
    expect(rows()).toEqual([
      ['d', 'shape', 1],
      ['d', 'shape', 999],
    ])
    expect(logged).toHaveLength(2)
    expect(refusals.countsFor('d')).toEqual({ shape: 1_000 })
    minute()
    expect(rows()).toHaveLength(2)
  })

  it('without end: two rows in the first minute, one in each that follows', async () => {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 10; j++) refusals.refused({ device: 'd' }, 'rate')
      minute()
    }
    await until(() => rows().length === 4)
    expect(rows().map(r => r[2])).toEqual([1, 9, 10, 10])
  })

  it('again after a quiet minute: at once', async () => {
    refusals.refused({ device: 'd' }, 'topic')
    minute()
    refusals.refused({ device: 'd' }, 'topic')
    await until(() => rows().length === 2)
    expect(rows().map(r => r[2])).toEqual([1, 1])
  })

  it('by kind and by device: each its own burst and its own count', async () => {
    for (const device of ['a', 'b'])
      for (const refusal of ['json', 'size', 'json'] as const) refusals.refused({ device }, refusal)
    await until(() => rows().length === 4)
    expect(refusals.countsFor('a')).toEqual({ json: 2, size: 1 })
    expect(refusals.countsFor('c')).toEqual({})
  })

  it('without a certificate: the address is logged, and never journaled', async () => {
    refusals.refused({ address: '10.9.8.7' }, 'certificate')
    refusals.refused({ address: '10.9.8.6' }, 'certificate')
    await until(() => rows().length === 1)
    expect(rows()).toEqual([[UNIDENTIFIED, 'certificate', 1]])
    expect(logged).toEqual([{ device: UNIDENTIFIED, refusal: 'certificate', count: 1, address: '10.9.8.7' }])
    expect(JSON.stringify(stage.rows())).not.toContain('10.9.8')
  })

  it('at the end of the hub’s life: the open bursts are written', async () => {
    for (let i = 0; i < 5; i++) refusals.refused({ device: 'd' }, 'qos')
    refusals.stop()
    await until(() => rows().length === 2)
    expect(rows().map(r => r[2])).toEqual([1, 4])
  })

  it('while the journal is down: counted and logged all the same', async () => {
    journal.failing = true
    refusals.refused({ device: 'd' }, 'retain')
    await until(() => unrecorded === 1)
    expect(refusals.countsFor('d')).toEqual({ retain: 1 })
    expect(logged).toHaveLength(1)
  })
})
