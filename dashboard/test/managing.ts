/** A browser on the pages that manage accounts and tokens, for the tests of these. */
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { expect } from 'vitest'
import type { OperatorRole } from '#hub/api.ts'
import { type Visit, visit } from './browser.ts'
import { ACCOUNT } from './standin.ts'

export interface Manager {
  readonly browser: Browser
  readonly dist: string
}
/** Signed in with a role, on a page. Refusals that a test provokes are no faults. */
export async function seat(
  { browser, dist }: Manager,
  role: OperatorRole,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const v = await visit(browser, { dist, role }, options, /40[0-9]|412|422/)
  await v.page.goto(v.url + path)
  await v.page.locator('#login').fill(ACCOUNT.login)
  await v.page.locator('#password').fill(ACCOUNT.password)
  await v.page.locator('form button[type=submit]').click()
  await v.page.locator('nav.rail').waitFor()
  return v
}
export async function leave(v: Visit): Promise<void> {
  expect(v.faults).toEqual([])
  await v.close()
}
/** What has the focus, by the words that name it. */
export const focused = ({ page }: Visit): Promise<string> =>
  page.evaluate(
    "(e => (e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent).trim())(document.activeElement)",
  )
/** Tabs until what is named so has the focus. */
export async function tabTo(v: Visit, name: string | RegExp, most = 80): Promise<void> {
  const passed: string[] = []
  for (let i = 0; i < most; i++) {
    await v.page.keyboard.press('Tab')
    const now = await focused(v)
    if (typeof name === 'string' ? now === name : name.test(now)) return
    passed.push(now)
  }
  throw new Error(`no ${name} among ${passed.join(' | ').slice(0, 900)}`)
}
