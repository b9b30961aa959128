/** What of the time series can be measured in one process: into the embedded store, into a real influxd, and a year's chart. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3-multiple-ciphers'
import { InfluxDB } from 'influx'
import type { VigieEvent } from '#hub/events.ts'
import { Appender } from '#hub/record/chain.ts'
import { type DataFolder, openDatabase, openFolder } from '#hub/record/database.ts'
import { SeriesWriter } from '#hub/record/series-writer.ts'
import { putItems } from '#hub/record/site.ts'
import { type Db, transaction } from '#hub/record/sql.ts'
import type { Point } from '#hub/rules/points.ts'
import { DAY_MS, readingQuantity, STEPS } from '#hub/rules/series.ts'
import { Influx1 } from '#hub/series/influx1.ts'
import { nanoseconds } from '#hub/series/store.ts'
import type { Influxd } from '#hub/test/store-servers.ts'
import { SeriesFollowing } from '#hub/wiring/series-following.ts'
import { Shipping } from '#hub/wiring/series-stores.ts'

export const DEVICES = 200
/** Readings that come within a few milliseconds are one row. */
const PER_ROW = 20
const MINUTE = 60_000
const TIME_ZONE = 'Europe/Paris'
const BATCH = 5_000
const TEMPERATURE = readingQuantity('temperature', '°C')

export interface SeriesGround {
  readonly folder: DataFolder
  readonly journal: Db
  readonly points: number
  readonly now: number
}
const deviceOf = (i: number): string => `sensor-${i % DEVICES}`
const zoneOf = (i: number): string => `zone-${i % 20}`

/** A journal in which every device has measured once a minute, until now. */
export function furnish(dir: string, points: number): SeriesGround {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const folder = openFolder(dir, '')
  const journal = openDatabase(folder)
  const now = Date.now()
  const item = (kind: 'zone' | 'device', id: string, more: object) => ({
    kind,
    id,
    body: JSON.stringify({ id, ...more }),
  })
  transaction(journal, () =>
    putItems(
      journal,
      [
        ...Array.from({ length: 20 }, (_, i) => item('zone', zoneOf(i), { name: zoneOf(i) })),
        ...Array.from({ length: DEVICES }, (_, i) =>
          item('device', deviceOf(i), { model: 'climate-sensor', name: 'x', zone: zoneOf(i) }),
        ),
      ],
      now,
    ),
  )
  const appender = new Appender(journal)
  for (let i = 0; i < points; i += BATCH) transaction(journal, () => appender.append(rowsFrom(i, points, now)))
  return { folder, journal, points, now }
}

function rowsFrom(first: number, points: number, now: number) {
  const began = now - Math.ceil(points / DEVICES) * MINUTE
  return Array.from({ length: Math.min(BATCH, points - first) / PER_ROW }, (_, r) => {
    const start = first + r * PER_ROW
    const at = began + Math.floor(start / DEVICES) * MINUTE + (start % DEVICES)
    const messages = Array.from({ length: PER_ROW }, (_, m) => ({
      ...{
        device: deviceOf(start + m),
        zone: zoneOf(start + m),
        message: `m-${start + m}`,
        deviceSeq: start,
        deviceAt: at,
      },
      readings: [{ quantity: 'temperature', value: 18 + ((start + m) % 70) / 10, unit: '°C' }],
    }))
    return { at, kind: 'readings', body: JSON.stringify({ kind: 'readings', messages } as VigieEvent), inbox: [] }
  })
}

/** Points a second from the journal into the embedded store, all that it adds up included. */
export async function embedded({ folder, journal, points, now }: SeriesGround): Promise<number> {
  const following = new SeriesFollowing(folder, journal)
  const began = performance.now()
  await following.catchUp({ now, timeZone: TIME_ZONE, mostMb: 100_000 })
  const seconds = (performance.now() - began) / 1_000
  following.close()
  return points / seconds
}

