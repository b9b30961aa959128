import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLASSES, type PointClass } from '../access/site-classes.ts'
import { due, type Holding, type KeptRow, keeps, onRequest, PURPOSES, purposeOf, termOf } from './retention.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 22)
const row = (more: Partial<KeptRow> = {}): KeptRow => ({
  ...{ seq: 1, at: NOW - 91 * DAY, kind: 'access.granted', names: new Set(['p-1']) },
  ...more,
})

describe('what a row is kept for', () => {
  it('a badge at a door is kept 90 days, at controlled drugs ten years, at records six months', () => {
    expect([purposeOf('access.granted', 'door'), termOf('passages')]).toEqual(['passages', 90 * DAY])
    expect([purposeOf('access.granted', 'controlled-drugs'), termOf('controlled-drugs')]).toEqual([
      'controlled-drugs',
      3650 * DAY,
    ])
    expect([purposeOf('access.denied', 'records'), termOf('records')]).toEqual(['records', 180 * DAY])
  })
  it('an alarm at a cabinet of controlled drugs belongs to the register, elsewhere to the alarms', () => {
    expect(purposeOf('break-glass.opened', 'controlled-drugs')).toBe('controlled-drugs')
    for (const of of Object.keys(CLASSES).filter(c => c !== 'controlled-drugs') as PointClass[])
      expect(purposeOf('point.forced', of)).toBe('alarms')
  })
  it('rows that vouch for others, and kinds of another version, are never due', () => {
    for (const kind of ['payloads.erased', 'journal.key-rotated', 'something.new', 'constructor'])
      expect(due([row({ kind, at: 0 })], {}, [], NOW)).toEqual([])
  })
  it('a site chooses its terms, and never less than the law asks for', () => {
    expect(termOf('passages', { passages: 30 })).toBe(30 * DAY)
    expect(termOf('controlled-drugs', { 'controlled-drugs': 1 })).toBe(3650 * DAY)
    for (const p of Object.values(PURPOSES)) expect(p.min <= p.days && p.days <= p.max).toBe(true)
  })
})

describe('what is due', () => {
  it('a passage is due the millisecond its 90 days are over, not before', () => {
    const at = NOW - 90 * DAY
    expect(due([row({ at })], {}, [], NOW)).toEqual([{ seq: 1, purpose: 'passages' }])
    expect(due([row({ at: at + 1 })], {}, [], NOW)).toEqual([])
  })
  it('a hold keeps what it names, for as long as it stands', () => {
    expect(due([row()], {}, [{ id: 'h', person: 'p-1' }], NOW)).toEqual([])
    expect(due([row()], {}, [{ id: 'h', person: 'p-2' }], NOW)).toHaveLength(1)
  })
  it('a hold keeps only what fits in everything it names', () => {
    const whole: Holding = {
      ...{ id: 'h', person: 'p-1', accessPoint: 'a', zone: 'z', class: 'door', kinds: ['access.granted'] },
      ...{ from: NOW - 91 * DAY, until: NOW - 91 * DAY + 1 },
    }
    const fits = row({ accessPoint: 'a', zone: 'z', class: 'door' })
    expect(keeps(whole, fits)).toBe(true)
    const misfits: Partial<KeptRow>[] = [
      { accessPoint: 'b' },
      { zone: 'y' },
      { class: 'medicines' },
      { kind: 'access.denied' },
      { at: NOW - 91 * DAY - 1 },
      { at: NOW - 91 * DAY + 1 },
      { names: new Set() },
    ]
    for (const misfit of misfits) expect(keeps(whole, { ...fits, ...misfit })).toBe(false)
  })
  it('a hold on a zone keeps what lies below it, one on a person what their badges did', () => {
    expect(keeps({ id: 'h', zone: 'ward', zones: new Set(['ward', 'room']) }, row({ zone: 'room' }))).toBe(true)
    const badge = row({ names: new Set(['b-9']) })
    expect(keeps({ id: 'h', person: 'p-1', people: new Set(['p-1', 'b-9']) }, badge)).toBe(true)
  })
})

describe('a request for erasure', () => {
  it('takes a passage of yesterday at once', () => {
    expect(onRequest(row({ at: NOW - DAY, class: 'door' }), {}, [], NOW)).toEqual({ goes: true })
  })
  it('leaves what the law keeps until its term, and what a hold keeps until it is released', () => {
    const at = NOW - DAY
    const drugs = onRequest(row({ at, class: 'controlled-drugs' }), {}, [], NOW)
    expect(drugs).toEqual({ goes: false, purpose: 'controlled-drugs', until: at + 3650 * DAY })
    const held = onRequest(row({ class: 'door' }), {}, [{ id: 'h' }], NOW)
    expect(held).toEqual({ goes: false, purpose: 'passages', hold: 'h' })
  })
  it('never takes less than the nightly purge would', () => {
    const kinds = fc.constantFrom('access.granted', 'point.forced', 'grant.issued', 'readings', 'payloads.erased')
    const of = fc.constantFrom(...(Object.keys(CLASSES) as PointClass[]))
    const any = fc.record({ kind: kinds, class: of, at: fc.integer({ min: 0, max: NOW }) })
    fc.assert(
      fc.property(any, r => {
        const one = row(r)
        if (due([one], {}, [], NOW).length > 0) expect(onRequest(one, {}, [], NOW)).toEqual({ goes: true })
      }),
    )
  })
})
