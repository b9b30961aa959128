/**
 * One contract for every store of time series: what is written is read back, each point once, in whatever step and aggregate.
 * Which stores ran is in the names below; a server that is not installed is skipped by name.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayBegins as beginsIn } from '../flows/journal-times.ts'
import { openDerived } from '../record/derived-file.ts'
import { seriesOptions } from '../record/series-file.ts'
import { curve } from '../record/series-read.ts'
import { SeriesWriter } from '../record/series-writer.ts'
import { type Point, TAGS } from '../rules/points.ts'
import {
  AGGREGATES,
  type CurveAsked,
  type CurvePoint,
  DAY_MS,
  EVENT_QUANTITIES,
  readingQuantity,
  STEPS,
} from '../rules/series.ts'
import { Influx1 } from '../series/influx1.ts'
import { fluxOf, Influx2 } from '../series/influx2.ts'
import { FakeStore, Influxd, noInfluxd, noVictoria, Victoria } from './store-servers.ts'

const PARIS = 'Europe/Paris'
const NOW = Math.floor(Date.now() / DAY_MS) * DAY_MS
const ZONES = ['ward', 'pharmacy', 'hall-2']

/** Two days of four sensors and of refusals: every field and tag that matters. */
const POINTS: readonly Point[] = Array.from({ length: 2_000 }, (_, i): Point => {
  const at = NOW - 2 * DAY_MS + i * 86_400 + (i % 11)
  const zone = ZONES[i % 3] as string
  if (i % 5 === 0)
    return {
      ...{ measurement: 'access', at, nth: i },
      tags: {
        site: 'main',
        zone,
        class: 'door',
        device: `door-${i % 4}`,
        access_point: `p ${i % 4}`,
        outcome: 'denied',
        reason: 'no-right',
      },
      fields: { count: 1 },
    }
  const value = Math.round(((i * 7919) % 400) - 100) / 10
  return {
    ...{ measurement: 'reading', at, nth: i },
    tags: { site: 'main', zone, device: `t-${i % 4}` },
    fields: { temperature_celsius: value },
  }
})
const TEMPERATURE = readingQuantity('temperature', '°C')
const REFUSALS = EVENT_QUANTITIES.find(q => q.name === 'refusals')!
const stepOf = (name: string) => STEPS.find(s => s.name === name)!
const asked = (changed: Partial<CurveAsked> & { stepName?: string } = {}): CurveAsked => {
  const { stepName = '1h', ...rest } = changed
  const from = stepName === '1d' ? beginsIn(NOW - 2 * DAY_MS, PARIS) : NOW - 2 * DAY_MS
  return { quantity: TEMPERATURE, aggregate: 'mean', from, until: NOW, step: stepOf(stepName), ...rest }
}
/** What the points come to, added up here. */
function expectedOf({ quantity, aggregate, zones, device, from, until, step }: CurveAsked): CurvePoint[] {
  const steps = new Map<number, number[]>()
  for (const { measurement, tags, fields, at } of POINTS) {
    const value = fields[quantity.field]
    if (value === undefined || measurement !== quantity.measurement || at < from || at >= until) continue
    if (zones && !zones.includes(tags.zone ?? '')) continue
    if (device !== undefined && tags.device !== device) continue
    const begins = step.name === '1d' ? beginsIn(at, PARIS) : at - (at % step.ms)
    steps.set(begins, [...(steps.get(begins) ?? []), value])
  }
  const sum = (all: number[]): number => all.reduce((a, b) => a + b, 0)
  const of: Record<CurveAsked['aggregate'], (all: number[]) => number> = {
    ...{ mean: all => sum(all) / all.length, min: all => Math.min(...all), max: all => Math.max(...all) },
    ...{ sum, count: all => all.length, last: all => all.at(-1)! },
  }
  return [...steps].sort(([a], [b]) => a - b).map(([at, all]) => [at, of[aggregate](all)])
}
function expectSame(got: readonly CurvePoint[], wanted: readonly CurvePoint[]): void {
  expect(got.map(([at]) => at)).toEqual(wanted.map(([at]) => at))
  for (const [i, [, value]] of got.entries()) expect(value).toBeCloseTo(wanted[i]![1], 9)
}

