/** Accounts, tokens and what each role is offered: the pages in real Chromium on a whole hub, as people use them. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventPage, OperatorView, Role } from '../api.ts'
import { ROLES } from '../rules/roles.ts'
import { Desk, noBrowser } from './chromium.ts'
import { smallSite, TestHub } from './harness.ts'

const PASSWORD = 'sept lanternes sous la pluie'
const sh = promisify(execFile)

describe.skipIf(noBrowser)('accounts and tokens in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  let desk: Desk
  let theirs: Desk
  let page: Page

  beforeAll(async () => {
    await hub.apply(smallSite())
    await hub.start()
    await hub.setUp()
    desk = await Desk.open({}, /40[0-9]|41[0-9]|422/)
    theirs = await Desk.open({}, /401/)
    page = desk.page
    await desk.signIn(hub, '/operators')
  })
  afterAll(async () => {
    await desk?.close()
    await theirs?.close()
    await hub.close()
  })
  const view = (login: string): Promise<OperatorView> => hub.get(`/api/v1/operators/${login}`)
  it('invites somebody by a link, who comes in by it and is offered what the role and the zones allow', async () => {
    await page.getByRole('link', { name: 'Inviter' }).click()
    await page.locator('#op-login').fill('N.Petit')
    await page.locator('#op-name').fill('Nora Petit')
    await page.locator('#op-role').selectOption('ward-manager')
    await page.getByLabel('Certaines zones').check()
    await page.getByLabel('Soins', { exact: true }).check()
    await page.getByRole('button', { name: 'Créer l’invitation' }).click()
    const link = await page.locator('#invited-link').inputValue()
    await page.getByRole('button', { name: 'J’ai gardé le lien' }).click()
    await page.locator('[data-login="n.petit"]').getByText('Invité').waitFor()
    await theirs.page.goto(link)
    for (const id of ['password', 'again']) await theirs.page.locator(`#${id}`).fill(PASSWORD)
    await theirs.page.locator('form button[type=submit]').click()
    await theirs.page.locator('.conn[data-state=live]').waitFor()
    const offered = await theirs.page.locator('nav.rail a').allTextContents()
    const pages = ['Direct', 'Alertes', 'Appareils', 'Journal', 'Visites', 'Arrivées et départs', 'Mon compte']
    expect(offered.map(t => t.trim())).toEqual(pages)
    expect(await theirs.page.locator('.stage').innerText()).not.toContain('Hall')
    expect(await view('n.petit')).toMatchObject({ status: 'active', role: 'ward-manager', zones: ['ward'] })
  })

  it('changes a role with a reason: whoever it is has to sign in again at once', async () => {
    await page.goto(`${hub.origin}/operators?login=n.petit`)
    await page.locator('#op-role').selectOption('security')
    await page.getByLabel('Partout').check()
    await page.getByRole('button', { name: 'Changement de poste' }).click()
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByText('Changement enregistré').waitFor()
    await theirs.page.getByText('Votre compte a changé.').waitFor()
    const changed = await view('n.petit')
    expect(changed.role).toBe('security')
    expect(changed.zones).toBeUndefined()
  })

  it('shows what somebody else changed in between, and saves on the newer version', async () => {
    const { revision } = await view('n.petit')
    await page.locator('#op-name').fill('Nora Petit-Roux')
    const body = JSON.stringify({ email: 'n.petit@hopital.example', reason: 'Mail donné' })
    const headers = { 'if-match': `"${revision}"` }
    const other = await hub.fetch('/api/v1/operators/n.petit', { method: 'PATCH', body, headers })
    expect(other.status).toBe(200)
    await page.locator('#op-reason').fill('Mariage')
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByText('Adresse mail\u202f: n.petit@hopital.example au lieu de –').waitFor()
    await page.getByRole('button', { name: 'Continuer sur cette version' }).click()
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await page.getByText('Changement enregistré').waitFor()
    expect(await view('n.petit')).toMatchObject({ name: 'Nora Petit-Roux', email: 'n.petit@hopital.example' })
  })

  it('says of one’s own account, the last administrator’s, why it stays as it is', async () => {
    await page.goto(`${hub.origin}/operators?login=b.kessler`)
    await page.getByText('Dernier administrateur actif').waitFor()
    expect(await page.locator('.sheet form').count()).toBe(0)
  })

  it('resets and disables an account', async () => {
    await page.goto(`${hub.origin}/operators?login=n.petit`)
    await page.locator('[data-end=reset]').click()
    await page.getByRole('button', { name: 'Mot de passe oublié' }).click()
    await page.getByRole('button', { name: 'Réinitialiser', exact: true }).click()
    await page.locator('#invited-link').waitFor()
    await page.getByRole('button', { name: 'J’ai gardé le lien' }).click()
    await page.locator('[data-login="n.petit"] a').click()
    await page.locator('[data-end=disable]').click()
    await page.getByRole('button', { name: 'Départ' }).click()
    await page.getByRole('button', { name: 'Désactiver', exact: true }).click()
    await page.locator('[data-login="n.petit"]').getByText('Désactivé').waitFor()
    expect((await view('n.petit')).status).toBe('disabled')
  })

  it('makes a token whose example runs as it is shown, and cuts it off', async () => {
    await page.goto(`${hub.origin}/tokens`)
    await page.getByText('Aucun programme n’a accès').waitFor()
    await page.getByRole('link', { name: 'Créer un jeton' }).click()
    await page.locator('#token-name').fill('Planning <b>des gardes</b>')
    await page.getByLabel('Voir les événements en direct').check()
    await page.getByRole('button', { name: 'Créer le jeton' }).click()
    const command = await page.locator('#token-curl').inputValue()
    const run = async (): Promise<unknown> => JSON.parse((await sh('/bin/sh', ['-c', `${command} -s`])).stdout)
    expect((await run()) as EventPage).toHaveProperty('events')
    await page.getByRole('button', { name: 'J’ai gardé le jeton' }).click()
    const row = page.locator('[data-token]')
    expect(await row.innerText()).toMatch(/Planning <b>des gardes<\/b>[\s\S]*1\saction[\s\S]*B\. Kessler/)
    await row.locator('a').click()
    await page.locator('[data-end=revoke]').click()
    await page.getByRole('button', { name: 'Révoquer', exact: true }).click()
    await page.getByText('Aucun programme n’a accès').waitFor()
    expect(await run()).toMatchObject({ status: 401 })
  })

  const refusals = async (): Promise<unknown[]> =>
    (await hub.journal()).map(r => r.event).filter(e => e.kind === 'operator.not-allowed')

  it.each<readonly [Role, readonly string[] | undefined]>([
    ...ROLES.map(role => [role, undefined] as const),
    ['ward-manager', ['ward']],
    ['administrator', ['ward']],
  ])('never asks for what %s may not, in its zones %j, on any page it offers', async (role, zones) => {
    const fresh = await Desk.open()
    try {
      await fresh.sit(hub, '/account', await hub.signInAs(role, zones))
      const links = fresh.page.locator('nav.rail a')
      const paths = await links.evaluateAll(all => all.map(e => e.getAttribute('href') ?? ''))
      for (const path of [...paths, '/roles', '/journal/me']) {
        await fresh.page.goto(hub.origin + path, { waitUntil: 'networkidle' })
        await fresh.page.locator('main').waitFor()
        expect([path, await fresh.page.locator('[data-not-yours]').count()]).toEqual([path, 0])
      }
      expect(await refusals()).toEqual([])
      expect(fresh.faults.filter(f => !/40[04]|409|422/.test(f))).toEqual([])
    } finally {
      await fresh.close()
    }
  })

  it('would show in the journal if it did', async () => {
    const nurse = await hub.signInAs('nurse')
    expect((await nurse.fetch('/api/v1/site')).status).toBe(403)
    expect(await refusals()).toMatchObject([{ capability: 'site.read' }])
  })

  it('offers the export and the proofs of the journal to the auditor, and not to the administrator', async () => {
    await page.goto(`${hub.origin}/journal`)
    await page.locator('tr[data-seq]').first().waitFor()
    expect(await page.getByRole('button', { name: 'Exporter…' }).count()).toBe(0)
    await theirs.page.goto(hub.origin)
    await theirs.sit(hub, '/journal', await hub.signInAs('auditor'))
    await theirs.page.getByRole('button', { name: 'Exporter…' }).waitFor()
    expect([...desk.faults, ...theirs.faults]).toEqual([])
  })
})
