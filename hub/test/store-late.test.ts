/** A whole hub with two outside stores that do not do their part: doors, the alarm, and its end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Curve, HubState } from '../api.ts'
import type { VigieEvent } from '../events.ts'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'
import { FakeStore } from './store-servers.ts'

const WAIT_MS = 60_000
const dir = mkdtempSync(join(tmpdir(), 'vigie-late-'))
const tokenFile = join(dir, 'token')
const [hanging, failing] = [new FakeStore(), new FakeStore()]
hanging.answer = () => undefined
failing.answer = (_, response) => response.writeHead(401).end('{"message":"unauthorized access"}')
let hub: TestHub
const cabinet = new TestDevice('cab-1', 'test-site')

beforeAll(async () => {
  writeFileSync(tokenFile, 'first-token')
  await Promise.all([hanging.start(), failing.start()])
  hub = new TestHub({
    VIGIE_INFLUX1_URL: hanging.url,
    VIGIE_INFLUX2_URL: failing.url,
    VIGIE_INFLUX2_TOKEN_FILE: tokenFile,
    VIGIE_CHARTS_FROM: 'influx2',
    VIGIE_STORE_LATE_SECONDS: '1',
  })
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await cabinet.connect(hub)
}, 120_000)
afterAll(async () => {
  await cabinet.close()
  await hub.close()
  await Promise.all([hanging.close(), failing.close()])
  rmSync(dir, { recursive: true, force: true })
})
const told = async (kind: VigieEvent['kind']) =>
  (await hub.journal(5_000)).flatMap(({ event }) =>
    event.kind === kind && 'purpose' in event && event.purpose === 'series'
      ? [event as { destination: string; error?: string }]
      : [],
  )

describe('stores that hang, and refuse', () => {
  it('badges are answered as ever', async () => {
    for (let i = 0; i < 40; i++) expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
    await until('both to be tried', () => hanging.heard.length > 0 && failing.heard.length > 0, WAIT_MS)
    for (let i = 0; i < 40; i++) expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
  })

  it('each is told of once, by what is wrong; no token and no password is in it', async () => {
    const failures = await until(
      'both',
      async () => ((await told('destination.failed')).length === 2 ? told('destination.failed') : undefined),
      WAIT_MS,
    )
    expect(failures.map(({ error }) => error).sort()).toEqual(['store-refused', 'store-unreachable'])
    expect(JSON.stringify(failures) + JSON.stringify(hub.log)).not.toContain('first-token')
    const { series } = await hub.get<HubState>('/api/v1/health')
    expect(series?.stores.map(({ name, trouble }) => [name, trouble]).sort()).toEqual([
      ['influx1', 'store-unreachable'],
      ['influx2', 'store-refused'],
    ])
  })

  it('curves come from the embedded store meanwhile, and say so', async () => {
    const curve = await until(
      'the badges',
      async () => {
        const drawn = await hub.get<Curve>('/api/v1/series?quantity=grants&aggregate=sum')
        return drawn.points.reduce((sum, { value }) => sum + value, 0) === 80 && drawn
      },
      WAIT_MS,
    )
    expect(curve.source).toBe('embedded')
  })

  it('a corrected token is enough: what waited follows, and the journal says that it is over', async () => {
    failing.answer = ({ headers }, response) =>
      response.writeHead(headers.authorization === 'Token second-token' ? 204 : 401).end()
    writeFileSync(tokenFile, 'second-token')
    await until('the end', async () => (await told('destination.recovered')).length === 1, 2 * WAIT_MS)
    const lines = new Set(
      failing.heard.filter(h => h.headers.authorization === 'Token second-token').flatMap(h => h.body.split('\n')),
    )
    expect([...lines].filter(line => line.startsWith('access,') && line.includes('outcome=granted'))).toHaveLength(80)
  }, 180_000)
})
