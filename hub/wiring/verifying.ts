/** The whole journal checked with every processor that is there: stretches in threads, joined in order. */
import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { checkSpan, SPAN_ROWS, type Span, type SpanPlan, type SpanResult } from '../record/chain-span.ts'
import { type Verdict, Verification, verify } from '../record/chain-verify.ts'
import { type DataFolder, openDatabase } from '../record/database.ts'
import { lastSeq } from '../record/reading.ts'
import type { Db } from '../record/sql.ts'
import { Thread } from './thread.ts'

type Handlers = { readonly check: (span: Span) => SpanResult }
/** Beyond that the disk is what is waited for. */
const MOST_THREADS = 8
/** Each has one stretch in hand and one waiting. */
const AHEAD = 2
/** A journal of fewer stretches is read before threads have begun. */
const WORTH_THREADS = 3
const AWAKE_MS = 60_000
/** That wait for an earlier one: they hold memory. */
const MOST_RESULTS = 32

/**
 * For the command line and for threads: this one checks too, 16,384 rows at a stretch.
 * @param folder its database is opened for reading, in each thread
 * @param others notes of witnesses: of this journal, signed by its keys
 * @throws VigieError as openDatabase
 */
export async function verifyJournal(
  folder: DataFolder,
  others: SpanPlan['others'] = [],
  threads: number = Math.min(availableParallelism(), MOST_THREADS),
): Promise<Verdict> {
  const db = openDatabase(folder, { readonly: true })
  try {
    if (threads < 2 || lastSeq(db) < WORTH_THREADS * SPAN_ROWS) return verify(db, others)
    const check = db.transaction(() => new Verification(db, others)).deferred()
    await inThreads(folder, db, check, threads)
    return check.verdict()
  } finally {
    db.close()
  }
}

/** This thread checks stretches too: it would only wait. */
async function inThreads(folder: DataFolder, db: Db, check: Verification, count: number): Promise<void> {
  const url = new URL('./verify-worker.ts', import.meta.url)
  const workerData = { folder, plan: check.plan }
  const threads = Array.from({ length: count - 1 }, () => new Thread<Handlers>({ url, workerData, atOnce: AHEAD + 1 }))
  // Threads keep no process alive; a command that waits for them must.
  const awake = setInterval(() => undefined, AWAKE_MS)
  try {
    await joinAll(check, threads, span => checkSpan(db, check.plan, span))
  } finally {
    await Promise.all(threads.map(t => t.stop()))
    clearInterval(awake)
  }
}

type Threads = readonly Thread<Handlers>[]

async function joinAll(check: Verification, threads: Threads, own: (span: Span) => SpanResult): Promise<void> {
  const spans = [...check.spans()]
  const results = new Map<number, SpanResult>()
  const asked = new Set<Promise<void>>()
  let [next, joined] = [0, 0]
  const ask = (thread: Threads[number]): void => {
    const index = next++
    const answer = thread.call('check', spans[index]!).then(result => {
      results.set(index, result)
      asked.delete(answer)
      if (next < spans.length) ask(thread)
    })
    asked.add(answer)
    answer.catch(() => undefined) // heard below, unless an earlier stretch is bad and nobody listens any more
  }
  for (const thread of threads) for (let i = 0; i < AHEAD && next < spans.length; i++) ask(thread)
  while (joined < spans.length) {
    if (next < spans.length && results.size < MOST_RESULTS) {
      const index = next++
      results.set(index, own(spans[index]!))
      await setImmediate()
    } else if (asked.size > 0) await Promise.race(asked)
    for (let result = results.get(joined); result; result = results.get(joined)) {
      results.delete(joined++)
      if (!check.join(result)) return
    }
  }
}
