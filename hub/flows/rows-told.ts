/**
 * Rows go to one webhook. The journal itself is the queue: nothing is kept beside it but how far the receiver has come.
 *
 *   1 read     the next rows that are for it, as they are at that moment
 *   2 send     one at a time, in order
 *   3 pass     what was taken; how far it has come is written down in batches, so that a crash repeats a few and loses none
 *   4 wait     where it was not taken: longer each time
 *   5 aside    what could not be handed over in time, and on with the next
 *   6 pause    a receiver that says it is gone, or has taken nothing for days
 */
import { causeInWords, type DeliveryCause, type PauseCause, retryAfterMs, WEBHOOK_LIMITS } from '../rules/webhooks.ts'

/** A row as the receiver gets it. */
export interface ToldRow {
  readonly seq: number
  readonly kind: string
  /** JSON. */
  readonly body: string
}
/** What became of one attempt. */
export interface Sent {
  readonly delivered: boolean
  /** Of the answer, where there was one. */
  readonly status?: number
  readonly cause?: DeliveryCause
  readonly ms: number
  /** The receiver asks not to be asked sooner. */
  readonly waitMs?: number
}
export interface TellingProgress {
  readonly seq: number
  readonly deliveredAt: number | null
  readonly failingSince: number | null
  /** Of the row that is tried: since when, how often. */
  readonly rowSince: number | null
  readonly attempts: number
  readonly nextAt: number | null
}
export interface TellingLine {
  readonly seq: number
  readonly at: number
  readonly attempt: number
  readonly outcome: 'delivered' | 'failed' | 'dead'
  readonly status: number | null
  readonly cause: DeliveryCause | null
  readonly ms: number
}
export interface GivenUp {
  readonly row: number
  readonly attempts: number
  readonly status: number | null
  readonly code: DeliveryCause
  /** In the journal. */
  readonly cause: string
}
export interface TellingPorts {
  /** Seq of the journal's newest row. */
  newest(): number
  /** Rows after `seq` that are for it, oldest first, and how far it looked. Resolves when it is its turn. */
  read(seq: number): Promise<{ readonly rows: readonly ToldRow[]; readonly upTo: number }>
  /** Before a row is sent for the first time. Rejects where that it is read can't be recorded. */
  admit(row: ToldRow): Promise<void>
  /** Never rejects. Undefined: the attempt was broken off, and counts for nothing. */
  send(row: ToldRow, attempt: number): Promise<Sent | undefined>
  keep(progress: TellingProgress, lines: readonly TellingLine[]): Promise<void>
  setAside(given: GivenUp, progress: TellingProgress, lines: readonly TellingLine[]): Promise<void>
  pause(because: PauseCause, cause: string): Promise<void>
  /** Rows that are set aside. */
  dead(): number
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** 0 to 1. */
  random(): number
  onFailure(error: unknown): void
  /** A row that was tried for so long is set aside, milliseconds. */
  readonly giveUpMs: number
}

/** Lines that wait to be written; and how long they may, milliseconds. */
const BATCH = 50
const BATCH_MS = 1_000
const PASSED_OVER_MS = 10_000
/** While nothing can be written. */
const MOST_LINES = 200
/** After something of the hub's own failed. */
const AGAIN_MS = 5_000

export class RowsTold {
  readonly #p: TellingPorts
  #at: TellingProgress
  #lines: TellingLine[] = []
  #isKept = true
  #keptAt: number
  #pumping: Promise<void> | undefined
  #stopped = false

  constructor(ports: TellingPorts, left: TellingProgress) {
    this.#p = ports
    this.#at = left
    this.#keptAt = ports.now()
  }

  get progress(): TellingProgress {
    return this.#at
  }
  /** Resolves when nothing is being sent. */
  get idle(): Promise<void> {
    return this.#pumping ?? Promise.resolve()
  }

