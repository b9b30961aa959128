/** Curves on a whole hub: what devices say over MQTT is drawn over HTTP, for whoever may see where it was. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Curve, HubState, Problem, QuantityList, Report } from '../api.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

/** Curves follow every five seconds, on a machine that is not busy with a hundred other tests. */
const WAIT_MS = 60_000
const hub = new TestHub()
const lux = new TestDevice('lux-1', 'test-site')
const cabinet = new TestDevice('cab-1', 'test-site')

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  for (const device of [lux, cabinet]) await device.connect(hub)
  for (const value of [120, 180, 240])
    await lux.send('reading', { readings: [{ quantity: 'illuminance', value, unit: 'lx' }] })
  for (const uid of [NURSE, VISITOR, VISITOR]) await cabinet.badge(uid)
}, 120_000)
afterAll(async () => {
  for (const device of [lux, cabinet]) await device.close()
  await hub.close()
})

const curve = (query: string, by = hub.admin): Promise<Curve> =>
  by.fetch(`/api/v1/series?${query}`).then(a => a.json() as Promise<Curve>)
const total = async (query: string): Promise<number> => (await curve(query)).points.reduce((sum, p) => sum + p.value, 0)
const refusal = async (query: string, by = hub.admin): Promise<string> =>
  ((await (await by.fetch(`/api/v1/series?${query}`)).json()) as Problem).code

describe('curves of a hub', () => {
  it('readings are drawn within seconds, by device, by zone and by the site', async () => {
    await until('three readings', async () => (await total('quantity=illuminance&aggregate=count')) === 3, WAIT_MS)
    expect(await total('quantity=illuminance&aggregate=sum&device=lux-1')).toBe(540)
    expect(await total('quantity=illuminance&aggregate=sum&zone=ward')).toBe(540)
    expect(await total('quantity=illuminance&aggregate=sum&zone=hall')).toBe(0)
    expect((await curve('quantity=illuminance&step=1s&aggregate=max')).points.at(-1)?.value).toBe(240)
  }, 90_000)

  it('badges are counted by what came of them, at their access point', async () => {
    await until('two refusals', async () => (await total('quantity=refusals&accessPoint=cab-1-d1')) === 2, WAIT_MS)
    expect(await total('quantity=grants&accessPoint=cab-1-d1')).toBe(1)
    expect(await total('quantity=grants&accessPoint=cab-1-d2')).toBe(0)
  }, 90_000)

  it('says what it can draw', async () => {
    const { quantities } = await hub.get<QuantityList>('/api/v1/series/quantities')
    expect(quantities.map(q => q.name)).toEqual(expect.arrayContaining(['illuminance', 'temperature', 'refusals']))
  })

  it('whoever’s role counts in one zone sees that zone, and the other is not there', async () => {
    const manager = await hub.signInAs('ward-manager', ['hall'])
    expect((await curve('quantity=illuminance&aggregate=count', manager)).points).toEqual([])
    expect(await refusal('quantity=illuminance&zone=ward', manager)).toBe('zone-unknown')
    expect(await refusal('quantity=illuminance&device=lux-1', manager)).toBe('device-unknown')
    expect(await refusal('quantity=grants&accessPoint=cab-1-d1', manager)).toBe('access-point-unknown')
  })

  it.each([
    ['quantity=souls', 'quantity-unknown'],
    ['quantity=illuminance&from=2016-11-22&until=2026-11-22&step=1s', 'filter-invalid'],
    ['quantity=illuminance&from=2026-11-22&until=2026-11-21', 'range-inverted'],
    ['quantity=illuminance&from=tomorrow-ish', 'input-invalid'],
    ['quantity=illuminance&zone=ward&device=lux-1', 'place-once'],
    ['quantity=illuminance&step=1w', 'input-invalid'],
    ['aggregate=mean', 'input-invalid'],
  ])('%s is refused: %s', async (query, code) => {
    expect(await refusal(query)).toBe(code)
  })

  it('reports add up what happened, and hide who it was', async () => {
    const report = (name: string, by = hub.admin): Promise<Report> =>
      by.fetch(`/api/v1/reports/${name}`).then(answer => answer.json() as Promise<Report>)
    expect((await report('refusals')).rows).toEqual([['no-right', 'ward', '<5']])
    expect((await report('roles')).rows).toEqual([['ward', 'nurse', '<5']])
    const { columns, rows } = await report('openings')
    expect(rows.map(row => row.slice(0, 3))).toEqual([['cab-1-d1', 'ward', 'medicines']])
    expect([columns.length, rows[0]?.filter(cell => cell === '<5').length]).toEqual([27, 1])
    await until('the rooms', async () => (await report('rooms')).rows.length > 0, WAIT_MS)
    expect((await report('rooms')).rows).toEqual([['ward', null, 180, null, null]])
    expect((await report('devices')).rows.map(([device]) => device)).toEqual(['cab-1', 'lux-1'])
    for (const name of ['doors', 'response', 'lights']) expect((await report(name)).rows).toEqual([])
    const manager = await hub.signInAs('ward-manager', ['hall'])
    expect((await report('refusals', manager)).rows).toEqual([])
    const nurse = await hub.signInAs('nurse')
    expect((await nurse.fetch('/api/v1/reports/refusals')).status).toBe(403)
    const csv = await hub.admin.fetch('/api/v1/reports/refusals/csv')
    expect([csv.headers.get('content-type'), await csv.text()]).toEqual([
      'text/csv; charset=utf-8',
      'reason,zone,count\r\nno-right,ward,<5\r\n',
    ])
    const spans = ['from=2020-01-01&until=2026-01-01', 'from=2026-02-01&until=2026-01-01']
    const codes = await Promise.all(
      spans.map(async span => ((await (await hub.fetch(`/api/v1/reports/doors?${span}`)).json()) as Problem).code),
    )
    expect(codes).toEqual(['filter-invalid', 'range-inverted'])
  }, 90_000)

  it('the hub says how far the curves are, and goes on after being killed without counting twice', async () => {
    expect((await hub.get<HubState>('/api/v1/health')).series).toMatchObject({ behind: expect.any(Number), part: 1 })
    await hub.end('SIGKILL')
    await hub.start({ VIGIE_HTTP_PORT: String(hub.ready.httpPort), VIGIE_HTTPS_PORT: String(hub.ready.httpsPort) })
    await until(
      'all of the journal',
      async () => (await hub.get<HubState>('/api/v1/health')).series?.behind === 0,
      WAIT_MS,
    )
    expect(await total('quantity=illuminance&aggregate=count')).toBe(3)
  }, 120_000)
})