/** The same points as bare rows of an encrypted table, in transactions of as many. Points a second. */
export function plain(dir: string, { points, now }: SeriesGround): number {
  const db = new Database(join(dir, `plain-${randomBytes(4).toString('hex')}.db`))
  db.pragma("cipher = 'sqlcipher'")
  db.pragma(`key = "x'${'5a'.repeat(32)}'"`)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(
    'create table raw (series integer, at integer, nth integer, value real, primary key (series, at, nth)) without rowid',
  )
  const insert = db.prepare('insert into raw values (?, ?, ?, ?)')
  const began = performance.now()
  for (let first = 0; first < points; first += BATCH)
    transaction(db, () => {
      for (let i = first; i < Math.min(points, first + BATCH); i++)
        insert.run(i % DEVICES, now + Math.floor(i / DEVICES) * MINUTE, i, i)
    })
  const perSecond = points / ((performance.now() - began) / 1_000)
  db.close()
  return perSecond
}

/** From the journal into a real influxd, through the flow that the hub uses. Points a second. */
export async function shipped(
  { folder, journal, points, now }: SeriesGround,
  server: Influxd,
  database: string,
): Promise<number> {
  await server.ask(`create database ${database}`)
  const following = new SeriesFollowing(folder, journal)
  await following.catchUp({ now, timeZone: TIME_ZONE, mostMb: 100_000 })
  const store = new Influx1({
    url: server.url,
    database,
    username: 'vigie',
    passwordFile: server.passwordFile,
    caFile: '',
  })
  const shipping = new Shipping(store, following)
  const began = performance.now()
  shipping.wake(now)
  while (shipping.state.behind > 0) await new Promise(resolve => setTimeout(resolve, 5))
  const seconds = (performance.now() - began) / 1_000
  await shipping.stop()
  following.close()
  await expectAll(server, database, points)
  return points / seconds
}

/** The library alone, with the same points made beforehand. Points a second. */
export async function bare(ground: SeriesGround, server: Influxd, database: string): Promise<number> {
  await server.ask(`create database ${database}`)
  const following = new SeriesFollowing(ground.folder, ground.journal)
  const url = new URL(server.url)
  const client = new InfluxDB({
    host: url.hostname,
    port: Number(url.port),
    database,
    username: 'vigie',
    password: server.password,
  })
  let milliseconds = 0
  let sent = 0
  for (let seq = 0; sent < ground.points; ) {
    const rows = following.store.rowsAfter(seq, undefined, 2_000)
    seq = rows.at(-1)?.seq ?? Number.POSITIVE_INFINITY
    const points = following.pointsIn(rows).map(theirs)
    sent += points.length
    const began = performance.now()
    for (let i = 0; i < points.length; i += BATCH)
      await client.writePoints(points.slice(i, i + BATCH), { precision: 'n' })
    milliseconds += performance.now() - began
  }
  following.close()
  await expectAll(server, database, ground.points)
  return ground.points / (milliseconds / 1_000)
}
const theirs = (point: Point) => ({
  ...{ measurement: point.measurement, fields: point.fields, timestamp: nanoseconds(point) },
  tags: point.tags as Record<string, string>,
})

async function expectAll(server: Influxd, database: string, points: number): Promise<void> {
  const answer = await server.ask('select count(temperature_celsius) from reading', database)
  const [count] = /"values":\[\[0,(\d+)\]\]/.exec(JSON.stringify(answer))?.slice(1) ?? []
  if (Number(count) !== points) throw new Error(`${count} of ${points} points are in influxd`)
}

export interface Charted {
  readonly ms: number
  readonly points: number
}
/** A year of all devices, whose hours and days are as a year of minutes leaves them. Half of so many charts took longer. */
export function chartOfYear({ folder, journal }: SeriesGround, charts: number): Charted[] {
  const following = new SeriesFollowing(folder, journal)
  const { db } = following.store
  const until = Date.UTC(2026, 0, 1)
  const from = until - 365 * DAY_MS
  const hour = db.prepare('insert or replace into hour values (?, ?, 60, 1260, 18, 24.9, 21, ?)')
  const ids = db.prepare<[], { id: number }>('select id from series').all()
  transaction(db, () => {
    for (const { id } of ids) for (let at = from; at < until; at += 3_600_000) hour.run(id, at, at + 3_540_000)
  })
  new SeriesWriter(db).recount(following.dayBegins)
  const step = STEPS.find(({ name }) => name === '1d')!
  const made = Array.from({ length: charts }, () => {
    const began = performance.now()
    const { length } = following.curve({ quantity: TEMPERATURE, aggregate: 'mean', from, until, step }, TIME_ZONE)
    return { ms: performance.now() - began, points: length }
  })
  following.close()
  return made
}
