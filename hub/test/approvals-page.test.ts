/** Approving as a second person, pairing a workstation, signing in by badge: the pages in real Chromium on a whole hub. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SiteItem } from '../api.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { NURSE, smallSite, TestDevice, TestHub } from './harness.ts'
import type { Seat } from './seat.ts'

const PATIENT = { timeout: 120_000 }
const PIN = '4071'
const OVERFLOW = 'document.documentElement.scrollWidth > document.documentElement.clientWidth'

describe.skipIf(noBrowser)(
  'two people and a badge in Chromium (skipped where Chromium is not installed)',
  PATIENT,
  () => {
    const hub = new TestHub()
    const door = new TestDevice('door-1', 'test-site')
    let asker: Seat
    let nurse: Seat
    let desk: Desk
    let post: Desk

    beforeAll(async () => {
      const annex = { id: 'annexe', name: 'Annexe nord' }
      await hub.apply({ ...smallSite(), zones: [...smallSite().zones, annex] })
      await hub.start()
      await hub.setUp()
      await hub.addDevice('door-1', 'door')
      await door.connect(hub)
      asker = await hub.signInAs('it')
      nurse = await hub.signInAs('nurse')
      await hub.admin.ask('PUT', `/api/v1/operators/${nurse.who.login}/person`, { person: 'c-marchand' })
      await hub.admin.ask('PUT', '/api/v1/people/c-marchand/pin', { pin: PIN })
      desk = await Desk.open({}, /40[0-9]|41[0-9]|422/)
      post = await Desk.open({ viewport: { width: 1024, height: 768 } }, /401|429/)
    }, 120_000)
    afterAll(async () => {
      await desk?.close()
      await post?.close()
      await door.close()
      await hub.close()
    })
    /** Nothing scrolls sideways on the narrowest screen, and every word can be read in both themes. */
    async function fits(of: Desk): Promise<void> {
      const size = of.page.viewportSize() ?? { width: 1440, height: 900 }
      await of.page.setViewportSize({ width: 320, height: 720 })
      expect(await of.page.evaluate(OVERFLOW)).toBe(false)
      await of.page.setViewportSize(size)
      expect(await of.page.evaluate(FAINT)).toEqual([])
    }

    it('shows what waits, with its number in the navigation, and what approving would do; then it is done', async () => {
      await desk.signIn(hub, '/approvals')
      await desk.page.getByText('Rien n’attend votre approbation').waitFor()
      const path = '/api/v1/site/items/zone/annexe'
      const { revision } = await asker.get<SiteItem>(path)
      await asker.fetch(path, { method: 'DELETE', headers: { 'if-match': `"${revision}"` } })
      await desk.page.locator('[data-waiting]', { hasText: '1' }).waitFor()
      await desk.page.getByRole('link', { name: 'Supprimer la zone Annexe nord' }).click()
      await desk.page.getByText('La zone disparaît du plan').waitFor()
      await fits(desk)
      await desk.page.getByRole('button', { name: 'Approuver et exécuter' }).click()
      await desk.page.getByText('Rien n’attend votre approbation').waitFor()
      expect((await asker.fetch(path)).status).toBe(404)
      await desk.page.getByRole('link', { name: 'Décidées' }).click()
      await desk.page.getByText('Exécutée').waitFor()
      expect(await desk.page.locator('[data-waiting]').count()).toBe(0)
    })

    it('shows the failure mode before and after, and refuses with a reason', async () => {
      const path = '/api/v1/site/items/accessPoint/cab-1-d1'
      const { revision, item } = await asker.get<SiteItem>(path)
      const body = JSON.stringify({ ...(item as object), failureMode: 'open-with-alarm' })
      const asked = await asker.fetch(path, { method: 'PUT', headers: { 'if-match': `"${revision}"` }, body })
      expect(asked.status, await asked.text()).toBe(202)
      await desk.page.goto(`${hub.origin}/approvals`)
      await desk.page.getByRole('link', { name: /Changer le mode de défaillance/ }).click()
      const changed = desk.page.locator('.diff tr.other')
      await changed.waitFor()
      expect(await changed.count()).toBe(1)
      await desk.page.locator('[data-end=refuse]').click()
      await desk.page.getByRole('button', { name: 'Pas justifié' }).click()
      await desk.page.getByRole('button', { name: 'Refuser', exact: true }).click()
      await desk.page.getByText('Rien n’attend votre approbation').waitFor()
    })

    it('pairs a workstation with a code, where a badge and a PIN open the nurse’s page, and the badge again closes it', async () => {
      await desk.page.goto(`${hub.origin}/stations?new`)
      await desk.page.locator('#station-name').fill('Salle de soins')
      await desk.page.locator('#station-reader').selectOption('door-1')
      await desk.page.getByRole('button', { name: 'Créer le code' }).click()
      const code = (await desk.page.locator('[data-code]').textContent()) ?? ''
      await fits(desk)

      await post.page.goto(hub.origin)
      await post.page.getByRole('link', { name: 'Associer ce poste à un lecteur' }).click()
      await post.page.locator('#code').fill(code.toLowerCase())
      await post.page.getByRole('button', { name: 'Associer' }).click()
      await post.page.locator('[data-station=badge]').waitFor()
      await post.page.getByText('Porte du hall').waitFor()
      await fits(post)
      expect((await door.badge(NURSE, 'door')).granted).toBe(true)
      await post.page.locator('[data-station=pin]').waitFor()
      for (const digit of '4072') await post.page.getByRole('button', { name: digit, exact: true }).click()
      await post.page.getByRole('button', { name: 'Entrer' }).click()
      await post.page.getByText('La connexion n’a pas abouti').waitFor()
      await post.page.getByRole('button', { name: 'Entrer' }).waitFor()
      for (const digit of PIN) await post.page.keyboard.press(digit)
      await post.page.getByRole('button', { name: 'Entrer' }).click()
      await post.page.locator('[data-own-access]').getByText('Porte du hall').waitFor()
      await fits(post)
      await desk.page.goto(`${hub.origin}/stations`)
      await desk.page.locator('[data-station-row]').getByText('Associé').waitFor()
      await fits(desk)
      await door.badge(NURSE, 'door')
      await post.page.locator('[data-station=badge]').waitFor()
      await post.page.getByRole('button', { name: 'Se connecter sans badge' }).click()
      await post.page.locator('#password').waitFor()
      expect([...desk.faults, ...post.faults]).toEqual([])
    })
  },
)
