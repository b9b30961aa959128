/** How long a grant may open a point is the point's class to say, for as long as the grant lives. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fullSite, pseudonymsOf } from '../test/small-site.ts'
import { mayOpen } from './ask-who.ts'
import { Compiler } from './compile.ts'
import { decide } from './decide.ts'
import { explain } from './explain.ts'
import { GRANT_ORIGINS, type Grant } from './grants.ts'
import { labelsOf } from './labels.ts'
import { type AccessPoint, CLASSES, type PointClass, type Site, type Zone } from './site.ts'
import { type ItemChange, withItem } from './site-items.ts'
import { CALM } from './situations.ts'
import { endAt, type Snapshot } from './snapshot.ts'
import { bookFor } from './testing/asked-site.ts'
import { HOUR, NOON } from './testing/compiled.ts'

const DAY = 24 * HOUR
/** Cleo works in the garden and has no right in the pharmacy; her loan opens the hall for 300 days. */
const LOAN: Grant = {
  id: 'g-1',
  person: 'cleo',
  target: { zone: 'garden' },
  from: NOON,
  until: NOON + 300 * DAY,
  origin: 'loan',
  by: 'cli:test',
}
const drawer = (over: Partial<AccessPoint>): AccessPoint => ({ ...bare().accessPoints[0]!, ...over })
const bare = (): Site => {
  const site = fullSite()
  for (const point of site.accessPoints) delete point.requires
  for (const role of site.roles) role.rights = []
  for (const person of site.people) delete person.validUntil
  return site
}
const compiler = () => new Compiler(bare(), 1, pseudonymsOf(bare()), [LOAN], NOON)
const edit = (of: Compiler, ...items: ItemChange[]): Snapshot =>
  of.update({ revision: 2, now: NOON, items, grants: [] })
const moved: ItemChange = { kind: 'accessPoint', id: 'drugs', item: drawer({ zone: 'garden' }) }
const holds = (snapshot: Snapshot, at: number, point = 'drawer-1') =>
  decide(snapshot, CALM, { device: 'cabinet-1', point, uid: '04AA0003', at })

describe('a loan of 300 days, for a zone', () => {
  const snapshot = edit(compiler(), moved)

  test('opens a controlled-drugs drawer that is moved there for 12 hours, and not for 300 days', () => {
    expect(holds(snapshot, NOON + 12 * HOUR - 1)).toMatchObject({ granted: true, via: { grant: 'g-1' } })
    for (const at of [NOON + 12 * HOUR, NOON + DAY, NOON + 100 * DAY])
      expect(holds(snapshot, at)).toMatchObject({ granted: false, reason: 'grant-expired', because: 'g-1' })
    expect(holds(snapshot, NOON + 301 * DAY)).toMatchObject({ reason: 'no-right' })
  })

  test('still opens the doors of that zone until it ends', () => {
    const door = (at: number) => decide(snapshot, CALM, { device: 'door-2', point: 'door', uid: '04AA0003', at })
    expect(door(NOON + 100 * DAY).granted).toBe(true)
    expect(door(NOON + 300 * DAY).granted).toBe(false)
  })

  test('is cut where a point of the zone becomes something stricter, and where the house allows less', () => {
    const garden = (device: string) => ({ device, point: 'door', uid: '04AA0003', at: NOON + 2 * DAY })
    const [door] = bare().accessPoints.filter(a => a.id === 'garden-door')
    const stricter = edit(compiler(), {
      kind: 'accessPoint',
      id: 'garden-door',
      item: { ...door!, class: 'medicines' },
    })
    expect(decide(stricter, CALM, garden('door-2')).granted).toBe(false)
    const { policy, ...site } = bare().site
    const house = edit(compiler(), {
      kind: 'site',
      id: 'site',
      item: { ...site, policy: { ...policy, grantHours: { door: 47 } } },
    })
    expect(decide(house, CALM, garden('door-2')).granted).toBe(false)
    expect(decide(compiler().snapshot, CALM, garden('door-2')).granted).toBe(true)
  })

  test('explains why it is over there', () => {
    const request = { device: 'cabinet-1', point: 'drawer-1', uid: '04AA0003', at: NOON + DAY }
    const { steps } = explain(snapshot, CALM, request, labelsOf(bare()))
    const text = steps.find(s => s.code === 'grant')!.text
    expect(text.en).toMatch(
      /to .*02 Jul 2026, 00:00 \[g-1\]: over here, because the class Controlled drugs allows no more\.$/,
    )
    expect(text.fr).toContain('terminé ici, la classe Stupéfiants ne permettant pas davantage')
  })

  test('ends, for whoever asks what Cleo may open, when the class of each point says', () => {
    const site = withItem(bare(), 'accessPoint', 'drugs', drawer({ zone: 'garden' }))
    const may = (at: number) =>
      mayOpen(bookFor(site, [LOAN], NOON), 'cleo', at)!.points.flatMap(p =>
        p.ways.map(w => [p.accessPoint.id, w.open, w.kind === 'grant' && (w.until - NOON) / HOUR]),
      )
    expect(may(NOON + HOUR)).toEqual([
      ['drugs', true, 12],
      ['garden-door', true, 7_200],
    ])
    expect(may(NOON + DAY)).toEqual([['garden-door', true, 7_200]])
  })
})

