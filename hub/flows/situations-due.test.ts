import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ANNA, House } from '../test/house.ts'
import { until } from '../test/stage.ts'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

const GLASS = { breakGlass: true, reason: 'cardiac arrest' }
const DAY = 86_400_000

describe('time passes', () => {
  it('nobody came as the second: told once, 30 s later, and nothing is sent', async () => {
    await house.badge(ANNA, 'drugs')
    house.link.sent.splice(0)
    await house.pass(29_999)
    expect(house.kinds()).toEqual(['access.awaiting'])
    await house.pass(1)
    await house.pass(1_000)
    expect(house.told().slice(1)).toMatchObject([{ kind: 'access.lapsed', accessPoint: 'drugs', person: house.anna }])
    expect(house.link.sent).toEqual([])
    expect(house.stage.situations()).toEqual({})
  })

  it('a review that is overdue is told of after 72 h, then every 24 h, over restarts too', async () => {
    await house.badge(ANNA, 'kit', GLASS)
    await house.pass(3 * DAY)
    await house.restart()
    await house.pass(1_000)
    await house.pass(DAY)
    expect(house.told().filter(e => e.kind === 'break-glass.review-overdue')).toMatchObject([
      { escalation: 1 },
      { escalation: 2 },
    ])
    expect(house.inStep()).toBe(true)
  })

  it('happens once, and is told once, though the journal fails at first', async () => {
    await house.badge(ANNA, 'kit', GLASS)
    house.journal.failing = true
    await house.pass(15 * 60_000)
    await house.pass(1_000)
    expect(house.situations['break-glass'].size).toBe(1)
    expect(await house.badge(ANNA, 'kit')).toMatchObject({ granted: false, reason: 'no-right' }) // over, told or not
    house.journal.failing = false
    await house.pass(1_000)
    await house.pass(1_000)
    expect(house.kinds().filter(k => k === 'break-glass.ended')).toHaveLength(1)
    await house.drained()
    expect(house.inStep()).toBe(true)
  })

  it('what is not told is forgotten on disk as well: uses after 24 h, a place that was kept', async () => {
    await house.badge(ANNA, 'kit', GLASS)
    await house.badge(ANNA, 'lab-door')
    expect(house.stored('passage', house.anna)).toBeDefined()
    await house.pass(60_000)
    expect(house.stored('passage', house.anna)).toBeUndefined()
    await house.pass(DAY)
    expect(house.stored('uses', house.anna)).toBeUndefined()
    expect(house.inStep()).toBe(true)
  })

  it('what cannot be forgotten on disk is tried again', async () => {
    await house.badge(ANNA, 'lab-door')
    house.journal.failing = true
    await house.pass(60_000)
    expect(house.failures).toHaveLength(1)
    house.journal.failing = false
    await house.pass(1_000)
    expect(house.stage.situations()).toEqual({})
    expect(house.inStep()).toBe(true)
  })

  it('is looked at each second while the hub runs', async () => {
    await house.badge(ANNA, 'drugs')
    house.now += 30_000
    house.hub.start()
    await until(() => house.kinds().includes('access.lapsed'))
  })
})
