/** Connected applications: the page in real Chromium on a whole hub, as administrators use it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TenantView } from '../api.ts'
import { Desk, noBrowser } from './chromium.ts'
import { TestHub } from './harness.ts'
import { site, TestTenant, wish } from './tenant-hub.ts'

describe.skipIf(noBrowser)('applications in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  let desk: Desk
  let page: Page
  let token = ''

  beforeAll(async () => {
    await hub.apply(site())
    await hub.start()
    await hub.setUp()
    desk = await Desk.open({}, /40[0-9]|41[0-9]|422/)
    page = desk.page
    await desk.signIn(hub, '/tenants')
  })
  afterAll(async () => {
    await desk?.close()
    await hub.close()
  })
  const view = (id: string): Promise<TenantView> => hub.get(`/api/v1/tenants/${id}`)
  const check = (list: string, name: string) =>
    page.getByRole('group', { name: list }).getByLabel(name, { exact: true }).check()

  it('begin with none, and are offered in the navigation', async () => {
    await page.getByText('Aucune application n’est connectée.').waitFor()
    expect(await page.locator('nav.rail a[href="/tenants"]').innerText()).toContain('Applications')
  })

  it('are connected with a scope, and their token is shown once', async () => {
    await page.getByRole('link', { name: 'Connecter une application' }).click()
    await page.locator('#tenant-name').fill('Planning <b>des</b> gardes')
    expect(await page.locator('#tenant-id').inputValue()).toBe('planning-b-des-b-gardes')
    await page.locator('#tenant-id').fill('planning')
    await check('Zones, avec ce qu’elles contiennent', 'Hall')
    await check('Classes', 'Porte')
    await check('Motifs d’accès', 'rendez-vous')
    await check('Rôles sur le site', 'visitor')
    await page.locator('#tenant-hours').fill('0')
    await page.getByRole('button', { name: 'Connecter', exact: true }).click()
    await page.getByText('De 0,1 à 8760 heures').waitFor()
    await page.locator('#tenant-hours').fill('4')
    await page.getByRole('button', { name: 'Connecter', exact: true }).click()
    token = await page.locator('#tenant-token').inputValue()
    expect(token).toMatch(/^vigie_t_[A-Za-z0-9_-]{43}$/)
    expect(await view('planning')).toMatchObject({
      name: 'Planning <b>des</b> gardes',
      scope: {
        ...{ zones: ['hall'], classes: ['door'], origins: ['appointment'], longestMs: 4 * 3_600_000 },
        people: { roles: ['visitor'], ids: [] },
      },
    })
    await page.getByRole('button', { name: 'J’ai gardé le jeton' }).click()
    expect(await page.content()).not.toContain(token)
  })

  it('show how many grants live, and the journal tells them by name', async () => {
    const answer = await new TestTenant(hub, 'planning', token).ask('POST', '/api/v1/grants', wish())
    expect(answer.status).toBe(201)
    await page.reload()
    await page.locator('[data-tenant=planning]').getByText('1 sur 500').waitFor()
    await page.locator('[data-tenant=planning] a').click()
    await page.getByText('4\u00a0h au plus, jusqu’à 60\u00a0j à l’avance').waitFor()
    const { events } = await hub.get<{ events: { kind: string; by?: string }[] }>('/api/v1/events?kind=grant.issued')
    expect(events[0]?.by).toBe('tenant:Planning <b>des</b> gardes')
  })

  it('get another scope with a reason', async () => {
    await page.getByRole('button', { name: 'Changer le périmètre' }).click()
    await page.locator('#tenant-most').fill('7')
    await page.getByRole('button', { name: 'Nouveau service' }).click()
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.locator('[data-tenant=planning]').getByText('1 sur 7').waitFor()
    expect((await view('planning')).scope.mostGrants).toBe(7)
  })

  it('are cut off in one act, with a reason', async () => {
    await page.locator('[data-end=cut]').click()
    await page.getByRole('button', { name: 'Jeton divulgué' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Couper', exact: true }).click()
    await page.locator('[data-tenant=planning]').getByText('Coupée').waitFor()
    expect(await view('planning')).toMatchObject({ status: 'cut-off', grants: 0 })
    expect((await new TestTenant(hub, 'planning', token).tries('GET', '/api/v1/tenant'))[1]).toBe('token-refused')
    expect(desk.faults).toEqual([])
  })
})
