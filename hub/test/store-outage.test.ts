/**
 * An outside store that is away for an hour (of the journal: the rows of that hour are written at once), that hangs, that
 * fails, that is killed in the middle of a batch: afterwards every point is there, once. Counted point by point.
 */
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { VigieEvent } from '../events.ts'
import { Appender } from '../record/chain.ts'
import { openDatabase } from '../record/database.ts'
import { Influx1 } from '../series/influx1.ts'
import { SeriesFollowing } from '../wiring/series-following.ts'
import { Shipping } from '../wiring/series-stores.ts'
import { until } from './harness.ts'
import { smallSite } from './small-site.ts'
import { Stage } from './stage.ts'
import { Influxd, noInfluxd } from './store-servers.ts'

const HOUR = 3_600_000
const NOW = Math.floor(Date.now() / HOUR) * HOUR
const DEVICES = ['door-1', 'door-2', 'cabinet-1'] as const
const WAIT_MS = 60_000

const server = new Influxd()
let proxy: Between
beforeAll(async () => {
  if (noInfluxd) return
  await server.start()
  proxy = await new Between().start()
}, 90_000)
afterAll(async () => {
  await proxy?.close()
  await server.close()
})

/** Between hub and influxd: what has passed may still be answered with a failure. */
class Between {
  /** Before it reaches the store, or after the store has it. */
  failing: 'never' | 'before' | 'after' = 'never'
  readonly #server: Server
  constructor() {
    this.#server = createServer((incoming, answer) => {
      if (this.failing === 'before') {
        answer.writeHead(500).end('{"error":"oops"}')
        return
      }
      const onwards = request(
        `${server.url}${incoming.url}`,
        { method: incoming.method, headers: incoming.headers },
        back => {
          if (this.failing === 'after') answer.writeHead(500).end()
          else {
            answer.writeHead(back.statusCode ?? 502, back.headers)
            back.pipe(answer)
          }
        },
      )
      onwards.on('error', () => answer.destroy())
      incoming.pipe(onwards)
    })
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }
  async start(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}

