/** What is being worked on ends when its time is over, and says so once; what can't be written stays under way. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import type { Recorded } from '../events.ts'
import { smallSite } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { Works } from './maintenance.ts'

const MINUTE = 60_000
const WHO = { by: 'o-1', reach: undefined }
let stage: Stage
let now: number
let isDiskDown: boolean
let told: Recorded[]
let changes: number
beforeEach(async () => {
  stage = await Stage.open()
  ;[now, isDiskDown, told, changes] = [NOON, false, [], 0]
})
afterEach(() => stage.close())

const works = (): Works =>
  new Works({
    db: stage.db,
    op: async (name, args) => {
      if (isDiskDown) throw new VigieError('journal-unavailable', { cause: 'test' })
      return stage.op(name, args)
    },
    publish: row => told.push(row),
    now: () => now,
    registry: () => ({ site: smallSite(), nameOf: () => undefined }) as never,
    changed: () => {
      changes++
    },
  })
const above = (zone: string): readonly string[] => (zone === 'ward' ? ['ward'] : [zone, 'ward'])

it('covers a zone with those below it until its end, and a device by its name', async () => {
  const of = works()
  await of.desk.begin({ zone: 'ward', minutes: 10 }, WHO)
  await of.desk.begin({ device: 'garden-door', minutes: 20 }, WHO).catch(() => undefined)
  expect(of.covers({ zone: 'drugs', device: 'any' }, NOON, above)).toBe(true)
  expect(of.covers({ zone: 'drugs' }, NOON + 10 * MINUTE, above)).toBe(false)
  expect(of.covers({}, NOON, above)).toBe(false)
  expect(of.nextAt()).toBe(NOON + 10 * MINUTE)
})

it('ends by itself, once, with a row that names nobody; another start knows what is left', async () => {
  const of = works()
  await of.desk.begin({ zone: 'ward', minutes: 10 }, WHO)
  await of.desk.begin({ zone: 'garden', minutes: 30, comment: 'peinture' }, WHO)
  now = NOON + 10 * MINUTE
  await of.look(now)
  await of.look(now)
  expect(told.map(r => r.event)).toMatchObject([
    { kind: 'maintenance.started', zone: 'ward', by: 'o-1', until: NOON + 10 * MINUTE },
    { kind: 'maintenance.started', zone: 'garden', comment: 'peinture' },
    { kind: 'maintenance.ended', zone: 'ward' },
  ])
  expect(told.at(-1)?.event).not.toHaveProperty('by')
  expect(changes).toBe(3)
  expect(
    works()
      .desk.list(undefined)
      .maintenance.map(m => m.zone),
  ).toEqual(['garden'])
})

it('is over in time even where that can not be written, and is written later', async () => {
  const of = works()
  await of.desk.begin({ zone: 'ward', minutes: 1 }, WHO)
  now += MINUTE
  isDiskDown = true
  await expect(of.look(now)).rejects.toThrow(VigieError)
  expect(of.covers({ zone: 'ward' }, now, above)).toBe(false)
  isDiskDown = false
  await of.look(now)
  expect(told.at(-1)?.event.kind).toBe('maintenance.ended')
})
