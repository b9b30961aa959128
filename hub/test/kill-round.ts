/** One round of the kill -9 drill: a process appends, dies at a random moment, and the journal is looked at. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { verify } from '../record/chain-verify.ts'
import { openDatabase, openFolder } from '../record/database.ts'
import { events, received } from '../record/reading.ts'
import { situation } from '../record/situations.ts'
import type { Db } from '../record/sql.ts'

const PROGRAM = join(import.meta.dirname, '../record/testing/append.ts')
/** Of ten rounds one dies while it opens the database, the others up to this long after it began to append. */
const LATEST_KILL_MS = 250
const EARLY = 0.1

export interface Round {
  /** Milliseconds after the start, or after the first word of the program. */
  readonly killedAfterMs: number
  readonly whileOpening: boolean
  readonly acknowledged: number
  /** Rows of messages: acknowledged or not. */
  readonly stored: number
  /** In the whole journal: each was checked against its tree. */
  readonly checkpoints: number
  readonly erased: number
  /** Empty if all is well. */
  readonly faults: readonly string[]
}

/** Repeats for the same seed. @returns numbers from 0 (inclusive) to 1 (exclusive) */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** @param round counts up within one data folder, from 1: messages of different rounds have different ids */
export async function killRound(dir: string, round: number, random: () => number): Promise<Round> {
  const whileOpening = random() < EARLY
  const killedAfterMs = Math.round(random() * LATEST_KILL_MS)
  const acknowledged = await appendAndDie(dir, round, killedAfterMs, whileOpening)
  const db = openDatabase(openFolder(dir, ''))
  try {
    const stored = messagesOf(db, round)
    const faults = [...faultsOf(db, acknowledged, stored), ...apartFrom(db), ...halfErased(db)]
    const counts = { acknowledged: acknowledged.size, stored: stored.length, ...evidenceOf(db) }
    return { killedAfterMs, whileOpening, ...counts, faults }
  } finally {
    db.close()
  }
}

/** @returns device and message id -> the row it was promised */
async function appendAndDie(dir: string, round: number, ms: number, early: boolean): Promise<Map<string, number>> {
  const promises = join(dir, `round-${round}.acknowledged`)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = openSync(promises, 'w')
  const child = spawn(process.execPath, [PROGRAM, dir, String(round)], { stdio: ['ignore', 'pipe', 'inherit', file] })
  closeSync(file)
  const ended = once(child, 'exit')
  if (!early) await Promise.race([once(child.stdout!, 'data'), ended])
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  const [code, signal] = await ended
  clearTimeout(timer)
  if (signal !== 'SIGKILL') throw new Error(`the program ended by itself: ${code}`)
  return new Map(readFileSync(promises, 'utf8').split('\n').slice(0, -1).map(promiseOf))
}

function promiseOf(line: string): [string, number] {
  const [device, id, row] = line.split(' ')
  return [`${device} ${id}`, Number(row)]
}

interface Stored {
  readonly key: string
  readonly row: number
}

function messagesOf(db: Db, round: number): Stored[] {
  const prefix = `r${round}-`
  return events(db, { after: 0, limit: Number.MAX_SAFE_INTEGER }).flatMap(({ seq, event }) => {
    const messages = event.kind === 'readings' ? event.messages : 'message' in event ? [event] : []
    return messages.filter(m => m.message.startsWith(prefix)).map(m => ({ key: `${m.device} ${m.message}`, row: seq }))
  })
}

/** Situations that do not stand as the newest row of their device says: a commit was torn. */
function apartFrom(db: Db): string[] {
  const newest = new Map<string, number>()
  for (const { event } of events(db, { after: 0, limit: Number.MAX_SAFE_INTEGER, kinds: ['state.changed'] }))
    if (event.kind === 'state.changed') newest.set(event.device, event.deviceSeq)
  return [...newest].flatMap(([device, seq]) => {
    const told = situation(db, 'door', device)?.releasedUntil
    return told === (seq % 7 === 0 ? undefined : seq) ? [] : [`${device} stands at ${told}, its newest row at ${seq}`]
  })
}

/** Payloads that are called erased and are still there. Those that are gone and not called so, the chain's check finds. */
const halfErased = (db: Db): string[] =>
  db
    .prepare<[], { seq: number }>('select e.seq from erased e join journal_payload p on p.seq = e.seq')
    .all()
    .map(({ seq }) => `the payload of row ${seq} is called erased and is there`)

const evidenceOf = (db: Db): { readonly checkpoints: number; readonly erased: number } =>
  db
    .prepare<[], { checkpoints: number; erased: number }>(
      'select (select count(*) from checkpoint) as checkpoints, (select count(*) from erased) as erased',
    )
    .get()!

function faultsOf(db: Db, acknowledged: ReadonlyMap<string, number>, stored: readonly Stored[]): string[] {
  const rows = Map.groupBy(stored, s => s.key)
  const missing = [...acknowledged].filter(([key, row]) => rows.get(key)?.[0]?.row !== row)
  const twice = [...rows].filter(([, found]) => found.length !== 1)
  const marks = new Map(received(db, 0).map(r => [r.device, r.seq]))
  const behind = stored.filter(({ key }) => (marks.get(key.split(' ')[0]!) ?? 0) < Number(key.split('-')[1]))
  const chain = verify(db)
  return [
    ...missing.map(([key]) => `${key} was acknowledged and is not where it was promised`),
    ...twice.map(([key]) => `${key} is there more than once`),
    ...behind.map(({ key }) => `${key} is stored but not marked as received`),
    ...(chain.ok ? [] : [`row ${chain.row}: ${chain.cause}`]),
  ]
}
