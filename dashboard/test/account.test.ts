/** Signing in with a second factor, invitations and enrolment, with a real browser on the built page. */
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAINT } from '#hub/test/chromium.ts'
import { buildPage, launch, noBrowser, type Visit, visit } from './browser.ts'
import { ACCOUNT, type StandInOptions } from './standin.ts'
import { INVITATION, LEAKED, SECRET } from './standin-account.ts'
import { totp } from './totp.ts'

const REFUSED = /40[13]|409|422/
const PHONE = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, colorScheme: 'dark' } as const
const code = (steps = 0): string => totp(SECRET, Date.now(), steps)

describe.skipIf(noBrowser)('an account with a second factor', () => {
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

  const open = (options: Omit<StandInOptions, 'dist'>, page: BrowserContextOptions = {}): Promise<Visit> =>
    visit(browser, { dist: built.dist, ...options }, page, REFUSED)
  async function password({ page, url }: Visit): Promise<void> {
    await page.goto(url)
    await page.locator('#login').fill(ACCOUNT.login)
    await page.locator('#password').fill(ACCOUNT.password)
    await page.locator('form button[type=submit]').click()
    await page.locator('#code').waitFor()
  }
  const live = (v: Visit): Promise<void> => v.page.locator('.conn[data-state=live]').waitFor()
  async function done(v: Visit): Promise<void> {
    expect(v.faults).toEqual([])
    await v.close()
  }
  const wide = (v: Visit): Promise<number> =>
    v.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

  it('sends the sixth digit off by itself, without a button', async () => {
    const v = await open({ account: { factors: ['totp', 'recovery'] } })
    await password(v)
    expect(await v.page.content()).not.toContain('Prés-Hauts')
    expect(await v.page.locator('#code').evaluate(e => e === document.activeElement)).toBe(true)
    await v.page.keyboard.type(code())
    await live(v)
    expect(v.hub.requests.filter(r => r === 'POST /api/v1/session/factor')).toHaveLength(1)
    await done(v)
  })

  it('takes a code that is pasted with a space in it', async () => {
    const v = await open({ account: { factors: ['totp'] } }, { permissions: ['clipboard-read', 'clipboard-write'] })
    await password(v)
    await v.page.evaluate(text => navigator.clipboard.writeText(text), ` ${code().slice(0, 3)} ${code().slice(3)}\n`)
    await v.page.keyboard.press('Control+V')
    await live(v)
    await done(v)
  })

  it('says that a code is wrong, empties the field, and counts the seconds to the next try', async () => {
    const v = await open({ account: { factors: ['totp'] } })
    await password(v)
    await v.page.keyboard.type(code(7))
    await v.page.getByText('Ce code ou cette clé ne convient pas').waitFor()
    const button = v.page.locator('form button[type=submit]')
    expect(await button.textContent()).toMatch(/Réessayer dans [12]\u00a0s/)
    expect(await button.isDisabled()).toBe(true)
    expect(await v.page.locator('#code').inputValue()).toBe('')
    await v.page.locator('form button[type=submit]:enabled').waitFor()
    await v.page.keyboard.type(code())
    await live(v)
    await done(v)
  })

  it('lets in by a recovery code, once', async () => {
    const v = await open({ account: { factors: ['totp', 'recovery'] } })
    await password(v)
    await v.page.getByRole('button', { name: 'Prendre un code de secours' }).click()
    await v.page.keyboard.type('K7Q3-M2XW-9HD3-R4TV')
    await v.page.keyboard.press('Enter')
    await live(v)
    await v.page.goto(`${v.url}/account`)
    expect(await v.page.locator('[data-codes-left]').textContent()).toBe('9 sur 10 encore valables')
    await done(v)
  })

  it('goes back to the password when the time for the second factor is over, and on request', async () => {
    const v = await open({ account: { factors: ['totp'] } })
    await password(v)
    await v.page.getByRole('button', { name: 'Changer de compte' }).click()
    await v.page.locator('#login').waitFor()
    expect(await v.page.getByText('Votre session est fermée.').count()).toBe(0)
    await password(v)
    v.hub.account.endAll()
    await v.page.keyboard.type(code())
    await v.page.getByText('Votre session a expiré.').waitFor()
    await v.page.locator('#password').waitFor()
    await done(v)
  })

  it('needs no mouse from the first field to the live page', async () => {
    const v = await open({ account: { factors: ['totp', 'recovery'] } })
    await v.page.goto(v.url)
    await v.page.locator('#login').waitFor()
    for (let i = 0; i < 12 && (await v.page.evaluate(() => document.activeElement?.id)) !== 'login'; i++)
      await v.page.keyboard.press('Tab')
    await v.page.keyboard.type(ACCOUNT.login)
    await v.page.keyboard.press('Tab')
    await v.page.keyboard.type(ACCOUNT.password)
    await v.page.keyboard.press('Enter')
    await v.page.locator('#code:focus').waitFor()
    await v.page.keyboard.type(code())
    await live(v)
    await done(v)
  })

  it('follows an invitation: token out of the address, reasons for refused passwords, then the factor the role asks for', async () => {
    const v = await open({ role: 'administrator', account: { required: true } }, PHONE)
    const { page } = v
    await page.goto(`${v.url}/invitation#token=${INVITATION}`)
    await page.locator('#again').waitFor()
    expect(page.url()).toBe(`${v.url}/invitation`)
    await page.locator('#password').fill('abc')
    await page.getByText('Encore 9\u00a0caractères.').waitFor()
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill(LEAKED)
    await page.locator('form button[type=submit]').click()
    await page.getByText('Ce mot de passe figure dans des fuites connues').waitFor()
    await page.locator('#password').fill(ACCOUNT.password)
    expect(await page.locator('#password').getAttribute('aria-invalid')).toBeNull() // that was said of the other one
    expect(await page.locator('#again-note').textContent()).toContain('diffèrent')
    await page.locator('#again').fill(ACCOUNT.password)
    await page.locator('form button[type=submit]').click()
    await page.getByText('conseillée').waitFor()
    expect(await wide(v)).toBeLessThanOrEqual(0)
    expect(await v.page.evaluate(FAINT)).toEqual([])
    expect(v.hub.requests.join()).not.toContain(INVITATION)
    await done(v)
  })

  it('enrols an app by a drawn or a typed secret, shows the recovery codes once, and only then lets in', async () => {
    const v = await open({ role: 'administrator', account: { required: true } }, { ...PHONE, acceptDownloads: false })
    const { page } = v
    await page.goto(`${v.url}/invitation#token=${INVITATION}`)
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill(ACCOUNT.password)
    await page.locator('form button[type=submit]').click()
    await page.getByRole('button', { name: 'Prendre l’application' }).click()
    await page.getByRole('img', { name: 'Code QR' }).waitFor()
    expect(await page.locator('.qr rect').evaluate(e => getComputedStyle(e).fill)).toBe('rgb(255, 255, 255)') // also in the dark
    const typed = await page.locator('[data-secret]').innerText()
    expect(typed.trim().split(/\s+/)).toEqual(SECRET.match(/.{4}/g))
    expect(await page.locator('a[href^="otpauth://totp/"]').isVisible()).toBe(true)
    expect(await wide(v)).toBeLessThanOrEqual(0)
    expect(await v.page.evaluate(FAINT)).toEqual([])
    await page.locator('#totp-code').pressSequentially(code())
    await page.getByText('Gardez ces codes').waitFor()
    expect(await page.locator('.recovery-sheet li').count()).toBe(10)
    expect(await wide(v)).toBeLessThanOrEqual(0)
    expect(await v.page.evaluate(FAINT)).toEqual([])
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByText('Vigie, codes de secours').isVisible()).toBe(true)
    expect(await page.getByText('Une seconde preuve').evaluate(e => getComputedStyle(e).visibility)).toBe('hidden')
    await page.emulateMedia({ media: 'screen' })
    await page.getByRole('button', { name: 'Je les ai gardés' }).click()
    await live(v)
    expect(page.url()).toBe(`${v.url}/`)
    await done(v)
  })

  it('says that an invitation is spent, and whose session stands in the way of one', async () => {
    const v = await open({})
    const { page } = v
    await page.goto(`${v.url}/invitation#token=other`)
    for (const id of ['password', 'again']) await page.locator(`#${id}`).fill(ACCOUNT.password)
    await page.locator('form button[type=submit]').click()
    await page.getByText('Cette invitation a déjà servi').waitFor()
    await page.getByRole('button', { name: 'Se connecter' }).click()
    await page.locator('#login').fill(ACCOUNT.login)
    await page.locator('#password').fill(ACCOUNT.password)
    await page.locator('form button[type=submit]').click()
    await live(v)
    await page.goto(`${v.url}/invitation#token=${INVITATION}`)
    await page.getByText('La session de Bruno Kessler est ouverte dans ce navigateur').waitFor()
    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.locator('#again').waitFor()
    await done(v)
  })

  it('offers no passkey where there can be none: an address that is no name', async () => {
    const v = await open({ account: { factors: ['passkey', 'recovery'] } })
    await password(v)
    await v.page.getByText('Ici, les clés d’accès ne peuvent pas servir').waitFor()
    expect(await v.page.locator('#code').getAttribute('autocomplete')).toBe('off') // the recovery code's field
    expect(await v.page.getByRole('button', { name: 'Clé d’accès' }).count()).toBe(0)
    await done(v)
  })
})
