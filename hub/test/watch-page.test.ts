/** What is watched for, in real Chromium on a whole hub: maintenance, people on call, scenarios turned off and tried. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MaintenanceList, ScenarioList } from '../api.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { ADMIN, smallSite, TestDevice, TestHub, until } from './harness.ts'

const SLOW_START_MS = 180_000
/** Wider than the window: something sticks out. */
const WIDER = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

describe.skipIf(noBrowser)('what is watched for, in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  const pir = new TestDevice('pir-1', 'test-site')
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    const base = smallSite()
    const sensor = { id: 'pir-1', model: 'pir', name: 'Détecteur', zone: 'ward' }
    const rota = { id: 'nights', name: 'Garde de nuit', people: [ADMIN.login, 'parti'], handover: '08:00', days: 7 }
    await hub.apply({
      ...base,
      devices: [...base.devices, sensor],
      rotas: [{ ...rota, from: '2026-01-05' }],
    })
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await hub.setUp()
    await pir.connect(hub)
    desk = await Desk.open({}, /40[0-9]|41[0-9]|422/)
    page = desk.page
    await desk.signIn(hub, '/alerts')
  }, SLOW_START_MS)
  afterAll(async () => {
    await desk?.close()
    await pir.close()
    await hub.close()
  })
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const link = (name: string | RegExp) => page.locator('nav.sheets a', { hasText: name })
  const works = async () => (await hub.get<MaintenanceList>('/api/v1/maintenance')).maintenance

  it('a device is put under maintenance with an end, which is asked for where it is', async () => {
    await link('Aucune maintenance').click()
    await page.getByText('Rien n’est en maintenance.').waitFor()
    await button('Commencer').click()
    await page.getByText('Choisissez une zone ou un appareil.').waitFor()
    await page.locator('#work-place').selectOption({ label: 'Détecteur' })
    await page.getByLabel('4\u00a0h', { exact: true }).check()
    await page.locator('#work-remark').fill('Changement de pile')
    await button('Commencer').click()
    await page.locator('[data-work]', { hasText: 'Détecteur' }).waitFor()
    await link('1\u00a0en maintenance').waitFor()
    const [work] = await works()
    expect((work?.until ?? 0) - (work?.at ?? 0)).toBe(4 * 3_600_000)
  })

  it('and the work is ended before its time', async () => {
    await button('Terminer Détecteur').click()
    await page.getByText('Rien n’est en maintenance.').waitFor()
    expect(await works()).toEqual([])
  })

  it('who is on call is named beside the queue; a login nobody has is shown so', async () => {
    await link(/De garde/).click()
    await page.getByRole('region', { name: 'Garde de nuit' }).waitFor()
    await page.getByText(ADMIN.name).first().waitFor()
    await page.getByText('aucun compte de ce nom ne prend d’alertes').first().waitFor()
  })

  it('a scenario is tried on last week, turned off and on again', async () => {
    await pir.send('state', { point: 'pir', tamper: true })
    await pir.send('state', { point: 'pir', tamper: false })
    await link('Scénarios').click()
    const row = page.locator('[data-scenario=tamper]')
    await row.getByText('alerte critique').waitFor()
    await row.getByRole('button', { name: /^Essayer/ }).click()
    await row.getByText('Aurait commencé 1\u00a0fois ces 7\u00a0jours.').waitFor()
    await row.getByRole('button', { name: /^Désactiver/ }).click()
    await row.getByRole('button', { name: /^Activer/ }).waitFor()
    await row.getByText('modifié par le site').waitFor()
    const state = async () =>
      (await hub.get<ScenarioList>('/api/v1/scenarios')).scenarios.find(s => s.id === 'tamper')?.enabled
    expect(await state()).toBe(false)
    await row.getByRole('button', { name: /^Activer/ }).click()
    await until('it is on again', state)
  })

  it.each([
    [1440, 'light'],
    [1000, 'dark'],
    [390, 'light'],
  ] as const)('fits %i px, named and readable, in the %s theme', async (width, colorScheme) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 844 })
    for (const sheet of ['maintenance', 'scenarios', 'on-call']) {
      await page.goto(`${hub.origin}/alerts?${sheet}`)
      await page.locator('.sheet li').first().waitFor()
      expect([sheet, await page.evaluate(WIDER), await page.evaluate(FAINT)]).toEqual([sheet, false, []])
    }
    expect(desk.faults).toEqual([])
  })

  it('whoever may not change rights sees the list in their language, and neither turns nor tries', async () => {
    const other = await Desk.open()
    await other.signIn(hub, '/alerts?scenarios', await hub.signInAs('security'))
    await other.page.getByRole('button', { name: 'EN', exact: true }).first().click()
    await other.page.getByText('Housing torn off').waitFor()
    expect(await other.page.locator('[data-scenario] button').count()).toBe(0)
    expect(other.faults).toEqual([])
    await other.close()
  })
})