describe.skipIf(noInfluxd)('an outage, against a real influxd (skipped where it is not installed)', () => {
  let stage: Stage
  let following: SeriesFollowing
  let shipping: Shipping
  let database: string
  let written: string[]
  let run = 0

  beforeEach(async () => {
    stage = await Stage.open()
    await stage.apply(smallSite())
    database = `outage${run++}`
    await server.ask(`create database ${database}`)
    written = []
    following = new SeriesFollowing(stage.folder, stage.db)
    shipping = begin()
  })
  afterEach(async () => {
    await shipping.stop()
    following.close()
    await stage.close()
  })
  const begin = (url = server.url): Shipping => {
    const account = { username: 'vigie', passwordFile: server.passwordFile, caFile: '', timeoutMs: 1_000 }
    return new Shipping(new Influx1({ url, database, ...account }), following)
  }
  /** A reading of each device every two seconds; now and then a refusal. */
  function write(fromSecond: number, seconds: number): void {
    const db = openDatabase(stage.folder)
    const appender = new Appender(db)
    const rows: { at: number; event: VigieEvent }[] = []
    for (let s = fromSecond; s < fromSecond + seconds; s += 2) {
      const at = NOW - 2 * HOUR + s * 1_000
      const messages = DEVICES.map((device, i) => {
        written.push(`${device} ${at} ${s + i / 10}`)
        const readings = [{ quantity: 'temperature', value: s + i / 10, unit: '°C' }]
        return { device, message: `m${s}`, deviceSeq: s, deviceAt: at, zone: 'ward', readings }
      })
      rows.push({ at, event: { kind: 'readings', messages } as VigieEvent })
      if (s % 20 === 0) rows.push({ at, event: { kind: 'device.online', device: 'door-1' } as VigieEvent })
    }
    const lines = rows.map(({ at, event }) => ({ at, kind: event.kind, body: JSON.stringify(event), inbox: [] }))
    db.transaction(() => appender.append(lines))()
    db.close()
  }
  const follow = async (now = NOW): Promise<void> => {
    await following.catchUp({ now, timeZone: 'Europe/Paris', mostMb: 1_000 })
    shipping.wake(now)
  }
  const caughtUp = (what: string) =>
    until(
      what,
      async () => {
        await follow()
        return shipping.state.behind === 0 && shipping.state.trouble === undefined
      },
      WAIT_MS,
    )
  const failing = (code: string) =>
    until(
      code,
      async () => {
        await follow()
        return shipping.state.trouble?.code === code
      },
      WAIT_MS,
    )
  /** Every point of the measurement, as the store tells it. */
  async function stored(): Promise<string[]> {
    const answer = (await server.ask('select device, temperature_celsius from reading', database)) as {
      results: { series?: { values: [number, string, number][] }[] }[]
    }
    const values = answer.results[0]?.series?.[0]?.values ?? []
    return values.map(([time, device, value]) => `${device} ${time} ${value}`)
  }
  const expectEveryPointOnce = async (): Promise<void> => {
    const there = await stored()
    expect(there.length).toBe(written.length)
    expect([...there].sort()).toEqual([...written].sort())
  }

  it('of an hour: nothing is lost, nothing is there twice', async () => {
    write(0, 600)
    await caughtUp('what was before')
    await server.stop('SIGKILL')
    write(600, 3_600)
    await failing('store-unreachable')
    await server.start()
    write(4_200, 300)
    await caughtUp('what was missing')
    await expectEveryPointOnce()
    expect(written.length).toBe(6_750)
  }, 120_000)

  it('a store that hangs, and one that fails after it has stored: the same', async () => {
    write(0, 600)
    await caughtUp('what was before')
    server.suspend()
    write(600, 600)
    await failing('store-unreachable')
    server.resume()
    await caughtUp('what was missing')
    await shipping.stop()
    shipping = begin(proxy.url)
    for (const mode of ['before', 'after'] as const) {
      proxy.failing = mode
      write(mode === 'before' ? 1_200 : 1_800, 600)
      await failing('store-unreachable')
      proxy.failing = 'never'
      await caughtUp(`failures ${mode}`)
    }
    await expectEveryPointOnce()
  }, 120_000)

  it('the hub ends in the middle, and begins anew: the same', async () => {
    write(0, 3_600)
    for (let i = 0; i < 5; i++) {
      await follow()
      await shipping.stop()
      following.close()
      following = new SeriesFollowing(stage.folder, stage.db)
      shipping = begin()
    }
    await caughtUp('all of it')
    await expectEveryPointOnce()
  }, 120_000)

  it('what lost its payload meanwhile is sent as what its hours add up to', async () => {
    write(0, 3_600)
    await following.catchUp({ now: NOW, timeZone: 'Europe/Paris', mostMb: 1_000 })
    const db = openDatabase(stage.folder)
    db.exec(`insert into erased (seq, row) select seq, seq from journal where kind = 'readings' and at < ${NOW - 1.5 * HOUR};
      delete from journal_payload where seq in (select seq from erased)`)
    db.close()
    await caughtUp('what is left')
    // A mean for each device in place of the half hour's points; counts are whole.
    await until(
      'the hour to be compared',
      async () => {
        await follow()
        return (await stored()).length === written.length / 2 + DEVICES.length
      },
      WAIT_MS,
    )
    const half = written.filter(line => line.startsWith('door-1 ')).slice(0, 900)
    const mean = half.reduce((sum, line) => sum + Number(line.split(' ')[2]), 0) / half.length
    const [stood] = (await stored()).filter(line => line.startsWith(`door-1 ${NOW - 2 * HOUR} `))
    expect(Number(stood?.split(' ')[2])).toBeCloseTo(mean, 6)
  }, 120_000)

  it('switched on later, it is filled from what there is', async () => {
    write(0, 7_000)
    await caughtUp('all of it')
    await expectEveryPointOnce()
    const sum = (await server.ask('select sum(count) from device', database)) as {
      results: { series: { values: [number, number][] }[] }[]
    }
    expect(sum.results[0]?.series[0]?.values[0]?.[1]).toBe(350)
  }, 120_000)

  it('a point that it does not take is set aside with its reason, and the rest goes', async () => {
    await fetch(`${server.url}/write?db=${database}`, {
      method: 'POST',
      headers: server.asAdmin,
      body: `device,site=main count="text" ${NOW - 2 * HOUR}000000`,
    })
    write(0, 600)
    await caughtUp('the rest')
    await expectEveryPointOnce()
    expect(shipping.state.aside).toBe(30)
    const [aside] = following.store.db.prepare<[], { reason: string; sample: string }>('select * from aside').all()
    expect(aside?.reason).toContain('field type conflict')
    expect(JSON.parse(aside?.sample ?? '')).toMatchObject({ measurement: 'device', tags: { device: 'door-1' } })
  }, 120_000)
})
