import { describe, expect, it } from 'vitest'
import { layOut, leafOf, type Place, rowOf, wallOf } from '../src/geometry.ts'
import { type Thing, thingOf } from '../src/model.ts'
import { drawPlan, flagsOf, tagWord } from '../src/plan.ts'
import { fr } from '../src/words/fr.ts'
import { hospital } from './hospital.ts'

const NOW = Date.parse('2026-03-18T01:47:00Z')
const h = hospital(NOW)
const things: Thing[] = h.site.devices.map(d =>
  thingOf(
    d,
    h.devices.get(d.id),
    [...h.points.values()].filter(p => p.device === d.id),
  ),
)
const thing = (id: string): Thing => things.find(t => t.id === id)!
const place: Place = { id: 't', name: 'T', kind: 'tent', x: 100, y: 100, width: 120, height: 100 }

describe('the plan', () => {
  it('fits the box it is given', () => {
    const sheet = layOut(h.site.zones, { width: 860, height: 690, margin: 44 })!
    expect(sheet.width).toBeLessThanOrEqual(860)
    expect(sheet.height).toBeLessThanOrEqual(690)
    for (const p of sheet.places) expect(p.x).toBeGreaterThanOrEqual(44)
  })
  it('stays readable in a narrow box: it scrolls instead of shrinking', () => {
    const sheet = layOut(h.site.zones, { width: 320, margin: 20 })!
    expect(Math.min(...sheet.places.filter(p => p.kind === 'tent').map(p => p.width))).toBeGreaterThanOrEqual(75.9)
    expect(sheet.width).toBeGreaterThan(320)
  })
  it('is absent for a site without positions', () => {
    expect(layOut([{ id: 'a', name: 'A' }], { width: 800, margin: 44 })).toBeUndefined()
  })
  it('draws every device exactly once and inside its tent', () => {
    const sheet = layOut(h.site.zones, { width: 860, height: 690, margin: 44 })!
    const thingsIn = new Map(sheet.places.map(p => [p.id, things.filter(t => t.zone === p.id)]))
    const drawn = drawPlan({ sheet, thingsIn, position: () => undefined, words: fr, newestForced: undefined })
    const ids = drawn.flatMap(d => [...d.slots.map(s => s.thing.id), ...d.leaves.map(l => l.thing.id)])
    expect(ids.sort()).toEqual(things.map(t => t.id).sort())
    for (const d of drawn) for (const s of d.slots) expect(s.x + s.width).toBeLessThanOrEqual(d.place.x + d.place.width)
  })
  it('starts a new row when a tent is full', () => {
    const rows = rowOf({ ...place, width: 60 }, things.slice(0, 12))
    expect(new Set(rows.map(s => s.y)).size).toBeGreaterThan(1)
    expect(Math.max(...rows.map(s => s.x + s.width))).toBeLessThanOrEqual(160)
  })
  it('hangs a door on the wall nearest to where it stands, and swings it inwards', () => {
    expect(wallOf(place, { x: 150, y: 99 })).toBe('top')
    expect(wallOf(place, { x: 221, y: 150 })).toBe('right')
    const leaf = leafOf(thing('door-t01-1'), place, 'top', { x: 150, y: 100 }, 0)
    expect(leaf.closed).toBe('M142 100L158 100')
    expect(leaf.open).toBe('M142 100L145 115.5')
    expect(leafOf(thing('door-t01-1'), place, 'right', { x: 220, y: 150 }, 0).open).toBe('M220 142L204.5 145')
  })
})

describe('what a place has to say', () => {
  const open = thingOf(h.site.devices.find(d => d.id === 'cab-t08-1')!, h.devices.get('cab-t08-1'), [
    { device: 'cab-t08-1', point: 'drawer-3', contact: 'open', since: NOW },
  ])
  it('is nothing while everything is well', () => expect(flagsOf(things, fr)).toEqual([]))
  it('names the one drawer, or counts several', () => {
    expect(tagWord(open, fr)).toBe('Tiroir\u00a03 ouvert')
    const two = thingOf(open, open.device, [...open.points, { ...open.points[0]!, point: 'drawer-4' }])
    expect(tagWord(two, fr)).toBe('2\u00a0tiroirs ouverts')
  })
  it('gathers silent devices into one tag', () => {
    const silent = things.slice(0, 3).map(t => thingOf(t, { ...t.device!, online: false }, []))
    expect(flagsOf(silent, fr).map(f => f.word)).toEqual(['Muet \u00d7\u202f3'])
  })
})