  /** There may be something to send. A receiver that failed is left alone until its time. */
  wake(): void {
    if (this.#pumping || this.#stopped || !this.#isDue) return
    if (this.#at.seq >= this.#p.newest()) return
    this.#run(this.#pump())
  }

  /** One thing at a time. */
  #run(work: Promise<void>): void {
    this.#pumping = work
      .catch((error: unknown) => this.#trouble(error))
      .finally(() => {
        this.#pumping = undefined
      })
  }

  /** Every second or so. */
  tick(): void {
    if (!this.#pumping && this.#owesKeeping) this.#run(this.#keep())
    this.wake()
  }

  /** Whoever calls this breaks off what is being sent. Resolves when how far it has come is written down. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.idle
    if (!this.#isKept) await this.#keep()
  }

  get #isDue(): boolean {
    return this.#at.nextAt === null || this.#p.now() >= this.#at.nextAt
  }

  /** 1 */
  async #pump(): Promise<void> {
    while (!this.#stopped && this.#at.seq < this.#p.newest()) {
      const { rows, upTo } = await this.#p.read(this.#at.seq)
      for (const row of rows) if (!(await this.#tell(row))) return
      if (this.#stopped || upTo <= this.#at.seq) return
      this.#move({ seq: upTo })
      await this.#keepIfDue()
    }
  }

  /** 2 @returns whether it is the next one's turn */
  async #tell(row: ToldRow): Promise<boolean> {
    if (this.#stopped) return false
    const attempt = this.#at.attempts + 1
    if (attempt === 1) await this.#p.admit(row)
    const sent = await this.#p.send(row, attempt)
    if (!sent) return false
    return sent.delivered ? this.#pass(row, attempt, sent) : this.#failed(row, attempt, sent)
  }

  /** 3 */
  async #pass({ seq }: ToldRow, attempt: number, sent: Sent): Promise<boolean> {
    const at = this.#p.now()
    this.#note({ seq, at, attempt, outcome: 'delivered', ...said(sent) })
    this.#move({ ...FRESH, seq, deliveredAt: at, failingSince: null })
    await this.#keepIfDue()
    return true
  }

  /** 4 */
  async #failed(row: ToldRow, attempt: number, sent: Sent): Promise<boolean> {
    const at = this.#p.now()
    const delay = retryAfterMs(attempt, this.#p.random(), sent.waitMs)
    const since = this.#at.rowSince ?? at
    const isOver = at + delay > since + this.#p.giveUpMs
    this.#note({ seq: row.seq, at, attempt, outcome: isOver ? 'dead' : 'failed', ...said(sent) })
    this.#move({
      attempts: attempt,
      rowSince: since,
      failingSince: this.#at.failingSince ?? at,
      nextAt: Math.round(at + delay),
    })
    const code = sent.cause ?? 'broken'
    const cause = causeInWords(code, sent.status)
    if (code === 'gone') return this.#pause('gone', cause)
    if (isOver) await this.#setAside(row, { attempts: attempt, status: sent.status ?? null, code, cause })
    else await this.#keep()
    if (at - (this.#at.failingSince ?? at) >= WEBHOOK_LIMITS.pauseMs) return this.#pause('failing', cause)
    if (this.#p.dead() >= WEBHOOK_LIMITS.dead) return this.#pause('dead-full', cause)
    return false
  }

  /** 5: the next one is tried when this one would have been. */
  async #setAside({ seq }: ToldRow, given: Omit<GivenUp, 'row'>): Promise<void> {
    const after: TellingProgress = { ...this.#at, ...FRESH, seq, nextAt: this.#at.nextAt }
    const lines = this.#lines
    await this.#p.setAside({ ...given, row: seq }, after, lines)
    this.#at = after
    this.#written(lines)
  }

  /** 6 */
  async #pause(because: PauseCause, cause: string): Promise<boolean> {
    await this.#keep()
    await this.#p.pause(because, cause)
    this.#stopped = true
    return false
  }

  #note(line: TellingLine): void {
    this.#lines = [...this.#lines, line].slice(-MOST_LINES)
  }

  #move(change: Partial<TellingProgress>): void {
    this.#at = { ...this.#at, ...change }
    this.#isKept = false
  }

  /** That rows were passed over is found out again for nothing; that some were delivered is not. */
  get #owesKeeping(): boolean {
    if (this.#isKept) return false
    const waited = this.#p.now() - this.#keptAt
    return this.#lines.length >= BATCH || waited >= (this.#lines.length > 0 ? BATCH_MS : PASSED_OVER_MS)
  }

  async #keepIfDue(): Promise<void> {
    if (this.#owesKeeping) await this.#keep()
  }

  async #keep(): Promise<void> {
    const [at, lines] = [this.#at, this.#lines]
    await this.#p.keep(at, lines)
    this.#written(lines)
    this.#isKept = this.#at === at && this.#lines.length === 0
  }

  #written(lines: readonly TellingLine[]): void {
    this.#lines = this.#lines.slice(lines.length)
    this.#keptAt = this.#p.now()
    this.#isKept = this.#lines.length === 0
  }

  /** Of the hub's own: nothing is known of the receiver, and nothing counts against it. */
  #trouble(error: unknown): void {
    const again = this.#p.now() + AGAIN_MS
    this.#at = { ...this.#at, nextAt: Math.max(again, this.#at.nextAt ?? again) }
    this.#p.onFailure(error)
  }
}

/** Of a row that was never tried. */
const FRESH = { rowSince: null, attempts: 0, nextAt: null } as const
const said = ({ status, cause, ms }: Sent): Pick<TellingLine, 'status' | 'cause' | 'ms'> => ({
  status: status ?? null,
  cause: cause ?? null,
  ms: Math.round(ms),
})
