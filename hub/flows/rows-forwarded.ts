/**
 * Rows go to a log server. The journal itself is the queue: nothing is kept beside it but how far the server has been served.
 *
 *   1 begin     where this server was left; a new one begins with the next row, unless told to begin with the first
 *   2 read      the next rows, as long as the connection takes them
 *   3 send      each that still has a payload and is meant for a log server
 *   4 settle    what was sent a while ago over a connection that still stands counts as received
 *   5 go back   where a connection broke, what had not settled is sent again, and a bounded number of rows before it
 *   6 tell      once when the server is out of reach or falls behind, once when it has been served again
 */
import type { Destination } from './destination.ts'

/** A row that is meant for a log server. */
export interface QueuedRow {
  readonly seq: number
}
export interface ForwardingPorts<R extends QueuedRow> {
  /** Rows after `seq`, oldest first, and how far it looked: rows that are not meant to be sent are left out. Takes a few ms. */
  read(seq: number): { readonly rows: readonly R[]; readonly upTo: number }
  /** Seq of the journal's newest row. */
  newest(): number
  /** @param flushed the system took it @returns false while it can't be taken */
  send(row: R, after: number, flushed: () => void): boolean
  /** Undefined for a server that is new. */
  left(): number | undefined
  keep(seq: number): Promise<void>
  /** Lets the doors have the event loop. */
  pause(): Promise<void>
  readonly destination: Destination
  /** Monotonic, ms. */
  now(): number
  onFailure(error: unknown): void
  /** A new server gets the whole journal. */
  readonly fromFirst: boolean
  readonly times?: Partial<Times>
}

/** Milliseconds. */
const TIMES = {
  /** A row counts as received so long after the system took it, if the connection still stands. */
  settle: 5_000,
  /** Out of reach for so long is a failure; a server that starts anew is not. */
  unreachable: 10_000,
  /** Connected, and nothing moves though rows wait. */
  stuck: 60_000,
} as const
type Times = Readonly<Record<keyof typeof TIMES, number>>
/** Rows that have settled and are sent again all the same when the connection breaks: what the server's own buffers may have held. */
const GO_BACK = 100
/** Rows on their way that have not settled: the memory of what to send again is bounded. */
const MOST_UNSETTLED = 20_000
/** So few rows behind counts as served again. */
const NEAR = 200

interface Slice {
  readonly seqs: readonly number[]
  flushedAt: number | undefined
}

export class RowsForwarded<R extends QueuedRow> {
  readonly #p: ForwardingPorts<R>
  readonly #times: Times
  /** The newest row that counts as received; what is kept. */
  #settled = 0
  #kept = 0
  /** The newest row looked at, and the newest one sent. */
  #position = 0
  #previous = 0
  #slices: Slice[] = []
  /** Settled on this connection, newest last. */
  #recent: number[] = []
  #connectedAt: number | undefined
  #lostAt = 0
  #movedAt = 0
  #cause = ''
  #pumping = false

  constructor(ports: ForwardingPorts<R>) {
    this.#p = ports
    this.#times = { ...TIMES, ...ports.times }
  }

  /** Rows that do not count as received. */
  get behind(): number {
    return Math.max(0, this.#p.newest() - this.#settled)
  }

  /** 1: a server that is new is kept at once, so that what comes while it is out of reach is not lost to it. */
  begin(): void {
    const newest = this.#p.newest()
    const left = this.#p.left()
    const from = left ?? (this.#p.fromFirst ? 0 : newest)
    this.#kept = -1
    this.#settled = Math.min(from, newest)
    this.#rewind(this.#settled)
    this.#lostAt = this.#p.now()
    this.#keep()
  }

  connected(): void {
    this.#connectedAt = this.#p.now()
    this.#movedAt = this.#connectedAt
    this.wake()
  }

  /** 5 */
  lost(cause: string): void {
    this.#cause = cause
    if (this.#connectedAt === undefined) return
    this.#lostAt = this.#p.now()
    this.#connectedAt = undefined
    this.#rewind(this.#recent[0] ?? this.#settled)
    this.#recent = []
  }

  #rewind(seq: number): void {
    this.#position = seq
    this.#previous = seq
    this.#slices = []
  }

  /** There may be something to send. */
  wake(): void {
    if (this.#pumping || this.#connectedAt === undefined) return
    this.#pumping = true
    this.#pump()
      .catch(this.#p.onFailure)
      .finally(() => {
        this.#pumping = false
      })
  }

  /** 2 */
  async #pump(): Promise<void> {
    while (this.#connectedAt !== undefined && this.#unsettled < MOST_UNSETTLED) {
      const { rows, upTo } = this.#p.read(this.#position)
      if (upTo <= this.#position) return
      if (!this.#send(rows)) return
      this.#position = upTo
      this.#movedAt = this.#p.now()
      await this.#p.pause()
    }
  }

  get #unsettled(): number {
    return this.#slices.reduce((sum, slice) => sum + slice.seqs.length, 0)
  }

  /** 3 @returns false where the connection takes no more for now */
  #send(rows: readonly R[]): boolean {
    const sent: number[] = []
    const slice: Slice = { seqs: sent, flushedAt: undefined }
    const last = rows.at(-1)
    for (const row of rows) {
      const flushed = (): void => {
        if (row.seq === sent.at(-1)) slice.flushedAt = this.#p.now()
      }
      if (!this.#p.send(row, this.#previous, flushed)) break
      sent.push(row.seq)
      this.#previous = row.seq
      this.#position = row.seq
    }
    if (sent.length > 0) this.#slices.push(slice)
    return sent.at(-1) === last?.seq
  }

  /** Each second: 4 and 6, and rows that came past every observer. */
  tick(): void {
    this.#settle()
    this.#keep()
    this.#judge()
    this.wake()
  }

  #settle(): void {
    const since = this.#p.now() - this.#times.settle
    while (this.#slices[0]?.flushedAt !== undefined && this.#slices[0].flushedAt <= since) {
      const { seqs } = this.#slices.shift() as Slice
      this.#settled = Math.max(this.#settled, seqs.at(-1) ?? 0)
      this.#recent = [...this.#recent, ...seqs].slice(-GO_BACK)
    }
  }

  #keep(): void {
    const seq = this.#settled
    if (seq === this.#kept) return
    this.#kept = seq
    this.#p.keep(seq).catch((error: unknown) => {
      this.#kept = -1
      this.#p.onFailure(error)
    })
  }

  #judge(): void {
    const { destination } = this.#p
    const now = this.#p.now()
    if (this.#connectedAt === undefined) {
      if (now - this.#lostAt > this.#times.unreachable)
        destination.failed('log-server-unreachable', this.behind, this.#cause)
      return
    }
    const waiting = this.#p.newest() > this.#position
    if (!waiting) this.#movedAt = now
    if (now - this.#movedAt > this.#times.stuck) destination.failed('log-server-stuck', this.behind, 'it takes nothing')
    else if (now - this.#connectedAt > this.#times.settle && this.#isNear()) destination.served()
  }

  #isNear(): boolean {
    return this.#p.newest() - this.#position <= NEAR && this.#unsettled <= NEAR
  }
}
