import { describe, expect, it } from 'vitest'
import { Destination } from './destination.ts'
import { RowsForwarded } from './rows-forwarded.ts'

/** A log server at the end of a line that can break, with a clock held by hand. */
class Line {
  newest = 0
  now = 0
  kept: number | undefined
  room = Number.POSITIVE_INFINITY
  skipped = new Set<number>()
  readonly sent: [seq: number, after: number][] = []
  readonly told: string[] = []
  #flushes: (() => void)[] = []
  readonly flow: RowsForwarded<{ seq: number }>

  constructor(left?: number, newest = 0, fromFirst = false) {
    this.kept = left
    this.newest = newest
    const note = (event: { kind: string; behind?: number }): Promise<void> => {
      this.told.push(`${event.kind} ${event.behind ?? ''}`.trim())
      return Promise.resolve()
    }
    this.flow = new RowsForwarded({
      read: seq => {
        const upTo = Math.min(this.newest, seq + 50)
        const rows = Array.from({ length: upTo - seq }, (_, i) => ({ seq: seq + i + 1 }))
        return { rows: rows.filter(r => !this.skipped.has(r.seq)), upTo }
      },
      newest: () => this.newest,
      send: (row, after, flushed) => {
        if (this.room === 0) return false
        this.room -= 1
        this.sent.push([row.seq, after])
        this.#flushes.push(flushed)
        return true
      },
      left: () => this.kept,
      keep: async seq => {
        this.kept = seq
      },
      pause: () => Promise.resolve(),
      destination: new Destination({
        ...{ name: 'siem', purpose: 'forwarding', failing: false, tell: note, mark: () => Promise.resolve() },
        log: { info: () => undefined, warn: () => undefined },
      }),
      now: () => this.now,
      onFailure: error => this.told.push(String(error)),
      fromFirst,
    })
    this.flow.begin()
  }

  /** Lets what is under way come to an end. */
  async settle(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
  }
  flush(): void {
    for (const flushed of this.#flushes.splice(0)) flushed()
  }
  async tick(ms: number): Promise<void> {
    this.now += ms
    this.flow.tick()
    await this.settle()
  }
  get seqs(): number[] {
    return this.sent.map(([seq]) => seq)
  }
}
const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i)

describe('rows on their way to a log server', () => {
  it('begin with the next row at a new server, kept at once; with the first where it is told so; else where it was left', async () => {
    expect(new Line(undefined, 7).kept).toBe(7)
    expect(new Line(undefined, 7, true).kept).toBe(0)
    const line = new Line(3, 7)
    line.flow.connected()
    await line.settle()
    expect(line.sent).toEqual([
      [4, 3],
      [5, 4],
      [6, 5],
      [7, 6],
    ])
    expect(new Line(900, 7).kept).toBe(7)
  })

  it('count as received 5 s after the system took them, and not before', async () => {
    const line = new Line(0, 3)
    line.flow.connected()
    await line.settle()
    await line.tick(60_000)
    expect(line.kept).toBe(0)
    line.flush()
    await line.tick(4_999)
    expect(line.kept).toBe(0)
    await line.tick(1)
    expect(line.kept).toBe(3)
  })

  it('that had not settled when the connection broke are sent again, and a hundred before them', async () => {
    const line = new Line(0, 500)
    line.flow.connected()
    await line.settle()
    line.flush()
    await line.tick(6_000)
    line.newest = 510
    await line.tick(0)
    expect([line.kept, line.seqs.length]).toEqual([500, 510])
    line.sent.length = 0
    line.flow.lost('reset')
    line.flow.connected()
    await line.settle()
    expect(line.seqs).toEqual(from(402, 510))
    expect(line.sent[0]).toEqual([402, 401])
  })

  it('name the row sent before them, across rows that are not sent', async () => {
    const line = new Line(0, 6)
    line.skipped = new Set([2, 3, 6])
    line.flow.connected()
    await line.settle()
    line.newest = 7
    await line.tick(0)
    expect(line.sent).toEqual([
      [1, 0],
      [4, 1],
      [5, 4],
      [7, 5],
    ])
  })

  it('wait while there is no room, and go on in order', async () => {
    const line = new Line(0, 120)
    line.room = 70
    line.flow.connected()
    await line.settle()
    expect(line.seqs).toEqual(from(1, 70))
    line.room = 100
    line.flow.wake()
    await line.settle()
    expect(line.seqs).toEqual(from(1, 120))
  })

  it('are told of once when the server is out of reach for over 10 s, with how many wait, and once when it has them', async () => {
    const line = new Line(0, 40)
    await line.tick(10_000)
    expect(line.told).toEqual([])
    await line.tick(1)
    await line.tick(60_000)
    expect(line.told).toEqual(['destination.failed 40'])
    line.flow.connected()
    line.flow.lost('refused at once')
    line.flow.connected()
    await line.settle()
    line.flush()
    await line.tick(5_000)
    expect(line.told).toHaveLength(1)
    await line.tick(1)
    await line.tick(1)
    expect(line.told).toEqual(['destination.failed 40', 'destination.recovered'])
  })

  it('that nobody takes for a minute, over a connection that stands, are a failure too', async () => {
    const line = new Line(0, 40)
    line.room = 0
    line.flow.connected()
    await line.tick(60_000)
    expect(line.told).toEqual([])
    await line.tick(1)
    expect(line.told).toEqual(['destination.failed 40'])
  })
})
