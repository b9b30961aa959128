import { describe, expect, it } from 'vitest'
import { reachOf, tellsTo, within, zonesBelow } from './zones.ts'

const ZONES = [
  { id: 'store', parent: 'ward' },
  { id: 'house' },
  { id: 'ward', parent: 'house' },
  { id: 'park' },
  { id: 'loop-a', parent: 'loop-b' },
  { id: 'loop-b', parent: 'loop-a' },
]

describe('zones', () => {
  it('hold the zones below them, in whatever order they are listed', () => {
    expect([...zonesBelow(ZONES, ['house'])].sort()).toEqual(['house', 'store', 'ward'])
    expect([...zonesBelow(ZONES, ['store', 'park'])].sort()).toEqual(['park', 'store'])
  })

  it('end at a cycle, and a zone that is gone holds itself', () => {
    expect([...zonesBelow(ZONES, ['loop-a'])].sort()).toEqual(['loop-a', 'loop-b'])
    expect([...zonesBelow(ZONES, ['gone'])]).toEqual(['gone'])
  })

  it('let in what lies in them; what lies in none is for those who see everything', () => {
    const reach = reachOf(ZONES, ['ward'])
    expect([within(reach, 'store'), within(reach, 'park'), within(reach, undefined)]).toEqual([true, false, false])
    expect([within(undefined, 'park'), within(undefined, undefined)]).toEqual([true, true])
    expect(within(reachOf(ZONES, []), 'ward')).toBe(false)
  })

  it('tell of events in them, and of what concerns one’s own account', () => {
    const reach = reachOf(ZONES, ['ward'])
    const told = (event: object): boolean => tellsTo(event, reach, 'o-1')
    expect([{ zone: 'store' }, { by: 'o-1' }, { operator: 'o-1', zone: 'park' }].every(told)).toBe(true)
    expect([{}, { zone: 'park' }, { by: 'o-2' }, { person: 'o-1' }, { zone: ['ward'] }].some(told)).toBe(false)
  })
})
