import { describe, expect, it } from 'vitest'
import { layOut, leafOf, type Place, rowOf, wallOf } from '../src/geometry.ts'
import { type Thing, thingOf } from '../src/model.ts'
import { drawPlan, flagsOf, sayingsOf } from '../src/plan.ts'
import { fitted, leftOf, type Measure, nameIn, twoLines } from '../src/tags.ts'
import { en } from '../src/words/en.ts'
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
/** Six pixels a letter. */
const measure: Measure = (_, words) => words.length * 6
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
    const drawn = drawPlan({ sheet, thingsIn, position: () => undefined, words: fr, measure, newestForced: undefined })
    const ids = drawn.flatMap(d => [...d.slots.map(s => s.thing.id), ...d.leaves.map(l => l.thing.id)])
    expect(ids.sort()).toEqual(things.map(t => t.id).sort())
    for (const d of drawn) for (const s of d.slots) expect(s.x + s.width).toBeLessThanOrEqual(d.place.x + d.place.width)
  })
  it('starts a new row when a tent is full', () => {
    const { slots, rest } = rowOf({ ...place, width: 60 }, things.filter(t => t.form !== 'door').slice(0, 4))
    expect(new Set(slots.map(s => s.y)).size).toBeGreaterThan(1)
    expect(Math.max(...slots.map(s => s.x + s.width))).toBeLessThanOrEqual(160)
    expect(rest).toBeUndefined()
  })
  it('counts what has no room in a tent of 400 devices, and shows those that are not well first', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ ...thing('pir-t01-1'), id: `p${i}` }))
    const { slots, rest } = rowOf(place, many, t => t.id === 'p399')
    expect(slots.map(s => s.thing.id)).toContain('p399')
    expect(slots.length + rest!.count).toBe(400)
    expect(Math.min(...slots.map(s => s.y))).toBeGreaterThanOrEqual(place.y)
  })
  it('names a gate outdoors along its fence, and no door of a tent, which has its own name', () => {
    const yard: Place = { ...place, kind: 'outdoor' }
    expect(leafOf(thing('door-t01-1'), yard, 'left', { x: 100, y: 150 }, 0).label).toEqual({
      at: { x: 113, y: 150 },
      upright: true,
    })
    expect(leafOf(thing('door-t01-1'), place, 'left', { x: 100, y: 150 }, 0).label).toBeUndefined()
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
    expect(sayingsOf(open, fr)[0]).toEqual(['Tiroir\u00a03 ouvert'])
    const two = thingOf(open, open.device, [...open.points, { ...open.points[0]!, point: 'drawer-4' }])
    expect(sayingsOf(two, fr)[0]).toEqual(['2\u00a0tiroirs ouverts'])
    const whole = thingOf(open, open.device, [...open.points, { ...open.points[0]!, point: 'cabinet' }])
    expect(sayingsOf(whole, fr)[0]).toEqual(['Armoire ouverte'])
  })
  it('gathers silent devices into one tag', () => {
    const silent = things.slice(0, 3).map(t => thingOf(t, { ...t.device!, online: false }, []))
    expect(flagsOf(silent, fr).map(f => f.sayings)).toEqual([[['Muet \u00d7\u202f3']]])
  })
  it('says how a silent door was when last heard of', () => {
    const door = thing('door-t01-1')
    const gone = thingOf(door, { ...door.device!, online: false }, [{ ...door.points[0]!, contact: 'open' }])
    expect(flagsOf([gone], fr)[0]!.sayings[0]).toEqual(['Muette, vue ouverte'])
    expect(flagsOf([gone], en)[0]!.sayings[0]).toEqual(['Silent, last seen open'])
  })
  it('keeps its tags in its tent: whole words, then the state alone, then two lines, never cut', () => {
    const sayings = [['Porte déverrouillée'], ['Déverrouillée'], ['Porte', 'déverrouillée']]
    expect(fitted(sayings, 200, measure).lines).toEqual(sayings[0])
    expect(fitted(sayings, 120, measure)).toMatchObject({ lines: sayings[1], width: 109, height: 22 })
    expect(fitted(sayings, 40, measure).lines.join(' ')).toMatch(/éverrouillée$/)
    expect(twoLines('Tiroir\u00a03 ouvert')).toEqual(['Tiroir\u00a03', 'ouvert'])
    expect(leftOf(100, 210, place, 1000)).toBe(116)
    expect(leftOf(140, 108, place, 1000)).toBe(90)
  })
  it('says things of one kind together where each by itself has no room', () => {
    const sheet = layOut(h.site.zones, { width: 860, height: 690, margin: 44 })!
    const doors = Array.from({ length: 9 }, (_, i) =>
      thingOf({ ...thing('door-t01-1'), id: `d${i}` }, h.devices.get('door-t01-1'), [
        { device: `d${i}`, point: 'door', contact: 'open', since: NOW },
      ]),
    )
    const thingsIn = new Map([['t08', doors]])
    const drawn = drawPlan({ sheet, thingsIn, position: () => undefined, words: fr, measure, newestForced: undefined })
    const { tags, place: tent } = drawn.find(d => d.place.id === 't08')!
    expect(tags.map(t => t.lines)).toEqual([['9\u00a0portes ouvertes']])
    for (const t of tags) {
      expect(t.x + t.width).toBeLessThanOrEqual(tent.x + tent.width)
      expect(t.y + t.height).toBeLessThanOrEqual(tent.y + tent.height)
    }
  })
  it('cuts a name of eighty letters at its wall, and leaves the code out where it has no room', () => {
    expect(nameIn({ name: 'T'.repeat(80), code: 'T01' }, 60, measure)).toEqual({ name: `${'T'.repeat(9)}…` })
    expect(nameIn({ name: 'Accueil', code: 'T01' }, 60, measure)).toEqual({ name: 'Accueil' })
    expect(nameIn({ name: 'Accueil', code: 'T01' }, 70, measure)).toEqual({ name: 'Accueil', code: 'T01' })
  })
})
