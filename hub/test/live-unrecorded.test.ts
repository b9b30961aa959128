/** What the live page hears while the journal can't be written. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LiveEvent } from '../api.ts'
import type { AuditUnavailable } from '../events.ts'
import { type Hello, heard, startHub, type TestHub } from './http-hub.ts'
import { until } from './stage.ts'

let hub: TestHub
let cookie: string
beforeEach(async () => {
  hub = await startHub({ dashboard: 'missing', events: () => Promise.reject(new Error('no disk')) })
  cookie = await hub.setUp()
  hub.live.prime({ site: hub.live.model.site(), devices: [], points: [], cursor: 100 })
})
afterEach(() => hub.stop())

const alarm = (request: string): AuditUnavailable => ({
  kind: 'audit.unavailable',
  device: 'reader-1',
  point: 'door',
  request,
  outcome: 'refused',
})
const tell = (request: string): void =>
  hub.live.observe({ seq: 0, at: hub.now, event: alarm(request), unrecorded: true })
const record = (request: string, seq: number): void => hub.live.observe({ seq, at: hub.now, event: alarm(request) })

async function page(cursor?: number): Promise<{ hello: Hello; lines: LiveEvent[]; cursors: number[] }> {
  const client = hub.connect(cookie, cursor === undefined ? {} : { cursor })
  const lines: LiveEvent[] = []
  const cursors: number[] = []
  client.on('frame', frame => {
    lines.push(...frame.events)
    cursors.push(frame.cursor)
  })
  return { hello: await heard(client, 'hello'), lines, cursors }
}
const numbers = (lines: readonly LiveEvent[]): object[] =>
  lines.map(({ seq, unrecorded, replaces }) => ({
    seq,
    ...(unrecorded && { unrecorded }),
    ...(replaces !== undefined && { replaces }),
  }))

it('an alarm comes at once under a number below zero, moves no cursor, and its row takes its place', async () => {
  const { lines, cursors } = await page(100)
  tell('a')
  tell('a') // offered again to the spool
  await until(() => lines.length === 1)
  expect(numbers(lines)).toEqual([{ seq: -1, unrecorded: true }])
  expect(cursors).toEqual([100])
  record('a', 101)
  await until(() => lines.length === 2)
  expect(numbers(lines)).toEqual([
    { seq: -1, unrecorded: true },
    { seq: 101, replaces: -1 },
  ])
  expect(cursors.at(-1)).toBe(101)
})

it('a page that comes, or comes back, is told all that is not recorded, once', async () => {
  tell('a')
  tell('b')
  record('a', 101)
  const first = await page()
  expect(numbers(first.hello.missed)).toEqual([
    { seq: 101, replaces: -1 },
    { seq: -2, unrecorded: true },
  ])
  const again = await page(101)
  expect(numbers(again.hello.missed)).toEqual([{ seq: -2, unrecorded: true }])
})

it('an order is drawn once: its row, later, does not order the door again', () => {
  const granted = {
    kind: 'access.granted',
    ...{ device: 'door-1', message: 'm1', deviceSeq: 1, deviceAt: 0, rights: 1, point: 'door', person: 'p-1' },
    ...{ credential: 'b-1', command: 'c1', unlockMs: 5_000 },
    via: { kind: 'rule', role: 'nurse', right: 0 },
  } as const
  const { model } = hub.live
  const ordered = () => model.pointsOf('door-1').map(p => p.ordered)
  hub.live.observe({ seq: 0, at: hub.now, event: granted, unrecorded: true })
  expect(ordered()).toEqual([true])
  const { device, message, deviceSeq, deviceAt, point, command } = granted
  const answer = { kind: 'lock.unlocked', device, message, deviceSeq, deviceAt, point, command } as const
  hub.live.observe({ seq: 101, at: hub.now, event: answer })
  hub.live.observe({ seq: 102, at: hub.now, event: granted })
  expect(ordered()).toEqual([false])
})
