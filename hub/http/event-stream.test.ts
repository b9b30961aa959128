import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EventKind } from '../events.ts'
import { EventReader } from '../test/event-reader.ts'
import { until } from '../test/harness.ts'
import { TestHub } from '../test/http-hub.ts'
import { EventStreams, type StreamLimits, type TailRow } from './event-stream.ts'
import { streamRoutes } from './routes/stream.ts'

let hub: TestHub
let streams: EventStreams
let head: number
let noted: number[]
let broken: boolean
const seen: number[] = []

const row = (seq: number, kind: EventKind = 'point.opened', zone = 'ward'): TailRow => ({
  event: { kind, zone } as never,
  line: { seq, at: 0, kind, zone, device: 'x'.repeat(300) },
})
let rowAt = row

async function begin(limits: Partial<StreamLimits> = {}): Promise<string> {
  streams = new EventStreams({
    tail: {
      head: () => head,
      read: (after, upTo) => {
        seen.push(upTo)
        return Array.from({ length: upTo - after }, (_, i) => rowAt(after + 1 + i))
      },
      turn: () => new Promise(resolve => setImmediate(resolve)),
    },
    reads: {
      note: async (_, rows) => {
        if (broken) throw new Error('disk full')
        noted.push(rows)
      },
    },
    log: { warn: () => undefined },
    limits: { lookMs: 10, ...limits },
  })
  const nothing = { watch: () => () => undefined }
  hub = new TestHub({
    plugins: [
      async app => {
        await app.register(streamRoutes({ streams, sessions: hub.sessions, bearers: nothing, zones: () => [] }))
      },
    ],
  })
  await hub.start()
  await hub.setUp()
  return hub.signInAs('security', ['ward'])
}
const open = (cookie: string, after?: number): Promise<EventReader> =>
  EventReader.open(`http://127.0.0.1:${hub.httpPort}/api/v1/events/stream`, { cookie }, after?.toString())

beforeEach(() => {
  head = 0
  noted = []
  broken = false
  rowAt = row
  seen.length = 0
})
afterEach(() => hub.stop())

it('queues nothing for a reader that stops reading, and cuts it', async () => {
  head = 1_000_000
  const cookie = await begin({ stallMs: 300 })
  const response = await new Promise<IncomingMessage>(resolve =>
    get(
      `http://127.0.0.1:${hub.httpPort}/api/v1/events/stream?after=0`,
      { headers: { cookie }, agent: false },
      resolve,
    ),
  )
  response.on('error', () => undefined)
  await until('it is cut', () => streams.open === 0, 30_000)
  // What both ends of the socket hold, and not the 350 MB that wait for it.
  expect(seen.length * 200).toBeLessThan(100_000)
  response.destroy()
}, 60_000)

it('goes on where a slow reader goes on, and misses nothing', async () => {
  head = 100_000
  const cookie = await begin({ stallMs: 30_000 })
  const reader = await open(cookie, 0)
  reader.freeze()
  await until('the hub waits for it', () => seen.length > 0 && streams.open === 1)
  reader.thaw()
  await until('all of it', () => reader.lines.length === 100_000, 30_000)
  expect(reader.lines.every((line, i) => line.seq === i + 1)).toBe(true)
  await reader.close()
}, 60_000)

it('gives what lies in the reader’s zones, and none of the guarded kinds', async () => {
  head = 300
  rowAt = seq => row(seq, seq % 3 === 0 ? 'duress.raised' : 'point.opened', seq % 2 === 0 ? 'ward' : 'hall')
  await begin()
  const reader = await open(await hub.signInAs('ward-manager', ['ward']), 0)
  await until('its rows', () => reader.lines.length === 100)
  expect(reader.lines.every(line => line.seq % 2 === 0 && line.seq % 3 !== 0)).toBe(true)
  expect(noted.reduce((a, b) => a + b, 0)).toBe(100)
  await reader.close()
})

it('beats, and moves the reader’s place over what was not for it', async () => {
  head = 500
  rowAt = seq => row(seq, 'point.opened', 'hall')
  const cookie = await begin({ heartbeatMs: 50 })
  const reader = await open(cookie, 0)
  await until('its place is the journal’s end', () => reader.beats > 0 && reader.lastId === '500')
  expect(reader.lines).toEqual([])
  head = 510
  rowAt = row
  await until('what comes then', () => reader.lines.length === 10)
  await reader.close()
  expect(streams.open).toBe(0)
})

it('does not count that it reads as something read', async () => {
  head = 1
  rowAt = seq => row(seq, 'journal.read')
  const cookie = await begin()
  const reader = await open(cookie, 0)
  await until('the row', () => reader.lines.length === 1)
  expect(noted).toEqual([0])
  await reader.close()
})

it('is refused, and cut, where the reading cannot be recorded', async () => {
  const cookie = await begin()
  const reader = await open(cookie)
  broken = true
  head = 1
  await until('it is cut', () => reader.closed)
  expect(reader.lines).toEqual([])
  await expect(open(cookie)).rejects.toThrow('the stream answered 500')
})

it('ends with the session, within a second', async () => {
  const cookie = await begin()
  const reader = await open(cookie)
  const [account] = [...hub.accounts.rows.values()].filter(a => a.role === 'security')
  await hub.store.endAllOf(account?.id ?? '')
  await until('it is told', () => reader.closed, 2_000)
  expect(reader.ended).toBe('account')
})