interface Tested {
  write(points: readonly Point[]): Promise<void>
  curve(asked: CurveAsked, timeZone: string): Promise<readonly CurvePoint[]>
}
function answersAsAll(store: () => Tested): void {
  it('nothing was measured yet: an empty curve', async () => {
    expect(await store().curve(asked(), PARIS)).toEqual([])
  })
  it('takes points, and the same ones again', async () => {
    await store().write(POINTS)
    await store().write(POINTS.slice(500, 1_500))
    expectSame(
      await store().curve(asked({ aggregate: 'count', stepName: '1d' }), PARIS),
      expectedOf(asked({ aggregate: 'count', stepName: '1d' })),
    )
  })
  it.each(['1m', '5m', '15m', '1h', '3h', '1d'].flatMap(step => AGGREGATES.map(a => [a, step] as const)))(
    'tells the %s of each %s',
    async (aggregate, stepName) => {
      const question = asked({ aggregate, stepName, ...(stepName === '1m' && { from: NOW - DAY_MS / 2 }) })
      expectSame(await store().curve(question, PARIS), expectedOf(question))
    },
  )
  it('of one device, of some zones, of none', async () => {
    for (const place of [{ device: 't-1' }, { zones: [ZONES[2]!] }, { zones: ['ward', 'pharmacy'] }, { zones: [] }])
      expectSame(await store().curve(asked(place), PARIS), expectedOf(asked(place)))
  })
  it('counts by a tag', async () => {
    const question = asked({ quantity: REFUSALS, aggregate: 'sum', stepName: '3h' })
    expectSame(await store().curve(question, PARIS), expectedOf(question))
  })
}

describe('the embedded store', () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigie-embedded-'))
  const { db } = openDerived(seriesOptions({ dir, key: '5a'.repeat(32), file: '' }))
  const writer = new SeriesWriter(db)
  afterAll(() => {
    db.close()
    rmSync(dir, { recursive: true, force: true })
  })
  answersAsAll(() => ({
    write: async points => writer.add(points, { now: NOW, dayBegins: at => beginsIn(at, PARIS) }, () => undefined),
    curve: async question => curve(db, question),
  }))
})

describe.skipIf(noInfluxd)('InfluxDB 1.x: a real influxd (skipped where it is not installed)', () => {
  const server = new Influxd(100_000)
  const storeWith = (changed: object = {}) =>
    new Influx1({
      url: server.url,
      database: 'vigie',
      username: 'vigie',
      passwordFile: server.passwordFile,
      caFile: '',
      ...changed,
    })
  let store: Influx1
  beforeAll(async () => {
    await server.start()
    await server.ask('create database vigie')
    store = storeWith()
  }, 90_000)
  afterAll(() => server.close())

  answersAsAll(() => ({
    // Its limit on bodies is low, for the test below.
    write: async points => {
      for (let i = 0; i < points.length; i += 500) await store.write(points.slice(i, i + 500))
    },
    curve: (question, zone) => store.curve(question, zone),
  }))

  it('a database that is not there, a wrong password, a file that is none', async () => {
    await expect(storeWith({ database: 'nobody' }).write(POINTS.slice(0, 1))).rejects.toMatchObject({
      code: 'store-missing',
    })
    await expect(storeWith({ database: 'nobody' }).curve(asked(), PARIS)).rejects.toMatchObject({
      code: 'store-missing',
    })
    const wrong = join(server.dir, 'wrong')
    writeFileSync(wrong, 'wrong')
    await expect(storeWith({ passwordFile: wrong }).write(POINTS.slice(0, 1))).rejects.toMatchObject({
      code: 'store-refused',
    })
    await expect(storeWith({ passwordFile: '/nowhere' }).write(POINTS.slice(0, 1))).rejects.toMatchObject({
      code: 'store-unreachable',
    })
  })

  it('a body that is too large for it', async () => {
    await expect(store.write(POINTS)).rejects.toMatchObject({ code: 'store-too-large' })
  })

  it('a field of another type, and a time that it does not know: says how many it dropped, and keeps the rest', async () => {
    await server.ask('create database mixed')
    const mixed = storeWith({ database: 'mixed' })
    await fetch(`${server.url}/write?db=mixed`, {
      method: 'POST',
      headers: server.asAdmin,
      body: `access,site=main count="text" ${POINTS[0]!.at}000000`,
    })
    const failure = await mixed.write(POINTS.slice(0, 10)).catch(error => error)
    expect(failure).toMatchObject({ code: 'store-rejected', details: { dropped: 2 } })
    expect(failure.message).toContain('field type conflict')
    expect(
      (await mixed.curve(asked({ aggregate: 'count', stepName: '1d' }), PARIS)).reduce((n, [, v]) => n + v, 0),
    ).toBe(8)
    await expect(mixed.write([{ ...POINTS[1]!, at: Date.UTC(2300, 0) }])).rejects.toMatchObject({
      code: 'store-rejected',
    })
  })

  it('does not wait for one that hangs', async () => {
    server.suspend()
    try {
      await expect(storeWith({ timeoutMs: 300 }).write(POINTS.slice(0, 1))).rejects.toMatchObject({
        code: 'store-unreachable',
      })
    } finally {
      server.resume()
    }
  })
})

