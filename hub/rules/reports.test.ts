import { describe, expect, it } from 'vitest'
import type { Recorded, VigieEvent } from '../events.ts'
import {
  type Cell,
  devices,
  doors,
  FEW,
  lights,
  openings,
  type ReportContext,
  refusals,
  response,
  roles,
  type Table,
  type Tally,
} from './reports.ts'

const HOUR = 3_600_000
const FROM = Date.UTC(2026, 5, 1)
const UNTIL = FROM + 10 * HOUR
const CONTEXT: ReportContext = {
  ...{ from: FROM, until: UNTIL, watts: 50 },
  hourOf: at => Math.floor(at / HOUR) % 24,
  rolesOf: person => (person.startsWith('p-n') ? ['nurse'] : ['nurse', 'manager']),
  zoneOf: device => (device === 'lamp-3' ? 'hall' : 'ward'),
}
let seq = 0
const row = (event: object, hours = 0): Recorded => ({
  seq: ++seq,
  at: FROM + hours * HOUR,
  event: event as VigieEvent,
})
const tableOf = (tally: Tally, rows: readonly Recorded[]): Table => {
  for (const one of rows) tally.take(one)
  return tally.table()
}
const granted = (person: string, more: object = {}) => ({
  kind: 'access.granted',
  person,
  credential: `b-${person}`,
  accessPoint: 'cab',
  zone: 'ward',
  class: 'medicines',
  ...more,
})
/** One line, by column. */
const line = ({ columns, rows }: Table, index = 0): Record<string, Cell> =>
  Object.fromEntries(columns.map((column, i) => [column, rows[index]?.[i] ?? null]))

describe('numbers that stand for people', () => {
  it('are told from five of them on, and never below, however often they came', () => {
    for (const people of [1, 2, 3, 4, 5, 6]) {
      const rows = Array.from({ length: 30 }, (_, i) => row(granted(`p-n${i % people}`), 3))
      expect(line(tableOf(openings(CONTEXT), rows)).h03).toBe(people < 5 ? FEW : 30)
      expect(line(tableOf(roles(CONTEXT), rows)).count).toBe(people < 5 ? FEW : 30)
    }
  })

  it('an hour in which nobody came is none', () => {
    const table = tableOf(openings(CONTEXT), [row(granted('p-n1'), 3)])
    expect(line(table)).toMatchObject({ accessPoint: 'cab', zone: 'ward', class: 'medicines', h03: FEW, h04: 0 })
  })

  it('whoever has two roles counts in both', () => {
    const rows = Array.from({ length: 6 }, (_, i) => row(granted(`p-m${i}`)))
    expect(tableOf(roles(CONTEXT), rows).rows).toEqual([
      ['ward', 'manager', 6],
      ['ward', 'nurse', 6],
    ])
  })

  it('refusals: by reason and zone; a badge that nobody knows is somebody', () => {
    const denied = (reason: string, who: object) => row({ kind: 'access.denied', reason, zone: 'ward', ...who })
    const rows = [
      ...Array.from({ length: 5 }, (_, i) => denied('badge-unknown', { credential: `b-${i}` })),
      ...Array.from({ length: 9 }, () => denied('no-right', { person: 'p-1', credential: 'b-1' })),
    ]
    expect(tableOf(refusals(), rows).rows).toEqual([
      ['badge-unknown', 'ward', 5],
      ['no-right', 'ward', FEW],
    ])
  })

  it('nobody is in any table', () => {
    const rows = Array.from({ length: 50 }, (_, i) => row(granted(`p-n${i % 7}`), i % 10))
    for (const tally of [openings(CONTEXT), refusals(), roles(CONTEXT), doors(), devices(CONTEXT), lights(CONTEXT)])
      expect(JSON.stringify(tableOf(tally, rows))).not.toMatch(/[pb]-[nm]?\d|b-p/)
  })
})

describe('doors', () => {
  it('opened, forced, held, and how long they stood open', () => {
    const at = { accessPoint: 'door', zone: 'hall' }
    const rows = [
      ...[
        row({ kind: 'point.opened', ...at }),
        row({ kind: 'point.opened', ...at }),
        row({ kind: 'point.forced', ...at }),
      ],
      ...[2_000, 4_000, 90_000].map(openMs => row({ kind: 'point.closed', openMs, ...at })),
      ...[
        row({ kind: 'incident.raised', alert: 'door-held', ...at }),
        row({ kind: 'incident.raised', alert: 'tamper', ...at }),
      ],
      row({ kind: 'point.opened' }),
    ]
    expect(tableOf(doors(), rows)).toEqual({
      columns: ['accessPoint', 'zone', 'opened', 'forced', 'held', 'openMedianMs', 'openLongestMs'],
      rows: [['door', 'hall', 2, 1, 1, 4_000, 90_000]],
    })
  })
})

describe('devices', () => {
  const says = (device: string, kind: string, hours: number) => row({ kind: `device.${kind}`, device }, hours)
  it('share of the time that they were connected; before their first word they were what they no longer are', () => {
    const table = tableOf(devices(CONTEXT), [says('a', 'offline', 5), says('a', 'online', 6), says('b', 'online', 4)])
    expect(table.rows).toEqual([
      ['a', 'ward', 0.9, 1, HOUR],
      ['b', 'ward', 0.6, 0, 4 * HOUR],
    ])
  })
  it('while the hub was away nobody knows', () => {
    const table = tableOf(devices(CONTEXT), [
      ...[
        says('a', 'online', 0),
        row({ kind: 'hub.stopped' }, 2),
        row({ kind: 'hub.started' }, 6),
        says('a', 'online', 7),
      ],
    ])
    // Two hours and three connected, one not, four unknown.
    expect(table.rows).toEqual([['a', 'ward', 5 / 6, 0, HOUR]])
  })
})

describe('lights', () => {
  it('hours on and off by zone, and what being off spared', () => {
    const lamp = (device: string, on: boolean, hours: number) =>
      row({ kind: 'state.changed', device, point: 'lamp', state: { on } }, hours)
    const table = tableOf(lights(CONTEXT), [
      ...[lamp('lamp-1', true, 0), lamp('lamp-1', false, 4), lamp('lamp-2', false, 0), lamp('lamp-3', true, 0)],
      row({ kind: 'state.changed', device: 'door', point: 'door', state: { contact: 'open' } }),
    ])
    expect(table.rows).toEqual([
      ['hall', 1, 10, 0, 0],
      ['ward', 2, 4, 16, 0.8],
    ])
  })
})

describe('response to alerts', () => {
  it('from the alert to somebody who takes it, and to its end', () => {
    const one = (takenMs?: number, resolvedMs?: number) => ({
      ...{ severity: 'critical', zone: 'ward', at: FROM },
      ...(takenMs !== undefined && { acknowledgedAt: FROM + takenMs }),
      ...(resolvedMs !== undefined && { resolvedAt: FROM + resolvedMs }),
    })
    expect(response([one(1_000, 5_000), one(3_000), one(2_000, 9_000), one()]).rows).toEqual([
      ['critical', 'ward', 4, 2_000, 3_000, 5_000, 1],
    ])
    expect(response([]).rows).toEqual([])
  })
})
