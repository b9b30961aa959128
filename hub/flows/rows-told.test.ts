/** How rows go to a receiver that fails in every way, on a clock held by hand. */
import { beforeEach, describe, expect, it } from 'vitest'
import { VigieError } from '../errors.ts'
import { type GivenUp, RowsTold, type Sent, type TellingLine, type TellingProgress } from './rows-told.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const START: TellingProgress = {
  ...{ seq: 0, deliveredAt: null, failingSince: null },
  ...{ rowSince: null, attempts: 0, nextAt: null },
}
const TAKEN: Sent = { delivered: true, status: 204, ms: 3 }
const FAILS: Sent = { delivered: false, status: 500, cause: 'status', ms: 3 }

/** The receiver, the journal and the disk of one webhook. Odd rows are for it. */
class Stage {
  now = 0
  newest = 0
  answer: (seq: number) => Sent | undefined = () => TAKEN
  disk = true
  readonly sent: { readonly seq: number; readonly at: number; readonly attempt: number }[] = []
  readonly aside: GivenUp[] = []
  readonly paused: string[] = []
  readonly failures: unknown[] = []
  kept: TellingProgress = START
  keeps = 0
  lines: TellingLine[] = []
  flow = this.begin()

  begin(): RowsTold {
    const needDisk = (): void => {
      if (!this.disk) throw new VigieError('journal-unavailable', { cause: 'test' })
    }
    const keep = (progress: TellingProgress, lines: readonly TellingLine[]): void => {
      needDisk()
      this.keeps += 1
      this.kept = progress
      this.lines.push(...lines)
    }
    this.flow = new RowsTold(
      {
        newest: () => this.newest,
        read: async after => {
          const upTo = Math.min(after + 10, this.newest)
          const seqs = Array.from({ length: upTo - after }, (_, i) => after + 1 + i).filter(seq => seq % 2 === 1)
          return { rows: seqs.map(seq => ({ seq, kind: 'access.denied', body: String(seq) })), upTo }
        },
        admit: async () => needDisk(),
        send: async ({ seq }, attempt) => {
          this.sent.push({ seq, at: this.now, attempt })
          return this.answer(seq)
        },
        keep: async (progress, lines) => keep(progress, lines),
        setAside: async (given, progress, lines) => {
          keep(progress, lines)
          this.aside.push(given)
        },
        pause: async because => void this.paused.push(because),
        dead: () => this.aside.length,
        now: () => this.now,
        random: () => 0,
        onFailure: error => this.failures.push(error),
        giveUpMs: 24 * HOUR,
      },
      this.kept,
    )
    return this.flow
  }

  async turn(): Promise<void> {
    this.flow.tick()
    await this.flow.idle
  }
  /** In steps of so long. */
  async pass(ms: number, step = SECOND): Promise<void> {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += step
      await this.turn()
    }
  }
  get seqs(): number[] {
    return this.sent.map(one => one.seq)
  }
}
let stage: Stage
beforeEach(() => {
  stage = new Stage()
})

describe('a receiver that takes what it is told', () => {
  it('gets each row once, in order, and nothing that is not for it', async () => {
    stage.newest = 101
    await stage.turn()
    expect(stage.seqs).toEqual(Array.from({ length: 51 }, (_, i) => 2 * i + 1))
    expect(stage.flow.progress.seq).toBe(101)
  })

  it('has its place written down in batches of 50, and after a second', async () => {
    stage.newest = 400
    await stage.turn()
    expect(stage.keeps).toBe(4)
    stage.newest = 402
    await stage.turn()
    expect([stage.keeps, stage.kept.seq]).toEqual([4, 399])
    await stage.pass(SECOND)
    expect([stage.keeps, stage.kept.seq]).toEqual([5, 402])
  })

  it('gets no row twice and none less after a stop, and only what was not written down after a crash', async () => {
    stage.newest = 20
    await stage.turn()
    await stage.flow.stop()
    expect(stage.kept.seq).toBe(20)
    stage.newest = 30
    stage.begin()
    await stage.turn()
    stage.begin() // as after kill -9: what was not written down is sent again
    await stage.turn()
    expect(stage.seqs).toEqual([
      ...[1, 3, 5, 7, 9, 11, 13, 15, 17, 19],
      ...[21, 23, 25, 27, 29],
      ...[21, 23, 25, 27, 29],
    ])
  })
})