describe.skipIf(noVictoria)(
  'InfluxDB 2.x writing, into a real VictoriaMetrics (skipped where it is not installed)',
  () => {
    const server = new Victoria()
    const tokenFile = join(server.dir, 'token')
    beforeAll(async () => {
      writeFileSync(tokenFile, 'a token of this test')
      await server.start()
    }, 90_000)
    afterAll(() => server.close())

    it('every point is there with its tags and value, once, though sent twice', async () => {
      const store = new Influx2({ url: server.url, org: 'vigie', bucket: 'vigie', tokenFile, caFile: '' })
      await store.write(POINTS)
      await store.write(POINTS)
      const seen = new Map<string, number>()
      for (const { metric, timestamps, values } of await server.exported('{site="main"}'))
        for (const [i, at] of timestamps.entries())
          seen.set(
            `${metric.__name__} ${TAGS.map(t => metric[t] ?? '').join('|')} ${at} ${values[i]}`,
            (seen.get(`${at}`) ?? 0) + 1,
          )
      const wanted = POINTS.map(({ measurement, tags, fields, at }) => {
        const [field, value] = Object.entries(fields)[0]!
        return `${measurement}.${field} ${TAGS.map(t => tags[t] ?? '').join('|')} ${at} ${value}`
      })
      expect([...seen.keys()].sort()).toEqual([...new Set(wanted)].sort())
    })
  },
)

