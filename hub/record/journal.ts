/**
 * Group commit. While one batch is on its way to the disk the next one gathers, and leaves when the writer answers: no
 * timer, so a lone badge waits for nobody and a rush shares its fsyncs. Readings of one batch become one row.
 */
import { Worker } from 'node:worker_threads'
import { causeOf, type ErrorCode, VigieError } from '../errors.ts'
import type { ReadingsStored, Recorded } from '../events.ts'
import type { Entry, JournalWriter } from '../ports.ts'
import type { Mark, Row } from './chain.ts'
import type { DataFolder } from './database.ts'
import { monotonicMs, WAITERS_GIVE_UP_MS, WRITER_GIVES_UP_MS } from './deadline.ts'
import type { ActingFor } from './op-context.ts'
import type { OpArgs, OpName, OpResult } from './ops.ts'
import { ALL_SEEN, situationRow } from './situations.ts'
import { committed } from './sql.ts'
import type { FromWriter, ToWriter } from './worker.ts'

const BATCH_LIMIT = 2_000
const RESTART_MS = 1_000
/** Above this pace a batch gathers for GATHER_MS, unless it has ENOUGH_ROWS already. */
const RUSH_PER_MS = 1.2
const GATHER_MS = 1
const ENOUGH_ROWS = 16
/** As long as a rush is one of readings alone: a commit takes no longer for a hundred of them. */
const GATHER_READINGS_MS = 10
/** Of the newest batch in the running mean. */
const PACE_WEIGHT = 0.1

interface Pending {
  /** Committed together, in this order. */
  readonly entries: readonly Entry[]
  /** The revision whose acts were known when these were decided. */
  readonly seen: number
  readonly resolve: (recorded: Recorded[]) => void
  readonly reject: (error: VigieError) => void
}
interface Batch {
  readonly taken: readonly Pending[]
  readonly gathered: Gathered
  readonly deadline: NodeJS.Timeout
}
interface Gathered {
  readonly rows: readonly Row[]
  /** Where each entry went, in the order of the pending ones and their entries: an index into rows. */
  readonly places: readonly number[]
}
interface Call {
  readonly resolve: (result: never) => void
  readonly reject: (error: unknown) => void
}

/** A row that was given up as unavailable and then reached the disk all the same: its COMMIT hung. */
export interface Late {
  readonly entry: Entry
  readonly recorded: Recorded
}

export interface JournalHealth {
  readonly writable: boolean
  readonly lastCommitMs?: number
  readonly rows: number
}

export class Journal implements JournalWriter {
  readonly #folder: DataFolder
  readonly #calls = new Map<number, Call>()
  #worker: Worker | undefined
  #queue: Pending[] = []
  #inFlight: Batch | undefined
  #scheduled = false
  /** Nothing but readings is queued, and waits for more of them. */
  #patient: NodeJS.Timeout | undefined
  /** Entries committed per millisecond, lately. */
  #pace = 0
  #committedAt = 0
  #stopped = false
  #overdueBatch: Batch | undefined
  #nextCall = 1
  #health: JournalHealth = { writable: true, rows: 0 }
  #idle: (() => void) | undefined
  #seen = ALL_SEEN
  #onLate: (late: readonly Late[]) => void = () => undefined
  /** Told how long each commit took, ms. Must not throw. */
  onCommit: (ms: number) => void = () => undefined

  constructor(folder: DataFolder) {
    this.#folder = folder
  }

