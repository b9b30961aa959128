import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startHub, type TestHub } from './http-hub.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await startHub()
})
afterAll(() => hub.stop())

describe('the dashboard', () => {
  it('is served with its assets cached for good and its page asked for each time', async () => {
    const page = await hub.ask('/')
    expect([page.status, page.headers['cache-control'], page.headers['content-type']]).toEqual([
      200,
      'no-cache',
      'text/html; charset=utf-8',
    ])
    const asset = await hub.ask('/assets/index-a1b2c3.js')
    expect([asset.status, asset.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect((await hub.ask('/favicon.svg')).headers['content-type']).toBe('image/svg+xml')
  })

  it('answers deep links with its page, and what does not exist with 404', async () => {
    expect((await hub.ask('/cabinets/morphine-2?tab=rights')).text).toContain('<title>Vigie</title>')
    for (const path of [
      '/assets/gone.js',
      '/api/v1/nowhere',
      '/socket.io/',
      '/.env',
      '/.well-known/x',
      '/assets/.hidden',
    ]) {
      const answer = await hub.ask(path)
      expect([path, answer.status, answer.headers['content-type']]).toEqual([
        path,
        404,
        'application/problem+json; charset=utf-8',
      ])
    }
  })

  it('never leaves its folder', async () => {
    const tries = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/..%5csecret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '/....//secret.txt',
      '/%00secret.txt',
      '//etc/passwd.txt',
      '/..;/secret.txt',
    ]
    for (const path of tries) {
      const answer = await hub.ask(path)
      expect([path, answer.status >= 400, answer.text.includes('outside')]).toEqual([path, true, false])
    }
  })

  it('says how to build it while it is not there, and serves it once it is', async () => {
    const bare = await startHub({ dashboard: 'missing' })
    const before = await bare.ask('/')
    expect([before.status, before.text.includes('npm run build:dashboard')]).toEqual([503, true])
    bare.build()
    expect((await bare.ask('/')).status).toBe(200)
    await bare.stop()
  })
})
