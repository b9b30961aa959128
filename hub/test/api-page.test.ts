/** The reference of the API as people see it: the built page in real Chromium, signed in nowhere. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApiDocument } from './api-document.ts'
import { Desk, FAINT, noBrowser } from './chromium.ts'
import { TestHub } from './harness.ts'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

describe.skipIf(noBrowser)('the reference at /api in Chromium (skipped where Chromium is not installed)', () => {
  const hub = new TestHub()
  beforeAll(() => hub.start())
  afterAll(() => hub.close())

  it('has every operation of the document, in French and in English, and keeps to the policy of the page', async () => {
    const desk = await Desk.open()
    try {
      await desk.page.goto(`${hub.origin}/api`)
      await desk.page.locator('#listEvents').waitFor()
      const { calls } = await ApiDocument.of(hub.origin)
      for (const { operation } of calls) expect(await desk.page.locator(`#${operation.operationId}`).count()).toBe(1)
      await desk.page.locator('#listEvents > summary').click()
      const shown = desk.page.locator('#listEvents')
      expect(await shown.innerText()).toMatch(/events\.read[\s\S]*Paramètres[\s\S]*curl[\s\S]*Bearer \$VIGIE_TOKEN/)
      await desk.page.getByRole('button', { name: 'EN' }).click()
      expect(await shown.innerText()).toContain('Parameters')
      expect(desk.faults).toEqual([])
    } finally {
      await desk.close()
    }
  })

  it.each(['light', 'dark'] as const)(
    'can be read on a phone, %s: nothing too faint, nothing wider than the screen',
    async colorScheme => {
      const desk = await Desk.open({ ...PHONE, colorScheme })
      try {
        await desk.page.goto(`${hub.origin}/api#putSiteItem`)
        await desk.page.locator('#putSiteItem .refusals > summary').click()
        expect(await desk.page.evaluate('document.documentElement.scrollWidth')).toBe(390)
        expect(await desk.page.evaluate(FAINT)).toEqual([])
        expect(desk.faults).toEqual([])
      } finally {
        await desk.close()
      }
    },
  )
})
