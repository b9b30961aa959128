/** The desk in real Chromium on a whole hub: lockdowns, evacuations and broken glass, begun elsewhere and at the page. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem, ReviewList } from '../api.ts'
import { Desk, noBrowser } from './chromium.ts'
import { ADMIN, NURSE, smallSite, TestDevice, TestHub, until } from './harness.ts'

function site() {
  const plain = smallSite()
  const [nurse, ...others] = plain.roles
  return {
    ...plain,
    roles: [{ ...nurse!, breakGlass: [{ zone: 'ward' }] }, ...others],
    lockdownPlans: [{ id: 'ward', name: 'Soins fermés', zones: ['ward'], rank: 2, revertAfterMinutes: 60 }],
    evacuationPlans: [{ id: 'all', name: 'Tout le site', zones: ['ward', 'hall'], release: ['door-1'], muster: [] }],
  }
}

describe.skipIf(noBrowser)('situations on the live page (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  const cabinet = new TestDevice('cab-1', 'test-site')
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    await hub.apply(site())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await hub.setUp()
    await cabinet.connect(hub)
    desk = await Desk.open()
    page = desk.page
    await desk.signIn(hub)
    await page.locator('.lead').waitFor()
  })
  afterAll(async () => {
    await desk?.close()
    await cabinet.close()
    await hub.close()
  })

  const going = (what: string) => page.locator(`[data-situation=${what}]`)
  const act = (method: string, path: string, body?: object): Promise<Response> =>
    hub.fetch(`/api/v1${path}`, { method, body: JSON.stringify(body ?? {}) })
  const feed = (): Promise<string> => page.locator('.feed').innerText()

  it('shows nothing while nothing is going on', async () => {
    expect(await page.locator('[data-situation]').count()).toBe(0)
  })

  it('shows a lockdown that was started over the API, in the strip and in the feed, and stops the nurse', async () => {
    expect((await act('POST', '/lockdowns/ward')).status).toBe(201)
    await going('lockdown').waitFor()
    expect(await going('lockdown').innerText()).toMatch(/Confinement Soins fermés[\s\S]*encore (1.h|59.min)/)
    await until('the feed tells of it', async () => /Confinement Soins fermés/.test(await feed()))
    expect(await cabinet.badge(NURSE)).toMatchObject({ granted: false, reason: 'lockdown' })
  })

  it('shows one that was started by the command line as well, and counts an emergency opening under it', async () => {
    await act('DELETE', '/lockdowns/ward')
    await going('lockdown').waitFor({ state: 'detached' })
    await hub.vigie('lockdown', 'start', 'ward')
    await going('lockdown').waitFor()
    expect(await going('lockdown').innerText()).toContain('par cli:')
    const opened = await cabinet.badge(NURSE, 'drawer-1', { breakGlass: true, reason: 'Arrêt cardiaque' })
    expect(opened).toMatchObject({ granted: true })
    await going('break-glass').waitFor()
    expect(await going('break-glass').innerText()).toMatch(/Armoire 1, tiroir 1[\s\S]*C\.\sMarchand/)
    await going('reviews').waitFor()
  })

  it('lifts it at the page, after a question that Escape and Enter answer with no', async () => {
    await going('lockdown').getByRole('button', { name: 'Lever' }).click()
    const dialog = page.locator('dialog')
    await dialog.waitFor()
    expect(await dialog.innerText()).toContain('Lever le confinement')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await going('lockdown').count()).toBe(1)
    await going('lockdown').getByRole('button', { name: 'Lever' }).click()
    await dialog.getByRole('button', { name: 'Lever' }).click()
    await going('lockdown').waitFor({ state: 'detached' })
    const kinds = (await hub.journal()).map(r => r.event.kind)
    expect(kinds.filter(k => k === 'lockdown.ended')).toHaveLength(2)
  })

  it('offers no review to an account that is nobody of the site, and says whom to ask', async () => {
    await going('reviews').getByRole('link', { name: 'Relire' }).click()
    const item = page.locator('[data-review]')
    await item.waitFor()
    expect(await item.innerText()).toMatch(/Arrêt cardiaque[\s\S]*n’est rattaché à personne/)
    expect(await item.innerText()).toContain(`vigie operator link ${ADMIN.login} <personne>`)
    expect(await item.locator('form').count()).toBe(0)
    const refused = await act('PUT', `/operators/${ADMIN.login}/person`, { person: 't-ferrand' })
    expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([403, 'link-own'])
  })

  it('lets another person close it with a finding, and asks for one', async () => {
    await hub.vigie('operator', 'link', ADMIN.login, 't-ferrand')
    await page.keyboard.press('Escape')
    await page.locator('[data-review]').waitFor({ state: 'detached' })
    await going('reviews').getByRole('link', { name: 'Relire' }).click()
    const item = page.locator('[data-review]')
    await item.getByRole('button', { name: 'Clore la relecture' }).click()
    await item.getByText('Choisissez une conclusion.').waitFor()
    await item.getByLabel('Justifié', { exact: true }).check()
    await item.getByLabel(/Commentaire/).fill('Vu avec le cadre')
    await item.getByRole('button', { name: 'Clore la relecture' }).click()
    await page.getByText('Aucun bris de glace à relire.').waitFor()
    await going('reviews').waitFor({ state: 'detached' })
    const closed = (await hub.journal()).map(r => r.event).find(e => e.kind === 'break-glass.review-closed')
    expect(closed).toMatchObject({ finding: 'justified', comment: 'Vu avec le cadre' })
    await page.keyboard.press('Escape')
  })

  it('offers no review to the one who broke the glass, and the hub refuses it', async () => {
    await cabinet.badge(NURSE, 'drawer-2', { breakGlass: true, reason: 'Choc septique' })
    await going('reviews').waitFor()
    await hub.vigie('operator', 'link', ADMIN.login, 'c-marchand')
    await going('reviews').getByRole('link', { name: 'Relire' }).click()
    const item = page.locator('[data-review]')
    await item.waitFor()
    expect(await item.innerText()).toMatch(/Choc septique[\s\S]*C’est votre propre bris de glace/)
    expect(await item.locator('form').count()).toBe(0)
    const { reviews } = await hub.get<ReviewList>('/api/v1/reviews')
    const refused = await act('POST', `/reviews/${reviews[0]!.id}/closing`, { finding: 'justified' })
    expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([403, 'review-own'])
  })

  it('starts an evacuation from the menu by keyboard alone, naming the doors, and takes the list of people beside the plan', async () => {
    await page.getByRole('button', { name: 'Situations' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Tout le site' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.locator('dialog')
    expect(await dialog.innerText()).toMatch(/Évacuer «\sTout le site\s»[\s\S]*Porte du hall[\s\S]*Soins et Hall/)
    await dialog.getByRole('button', { name: 'Évacuer' }).focus()
    await page.keyboard.press('Enter')
    await going('evacuation').waitFor()
    expect(await going('evacuation').innerText()).toMatch(/issues ouvertes[\s\S]*0 à l’intérieur[\s\S]*0 en sécurité/)
    await act('POST', '/evacuations/all/safe', { person: 't-ferrand' })
    await going('evacuation').getByText('1 en sécurité').waitFor()
    await going('evacuation').getByRole('link', { name: 'Liste' }).click()
    await page.locator('.panel').getByText('T. Ferrand').waitFor()
    await going('evacuation').getByRole('button', { name: 'Terminer' }).click()
    await dialog.getByRole('button', { name: 'Terminer' }).click()
    await going('evacuation').waitFor({ state: 'detached' })
    await page.getByText('Cette évacuation est terminée.').waitFor()
  })

  it('broke no rule of its content security policy on the way', () => expect(desk.faults).toEqual([]))
})
