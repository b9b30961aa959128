/** The situations strip, its questions and its panels, with a real browser on the built page and a stand-in hub. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPage, launch, noBrowser, signIn, type Visit, visit } from './browser.ts'
import { NIGHT } from './standin.ts'

const person = { name: 'Claire Marchand', role: 'Infirmière' }

describe.skipIf(noBrowser)('situations', () => {
  let browser: Browser
  let built: Awaited<ReturnType<typeof buildPage>>
  beforeAll(async () => {
    built = await buildPage()
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    await built?.remove()
  })

  const row = (v: Visit, what: string) => v.page.locator(`[data-situation=${what}]`)
  const lockdown = (v: Visit, ms = 90_000) => ({
    plan: 'south',
    since: v.hub.now(),
    until: v.hub.now() + ms,
    by: 'cli:root',
  })
  const evacuation = (v: Visit, more: object = {}) => ({
    ...{ plan: 'all', since: v.hub.now(), by: 'cli:root', releasing: true, inside: 1, safe: 0 },
    ...more,
  })

  it('come, count down and go without a line of the feed', async () => {
    const v = await visit(browser, { dist: built.dist, now: NIGHT })
    await signIn(v)
    expect(await v.page.locator('[data-situation]').count()).toBe(0)
    v.hub.happens({ lockdowns: [lockdown(v)] })
    await row(v, 'lockdown')
      .getByText(/encore 1.min (2\d|30).s/)
      .waitFor()
    await v.page.getByText('1\u00a0confinement.').waitFor()
    v.hub.happens({ lockdowns: [] })
    await row(v, 'lockdown').waitFor({ state: 'detached' })
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('offer an auditor no act, and tell them who may close a review', async () => {
    const v = await visit(browser, { dist: built.dist, role: 'auditor' })
    await signIn(v)
    const [at, dueAt] = [v.hub.now() - 1000, v.hub.now() + 1_000_000]
    const review = { accessPoint: 'door-t15-1', zone: 't15', at, dueAt, overdue: false, escalations: 0 }
    const told = { own: false, needsPerson: false, statedReason: '<b>Choc</b>' }
    v.hub.reviews = [{ id: 'b-1', person, ...review, ...told }]
    v.hub.happens({ lockdowns: [lockdown(v)], evacuations: [evacuation(v)], reviews: { open: 1, overdue: 0 } })
    await row(v, 'evacuation').waitFor()
    expect(await v.page.locator('[data-situation] button').count()).toBe(0)
    expect(await v.page.getByRole('button', { name: 'Situations' }).count()).toBe(0)
    await row(v, 'reviews').getByRole('link').click()
    const item = v.page.locator('[data-review=b-1]')
    await item.getByText('Un agent de sécurité ou un administrateur').waitFor()
    expect(await item.innerText()).toContain('<b>Choc</b>')
    expect(await item.locator('form').count()).toBe(0)
    await v.close()
  })

  it('ask before an act, do it once, and say why the hub refused it', async () => {
    const v = await visit(browser, { dist: built.dist }, {}, /409/)
    await signIn(v)
    v.hub.refuses = { route: 'POST /lockdowns/south', status: 409, code: 'plan-running' }
    await v.page.getByRole('button', { name: 'Situations' }).click()
    await v.page.getByRole('button', { name: 'Pharmacie et réserve' }).click()
    const dialog = v.page.locator('dialog')
    expect(await dialog.innerText()).toMatch(/Pharmacie et Réserve\s: plus rien ne s’ouvre/)
    await dialog.getByRole('button', { name: 'Confiner' }).click()
    await dialog.getByText('Ce plan est déjà en cours.').waitFor()
    v.hub.refuses = undefined
    await dialog.getByRole('button', { name: 'Confiner' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(v.hub.acts.map(a => a.route)).toEqual(['POST /lockdowns/south', 'POST /lockdowns/south'])
    expect(await v.page.locator('[data-situation]').count()).toBe(0) // not before the hub tells of it
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('offer to resume a release that stands still after a restart', async () => {
    const v = await visit(browser, { dist: built.dist })
    await signIn(v)
    v.hub.happens({ evacuations: [evacuation(v, { releasing: false })] })
    await row(v, 'evacuation').getByText('ouverture suspendue').waitFor()
    await row(v, 'evacuation').getByRole('button', { name: 'Reprendre l’ouverture' }).click()
    const dialog = v.page.locator('dialog')
    expect(await dialog.innerText()).toContain('Porte Accueil, tri et Porte Pharmacie')
    await dialog.getByRole('button', { name: 'Reprendre l’ouverture' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(v.hub.acts.map(a => a.route)).toEqual(['POST /evacuations/all/resume'])
    v.hub.happens({ evacuations: [evacuation(v)] })
    await row(v, 'evacuation').getByText('issues ouvertes').waitFor()
    expect(await row(v, 'evacuation').getByRole('button', { name: 'Reprendre l’ouverture' }).count()).toBe(0)
    await v.close()
  })

  it('list who is missing, mark a person as safe, and read the list again when the counts move', async () => {
    const v = await visit(browser, { dist: built.dist })
    await signIn(v)
    const [since, at] = [v.hub.now() - 1000, v.hub.now()]
    const lucie = { id: 'lucie', name: 'Lucie Aubry' }
    v.hub.muster = {
      ...{ plan: 'all', name: 'Tout l’hôpital', since, safe: [], onDutyUnknown: [{ name: 'Jules Rey' }] },
      inside: [{ ...lucie, zone: 't08', since, accessPoint: 'door-t08-1' }],
    }
    v.hub.happens({ evacuations: [evacuation(v)] })
    await row(v, 'evacuation').getByRole('link', { name: 'Liste' }).click()
    await v.page.getByText('Personne n’est encore compté.').waitFor()
    expect(await v.page.getByRole('button', { name: 'en sécurité' }).count()).toBe(1) // nobody without an id
    v.hub.muster = { ...v.hub.muster, inside: [], safe: [{ ...lucie, at, by: 'Bruno Kessler' }] }
    await v.page.getByRole('button', { name: 'Marquer L.\u00a0Aubry en sécurité' }).click()
    await v.page.getByText('Personne de connu à l’intérieur.').waitFor()
    expect(v.hub.acts).toEqual([{ route: 'POST /evacuations/all/safe', body: { person: 'lucie' } }])
    v.hub.muster = { ...v.hub.muster, onDutyUnknown: [] }
    v.hub.happens({ evacuations: [evacuation(v, { inside: 0, safe: 1 })] })
    await v.page.getByText('En service, vus nulle part').waitFor({ state: 'detached' })
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('wait for the hub while it cannot be reached', async () => {
    const v = await visit(browser, { dist: built.dist }, {}, /WebSocket/)
    await signIn(v)
    v.hub.happens({ lockdowns: [lockdown(v, 3_000_000)] })
    await row(v, 'lockdown').waitFor()
    v.hub.cut()
    await v.page.locator('.conn[data-state=offline]').waitFor()
    expect(await row(v, 'lockdown').getByRole('button').isDisabled()).toBe(true)
    v.hub.happens({ lockdowns: [] })
    v.hub.reopen()
    await row(v, 'lockdown').waitFor({ state: 'detached' })
    await v.close()
  })

  it('fit a page 320 px wide, in both languages', async () => {
    const v = await visit(browser, { dist: built.dist, now: NIGHT }, { viewport: { width: 320, height: 640 } })
    await signIn(v)
    const since = v.hub.now()
    v.hub.happens({
      lockdowns: [lockdown(v)],
      evacuations: [evacuation(v, { releasing: false })],
      awaited: [{ accessPoint: 'cab-t15-2-drawer-1', zone: 't15', person, since, until: since + 30_000 }],
      breakGlass: [{ id: 'b', accessPoint: 'cab-t08-1-drawer-3', zone: 't08', person, since, until: since + 900_000 }],
      reviews: { open: 12, overdue: 3 },
    })
    await row(v, 'reviews').waitFor()
    const overflow = (): Promise<number> =>
      v.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    const outside = (): Promise<number> =>
      v.page
        .locator('[data-situation] *')
        .evaluateAll(all => all.filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).length)
    expect([await overflow(), await outside()]).toEqual([0, 0])
    await v.page.getByRole('button', { name: 'Plus', exact: true }).click()
    await v.page.getByRole('button', { name: 'EN', exact: true }).click()
    await v.page.keyboard.press('Escape')
    await row(v, 'reviews').getByText('12\u00a0break-glass to review, 3 overdue').waitFor()
    expect([await overflow(), await outside()]).toEqual([0, 0])
    await v.page.getByRole('button', { name: 'Situations' }).click()
    expect([
      await overflow(),
      await v.page.locator('#situation-menu').evaluate(e => e.getBoundingClientRect().right <= innerWidth),
    ]).toEqual([0, true])
    await v.close()
  })
})
