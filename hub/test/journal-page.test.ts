/** The journal page in real Chromium on a whole hub, as an auditor has it: looked for, read, proven in the browser, shared by its address. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalPage } from '../api.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'
import type { Seat } from './seat.ts'

describe.skipIf(noBrowser)('the journal page in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  const cabinet = new TestDevice('cab-1', 'test-site')
  let desk: Desk
  let page: Page
  let auditor: Seat

  beforeAll(async () => {
    await hub.apply(smallSite())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await hub.setUp()
    await cabinet.connect(hub)
    for (let i = 0; i < 3; i++) await cabinet.badge(NURSE)
    await cabinet.badge(VISITOR)
    await until('the search knows the badges', async () => (await found('kind=access.denied')) === 1)
    desk = await Desk.open({}, /422/)
    page = desk.page
    auditor = await hub.signInAs('auditor')
    await desk.signIn(hub, '/journal', auditor)
  })
  afterAll(async () => {
    await desk?.close()
    await cabinet.close()
    await hub.close()
  })

  const found = async (query: string): Promise<number> =>
    (await hub.get<JournalPage>(`/api/v1/journal?${query}`)).rows.length
  const rows = () => page.locator('tbody tr[data-seq]')
  const shows = (n: number): Promise<unknown> => until(`${n} rows are shown`, async () => (await rows().count()) === n)
  const overflow = (): Promise<number> =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

  it('opens with the newest rows, in the words of the feed, and is reached from the navigation', async () => {
    await page.getByRole('link', { name: 'Direct' }).click()
    await page.getByRole('link', { name: 'Journal' }).click()
    await rows().first().waitFor()
    expect(await page.locator('tbody').innerText()).toMatch(/Refusé\u202f: aucun droit ici[\s\S]*C\.\sMarchand/)
  })

  it('narrows by criteria, which stand in the address and can be taken off, and goes back', async () => {
    await page.getByRole('button', { name: 'Critères' }).click()
    await page.getByLabel('Quoi', { exact: true }).selectOption('access.denied')
    await shows(1)
    expect(new URL(page.url()).search).toBe('?kind=access.denied')
    await page.getByLabel('Quoi', { exact: true }).selectOption('access.granted')
    await shows(4)
    await page.getByRole('link', { name: 'Retirer Quoi Accordé' }).click()
    await shows(1)
    await page.goBack()
    await shows(4)
    expect(await page.locator('[data-chip]').count()).toBe(2)
  })

  it('finds by words of a name, and says what is empty', async () => {
    await page.getByRole('link', { name: /Retirer Quoi Accordé/ }).click()
    await shows(1)
    await page.getByRole('searchbox', { name: 'Mots' }).fill('personne de ce nom')
    await page.keyboard.press('Enter')
    await page.getByText('Aucune ligne ne répond à ces critères.').waitFor()
    await page.getByRole('searchbox', { name: 'Mots' }).fill('ferrand')
    await page.keyboard.press('Enter')
    await shows(1)
  })

  it('says at its field what the hub refuses', async () => {
    await page.goto(`${hub.origin}/journal?badge=zz`)
    await page.locator('#f-badge-note').waitFor()
    expect(await page.locator('#f-badge').getAttribute('aria-invalid')).toBe('true')
    expect(await rows().count()).toBe(0)
  })

  it('proves a row in the browser, step by step, against the hub’s signed checkpoint', async () => {
    await page.goto(`${hub.origin}/journal?kind=access.denied`)
    await rows().first().locator('a').press('Enter')
    await page.getByRole('button', { name: 'Vérifier ici' }).click()
    await page.locator('[data-verified]').waitFor()
    expect(await page.locator('[data-verified]').getAttribute('data-verified')).toBe('true')
    const outcomes = page.locator('[data-outcome]')
    expect(await outcomes.evaluateAll(all => all.map(e => e.getAttribute('data-outcome')))).toEqual(
      Array.from({ length: 5 }, () => 'holds'),
    )
  })

  it('keeps the focus where the proof was asked for, and gives it back to a row from one that is not in the list', async () => {
    expect(await page.evaluate('document.activeElement?.textContent')).toBe('Vérifier encore')
    const url = new URL(page.url())
    const seq = url.searchParams.get('row')
    await page.evaluate(`(() => {
      const link = document.createElement('a')
      link.href = '${url.pathname}?kind=access.denied&row=1'
      document.querySelector('.sheet').append(link)
      link.click()
    })()`)
    await page.getByText('n’est pas parmi celles', { exact: false }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.sheet').waitFor({ state: 'detached' })
    expect(await page.evaluate("document.activeElement?.closest('tr')?.dataset.seq")).toBe(seq)
    await rows().first().locator('a').press('Enter')
  })

  it('explains the verdict, and gives the focus back to the row when Escape closes it', async () => {
    const seq = await rows().first().getAttribute('data-seq')
    await page.getByRole('button', { name: 'Pourquoi ce verdict' }).click()
    await page.getByText('Refait maintenant avec les droits d’alors').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.sheet').waitFor({ state: 'detached' })
    expect(await page.evaluate("document.activeElement?.closest('tr')?.dataset.seq")).toBe(seq)
  })

  it('says that a row does not match its proof when it was changed on the way', async () => {
    await page.route('**/proof', async route => {
      const answer = await route.fetch()
      const proof = (await answer.json()) as { body: string }
      await route.fulfill({ json: { ...proof, body: proof.body.replace('no-right', 'outside-hours') } })
    })
    await rows().first().locator('a').press('Enter')
    await page.getByRole('button', { name: 'Vérifier ici' }).click()
    await page.locator('[data-verified=false]').waitFor()
    expect(await page.locator('[data-step=content]').getAttribute('data-outcome')).toBe('fails')
    await page.unroute('**/proof')
    await page.keyboard.press('Escape')
  })

  it('keeps a search by name, renames it, opens it and removes it', async () => {
    await page.goto(`${hub.origin}/journal?kind=access.denied&zone=ward`)
    await page.getByRole('button', { name: 'Recherches gardées' }).click()
    await page.getByRole('button', { name: 'Garder cette recherche' }).click()
    await page.locator('#search-name').fill('Refus')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Renommer/ }).click()
    await page.locator('#search-name').fill('Refus aux soins')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Refus aux soins' }).waitFor()
    await page.goto(`${hub.origin}/journal`)
    await page.getByRole('button', { name: 'Recherches gardées' }).click()
    await page.getByRole('link', { name: 'Refus aux soins' }).click()
    await shows(1)
    expect(new URL(page.url()).search).toBe('?zone=ward&kind=access.denied')
    await page.getByRole('button', { name: 'Recherches gardées' }).click()
    await page.getByRole('button', { name: /Supprimer/ }).click()
    await page.getByText('Aucune recherche gardée.').waitFor()
    await page.keyboard.press('Escape')
  })

  it('asks for a reason before it exports, and gives a file whose SHA-256 is the one shown', async () => {
    await page.getByRole('button', { name: 'Exporter…' }).click()
    const dialog = page.locator('dialog')
    await dialog.getByRole('button', { name: 'CSV' }).click()
    await dialog.getByRole('button', { name: 'Exporter', exact: true }).click()
    await dialog.getByText('Donnez un motif', { exact: false }).waitFor()
    await dialog.getByLabel('Motif de l’export').fill('Contrôle trimestriel')
    await dialog.getByRole('button', { name: 'Exporter', exact: true }).click()
    await dialog.locator('[data-sha256]').waitFor()
    const waiting = page.waitForEvent('download')
    await dialog.locator('[data-download]').click()
    const file = await readFile(await (await waiting).path())
    expect(createHash('sha256').update(file).digest('hex')).toBe(await dialog.locator('[data-sha256]').innerText())
    expect(file.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    await dialog.getByRole('button', { name: 'Fermer' }).click()
  })

  it('shows one’s own history to an operator linked to a person, and says so to any other', async () => {
    await page.getByRole('link', { name: 'Mon historique' }).click()
    await page.locator('.er').waitFor()
    await hub.vigie('operator', 'link', auditor.who.login, 'c-marchand')
    await page.getByRole('button', { name: 'Réessayer' }).click()
    await rows().first().waitFor()
    expect(await page.locator('tbody').innerText()).toMatch(/C\.\sMarchand/)
  })

  it.each([320, 390, 768])('never scrolls sideways at %d px, with a row open either', async width => {
    await page.setViewportSize({ width, height: 760 })
    await page.goto(`${hub.origin}/journal?class=medicines`)
    await rows().first().waitFor()
    expect(await overflow()).toBe(0)
    await page.getByRole('button', { name: 'Critères' }).click()
    expect(await overflow()).toBe(0)
    await rows().first().locator('a').press('Enter')
    await page.getByRole('button', { name: 'Vérifier ici' }).click()
    await page.locator('[data-verified]').waitFor()
    expect(await overflow()).toBe(0)
  })

  it.each(['light', 'dark'] as const)(
    'keeps every word 4.5 to 1 from its ground in the %s theme',
    async colorScheme => {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.emulateMedia({ colorScheme })
      await page.goto(`${hub.origin}/journal?badge=zz`)
      await page.locator('#f-badge-note').waitFor()
      expect(await page.evaluate(FAINT)).toEqual([])
      await page.goto(`${hub.origin}/journal?class=medicines`)
      await rows().first().locator('a').press('Enter')
      await page.getByRole('button', { name: 'Vérifier ici' }).click()
      await page.locator('[data-verified]').waitFor()
      expect(await page.evaluate(FAINT)).toEqual([])
      await page.getByRole('button', { name: 'Exporter…' }).click()
      await page.locator('dialog').waitFor()
      expect(await page.evaluate(FAINT)).toEqual([])
    },
  )

  it('asks once more for what the hub has in a moment', async () => {
    let asked = 0
    await page.route('**/api/v1/journal?*', route => {
      asked += 1
      if (asked > 1) return route.continue()
      const body = JSON.stringify({ type: 'urn:vigie:problem:index-behind', code: 'index-behind', status: 503 })
      return route.fulfill({
        status: 503,
        headers: { 'retry-after': '1' },
        contentType: 'application/problem+json',
        body,
      })
    })
    await page.goto(`${hub.origin}/journal?class=medicines`)
    await rows().first().waitFor()
    expect(asked).toBe(2)
    await page.unroute('**/api/v1/journal?*')
  })

  it('broke no rule of its content security policy on the way', () => {
    // On a busy machine the index may be a moment behind: the page asks again, the browser notes the 503.
    expect(desk.faults.filter(f => !/40[49]|503/.test(f))).toEqual([])
  })
})
