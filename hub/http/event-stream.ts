/**
 * The journal as it grows, for programs (GET /api/v1/events/stream). Each stream is a place in the journal and nothing else:
 *
 *   look   ten times a second, whether the journal has grown
 *   read   the rows above its place, a slice at a time; rows become visible in the order of their seq, so none is missed and
 *          none comes twice, whoever wrote them
 *   write  and where the socket takes no more, wait: nothing is queued for a reader; one that stays away is cut
 *   ended  with the session or the token: told, and cut
 *
 * What waits for a failing disk comes when it stands in the journal.
 */
import type { ServerResponse } from 'node:http'
import type { LiveEvent } from '../api.ts'
import { causeOf, VigieError } from '../errors.ts'
import type { EventKind, VigieEvent } from '../events.ts'
import { type Reach, tellsTo } from '../rules/zones.ts'
import type { Log } from './ports.ts'
import type { JournalReads } from './reads.ts'

/** A row for readers. Its line has names joined, and nothing that is not for the feed. */
export interface TailRow {
  readonly event: VigieEvent
  readonly line: LiveEvent
}
export interface JournalTail {
  /** The newest seq. */
  head(): number
  /** Rows above `after` up to and with `upTo`, oldest first, without the quiet kinds. */
  read(after: number, upTo: number): readonly TailRow[]
  /** Resolves when it is a reader's turn: they share the event loop with the doors. */
  turn(): Promise<unknown>
}
/** Who reads. */
export interface StreamReader {
  /** All streams of one are counted together. */
  readonly principal: string
  /** Pseudonym. */
  readonly operator: string
  readonly hidden: readonly EventKind[]
  /** As the site is now. */
  readonly reach: () => Reach
  /** An application: the row as it may see it, or not at all. */
  readonly tell?: (row: TailRow) => LiveEvent | undefined
  /** @returns the function that ends the watch */
  readonly watch: (tell: (why: string) => void) => () => void
}
export interface StreamLimits {
  /** Streams of one operator or token, and of all. */
  readonly each: number
  readonly all: number
  readonly lookMs: number
  readonly heartbeatMs: number
  /** A reader that takes nothing for so long is cut. */
  readonly stallMs: number
}
const LIMITS: StreamLimits = { each: 5, all: 100, lookMs: 100, heartbeatMs: 15_000, stallMs: 15_000 }
/** Seqs that are read at a stretch: about a millisecond. */
const SLICE = 200
const RETRY_MS = 2_000
const LAST_WORDS_MS = 300
const AGAIN_S = 15

interface Stream extends StreamReader {
  readonly response: ServerResponse
  /** Everything up to this seq was looked at. */
  place: number
  pumping: boolean
  ended: boolean
  unwatch: () => void
}
export interface StreamOptions {
  readonly tail: JournalTail
  readonly reads: Pick<JournalReads, 'note'>
  readonly log: Pick<Log, 'warn'>
  readonly limits?: Partial<StreamLimits>
}

export class EventStreams {
  readonly #options: StreamOptions
  readonly #limits: StreamLimits
  readonly #streams = new Set<Stream>()
  #look: NodeJS.Timeout | undefined
  #beat: NodeJS.Timeout | undefined
  /** The slice read last: readers that stand at the same place share it. */
  #slice: { readonly after: number; readonly upTo: number; readonly rows: readonly Ready[] } | undefined

  constructor(options: StreamOptions) {
    this.#options = options
    this.#limits = { ...LIMITS, ...options.limits }
  }

  get open(): number {
    return this.#streams.size
  }

  /**
   * Before anything is answered. @param after seq of the last row that was seen; undefined: from now on
   * @returns the place it begins at @throws VigieError streams-full, cursor-ahead, journal-unavailable
   */
  async admit({ principal, operator }: StreamReader, after: number | undefined): Promise<number> {
    const head = this.#options.tail.head()
    if (after !== undefined && after > head) throw new VigieError('cursor-ahead', { seq: after })
    this.#needRoom(principal)
    await this.#options.reads.note(operator, 0)
    return after ?? head
  }

