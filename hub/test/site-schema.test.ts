import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { compile } from '../access/compile.ts'
import { decide } from '../access/decide.ts'
import { parseSite } from '../access/site-file.ts'
import { CALM } from '../access/situations.ts'
import { siteSchema } from './site-schema.ts'
import { fullSite, knows, pseudonymsOf, smallSite } from './small-site.ts'

const read = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')
const EXAMPLE = 'examples/practice.site.json'

describe('the published schema', () => {
  test('is the one the hub checks with; if not, run the command at the top of site-schema.ts', () => {
    expect(JSON.parse(read('site.schema.json'))).toEqual(JSON.parse(JSON.stringify(siteSchema())))
  })

  test('means the same to another validator', () => {
    const valid = new Ajv2020({ strict: true, allErrors: true }).compile(JSON.parse(read('site.schema.json')))
    expect(valid(JSON.parse(read(EXAMPLE))), JSON.stringify(valid.errors)).toBe(true)
    expect(valid(smallSite())).toBe(true)
    expect(valid(fullSite()), JSON.stringify(valid.errors)).toBe(true)
    expect(valid({ ...fullSite(), interlocks: [{ id: 'a', name: 'A', accessPoints: ['one'] }] })).toBe(false)
    expect(valid({ ...smallSite(), doors: [] })).toBe(false)
    expect(valid({ ...smallSite(), zones: [{ id: 'A', name: 'Upper case' }] })).toBe(false)
  })
})

describe('the example practice', () => {
  const site = parseSite(read(EXAMPLE), EXAMPLE, knows)
  const snapshot = compile(site, 1, pseudonymsOf(site))
  const ask = (point: string, uid: string, at: string) =>
    decide(snapshot, CALM, { device: 'armoire-pharmacie', point, uid: `04A1B2C3D4E5${uid}`, at: Date.parse(at) }).reason

  test('has six people, a cabinet of four drawers and a badge for everyone', () => {
    expect(site.people).toHaveLength(6)
    expect(site.accessPoints.filter(a => a.device === 'armoire-pharmacie')).toHaveLength(4)
    expect(new Set(site.badges.map(b => b.person))).toEqual(new Set(site.people.map(p => p.id)))
    expect(snapshot.omittedBadges).toBe(0)
  })

  test.each([
    ['the dentist opens sedation drugs at night', 'drawer-1', '01', '2026-10-07T23:00:00+02:00', 'granted'],
    ['the assistant does not, even by day', 'drawer-1', '03', '2026-10-07T10:00:00+02:00', 'no-right'],
    ['the assistant opens anaesthetics by day', 'drawer-2', '03', '2026-10-07T10:00:00+02:00', 'granted'],
    ['but not in the evening', 'drawer-2', '03', '2026-10-07T20:00:00+02:00', 'outside-hours'],
    ['nor with the badge she lost', 'drawer-2', '07', '2026-10-07T10:00:00+02:00', 'badge-lost'],
    ['nor as a trainee before the first day', 'drawer-2', '04', '2026-08-31T10:00:00+02:00', 'person-not-yet-valid'],
    ['the cleaner opens no drawer', 'drawer-4', '06', '2026-10-07T20:00:00+02:00', 'no-right'],
  ])('%s', (_, point, uid, at, reason) => {
    expect(ask(point, uid, at)).toBe(reason)
  })
})