  async start(): Promise<void> {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: this.#folder })
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve())
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('the writer ended before it was ready')))
    })
    if (this.#stopped) {
      worker.postMessage({ type: 'stop' } satisfies ToWriter) // stopped while the writer was coming back
      return
    }
    worker.on('message', (message: FromWriter) => this.#answered(message))
    worker.on('error', error => this.#writerDied(worker, error))
    worker.on('exit', code => this.#writerDied(worker, new Error(`the writer ended with code ${code}`)))
    this.#worker = worker
    this.#health = { ...this.#health, writable: true }
  }

  /** Writes what is queued, then closes the database. */
  async stop(): Promise<void> {
    const worker = this.#worker
    this.#stopped = true
    if (!worker) return
    if (this.#inFlight || this.#queue.length > 0) await new Promise<void>(resolve => (this.#idle = resolve))
    const ended = new Promise(resolve => worker.once('exit', resolve))
    this.#worker = undefined
    worker.postMessage({ type: 'stop' } satisfies ToWriter)
    await ended
  }

  /** Entries that wait for the writer, or are with it. */
  get waiting(): number {
    const queued = this.#queue.reduce((sum, { entries }) => sum + entries.length, 0)
    return queued + (this.#inFlight?.gathered.places.length ?? 0)
  }

  get health(): JournalHealth {
    return this.#health
  }

  append(entry: Entry): Promise<Recorded> {
    return new Promise((resolve, reject) =>
      this.#enqueue({ entries: [entry], seen: this.#seen, resolve: recorded => resolve(recorded[0]!), reject }),
    )
  }

  appendAll(entries: readonly Entry[]): Promise<Recorded[]> {
    return new Promise((resolve, reject) => this.#enqueue({ entries, seen: this.#seen, resolve, reject }))
  }

  /**
   * To be called in the same turn in which what operators' acts changed up to this revision is taken over into memory:
   * rows that were appended before don't replace what those acts wrote; rows appended from here on do.
   */
  merged(revision: number): void {
    this.#seen = revision
  }

  /**
   * Rows of the spool, each once: what the journal holds already (of an earlier drain that died before it cleared its
   * file, or of a batch that was given up too early) is left out. @returns the rows that are new
   * @throws VigieError journal-unavailable
   */
  async drain(entries: readonly Entry[]): Promise<Recorded[]> {
    const rows = await this.op('drain', { rows: entries.map(e => rowOf(e, this.#seen)) })
    return entries.flatMap(({ at, event }, i) => (rows[i] === undefined ? [] : [{ seq: rows[i], at, event }]))
  }

  /** Told before anything that comes later is taken. */
  onLateCommit(listener: (late: readonly Late[]) => void): void {
    this.#onLate = listener
  }

  #enqueue(pending: Pending): void {
    if (this.#overdueBatch) {
      pending.reject(overdueError())
      return
    }
    this.#queue.push(pending)
    if (this.#patient && !isOfReadings(pending)) this.#hurry(this.#patient)
    this.#schedule()
  }

  /** Somebody waits at a door. */
  #hurry(timer: NodeJS.Timeout): void {
    clearTimeout(timer)
    this.#patient = undefined
    this.#scheduled = false
  }

  /**
   * Runs a registry operation in the writer thread, in order with the batches.
   * @param actingFor named on the rows that say their operator did it
   */
  op<N extends OpName>(name: N, args: OpArgs<N>, actingFor?: ActingFor): Promise<OpResult<N>> {
    return new Promise((resolve, reject) => {
      if (!this.#worker) {
        reject(new VigieError('journal-unavailable', { cause: 'the hub is stopping' }))
        return
      }
      const id = this.#nextCall++
      this.#calls.set(id, { resolve, reject })
      this.#worker.postMessage({
        type: 'op',
        id,
        name,
        args: args as never,
        ...(actingFor && { actingFor }),
      } satisfies ToWriter)
    })
  }

  /** Sockets read in the same turn of the event loop share a batch. */
  #schedule(): void {
    if (this.#scheduled || this.#inFlight) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (!this.#inFlight) this.#flush()
    })
  }

  #flush(): void {
    if (this.#queue.length === 0) {
      this.#idle?.()
      return
    }
    const taken = this.#queue.splice(0, BATCH_LIMIT)
    const gathered = gather(taken)
    const worker = this.#worker
    const batch: Batch = { taken, gathered, deadline: setTimeout(() => this.#timeIsUp(batch), WAITERS_GIVE_UP_MS) }
    this.#inFlight = batch
    const deadline = monotonicMs() + WRITER_GIVES_UP_MS
    if (worker) worker.postMessage({ type: 'batch', rows: gathered.rows, deadline } satisfies ToWriter)
    else this.#fail('the writer is not running')
  }

  #answered(message: FromWriter): void {
    committed()
    if (message.type === 'batch') this.#committed(message.first, message.ms)
    else if (message.type === 'batch-failed') this.#fail(message.cause)
    else if (message.type !== 'ready') this.#settleCall(message)
  }

  #settleCall(message: Extract<FromWriter, { type: 'op' | 'op-failed' }>): void {
    const call = this.#calls.get(message.id)
    this.#calls.delete(message.id)
    if (message.type === 'op') call?.resolve(message.result as never)
    else if (message.code)
      call?.reject(new VigieError(message.code as ErrorCode, message.details as Record<string, string>))
    else call?.reject(new VigieError('journal-unavailable', { cause: message.cause }))
  }

  /**
   * In a rush the next batch gathers for a moment longer: a commit costs the same for one row as for five, so that the
   * processor is free for the badges themselves. At a ward's pace nothing ever waits.
   */
  #flushNext(rows: number): void {
    const now = monotonicMs()
    this.#pace += (rows / Math.max(now - this.#committedAt, 0.05) - this.#pace) * PACE_WEIGHT
    this.#committedAt = now
    if (this.#pace >= RUSH_PER_MS && this.#queue.every(isOfReadings)) {
      this.#scheduled = true
      this.#patient = setTimeout(() => {
        this.#patient = undefined
        this.#scheduled = false
        this.#flush()
      }, GATHER_READINGS_MS)
      return
    }
    if (this.#pace < RUSH_PER_MS || this.#queue.length >= ENOUGH_ROWS) {
      this.#flush()
      return
    }
    this.#scheduled = true
    setTimeout(() => {
      this.#scheduled = false
      this.#flush()
    }, GATHER_MS)
  }

  #committed(first: number, ms: number): void {
    const late = this.#overdueBatch !== undefined
    const batch = this.#takeInFlight()
    if (!batch) return
    this.#health = { writable: true, lastCommitMs: ms, rows: first + batch.gathered.rows.length - 1 }
    this.onCommit(ms)
    if (late) this.#committedLate(batch, first)
    // The next batch leaves before this one is told about: the disk never waits for the hub's own work.
    this.#flushNext(batch.gathered.places.length)
    let place = 0
    for (const p of batch.taken)
      p.resolve(p.entries.map(e => ({ seq: first + batch.gathered.places[place++]!, at: e.at, event: e.event })))
  }

  #committedLate({ taken, gathered }: Batch, first: number): void {
    const entries = taken.flatMap(p => p.entries)
    const seqOf = (i: number): number => first + gathered.places[i]!
    this.#onLate(entries.map((entry, i) => ({ entry, recorded: { seq: seqOf(i), at: entry.at, event: entry.event } })))
  }

  #fail(cause: string): void {
    const batch = this.#takeInFlight()
    if (!batch) return
    this.#health = { ...this.#health, writable: false }
    const error = new VigieError('journal-unavailable', { cause })
    for (const p of batch.taken) p.reject(error)
    this.#flush()
  }

  #takeInFlight(): Batch | undefined {
    const batch = this.#inFlight
    if (batch) clearTimeout(batch.deadline)
    this.#inFlight = undefined
    this.#overdueBatch = undefined
    return batch
  }

  /** After a busy turn of the event loop the timer comes before an answer that is there already: that one is read first. */
  #timeIsUp(batch: Batch): void {
    setImmediate(() => {
      if (this.#inFlight === batch) this.#overdue(batch)
    })
  }

  /** The waiters are told now; the batch stays in flight, so that nothing overtakes it on the disk. */
  #overdue(batch: Batch): void {
    this.#health = { ...this.#health, writable: false }
    this.#overdueBatch = batch
    for (const p of [...batch.taken, ...this.#queue.splice(0)]) p.reject(overdueError())
  }

  /** With an error, or with none: a thread that is out of memory or was ended just exits. Told once per writer. */
  #writerDied(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return // it was asked to stop, or its error was told before its exit
    const cause = causeOf(error)
    this.#worker = undefined
    this.#health = { ...this.#health, writable: false }
    this.#fail(cause)
    for (const call of this.#calls.values()) call.reject(new VigieError('journal-unavailable', { cause }))
    this.#calls.clear()
    this.#restartLater()
  }

  /** A hospital does not wait for somebody to restart a program: the writer comes back as soon as it can open the database. */
  #restartLater(): void {
    if (this.#stopped) return
    setTimeout(() => {
      if (!this.#stopped) this.start().catch(() => this.#restartLater())
    }, RESTART_MS).unref()
  }
}

const isOfReadings = ({ entries }: Pending): boolean => entries.every(e => e.event.kind === 'readings')

const overdueError = () =>
  new VigieError('journal-unavailable', { cause: `no answer from the disk for ${WAITERS_GIVE_UP_MS / 1000} s` })

/** One row per entry, but one for all readings together, in the place of the first of them. */
function gather(taken: readonly Pending[]): Gathered {
  const rows: Row[] = []
  const places: number[] = []
  const readings = new ReadingsRow()
  for (const { entries, seen } of taken) {
    for (const entry of entries) {
      const { event, at, inbox } = entry
      if (event.kind === 'readings' && !entry.situations) places.push(readings.add(event, inbox, at, rows))
      else places.push(rows.push(rowOf(entry, seen)) - 1)
    }
  }
  readings.close(rows)
  return { rows, places }
}

function rowOf({ event, at, inbox, situations }: Entry, seen: number): Row {
  const row = { at, kind: event.kind, body: JSON.stringify(event), inbox: inbox ? [inbox] : [] }
  return situations?.length ? { ...row, situations: { seen, rows: situations.map(situationRow) } } : row
}

class ReadingsRow {
  readonly #messages: ReadingsStored['messages'][number][] = []
  readonly #inbox: Mark[] = []
  #index = -1
  #at = 0

  add(event: ReadingsStored, mark: Mark | undefined, at: number, rows: Row[]): number {
    if (this.#index < 0) {
      this.#at = at
      this.#index = rows.push({ at, kind: 'readings', body: '', inbox: this.#inbox }) - 1
    }
    this.#messages.push(...event.messages)
    if (mark) this.#inbox.push(mark)
    return this.#index
  }

  close(rows: Row[]): void {
    if (this.#index < 0) return
    const body = JSON.stringify({ kind: 'readings', messages: this.#messages })
    rows[this.#index] = { at: this.#at, kind: 'readings', body, inbox: this.#inbox }
  }
}
