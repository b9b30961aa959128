import { createConnection } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import type { FastifyPluginAsync } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '../api.ts'
import { ERRORS, VigieError } from '../errors.ts'
import { buildApp } from '../http/app.ts'
import { HttpServer } from '../http/server.ts'
import { type Answer, makeMaterial, startHub, TestHub, tlsMaterial } from './http-hub.ts'
import { pathOf } from './http-routes.ts'

let hub: TestHub
let cookie: string
beforeAll(async () => {
  hub = await startHub({
    devicePlugins: [async app => void app.get('/.well-known/est/cacerts', async () => 'certificates')],
  })
  cookie = await hub.setUp()
})
afterAll(() => hub.stop())

const problem = (answer: Answer): Problem => answer.json<Problem>()

describe('every route', () => {
  it('refuses with 401 without sign-in, unless it is declared open', async () => {
    const guarded = hub.http.routes.filter(r => r.permission !== 'public' && r.permission !== 'device')
    for (const route of guarded) {
      const answer = await hub.ask(pathOf(route), { method: route.method })
      expect([route, answer.status]).toEqual([route, 401])
      if (route.method !== 'HEAD') expect(problem(answer).code).toBe('not-signed-in')
    }
    expect(guarded.length).toBeGreaterThan(40)
  })

  it('is open only where the list says so', () => {
    const open = hub.http.routes
      .filter(r => r.permission === 'public' && r.method !== 'HEAD')
      .map(r => `${r.method} ${r.url}`)
    expect(open).toEqual([
      'GET /api/v1/openapi.json',
      'GET /api/v1/session',
      'POST /api/v1/session',
      'POST /api/v1/setup',
      'POST /api/v1/invitation',
      'POST /api/v1/session/passkey/options',
      'POST /api/v1/session/passkey',
      'GET /api/v1/session/provider',
      'GET /api/v1/session/provider/callback',
      'GET /api/v1/session/provider/logout',
      'POST /api/v1/session/provider/logout',
      'GET /healthz',
      'GET /*',
    ])
  })

  it('carries the strict headers, over both listeners, for answers and errors alike', async () => {
    const paths = ['/nowhere.js', '/api/v1/nowhere', '/%ZZ', '/deep/link']
    const requests = [
      ...hub.http.routes.map(r => [r.method, pathOf(r)] as const),
      ...paths.map(p => ['GET', p] as const),
    ]
    for (const tls of [false, true]) {
      for (const [method, path] of requests) {
        const { headers } = await hub.ask(path, { method, tls, headers: { host: tls ? 'hub.test' : 'localhost' } })
        const where = `${method} ${path} tls=${tls}`
        const isData = path.startsWith('/api/v1/') || path.startsWith('/scim/')
        expect(headers['content-security-policy'], where).toMatch(
          isData
            ? /^default-src 'none'; frame-ancestors 'none'$/
            : /^default-src 'none'; script-src 'self'; style-src 'self';.*frame-ancestors 'none'$/,
        )
        expect(headers['content-security-policy'], where).not.toContain('unsafe')
        expect(headers['x-content-type-options'], where).toBe('nosniff')
        expect(headers['referrer-policy'], where).toBe('no-referrer')
        expect(headers['cross-origin-resource-policy'], where).toBe('same-origin')
        if (!isData) {
          expect(headers['cross-origin-opener-policy'], where).toBe('same-origin')
          expect(headers['permissions-policy'], where).toContain('camera=()')
        }
        expect(headers['strict-transport-security'] !== undefined, where).toBe(tls)
        expect(headers['access-control-allow-origin'], where).toBeUndefined()
        expect(headers.server ?? headers['x-powered-by'], where).toBeUndefined()
      }
    }
    expect(requests.length).toBeGreaterThan(20)
  })

  it('does not pin localhost to HTTPS: that would close the plain listener to its own operator', async () => {
    const { headers } = await hub.ask('/healthz', { tls: true, headers: { host: `localhost:${hub.httpsPort}` } })
    expect(headers['strict-transport-security']).toBeUndefined()
  })

  it('refuses a foreign, opaque or differently-ported Origin with 403 on every unsafe route', async () => {
    const unsafe = hub.http.routes.filter(r => !['GET', 'HEAD'].includes(r.method))
    expect(unsafe.length).toBeGreaterThan(30)
    for (const route of unsafe) {
      for (const origin of [
        'https://evil.example',
        'null',
        `http://127.0.0.1:${hub.httpPort + 1}`,
        `https://127.0.0.1:${hub.httpPort}`,
        'http://127.0.0.1.evil.example',
      ]) {
        const answer = await hub.ask(pathOf(route), { method: route.method, cookie, headers: { origin }, body: {} })
        expect([route.url, origin, answer.status, problem(answer).code]).toEqual([
          route.url,
          origin,
          403,
          'origin-refused',
        ])
      }
      const crossSite = await hub.ask(pathOf(route), {
        method: route.method,
        cookie,
        headers: { 'sec-fetch-site': 'cross-site' },
        body: {},
      })
      expect(crossSite.status).toBe(403)
    }
  })

  it('keeps the hub from starting if it declares no permission', async () => {
    const careless = new TestHub({})
    const plugin: FastifyPluginAsync = async app => void app.get('/late', async () => 'open')
    await expect(buildApp({ ...careless.httpOptions, plugins: [plugin] })).rejects.toThrow(
      'route GET /late declares no permission',
    )
    await careless.stop()
  })
})

