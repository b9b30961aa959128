import { expect, it } from 'vitest'
import type { Signal } from './incidents.ts'
import { ScenarioCounts, WEEK_MS } from './scenario-counts.ts'

const NOW = 100 * WEEK_MS
const signal = (scenario: string, weeksAgo: number, count = 1): Signal => ({
  ...{ key: '', scenario, kind: 'tamper', severity: 'critical', subject: {}, count },
  ...{ at: NOW - weeksAgo * WEEK_MS - 1, lastAt: NOW },
})

it('counts signals and incidents in their weeks, and which of these were false', () => {
  const counts = new ScenarioCounts(NOW, 3)
  counts.add({ signals: [signal('a', 0, 4), signal('a', 0), signal('b', 0), signal('a', 1)], finding: 'false-alarm' })
  counts.add({ signals: [signal('a', 0)], finding: 'real' })
  counts.add({ signals: [signal('a', 3)] })
  expect(counts.of('a')).toEqual([
    { from: NOW - WEEK_MS, signals: 6, incidents: 2, falseAlarms: 1 },
    { from: NOW - 2 * WEEK_MS, signals: 1, incidents: 1, falseAlarms: 1 },
    { from: NOW - 3 * WEEK_MS, signals: 0, incidents: 0, falseAlarms: 0 },
  ])
  expect(counts.of('b')[0]).toMatchObject({ signals: 1, incidents: 1, falseAlarms: 1 })
  expect(counts.of('never').map(w => w.signals)).toEqual([0, 0, 0])
})

it('leaves out what a clock that was set back put into the time to come', () => {
  const counts = new ScenarioCounts(NOW, 2)
  counts.add({ signals: [{ ...signal('a', 0), at: NOW + 1 }] })
  expect(counts.of('a').map(w => w.signals)).toEqual([0, 0])
})
