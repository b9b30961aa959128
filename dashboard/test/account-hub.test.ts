/** Accounts on a whole hub: the first administrator with a passkey, an app beside it, recovery codes, sessions ended from afar. */
import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Desk, noBrowser } from '#hub/test/chromium.ts'
import { smallSite, TestHub, until } from '#hub/test/harness.ts'
import { totp } from './totp.ts'

const WHO = { name: 'Bruno Kessler', login: 'b.kessler', password: 'quatre mots sans rapport' }
const REFUSED = /40[139]|422/

/** A security key of the browser's own, that says yes by itself and knows whose finger it is. */
async function securityKey(page: Page): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const
  const person = { hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, ...person } })
  return { cdp, id: authenticatorId }
}

describe.skipIf(noBrowser)('an administrator of a real hub', () => {
  const hub = new TestHub()
  let desk: Desk
  let page: Page
  let key: Awaited<ReturnType<typeof securityKey>>
  let codes: string[] = []
  let secret = ''

  beforeAll(async () => {
    await hub.start()
    await hub.apply(smallSite())
    desk = await Desk.open({ locale: 'fr-FR' }, REFUSED)
    page = desk.page
    key = await securityKey(page)
  }, 120_000)
  afterAll(async () => {
    await desk?.close()
    await hub.close()
  })

  const live = (of = page): Promise<void> => of.locator('.conn[data-state=live]').waitFor()
  async function signOut(): Promise<void> {
    await page.getByRole('button', { name: 'Se déconnecter', exact: true }).click()
    await page.getByText('Votre session est fermée.').waitFor()
  }
  async function password(of: Page): Promise<void> {
    await of.goto(hub.origin)
    await of.locator('#login').fill(WHO.login)
    await of.locator('#password').fill(WHO.password)
    await of.locator('form button[type=submit]').click()
    await of.locator('#code').waitFor()
  }

  it('is made by the set-up link, refused a leaked password, and enrols a passkey before anything else', async () => {
    const { url } = await until(
      'the setup link',
      () => hub.log.find(l => l.msg === 'setup') as { url: string } | undefined,
    )
    await page.goto(hub.origin + new URL(url).pathname + new URL(url).hash)
    await page.locator('#name').fill(WHO.name)
    await page.locator('#login').fill(WHO.login)
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill('password1234')
    await page.locator('form button[type=submit]').click()
    await page.locator('#password-note', { hasText: 'fuites connues' }).waitFor()
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill(WHO.password)
    await page.locator('form button[type=submit]').click()
    await page.locator('#passkey-name').fill('Clé du bureau')
    await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
    await page.getByText('Gardez ces codes').waitFor()
    codes = await page.locator('.recovery-sheet li').allTextContents()
    expect(new Set(codes).size).toBe(10)
    await page.getByRole('button', { name: 'Je les ai gardés' }).click()
    await live()
    expect(page.url()).toBe(`${hub.origin}/`)
  })

  it('signs in by the passkey alone, and is told what to do when the key says no', async () => {
    await signOut()
    await key.cdp.send('WebAuthn.setUserVerified', { authenticatorId: key.id, isUserVerified: false })
    await page.getByRole('button', { name: 'Clé d’accès' }).click()
    await page.getByText('Aucune clé n’a été présentée.').waitFor()
    await key.cdp.send('WebAuthn.setUserVerified', { authenticatorId: key.id, isUserVerified: true })
    await page.getByRole('button', { name: 'Clé d’accès' }).click()
    await live()
  })

  it('adds an app beside the passkey, without new recovery codes, and sees when the passkey was used', async () => {
    await page.goto(`${hub.origin}/account`)
    await page.getByText('Clé du bureau').waitFor()
    expect(await page.locator('[data-passkey]').innerText()).toMatch(/ajoutée le .*, a servi le /)
    await page.getByRole('button', { name: 'Ajouter une application' }).click()
    secret = (await page.locator('[data-secret]').innerText()).replace(/\s/g, '')
    await page.locator('#totp-code').pressSequentially(totp(secret, Date.now()))
    await page.getByText('En place').waitFor()
    expect(await page.locator('.recovery-sheet').count()).toBe(0)
    expect(await page.locator('[data-codes-left]').getAttribute('data-codes-left')).toBe('10')
  })

  it('signs in by password and code, each code once', async () => {
    await signOut()
    await password(page)
    const used = totp(secret, Date.now(), 1)
    await page.locator('#code').pressSequentially(used)
    await live()
    await signOut()
    await password(page)
    await page.locator('#code').pressSequentially(used)
    await page.getByText('ou a déjà servi').waitFor()
    await page.locator('form button[type=submit]:enabled').waitFor()
    await page.getByRole('button', { name: 'Clé d’accès' }).click()
    await live()
  })

  it('sees a second browser that came in by a recovery code, and ends it from here, page and socket', async () => {
    const other = await Desk.open({ locale: 'fr-FR' }, REFUSED)
    await password(other.page)
    await other.page.getByRole('button', { name: 'Prendre un code de secours' }).click()
    await other.page.locator('#code').fill((codes[0] ?? '').toLowerCase())
    await other.page.keyboard.press('Enter')
    await live(other.page)
    await page.goto(`${hub.origin}/account`)
    await page.locator('[data-codes-left="9"]').waitFor()
    const theirs = page.locator('[data-session=other]').first()
    expect(await theirs.innerText()).toMatch(/Chrom\w+, Linux/)
    await page.getByRole('button', { name: 'Fermer les autres' }).click()
    await page.getByText('session fermée').or(page.getByText('sessions fermées')).waitFor()
    await other.page.locator('#login').waitFor()
    expect(await page.locator('[data-session]').count()).toBe(1)
    await other.close()
  })

  it('invites a guard, who comes in by a password alone and shows it again before a passkey is added', async () => {
    const link = await page.evaluate(async () => {
      const wish = { login: 'n.petit', name: 'Nora Petit', role: 'security', zones: ['hall'] }
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch('/api/v1/operators', { method: 'POST', headers, body: JSON.stringify(wish) })
      return ((await answer.json()) as { link: string }).link
    })
    const guard = await Desk.open({ locale: 'fr-FR' }, REFUSED)
    const theirs = guard.page
    await securityKey(theirs)
    await theirs.goto(hub.origin + link)
    for (const id of ['password', 'again']) await theirs.locator(`#${id}`).fill('la ronde de minuit')
    await theirs.locator('form button[type=submit]').click()
    await live(theirs)
    await theirs.goto(`${hub.origin}/account`)
    await theirs.getByText('Agent de sécurité').first().waitFor()
    expect(await theirs.locator('dl').innerText()).toMatch(/Zones\s+Hall/)
    await theirs.getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
    await theirs.locator('#passkey-name').fill('Téléphone de ronde')
    await theirs.locator('form').getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
    await theirs.locator('dialog #code').fill('la ronde de minuit')
    await theirs.keyboard.press('Enter')
    await theirs.getByText('Gardez ces codes').waitFor()
    await theirs.getByText('Téléphone de ronde').waitFor()
    await live(theirs) // another session id, and still the live page
    await theirs.goto(hub.origin + link)
    await theirs.getByText('La session de Nora Petit est ouverte').waitFor()
    await theirs.getByRole('button', { name: 'Se déconnecter' }).click()
    for (const id of ['password', 'again']) await theirs.locator(`#${id}`).fill('la ronde de minuit')
    await theirs.locator('form button[type=submit]').click()
    await theirs.getByText('Cette invitation a déjà servi').waitFor()
    expect(guard.faults).toEqual([])
    await guard.close()
  })

  it('changes the password for one that is not leaked, and keeps the last factor', async () => {
    await page.getByRole('button', { name: 'Changer de mot de passe' }).click()
    await page.locator('#current').fill(WHO.password)
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill('cinq mots de plus ici')
    await page.getByRole('button', { name: 'Changer', exact: true }).click()
    await page.getByText('Le mot de passe est changé.').waitFor()
    await page.getByRole('button', { name: 'Retirer la clé' }).click()
    await page.getByRole('button', { name: 'Retirer', exact: true }).click()
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Retirer…' }).click()
    await page.getByRole('button', { name: 'Retirer', exact: true }).click()
    await page.locator('dialog .er').waitFor()
    await page.keyboard.press('Escape')
    expect(desk.faults).toEqual([])
  })
})
