/** Names that are programs (threat 17): whatever page shows them, they stay text, and the page's policy is never even asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Site } from '../access/site.ts'
import { Desk, noBrowser } from './chromium.ts'
import { smallSite, TestHub } from './harness.ts'
import { invite } from './seat.ts'

const PAYLOADS = [
  '<img src=x onerror="window.struck=1">',
  '"><script>window.struck=1</script>',
  '<svg/onload=window.struck=1>',
  'javascript:window.struck=1',
  '{{window.struck=1}}',
  '</title><iframe srcdoc="<script>parent.struck=1</script>">',
]
let next = 0
const payload = (): string => PAYLOADS[next++ % PAYLOADS.length] ?? ''

/** The same site, every name a payload. */
function hostileSite(): Site {
  const named = <T extends { name: string }>(all: readonly T[]): T[] => all.map(one => ({ ...one, name: payload() }))
  const site = smallSite()
  return {
    ...site,
    site: { ...site.site, name: payload() },
    ...{ zones: named(site.zones), devices: named(site.devices), accessPoints: named(site.accessPoints) },
    ...{ schedules: named(site.schedules), roles: named(site.roles), people: named(site.people) },
  }
}

describe.skipIf(noBrowser)('names that are programs, in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  let desk: Desk
  beforeAll(async () => {
    await hub.apply(hostileSite())
    await hub.start()
    await hub.setUp()
    for (const login of ['one', 'two']) invite(hub.dir, { login, name: payload() }, 'security')
    const body = { name: payload(), capabilities: ['events.read'], expiresAt: Date.now() + 86_400_000 }
    expect((await hub.fetch('/api/v1/tokens', { method: 'POST', body: JSON.stringify(body) })).status).toBe(201)
    const saved = { name: payload(), filter: { zone: 'ward' } }
    expect(
      (await hub.fetch('/api/v1/journal/searches/hostile', { method: 'PUT', body: JSON.stringify(saved) })).ok,
    ).toBe(true)
    desk = await Desk.open({}, /40[0-9]/)
    await desk.signIn(hub)
  }, 120_000)
  afterAll(async () => {
    await desk?.close()
    await hub.close()
  })

  it('are shown as they are written, on every page there is, and run nowhere', async () => {
    const { page } = desk
    const links = await page.locator('nav.rail a').evaluateAll(all => all.map(a => a.getAttribute('href') ?? ''))
    expect(links.length).toBeGreaterThan(5)
    let shown = 0
    for (const link of [...links, '/roles', '/journal?text=window']) {
      await page.goto(hub.origin + link)
      await page.locator('main').waitFor()
      await page.waitForLoadState('networkidle')
      expect(await page.evaluate('window.struck'), link).toBeUndefined()
      expect(await page.locator('img[src="x"], iframe[srcdoc], a[href^="javascript:"]').count(), link).toBe(0)
      if ((await page.locator('body').innerText()).includes('window.struck=1')) shown++
    }
    expect(shown).toBeGreaterThan(3)
    expect(desk.faults).toEqual([])
  })
})
