import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LiveEvent } from '#hub/api.ts'
import { mergeRows, passes } from '../src/rows.ts'

const event = (seq: number, more: Partial<LiveEvent> = {}): LiveEvent => ({
  seq,
  at: seq * 1000,
  kind: 'access.granted',
  ...more,
})
const seqs = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })

describe('the feed’s rows', () => {
  it('hold every event once and newest first, in whatever order and however often they come', () => {
    fc.assert(
      fc.property(fc.array(seqs, { maxLength: 6 }), batches => {
        let rows: readonly LiveEvent[] = []
        for (const batch of batches)
          rows = mergeRows(
            rows,
            batch.map(s => event(s)),
            1000,
          ).rows
        expect(rows.map(r => r.seq)).toEqual([...new Set(batches.flat())].sort((a, b) => b - a))
      }),
    )
  })
  it('never exceed the cap: the oldest leave', () => {
    const full = mergeRows(
      [],
      Array.from({ length: 10 }, (_, i) => event(i + 1)),
      4,
    )
    expect(full.rows.map(r => r.seq)).toEqual([10, 9, 8, 7])
    expect(mergeRows(full.rows, [event(2)], 4).rows.map(r => r.seq)).toEqual([10, 9, 8, 7])
  })
  it('show what is not in the journal yet on top, newest first, and put its row in its place', () => {
    const early = [event(-1, { unrecorded: true }), event(-2, { unrecorded: true })]
    const { rows } = mergeRows([event(7)], early)
    expect(rows.map(r => r.seq)).toEqual([-2, -1, 7])
    const { rows: after } = mergeRows(rows, [event(8, { replaces: -1 })])
    expect(after.map(r => r.seq)).toEqual([-2, 8, 7])
    expect(mergeRows(after, [event(9, { replaces: -2 })]).rows.map(r => r.seq)).toEqual([9, 8, 7])
    expect(mergeRows([], [early[0]!, event(8, { replaces: -1 })]).rows.map(r => r.seq)).toEqual([8])
  })
  it('say what was new', () => {
    const { fresh } = mergeRows([event(2)], [event(2), event(3), event(3)])
    expect(fresh.map(e => e.seq)).toEqual([3])
  })
})

describe('the filter', () => {
  const all = { group: 'all', zones: new Set<string>(), text: '' } as const
  const words = (): string => 'Accordé Réanimation, porte 1'
  it('finds what the eye sees, without accents or capitals', () => {
    expect(passes(event(1), { ...all, text: ' reanimation ' }, words)).toBe(true)
    expect(passes(event(1), { ...all, text: 'urgences' }, words)).toBe(false)
  })
  it('keeps grants, refusals, openings and devices apart', () => {
    expect(passes(event(1), { ...all, group: 'granted' }, words)).toBe(true)
    expect(passes(event(1, { kind: 'lock.silent' }), { ...all, group: 'refused' }, words)).toBe(true)
    expect(passes(event(1, { kind: 'point.forced' }), { ...all, group: 'openings' }, words)).toBe(true)
    expect(passes(event(1, { kind: 'device.offline' }), { ...all, group: 'devices' }, words)).toBe(true)
    expect(passes(event(1, { kind: 'rights.changed' }), { ...all, group: 'devices' }, words)).toBe(false)
  })
  it('leaves out events without a zone when a zone is asked for', () => {
    const filter = { ...all, zones: new Set(['t08']) }
    expect(passes(event(1, { zone: 't08' }), filter, words)).toBe(true)
    expect(passes(event(1), filter, words)).toBe(false)
  })
})
