import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EvacuationReleased as Released } from '../events.ts'
import { Link, NOON } from '../test/stage.ts'
import { EvacuationReleased, RELEASE_MS, ROUND_MS } from './evacuation-released.ts'
import { type LockPlace, Orders } from './orders.ts'
import { Unlocks } from './unlocks.ts'

const EXPIRY_MS = 5_000
const door = (id: string): LockPlace => ({
  accessPoint: id,
  zone: 'ward',
  class: 'door',
  device: `dev-${id}`,
  point: 'door',
})

describe('the doors of an evacuation', () => {
  let link: Link
  let unlocks: Unlocks
  let releases: EvacuationReleased
  let told: Released[]
  let doors: LockPlace[]
  let refuse = false
  let ids = 0
  const connected = new Set<string>()

  beforeEach(() => {
    vi.useFakeTimers({ now: NOON })
    told = []
    doors = [door('a'), door('b')]
    for (const { device } of doors) connected.add(device)
    link = new Link(() => [])
    unlocks = new Unlocks(() => undefined)
    const orders = new Orders({
      unlocks,
      link: { command: (device, command) => connected.has(device) && link.command(device, command) },
      newId: () => `c${++ids}`,
      expiryMs: EXPIRY_MS,
      now: Date.now,
    })
    releases = new EvacuationReleased({
      doorsOf: () => doors,
      unlock: (place, ms) => orders.unlock(place, ms),
      record: async event => {
        if (refuse) throw new Error('disk')
        told.push(event)
      },
      onFailure: () => undefined,
    })
  })
  afterEach(() => {
    releases.stopAll()
    unlocks.stop()
    refuse = false
    vi.useRealTimers()
  })

  /** The newest order to each of these doors is answered. */
  function answer(...which: string[]): Promise<unknown> {
    for (const id of which) {
      const order = link.sent.findLast(s => s.device === `dev-${id}`)
      unlocks.answered(`dev-${id}`, order?.message.id ?? '')?.settled?.('done')
    }
    return vi.advanceTimersByTimeAsync(0)
  }

  it('are released at once, and every 20 s for 30 s, each order with an id and an expiry of its own', async () => {
    releases.start('fire')
    expect(link.commands).toHaveLength(2)
    releases.start('fire')
    await vi.advanceTimersByTimeAsync(2 * ROUND_MS)
    expect(link.commands).toHaveLength(6)
    expect(new Set(link.commands.map(c => c.id)).size).toBe(6)
    for (const c of link.commands) expect(c).toMatchObject({ action: 'unlock', point: 'door', unlockMs: RELEASE_MS })
    const lives = link.commands.map(c => Date.parse(c.expiresAt) - NOON)
    expect(lives).toEqual([0, 0, 1, 1, 2, 2].map(round => round * ROUND_MS + EXPIRY_MS))
    expect(RELEASE_MS).toBeGreaterThan(ROUND_MS + EXPIRY_MS)
  })

  it('that open are no break-in', async () => {
    releases.start('fire')
    expect(unlocks.openedBy('dev-a', 'door', NOON + 1)).toEqual({})
    expect(unlocks.openedBy('dev-a', 'door', NOON + EXPIRY_MS + RELEASE_MS + 1)).toBeUndefined()
  })

  it('are told of when all have answered, and again only when something is new', async () => {
    releases.start('fire')
    await answer('b', 'a')
    const both = { kind: 'evacuation.released', plan: 'fire', released: ['a', 'b'], silent: [] }
    expect(told).toEqual([both])
    await vi.advanceTimersByTimeAsync(ROUND_MS)
    await answer('a', 'b')
    expect(told).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(ROUND_MS)
    await answer('a')
    await vi.advanceTimersByTimeAsync(EXPIRY_MS)
    expect(told).toEqual([both, { ...both, released: ['a'], silent: ['b'] }])
  })

  it('that are out of reach get no order, are told as silent at once, and are released by the next round when they are back', async () => {
    connected.clear()
    releases.start('fire')
    await vi.advanceTimersByTimeAsync(0)
    expect(link.commands).toEqual([])
    expect(told).toMatchObject([{ released: [], silent: ['a', 'b'] }])
    connected.add('dev-b')
    await vi.advanceTimersByTimeAsync(ROUND_MS)
    await answer('b')
    expect(told.at(-1)).toMatchObject({ released: ['b'], silent: ['a'] })
  })

  it('that the site gains while it lasts are released too', async () => {
    releases.start('fire')
    doors = [...doors, door('c')]
    connected.add('dev-c')
    await vi.advanceTimersByTimeAsync(ROUND_MS)
    expect(link.sent.at(-1)?.device).toBe('dev-c')
    expect(releases.holds('c')).toBe(true)
  })

  it('get no further order once it is over, and what was still out is not told', async () => {
    releases.start('fire')
    releases.stop('fire')
    expect(releases.holds('a')).toBe(false)
    await vi.advanceTimersByTimeAsync(10 * ROUND_MS)
    expect(link.commands).toHaveLength(2)
    expect(told).toEqual([])
  })

  it('are released on while nothing can be written, and told of when it can again', async () => {
    refuse = true
    releases.start('fire')
    await answer('a', 'b')
    refuse = false
    await vi.advanceTimersByTimeAsync(ROUND_MS)
    await answer('a', 'b')
    expect(link.commands).toHaveLength(4)
    expect(told).toMatchObject([{ released: ['a', 'b'] }])
  })
})
