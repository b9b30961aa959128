/** Real Chromium on the built page. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { ACCOUNT, StandIn, type StandInOptions } from './standin.ts'

const CHROMIUM = '/usr/bin/chromium'
/** Without a browser the tests are skipped by name, unless everything is required. */
export const noBrowser = !existsSync(CHROMIUM) && process.env.VIGIE_TEST_REQUIRE !== 'all'

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** Builds the page into a folder of its own. */
export async function buildPage(): Promise<{ dist: string; remove: () => Promise<void> }> {
  const dist = await mkdtemp(join(tmpdir(), 'vigie-dashboard-'))
  const root = join(import.meta.dirname, '..')
  await build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: dist, emptyOutDir: true },
  })
  return { dist, remove: () => rm(dist, { recursive: true, force: true }) }
}

export interface Visit {
  readonly page: Page
  readonly hub: StandIn
  readonly url: string
  /** Console errors, uncaught errors and policy violations so far. */
  readonly faults: string[]
  close(): Promise<void>
}

/** A fresh hub and a fresh browser profile on it. Refused requests are written to the console by the browser: `expected` names those. */
export async function visit(
  browser: Browser,
  hubOptions: StandInOptions,
  pageOptions: BrowserContextOptions = {},
  expected = /(?!)/,
): Promise<Visit> {
  const hub = new StandIn(hubOptions)
  const url = await hub.start()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'fr-FR', ...pageOptions })
  const page = await context.newPage()
  const faults: string[] = []
  const note = (text: string) => !expected.test(text) && faults.push(text)
  page.on('console', m => m.type() === 'error' && note(m.text()))
  page.on('pageerror', e => note(String(e)))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', e =>
      console.error(`policy: ${e.violatedDirective} ${e.blockedURI} ${e.sample}`),
    )
  })
  const close = async () => {
    await context.close()
    await hub.stop()
  }
  return { page, hub, url, faults, close }
}

export async function signIn({ page, url }: Pick<Visit, 'page' | 'url'>, path = '/'): Promise<void> {
  await page.goto(url + path)
  await page.locator('#login').fill(ACCOUNT.login)
  await page.locator('#password').fill(ACCOUNT.password)
  await page.locator('form button[type=submit]').click()
  await page.locator('.conn[data-state=live]').waitFor()
}
