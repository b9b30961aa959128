/** One measurement of bench/journal.ts, in a process of its own so that its memory can be told. Prints one JSON line. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import type { ExportWish } from '#hub/flows/journal-exported.ts'
import { checkpointView, newestCheckpoint } from '#hub/record/checkpoints.ts'
import { openDatabase, openFolder } from '#hub/record/database.ts'
import { exportThread } from '#hub/wiring/export-thread.ts'
import { searchingIn } from '#hub/wiring/searching.ts'
import { verifyJournal } from '#hub/wiring/verifying.ts'
import { SOMEBODY } from './journal-ground.ts'
import { median } from './stats.ts'

export interface Measured {
  readonly ms: number
  readonly rows: number
  /** Highest so far, and before the work began. */
  readonly rssMb: number
  readonly idleMb: number
}

const { values } = parseArgs({
  options: { what: { type: 'string' }, dir: { type: 'string' }, rows: { type: 'string' } },
})
const dir = values.dir ?? '.'
const rows = Number(values.rows)
const folder = openFolder(dir, '')
const TRIES = 9
const FEBRUARY = { from: Date.UTC(2026, 1, 1), until: Date.UTC(2026, 2, 1) }
/** Everything, with names, as an auditor asks for it. */
const WISH: Omit<ExportWish, 'file' | 'format'> = {
  ...{ id: 'e-1', filter: {}, hidden: [], names: true, language: 'fr', bom: true, by: 'cli:bench' },
  ...{ statedReason: 'benchmark', askedAt: 0, to: 'download', replace: true, beside: false },
}
const idleMb = process.resourceUsage().maxRSS / 1024

/** In the thread in which a hub writes one. Evidence is kept for whoever verifies it. @returns its rows */
async function exported(format: 'csv' | 'jsonl'): Promise<number> {
  const db = openDatabase(folder, { readonly: true })
  const exporting = exportThread(folder)
  const awake = setInterval(() => undefined, 60_000) // a thread keeps no process alive
  const wish: ExportWish = { ...WISH, format, file: join(dir, `export.${format}`) }
  await exporting.call('check', wish)
  const checkpoint = checkpointView(db, newestCheckpoint(db)!)
  const { rows: written, parts, mark } = await exporting.call('write', { wish, note: {}, checkpoint })
  if (format === 'jsonl') await exporting.call('publish', { parts, mark, replace: true })
  else await exporting.call('discard', parts)
  await exporting.stop()
  clearInterval(awake)
  db.close()
  return written
}

const PARTS: Readonly<Record<string, () => Promise<number>>> = {
  verify: async () => {
    const verdict = await verifyJournal(folder)
    if (!verdict.ok || verdict.rows !== rows) throw new Error(`not verified: ${JSON.stringify(verdict)}`)
    return rows
  },
  evidence: async () => exported('jsonl'),
  csv: async () => exported('csv'),
  index: async () => {
    rmSync(join(dir, 'search.db'), { force: true })
    const db = openDatabase(folder, { readonly: true })
    const searching = searchingIn(folder, db, Number.POSITIVE_INFINITY)
    await searching.catchUp(undefined)
    searching.close()
    db.close()
    return rows
  },
}

/** The first page of one person's month, each time anew. @returns median milliseconds, and rows found */
async function search(): Promise<Measured> {
  const db = openDatabase(folder, { readonly: true })
  const searching = searchingIn(folder, db, 2 ** 31 - 1)
  const asked = { filter: { person: SOMEBODY.id, ...FEBRUARY }, except: [], paging: { limit: 100 } }
  const times: number[] = []
  let found = 0
  for (let i = 0; i < TRIES; i++) {
    const started = performance.now()
    found = (await searching.page(asked)).rows.length
    times.push(performance.now() - started)
  }
  searching.close()
  db.close()
  return { ms: median(times), rows: found, rssMb: process.resourceUsage().maxRSS / 1024, idleMb }
}

async function measure(work: () => Promise<number>): Promise<Measured> {
  const started = performance.now()
  const done = await work()
  return { ms: performance.now() - started, rows: done, rssMb: process.resourceUsage().maxRSS / 1024, idleMb }
}

const part = PARTS[values.what ?? '']
if (!part && values.what !== 'search') throw new Error(`no such part: ${values.what}`)
process.stdout.write(`${JSON.stringify(part ? await measure(part) : await search())}\n`)
