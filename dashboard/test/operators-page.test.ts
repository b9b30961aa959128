/** Other people's accounts, with a real browser on the built page. */
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAINT } from '#hub/test/chromium.ts'
import { buildPage, launch, noBrowser, type Visit } from './browser.ts'
import { focused, leave, type Manager, seat, tabTo } from './managing.ts'
import { NAMELESS, OVERFLOW } from './nameless.ts'

const EVIL = `<img src=x onerror="globalThis.pwned=1"><script>pwned=1</script>`

describe.skipIf(noBrowser)('the accounts of others', () => {
  let browser: Browser
  let built: Awaited<ReturnType<typeof buildPage>>
  let here: Manager
  beforeAll(async () => {
    built = await buildPage()
    browser = await launch()
    here = { browser, dist: built.dist }
  })
  afterAll(async () => {
    await browser?.close()
    await built?.remove()
  })
  async function open(path = '/operators', options: BrowserContextOptions = {}): Promise<Visit> {
    const v = await seat(here, 'administrator', path, options)
    await v.page.locator('[data-login]').first().waitFor()
    return v
  }
  const writes = (v: Visit) => v.hub.managed.asked

  it('stand in a list with role, zones, state, factors and last sign-in, found by words and by state', async () => {
    const v = await open()
    const row = async (login: string) =>
      (await v.page.locator(`[data-login="${login}"]`).innerText()).replace(/\s+/g, ' ')
    expect(await row('a.morel')).toMatch(/Ana Morel a\.morel Auditeur Partout Actif Aucun, exigé \d/)
    expect(await row('l.haddad')).toMatch(/Protection des données Partout Invité Pas encore jamais/)
    expect(await row('i.roussel')).toMatch(/Code, 2 clés d’accès/)
    expect(await row('b.kessler')).toContain('b.kessler, vous')
    await v.page.getByRole('button', { name: 'Désactivés' }).click()
    await v.page.getByText('1 sur 8').waitFor()
    await v.page.getByRole('button', { name: 'Tous' }).click()
    await v.page.getByRole('searchbox').fill('PHARMACIE')
    await v.page.getByText('1 sur 8').waitFor()
    expect(await v.page.locator('[data-login]').getAttribute('data-login')).toBe('d.pinto')
    await v.page.getByRole('searchbox').fill('personne')
    await v.page.getByText('Aucun compte ne répond').waitFor()
    await leave(v)
  })

  it('are changed by keyboard alone: only what changed is sent, with the reason, and Escape leads back to the row', async () => {
    const v = await open()
    await tabTo(v, 'Diogo Pinto')
    await v.page.keyboard.press('Enter')
    await v.page.getByRole('heading', { name: 'Diogo Pinto' }).waitFor()
    expect(await focused(v)).toBe('Diogo Pinto')
    await tabTo(v, 'Rôle')
    await v.page.keyboard.type('Auditeur')
    await tabTo(v, 'Certaines zones')
    await v.page.keyboard.press('ArrowLeft')
    await v.page.getByText('Ses sessions se ferment dans la seconde. À sa').waitFor()
    await tabTo(v, 'Enregistrer')
    await v.page.keyboard.press('Enter')
    await v.page.getByText('Donnez un motif').waitFor()
    expect(await focused(v)).toBe('Motif')
    await v.page.keyboard.press('Shift+Tab')
    await v.page.keyboard.press('Space')
    await tabTo(v, 'Enregistrer')
    await v.page.keyboard.press('Enter')
    await v.page.getByText('Changement enregistré').waitFor()
    expect(writes(v)).toEqual([
      { route: 'PATCH /operators/d.pinto', body: { role: 'auditor', zones: null, reason: 'Demande du service' } },
    ])
    await v.page.keyboard.press('Escape')
    await v.page.locator('.sheet').waitFor({ state: 'detached' })
    expect(await focused(v)).toBe('Diogo Pinto')
    await leave(v)
  })

  it('show what somebody else changed meanwhile, keep what was written, and take it on the newer version', async () => {
    const v = await open('/operators?login=d.pinto')
    v.hub.managed.meddle('d.pinto', { role: 'nurse' })
    await v.page.locator('#op-name').fill('Diogo de Pinto')
    await v.page.locator('#op-reason').fill('Mariage')
    await v.page.getByRole('button', { name: 'Enregistrer' }).click()
    await v.page.getByText('Rôle\u202f: Soignant au lieu de Agent de sécurité').waitFor()
    expect(await v.page.locator('#op-name').inputValue()).toBe('Diogo de Pinto')
    await v.page.getByRole('button', { name: 'Continuer sur cette version' }).click()
    expect(await v.page.locator('#op-role').inputValue()).toBe('nurse')
    await v.page.getByRole('button', { name: 'Enregistrer' }).click()
    await v.page.getByText('Changement enregistré').waitFor()
    expect(writes(v).at(-1)?.body).toEqual({ name: 'Diogo de Pinto', reason: 'Mariage' })
    await leave(v)
  })

  it('are invited: wrong fields are named, and the link is shown once, copied, and gone', async () => {
    const v = await open('/operators', { permissions: ['clipboard-read', 'clipboard-write'] })
    await v.page.getByRole('link', { name: 'Inviter' }).click()
    await v.page.getByLabel('Certaines zones').check()
    await v.page.getByRole('button', { name: 'Créer l’invitation' }).click()
    for (const words of ['Ce champ est obligatoire.', 'Choisissez au moins une zone.'])
      await v.page.getByText(words).first().waitFor()
    expect(await focused(v)).toBe('Identifiant')
    expect(writes(v)).toEqual([])
    await v.page.locator('#op-login').fill('i.roussel')
    await v.page.locator('#op-name').fill('Nora Petit')
    await v.page.locator('#op-email').fill('n.petit@hopital.example')
    await v.page.getByLabel('Pharmacie').check()
    await v.page.keyboard.press('Enter')
    await v.page.locator('#op-login[aria-invalid=true]').waitFor()
    await v.page.locator('#op-login').fill('n.petit')
    await v.page.keyboard.press('Enter')
    const link = v.page.locator('#invited-link')
    await link.waitFor()
    expect(writes(v).at(-1)?.body).toEqual({
      ...{ login: 'n.petit', name: 'Nora Petit', role: 'security', zones: ['t15'], email: 'n.petit@hopital.example' },
    })
    const shown = await link.inputValue()
    expect(shown).toMatch(new RegExp(`^${v.url}/invitation#token=\\S{43}$`))
    await v.page.getByText('Aucun mail n’est parti').waitFor()
    await v.page.getByRole('button', { name: /Copier/ }).click()
    await v.page.getByText('Copié').waitFor()
    expect(await v.page.evaluate('navigator.clipboard.readText()')).toBe(shown)
    await v.page.keyboard.press('Escape')
    expect(await link.count()).toBe(1) // it would be gone for good
    await v.page.getByRole('button', { name: 'J’ai gardé le lien' }).click()
    await v.page.locator('[data-login="n.petit"]').waitFor()
    await v.page.goBack()
    await v.page.getByText('Inviter quelqu’un').waitFor()
    expect(await v.page.content()).not.toContain('token=')
    await leave(v)
  })

  it('say why one’s own and the last administrator cannot be changed, before anybody tries', async () => {
    const v = await open('/operators?login=b.kessler')
    const words = await v.page.locator('[data-barred]').innerText()
    expect(words).toContain('Personne ne change son propre rôle')
    expect(words).toContain('Dernier administrateur actif')
    expect(await v.page.locator('.sheet :is(form, [data-end])').count()).toBe(0)
    expect(await v.page.locator('[data-alone]').count()).toBe(1)
    await v.page.getByRole('link', { name: 'Mot de passe, facteurs, sessions' }).waitFor()
    await v.page.goto(`${v.url}/operators?login=s.annuaire`)
    await v.page.getByText('viennent de l’annuaire').waitFor()
    expect(await v.page.locator('.sheet form').count()).toBe(0)
    const ends = await v.page.locator('.sheet [data-end]').evaluateAll(all => all.map(e => e.getAttribute('data-end')))
    expect(ends).toEqual(['disable'])
    await v.page.goto(`${v.url}/operators?login=nobody`)
    await v.page.getByText('Ce compte n’existe plus').waitFor()
    await leave(v)
  })

  it('are disabled by a dialog that names the consequence, wants a reason, and that Enter does not confirm', async () => {
    const v = await open('/operators?login=d.pinto')
    await v.page.locator('[data-end=disable]').click()
    const dialog = v.page.getByRole('dialog', { name: 'Désactiver le compte de D.\u00a0Pinto' })
    await dialog.getByText('jetons d’API sont révoqués').waitFor()
    expect(await v.page.evaluate(NAMELESS)).toEqual([])
    await dialog.getByRole('button', { name: 'Désactiver', exact: true }).click()
    await dialog.getByText('Donnez un motif').waitFor()
    await dialog.locator('textarea').fill('Départ le 18')
    await v.page.keyboard.press('Enter')
    expect(writes(v)).toEqual([])
    await v.page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(await v.page.locator('.sheet').count()).toBe(1)
    await v.page.locator('[data-end=disable]').click()
    await dialog.getByRole('button', { name: 'Départ' }).click()
    await dialog.getByRole('button', { name: 'Désactiver', exact: true }).click()
    await v.page.locator('[data-end=enable]:focus').waitFor()
    expect(writes(v).at(-1)).toEqual({
      ...{ route: 'PATCH /operators/d.pinto', body: { status: 'disabled', reason: 'Départ' } },
    })
    await leave(v)
  })

  it('are begun again with a new link, which takes the focus', async () => {
    const v = await open('/operators?login=a.morel')
    await v.page.locator('[data-end=reset]').click()
    await v.page.getByRole('button', { name: 'Téléphone perdu' }).click()
    await v.page.getByRole('button', { name: 'Réinitialiser', exact: true }).click()
    await v.page.locator('#invited-link:focus').waitFor()
    expect(writes(v)).toEqual([{ route: 'POST /operators/a.morel/reset', body: { reason: 'Téléphone perdu' } }])
    await v.page.keyboard.press('Escape')
    expect(await v.page.locator('#invited-link').count()).toBe(1)
    await leave(v)
  })

  it('are inert whatever they are called', async () => {
    const v = await open()
    v.hub.managed.meddle('d.pinto', { name: EVIL, email: `${EVIL}@x`, zones: [EVIL], person: EVIL })
    v.hub.managed.meddle('a.morel', { login: `"><svg onload=pwned=1>`, name: `'--\u202e${EVIL}` })
    await v.page.goto(`${v.url}/operators?login=d.pinto`)
    await v.page.locator('#op-name').waitFor()
    expect(await v.page.locator('#op-name').inputValue()).toBe(EVIL)
    await v.page.locator('[data-end=disable]').click()
    await v.page.getByRole('dialog').waitFor()
    expect(await v.page.evaluate('globalThis.pwned')).toBeUndefined()
    expect(await v.page.locator('main img, main script, main svg[onload]').count()).toBe(0)
    expect(await v.page.evaluate(OVERFLOW)).toBe(0)
    await leave(v)
  })

  it('say when they cannot be read, and are read again', async () => {
    const v = await open()
    await v.page.route('**/api/v1/operators', route => route.abort())
    await v.page.goto(`${v.url}/operators`)
    await v.page.getByText('Les comptes n’ont pas pu être lus.').waitFor()
    await v.page.unroute('**/api/v1/operators')
    await v.page.getByRole('button', { name: 'Réessayer' }).click()
    await v.page.locator('[data-login]').first().waitFor()
    v.faults.splice(0)
    await leave(v)
  })

  it.each([
    [320, 'fr', 'light'],
    [320, 'en', 'dark'],
    [768, 'en', 'light'],
    [1440, 'fr', 'dark'],
  ] as const)(
    'fit %d px in %s, named and readable in the %s theme, in every state',
    async (width, language, colorScheme) => {
      const v = await open('/operators', { viewport: { width, height: 720 }, colorScheme })
      await v.page.addInitScript(`localStorage.setItem('vigie.language', '${language}')`)
      for (const path of ['', '?new', '?login=c.marchand', '?login=b.kessler', '?login=l.haddad']) {
        await v.page.goto(`${v.url}/operators${path}`)
        await v.page
          .locator(path === '' ? '[data-login]' : '.sheet .pp')
          .first()
          .waitFor()
        const submit = v.page.locator('.sheet form button[type=submit]')
        if ((await submit.count()) > 0) await submit.click()
        expect([path, await v.page.evaluate(OVERFLOW)]).toEqual([path, 0])
        expect([path, await v.page.evaluate(NAMELESS)]).toEqual([path, []])
        expect([path, await v.page.evaluate(FAINT)]).toEqual([path, []])
      }
      await leave(v)
    },
  )
})
