/** One's own account, and the fresh factor that the hub asks for in between, with a real browser on the built page. */
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAINT } from '#hub/test/chromium.ts'
import { buildPage, launch, noBrowser, signIn, type Visit, visit } from './browser.ts'
import { ACCOUNT } from './standin.ts'
import { type AccountOptions, LEAKED, SECRET } from './standin-account.ts'
import { totp } from './totp.ts'

const REFUSED = /40[13]|409|422/
const code = (steps = 0): string => totp(SECRET, Date.now(), steps)

describe.skipIf(noBrowser)('my account', () => {
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

  async function open(account: AccountOptions, options: BrowserContextOptions = {}): Promise<Visit> {
    const v = await visit(browser, { dist: built.dist, role: 'auditor', account }, options, REFUSED)
    const at = Date.now()
    const client = 'Firefox, Windows'
    const times = { createdAt: at - 4_000_000, seenAt: at - 300_000, expiresAt: at + 20_000_000 }
    v.hub.account.sessions = [{ id: 's2', ...times, client, address: '10.0.4.77', own: false }]
    if (account.factors) {
      await v.page.goto(v.url)
      await v.page.locator('#login').fill(ACCOUNT.login)
      await v.page.locator('#password').fill(ACCOUNT.password)
      await v.page.locator('form button[type=submit]').click()
      await v.page.locator('#code').pressSequentially(code())
      await v.page.locator('.conn[data-state=live]').waitFor()
    } else await signIn(v)
    await v.page.goto(`${v.url}/account`)
    await v.page.locator('[data-session=own]').waitFor()
    v.hub.account.strict = true
    return v
  }
  async function done(v: Visit): Promise<void> {
    expect(v.faults).toEqual([])
    await v.close()
  }
  const asked = (v: Visit, request: string): number => v.hub.requests.filter(r => r === request).length
  const renew = 'POST /api/v1/account/recovery-codes'
  async function renewCodes({ page }: Visit): Promise<void> {
    await page.getByRole('button', { name: 'Faire de nouveaux codes…' }).click()
    await page.getByRole('button', { name: 'Faire de nouveaux codes', exact: true }).click()
  }

  it('names role and zones in words, and what proves who it is', async () => {
    const v = await open({ factors: ['totp', 'passkey', 'recovery'], required: true, zones: ['reserve'] })
    const text = await v.page.locator('main').innerText()
    for (const words of ['Auditeur', 'Votre rôle en demande au moins une.', 'YubiKey 5', 'En place', 'celle-ci'])
      expect(text).toContain(words)
    expect(text).toMatch(/Firefox, Windows\s+10\.0\.4\.77, ouverte .*, vue .*, jusqu’à /)
    await done(v)
  })

  it('asks for a fresh factor over what is open, then repeats the request once', async () => {
    const v = await open({ factors: ['totp', 'recovery'] })
    v.hub.account.expire()
    await renewCodes(v)
    const dialog = v.page.getByRole('dialog', { name: 'Est-ce bien vous' })
    await dialog.locator('#code:focus').waitFor()
    await v.page.keyboard.type(code(1))
    await v.page.getByText('Gardez ces codes').waitFor()
    expect(await v.page.locator('dialog').count()).toBe(0)
    expect(asked(v, renew)).toBe(2)
    await v.page.getByRole('button', { name: 'Je les ai gardés' }).click()
    await renewCodes(v) // the proof is still fresh
    await v.page.getByText('Gardez ces codes').waitFor()
    expect(asked(v, renew)).toBe(3)
    await done(v)
  })

  it('does nothing and says so when no fresh factor is given', async () => {
    const v = await open({ factors: ['totp', 'recovery'] })
    v.hub.account.expire()
    await renewCodes(v)
    await v.page.locator('#code:focus').waitFor()
    await v.page.keyboard.press('Escape')
    await v.page.getByText('Rien n’a été fait').waitFor()
    expect(asked(v, renew)).toBe(1)
    expect(await v.page.locator('dialog').count()).toBe(1) // the question is still there
    await done(v)
  })

  it('takes the password for a fresh proof where the account has nothing else', async () => {
    const v = await open({})
    v.hub.account.expire()
    await v.page.getByRole('button', { name: 'Fermer la session Firefox, Windows' }).click()
    await v.page.locator('dialog #code').fill('wrong password')
    await v.page.keyboard.press('Enter')
    await v.page.locator('dialog .er').waitFor()
    await v.page.locator('dialog button[type=submit]:enabled').waitFor()
    await v.page.locator('dialog #code').fill(ACCOUNT.password)
    await v.page.keyboard.press('Enter')
    await v.page.getByText('1\u00a0session fermée.').waitFor()
    expect(await v.page.locator('[data-session]').count()).toBe(1)
    await done(v)
  })

  it('takes a passkey away after a question, and keeps the last factor the role asks for', async () => {
    const v = await open({ factors: ['totp', 'passkey', 'recovery'], required: true })
    await v.page.getByRole('button', { name: 'Retirer la clé' }).click()
    await v.page.getByRole('button', { name: 'Retirer', exact: true }).click()
    await v.page.locator('dialog').waitFor({ state: 'detached' })
    await v.page.locator('[data-passkey]').waitFor({ state: 'detached' })
    await v.page.getByRole('button', { name: 'Retirer…' }).click()
    await v.page.getByRole('button', { name: 'Retirer', exact: true }).click()
    await v.page.locator('dialog .er').waitFor()
    await v.page.keyboard.press('Escape')
    await v.page.getByText('En place').waitFor()
    await done(v)
  })

  it('changes the password, and says at which field a refusal belongs', async () => {
    const v = await open({ factors: ['totp'] })
    const { page } = v
    await page.getByRole('button', { name: 'Changer de mot de passe' }).click()
    const send = page.getByRole('button', { name: 'Changer', exact: true })
    await page.locator('#current').fill('not it')
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill(LEAKED)
    await send.click()
    await page.locator('#current-note').waitFor()
    await page.locator('form button[type=submit]:enabled').waitFor()
    await page.locator('#current').fill(ACCOUNT.password)
    await send.click()
    await page.locator('#password-note', { hasText: 'fuites connues' }).waitFor()
    await page.locator('#current').fill(ACCOUNT.password)
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill('quatre mots sans rapport')
    await send.click()
    await page.getByText('Le mot de passe est changé.').waitFor()
    await done(v)
  })

  it('signs out everywhere', async () => {
    const v = await open({ factors: ['totp'] })
    await v.page.getByRole('button', { name: 'Se déconnecter partout…' }).click()
    await v.page.getByRole('dialog').getByRole('button', { name: 'Se déconnecter' }).click()
    await v.page.getByText('Votre session est fermée.').waitFor()
    expect(v.hub.account.sessions).toEqual([])
    expect(asked(v, 'DELETE /api/v1/session')).toBe(1)
    await done(v)
  })

  it('stands on 320 px in the dark, with words that can be read', async () => {
    const phone = {
      viewport: { width: 320, height: 640 },
      hasTouch: true,
      isMobile: true,
      colorScheme: 'dark',
    } as const
    const v = await open({ factors: ['totp', 'passkey', 'recovery'], required: true }, phone)
    const wide = (): Promise<number> => v.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(await wide()).toBeLessThanOrEqual(0)
    expect(await v.page.evaluate(FAINT)).toEqual([])
    v.hub.account.expire()
    await renewCodes(v)
    await v.page.locator('#code').waitFor()
    expect(await wide()).toBeLessThanOrEqual(0)
    expect(await v.page.evaluate(FAINT)).toEqual([])
    await done(v)
  })

  it('keeps whoever has stepped up when the hub ends the session before', async () => {
    const v = await open({ factors: ['totp'] })
    const looked = v.page.waitForResponse(answer => answer.url().endsWith('/api/v1/session'))
    v.hub.dismiss('account')
    await (await looked).finished()
    await v.page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await v.page.locator('[data-session=own]').count()).toBe(1)
    v.hub.endSessions()
    await v.page.getByText('Votre session a expiré.').waitFor()
    await done(v)
  })
})
