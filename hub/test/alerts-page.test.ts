/** Alerts in real Chromium on a whole hub: what comes in by MQTT is in the queue at once, and is taken, given, slept on, resolved. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IncidentList, IncidentView } from '../api.ts'
import { AlertServers } from './alert-servers.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'

const SLOW_START_MS = 180_000
/** Wider than the window: something sticks out. */
const WIDER = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'
const sensors = ['pir-1', 'pir-2'].map((id, n) => ({ id, model: 'pir', name: `Détecteur ${n + 1}`, zone: 'ward' }))

const servers = await new AlertServers().start()

describe.skipIf(noBrowser)('alerts, in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000', ...servers.settings })
  const [door, pir, pir2] = ['door-1', 'pir-1', 'pir-2'].map(id => new TestDevice(id, 'test-site')) as [
    TestDevice,
    TestDevice,
    TestDevice,
  ]
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    const base = smallSite()
    await hub.apply({ ...base, devices: [...base.devices, ...sensors] })
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await hub.setUp()
    for (const device of [door, pir, pir2]) await device.connect(hub)
    desk = await Desk.open({}, /40[0-9]|41[0-9]|422/)
    page = desk.page
    await desk.signIn(hub, '/alerts')
  }, SLOW_START_MS)
  afterAll(async () => {
    await desk?.close()
    for (const device of [door, pir, pir2]) await device.close()
    await hub.close()
    await servers.stop()
  })
  const moves = (device: TestDevice) =>
    device.send('reading', { readings: [{ quantity: 'occupancy', value: 1, unit: '1' }] })
  const incidents = async (): Promise<readonly IncidentView[]> =>
    (await hub.get<IncidentList>('/api/v1/incidents?limit=200')).incidents
  const one = async (): Promise<IncidentView> => (await incidents()).find(i => i.kind === 'intrusion')!
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name, exact: true })
  const step = (name: string) => page.locator('[aria-current=step]', { hasText: name })

  it('begin empty, and are in the navigation', async () => {
    await page.getByText('Aucune alerte en cours.').first().waitFor()
    expect(await page.locator('nav.rail a').allInnerTexts()).toContain('Alertes')
  })

  it('a zone is armed there, and those within it with it', async () => {
    await page.getByText('Aucune zone armée').click()
    await button('Armer Soins').click()
    await page.locator('[data-zone=ward]').getByText('Armée par').waitFor()
    await page.getByText('1\u00a0zone armée').waitFor()
  })

  it('motion is in the queue as it happens, one alert with a line for each sensor', async () => {
    await moves(pir)
    const row = page.locator('[data-incident]', { hasText: 'Intrusion' })
    await row.waitFor()
    await page.locator('nav.rail [data-alerts]').getByText('1', { exact: true }).waitFor()
    await row.click()
    await page.locator('[data-shown]').waitFor()
    await moves(pir2)
    await page.getByText('Deux signaux, une seule cause probable').waitFor()
    for (const name of ['Détecteur 1', 'Détecteur 2']) await page.locator('.tl').getByText(name).waitFor()
    await step('Levée').waitFor()
    expect(await incidents()).toHaveLength(1)
  })

  it('is put to sleep with an end, and taken with one press: the steps and the queue say so', async () => {
    await button('Mettre en veille').click()
    await page.locator('#snooze-for').selectOption({ label: '15\u00a0min' })
    await inDialog('Mettre en veille').click()
    await page.locator('[data-incident]').getByText('En veille jusqu’à').waitFor()
    await button('Prendre l’alerte').click()
    await step('Prise').waitFor()
    await page.locator('.qg', { hasText: 'Suivies' }).waitFor()
    expect(await one()).toMatchObject({ state: 'acknowledged', snoozedUntil: expect.any(Number) })
    await page.locator('nav.rail [data-alerts]').waitFor({ state: 'detached' })
  })

  it('is given to somebody who may take it', async () => {
    const guard = await hub.signInAs('security')
    await hub.signInAs('nurse')
    await button('Affecter').click()
    await page.locator('#assignee option', { hasText: guard.who.name }).waitFor({ state: 'attached' })
    const offered = await page.locator('#assignee option').allInnerTexts()
    expect(offered.some(o => o.includes(guard.who.name))).toBe(true)
    expect(offered.some(o => o.includes('nfirmi'))).toBe(false)
    await inDialog('Affecter').click()
    await page.locator('#assignee[aria-invalid=true]').waitFor()
    await page.locator('#assignee').selectOption(guard.who.login)
    await inDialog('Affecter').click()
    await step('Affectée').getByText(guard.who.name).waitFor()
    await page.locator('.tl').getByText(`à ${guard.who.name}`).waitFor()
  })

  it('is resolved with a finding, which is asked for', async () => {
    await button('Résoudre').click()
    await inDialog('Résoudre').click()
    await page.getByText('Choisissez un constat.').waitFor()
    await page.getByLabel('Fausse alerte').check()
    await page.locator('#incident-remark').fill('Ronde de <b>nuit</b>')
    await inDialog('Résoudre').click()
    await step('Résolue').waitFor()
    await page.getByText('Aucune alerte en cours.').first().waitFor()
    expect(await one()).toMatchObject({ state: 'resolved', finding: 'false-alarm' })
    await button('Résolues').click()
    await page.locator('[data-incident]').getByText('Fausse alerte').waitFor()
    const row = (await hub.journal(2_000)).map(r => r.event).find(e => e.kind === 'incident.resolved')
    expect(row).toMatchObject({ comment: 'Ronde de <b>nuit</b>' })
  })

  it('what somebody else changed meanwhile is said, and nothing is lost', async () => {
    await moves(pir)
    await button('En cours 1').click()
    await page.locator('[data-incident]', { hasText: 'Intrusion' }).click()
    await button('Mettre en veille').click()
    const now = await until('it is open', async () => (await incidents()).find(i => i.state === 'raised'))
    await hub.admin.fetch(`/api/v1/incidents/${now.id}/acknowledge`, {
      method: 'POST',
      headers: { 'if-match': `"${now.revision}"` },
    })
    await step('Prise').waitFor()
    await inDialog('Mettre en veille').click()
    await page.locator('[data-incident]').getByText('En veille jusqu’à').waitFor()
  })

  it('how one is told is said on one’s own account, and tried there', async () => {
    await page.goto(`${hub.origin}/account`)
    await page.locator('#contact-phone').fill('06 12')
    await button('Enregistrer').click()
    await page.getByText('Un numéro, par exemple').waitFor()
    await page.locator('#contact-phone').fill('06 12 34 56 78')
    await page.getByLabel('Heures calmes').check()
    await button('Enregistrer').click()
    await page.getByText('Enregistré.').waitFor()
    await button('Essayer par SMS').click()
    await page.getByText('Remis à la passerelle').waitFor()
    expect(servers.texts.at(-1)).toMatchObject({ to: '+33612345678' })
    expect(await hub.get('/api/v1/account/contact')).toMatchObject({ quiet: { from: 1320, until: 420 }, revision: 1 })
    expect([await page.evaluate(WIDER), await page.evaluate(FAINT)]).toEqual([false, []])
  })

  it('a link to an alert that is not there says so', async () => {
    await page.goto(`${hub.origin}/alerts?id=in-0123456789abcdef`)
    await page.getByText('Cette alerte n’existe pas').waitFor()
  })

  it.each([
    [1440, 'light'],
    [1000, 'dark'],
    [390, 'light'],
  ] as const)('fits %i px, named and readable, in the %s theme', async (width, colorScheme) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 844 })
    for (const path of ['/alerts', `/alerts?id=${(await one()).id}`, '/alerts?zones']) {
      await page.goto(hub.origin + path)
      await page
        .locator(path === '/alerts' ? '[data-incident]' : '.sheet')
        .first()
        .waitFor()
      expect([path, await page.evaluate(WIDER), await page.evaluate(FAINT)]).toEqual([path, false, []])
    }
    expect(desk.faults).toEqual([])
  })
})
