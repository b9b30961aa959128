/** Traces of badges on a whole hub, as a collector gets them: OTLP over HTTP in JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'
import { FakeStore } from './store-servers.ts'

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
}
const dir = mkdtempSync(join(tmpdir(), 'vigie-otlp-'))
const tokenFile = join(dir, 'token')
const collector = new FakeStore()
let isDown = true
collector.answer = (_, response) => response.writeHead(isDown ? 503 : 200).end('{}')
let hub: TestHub
const cabinet = new TestDevice('cab-1', 'test-site')

beforeAll(async () => {
  writeFileSync(tokenFile, 'collector-token')
  await collector.start()
  hub = new TestHub({ VIGIE_OTLP_URL: collector.url, VIGIE_OTLP_TOKEN_FILE: tokenFile, VIGIE_OTLP_PERCENT: '100' })
  await hub.apply(smallSite())
  await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
  await hub.start()
  await cabinet.connect(hub)
}, 120_000)
afterAll(async () => {
  await cabinet.close()
  await hub.close()
  await collector.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('traces', () => {
  it('wait while their collector is away, follow, and name nobody', async () => {
    for (let i = 0; i < 5; i++) expect(await cabinet.badge(NURSE)).toMatchObject({ granted: true })
    await until('a first try', () => collector.heard.length > 0, 30_000)
    isDown = false
    const taken = collector.heard.length
    await until('a second', () => collector.heard.length > taken, 30_000)
    const heard = collector.heard.at(-1)!
    expect([heard.url.pathname, heard.headers.authorization]).toEqual(['/v1/traces', 'Bearer collector-token'])
    const { resourceSpans } = JSON.parse(heard.body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }
    const spans = resourceSpans.flatMap(r => r.scopeSpans.flatMap(s => s.spans))
    const roots = spans.filter(({ name }) => name === 'badge')
    expect(new Set(roots.map(({ traceId }) => traceId)).size).toBe(5)
    for (const root of roots) {
      expect(root.traceId).toMatch(/^[0-9a-f]{32}$/)
      const [wait] = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId)
      expect(wait).toMatchObject({ name: 'journal.append', traceId: root.traceId })
      const [from, to] = [BigInt(root.startTimeUnixNano), BigInt(root.endTimeUnixNano)]
      expect(to - from).toBeGreaterThan(100_000n)
      expect(BigInt(wait!.startTimeUnixNano) >= from && BigInt(wait!.endTimeUnixNano) <= to).toBe(true)
    }
    for (const secret of [NURSE, 'marchand', 'cab-1']) expect(heard.body).not.toContain(secret)
  }, 90_000)
})