test('grants for the same place share one map, whatever their spans', () => {
  const later = { ...LOAN, id: 'g-2', person: 'anna', from: NOON + HOUR, until: NOON + 2 * HOUR }
  const { grants } = new Compiler(bare(), 1, pseudonymsOf(bare()), [LOAN, later], NOON).snapshot
  const [a, b] = [...grants.values()].flat()
  expect(a!.points).toBe(b!.points)
  expect(endAt(a!, 3)).not.toBe(endAt(b!, 3))
})

const pointClass = fc.constantFrom(...(Object.keys(CLASSES) as PointClass[]))
const zone = fc.constantFrom('ward', 'pharmacy', 'garden')
const [POINTS, ZONES] = [fullSite().accessPoints.map(a => a.id), fullSite().zones.map(z => z.id)]
const anyTarget = fc.oneof(
  zone.map(z => ({ zone: z })),
  fc.constantFrom(...POINTS).map(accessPoint => ({ accessPoint })),
  fc.uniqueArray(pointClass, { minLength: 1, maxLength: 3 }).map(classes => ({ classes })),
)
const anyGrant = fc
  .record({ target: anyTarget, days: fc.integer({ min: 1, max: 399 }), origin: fc.constantFrom(...GRANT_ORIGINS) })
  .map(({ days, ...g }): Grant => ({ ...LOAN, ...g, until: NOON + days * DAY }))
type Edit = (site: Site) => ItemChange
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.constantFrom(...POINTS), zone, pointClass).map(
    ([id, to, kind]): Edit =>
      site => {
        const item = { ...site.accessPoints.find(a => a.id === id)!, zone: to, class: kind }
        return { kind: 'accessPoint', id, item }
      },
  ),
  fc.tuple(fc.constantFrom(...ZONES), fc.option(zone)).map(
    ([id, parent]): Edit =>
      site => {
        const { parent: _, ...rest }: Zone = site.zones.find(z => z.id === id)!
        return { kind: 'zone', id, item: { ...rest, ...(parent && parent !== id && { parent }) } }
      },
  ),
  fc.tuple(pointClass, fc.integer({ min: 1, max: 200 })).map(
    ([kind, hours]): Edit =>
      ({ site }) => {
        const grantHours = { ...site.policy?.grantHours, [kind]: hours }
        return { kind: 'site', id: 'site', item: { ...site, policy: { ...site.policy, grantHours } } }
      },
  ),
)

test('no grant ever opens a point longer than its class allows, whatever edits follow', () => {
  let [opened, cut] = [0, 0]
  const hours = fc.integer({ min: 0, max: 300 * 24 })
  fc.assert(
    fc.property(
      fc.array(anyGrant, { minLength: 1, maxLength: 4 }),
      fc.array(anyEdit, { maxLength: 6 }),
      fc.array(fc.oneof(hours, fc.integer({ min: 0, max: 48 })), { minLength: 5, maxLength: 10 }),
      (drawn, edits, times) => {
        const grants = drawn.map((g, i) => ({ ...g, id: `g-${i}` }))
        let site = bare()
        const of = new Compiler(site, 0, pseudonymsOf(site), grants, NOON)
        for (const [i, made] of edits.entries()) {
          const change = made(site)
          site = withItem(site, change.kind, change.id, change.item)
          of.update({ revision: i, now: NOON, items: [change], grants: [] })
        }
        for (const { device, point, class: kind } of site.accessPoints)
          for (const after of times) {
            const at = NOON + after * HOUR
            const decision = decide(of.snapshot, CALM, { device, point, uid: '04AA0003', at })
            const longest = site.site.policy?.grantHours?.[kind] ?? CLASSES[kind].grantHours
            if (decision.granted) opened++
            else if (decision.reason === 'grant-expired' && after >= longest) cut++
            if (decision.granted) expect(after).toBeLessThan(longest)
          }
      },
    ),
    { numRuns: 200 },
  )
  expect(opened).toBeGreaterThan(100)
  expect(cut).toBeGreaterThan(100)
})
