/** What security staff see: the built page in real Chromium, on a whole hub, while a real device badges. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt } from '../http/totp.ts'
import { Desk, noBrowser } from './chromium.ts'
import { ADMIN, NURSE, smallSite, TestDevice, TestHub, until, VISITOR } from './harness.ts'

describe.skipIf(noBrowser)('the live page in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  const cabinet = new TestDevice('cab-1', 'test-site')
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    await hub.apply(smallSite())
    await hub.vigie('device', 'add', '--declared', '--out', hub.certs)
    await hub.start()
    await cabinet.connect(hub)
    desk = await Desk.open()
    page = desk.page
  })
  afterAll(async () => {
    await desk?.close()
    await cabinet.close()
    await hub.close()
  })

  const text = (): Promise<string> => page.locator('body').innerText()
  const shows = (what: string | RegExp): Promise<unknown> =>
    until(`the page shows ${what}`, async () =>
      typeof what === 'string' ? (await text()).includes(what) : what.test(await text()),
    )

  it('asks the first visitor with the setup link to become the administrator, and shows the site live', async () => {
    const { url } = hub.log.find(l => l.msg === 'setup') as { url: string }
    await page.goto(url)
    await page.locator('#name').fill(ADMIN.name)
    await page.locator('#login').fill(ADMIN.login)
    await page.locator('#password').fill(ADMIN.password)
    await page.locator('#again').fill(ADMIN.password)
    await page.locator('form button[type=submit]').click()
    await page.getByRole('button', { name: 'Prendre l’application' }).click()
    const secret = (await page.locator('[data-secret]').innerText()).replace(/\s/g, '')
    await page.locator('#totp-code').pressSequentially(codeAt(secret, Date.now()))
    await page.getByRole('button', { name: 'Je les ai gardés' }).click()
    await page.locator('.conn[data-state=live]').waitFor()
    expect(page.url()).not.toContain('token')
    await shows('Site d’essai')
  })

  it('writes down who opened it: the first lines are a reading of the journal', async () => {
    const rows = (await hub.journal()).map(r => r.event)
    const operator = rows.flatMap(e => (e.kind === 'operator.created' ? [e.operator] : []))[0]
    const readings = rows.flatMap(e => (e.kind === 'journal.read' && !e.by.startsWith('cli:') ? [e.by] : []))
    expect(operator).toBeDefined()
    expect(readings).toEqual([operator])
  })

  it('shows a grant with the name of its holder, and a refusal with its reason, within a second of the badge', async () => {
    await cabinet.badge(NURSE)
    await shows(/Accordé\s.*tiroir 1/)
    await shows('C. Marchand')
    await cabinet.badge(VISITOR)
    await shows(/Refusé.*aucun droit ici/)
  })

  it('shows ordered, released, opened and closed as the device reports them, never before', async () => {
    await cabinet.send('state', { point: 'drawer-1', contact: 'closed', lock: 'locked' })
    const decision = await cabinet.badge(NURSE)
    expect(decision.granted).toBe(true)
    expect(await text()).not.toMatch(/Tiroir ouvert/)
    await cabinet.send('state', { point: 'drawer-1', lock: 'unlocked' })
    await cabinet.send('state', { point: 'drawer-1', contact: 'open' })
    await shows(/1\s(tiroir|armoire)\souvert/)
    await cabinet.send('state', { point: 'drawer-1', contact: 'closed', lock: 'locked' })
    await until('the sentence is quiet again', async () => !/1\s(tiroir|armoire)\souvert/.test(await text()))
  })

  it('says so when the hub is gone, and catches up without a lost or doubled line when it is back', async () => {
    const { httpPort } = hub.ready
    await hub.end('SIGKILL')
    await page.locator('.conn[data-state=offline]').waitFor()
    await hub.start({ VIGIE_HTTP_PORT: String(httpPort) })
    await cabinet.connect(hub)
    await cabinet.badge('0499999999')
    await page.locator('.conn[data-state=live]').waitFor({ timeout: 20_000 })
    await shows(/Refusé.*badge inconnu/)
    expect((await text()).match(/badge inconnu/g)).toHaveLength(1)
  })

  it('signs out, and shows nothing of the site to a visitor', async () => {
    await page.getByRole('button', { name: 'Se déconnecter' }).click()
    await page.locator('#password').waitFor()
    expect(await text()).not.toContain('C. Marchand')
  })

  it('broke no rule of its content security policy on the way', () => {
    expect(desk.faults.filter(f => !/WebSocket|ERR_CONNECTION|401/.test(f))).toEqual([])
  })
})
