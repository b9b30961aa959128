import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventKind, Recorded } from '../events.ts'
import { openDatabase, openFolder } from './database.ts'
import { type Budget, type Page, type PageFilter, page } from './paging.ts'
import { events } from './reading.ts'
import type { Db } from './sql.ts'

const ROWS = 200_000
const dir = mkdtempSync(join(tmpdir(), 'vigie-paging-'))
let db: Db

/** Every 7th row has lost its payload, every 1,000th is a refusal, zone `attic` occurs in the oldest 50 rows only. */
const BODY = `json_object('kind', kind, 'device', 'd-' || (seq % 10), 'zone', case when seq <= 50 then 'attic' else 'ward' end)`
beforeAll(() => {
  db = openDatabase(openFolder(dir, ''))
  db.transaction(() => {
    db.exec(`with recursive n(seq) as (select 1 union all select seq + 1 from n where seq < ${ROWS})
      insert into journal select seq, seq, case seq % 1000 when 0 then 'access.denied' else 'readings' end, x'00', x'00' from n`)
    db.exec(
      `insert into journal_payload select seq, x'00', ${BODY} from journal where seq % 7 <> 0 or kind = 'access.denied'`,
    )
  })()
}, 60_000)
afterAll(() => {
  db.close()
  rmSync(dir, { recursive: true })
})

/** Every page up to the end, each begun where the one before says. */
async function pages(filter: PageFilter, budget?: Budget): Promise<Page[]> {
  const found = [await page(db, filter, budget)]
  for (let next = found[0]?.next; next !== undefined; next = found.at(-1)?.next)
    found.push(await page(db, { ...filter, before: next }, budget))
  return found
}
const seqs = (rows: readonly Recorded[]): number[] => rows.map(r => r.seq)

describe('a page of the journal', () => {
  it.each<[string, Partial<PageFilter>]>([
    ['a zone that nothing happened in', { zone: 'nowhere' }],
    ['a device nobody has', { device: 'none' }],
    ['a kind that never came', { kinds: ['tamper.raised'] }],
  ])('looking for %s leaves the event loop free all along', async (_, narrowed) => {
    let others = 0
    let running = true
    const tick = (): void => {
      others += 1
      if (running) setImmediate(tick)
    }
    setImmediate(tick)
    const found = await pages({ limit: 100, ...narrowed })
    running = false
    expect(found.flatMap(p => p.rows)).toEqual([])
    expect(found.at(-1)).not.toHaveProperty('next')
    expect(others).toBeGreaterThanOrEqual(ROWS / 2_000)
  })

  it('takes turns with others: whoever searches everything keeps nobody waiting who wants the newest rows', async () => {
    let searching = 5
    const searches = Array.from({ length: searching }, () =>
      page(db, { limit: 1, zone: 'nowhere' }).then(() => searching--),
    )
    expect((await page(db, { limit: 10 })).rows).toHaveLength(10)
    expect(searching).toBe(5)
    await Promise.all(searches)
  })

  it('ends its search where the budget ends, and says where to go on', async () => {
    expect(await page(db, { limit: 5, zone: 'attic' }, { rows: 100, slices: 3 })).toEqual({
      rows: [],
      next: ROWS - 299,
    })
    const oldest = await page(db, { limit: 100, zone: 'attic', before: 90 }, { rows: 100, slices: 3 })
    expect([oldest.rows.length, oldest.next]).toEqual([43, undefined])
  })

  it('answers a cursor from beyond the journal, and one at its start', async () => {
    expect(seqs((await page(db, { limit: 2, before: 999_999_999_999_999 })).rows)).toEqual([ROWS, ROWS - 1])
    expect(await page(db, { limit: 2, before: 1 })).toEqual({ rows: [] })
  })

  it('and the pages after it are together the whole of what matches, each row once, newest first', async () => {
    const kinds: EventKind[] = ['readings', 'access.denied']
    const some = fc.constantFrom('readings', 'access.denied')
    const filter = fc.record(
      {
        before: fc.integer({ min: 1, max: 3_000 }),
        limit: fc.integer({ min: 1, max: 200 }),
        kinds: fc.subarray(kinds, { minLength: 1 }),
        except: some.map(k => [k as EventKind]),
        zone: fc.constantFrom('attic', 'ward', 'nowhere'),
        device: fc.constantFrom('d-0', 'd-3', 'none'),
      },
      { requiredKeys: ['before', 'limit'] },
    )
    const budget = fc.record({ rows: fc.integer({ min: 1, max: 500 }), slices: fc.integer({ min: 1, max: 20 }) })
    await fc.assert(
      fc.asyncProperty(filter, budget, async (f, b) => {
        const found = await pages(f, { rows: Math.max(b.rows, 20), slices: b.slices })
        expect(found.every(p => p.rows.length <= f.limit)).toBe(true)
        expect(seqs(found.flatMap(p => p.rows))).toEqual(seqs(events(db, { ...f, limit: ROWS })))
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})