  /** @param place from admit() @param take hands the response over @throws VigieError streams-full */
  begin(reader: StreamReader, place: number, take: () => ServerResponse): void {
    this.#needRoom(reader.principal) // others may have come while the reading was written down
    const response = take()
    const stream: Stream = {
      ...reader,
      response,
      place,
      pumping: false,
      ended: false,
      unwatch: () => undefined,
    }
    this.#streams.add(stream)
    response.once('close', () => this.#forget(stream))
    response.on('error', () => response.destroy())
    stream.unwatch = reader.watch(why => this.#end(stream, why))
    response.write(`retry: ${RETRY_MS}\nid: ${place}\n\n`)
    this.#look ??= setInterval(() => this.#pumpAll(), this.#limits.lookMs)
    this.#beat ??= setInterval(() => this.#beatAll(), this.#limits.heartbeatMs)
    void this.#pump(stream)
  }

  stop(): void {
    for (const stream of this.#streams) stream.response.destroy()
    for (const stream of [...this.#streams]) this.#forget(stream)
  }

  #needRoom(principal: string): void {
    const own = [...this.#streams].filter(s => s.principal === principal).length
    const limit = own >= this.#limits.each ? this.#limits.each : this.#limits.all
    if (own >= this.#limits.each || this.#streams.size >= this.#limits.all)
      throw new VigieError('streams-full', { limit, seconds: AGAIN_S })
  }

  #forget(stream: Stream): void {
    stream.ended = true
    stream.unwatch()
    this.#streams.delete(stream)
    if (this.#streams.size > 0) return
    clearInterval(this.#look)
    clearInterval(this.#beat)
    this.#look = undefined
    this.#beat = undefined
    this.#slice = undefined
  }

  #pumpAll(): void {
    for (const stream of this.#streams) void this.#pump(stream)
  }

  /** One at a time for each stream. Never rejects. */
  async #pump(stream: Stream): Promise<void> {
    if (stream.pumping || stream.ended) return
    stream.pumping = true
    try {
      while (!stream.ended && stream.place < this.#options.tail.head()) await this.#step(stream)
    } catch (error) {
      this.#options.log.warn({ cause: causeOf(error) }, 'a stream of events could not be read on')
      stream.response.destroy() // it comes back, and is told then
    } finally {
      stream.pumping = false
    }
  }

  async #step(stream: Stream): Promise<void> {
    const { tail, reads } = this.#options
    await tail.turn()
    const upTo = Math.min(stream.place + SLICE, tail.head())
    const rows = rowsFor(stream, this.#read(stream.place, upTo))
    // That it reads is no news to count: else it would keep itself in rows for ever.
    const read = rows.filter(({ event }) => event.kind !== 'journal.read').length
    if (read > 0) await reads.note(stream.operator, read)
    if (stream.ended) return
    const flows = rows.length === 0 || stream.response.write(rows.map(r => r.text).join(''))
    stream.place = upTo
    if (!flows) await this.#drained(stream)
  }

  #read(after: number, upTo: number): readonly Ready[] {
    if (this.#slice?.after !== after || this.#slice.upTo !== upTo)
      this.#slice = { after, upTo, rows: this.#options.tail.read(after, upTo).map(ready) }
    return this.#slice.rows
  }

  #drained({ response }: Stream): Promise<void> {
    return new Promise(resolve => {
      const late = setTimeout(() => response.destroy(), this.#limits.stallMs)
      const done = (): void => {
        clearTimeout(late)
        response.off('drain', done).off('close', done)
        resolve()
      }
      response.once('drain', done).once('close', done)
    })
  }

  /** Also moves the place that the reader comes back to over what was not for it. */
  #beatAll(): void {
    for (const { response, place, pumping, ended } of this.#streams)
      if (!pumping && !ended && !response.writableNeedDrain) response.write(`: still here\nid: ${place}\n\n`)
  }

  #end(stream: Stream, why: string): void {
    if (stream.ended) return
    const { response } = stream
    this.#forget(stream)
    response.end(`event: ended\ndata: ${JSON.stringify({ why })}\n\n`)
    const late = setTimeout(() => response.destroy(), LAST_WORDS_MS)
    response.once('close', () => clearTimeout(late))
  }
}

interface Ready extends TailRow {
  readonly text: string
}
const textOf = (line: LiveEvent): string => `id: ${line.seq}\ndata: ${JSON.stringify(line)}\n\n`
const ready = (row: TailRow): Ready => ({ ...row, text: textOf(row.line) })

/** What of it is for them, as it is for them. */
function rowsFor(reader: StreamReader, rows: readonly Ready[]): readonly Pick<Ready, 'event' | 'text'>[] {
  const { tell, hidden, operator } = reader
  if (tell)
    return rows.flatMap(row => {
      const line = tell(row)
      return line ? [{ event: row.event, text: textOf(line) }] : []
    })
  const reach = reader.reach()
  return rows.filter(({ event }) => !hidden.includes(event.kind) && tellsTo(event, reach, operator))
}
