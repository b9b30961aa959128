/** Getting in, with a real browser on the built page. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPage, launch, noBrowser, signIn, visit } from './browser.ts'
import { ACCOUNT, NIGHT } from './standin.ts'

describe.skipIf(noBrowser)('entering', () => {
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

  it('shows nothing of the site before sign-in, then the live page, and nothing again after signing out', async () => {
    const v = await visit(browser, { dist: built.dist })
    await v.page.goto(v.url)
    await v.page.locator('#login').waitFor()
    expect(await v.page.content()).not.toContain('Prés-Hauts')
    expect(
      v.hub.requests.filter(r => r.includes('/api/') && !r.includes('/session') && !r.includes('/station')),
    ).toEqual([])
    await signIn(v)
    await v.page.getByText('HC des Prés-Hauts').waitFor()
    await v.page.getByRole('button', { name: 'Se déconnecter' }).click()
    await v.page.getByText('Votre session est fermée.').waitFor()
    expect(await v.page.content()).not.toContain('Prés-Hauts')
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('says that a password is wrong and how many seconds to wait, then lets try again', async () => {
    const v = await visit(browser, { dist: built.dist }, {}, /401/)
    await v.page.goto(v.url)
    await v.page.locator('#login').fill(ACCOUNT.login)
    await v.page.locator('#password').fill('wrong')
    await v.page.keyboard.press('Enter')
    await v.page.getByText('Identifiant ou mot de passe incorrect.').waitFor()
    expect(await v.page.locator('form button[type=submit]').isDisabled()).toBe(true)
    expect(await v.page.locator('form button[type=submit]').textContent()).toMatch(/Réessayer dans [12]\u00a0s/)
    expect(await v.page.locator('#password').inputValue()).toBe('')
    await v.page.locator('#password').fill(ACCOUNT.password)
    await v.page.locator('form button[type=submit]:enabled').click()
    await v.page.locator('.conn[data-state=live]').waitFor()
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('takes the set-up token out of the address at once, names wrong fields, and creates the account', async () => {
    const v = await visit(browser, { dist: built.dist, setupNeeded: true }, {}, /422/)
    await v.page.goto(v.url + v.hub.setupLink)
    await v.page.locator('#again').waitFor()
    expect(v.page.url()).toBe(`${v.url}/setup`)
    await v.page.locator('form button[type=submit]').click()
    for (const id of ['name', 'login', 'password'])
      expect(await v.page.locator(`#${id}`).getAttribute('aria-invalid'), id).toBe('true')
    await v.page.locator('#name').fill('Bruno Kessler')
    await v.page.locator('#login').fill(ACCOUNT.login)
    await v.page.locator('#password').fill('bruno kessler')
    await v.page.locator('#password-note', { hasText: 'C’est votre nom ou votre identifiant' }).waitFor()
    for (const id of ['password', 'again']) await v.page.locator(`#${id}`).fill('kessler bruno')
    await v.page.locator('form button[type=submit]').click()
    await v.page
      .locator('#password-note', { hasText: 'Choisissez un mot de passe de 12 à 128\u00a0caractères' })
      .waitFor()
    for (const id of ['password', 'again']) await v.page.locator(`#${id}`).fill(ACCOUNT.password)
    await v.page.locator('form button[type=submit]').click()
    await v.page.locator('.conn[data-state=live]').waitFor()
    expect(v.page.url()).toBe(`${v.url}/`)
    expect(v.hub.requests.join()).not.toContain('setup-token')
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('tells who has no link where to find it', async () => {
    const v = await visit(browser, { dist: built.dist, setupNeeded: true })
    await v.page.goto(v.url)
    await v.page.getByText('Ce hub attend sa mise en service.').waitFor()
    expect(await v.page.locator('form').count()).toBe(0)
    await v.close()
  })

  it('sends a set-up link that comes too late to sign-in, and says so', async () => {
    const v = await visit(browser, { dist: built.dist })
    await v.page.goto(v.url + v.hub.setupLink)
    await v.page.getByText('La mise en service est déjà faite.').waitFor()
    expect(v.page.url()).toBe(`${v.url}/setup`)
    await v.close()
  })

  it('goes back to sign-in when the hub ends the session, and says why', async () => {
    const v = await visit(browser, { dist: built.dist, now: NIGHT })
    await signIn(v)
    await v.page.getByText('Début du journal').waitFor() // nothing is being asked any more that would now be refused
    v.hub.endSessions()
    await v.page.getByText('Votre session a expiré.').waitFor()
    expect(await v.page.content()).not.toContain('Prés-Hauts')
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('speaks English when asked, remembers it, and tells the browser', async () => {
    const v = await visit(browser, { dist: built.dist })
    await v.page.goto(v.url)
    expect(await v.page.locator('html').getAttribute('lang')).toBe('fr')
    await v.page.getByRole('button', { name: 'EN', exact: true }).click()
    await v.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await v.page.reload()
    await v.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await v.page.locator('html').getAttribute('lang')).toBe('en')
    expect(v.faults).toEqual([])
    await v.close()
  })
})
