/** The embedded store against a journal that grows, ages, is restored, and against a file that is damaged. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import { Appender } from '../record/chain.ts'
import { openDatabase } from '../record/database.ts'
import { newOrigin } from '../record/new-origin.ts'
import { seriesFile } from '../record/series-file.ts'
import { AGGREGATES, type Aggregate, type CurveAsked, DAY_MS, readingQuantity, STEPS } from '../rules/series.ts'
import { smallSite } from '../test/small-site.ts'
import { Stage } from '../test/stage.ts'
import { SeriesFollowing } from './series-following.ts'

const PARIS = 'Europe/Paris'
const NOW = Date.UTC(2026, 5, 10, 8)
const MINUTE = 60_000
const told = { now: NOW, timeZone: PARIS, mostMb: 1_000 }

let stage: Stage
let series: SeriesFollowing
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply(smallSite())
  series = new SeriesFollowing(stage.folder, stage.db)
})
afterEach(async () => {
  series.close()
  await stage.close()
})

const readings = (device: string, at: number, value: number): { at: number; event: VigieEvent } => ({
  at,
  event: {
    kind: 'readings',
    messages: [
      {
        ...{
          device,
          message: `${device}-${at}`,
          deviceSeq: 1,
          deviceAt: at,
          zone: device === 'door-2' ? 'garden' : 'ward',
        },
        readings: [{ quantity: 'temperature', value, unit: '°C' }],
      },
    ],
  } as VigieEvent,
})
/** A row each: the journal's writer would gather readings that come at once. @returns seqs */
function append(...rows: { at: number; event: VigieEvent }[]): number[] {
  const db = openDatabase(stage.folder)
  const appender = new Appender(db)
  const lines = rows.map(({ at, event }) => ({ at, kind: event.kind, body: JSON.stringify(event), inbox: [] }))
  const first = db.transaction(() => appender.append(lines))()
  db.close()
  return rows.map((_, i) => first + i)
}
const asked = (changed: Partial<CurveAsked> & { days?: number; stepName?: string } = {}): CurveAsked => {
  const { days = 1, stepName = '5m', ...rest } = changed
  const step = STEPS.find(s => s.name === stepName)!
  return {
    ...{ quantity: readingQuantity('temperature', '°C'), aggregate: 'mean', step },
    ...{ from: NOW - days * DAY_MS, until: NOW, ...rest },
  }
}
const curve = async (changed?: Parameters<typeof asked>[0], zone = PARIS) => {
  await series.catchUp({ ...told, timeZone: zone })
  return series.curve(asked(changed), zone)
}

describe('a curve', () => {
  it('has the mean of each step, and no step in which nothing was measured', async () => {
    const t = NOW - 60 * MINUTE
    append(readings('door-1', t, 10), readings('door-1', t + MINUTE, 20), readings('door-1', t + 20 * MINUTE, 7))
    expect(await curve()).toEqual([
      [t, 15],
      [t + 20 * MINUTE, 7],
    ])
  })

  it('is of one device, of zones, or of the whole site', async () => {
    append(readings('door-1', NOW - MINUTE, 10), readings('door-2', NOW - MINUTE, 30))
    const value = async (changed: Partial<CurveAsked>) => (await curve(changed))[0]?.[1]
    expect(await value({})).toBe(20)
    expect(await value({ device: 'door-2' })).toBe(30)
    expect(await value({ zones: ['ward', 'pharmacy'] })).toBe(10)
    expect(await value({ zones: ['pharmacy'] })).toBeUndefined()
  })

  it('is the same from raw points, minutes, hours and days', async () => {
    const points = Array.from({ length: 600 }, (_, i) =>
      readings('door-1', NOW - 6 * 3_600_000 + i * 35_000 + (i % 7), (i * 37) % 101),
    )
    append(...points)
    const values = points.map((_, i) => (i * 37) % 101)
    const expected: Record<Aggregate, number> = {
      mean: values.reduce((a, b) => a + b) / 600,
      min: Math.min(...values),
      max: Math.max(...values),
      sum: values.reduce((a, b) => a + b),
      count: 600,
      last: values.at(-1)!,
    }
    for (const aggregate of AGGREGATES) {
      // A day of Paris holds all of them: hours, minutes and seconds must come to the same.
      expect((await curve({ aggregate, stepName: '1d' }))[0]?.[1]).toBeCloseTo(expected[aggregate], 9)
      for (const stepName of ['1s', '1m', '1h']) {
        const steps = await curve({ aggregate, stepName })
        const own = stepName === '1s' ? steps : await curve({ aggregate: 'count', stepName })
        expect(steps.length).toBe(own.length)
        if (aggregate === 'sum' || aggregate === 'count')
          expect(steps.reduce((sum, [, v]) => sum + v, 0)).toBeCloseTo(expected[aggregate], 9)
        if (aggregate === 'max') expect(Math.max(...steps.map(([, v]) => v))).toBe(expected.max)
        if (aggregate === 'last') expect(steps.at(-1)?.[1]).toBe(expected.last)
      }
    }
  })

  it('days are those of the calendar, 23 hours long when the clocks go forward', async () => {
    const spring = Date.UTC(2026, 2, 28, 23) // midnight in Paris, 29 March
    const rows = Array.from({ length: 48 }, (_, i) => readings('door-1', spring + i * 3_600_000, 1))
    append(...rows)
    const days = await curve({ stepName: '1d', aggregate: 'count', from: spring, until: spring + 3 * DAY_MS })
    expect(days).toEqual([
      [spring, 23],
      [spring + 23 * 3_600_000, 24],
      [spring + 47 * 3_600_000, 1],
    ])
  })

  it('days follow the site into another time zone', async () => {
    append(readings('door-1', Date.UTC(2026, 5, 8, 23), 1), readings('door-1', Date.UTC(2026, 5, 9, 12), 1))
    const span = { stepName: '1d', aggregate: 'count', from: Date.UTC(2026, 5, 7), until: NOW } as const
    expect(await curve(span)).toEqual([[Date.UTC(2026, 5, 8, 22), 2]])
    expect(await curve(span, 'UTC')).toEqual([
      [Date.UTC(2026, 5, 8), 1],
      [Date.UTC(2026, 5, 9), 1],
    ])
  })
})

