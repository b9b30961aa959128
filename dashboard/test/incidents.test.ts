import { describe, expect, it } from 'vitest'
import type { IncidentView, Signal } from '../src/contract.ts'
import { byUrgency, groupOf, incidentGlyph, signalGlyph, spanOf, ticksOf, timelineOf } from '../src/incidents.ts'
import { incidentWords } from '../src/words/incidents.ts'

const signal = (at: number, more: Partial<Signal> = {}): Signal => ({
  ...{ key: `s ${at}`, scenario: 's', kind: 'intrusion', severity: 'critical', subject: {}, at, count: 1, lastAt: at },
  ...more,
})
const incident = (more: Partial<IncidentView> = {}): IncidentView => ({
  ...{ id: 'in-1', state: 'raised', kind: 'intrusion', severity: 'critical', at: 0, lastAt: 0, step: 0, revision: 1 },
  ...{ signals: [signal(0)], history: [], names: {} },
  ...more,
})

describe('the queue', () => {
  it('has what weighs most first, and of that what waits longest', () => {
    const of = (id: string, severity: IncidentView['severity'], at: number) => incident({ id, severity, at })
    const all = [of('a', 'info', 1), of('b', 'critical', 9), of('c', 'warning', 2), of('d', 'critical', 3)]
    expect(all.toSorted(byUrgency).map(i => i.id)).toEqual(['d', 'b', 'c', 'a'])
  })
  it('has three parts', () => {
    const states = ['raised', 'acknowledged', 'assigned', 'resolved'] as const
    expect(states.map(state => groupOf({ state }))).toEqual(['toTake', 'followed', 'followed', 'resolved'])
  })
  it('shows what weighs by its shape, and what is over by a tick', () => {
    expect(signalGlyph({ kind: 'break-glass', severity: 'warning' })).toBe('glass')
    expect(signalGlyph({ kind: 'device-silent', severity: 'critical' })).toBe('alarm')
    expect(signalGlyph({ kind: 'door-held', severity: 'warning' })).toBe('held')
    expect(signalGlyph({ kind: 'battery-low', severity: 'info' })).toBe('info')
    expect(incidentGlyph(incident({ state: 'resolved' }))).toBe('yes')
  })
})

describe('the timeline', () => {
  it('has signals, numbered as they came, and what people did, the newest first', () => {
    const lines = timelineOf({
      signals: [signal(5), signal(9)],
      history: [{ at: 7, do: 'acknowledge', by: 'o-1' }],
    })
    expect(lines.map(l => (l.what === 'signal' ? l.n : l.step.do))).toEqual([2, 'acknowledge', 1])
  })
  it('goes on to now while it is open, and to its end afterwards; never narrower than 20 s', () => {
    expect(spanOf(incident({ at: 1000, lastAt: 1000 }), 1500)).toMatchObject({ end: 1500, from: 1000 - 1600 })
    const over = incident({
      state: 'resolved',
      resolvedAt: 90_000,
      lastAt: 60_000,
      signals: [signal(0, { restoredAt: 80_000 })],
    })
    expect(spanOf(over, 9e9).end).toBe(80_000)
  })
  it.each([
    [0, 20_000, 6],
    [999, 3_600_000, 5],
    [0, 30 * 86_400_000, 4],
  ])('marks round instants between %i and %i, at most %i', (from, to, most) => {
    const ticks = ticksOf(from, to, most)
    expect(ticks.length).toBeGreaterThan(1)
    expect(ticks.length).toBeLessThanOrEqual(most + 1)
    expect(ticks.every(t => t >= from && t <= to && t % 1000 === 0)).toBe(true)
  })
})

it('has words for every kind, state, severity and finding, in both languages', () => {
  const keys = (w: (typeof incidentWords)['fr']) =>
    [w.kinds, w.states, w.severities, w.findings, w.did].map(o => Object.keys(o))
  expect(keys(incidentWords.fr)).toEqual(keys(incidentWords.en))
  expect(incidentWords.fr.cause(5)).toBe('Cinq signaux, une seule cause probable')
  expect(incidentWords.fr.cause(12)).toContain('12 signaux')
})
