/** Zones armed by scenarios, while the disk fails and when it is back. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import type { Recorded } from '../events.ts'
import { armedZones } from '../record/incidents.ts'
import { NOON, Stage } from '../test/stage.ts'
import { Arming } from './arming.ts'

let stage: Stage
let isDiskDown: boolean
let changed: string[]
let told: Recorded[]
let arming: Arming
beforeEach(async () => {
  stage = await Stage.open()
  isDiskDown = false
  changed = []
  told = []
  const op = ((name: 'armZone', args: never) =>
    isDiskDown
      ? Promise.reject(new VigieError('journal-unavailable', { cause: 'test' }))
      : Promise.resolve(stage.op(name, args))) as never
  arming = new Arming({ db: stage.db, op, publish: row => told.push(row), changed: zone => changed.push(zone) })
})
afterEach(() => stage.close())

const by = 'scenario:night'
const stored = (): string[] => armedZones(stage.db).map(z => `${z.zone} by ${z.by}`)

describe('a scenario', () => {
  it('arms at once, also while the disk fails, and it is written when the disk is back', async () => {
    isDiskDown = true
    arming.wish('ward', { isArmed: true, by, at: NOON })
    await expect(arming.settle()).rejects.toMatchObject({ code: 'journal-unavailable' })
    expect([[...arming.zones], changed, stored(), arming.waiting]).toEqual([['ward'], ['ward'], [], 1])
    isDiskDown = false
    await arming.settle()
    expect([stored(), arming.waiting, told.map(r => r.event.kind)]).toEqual([
      ['ward by scenario:night'],
      0,
      ['zone.armed'],
    ])
    expect(changed).toEqual(['ward'])
  })
  it('disarms only when that is on disk', async () => {
    await arming.set('ward', { isArmed: true, by: 'o-1', at: NOON })
    isDiskDown = true
    arming.wish('ward', { isArmed: false, by, at: NOON })
    await expect(arming.settle()).rejects.toMatchObject({ code: 'journal-unavailable' })
    expect([...arming.zones]).toEqual(['ward'])
    isDiskDown = false
    await arming.settle()
    expect([[...arming.zones], stored(), changed]).toEqual([[], [], ['ward', 'ward']])
  })
  it('that wishes twice has its last word written, and what is so already writes no row', async () => {
    arming.wish('ward', { isArmed: true, by, at: NOON })
    arming.wish('ward', { isArmed: false, by, at: NOON + 1 })
    await arming.settle()
    expect([[...arming.zones], stored(), told]).toEqual([[], [], []])
  })
})