describe('the loopback listener', () => {
  it('answers under loopback names only, whatever the port', async () => {
    for (const host of ['localhost', '127.0.0.1', `127.0.0.1:${hub.httpPort}`, '[::1]:9000', 'LOCALHOST:1'])
      expect((await hub.ask('/healthz', { headers: { host } })).status, host).toBe(200)
    for (const host of [
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:8080',
      '0.0.0.0',
      '169.254.169.254',
      'localhost@evil.example',
    ]) {
      const answer = await hub.ask('/healthz', { headers: { host } })
      expect([host, answer.status, problem(answer).code]).toEqual([host, 421, 'host-refused'])
    }
  })

  it('is bound to 127.0.0.1', () => expect(hub.http.servers[0]?.address()).toMatchObject({ address: '127.0.0.1' }))

  it('hands device routes to nobody: codes and certificates travel over TLS', async () => {
    expect((await hub.ask('/.well-known/est/cacerts')).status).toBe(404)
    expect((await hub.ask('/.well-known/est/cacerts', { tls: true })).text).toBe('certificates')
  })

  it('drops what is not HTTP and serves the next request', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = createConnection(hub.httpPort, '127.0.0.1', () =>
        socket.write('\x16\x03\x01 not http <script>\r\n\r\n'),
      )
      let text = ''
      socket.on('data', chunk => (text += chunk))
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).not.toContain('script')
    expect((await hub.ask('/healthz')).json()).toEqual({ status: 'ok' })
  })
})

