import { describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'
import { acted, type Escalation, type Incident, type IncidentAct } from '../rules/incidents.ts'
import type { Conclusion } from '../rules/scenario-engine.ts'
import type { Act } from '../rules/scenarios.ts'
import { type Message, NEW } from '../rules/telling.ts'
import { IncidentsRaised, type IncidentWrite } from './incident-raised.ts'

const MINUTE = 60_000
const ESCALATION: Escalation = {
  from: 'warning',
  steps: [{ afterMs: 0, to: { role: 'security' } }],
  rounds: 1,
  againMs: 0,
}
const ALERT: Act = { do: 'alert', kind: 'intrusion', severity: 'critical' }
const LIGHT: Act = { do: 'light', on: true, brightness: 60, back: true }

const message = (incident: string, step: number, at: number, operator: string): Message => ({
  ...{ id: `${incident}.${step}.${operator}`, about: 'incident', incident, step, operator, ways: ['mail'], at },
  ...{ dueAt: at, ...NEW },
})
class Bench {
  readonly written: IncidentWrite[] = []
  readonly commands: string[] = []
  readonly failures: unknown[] = []
  isDiskDown = false
  #ids = 0
  readonly flow: IncidentsRaised

  constructor(open: readonly Incident[] = []) {
    this.flow = new IncidentsRaised(
      {
        above: zone => [zone],
        escalation: () => ESCALATION,
        lamps: zone => (zone === 'ward' ? [{ device: 'lamp-1', point: 'lamp' }] : []),
        sirens: zone => (zone === 'ward' ? [{ device: 'siren-1', point: 'siren' }] : []),
        trusted: device => !device.startsWith('bought'),
        lock: zone => this.commands.push(`lock ${zone}`),
        lockdown: (plan, scenario) => this.commands.push(`lockdown ${plan} by ${scenario}`),
        arm: (zone, isArmed, scenario, at) =>
          this.commands.push(`${isArmed ? 'arm' : 'disarm'} ${zone} by ${scenario} at ${at}`),
        command: (device, { on, brightness, soundMs }) =>
          this.commands.push(`${device} ${soundMs ?? `${on} ${brightness ?? ''}`}`.trim()),
        put: write => {
          if (this.isDiskDown) throw new VigieError('journal-unavailable', { cause: 'test' })
          this.written.push(write)
        },
        messages: (i, _, step, at) => [message(i.id, step, at, 'o-1'), message(i.id, step, at, 'o-2')],
        changed: () => undefined,
        newId: () => `in-${++this.#ids}`,
        onFailure: error => this.failures.push(error),
      },
      open,
    )
  }
  begun(at: number, device = 'pir-1', acts: readonly Act[] = [ALERT], what: Conclusion['what'] = 'begun'): Conclusion {
    const scenario = { id: 'intrusion', name: '', when: { begins: { kinds: [] } }, acts }
    return { what, scenario, subject: { zone: 'ward', device }, at, seq: at }
  }
  /** As o-1 at 9. @returns where it is recorded */
  async act(id: string, expected: number, act: IncidentAct): Promise<string> {
    const event = { kind: 'incident.acknowledged', incident: id, by: 'o-1' } as const
    const change = (before: Incident) => ({ incident: acted(before, act, 'o-1', 9) as Incident, event, at: 9 })
    return (await this.flow.act(id, expected, change)).recorded
  }
  get rows(): string[] {
    return this.written.flatMap(w => w.events.map((e: VigieEvent) => e.kind))
  }
}

it('five sensors are one incident, written in the order they saw it, each with the row it came from', async () => {
  const b = new Bench()
  for (const [i, device] of ['a', 'b', 'c', 'd', 'e'].entries()) b.flow.conclude(b.begun(i + 1, device))
  await b.flow.settle()
  expect(b.rows).toEqual(['incident.raised', ...Array(4).fill('incident.joined')])
  expect(b.written.map(w => [w.expected, w.incident.revision, w.seen])).toEqual([
    [0, 1, 1],
    [1, 2, 2],
    [2, 3, 3],
    [3, 4, 4],
    [4, 5, 5],
  ])
  expect(b.flow.open[0]?.signals).toHaveLength(5)
})

it('what is over is a row of its own, and the incident stays for somebody to resolve', async () => {
  const b = new Bench()
  b.flow.conclude(b.begun(1))
  b.flow.conclude(b.begun(2, 'pir-1', [ALERT], 'ended'))
  b.flow.conclude(b.begun(3, 'pir-1', [ALERT], 'ended'))
  await b.flow.settle()
  expect(b.rows).toEqual(['incident.raised', 'incident.restored'])
  expect(b.flow.open).toHaveLength(1)
  expect(await b.act('in-1', 2, { do: 'resolve', finding: 'real' })).toBe('journal')
  expect(b.flow.open).toEqual([])
  await expect(b.act('in-1', 3, { do: 'acknowledge' })).rejects.toMatchObject({ code: 'incident-over' })
})

describe('lights', () => {
  it('go on at once and off when it is over, where the zone has some', () => {
    const b = new Bench()
    b.flow.conclude(b.begun(1, 'pir-1', [LIGHT]))
    b.flow.conclude(b.begun(2, 'pir-1', [LIGHT], 'ended'))
    expect(b.commands).toEqual(['lamp-1 true 60', 'lamp-1 false'])
  })
  it('stay as they are where the scenario does not want them back, and for rows read at a start', () => {
    const b = new Bench()
    b.flow.conclude(b.begun(2, 'pir-1', [{ do: 'light', on: true }], 'ended'))
    b.flow.conclude(b.begun(1, 'pir-1', [LIGHT]), false)
    expect(b.commands).toEqual([])
  })
})

describe('what a scenario closes and sounds', () => {
  const acts: readonly Act[] = [{ do: 'siren', seconds: 90 }, { do: 'lock' }, { do: 'lockdown', plan: 'night' }]
  it('begins at once; the siren is silent when it ends, and nothing opens then', () => {
    const b = new Bench()
    b.flow.conclude(b.begun(1, 'pir-1', acts))
    expect(b.commands).toEqual(['siren-1 90000', 'lock ward', 'lockdown night by intrusion'])
    b.flow.conclude(b.begun(2, 'pir-1', acts, 'ended'))
    expect(b.commands.slice(3)).toEqual(['siren-1 0'])
  })
  it('is only sounded where a bought device said so', () => {
    const b = new Bench()
    b.flow.conclude(b.begun(1, 'bought-1', acts))
    expect(b.commands).toEqual(['siren-1 90000'])
  })
  it('is left alone where the row is an old one', () => {
    const b = new Bench()
    b.flow.conclude(b.begun(1, 'pir-1', acts), false)
    expect(b.commands).toEqual([])
  })
})

describe('the escalation', () => {
  it('tells each step once, in a commit with its row', async () => {
    const b = new Bench()
    b.flow.conclude(b.begun(1))
    expect(b.flow.nextAt()).toBe(1)
    b.flow.escalate(1)
    b.flow.escalate(5 * MINUTE)
    await b.flow.settle()
    expect(b.rows).toEqual(['incident.raised', 'incident.escalated'])
    expect(b.written[1]?.events[0]).toMatchObject({ step: 0, told: 2, zone: 'ward' })
    expect(b.written[1]?.messages?.map(m => m.operator)).toEqual(['o-1', 'o-2'])
    expect(b.written[1]?.incident.history).toEqual([{ at: 1, do: 'told', step: 0, told: 2 }])
    expect(b.flow.nextAt()).toBe(Number.POSITIVE_INFINITY)
  })
  it('goes on after a restart where it stood', async () => {
    const before = new Bench()
    before.flow.conclude(before.begun(1))
    before.flow.escalate(1)
    await before.flow.settle()
    const after = new Bench(before.flow.open)
    after.flow.escalate(9 * MINUTE)
    await after.flow.settle()
    expect(after.rows).toEqual([])
  })
})

it('while the disk fails nothing is lost, nothing overtakes, and it shows all the same', async () => {
  const b = new Bench()
  b.isDiskDown = true
  b.flow.conclude(b.begun(1))
  b.flow.conclude(b.begun(2, 'pir-2'))
  await b.flow.settle()
  expect([b.rows, b.flow.waiting, b.flow.open.length, b.failures.length > 0]).toEqual([[], 2, 1, true])
  b.isDiskDown = false
  await b.flow.settle()
  expect([b.rows, b.flow.waiting]).toEqual([['incident.raised', 'incident.joined'], 0])
})

describe('a scenario that arms', () => {
  it('does so when it begins, also from an old row, and not when it ends', () => {
    const b = new Bench()
    const acts = [{ do: 'arm', armed: true }] as const
    b.flow.conclude(b.begun(5, 'door-1', acts), false)
    b.flow.conclude(b.begun(9, 'door-1', acts, 'ended'))
    b.flow.conclude({ ...b.begun(9, 'door-1', acts), subject: {} })
    expect(b.commands).toEqual(['arm ward by intrusion at 5'])
  })
})

describe('somebody who acts while sensors see more', () => {
  it('has their turn, and whoever looked at an older state is told', async () => {
    const b = new Bench()
    b.flow.conclude(b.begun(1))
    const first = b.act('in-1', 1, { do: 'acknowledge' })
    b.flow.conclude(b.begun(2, 'pir-2'))
    await expect(b.act('in-1', 1, { do: 'acknowledge' })).rejects.toMatchObject({ code: 'edit-conflict' })
    expect(await first).toBe('journal')
    await b.flow.settle()
    expect(b.written.map(w => [w.expected, w.incident.revision])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ])
    expect(b.flow.open[0]).toMatchObject({ state: 'acknowledged', revision: 3 })
  })
  it('counts while the disk fails, and is written when it is back', async () => {
    const b = new Bench()
    b.flow.conclude(b.begun(1))
    await b.flow.settle()
    b.isDiskDown = true
    expect(await b.act('in-1', 1, { do: 'acknowledge' })).toBe('pending')
    b.flow.escalate(1)
    b.isDiskDown = false
    await b.flow.settle()
    expect(b.rows).toEqual(['incident.raised', 'incident.acknowledged'])
  })
})