describe('what lasts', () => {
  it('points go after 14 days; minutes, hours and days stay their time', async () => {
    append(readings('door-1', NOW - 13 * DAY_MS, 1), readings('door-1', NOW - 20 * DAY_MS, 2))
    const count = async (stepName: string) => (await curve({ days: 30, stepName })).length
    expect(await count('1s')).toBe(1)
    expect(await count('1m')).toBe(2)
    await series.catchUp({ ...told, now: NOW + 60 * DAY_MS })
    expect(series.curve(asked({ days: 30, stepName: '1s' }), PARIS)).toHaveLength(0)
    expect(series.curve(asked({ days: 30, stepName: '1m' }), PARIS)).toHaveLength(0)
    expect(series.curve(asked({ days: 30, stepName: '1h' }), PARIS)).toHaveLength(2)
  })

  it('is shortened where the file would be too large, and says so', async () => {
    const rows = Array.from({ length: 6_000 }, (_, i) => readings('door-1', NOW - DAY_MS - i * 10_000, i))
    append(...rows)
    await series.catchUp({ ...told, mostMb: 0.2 })
    expect(series.part).toBeLessThan(1)
    expect(series.store.bytes).toBeLessThan(1_000_000)
    expect(
      series.curve(asked({ days: 3, stepName: '1d', aggregate: 'count' }), PARIS).reduce((n, [, v]) => n + v, 0),
    ).toBe(6_000)
  })

  it('rows without a payload leave no point, and stop nothing', async () => {
    const [first] = append(readings('door-1', NOW - 2 * MINUTE, 1), readings('door-1', NOW - MINUTE, 2))
    const db = openDatabase(stage.folder)
    db.prepare('insert into erased (seq, row) values (?, ?)').run(first, first)
    db.prepare('delete from journal_payload where seq = ?').run(first)
    db.close()
    expect((await curve({ stepName: '1m' })).map(([, v]) => v)).toEqual([2])
  })
})

describe('what goes wrong', () => {
  it('a restart goes on where it stood: nothing is counted twice', async () => {
    append(readings('door-1', NOW - 2 * MINUTE, 1))
    await curve()
    series.close()
    series = new SeriesFollowing(stage.folder, stage.db)
    append(readings('door-1', NOW - MINUTE, 2))
    expect(await curve({ aggregate: 'count', stepName: '1d' })).toEqual([[NOW - 10 * 3_600_000, 2]])
  })

  it('a damaged file is put aside and derived again', async () => {
    append(readings('door-1', NOW - MINUTE, 3))
    await curve()
    series.close()
    const file = seriesFile(stage.folder.dir)
    writeFileSync(file, Buffer.alloc(readFileSync(file).length, 7))
    series = new SeriesFollowing(stage.folder, stage.db)
    expect((await curve()).map(([, v]) => v)).toEqual([3])
    expect(existsSync(`${file}.damaged`)).toBe(true)
  })

  it('after a restore it goes on from the last row that both journals have', async () => {
    append(readings('door-1', NOW - 3 * MINUTE, 1))
    await curve()
    const { seq } = series.store.reached
    const db = openDatabase(stage.folder)
    db.transaction(() => newOrigin(db))()
    db.close()
    append(readings('door-1', NOW - MINUTE, 2))
    expect(await curve({ aggregate: 'count', stepName: '1d' })).toEqual([[NOW - 10 * 3_600_000, 2]])
    expect(series.store.reached.seq).toBeGreaterThan(seq)
  })

  it('another journal’s file is put aside', async () => {
    append(readings('door-1', NOW - MINUTE, 1))
    await curve()
    series.store.db.prepare("update meta set value = '1 vigie-journal/other' where key = 'of'").run()
    expect(await curve({ aggregate: 'count', stepName: '1d' })).toEqual([[NOW - 10 * 3_600_000, 1]])
    expect(existsSync(`${seriesFile(stage.folder.dir)}.damaged`)).toBe(true)
  })
})