describe('TLS', () => {
  const handshake = (options: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = tlsConnect({ host: '127.0.0.1', port: hub.httpsPort, ca: tlsMaterial().ca, ...options }, () => {
        resolve(`${socket.getProtocol()} ${String(socket.getPeerCertificate().subject.CN)}`)
        socket.destroy()
      })
      socket.on('error', reject)
    })

  it('speaks 1.3 and refuses 1.2', async () => {
    expect(await handshake({})).toBe('TLSv1.3 localhost')
    await expect(handshake({ maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert|version|protocol/i)
  })

  it('serves a renewed certificate to the next handshake, without a restart', async () => {
    const renewed = makeMaterial('renewed')
    hub.http.renewTls(renewed)
    expect(await handshake({ ca: renewed.ca })).toBe('TLSv1.3 renewed')
    hub.http.renewTls(tlsMaterial())
    expect(await handshake({})).toBe('TLSv1.3 localhost')
  })
})

describe('bad input', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    hub.ask('/api/v1/session', { method: 'POST', body, headers })
  const cases: [string, string, Record<string, string>, number, string][] = [
    ['more than 64 KiB', JSON.stringify({ login: 'a', password: 'x'.repeat(70_000) }), {}, 413, 'body-too-large'],
    ['no JSON', '{"login":', {}, 400, 'request-malformed'],
    ['an empty body', '', {}, 400, 'request-malformed'],
    ['JSON nested 20,000 deep', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, {}, 422, 'input-invalid'],
    [
      'a __proto__ field',
      '{"login":"a","password":"b","__proto__":{"role":"administrator"}}',
      {},
      400,
      'request-malformed',
    ],
    [
      'a constructor.prototype field',
      '{"login":"a","password":"b","constructor":{"prototype":{"x":1}}}',
      {},
      400,
      'request-malformed',
    ],
    ['an unknown field', '{"login":"a","password":"b","role":"administrator"}', {}, 422, 'input-invalid'],
    ['a number for a text', '{"login":1,"password":"b"}', {}, 422, 'input-invalid'],
    ['null', 'null', {}, 422, 'input-invalid'],
    [
      'a form',
      'login=a&password=b',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'media-type-unsupported',
    ],
    [
      'JSON called text',
      '{"login":"a","password":"b"}',
      { 'content-type': 'text/plain' },
      415,
      'media-type-unsupported',
    ],
  ]
  it.each(cases)('refuses %s', async (_, body, headers, status, code) => {
    const answer = await post(body, headers)
    expect([answer.status, problem(answer).code, answer.headers['content-type']]).toEqual([
      status,
      code,
      'application/problem+json; charset=utf-8',
    ])
    expect(answer.text).not.toMatch(/\bat \w+.*:\d+|node_modules/)
  })

  it('names the field and never repeats the value', async () => {
    const answer = await post('{"login":"a","password":"b","<script>":"sesame"}')
    expect(problem(answer).field).toBe('/?script?')
    expect(answer.text).not.toMatch(/sesame|<script>/)
  })

  it.each([
    'limit=0',
    'limit=201',
    'limit=1e2',
    'limit=-1',
    'limit=1&limit=2',
    'before=0',
    'before=abc',
    'before=9999999999999999',
    'kind=nothing',
    'zone=../x',
    'device=A%20B',
    'sort=asc',
    '__proto__=1',
    'kind=__proto__',
  ])('refuses events?%s', async query => {
    const answer = await hub.ask(`/api/v1/events?${query}`, { cookie })
    expect([answer.status, problem(answer).code]).toEqual([422, 'input-invalid'])
  })

  it('shows every failure as a problem of the table (RFC 9457)', async () => {
    const answer = await hub.ask('/api/v1/devices/unheard-of', { cookie, headers: { 'accept-language': 'en' } })
    expect(answer.json()).toEqual({
      type: 'urn:vigie:problem:device-unknown',
      title: 'No device unheard-of. List them with: vigie device list',
      status: ERRORS['device-unknown'][0],
      code: 'device-unknown',
    })
  })

  it.each([
    [undefined, 'fr', 'Connectez-vous d’abord.'],
    ['fr-FR,fr;q=0.9,en;q=0.8', 'fr', 'Connectez-vous d’abord.'],
    ['en-GB,en;q=0.9,fr;q=0.8', 'en', 'Sign in first.'],
    ['de-DE', 'fr', 'Connectez-vous d’abord.'],
  ])('tells it in the language asked for: %s', async (asked, language, title) => {
    const answer = await hub.ask('/api/v1/site', { headers: asked === undefined ? {} : { 'accept-language': asked } })
    expect([problem(answer).title, answer.headers['content-language'], answer.headers.vary]).toEqual([
      title,
      language,
      'accept-language',
    ])
  })

  it('tells it in that language too where Fastify itself refuses, in whole bytes', async () => {
    const answer = await hub.ask('/%ZZ', { headers: { 'accept-language': 'fr' } })
    expect([answer.status, answer.headers['content-language']]).toEqual([400, 'fr'])
    expect(problem(answer).title).toBe(new VigieError('request-malformed').messageIn('fr'))
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)))
  })

  it('hides a failure of ours behind an id that leads to the log', async () => {
    const broken = await startHub({
      events: () => {
        throw new Error('SELECT secret FROM rows')
      },
    })
    const answer = await broken.ask('/api/v1/events', { cookie: await broken.setUp() })
    const { status, code, id } = problem(answer)
    expect([status, code, answer.text.includes('SELECT')]).toEqual([500, 'internal', false])
    expect(broken.logged).toMatchObject([{ details: { id, cause: 'SELECT secret FROM rows' } }])
    await broken.stop()
  })
})

