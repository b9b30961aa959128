/** The document of the API: whole, the same each time, and its examples run as they stand. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PATH } from '../http/openapi.ts'
import { OPERATIONS } from '../http/schemas/operations.ts'
import { ApiDocument } from './api-document.ts'
import { ApiStage } from './api-stage.ts'
import { everyPlugin } from './every-route.ts'
import { startHub, type TestHub } from './http-hub.ts'

const run = promisify(execFile)
const named = (url: string): string => url.replace(/:(\w+)/g, '{$1}')

describe('the document', () => {
  let hub: TestHub
  beforeAll(async () => {
    hub = await startHub({ plugins: everyPlugin(), dashboard: 'missing' })
  })
  afterAll(() => hub.stop())

  it('names every route that a hub has, but for the pages', async () => {
    const api = new ApiDocument((await hub.ask(PATH)).json())
    const routes = hub.http.routes.filter(r => r.method !== 'HEAD' && r.url !== '/*')
    const inDocument = new Set(api.calls.map(c => `${c.method} ${c.path}`))
    expect(routes.map(r => `${r.method} ${named(r.url)}`).filter(r => !inDocument.has(r))).toEqual([])
  })

  it('is open to everybody, has an ETag, and is not sent again to whoever has it', async () => {
    const first = await hub.ask(PATH)
    expect(first.status).toBe(200)
    const again = await hub.ask(PATH, { headers: { 'if-none-match': String(first.headers.etag) } })
    expect([again.status, again.text]).toEqual([304, ''])
    expect(first.headers['cache-control']).toBe('no-cache')
  })

  it('is the same bytes from another hub', async () => {
    const other = await startHub({ plugins: everyPlugin(), dashboard: 'missing' })
    try {
      expect((await other.ask(PATH)).text).toBe((await hub.ask(PATH)).text)
    } finally {
      await other.stop()
    }
  })

  it('is OpenAPI 3.1 with every reference leading somewhere, in both languages', async () => {
    const text = (await hub.ask(PATH)).text
    const { document, calls } = new ApiDocument(JSON.parse(text))
    expect(document.openapi).toBe('3.1.0')
    const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(m => m[1]!))
    expect([...refs].filter(name => document.components.schemas[name] === undefined)).toEqual([])
    const ids = calls.map(c => c.operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(calls.filter(c => !c.operation.summary || !c.operation['x-vigie-fr'])).toEqual([])
    expect(calls.flatMap(c => c.operation.tags).filter(tag => !document.tags.some(t => t.name === tag))).toEqual([])
  })
})

describe('the examples, on the hospital of the demo', () => {
  let stage: ApiStage
  beforeAll(async () => {
    stage = await ApiStage.open()
  }, 120_000)
  afterAll(() => stage?.close())

  it('describe a hub with every route there is a description of', () => {
    const described = Object.values(OPERATIONS).map(o => o.id)
    expect(stage.api.calls.map(c => c.operation.operationId).toSorted()).toEqual(described.toSorted())
  })

  it('run in a shell, with a token: each is understood, and what is only read is answered', async () => {
    const { authorization = '' } = (await stage.withToken(stage.widest)).headers
    const env = {
      ...process.env,
      VIGIE_URL: stage.hub.origin,
      VIGIE_TOKEN: authorization.replace('Bearer ', ''),
      ETAG: '"1"',
    }
    const open = stage.api.calls.filter(c => c.operation.security.some(way => 'token' in way))
    const said = new Map<string, string>()
    for (const { operation } of open) {
      const [sample] = operation['x-codeSamples'] ?? []
      const script = `${sample?.source} -s -m 5 -w '\\n%{http_code}' || true`
      const { stdout } = await run('sh', ['-c', script], { env, encoding: 'utf8', maxBuffer: 1e8 })
      said.set(operation.operationId, stdout)
    }
    const status = (id: string): string => said.get(id)?.split('\n').at(-1) ?? ''
    expect(said.size).toBeGreaterThan(40)
    expect(
      [...said].filter(([, text]) =>
        /input-invalid|request-malformed|media-type|token-refused|urn:vigie:problem:not-found/.test(text),
      ),
    ).toEqual([])
    const read = [
      'getSite',
      'listDevices',
      'getDevice',
      'listEvents',
      'followEvents',
      'getHealth',
      'getSituations',
      'listGrants',
    ]
    const asked = ['whoMayOpen', 'whatMayOpen', 'getSiteItem', 'searchJournal', 'listUnused', 'simulateChange']
    expect([...read, ...asked].map(id => [id, status(id)])).toEqual([...read, ...asked].map(id => [id, '200']))
  }, 180_000)
})