describe('a receiver that fails', () => {
  it('is asked again after 5 s, 10 s, 20 s and so on up to an hour, and holds back what comes after', async () => {
    stage.newest = 9
    stage.answer = () => FAILS
    await stage.turn()
    await stage.pass(5 * HOUR, 5 * SECOND)
    expect(new Set(stage.seqs)).toEqual(new Set([1]))
    const gaps = stage.sent.slice(1).map((one, i) => (one.at - (stage.sent[i]?.at ?? 0)) / SECOND)
    expect(gaps.slice(0, 11)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600])
    stage.answer = () => TAKEN
    await stage.pass(HOUR, 5 * SECOND)
    expect(stage.seqs.slice(-5)).toEqual([1, 3, 5, 7, 9])
    expect(stage.flow.progress).toMatchObject({ attempts: 0, failingSince: null, nextAt: null })
  })

  it('is not asked sooner than it says, nor later than in an hour', async () => {
    stage.newest = 1
    stage.answer = () => ({ ...FAILS, waitMs: 60 * SECOND })
    await stage.turn()
    expect(stage.flow.progress.nextAt).toBe(60 * SECOND)
    stage.answer = () => ({ ...FAILS, waitMs: 100 * HOUR })
    await stage.pass(60 * SECOND)
    expect(stage.flow.progress.nextAt).toBe(60 * SECOND + HOUR)
  })

  it('has a row set aside after a day, and the next one gets its own day', async () => {
    stage.newest = 5
    stage.answer = seq => (seq === 1 ? FAILS : TAKEN)
    await stage.turn()
    await stage.pass(25 * HOUR, 60 * SECOND)
    expect(stage.aside).toMatchObject([{ row: 1, status: 500, code: 'status', cause: 'HTTP 500' }])
    expect(stage.lines.filter(l => l.outcome === 'dead').map(l => l.seq)).toEqual([1])
    expect(stage.seqs.slice(-2)).toEqual([3, 5])
    expect(stage.paused).toEqual([])
  })

  it('is paused after three days in which it took nothing, with what it owes kept', async () => {
    stage.newest = 99
    stage.answer = () => FAILS
    await stage.turn()
    await stage.pass(80 * HOUR, 5 * 60 * SECOND)
    expect(stage.paused).toEqual(['failing'])
    expect((stage.sent.at(-1)?.at ?? 0) / HOUR).toBeGreaterThanOrEqual(72)
    expect((stage.sent.at(-1)?.at ?? 0) / HOUR).toBeLessThan(74)
    expect(stage.aside.map(one => one.row)).toEqual([1, 3, 5])
    expect(stage.kept.seq).toBeLessThan(7)
  })

  it('is paused at once where it says that it is gone, and keeps the row', async () => {
    stage.newest = 3
    stage.answer = () => ({ delivered: false, status: 410, cause: 'gone', ms: 1 })
    await stage.turn()
    await stage.pass(60 * SECOND)
    expect([stage.paused, stage.seqs, stage.kept.seq]).toEqual([['gone'], [1], 0])
  })

  it('goes on where it was after a restart, with the attempts that were made', async () => {
    stage.newest = 1
    stage.answer = () => FAILS
    await stage.turn()
    await stage.pass(20 * SECOND)
    await stage.flow.stop()
    stage.begin()
    await stage.turn()
    expect(stage.sent.map(one => one.attempt)).toEqual([1, 2, 3])
    await stage.pass(30 * SECOND)
    expect(stage.sent.at(-1)?.attempt).toBe(4)
  })
})

describe('a disk that fails', () => {
  it('holds nothing against the receiver: the row is not sent, then sent when it can be recorded', async () => {
    stage.newest = 1
    stage.disk = false
    await stage.turn()
    expect([stage.seqs, stage.failures.length]).toEqual([[], 1])
    stage.disk = true
    await stage.pass(6 * SECOND)
    expect(stage.seqs).toEqual([1])
    expect(stage.flow.progress).toMatchObject({ seq: 1, failingSince: null })
  })

  it('in the middle costs no row and repeats none', async () => {
    stage.newest = 9
    stage.answer = seq => {
      if (seq === 5) stage.disk = false
      return TAKEN
    }
    stage.now = 2 * SECOND // each delivery is written down at once
    await stage.turn()
    stage.disk = true
    stage.answer = () => TAKEN
    await stage.pass(10 * SECOND)
    expect(stage.seqs).toEqual([1, 3, 5, 7, 9])
    expect(stage.kept.seq).toBe(9)
  })
})

it('what was broken off by a stop counts for nothing', async () => {
  stage.newest = 3
  stage.answer = () => undefined
  await stage.turn()
  await stage.flow.stop()
  expect([stage.flow.progress, stage.lines]).toEqual([START, []])
})
