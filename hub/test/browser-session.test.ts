/** What only a real browser decides: whether it keeps our cookie on loopback, and what it lets another page do. */
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, startHub, type TestHub } from './http-hub.ts'

const CHROMIUM = '/usr/bin/chromium'
const noBrowser = !existsSync(CHROMIUM) && process.env.VIGIE_TEST_REQUIRE !== 'all'

describe.skipIf(noBrowser)('a real browser', () => {
  let browser: Browser
  let hub: TestHub
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    })
    hub = await startHub()
    await hub.setUp()
    const { passwordHash = '' } = hub.accounts.byLogin('claire') ?? {}
    hub.accounts.add({ login: 'nina', role: 'security', passwordHash })
  })
  afterAll(async () => {
    await browser?.close()
    await hub?.stop()
  })

  const page = async () => (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
  type Page = Awaited<ReturnType<typeof page>>
  /** A sign-in as the page does it; then what the page itself can see of the cookie, and who the hub says it is. */
  const signIn = (on: Page) =>
    on.evaluate(async password => {
      const body = JSON.stringify({ login: 'nina', password })
      const { status } = await fetch('/api/v1/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const info = (await (await fetch('/api/v1/session')).json()) as { operator?: { login: string } }
      return {
        status,
        login: info.operator?.login,
        visible: Reflect.get(Reflect.get(globalThis, 'document'), 'cookie'),
      }
    }, PASSWORD)

  it('keeps the cookie on plain loopback and over TLS, out of reach of scripts', async () => {
    for (const base of [
      `http://127.0.0.1:${hub.httpPort}`,
      `http://localhost:${hub.httpPort}`,
      `https://localhost:${hub.httpsPort}`,
    ]) {
      const own = await page()
      await own.goto(base)
      expect([base, await signIn(own)]).toEqual([base, { status: 200, login: 'nina', visible: '' }])
      await own.context().close()
    }
  })

  it('runs no script and no style of the page’s own text', async () => {
    const inline =
      '<!doctype html><title>calm</title><script>document.title = "ran"</script><b style="color:red" onclick="1">x</b><img src=x onerror="document.title=1">'
    writeFileSync(join(hub.dashboard, 'index.html'), inline)
    const own = await page()
    await own.goto(`http://127.0.0.1:${hub.httpPort}`)
    expect(await own.title()).toBe('calm')
    expect(await own.locator('b').evaluate(b => Reflect.get(globalThis, 'getComputedStyle')(b).color)).toBe(
      'rgb(0, 0, 0)',
    )
    await own.context().close()
  })

  it('sends our cookie along from another port of this machine, and gets nothing for it', async () => {
    // Ports don't make a site: SameSite=Strict lets this through, so the Origin check alone stands here.
    const neighbour = createServer((_, answer) =>
      answer.setHeader('content-type', 'text/html').end('<title>neighbour</title>'),
    )
    await new Promise<void>(resolve => neighbour.listen(0, '127.0.0.1', resolve))
    const own = await page()
    await own.goto(`http://127.0.0.1:${hub.httpPort}`)
    await signIn(own)
    await own.goto(`http://127.0.0.1:${(neighbour.address() as AddressInfo).port}`)
    const outcome = await own.evaluate(async target => {
      const opened = new Promise(resolve => {
        const socket = new WebSocket(`ws://${target}/socket.io/?EIO=4&transport=websocket`)
        socket.onopen = () => resolve('open')
        socket.onerror = () => resolve('refused')
      })
      const read = fetch(`http://${target}/api/v1/site`, { credentials: 'include' }).then(
        r => r.status,
        () => 'failed',
      )
      return Promise.all([opened, read])
    }, `127.0.0.1:${hub.httpPort}`)
    expect(outcome).toEqual(['refused', 'failed'])
    await own.goto(`http://127.0.0.1:${hub.httpPort}`)
    expect((await signIn(own)).login).toBe('nina')
    await own.context().close()
    neighbour.closeAllConnections()
    await new Promise(resolve => neighbour.close(resolve))
  })
})
