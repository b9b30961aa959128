import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import { ExportScheduled, type Month, monthBefore, nextRun, type Scheduled } from './export-scheduled.ts'

const PARIS = 'Europe/Paris'
const iso = (at: number): string => new Date(at).toISOString()
const HOUR = 3_600_000

describe('the calendar of a monthly export', () => {
  it('covers the month before, on the clock of the site, over a change of clocks', () => {
    const { name, from, until } = monthBefore(Date.parse('2026-11-05T03:00:00+01:00'), PARIS)
    expect([name, iso(from), iso(until)]).toEqual(['2026-10', '2026-09-30T22:00:00.000Z', '2026-10-31T23:00:00.000Z'])
  })

  it('covers December in January, and the month of the site where that of Greenwich is another', () => {
    expect(monthBefore(Date.parse('2027-01-02T12:00:00Z'), PARIS).name).toBe('2026-12')
    expect(monthBefore(Date.parse('2026-10-31T23:30:00Z'), PARIS).name).toBe('2026-10')
  })

  it('comes next on its day, later than now, and in the year after', () => {
    const next = (now: string, day: number, time: string): string => iso(nextRun({ day, time }, Date.parse(now), PARIS))
    expect(next('2026-11-05T01:59:59Z', 5, '03:00')).toBe('2026-11-05T02:00:00.000Z')
    expect(next('2026-11-05T02:00:00Z', 5, '03:00')).toBe('2026-12-05T02:00:00.000Z')
    expect(next('2026-12-28T12:00:00Z', 1, '00:00')).toBe('2026-12-31T23:00:00.000Z')
    expect(next('2026-03-01T00:00:00Z', 28, '02:30')).toBe('2026-03-28T01:30:00.000Z')
  })
})

function staged(nextAt: string, now: string) {
  const s = { id: 's-1', day: 5, time: '03:00', nextAt: Date.parse(nextAt) }
  const state = { now: Date.parse(now), schedules: [s] as Scheduled[], failing: false, marking: true }
  const made: string[] = []
  const told: string[] = []
  const flow = new ExportScheduled({
    schedules: () => state.schedules,
    timeZone: () => PARIS,
    deliver: async (_: Scheduled, month: Month) => {
      if (state.failing) throw new VigieError('export-unwritable', { file: '/x', cause: 'away' })
      made.push(month.name)
    },
    mark: async ({ id, nextAt: next }) => {
      if (!state.marking) throw new Error('killed')
      state.schedules = state.schedules.map(x => (x.id === id ? { ...x, nextAt: next } : x))
    },
    telling: () => ({ failed: error => told.push(error), served: () => told.push('served') }),
    now: () => state.now,
  })
  return { flow, state, made, told }
}

describe('a monthly export', () => {
  it('is not made before its time, and once when it is due', async () => {
    const { flow, state, made } = staged('2026-11-05T02:00:00Z', '2026-11-05T01:59:00Z')
    await flow.look()
    expect(made).toEqual([])
    state.now += 60_000
    await Promise.all([flow.look(), flow.look()])
    await flow.look()
    expect(made).toEqual(['2026-10'])
  })

  it('makes up for each month that the hub was off', async () => {
    const { flow, state, made } = staged('2026-11-05T02:00:00Z', '2027-02-01T00:00:00Z')
    await flow.look()
    expect(made).toEqual(['2026-10', '2026-11', '2026-12'])
    expect(iso(state.schedules[0]!.nextAt)).toBe('2027-02-05T02:00:00.000Z')
  })

  it('that fails is tried again after an hour, not before, and says when it works again', async () => {
    const { flow, state, made, told } = staged('2026-11-05T02:00:00Z', '2026-11-05T02:00:00Z')
    state.failing = true
    await flow.look()
    state.now += HOUR - 1
    state.failing = false
    await flow.look()
    expect([made, told]).toEqual([[], ['export-unwritable']])
    state.now += 1
    await flow.look()
    expect([made, told]).toEqual([['2026-10'], ['export-unwritable', 'served']])
  })

  it('that was made but not marked is made again for the same month', async () => {
    const { flow, state, made } = staged('2026-11-05T02:00:00Z', '2026-11-05T02:00:00Z')
    state.marking = false
    await flow.look()
    state.marking = true
    state.now += HOUR
    await flow.look()
    expect(made).toEqual(['2026-10', '2026-10'])
  })

  it('that was removed is not made', async () => {
    const { flow, state, made } = staged('2026-11-05T02:00:00Z', '2027-02-01T00:00:00Z')
    state.schedules = []
    await flow.look()
    expect(made).toEqual([])
  })
})
