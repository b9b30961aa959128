/** Keys for programs, and who may do what, with a real browser on the built page. */
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OperatorRole } from '#hub/api.ts'
import { ALWAYS_TWO_FACTORS, CAPABILITIES, CAPABILITIES_OF, ROLES } from '#hub/rules/roles.ts'
import { FAINT } from '#hub/test/chromium.ts'
import { tokenCapabilities } from '../src/capabilities.ts'
import { buildPage, launch, noBrowser, type Visit } from './browser.ts'
import { focused, leave, type Manager, seat, tabTo } from './managing.ts'
import { NAMELESS, OVERFLOW } from './nameless.ts'
import { TOKEN } from './standin-operators.ts'

describe.skipIf(noBrowser)('API tokens and roles', () => {
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
  async function open(
    path = '/tokens',
    role: OperatorRole = 'it',
    options: BrowserContextOptions = {},
  ): Promise<Visit> {
    const v = await seat(here, role, path, options)
    await v.page.locator('[data-token], [data-capability]').first().waitFor()
    return v
  }

  it('stand in a list with their term, last use and maker; what they may do in words beside it', async () => {
    const v = await open()
    const row = async (id: string) => (await v.page.locator(`[data-token=${id}]`).innerText()).replace(/\s+/g, ' ')
    expect(await row('t-old')).toMatch(/Ancien tableau 2 actions Pharmacie Expiré .*Inès Roussel/)
    expect(await row('t-soon')).toContain('5 j')
    await v.page.getByRole('link', { name: 'Planning des gardes' }).click()
    expect(await v.page.locator('.sheet').innerText()).toMatch(
      /Accès et droits\s+Lire les droits et leurs raisons\s+Donner/,
    )
    await leave(v)
  })

  it.each(['it', 'administrator'] as const)(
    'offer %s what they may do themselves and a token may do, grouped',
    async role => {
      const v = await open('/tokens?new', role)
      const offered = await v.page
        .locator('.sheet input[type=checkbox]')
        .evaluateAll(all => all.map(e => e.getAttribute('value')))
      expect(offered.sort()).toEqual([...tokenCapabilities(CAPABILITIES_OF[role])].sort())
      expect(offered).not.toContain('tokens.manage')
      expect(await v.page.locator('.sheet').innerText()).toContain('Accès et droits')
      await leave(v)
    },
  )

  it('are made by keyboard alone, shown once with a command to try, and in no address and no page afterwards', async () => {
    const v = await open('/tokens', 'it', { permissions: ['clipboard-read', 'clipboard-write'] })
    await tabTo(v, 'Créer un jeton')
    await v.page.keyboard.press('Enter')
    await v.page.getByRole('heading', { name: 'Nouveau jeton' }).waitFor()
    await tabTo(v, 'Créer le jeton')
    await v.page.keyboard.press('Enter')
    await v.page.getByText('Cochez au moins une action.').waitFor()
    expect(await focused(v)).toBe('Nom')
    await v.page.keyboard.type('Planning')
    await tabTo(v, 'Voir les événements en direct')
    await v.page.keyboard.press('Space')
    await tabTo(v, '30\u00a0j')
    await v.page.keyboard.press('Enter')
    await tabTo(v, 'Créer le jeton')
    await v.page.keyboard.press('Enter')
    await v.page.getByRole('heading', { name: 'Jeton créé' }).waitFor()
    expect(await focused(v)).toBe('Jeton créé')
    const sent = v.hub.managed.asked[0]?.body
    expect(sent).toMatchObject({ name: 'Planning', capabilities: ['events.read'] })
    const days = (Number(sent?.expiresAt) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(30)
    expect(days).toBeLessThan(31.1)
    expect(await v.page.locator('#token').inputValue()).toBe(TOKEN)
    const command = `curl -H "Authorization: Bearer ${TOKEN}" "${v.url}/api/v1/events?limit=5"`
    expect(await v.page.locator('#token-curl').inputValue()).toBe(command)
    await v.page.getByRole('button', { name: 'Copier, Pour essayer' }).click()
    await v.page.getByText('Copié').waitFor()
    expect(await v.page.evaluate('navigator.clipboard.readText()')).toBe(command)
    await v.page.keyboard.press('Escape')
    expect(await v.page.locator('#token').count()).toBe(1)
    await v.page.getByRole('button', { name: 'J’ai gardé le jeton' }).click()
    await v.page.locator('[data-token=t-new]').waitFor()
    await v.page.reload()
    await v.page.locator('[data-token=t-new]').waitFor()
    expect(await v.page.content()).not.toContain(TOKEN)
    expect(v.hub.requests.join()).not.toContain(TOKEN)
    await leave(v)
  })

  it('refuse a day that is past or more than a year ahead, and no zone where some are wanted', async () => {
    const v = await open('/tokens?new')
    await v.page.locator('#token-name').fill('Planning')
    await v.page.locator('[value="site.read"]').check()
    await v.page.getByLabel('Certaines zones').check()
    await v.page.locator('#token-expires').fill('2020-01-01')
    await v.page.getByRole('button', { name: 'Créer le jeton' }).click()
    await v.page.getByText('Choisissez un jour entre').waitFor()
    await v.page.getByText('Choisissez au moins une zone.').waitFor()
    expect(v.hub.managed.asked).toEqual([])
    await leave(v)
  })

  it('are revoked by a dialog that says it cannot be undone, and the focus is not lost', async () => {
    const v = await open('/tokens?token=t-plan')
    await v.page.locator('[data-end=revoke]').click()
    const dialog = v.page.getByRole('dialog', { name: 'Révoquer le jeton «\u202fPlanning des gardes\u202f»' })
    await dialog.getByText('Cela ne se défait pas.').waitFor()
    await v.page.keyboard.press('Escape')
    expect(v.hub.managed.asked).toEqual([])
    await v.page.locator('[data-end=revoke]').click()
    await dialog.getByRole('button', { name: 'Révoquer', exact: true }).click()
    await v.page.locator('[data-token=t-plan]').waitFor({ state: 'detached' })
    await v.page.locator('.sheet').waitFor({ state: 'detached' })
    expect(v.hub.managed.asked).toEqual([{ route: 'DELETE /tokens/t-plan', body: {} }])
    expect(await focused(v)).toBe('Créer un jeton')
    await leave(v)
  })

  it('are inert whatever they are called, and an empty list says what to do', async () => {
    const v = await open()
    const evil = `<img src=x onerror="globalThis.pwned=1">`
    v.hub.managed.tokens = v.hub.managed.tokens.map(t => ({ ...t, name: evil, by: evil, zones: [evil] }))
    await v.page.goto(`${v.url}/tokens?token=t-plan`)
    await v.page.locator('[data-end=revoke]').click()
    await v.page.getByRole('dialog').waitFor()
    expect(await v.page.evaluate('globalThis.pwned')).toBeUndefined()
    expect(await v.page.locator('main img').count()).toBe(0)
    v.hub.managed.tokens = []
    await v.page.goto(`${v.url}/tokens?token=t-plan`)
    await v.page.getByText('Aucun programme n’a accès à ce hub.').waitFor()
    await v.page.getByText('Ce jeton n’existe plus.').waitFor()
    await leave(v)
  })

  it('who may do what is the hub’s own list, for each role and capability', async () => {
    const v = await open('/roles', 'auditor')
    const cells = await v.page
      .locator('[data-may]')
      .evaluateAll(all =>
        all.map(e => [
          e.closest('tr')?.dataset.capability,
          (e as HTMLElement).dataset.role,
          (e as HTMLElement).dataset.may,
        ]),
      )
    expect(cells).toHaveLength(ROLES.length * CAPABILITIES.length)
    for (const [capability, role, may] of cells) {
      const has = (CAPABILITIES_OF[role as OperatorRole] as readonly string[]).includes(capability!)
      expect([capability, role, may]).toEqual([capability, role, String(has)])
    }
    const factors = await v.page.locator('tbody tr').first().locator('td').allTextContents()
    expect(factors).toEqual(ROLES.map(r => (ALWAYS_TWO_FACTORS.includes(r) ? 'Exigé' : 'Au choix')))
    expect(await v.page.locator('thead th', { hasText: 'votre rôle' }).textContent()).toContain('Auditeur')
    await leave(v)
  })

  it('shows one role at a time on a phone', async () => {
    const v = await open('/roles', 'nurse', { viewport: { width: 320, height: 640 } })
    const ticks = () => v.page.locator('[data-may=true]:visible').count()
    expect(await ticks()).toBe(CAPABILITIES_OF.nurse.length)
    await v.page.getByLabel('Rôle affiché').selectOption('it')
    expect(await ticks()).toBe(CAPABILITIES_OF.it.length)
    expect(await v.page.evaluate(OVERFLOW)).toBe(0)
    await leave(v)
  })

  it.each([
    [320, 'fr', 'dark'],
    [768, 'fr', 'light'],
    [1440, 'en', 'dark'],
  ] as const)(
    'fit %d px in %s, named and readable in the %s theme, in every state',
    async (width, language, colorScheme) => {
      const v = await open('/tokens', 'administrator', { viewport: { width, height: 720 }, colorScheme })
      await v.page.addInitScript(`localStorage.setItem('vigie.language', '${language}')`)
      for (const path of ['/tokens', '/tokens?new', '/tokens?token=t-old', '/roles']) {
        await v.page.goto(v.url + path)
        await v.page.locator('[data-token], [data-capability]').first().waitFor()
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