describe('InfluxDB 2.x reading (nothing that can be installed here answers Flux: a server that checks what it is asked)', () => {
  const server = new FakeStore()
  const dir = mkdtempSync(join(tmpdir(), 'vigie-flux-'))
  const tokenFile = join(dir, 'token')
  const store = () => new Influx2({ url: server.url, org: 'vigie', bucket: 'b', tokenFile, caFile: '', timeoutMs: 500 })
  beforeAll(async () => {
    writeFileSync(tokenFile, 'secret-token\n')
    await server.start()
  })
  afterAll(async () => {
    await server.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const CSV = [
    '#datatype,string,long,dateTime:RFC3339,double',
    '#group,false,false,false,false',
    '#default,_result,,,',
    ',result,table,_time,_value',
    ',,0,2026-11-20T00:00:00Z,21.5',
    ',,0,2026-11-20T01:00:00Z,22',
    '',
  ].join('\r\n')

  it('asks for one table of means, on the calendar of the site, and reads the answer', async () => {
    server.answer = (_, response) => response.writeHead(200, { 'content-type': 'text/csv' }).end(CSV)
    expect(await store().curve(asked(), PARIS)).toEqual([
      [Date.UTC(2026, 10, 20, 0), 21.5],
      [Date.UTC(2026, 10, 20, 1), 22],
    ])
    const { url, headers, body } = server.heard.at(-1)!
    expect(url.pathname + url.search).toBe('/api/v2/query?org=vigie')
    expect(headers.authorization).toBe('Token secret-token')
    expect(JSON.parse(body)).toMatchObject({ type: 'flux' })
  })

  it('what is asked, in full', () => {
    const zones = ['ward', 'a"b']
    expect(
      fluxOf(asked({ zones, stepName: '1d', aggregate: 'max', from: 0, until: 86_400_000 }), 'b', PARIS).toString(),
    ).toBe(
      `import "timezone"
option location = timezone.location(name: "Europe/Paris")
from(bucket: "b")
  |> range(start: time(v: "1970-01-01T00:00:00.000Z"), stop: time(v: "1970-01-02T00:00:00.000Z"))
  |> filter(fn: (r) => r["_measurement"] == "reading" and r["_field"] == "temperature_celsius" and (r["zone"] == "ward" or r["zone"] == "a\\"b"))
  |> group()
  |> sort(columns: ["_time"])
  |> aggregateWindow(every: duration(v: "1d"), fn: max, createEmpty: false, timeSrc: "_start")
  |> keep(columns: ["_time", "_value"])`,
    )
  })

  it.each([
    ['a wrong token', 401, {}, '{"message":"unauthorized access"}', 'store-refused'],
    ['a bucket that is not there', 404, {}, '{"message":"bucket \\"b\\" not found"}', 'store-missing'],
    ['too much at once', 413, {}, '{}', 'store-too-large'],
    ['a point that it does not take', 422, {}, '{"message":"points beyond retention"}', 'store-rejected'],
    ['an error of its own', 500, {}, 'oops', 'store-unreachable'],
    ['a proxy in between', 502, {}, '<html>\u001b[31mBad gateway</html>', 'store-unreachable'],
  ])('%s: %s', async (_, status, headers, body, code) => {
    server.answer = (_heard, response) => response.writeHead(status, headers).end(body)
    for (const failing of [store().write(POINTS.slice(0, 3)), store().curve(asked(), PARIS)]) {
      const failure = await failing.catch((error: unknown) => error as Error)
      expect(failure).toMatchObject({ code })
      expect((failure as Error).message).not.toContain('\u001b')
    }
  })

  const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toUTCString()
  it.each([
    ['7', 7],
    ['in a minute and a half', 90],
    ['86400', 600],
    ['soon', 5],
  ])('asked to wait (%s): waits %s s', async (header, seconds) => {
    server.answer = (_, response) =>
      response.writeHead(429, { 'retry-after': header === 'in a minute and a half' ? inSeconds(90) : header }).end('{}')
    const failure = (await store()
      .write(POINTS.slice(0, 3))
      .catch((error: unknown) => error)) as { details: { seconds: number } }
    expect(failure).toMatchObject({ code: 'store-busy' })
    expect(Math.abs(failure.details.seconds - seconds)).toBeLessThanOrEqual(1)
  })

  it.each<[string, FakeStore['answer']]>([
    ['nothing at all', () => undefined],
    [
      'half of an answer',
      (_, response) =>
        response.writeHead(200, { 'content-length': '500' }).write(CSV.slice(0, 150), () => response.destroy()),
    ],
    [
      'an answer drop by drop',
      (_, response) => {
        response.writeHead(200)
        const timer = setInterval(() => response.write(' '), 50)
        response.on('close', () => clearInterval(timer))
      },
    ],
    [
      'an answer without an end',
      (_, response) => {
        response.writeHead(200)
        const more = (): void => {
          while (response.write('x'.repeat(65_536)) && !response.destroyed);
        }
        response.on('drain', more)
        more()
      },
    ],
    [
      'something else',
      (_, response) => response.writeHead(200, { 'content-type': 'text/csv' }).end(CSV.replace('21.5', 'warm')),
    ],
  ])('a server that says %s is left in time', async (_, answer) => {
    server.answer = answer
    await expect(store().curve(asked(), PARIS)).rejects.toMatchObject({ code: 'store-unreachable' })
    const old = new Influx1({
      url: server.url,
      database: 'b',
      username: '',
      passwordFile: '',
      caFile: '',
      timeoutMs: 500,
    })
    await expect(old.curve(asked(), PARIS)).rejects.toMatchObject({ code: 'store-unreachable' })
  })
})
