/** Signing in by the hospital's account in real Chromium: the button, the other site, the way back, a fresh proof, refusals. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import type { TestHub } from './harness.ts'
import { StockProvider } from './identity-provider.ts'
import { GROUPS, hubWith, rowsOf } from './provider-stage.ts'

describe.skipIf(noBrowser)('the hospital’s account in Chromium (skipped where Chromium is not installed)', () => {
  const provider = new StockProvider()
  let hub: TestHub
  let desk: Desk
  let page: Page
  beforeAll(async () => {
    await provider.listen()
    provider.asks = true
    hub = await hubWith(provider.settings(GROUPS))
    await provider.serve(hub.origin)
    desk = await Desk.open({ ignoreHTTPSErrors: true }, /40[0-9]|Scripts may close/)
    page = desk.page
  }, 120_000)
  afterAll(async () => {
    await desk?.close()
    await hub?.close()
    await provider.close()
  })

  const enter = async (at: Page): Promise<void> => {
    await at.waitForURL(url => url.origin === provider.issuer)
    await at.getByRole('button', { name: 'Entrer' }).click()
  }
  const begin = async (): Promise<void> => {
    await page.goto(hub.origin)
    await page.getByRole('button', { name: 'Se connecter avec Hôpital Nord' }).click()
  }

  it('signs in, and the address keeps nothing of the way', async () => {
    provider.colleague = { sub: 'n-1', username: 'n.petit', name: 'Nora Petit', groups: ['Infirmerie'] }
    await begin()
    await enter(page)
    await page.locator('nav.rail').waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.goto(`${hub.origin}/account`)
    await page.getByText('se connecte avec Hôpital Nord').waitFor()
    expect(provider.faults).toEqual([])
  })

  it('proves afresh in a window of its own, and goes on with what was asked', async () => {
    await page.getByRole('button', { name: 'Se déconnecter partout' }).click()
    const dialog = page.locator('dialog[open]').last()
    await dialog.getByRole('button', { name: 'Se déconnecter' }).click()
    const popup = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Le prouver avec Hôpital Nord' }).click()
    await enter(await popup)
    await page.getByRole('button', { name: 'Se connecter avec Hôpital Nord' }).waitFor()
    expect((await rowsOf(hub, 'operator.stepped-up')).at(-1)).toMatchObject({ factor: 'provider' })
  })

  it('offers to end the session of the provider too', async () => {
    await page.getByRole('button', { name: 'Fermer aussi la session Hôpital Nord' }).click()
    await page.getByRole('button', { name: 'Fermer la session' }).click()
    await page.getByRole('button', { name: 'Se connecter avec Hôpital Nord' }).waitFor()
    expect(new URL(page.url()).origin).toBe(hub.origin)
  })

  it('says why it came to nothing, in words that can be read, at any width', async () => {
    provider.colleague = { sub: 'x-1', username: 'x', name: 'X', groups: ['Autre'] }
    await page.context().clearCookies()
    await begin()
    await enter(page)
    await page.getByText('Aucun de vos groupes n’a accès à Vigie.').waitFor()
    expect(new URL(page.url()).search).toBe('')
    expect(await page.evaluate(FAINT)).toEqual([])
    await page.setViewportSize({ width: 320, height: 700 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    expect(desk.faults).toEqual([])
  })
})
