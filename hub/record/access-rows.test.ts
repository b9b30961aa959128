import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AccessPage, accessEvents, type Span } from './access-rows.ts'
import { openDatabase, openFolder } from './database.ts'
import type { Budget } from './paging.ts'
import type { Db } from './sql.ts'

const HOUR = 3_600_000
const FIRST = 1_000 * HOUR
let dir: string
let db: Db
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-access-'))
  db = openDatabase(openFolder(dir, ''))
})
afterEach(() => {
  db.close()
  rmSync(dir, { recursive: true })
})

const KINDS = ['readings', 'access.granted', 'state.changed', 'access.denied', 'access.awaiting', 'access.lapsed']
/** One row a minute, every other one about a badge. */
function fill(rows: number): void {
  const kinds = `case seq % 6 ${KINDS.map((k, i) => `when ${i} then '${k}'`).join(' ')} end`
  db.exec(`with recursive n(seq) as (select 1 union all select seq + 1 from n where seq < ${rows})
    insert into journal select seq, ${FIRST} + seq * 60000, ${kinds}, x'00', x'00' from n`)
  db.exec(`insert into journal_payload select seq, x'00', json_object('kind', kind, 'point', 'p' || seq) from journal`)
}
const put = (seq: number, at: number, kind = 'access.granted', payload = true): void => {
  db.prepare("insert into journal values (?, ?, ?, x'00', x'00')").run(seq, at, kind)
  if (payload) db.prepare("insert into journal_payload values (?, x'00', json_object('kind', ?))").run(seq, kind)
}
async function pages(span: Span, budget?: Budget): Promise<AccessPage[]> {
  const found = [await accessEvents(db, span, budget)]
  for (let next = found[0]?.next; next !== undefined; next = found.at(-1)?.next)
    found.push(await accessEvents(db, { ...span, after: next }, budget))
  return found
}
const seqs = (found: readonly AccessPage[]): number[] => found.flatMap(p => p.rows.map(r => r.seq))
const expected = (since: number, until: number): unknown[] =>
  db
    .prepare("select seq from journal where kind like 'access.%' and at >= ? and at < ? order by seq")
    .pluck()
    .all(since, until)

describe('what happened at readers in a span of time', () => {
  it('is every such row of it, once, oldest first, and no other', async () => {
    fill(3_000)
    const minute = fc.integer({ min: -200, max: 3_200 }).map(m => FIRST + m * 60_000)
    const budget = fc.record({ rows: fc.integer({ min: 50, max: 700 }), slices: fc.integer({ min: 1, max: 9 }) })
    await fc.assert(
      fc.asyncProperty(minute, minute, fc.integer({ min: 1, max: 400 }), budget, async (a, b, limit, within) => {
        const [since, until] = [Math.min(a, b), Math.max(a, b)]
        const found = await pages({ since, until, limit }, within)
        expect(found.every(p => p.rows.length <= limit)).toBe(true)
        expect(seqs(found)).toEqual(expected(since, until))
      }),
      { numRuns: 40 },
    )
  })

  it('holds rows that were written hours after their time, as those of the spool are', async () => {
    fill(1_200)
    const asked = { since: FIRST + HOUR, until: FIRST + 2 * HOUR, limit: 1_000 }
    put(1_201, FIRST + HOUR + 7)
    put(1_202, FIRST + 2 * HOUR - 1, 'access.awaiting')
    put(1_203, FIRST + 2 * HOUR)
    const found = seqs(await pages(asked))
    expect(found.slice(-2)).toEqual([1_201, 1_202])
    expect(found).toEqual(expected(asked.since, asked.until))
  })

  it('is found past three hundred rows in a row that came late', async () => {
    fill(6_000)
    for (let i = 0; i < 300; i++) put(6_001 + i, FIRST + 1_000 + i)
    for (let i = 0; i < 300; i++) put(6_301 + i, FIRST + (6_001 + i) * 60_000)
    for (const hour of [5, 99, 100, 101, 104]) {
      const asked = { since: FIRST + hour * HOUR, until: FIRST + (hour + 1) * HOUR, limit: 50 }
      expect(seqs(await pages(asked))).toEqual(expected(asked.since, asked.until))
    }
  })

  it('holds what a clock that was set back wrote', async () => {
    fill(600)
    put(601, FIRST + 570 * 60_000)
    const asked = { since: FIRST + 569 * 60_000, until: FIRST + 571 * 60_000, limit: 50 }
    expect(seqs(await pages(asked))).toContain(601)
  })

  it('leaves out what was erased', async () => {
    put(1, FIRST)
    put(2, FIRST, 'access.denied', false)
    put(3, FIRST)
    expect(seqs(await pages({ since: FIRST, until: FIRST + 1, limit: 9 }))).toEqual([1, 3])
  })

  it('is nothing in an empty journal, before it, and after it', async () => {
    const nothing = { rows: [] }
    expect(await accessEvents(db, { since: 0, until: FIRST, limit: 9 })).toEqual(nothing)
    fill(10)
    expect(await accessEvents(db, { since: 0, until: FIRST - 48 * HOUR, limit: 9 })).toEqual(nothing)
    expect(await accessEvents(db, { since: FIRST + 99 * HOUR, until: FIRST + 200 * HOUR, limit: 9 })).toEqual(nothing)
  })

  it('leaves the event loop free all along', async () => {
    fill(60_000)
    let longest = 0
    let last = performance.now()
    let others = 0
    let running = true
    const tick = (): void => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      others += 1
      if (running) setImmediate(tick)
    }
    setImmediate(tick)
    const found = await pages({ since: 0, until: Number.MAX_SAFE_INTEGER, limit: 1_000 })
    running = false
    expect(seqs(found)).toHaveLength(40_000)
    expect(others).toBeGreaterThan(39)
    expect(longest).toBeLessThan(500)
  })
})
