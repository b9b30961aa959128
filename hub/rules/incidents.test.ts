import { describe, expect, it } from 'vitest'
import {
  acted,
  type Escalation,
  firstStepAt,
  type Incident,
  incidentOf,
  isCalm,
  joined,
  MOST_LINES,
  type RaisedSignal,
  raised,
  restored,
  stepDue,
  TOGETHER_MS,
  toldTo,
} from './incidents.ts'

const MINUTE = 60_000
const PARENTS: Readonly<Record<string, string>> = {
  drugs: 'ward',
  room: 'ward',
  bed: 'room',
  ward: 'site',
  roof: 'site',
  hut: 'park',
}
const above = (zone: string): string[] => {
  const chain = [zone]
  for (let z = PARENTS[zone]; z; z = PARENTS[z]) chain.push(z)
  return chain
}
const signal = (at: number, zone = 'drugs', more: Partial<RaisedSignal> = {}): RaisedSignal => ({
  ...{ scenario: 'intrusion', kind: 'intrusion', severity: 'critical', at, subject: { zone, device: `pir-${zone}` } },
  ...more,
})
const silent = (at: number, device: string, more: Partial<RaisedSignal> = {}): RaisedSignal =>
  signal(at, 'drugs', {
    scenario: 'device-silent',
    kind: 'device-silent',
    severity: 'warning',
    subject: { zone: device, device },
    ...more,
  })
const ESCALATION: Escalation = {
  from: 'warning',
  steps: [
    { afterMs: 0, to: { role: 'security' } },
    { afterMs: 3 * MINUTE, to: { onCall: 'night' } },
  ],
  rounds: 2,
  againMs: 5 * MINUTE,
}
const many = (n: number): RaisedSignal[] => Array.from({ length: n }, (_, i) => silent(i, `d-${i}`))
const one = (at = 0): Incident => raised('i-1', signal(at), firstStepAt('critical', at, ESCALATION))
function all(signals: readonly RaisedSignal[]): Incident[] {
  let open: Incident[] = []
  for (const s of signals) {
    const found = incidentOf(open, s, above)
    if (found) open = open.map(i => (i === found ? joined(i, s, undefined) : i))
    else open.push(raised(`i-${open.length + 1}`, s, undefined))
  }
  return open
}

describe('signals', () => {
  it('of one intrusion, seen by five sensors, are one incident with five lines', () => {
    const zones = ['drugs', 'room', 'ward', 'bed', 'drugs']
    const seen = zones.map((zone, i) => signal(i * MINUTE, zone, { subject: { zone, device: `pir-${i}` } }))
    const incidents = all(seen)
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.signals.map(s => s.subject.device)).toEqual(['pir-0', 'pir-1', 'pir-2', 'pir-3', 'pir-4'])
  })
  it('of the same thing again are the same line, however late', () => {
    const [incident] = all([signal(0), signal(5), signal(3 * TOGETHER_MS)])
    expect(incident?.signals).toMatchObject([{ count: 3, at: 0, lastAt: 3 * TOGETHER_MS }])
  })
  it.each([
    ['far apart in time', [signal(0, 'drugs'), signal(TOGETHER_MS + 1, 'room')], 2],
    ['just near enough in time', [signal(0, 'drugs'), signal(TOGETHER_MS, 'room')], 1],
    ['far apart in place', [signal(0, 'drugs'), signal(1, 'hut')], 2],
    ['side by side', [signal(0, 'ward'), signal(1, 'roof')], 1],
    ['what somebody does and what wears out', [signal(0, 'drugs'), silent(1, 'drugs')], 2],
    ['one cable, many devices', ['a', 'b', 'c'].map(d => silent(0, d)), 1],
    ['a weak battery beside it', [silent(0, 'a'), silent(1, 'b', { kind: 'battery-low', scenario: 'battery-low' })], 2],
  ])('%s', (_, signals, count) => expect(all(signals)).toHaveLength(count))
  it('come to the severity and the kind of the weightiest', () => {
    const held = signal(0, 'drugs', {
      scenario: 'door-held',
      kind: 'door-held',
      severity: 'warning',
      subject: { zone: 'drugs', accessPoint: 'd' },
    })
    expect(all([held])[0]).toMatchObject({ kind: 'door-held', severity: 'warning' })
    expect(all([held, signal(1)])[0]).toMatchObject({ kind: 'intrusion', severity: 'critical' })
  })
  it('of one that is resolved begin another', () => {
    const over = acted(one(), { do: 'resolve', finding: 'real' }, 'o-1', 5) as Incident
    expect(incidentOf([over], signal(6), above)).toBeUndefined()
  })
  it('that are over are marked so, and again alive when they come again', () => {
    const calm = restored(one(), { ...signal(0), at: 9 })
    expect(calm && isCalm(calm)).toBe(true)
    expect(calm?.signals).toMatchObject([{ restoredAt: 9 }])
    expect(restored(calm!, { ...signal(0), at: 10 })).toBeUndefined()
    expect(restored(one(), { ...signal(0, 'room'), at: 9 })).toBeUndefined()
    const again = joined(calm!, signal(20), undefined)
    expect([isCalm(again), again.signals[0]?.count]).toEqual([false, 2])
  })
})

