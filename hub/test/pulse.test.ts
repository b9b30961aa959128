/** The hub's pulse on a whole hub: real badges in, Prometheus' text out, for whoever holds a token that may. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TokenMade } from '../api.ts'
import { ADMIN, NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

const hub = new TestHub()
const cabinet = new TestDevice('cab-1', 'test-site')
let token = ''

beforeAll(async () => {
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await hub.setUp()
  await hub.admin.stepUp()
  const wish = { name: 'prometheus', capabilities: ['health.read'], expiresAt: Date.now() + 86_400_000 }
  token = (await hub.admin.post<TokenMade>('/api/v1/tokens', wish)).token
  await cabinet.connect(hub)
  for (const uid of [NURSE, NURSE, VISITOR]) await cabinet.badge(uid)
  // The thread of the curves begins beside everything else.
  await until('curves to follow', async () => (await metrics()).has('vigie_series_behind_rows'), 60_000)
}, 180_000)
afterAll(async () => {
  await cabinet.close()
  await hub.close()
})

const scrape = (headers: Record<string, string> = { authorization: `Bearer ${token}` }): Promise<Response> =>
  fetch(`${hub.origin}/metrics`, { headers })
const metrics = async (): Promise<ReadonlyMap<string, number>> => {
  const lines = (await (await scrape()).text()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

describe('/metrics', () => {
  it('is for tokens that may read the hub’s health, and for nobody without one', async () => {
    expect((await scrape({})).status).toBe(401)
    expect((await scrape({ authorization: 'Bearer vigie_nonsense' })).status).toBe(401)
    const answer = await scrape()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('text/plain')
  })

  it('times badges and commits, and counts what came of them', async () => {
    const all = await until('three badges', async () => {
      const now = await metrics()
      return now.get('vigie_badge_decision_seconds_count') === 3 && now
    })
    expect(all.get('vigie_events_total{kind="access.granted"}')).toBe(2)
    expect(all.get('vigie_events_total{kind="access.denied"}')).toBe(1)
    expect(all.get('vigie_badge_decision_seconds_sum')).toBeGreaterThan(0)
    expect(all.get('vigie_journal_commit_seconds_count')).toBeGreaterThanOrEqual(3)
  })

  it('says what waits, what runs out and how the event loop is', async () => {
    const all = await metrics()
    for (const name of [
      ...['vigie_journal_queue_entries', 'vigie_spool_rows', 'vigie_series_behind_rows', 'vigie_devices_online'],
      ...['vigie_storage_used_bytes', 'nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes'],
    ])
      expect(all.get(name), name).toBeGreaterThanOrEqual(0)
    expect(all.get('vigie_journal_writable')).toBe(1)
    for (const of of ['server', 'authority', 'device'])
      expect(all.get(`vigie_certificate_left_seconds{of="${of}"}`), of).toBeGreaterThan(5 * 86_400)
  })

  it('names nobody, no zone and no device', async () => {
    const text = await (await scrape()).text()
    for (const secret of ['marchand', 'cab-1', 'ward', 'T01', NURSE, ADMIN.login]) expect(text).not.toContain(secret)
  })
})
describe('/readyz and /healthz', () => {
  it('answer anyone, and say nothing but that', async () => {
    for (const path of ['/readyz', '/healthz']) {
      const answer = await fetch(hub.origin + path)
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }])
    }
  })
})

describe('what docs/ hands out to be imported', () => {
  const read = (file: string): string => readFileSync(new URL(`../../docs/monitoring/${file}`, import.meta.url), 'utf8')
  const named = (text: string): readonly string[] => [...new Set(text.match(/\b(?:vigie|nodejs|process)_[a-z0-9_]+/g))]

  it.each(['grafana-dashboard.json', 'alerts.yml'])('%s asks for metrics that the hub has', async file => {
    const names = new Set([...(await metrics()).keys()].map(key => key.replace(/\{.*/, '')))
    // Only there while an outside store is set.
    const outside = ['vigie_store_behind_rows', 'vigie_store_failing', 'vigie_store_refused_points']
    const asked = named(read(file))
    expect(asked.length).toBeGreaterThan(5)
    expect(asked.filter(name => !names.has(name) && !outside.includes(name))).toEqual([])
  })

  const noPromtool =
    spawnSync('promtool', ['--version']).error !== undefined && process.env.VIGIE_TEST_REQUIRE !== 'all'
  it.skipIf(noPromtool)('promtool takes the rules and the scrape (skipped where it is not installed)', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'vigie-prom-'))
    try {
      writeFileSync(join(dir, 'alerts.yml'), read('alerts.yml'))
      const rules = spawnSync('promtool', ['check', 'rules', join(dir, 'alerts.yml')], { encoding: 'utf8' })
      expect(rules.stderr + rules.stdout).toContain('SUCCESS')
      const text = await (await scrape()).text()
      const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
      expect(checked.stderr.split('\n').filter(line => line.startsWith('vigie_'))).toEqual([])
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})

describe('the log of a hub at its most talkative', () => {
  const talking = new TestHub({ VIGIE_LOG_LEVEL: 'trace' })
  const reader = new TestDevice('cab-1', 'test-site')
  const UNKNOWN = '04BADBADBADBAD'
  afterAll(async () => {
    await reader.close()
    await talking.close()
  })

  it('holds no secret and nobody’s name, badge or address, after whatever went wrong', async () => {
    await talking.apply(smallSite())
    await talking.vigie('device', 'add', '--declared', '--out', talking.certs)
    await talking.start()
    await talking.setUp()
    await reader.connect(talking)
    for (const uid of [NURSE, VISITOR, UNKNOWN]) await reader.badge(uid)
    await reader.send('badge', { point: 'drawer-1', uid: 'not a badge' }).catch(() => undefined)
    const attempt = { login: ADMIN.login, password: 'a wrong and secret phrase' }
    const json = { 'content-type': 'application/json', origin: talking.origin }
    await fetch(`${talking.origin}/api/v1/session`, { method: 'POST', headers: json, body: JSON.stringify(attempt) })
    const bearer = `vigie_${'A1b2'.repeat(8)}`
    await fetch(`${talking.origin}/api/v1/devices`, { headers: { authorization: `Bearer ${bearer}` } })
    await fetch(`${talking.origin}/api/v1/series?quantity=${NURSE}`, { headers: { cookie: talking.cookie } })
    const lines = talking.log.map(line => JSON.stringify(line))
    expect(lines.length).toBeGreaterThanOrEqual(3)
    // The link of the first set-up is shown on purpose, once, to whoever started the hub.
    const text = lines.filter(line => !line.includes('/setup#token=')).join('\n')
    const secrets = [
      NURSE,
      VISITOR,
      UNKNOWN,
      ADMIN.password,
      attempt.password,
      bearer,
      'Marchand',
      'Ferrand',
      talking.cookie,
    ]
    for (const secret of secrets) expect(text).not.toContain(secret)
  }, 120_000)
})
