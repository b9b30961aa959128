/**
 * Notifications in real Chromium: a browser is added on the page of one's own account, is shown what the hub sealed for it, and
 * a tap leads to the alert. Chromium's own subscription needs its maker's service on the internet: here it is one of the nearest
 * peer's, made by the test; its permission, its worker, and what it shows are its own.
 */
import type { Page, Worker } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PushView } from '../api.ts'
import { TestBrowser } from '../notify/testing/browser.ts'
import { AlertServers } from './alert-servers.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { smallSite, TestHub, until } from './harness.ts'

const SLOW_START_MS = 180_000
const servers = await new AlertServers().start()
const sealedFor = new TestBrowser()

/** In the page, before its own scripts. These are text: they run in the browser. */
const subscribesHere = (endpoint: string, keys: object): string => `
  const made = { endpoint: ${JSON.stringify(endpoint)}, toJSON: () => ({ keys: ${JSON.stringify(keys)} }), unsubscribe: async () => true }
  PushManager.prototype.subscribe = async () => made`
/** In the worker. A tap that a script makes gives it no right to the foreground, which a real one does. */
const taps = (tag: string): string => `(async () => {
  const [notification] = await registration.getNotifications({ tag: ${JSON.stringify(tag)} })
  WindowClient.prototype.focus = async function () { return this }
  dispatchEvent(new NotificationEvent('notificationclick', { notification }))
})()`
const SHOWN = `navigator.serviceWorker.ready.then(worker => worker.getNotifications()).then(all =>
  all.map(n => ({ title: n.title, body: n.body, tag: n.tag, stays: n.requireInteraction })))`
const shownIn = (page: Page) => page.evaluate<{ tag: string }[]>(SHOWN)

describe.skipIf(noBrowser)('notifications, in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub({ ...servers.settings, ...servers.pushSettings })
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    await hub.apply(smallSite())
    await hub.start()
    await hub.setUp()
    desk = await Desk.open({}, /40[0-9]|422/)
    page = desk.page
    await page.context().grantPermissions(['notifications'])
    await page.addInitScript(subscribesHere(servers.endpoint('poste'), sealedFor.keys))
    await until('the hub has keys', async () => (await pushView()).key)
    await desk.signIn(hub, '/account')
  }, SLOW_START_MS)
  afterAll(async () => {
    await desk?.close()
    await hub.close()
    await servers.stop()
  })
  const pushView = () => hub.get<PushView>('/api/v1/account/push')
  const here = () => page.locator('[data-browser=here]')
  const worker = (): Promise<Worker> => until('the worker', () => page.context().serviceWorkers()[0])

  /** As the maker's service would hand it to Chromium, which has opened it. */
  async function deliver(data: string): Promise<void> {
    const session = await page.context().newCDPSession(page)
    const registered = new Promise<string>(resolve =>
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const live = registrations.find(r => !r.isDeleted)
        if (live) resolve(live.registrationId)
      }),
    )
    await session.send('ServiceWorker.enable')
    await session.send('ServiceWorker.deliverPushMessage', {
      ...{ origin: hub.origin, registrationId: await registered, data },
    })
    await session.detach()
  }

  it('this browser is added by one press, and is named as what it is', async () => {
    await page.getByText('Aucun navigateur.').waitFor()
    await page.locator('[data-push=add]').click()
    await here().waitFor()
    expect(await here().innerText()).toContain('Chrome, Linux')
    expect(await page.locator('[data-push=add]').count()).toBe(0)
    expect((await pushView()).browsers).toHaveLength(1)
    await page.reload()
    await here().waitFor()
  })

  it('what is tried leaves the hub sealed for it, and is shown', async () => {
    await page.locator('[data-test=push]').click()
    await page.getByText('Envoyé.').waitFor()
    await deliver(sealedFor.reads(servers.pushes.at(-1)!.body))
    const shown = await until('it is shown', async () => {
      const all = await shownIn(page)
      return all.length > 0 && all
    })
    expect(shown).toEqual([{ title: 'Vigie : essai', body: expect.any(String), tag: 'test', stays: false }])
  })

  it('an alert stays until it is looked at, in place of the one before, and a tap leads to it', async () => {
    const notice = { title: 'ALERTE : Intrusion', body: 'Soins', path: '/alerts?id=x-1', tag: 'x-1', urgent: true }
    await deliver(JSON.stringify(notice))
    await deliver(JSON.stringify({ ...notice, body: 'Soins, encore' }))
    await until('the second one', async () => JSON.stringify(await shownIn(page)).includes('encore'))
    const alerts = (await shownIn(page)).filter(n => n.tag === 'x-1')
    expect(alerts).toEqual([{ title: notice.title, body: 'Soins, encore', tag: 'x-1', stays: true }])
    await (await worker()).evaluate(taps('x-1'))
    await page.waitForURL('**/alerts?id=x-1')
  })

  it('is readable, and goes with one press; signing out ends it here', async () => {
    await page.goto(`${hub.origin}/account`)
    await here().waitFor()
    expect(await page.evaluate(FAINT)).toEqual([])
    await here().getByRole('button', { name: 'Retirer' }).click()
    await page.getByText('Aucun navigateur.').waitFor()
    expect((await pushView()).browsers).toEqual([])
    await page.locator('[data-push=add]').click()
    await here().waitFor()
    await page.getByRole('button', { name: 'Se déconnecter', exact: true }).click()
    await page.locator('#login').waitFor()
    expect((await pushView()).browsers).toEqual([])
    expect(await page.evaluate('localStorage.getItem("vigie.push")')).toBeNull()
    expect(desk.faults).toEqual([])
  })
})