describe('people', () => {
  it('acknowledge once, assign, and resolve with a finding; what is over stays as it is', () => {
    const seen = acted(one(), { do: 'acknowledge' }, 'o-1', 7) as Incident
    expect(seen).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'o-1', acknowledgedAt: 7, revision: 2 })
    expect(seen.nextStepAt).toBeUndefined()
    expect(acted(seen, { do: 'acknowledge' }, 'o-2', 8)).toBe('incident-acknowledged')
    const given = acted(seen, { do: 'assign', to: 'o-2' }, 'o-1', 8) as Incident
    expect(given).toMatchObject({ state: 'assigned', assignee: 'o-2', acknowledgedBy: 'o-1' })
    const over = acted(given, { do: 'resolve', finding: 'false-alarm' }, 'o-2', 9) as Incident
    expect(over).toMatchObject({ state: 'resolved', finding: 'false-alarm', resolvedBy: 'o-2', resolvedAt: 9 })
    for (const act of [{ do: 'acknowledge' }, { do: 'snooze', until: 99 }] as const)
      expect(acted(over, act, 'o-1', 10)).toBe('incident-over')
  })
  it('are told again where it gets worse than they have seen', () => {
    const warning = signal(0, 'drugs', { severity: 'warning' })
    const seen = acted(raised('i-1', warning, 0), { do: 'acknowledge' }, 'o-1', 1) as Incident
    const same = joined(seen, { ...warning, at: 2, subject: { zone: 'room', device: 'x' } }, 2)
    expect([same.state, same.nextStepAt]).toEqual(['acknowledged', undefined])
    const worse = joined(seen, signal(2, 'room'), 2)
    expect(worse).toMatchObject({ state: 'raised', step: 0, nextStepAt: 2, severity: 'critical' })
    expect(worse.acknowledgedBy).toBeUndefined()
  })
  it.each([0, 1, 24 * 60 * MINUTE + 2])('may not keep it quiet until %i', until => {
    expect(acted(one(), { do: 'snooze', until }, 'o-1', 1)).toBe('snooze-too-long')
  })
})

describe('the escalation', () => {
  const run = (until: number, incident = one()): string[] => {
    const told: string[] = []
    let now = incident
    for (let at = 0; at <= until; at += MINUTE / 2) {
      for (let due = stepDue(now, ESCALATION, at); due; due = stepDue(now, ESCALATION, at)) {
        told.push(`${due.index}@${at / MINUTE}`)
        now = due.incident
      }
    }
    return told
  }
  it('goes on by its steps, for as many rounds as there are, and then rests', () => {
    expect(run(30 * MINUTE)).toEqual(['0@0', '1@3', '2@8', '3@11'])
  })
  it('tells each step once, also where it is looked at late', () => {
    const due = stepDue(one(), ESCALATION, 90 * MINUTE)
    expect(due?.index).toBe(0)
    expect(due?.incident).toMatchObject({ step: 1, nextStepAt: 93 * MINUTE })
  })
  it('does not wait where a step had nobody to tell, up to the end of its round', () => {
    const first = stepDue(one(), ESCALATION, 0)!
    expect(toldTo(first, 0, 0)).toMatchObject({ nextStepAt: 0, history: [{ step: 0, told: 0 }] })
    expect(toldTo(first, 1, 0)).toMatchObject({ nextStepAt: 3 * MINUTE })
    const last = stepDue(first.incident, ESCALATION, 3 * MINUTE)!
    expect(toldTo(last, 0, 3 * MINUTE)).toMatchObject({ nextStepAt: last.incident.nextStepAt })
  })
  it('ends with whoever acknowledges, and waits while it is kept quiet', () => {
    expect(run(30 * MINUTE, acted(one(), { do: 'acknowledge' }, 'o-1', 0) as Incident)).toEqual([])
    expect(run(30 * MINUTE, acted(one(), { do: 'snooze', until: 10 * MINUTE }, 'o-1', 0) as Incident)[0]).toBe('0@10')
  })
  it('tells nobody of what is below its severity, or where it has no steps', () => {
    expect(firstStepAt('info', 5, ESCALATION)).toBeUndefined()
    expect(firstStepAt('warning', 5, ESCALATION)).toBe(5)
    expect(firstStepAt('critical', 5, { ...ESCALATION, steps: [] })).toBeUndefined()
    expect(stepDue(one(), { ...ESCALATION, steps: [] }, 5)).toBeUndefined()
  })
})

it('a hall that goes silent has lines enough to see it, and counts the rest; the gravest counts without a line', () => {
  const [hall] = all(many(MOST_LINES + 50))
  expect([hall?.signals.length, hall?.more, hall?.severity]).toEqual([MOST_LINES, 50, 'warning'])
  const worse = joined(hall!, silent(9_999, 'last', { severity: 'critical' }), undefined)
  expect([worse.signals.length, worse.more, worse.severity]).toEqual([MOST_LINES, 51, 'critical'])
})
it('remembers who did what, and whom Vigie told', () => {
  const due = { incident: one(), step: ESCALATION.steps[0]!, index: 0, follows: true }
  const told = toldTo(due, 3, 5)
  const taken = acted(told, { do: 'acknowledge' }, 'o-1', 6) as Incident
  const slept = acted(taken, { do: 'snooze', until: 99 }, 'o-1', 7) as Incident
  const given = acted(slept, { do: 'assign', to: 'o-2' }, 'o-1', 8) as Incident
  expect(given.history).toEqual([
    { at: 5, do: 'told', step: 0, told: 3 },
    { at: 6, do: 'acknowledge', by: 'o-1' },
    { at: 7, do: 'snooze', by: 'o-1', until: 99 },
    { at: 8, do: 'assign', by: 'o-1', to: 'o-2' },
  ])
})
