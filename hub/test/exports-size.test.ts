/** 200,000 rows in a thread, 50,000 of a PDF, which are its most: memory stays flat, and the thread of the doors is not held up. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MOST_PDF_ROWS } from '../export/pdf.ts'
import type { ExportWish } from '../flows/journal-exported.ts'
import { checkpointOf, checkpointView, newestCheckpoint } from '../record/checkpoints.ts'
import { openFolder } from '../record/database.ts'
import { exportThread } from '../wiring/export-thread.ts'
import { Stand } from './evidence-stand.ts'
import { hospitalYear } from './year.ts'

const ROWS = 200_000
const MOST_MB = 200
/** A badge is answered in less, and it is a busy machine. */
const MOST_DELAY_MS = 500
const WISH: Omit<ExportWish, 'format' | 'file'> = {
  ...{
    id: 'e-1',
    filter: {},
    hidden: [],
    names: true,
    language: 'fr',
    bom: false,
    by: 'cli:test',
    statedReason: 'why',
  },
  ...{ askedAt: 0, to: 'download', replace: false, beside: false },
}
let dir: string
let stand: Stand
let thread: ReturnType<typeof exportThread>

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-size-'))
  stand = new Stand(dir)
  stand.append(hospitalYear(MOST_PDF_ROWS))
  stand.sign()
  stand.append(hospitalYear(ROWS - MOST_PDF_ROWS, 2027))
  stand.sign()
  thread = exportThread(openFolder(dir, ''))
}, 180_000)
afterAll(async () => {
  await thread.stop()
  stand.close()
  rmSync(dir, { recursive: true })
}, 60_000)

/** A PDF goes as far as it may. */
const newest = (format: ExportWish['format']) =>
  format === 'pdf' ? checkpointOf(stand.db, MOST_PDF_ROWS)! : newestCheckpoint(stand.db)!

it.each(['csv', 'jsonl', 'fhir', 'pdf'] as const)(
  '%s',
  async format => {
    const wish: ExportWish = { ...WISH, format, file: join(dir, `out.${format}`) }
    await thread.call('check', wish)
    const before = process.memoryUsage().rss
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 20)
    const delay = monitorEventLoopDelay({ resolution: 10 })
    delay.enable()
    const checkpoint = checkpointView(stand.db, newest(format))
    const written = await thread.call('write', { wish, note: {}, checkpoint })
    delay.disable()
    clearInterval(watch)
    await thread.call('publish', { ...written, replace: false })
    expect(written.rows).toBe(checkpoint.size)
    expect(statSync(wish.file).size).toBe(written.bytes)
    expect((most - before) / 1024 / 1024).toBeLessThan(MOST_MB)
    expect(delay.max / 1e6).toBeLessThan(MOST_DELAY_MS)
  },
  180_000,
)

it('a PDF of more rows than it may have ends at that row, with nothing left of it', async () => {
  const wish: ExportWish = { ...WISH, format: 'pdf', file: join(dir, 'more.pdf') }
  const checkpoint = checkpointView(stand.db, newestCheckpoint(stand.db)!)
  await expect(thread.call('write', { wish, note: {}, checkpoint })).rejects.toMatchObject({ code: 'export-too-large' })
  expect(readdirSync(dir).filter(name => name.startsWith('more'))).toEqual([])
}, 180_000)
