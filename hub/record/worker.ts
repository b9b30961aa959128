/** The writer thread: the only place in a running hub that waits for the disk. Batches and operations in arrival order. */
import '../thread-only.ts'
import { parentPort, workerData } from 'node:worker_threads'
import { causeOf, isVigieError } from '../errors.ts'
import { Appender, type Row } from './chain.ts'
import { type DataFolder, openDatabase } from './database.ts'
import { monotonicMs } from './deadline.ts'
import type { ActingFor } from './op-context.ts'
import { type OpName, perform } from './ops.ts'
import { needRoom } from './room.ts'
import { transaction } from './sql.ts'

export type ToWriter =
  /** `deadline`: on the monotonic clock; past it the batch must not be committed any more. */
  | { readonly type: 'batch'; readonly rows: readonly Row[]; readonly deadline: number }
  | {
      readonly type: 'op'
      readonly id: number
      readonly name: OpName
      readonly args: never
      readonly actingFor?: ActingFor
    }
  | { readonly type: 'stop' }
export type FromWriter =
  | { readonly type: 'batch'; readonly first: number; readonly ms: number }
  | { readonly type: 'batch-failed'; readonly cause: string }
  | { readonly type: 'op'; readonly id: number; readonly result: unknown }
  | {
      readonly type: 'op-failed'
      readonly id: number
      readonly cause: string
      readonly code?: string
      readonly details?: object
    }
  | { readonly type: 'ready' }

const port = parentPort
if (!port) throw new Error('runs as a worker thread only')
const db = openDatabase(workerData as DataFolder)
const appender = new Appender(db)
const reply = (message: FromWriter): void => port.postMessage(message)

function writeBatch(rows: readonly Row[], deadline: number): void {
  const started = performance.now()
  try {
    needRoom(db)
    inTime(deadline)
    const first = transaction(db, () => {
      const seq = appender.append(rows)
      inTime(deadline) // the last thing before COMMIT: whoever waited has been, or is about to be, told that it failed
      return seq
    })
    reply({ type: 'batch', first, ms: performance.now() - started })
  } catch (error) {
    reply({ type: 'batch-failed', cause: causeOf(error) })
  }
}

function inTime(deadline: number): void {
  if (monotonicMs() > deadline) throw new Error('the disk was too slow: the batch was given up and rolled back')
}

function runOp({ id, name, args, actingFor }: Extract<ToWriter, { readonly type: 'op' }>): void {
  try {
    const context = { db, appender, ...(actingFor && { actingFor }) }
    reply({ type: 'op', id, result: perform(context, name, args) })
  } catch (error) {
    const known = isVigieError(error) ? { code: error.code, details: error.details } : {}
    reply({ type: 'op-failed', id, cause: causeOf(error), ...known })
  }
}

function close(): void {
  db.close()
  port?.close()
}

port.on('message', (message: ToWriter) => {
  if (message.type === 'batch') writeBatch(message.rows, message.deadline)
  else if (message.type === 'op') runOp(message)
  else close()
})
reply({ type: 'ready' })
