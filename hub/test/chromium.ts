/** Real Chromium on a whole hub's page, for the tests that look at what people see. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { TestHub } from './harness.ts'
import type { Seat } from './seat.ts'

const CHROMIUM = '/usr/bin/chromium'
/** Without a browser these tests are skipped by name, unless everything is required. */
export const noBrowser = !existsSync(CHROMIUM) && process.env.VIGIE_TEST_REQUIRE !== 'all'

/** In the page: the cookie is the browser's own. */
async function post([path, body]: readonly [string, object]): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
}

/** A browser with one page, in French on a desk's screen. */
export class Desk {
  readonly page: Page
  /** Console errors and uncaught errors so far, violations of the page's policy among them. */
  readonly faults: string[] = []
  readonly #browser: Browser

  private constructor(browser: Browser, page: Page, expected: RegExp) {
    this.#browser = browser
    this.page = page
    const note = (text: string): void => void (expected.test(text) || this.faults.push(text))
    page.on('pageerror', e => note(String(e)))
    page.on('console', m => m.type() === 'error' && note(m.text()))
  }

  /** @param expected what the browser writes to the console of a refusal that the test provokes */
  static async open(options: BrowserContextOptions = {}, expected = /(?!)/): Promise<Desk> {
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
    const size = { width: 1440, height: 900 }
    const context = await browser.newContext({ locale: 'fr-FR', viewport: size, ...options })
    return new Desk(browser, await context.newPage(), expected)
  }

  /** With two factors, until the page is live. @param as the administrator that the harness made, unless somebody else is named */
  async signIn(hub: TestHub, path = '/', as = hub.admin): Promise<void> {
    await this.sit(hub, path, as)
    await this.page.locator('.conn[data-state=live]').waitFor()
  }
  /** As anybody, also who may not watch: until there is a page. */
  async sit(hub: TestHub, path: string, { who, recoveryCodes }: Seat): Promise<void> {
    const { login, password } = who
    await this.page.goto(hub.origin + path)
    await this.page.evaluate(post, ['/api/v1/session', { login, password }] as const)
    const recovery = recoveryCodes.shift()
    if (recovery) await this.page.evaluate(post, ['/api/v1/session/factor', { recovery }] as const)
    await this.page.goto(hub.origin + path)
    await this.page.reload()
    await this.page.locator('nav.rail').waitFor()
  }
  close(): Promise<void> {
    return this.#browser.close()
  }
}

/** Evaluates to the words of the page whose contrast with their ground (WCAG 2.2, 1.4.3) is below 4.5. Text: it runs in the page. */
export const FAINT = String.raw`(() => {
  const channels = color => (color.match(/[\d.]+/g) ?? []).map(Number)
  const linear = c => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)
  const bright = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
  const ground = e => {
    if (!e) return channels(getComputedStyle(document.documentElement).backgroundColor)
    const [r, g, b, a = 1] = channels(getComputedStyle(e).backgroundColor)
    return a === 1 ? [r, g, b] : ground(e.parentElement)
  }
  const said = [...document.querySelectorAll('main *, dialog *')].filter(
    e => !(e instanceof SVGElement) && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()),
  )
  return said.flatMap(e => {
    const [x, y] = [bright(channels(getComputedStyle(e).color)), bright(ground(e))]
    const ratio = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05)
    return ratio >= 4.5 ? [] : [e.tagName + ' ' + e.className + ' ' + ratio.toFixed(2) + ' ' + e.textContent.trim().slice(0, 30)]
  })
})()`
