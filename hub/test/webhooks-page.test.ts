/** The page of webhooks in real Chromium, on a whole hub and with a receiver over real TLS. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WebhookList } from '../api.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import { isSignedBy, Receiver } from './webhook-receiver.ts'

describe.skipIf(noBrowser)('webhooks in Chromium (skipped where Chromium is not installed)', () => {
  const receiver = new Receiver()
  const hub = new TestHub({ ...receiver.settings, VIGIE_WEBHOOK_GIVE_UP_SECONDS: '1' })
  const door = new TestDevice('door-1', 'test-site')
  let desk: Desk
  let page: Page
  let secret = ''

  beforeAll(async () => {
    await receiver.start()
    await hub.apply(smallSite())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await hub.setUp()
    await door.connect(hub)
    desk = await Desk.open({}, /40[0-9]|41[0-9]|422/)
    page = desk.page
    page.setDefaultTimeout(10_000)
    await desk.signIn(hub, '/webhooks')
  }, 120_000)
  afterAll(async () => {
    await desk?.close()
    await door.close()
    await hub.close()
    await receiver.close()
  })
  const only = async () => (await hub.get<WebhookList>('/api/v1/webhooks')).webhooks[0]
  const shown = (text: string): Promise<void> => page.getByText(text).first().waitFor()

  it('says what is wrong with an address, then adds it and shows its secret once', async () => {
    await shown('Aucun webhook. Le hub ne prévient aucun logiciel.')
    await page.getByRole('link', { name: 'Ajouter un webhook' }).click()
    await page.locator('#webhook-name').fill('Registre central')
    await page.locator('#webhook-url').fill('https://receiver.example/vigie')
    await page.getByRole('checkbox', { name: 'Accès', exact: true }).check()
    await page.getByRole('button', { name: 'Ajouter le webhook' }).click()
    await shown('Les webhooks ne peuvent pas aller vers receiver.example.')
    await page.locator('#webhook-url').fill(receiver.url)
    await page.getByRole('button', { name: 'Ajouter le webhook' }).click()
    secret = await page.locator('#webhook-secret').inputValue()
    expect(secret).toMatch(/^whsec_/)
    await page.getByRole('button', { name: 'J’ai gardé le secret' }).click()
    await page.getByRole('link', { name: 'Registre central' }).click()
    expect(await page.content()).not.toContain(secret)
    expect((await only())?.kinds).toContain('access.denied')
  })

  it('tries it, and says what the receiver said', async () => {
    await page.getByRole('button', { name: 'Envoyer un essai' }).click()
    await shown('Reçu par le destinataire.')
    const [got] = receiver.ofKind('webhook.test')
    expect(got && isSignedBy(secret, got)).toBe(true)
    receiver.answer = 503
    await page.getByRole('button', { name: 'Envoyer un essai' }).click()
    await shown('refusé, HTTP 503')
  })

  it('shows what was set aside, and sends it again', async () => {
    await door.badge(VISITOR, 'door')
    await until('it is set aside', async () => (await only())?.dead === 1)
    await page.reload()
    await page.locator('[data-dead]').waitFor()
    await page.locator('tr[data-webhook]').getByText('En échec').waitFor()
    receiver.answer = 204
    await page.getByRole('button', { name: 'Renvoyer' }).click()
    await shown('Renvoyé.')
    await page.locator('[data-dead]').waitFor({ state: 'detached' })
    expect((await only())?.dead).toBe(0)
  })

  it.each([
    [320, 'dark'],
    [320, 'light'],
    [1440, 'dark'],
    [1440, 'light'],
  ] as const)('is readable at %i px, %s, and nothing runs over', async (width, colorScheme) => {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const id = (await only())?.id ?? ''
    for (const path of ['/webhooks', '/webhooks?new', `/webhooks?webhook=${id}`, `/webhooks?webhook=${id}&edit`]) {
      await page.goto(hub.origin + path)
      await page
        .locator(path === '/webhooks' ? 'tr[data-webhook]' : 'section.panel')
        .first()
        .waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      expect(await page.evaluate(FAINT)).toEqual([])
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('pauses, resumes, changes the secret and removes', async () => {
    await page.goto(`${hub.origin}/webhooks?webhook=${(await only())?.id}`)
    await page.locator('[data-end=pause]').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Suspendre' }).click()
    await page.locator('tr[data-webhook]').getByText('Suspendu').waitFor()
    await page.locator('[data-act=resume]').click()
    await page.locator('[data-end=pause]').waitFor()
    await page.locator('[data-end=secret]').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Nouveau secret' }).click()
    expect(await page.locator('#webhook-secret').inputValue()).not.toBe(secret)
    await page.getByRole('button', { name: 'J’ai gardé le secret' }).click()
    await page.locator('[data-end=remove]').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click()
    await shown('Aucun webhook. Le hub ne prévient aucun logiciel.')
    expect(desk.faults).toEqual([])
  })
})
