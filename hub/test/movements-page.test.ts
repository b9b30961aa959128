/** Arrivals, departures and visits: their pages in real Chromium on a whole hub, as a ward, IT and the desk use them. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MovementList, MovementView, VisitList } from '../api.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { smallSite, TestDevice, TestHub, until } from './harness.ts'

const SLOW_START_MS = 180_000
/** Wider than the window: something sticks out. */
const WIDER = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

describe.skipIf(noBrowser)('who comes and goes, in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub({ VIGIE_DEVICE_RATE: '100000', VIGIE_DEVICE_BURST: '100000' })
  const door = new TestDevice('door-1', 'test-site')
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    await hub.apply(smallSite())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await hub.setUp()
    await door.connect(hub)
    desk = await Desk.open({}, /40[0-9]|41[0-9]|422/)
    page = desk.page
    await desk.signIn(hub, '/movements')
  }, SLOW_START_MS)
  afterAll(async () => {
    await desk?.close()
    await door.close()
    await hub.close()
  })
  const movements = async (): Promise<readonly MovementView[]> =>
    (await hub.get<MovementList>('/api/v1/movements?limit=200')).movements
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const task = (id: string) => page.locator(`[data-task="${id}"]`)
  const found = () => page.locator('[role=listbox]').getByRole('option')
  const isDone = (id: string) => page.locator(`[data-task="${id}"][data-done=true]`).waitFor()

  it('begin empty, say what to do, and are in the navigation', async () => {
    await page.getByText('Personne n’arrive et personne ne part.').waitFor()
    const links = await page.locator('nav.rail a').allInnerTexts()
    for (const name of ['Visites', 'Arrivées et départs', 'Qui détient quoi']) expect(links).toContain(name)
  })

  it('a job is described once, with its rights and its things', async () => {
    await page.getByRole('link', { name: 'Modèles de métier' }).click()
    await button('Nouveau modèle').click()
    await page.locator('#job-name').fill('Infirmière de nuit')
    await page.getByRole('group', { name: 'Droits' }).getByLabel('nurse', { exact: true }).check()
    await page.locator('#job-equipment').fill('Casier\n\nTéléphone\nCasier')
    await button('Enregistrer').click()
    await page.locator('[data-job=infirmiere-de-nuit]').waitFor()
    const { jobs } = await hub.get<{ jobs: object[] }>('/api/v1/jobs')
    expect(jobs).toMatchObject([{ roles: ['nurse'], equipment: ['Casier', 'Téléphone'], tasks: [] }])
  })

  it('an arrival is filed by its form, and an empty form names what is missing', async () => {
    await page.getByRole('link', { name: 'Déclarer une arrivée' }).click()
    await button('Déclarer l’arrivée').click()
    await page.getByText('À remplir.').waitFor()
    expect(await movements()).toEqual([])
    await page.locator('#arrival-name').fill('Nadia <b>Ferhat</b>')
    await page.locator('#arrival-job').selectOption({ label: 'Infirmière de nuit' })
    await button('Déclarer l’arrivée').click()
    await task('person').waitFor()
    const [filed] = await movements()
    expect(filed).toMatchObject({ direction: 'arrival', person: { name: 'Nadia <b>Ferhat</b>' }, roles: ['nurse'] })
    expect(filed?.tasks.map(t => t.label ?? t.kind)).toEqual(['person', 'badge', 'Casier', 'Téléphone'])
  })

  it('its tasks are done there: the person, the badge, what is handed out; the badge opens', async () => {
    await task('person').getByRole('button').click()
    await isDone('person')
    await page.locator('#task-uid').fill('nonsense')
    await button('Remettre ce badge').click()
    await task('badge').getByText('De 8 à 20').first().waitFor()
    await page.locator('#task-uid').fill('04:bb:00:00:01')
    await button('Remettre ce badge').click()
    await isDone('badge')
    for (const id of ['equipment-1', 'equipment-2']) {
      // A click, not a check: the last tick ends the list, and its box is gone before it could be looked at.
      await task(id).getByRole('checkbox').click()
      await isDone(id)
    }
    await until('the list is done', async () => (await movements())[0]?.state === 'done')
    // A first day begins at seven: before that the badge is theirs, and opens nothing yet.
    const hasBegun = ((await movements())[0]?.at ?? 0) <= Date.now()
    expect((await door.badge('04BB000001', 'door')).reason).toBe(hasBegun ? 'granted' : 'person-not-yet-valid')
  })

  it('who leaves is found by name, and everything ends by one press', async () => {
    await page.getByRole('link', { name: 'Déclarer un départ' }).click()
    await page.locator('#departure-person').fill('ferh')
    await found().first().getByText('Nadia').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('[data-person]').waitFor()
    await button('Déclarer le départ').click()
    await page.locator('[data-end=now]').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Tout retirer', exact: true }).click()
    await page.getByText('Donnez un motif').waitFor()
    await button('Fin de contrat').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Tout retirer', exact: true }).click()
    await isDone('rights')
    expect((await door.badge('04BB000001', 'door')).granted).toBe(false)
    await task('return-1').getByRole('checkbox').click()
    await isDone('return-1')
  })

  it('a departure that was filed can be moved, and its list closed with a reason', async () => {
    await page.goto(`${hub.origin}/movements?departure`)
    await page.locator('#departure-person').fill('marchand')
    await found().first().click()
    await button('Déclarer le départ').click()
    await button('Changer les dates').click()
    await page.locator('#movement-at').fill('2027-03-01')
    await page.locator('#movement-at + input').fill('18:30')
    await button('Enregistrer').click()
    await page.getByText('01/03/2027 18:30').first().waitFor()
    await page.locator('[data-end=stop]').click()
    await button('Reste finalement').click()
    await button('Clore la liste').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await until('it is closed', async () => (await movements()).some(m => m.state === 'cancelled'))
    expect((await door.badge('04A2B3C4D5E6F7', 'door')).granted).toBe(true)
  })

  it('a visit gets a pass with a code that is shown this once and opens the door', async () => {
    await page.goto(`${hub.origin}/visits?new`)
    await button('Annoncer').click()
    await page.getByText('Choisissez une porte ou une zone').waitFor()
    await page.locator('#visit-name').fill('Jean Vidal')
    await page.locator('#visit-host').fill('march')
    await found().first().click()
    await page.getByRole('group', { name: 'Portes' }).getByRole('checkbox').first().check()
    await button('Annoncer').click()
    const code = await page.locator('[data-code]').getAttribute('data-code')
    expect(code).toMatch(/^[0-9A-F]{20}$/)
    await page.getByRole('img', { name: 'Code QR de la visite' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator('[data-pass]').isVisible()).toBe(true)
    expect((await door.badge(code ?? '', 'door')).granted).toBe(true)
    await button('C’est fait').click()
    await page.locator('[data-end=visit]').waitFor()
    expect(await page.content()).not.toContain(code)
  })

  it('a visit is ended, and the list knows', async () => {
    await page.locator('[data-end=visit]').click()
    await button('Parti').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mettre fin', exact: true }).click()
    await page.getByText('Terminée', { exact: true }).first().waitFor()
    const { visits } = await hub.get<VisitList>('/api/v1/visits?limit=200')
    expect(visits).toMatchObject([{ state: 'ended' }])
  })

  it('what was found in the inventory is sought by the hub, and saved as a table', async () => {
    await page.goto(`${hub.origin}/inventory`)
    await page.locator('[data-holding]').first().waitFor()
    await page.locator('a[data-flag=no-holder]').click()
    await page.locator(`[data-holding="~${hub.admin.who.login}"] a`).click()
    await page.getByText('Ce compte n’est rattaché à personne du site.').waitFor()
    await page.getByPlaceholder('Nom, badge, rôle').fill('zzzz')
    await page.getByText('Rien ne répond à cette recherche.').waitFor()
    await page.getByPlaceholder('Nom, badge, rôle').fill('')
    await page.locator('[data-holding]').first().waitFor()
    const saved = page.waitForEvent('download')
    await button('Exporter le tableau').click()
    const file = await saved
    expect(file.suggestedFilename()).toBe('vigie-inventory.csv')
    expect(await readFile(await file.path(), 'utf8')).toContain(hub.admin.who.login)
  })

  it('no page sticks out or is too faint to read, on a telephone in the dark as on a desk', async () => {
    const small = await Desk.open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' }, /40[0-9]/)
    await small.signIn(hub, '/movements')
    for (const path of [
      '/movements',
      '/movements?arrival',
      '/movements?departure',
      '/visits',
      '/visits?new',
      '/inventory',
    ])
      for (const on of [page, small.page]) {
        await on.goto(hub.origin + path)
        await on.locator('.tb, .list-none').first().waitFor()
        expect(await on.evaluate(WIDER), path).toBe(false)
        expect(await on.evaluate(FAINT), path).toEqual([])
      }
    expect(small.faults).toEqual([])
    await small.close()
  })

  it('in English the pages are English', async () => {
    await page.goto(`${hub.origin}/visits`)
    await page.getByRole('button', { name: 'EN', exact: true }).first().click()
    await page.getByRole('link', { name: 'Announce a visit' }).waitFor()
    await page.goto(`${hub.origin}/movements`)
    await page.getByRole('link', { name: 'File an arrival' }).waitFor()
    await page.goto(`${hub.origin}/inventory`)
    await page.getByRole('button', { name: 'Export the table' }).waitFor()
    expect(desk.faults).toEqual([])
  })
})
