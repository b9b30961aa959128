/** What each role is offered, and what it is told on a page that is not its own, with a real browser on the built page. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperatorRole } from '#hub/api.ts'
import { FAINT } from '#hub/test/chromium.ts'
import { buildPage, launch, noBrowser } from './browser.ts'
import { leave, type Manager, seat, tabTo } from './managing.ts'
import { NAMELESS, OVERFLOW } from './nameless.ts'

const WATCH = ['Direct', 'Alertes', 'Appareils']
const OFFERED: readonly (readonly [OperatorRole, readonly string[]])[] = [
  ['nurse', ['Mon historique']],
  ['ward-manager', [...WATCH, 'Journal', 'Visites', 'Arrivées et départs']],
  ['security', [...WATCH, 'Journal', 'Visites']],
  [
    'it',
    [
      ...[...WATCH, 'Mon historique', 'Approbations', 'Arrivées et départs', 'Qui détient quoi'],
      ...['Jetons d’API', 'Webhooks', 'Postes', 'Rôles'],
    ],
  ],
  ['auditor', [...WATCH, 'Journal', 'Qui détient quoi']],
  ['data-protection', ['Journal', 'Approbations']],
  [
    'administrator',
    [
      ...[...WATCH, 'Journal', 'Approbations', 'Visites', 'Arrivées et départs', 'Qui détient quoi'],
      ...['Opérateurs', 'Jetons d’API', 'Applications', 'Webhooks', 'Postes', 'Rôles'],
    ],
  ],
]

describe.skipIf(noBrowser)('the navigation', () => {
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

  it.each(OFFERED)('offers %s its own pages and no other, and begins on the first', async (role, offered) => {
    const v = await seat(here, role, '/')
    const links = v.page.locator('nav.rail a')
    await v.page.locator('nav.rail a[aria-current=page]').waitFor()
    expect((await links.allTextContents()).map(t => t.trim())).toEqual([...offered, 'Mon compte'])
    expect((await v.page.locator('nav.rail a[aria-current=page]').textContent())?.trim()).toBe(offered[0])
    expect(await v.page.evaluate(NAMELESS)).toEqual([])
    await leave(v)
  })

  it.each([
    ['security', '/operators', 'gérer les comptes', 'operators'],
    ['auditor', '/tokens?new', 'gérer les jetons d’API', 'tokens'],
    ['nurse', '/devices', 'voir les appareils', 'site'],
    ['it', '/journal?kind=access.denied', 'chercher dans le journal', 'journal'],
  ] as const)(
    'tells %s at %s what is missing and what to do, and asks the hub for nothing',
    async (role, path, needed, route) => {
      const v = await seat(here, role, path)
      const words = await v.page.locator('[data-not-yours]').innerText()
      expect(words).toContain(needed)
      expect(words).toContain('Demandez l’accès à un administrateur')
      expect(v.hub.requests.filter(r => r.includes(`/api/v1/${route}`) && route !== 'site')).toEqual([])
      expect(await v.page.evaluate(NAMELESS)).toEqual([])
      await tabTo(v, 'Aller à ma page')
      await v.page.keyboard.press('Enter')
      await v.page.locator('[data-not-yours]').waitFor({ state: 'detached' })
      await leave(v)
    },
  )

  it('says it in English too, and leads to who may do what', async () => {
    const v = await seat(here, 'security', '/operators')
    await v.page.getByRole('button', { name: 'EN', exact: true }).click()
    await v.page.getByText('“Operators” asks that you may manage accounts.').waitFor()
    await v.page.getByRole('link', { name: 'See who may do what' }).click()
    await v.page.locator('[data-capability]').first().waitFor()
    await leave(v)
  })

  it('opens no socket for whoever may not watch, and says nothing of being offline', async () => {
    const v = await seat(here, 'nurse', '/')
    await v.page.getByText('Ce que le journal garde de vous').waitFor()
    expect(v.hub.cursors).toEqual([])
    expect(v.hub.requests.filter(r => r.includes('/api/v1/site'))).toEqual([])
    expect(await v.page.locator('.conn').count()).toBe(0)
    await leave(v)
  })

  it('goes back to sign-in on any page once the hub no longer knows who asks', async () => {
    const v = await seat(here, 'nurse', '/')
    await v.page.getByText('Ce que le journal garde de vous').waitFor()
    v.hub.account.endAll()
    await v.page.getByRole('button', { name: 'Réessayer' }).click()
    await v.page.getByText('Votre session a expiré.').waitFor()
    await leave(v)
  })

  it.each([
    ['security', '/', { lockdown: true, close: true }],
    ['ward-manager', '/', { lockdown: false, close: true }],
    ['auditor', '/', { lockdown: false, close: false }],
  ] as const)('offers %s only the acts it may do in what is going on', async (role, path, { lockdown, close }) => {
    const v = await seat(here, role, path)
    await v.page.locator('.conn[data-state=live]').waitFor()
    v.hub.happens({ reviews: { open: 1, overdue: 0 } })
    await v.page.locator('[data-situation=reviews]').waitFor()
    expect(await v.page.getByRole('button', { name: 'Situations' }).count()).toBe(lockdown ? 1 : 0)
    expect((await v.page.locator('[data-situation=reviews] a').textContent())?.trim()).toBe(close ? 'Relire' : 'Liste')
    await leave(v)
  })

  it('leaves the review list to those who may read it: IT sees that there is one, and no link', async () => {
    const v = await seat(here, 'it', '/?panel=reviews')
    await v.page.locator('.conn[data-state=live]').waitFor()
    v.hub.happens({ reviews: { open: 1, overdue: 0 } })
    await v.page.locator('[data-situation=reviews]').waitFor()
    expect(await v.page.locator('[data-situation=reviews] a').count()).toBe(0)
    expect(v.hub.requests.filter(r => r.includes('/api/v1/reviews'))).toEqual([])
    await leave(v)
  })

  it('gathers what does not fit on a phone in a menu that the keyboard opens and Escape closes', async () => {
    const v = await seat(here, 'administrator', '/operators', { viewport: { width: 320, height: 640 } })
    await v.page.locator('[data-login]').first().waitFor()
    const more = v.page.getByRole('button', { name: 'Plus', exact: true })
    expect(await v.page.getByRole('link', { name: 'Jetons d’API' }).isVisible()).toBe(false)
    await more.focus()
    await v.page.keyboard.press('Enter')
    await v.page.getByRole('link', { name: 'Jetons d’API' }).waitFor()
    expect(await v.page.evaluate(OVERFLOW)).toBe(0)
    expect(await v.page.evaluate(NAMELESS)).toEqual([])
    expect(await v.page.evaluate(FAINT)).toEqual([])
    await v.page.keyboard.press('Escape')
    expect(await v.page.evaluate('document.activeElement?.textContent?.trim()')).toBe('Plus')
    await v.page.keyboard.press('Enter')
    await v.page.getByRole('button', { name: 'EN', exact: true }).click()
    await v.page.getByRole('link', { name: 'Roles' }).click()
    await v.page.locator('[data-capability]').first().waitFor()
    expect(await v.page.getByRole('link', { name: 'Roles' }).isVisible()).toBe(false)
    await leave(v)
  })
})
