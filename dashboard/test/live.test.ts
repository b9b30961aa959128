/** The live page, with a real browser on the built page and a stand-in hub. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LiveEvent } from '#hub/api.ts'
import { buildPage, launch, noBrowser, signIn, visit } from './browser.ts'
import { NIGHT } from './standin.ts'

const shown = (page: Page): Promise<number[]> =>
  page.locator('.feed li[data-seq]').evaluateAll(rows => rows.map(r => Number((r as HTMLElement).dataset.seq)))
const door = {
  kind: 'access.granted',
  device: 'door-t05-1',
  point: 'door',
  accessPoint: 'door-t05-1',
  zone: 't05',
} as const
const descending = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, i) => from - i)

/** Resolves when the page has been told of the scrolling, not when the list has merely moved. */
const scrollFeed = (page: Page, top: number): Promise<void> =>
  page.locator('.feed .scroll').evaluate(
    (el, to) =>
      new Promise<void>(done => {
        el.addEventListener('scroll', () => requestAnimationFrame(() => done()), { once: true })
        el.scrollTo({ top: to })
      }),
    top,
  )

describe.skipIf(noBrowser)('the live page', () => {
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

  it('shows 300 events in their order, each once, newest first', async () => {
    const v = await visit(browser, { dist: built.dist, history: 20 })
    await signIn(v)
    for (let i = 0; i < 60; i++) v.hub.emit(Array.from({ length: 5 }, () => door))
    await v.page.locator('li[data-seq="320"]').waitFor()
    expect(await shown(v.page)).toEqual(descending(320, 1))
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('catches up after a cut without losing or doubling a row, and says since when it was offline', async () => {
    const v = await visit(browser, { dist: built.dist, history: 10, now: NIGHT }, {}, /WebSocket/)
    await signIn(v)
    v.hub.emit([door, door])
    await v.page.locator('li[data-seq="12"]').waitFor()
    v.hub.cut()
    await v.page.locator('.conn[data-state=offline]').waitFor()
    expect(await v.page.locator('.conn').textContent()).toMatch(/Hors ligne depuis 02:4\d:\d\d/)
    await v.page.locator('.pl.stale').waitFor()
    for (let i = 0; i < 25; i++) v.hub.emit(Array.from({ length: 10 }, () => door))
    v.hub.reopen()
    await v.page.locator('.conn[data-state=live]').waitFor()
    v.hub.emit([door])
    await v.page.locator('li[data-seq="263"]').waitFor()
    expect(await shown(v.page)).toEqual(descending(263, 1))
    expect(v.hub.cursors).toEqual([undefined, 12])
    expect(await v.page.locator('.pl.stale').count()).toBe(0)
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('takes a hub that has gone quiet for a dead line, and tries again by itself', async () => {
    const v = await visit(browser, { dist: built.dist, history: 10 }, {}, /WebSocket/)
    await signIn(v)
    v.hub.hush()
    await v.page.locator('.conn[data-state=offline]').waitFor()
    v.hub.reopen()
    await v.page.locator('.conn[data-state=live]').waitFor()
    expect(v.hub.cursors).toEqual([undefined, 10])
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('starts again from the newest rows when the hub cannot bridge the gap, and reaches older ones', async () => {
    const v = await visit(browser, { dist: built.dist, history: 10, now: NIGHT }, {}, /WebSocket/)
    await signIn(v)
    v.hub.cut()
    await v.page.locator('.conn[data-state=offline]').waitFor()
    for (let i = 0; i < 15; i++) v.hub.emit(Array.from({ length: 100 }, () => door))
    v.hub.reopen()
    await v.page.locator('.conn[data-state=live]').waitFor()
    await v.page.getByText('Début du journal').waitFor()
    expect(await shown(v.page)).toEqual(descending(1510, 1))
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('filters by kind, zone and words, and finds nothing in words', async () => {
    const v = await visit(browser, { dist: built.dist, history: 0 })
    await signIn(v)
    const person = { name: 'Élodie Moreau', role: 'infirmière' }
    v.hub.emit([
      { ...door, person },
      { ...door, kind: 'access.denied', reason: 'outside-hours' },
      { kind: 'device.offline', device: 'pir-t16-1', zone: 't16' },
      { ...door, kind: 'point.opened' },
    ])
    await v.page.locator('li[data-seq="4"]').waitFor()
    const filtered = async (name: string): Promise<number[]> => {
      await v.page.locator('.kinds').getByRole('button', { name }).click()
      return shown(v.page)
    }
    expect(await filtered('Accordés')).toEqual([1])
    expect(await filtered('Refusés')).toEqual([2])
    expect(await filtered('Ouvertures')).toEqual([4])
    expect(await filtered('Appareils')).toEqual([3])
    expect(await filtered('Tout')).toEqual([4, 3, 2, 1])
    await v.page.getByRole('button', { name: 'Filtrer' }).click()
    await v.page.getByLabel('Zone', { exact: true }).selectOption('t16')
    expect(await shown(v.page)).toEqual([3])
    await v.page.getByLabel('Zone', { exact: true }).selectOption('site')
    expect(await shown(v.page)).toEqual([4, 3, 2, 1])
    await v.page.getByLabel('Texte', { exact: true }).fill('elodie')
    expect(await shown(v.page)).toEqual([1])
    await v.page.getByLabel('Texte', { exact: true }).fill('zzz')
    await v.page.getByRole('button', { name: 'Tout afficher' }).click()
    expect(await shown(v.page)).toEqual([4, 3, 2, 1])
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('moves nothing under a reader: new rows wait behind a counter', async () => {
    const v = await visit(browser, { dist: built.dist, history: 100 })
    await signIn(v)
    await v.page.locator('li[data-seq="100"]').waitFor()
    await scrollFeed(v.page, 400)
    v.hub.emit([door, door, door])
    await v.page.getByRole('button', { name: '3\u00a0nouveaux' }).waitFor()
    expect((await shown(v.page))[0]).toBe(100)
    await v.page.getByRole('button', { name: '3\u00a0nouveaux' }).click()
    await v.page.locator('li[data-seq="103"]').waitFor()
    expect((await shown(v.page))[0]).toBe(103)
    await v.close()
  })

  it('keeps ordered, released, open, closed and forced apart, on the plan and in the headline', async () => {
    const v = await visit(browser, { dist: built.dist, history: 5 })
    await signIn(v)
    const cabinet = v.page.locator('a[data-device="cab-t08-1"]')
    const lead = v.page.locator('.lead')
    expect(await lead.textContent()).toBe('Tout est fermé et répond.')
    const steps = [
      [{ ordered: true }, 'access.granted', 'ordered', '1\u00a0ordre envoyé.'],
      [{ ordered: false, lock: 'unlocked' }, 'lock.unlocked', 'released', '1\u00a0armoire déverrouillée.'],
      [{ contact: 'open' }, 'point.opened', 'open', '1\u00a0armoire ouverte.'],
      [{ contact: 'closed', lock: 'locked' }, 'point.closed', 'closed', 'Tout est fermé et répond.'],
      [{ contact: 'open', forced: true }, 'point.forced', 'forced', '1\u00a0armoire forcée.'],
    ] as const
    for (const [change, kind, state, words] of steps) {
      v.hub.point('cab-t08-1', 'drawer-3', change, kind)
      await v.page.locator(`a[data-device="cab-t08-1"][data-state=${state}]`).waitFor()
      expect(await lead.textContent(), state).toBe(words)
    }
    expect(await cabinet.getAttribute('aria-label')).toBe('Armoire 08-A, forcée')
    expect(await v.page.locator('.tag.solid').textContent()).toContain('Tiroir\u00a03 forcé')
    await v.close()
  })

  it('draws a silent device as silent, a lit tent brighter, and a dumb journal as what it means', async () => {
    const v = await visit(browser, { dist: built.dist, history: 5 })
    await signIn(v)
    v.hub.device('pir-t16-1', { online: false }, 'device.offline')
    await v.page.locator('a[data-device="pir-t16-1"][data-state=silent]').waitFor()
    expect(await v.page.locator('.lead').textContent()).toBe('1\u00a0appareil muet.')
    expect(await v.page.getByText('Le reste est en ordre.').count()).toBe(0)
    v.hub.point('light-t02-1', 'lamp', { on: true }, 'state.changed')
    await v.page.locator('g[data-zone="t02"] .tent.lit').waitFor()
    v.hub.journalFails()
    await v.page.getByText('Le journal ne peut pas être écrit.').waitFor()
    await v.close()
  })

  it('opens a device beside the plan by keyboard, with its last events, and closes on Escape', async () => {
    const v = await visit(browser, { dist: built.dist, history: 60 })
    await signIn(v)
    await v.page.locator('svg a[data-device="cab-t08-1"]').focus()
    await v.page.keyboard.press('Enter')
    const panel = v.page.getByRole('region', { name: 'Armoire 08-A' })
    await panel.locator('li[data-seq]').first().waitFor()
    expect(v.page.url()).toContain('?device=cab-t08-1')
    expect(await v.page.evaluate(() => document.activeElement?.textContent)).toBe('Armoire 08-A')
    v.hub.point('cab-t08-1', 'drawer-1', { contact: 'open' }, 'point.opened')
    await panel.getByText('Tiroir\u00a01 ouvert').waitFor()
    expect(await panel.textContent()).toMatch(/Certificat\s*\d+\u00a0j/)
    await v.page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    expect(v.page.url()).toBe(`${v.url}/`)
    expect(await v.page.evaluate(() => document.activeElement?.getAttribute('data-device'))).toBe('cab-t08-1')
    expect(v.faults).toEqual([])
    await v.close()
  })

  it('lists every device, gravest first, finds one, and leads to its panel', async () => {
    const v = await visit(browser, { dist: built.dist, history: 5 })
    await signIn(v)
    v.hub.point('door-t15-1', 'door', { contact: 'open', forced: true }, 'point.forced')
    await v.page.getByRole('link', { name: 'Appareils' }).click()
    await v.page.locator('tbody tr').first().waitFor()
    expect(await v.page.locator('tbody tr').count()).toBe(v.hub.hospital.devices.size)
    expect(await v.page.locator('tbody tr').first().getAttribute('data-device')).toBe('door-t15-1')
    await v.page.getByLabel('Chercher un appareil').fill('REANIMATION')
    expect(new Set(await v.page.locator('td.zone').allTextContents())).toEqual(new Set(['Réanimation']))
    await v.page.getByRole('link', { name: 'cab-t08-1' }).click()
    await v.page.getByRole('region', { name: 'Armoire 08-A' }).waitFor()
    expect(v.faults).toEqual([])
    await v.close()
  })

  it.each(['fr', 'en'])('keeps every tag of an open site in its tent, words and all (%s)', async language => {
    const v = await visit(browser, {
      dist: built.dist,
      history: 0,
      alter: h => {
        for (const p of h.points.values())
          if (p.point === 'door' || p.point === 'drawer-2') Object.assign(p, { lock: 'unlocked' })
      },
    })
    await v.page.addInitScript(l => localStorage.setItem('vigie.language', l), language)
    await signIn(v)
    await v.page.locator('.tag').first().waitFor()
    const tags = await v.page.evaluate(() => {
      const box = (e: Element) => e.getBoundingClientRect()
      const tents = [...document.querySelectorAll('g[data-zone] .tent')].map(box)
      return [...document.querySelectorAll('.tag')].map(tag => {
        const [frame, ...words] = [...tag.querySelectorAll('rect, text')].map(box) as [DOMRect, ...DOMRect[]]
        const inside = (r: DOMRect) => r.left >= frame.left && r.right <= frame.right && r.bottom <= frame.bottom + 1
        return {
          said: tag.textContent,
          words: words.every(inside),
          tent: tents.some(t => frame.left >= t.left && frame.right <= t.right && frame.top > t.top),
        }
      })
    })
    expect(tags.length).toBeGreaterThan(15)
    expect(tags.filter(t => !t.words || !t.tent)).toEqual([])
    await v.close()
  })

  it('says on a phone that the plan goes on, and moves it', async () => {
    const v = await visit(
      browser,
      { dist: built.dist, history: 0 },
      { viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' },
    )
    await signIn(v)
    const [west, east] = ['Ouest', 'Est'].map(name => v.page.getByRole('button', { name, exact: true }))
    expect(await west!.isDisabled()).toBe(true)
    await east!.click()
    await v.page.waitForFunction(() => (document.querySelector('.pl')?.scrollLeft ?? 0) > 0)
    await v.page.locator('.pl').evaluate(pl => pl.scrollTo({ left: pl.scrollWidth }))
    await v.page.waitForFunction(() => document.querySelectorAll('.move button:disabled').length === 1)
    expect(await east!.isDisabled()).toBe(true)
    expect(await west!.isEnabled()).toBe(true)
    await v.close()
  })

  it('shows the devices of a site without a plan as a list, and says how a site without devices begins', async () => {
    const v = await visit(browser, {
      dist: built.dist,
      history: 0,
      alter: h => Object.assign(h.site, { zones: h.site.zones.map(({ plan: _, ...zone }) => zone) }),
    })
    await signIn(v)
    await v.page.getByText('Ce site n’a pas encore de plan.').waitFor()
    const list = v.page.getByRole('region', { name: 'Appareils' })
    expect(await list.locator('a[data-device]').count()).toBe(v.hub.hospital.devices.size)
    await v.close()
    const empty = await visit(browser, {
      dist: built.dist,
      history: 0,
      alter: h => {
        Object.assign(h.site, { zones: [], devices: [], accessPoints: [] })
        h.devices.clear()
        h.points.clear()
      },
    })
    await signIn(empty)
    await empty.page.getByText('Ajoutez le premier avec vigie device add.').waitFor()
    expect(await empty.page.locator('.lead').textContent()).toBe('Aucun appareil.')
    expect(empty.faults).toEqual([])
    await empty.close()
  })

  it('leaves markup in the names of devices, zones, points and people as text', async () => {
    const evil = '<img src=x onerror="document.title=1"><script>document.title=2</script>{@html 1}'
    const v = await visit(browser, {
      dist: built.dist,
      history: 0,
      alter: h => {
        for (const list of [h.site.zones, h.site.devices, h.site.accessPoints])
          for (const item of list) item.name = evil
        h.site.site.name = evil
        for (const d of h.devices.values()) d.name = evil
      },
    })
    await signIn(v, '/?device=cab-t08-1')
    const events: Omit<LiveEvent, 'seq' | 'at'>[] = [
      { ...door, person: { name: evil, role: evil } },
      { ...door, kind: 'point.opened', device: 'cab-t08-1', person: { name: evil } },
    ]
    v.hub.emit(events)
    await v.page.locator('.feed li[data-seq="2"]').waitFor()
    expect(await v.page.locator('.feed li[data-seq="2"]').textContent()).toContain('<img src=x onerror=')
    await v.page.getByRole('link', { name: 'Appareils' }).click()
    await v.page.locator('tbody tr').first().waitFor()
    expect(await v.page.locator('img, main script').count()).toBe(0)
    expect(await v.page.title()).toBe('Appareils · Vigie')
    expect(v.faults).toEqual([])
    await v.close()
  })

  it.each(['light', 'dark'] as const)('keeps text and ground apart in the %s theme', async colorScheme => {
    const v = await visit(browser, { dist: built.dist, history: 20 }, { colorScheme })
    await signIn(v)
    const [ink, paper] = await v.page.evaluate(() => {
      const style = getComputedStyle(document.documentElement)
      const bright = (c: string): number => (c.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, n) => sum + Number(n), 0)
      return [bright(style.color), bright(style.backgroundColor)]
    })
    expect(colorScheme === 'light' ? paper! - ink! : ink! - paper!).toBeGreaterThan(500)
    expect(v.faults).toEqual([])
    await v.close()
  })

  it.each([320, 390, 768, 1440])('never scrolls sideways at %d px, on any page', async width => {
    const v = await visit(browser, { dist: built.dist, history: 60 }, { viewport: { width, height: 800 } })
    const overflow = (): Promise<number> =>
      v.page.evaluate(() =>
        Math.max(
          ...[document.documentElement, document.querySelector('main') ?? document.body].map(
            el => el.scrollWidth - el.clientWidth,
          ),
        ),
      )
    await v.page.goto(v.url)
    await v.page.locator('#login').waitFor()
    expect(await overflow()).toBeLessThanOrEqual(0)
    await signIn(v)
    v.hub.point('cab-t08-1', 'drawer-3', { contact: 'open' }, 'point.opened')
    await v.page.locator('a[data-device="cab-t08-1"][data-state=open]').waitFor()
    expect(await overflow()).toBeLessThanOrEqual(0)
    await v.page.getByRole('link', { name: 'Appareils' }).click()
    await v.page.locator('tbody tr').first().waitFor()
    expect(await overflow()).toBeLessThanOrEqual(0)
    expect(v.faults).toEqual([])
    await v.close()
  })
})