describe('reading', () => {
  it('hands out site, devices and health as the live model has them', async () => {
    const device = {
      id: 'cabinet-1',
      model: 'medicine-cabinet',
      name: 'A1',
      status: 'enrolled',
      online: false,
      readings: {},
      refused: {},
      messages: 0,
    } as const
    const point = { device: 'cabinet-1', point: 'drawer-1', lock: 'locked', since: 1 } as const
    const site = {
      site: { name: 'Field', timeZone: 'Europe/Paris' },
      zones: [],
      devices: [],
      accessPoints: [],
      lockdownPlans: [],
      evacuationPlans: [],
    }
    hub.live.prime({ site, devices: [device], points: [point], cursor: 7 })
    expect((await hub.ask('/api/v1/site', { cookie })).json()).toEqual(site)
    expect((await hub.ask('/api/v1/devices', { cookie })).json()).toEqual({ devices: [device] })
    expect((await hub.ask('/api/v1/devices/cabinet-1', { cookie })).json()).toEqual({
      ...{ ...device, points: [point], found: [] },
    })
    expect((await hub.ask('/api/v1/health', { cookie })).json()).toEqual(hub.health())
  })

  it('passes the checked query on and pages without a cap', async () => {
    hub.journal = Array.from({ length: 5 }, (_, i) => ({ seq: i + 1, at: i, kind: 'point.opened' as const }))
    const answer = await hub.ask('/api/v1/events?before=4&limit=2&kind=point.opened&zone=ward&device=cabinet-1', {
      cookie,
    })
    expect(answer.json<{ events: { seq: number }[] }>().events.map(e => e.seq)).toEqual([3, 2])
    expect(hub.queries.at(-1)).toEqual({ before: 4, limit: 2, kind: 'point.opened', zone: 'ward', device: 'cabinet-1' })
    await hub.ask('/api/v1/events', { cookie })
    expect(hub.queries.at(-1)).toEqual({ limit: 100 })
  })

  it('is itself recorded: at once, then once per window with the count of rows', async () => {
    const watched = await startHub({ readWindowMs: 60_000 })
    const who = await watched.setUp()
    watched.journal = Array.from({ length: 30 }, (_, i) => ({ seq: i + 1, at: i, kind: 'point.opened' as const }))
    for (const limit of [10, 20, 30]) await watched.ask(`/api/v1/events?limit=${limit}`, { cookie: who })
    const reads = () => watched.recorded.filter(e => e.kind === 'journal.read')
    expect(reads()).toEqual([{ kind: 'journal.read', by: 'op-claire', rows: 10 }])
    await watched.stop()
    expect(reads().at(1)).toEqual({ kind: 'journal.read', by: 'op-claire', rows: 50 })
    expect(reads()).toHaveLength(2)
  })
})

describe('starting', () => {
  it('names the setting when a port is taken, and lets go of the other', async () => {
    const second = new TestHub({})
    const taken = new HttpServer({ ...second.httpOptions, httpsPort: hub.httpsPort })
    await expect(taken.start()).rejects.toMatchObject({
      code: 'port-in-use',
      details: { port: hub.httpsPort, field: 'VIGIE_HTTPS_PORT' },
    })
    expect(taken.servers.some(s => s.listening)).toBe(false)
    await second.stop()
  })
})
