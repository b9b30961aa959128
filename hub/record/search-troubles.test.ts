/** What goes wrong with an index while it is used: none of it may last, and none of it may lead to a wrong answer. */
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JournalFilter } from '../api.ts'
import { smallSite } from '../test/small-site.ts'
import { NOON, Stage } from '../test/stage.ts'
import { searchingIn } from '../wiring/searching.ts'
import { openDatabase } from './database.ts'
import { removeDerived } from './derived-file.ts'
import { matching, quarters } from './search.ts'
import { searchFile } from './search-file.ts'
import { known, resolved } from './search-filter.ts'
import { SearchIndex } from './search-index.ts'

let stage: Stage
let index: SearchIndex
beforeEach(async () => {
  stage = await Stage.open()
  await stage.apply(smallSite())
  index = new SearchIndex(stage.folder, stage.db)
})
afterEach(async () => {
  index.close()
  await stage.close()
})

const PLACE = { accessPoint: 'drugs', zone: 'ward' } as const
const append = async (...comments: string[]): Promise<number[]> => {
  const rows = comments.map(comment => ({
    at: NOON,
    event: { kind: 'break-glass.review-closed', id: 'e', person: 'p-9', ...PLACE, comment } as const,
  }))
  return (await stage.journal.appendAll(rows)).map(row => row.seq)
}
const search = (filter: JournalFilter) => resolved(stage.db, filter).search
const found = async (filter: JournalFilter, by = index): Promise<number[]> => {
  await by.ready(30_000)
  const seqs: number[] = []
  for await (const hits of matching(by, search(filter), { order: 'asc' })) seqs.push(...hits.map(h => h.seq))
  return seqs
}
function erase(seq: number): void {
  const event = { kind: 'payloads.erased', cause: 'request', ranges: String(seq), count: 1 } as const
  const row = stage.op('record', { at: NOON, event })
  const db = openDatabase(stage.folder)
  db.prepare('insert into erased (seq, row) values (?, ?)').run(seq, row)
  db.prepare('delete from journal_payload where seq = ?').run(seq)
  db.close()
}

describe('an index that another process follows too', () => {
  it('finds a word again that the other one had dropped', async () => {
    const [first] = await append('Quetzalcoatl')
    expect(await found({ text: 'quetzal' })).toEqual([first])
    erase(first!)
    const beside = new SearchIndex(stage.folder, stage.db)
    // The other one forgets it, and gives its number to another word.
    await append('Montezuma')
    await beside.ready(30_000)
    const [again] = await append('Quetzalcoatl')
    expect(await found({ text: 'quetzal' })).toEqual([again])
    expect(await found({ text: 'montezuma' })).toHaveLength(1)
    beside.close()
  })
})

describe('an index in trouble', () => {
  it('is made anew where it has rows that it does not know of', async () => {
    const seqs = await append('one', 'two')
    await index.ready()
    index.db.prepare("delete from meta where key = 'reached'").run()
    await expect(index.ready()).rejects.toMatchObject({ code: 'index-behind' })
    expect(await found({ kinds: ['break-glass.review-closed'] })).toEqual(seqs)
  })

  it('that is damaged under a reader says so, and is whole again', async () => {
    const seqs = await append(...Array.from({ length: 3_000 }, (_, i) => `word${i}`))
    await index.ready(30_000)
    index.db.pragma('wal_checkpoint(TRUNCATE)')
    index.db.pragma('cache_size = 0')
    const file = searchFile(stage.folder.dir)
    const fd = openSync(file, 'r+')
    for (let at = 0; at < statSync(file).size; at += 4_096) writeSync(fd, Buffer.alloc(2_000, 0x5a), 0, 2_000, at)
    closeSync(fd)
    const asked = (): Promise<number[]> => found({ kinds: ['break-glass.review-closed'] })
    await expect(asked()).rejects.toMatchObject({ code: 'index-behind' })
    expect(await asked()).toEqual(seqs)
  })

  it('can not be opened: says so, and works as soon as it can', async () => {
    const file = searchFile(stage.folder.dir)
    index.close()
    removeDerived(searchFile(stage.folder.dir))
    mkdirSync(join(file, 'x'), { recursive: true })
    index = new SearchIndex(stage.folder, stage.db)
    const seqs = await append('one')
    for (let i = 0; i < 2; i++)
      await expect(index.ready()).rejects.toMatchObject({ code: 'index-unwritable', details: { file } })
    rmSync(file, { recursive: true })
    expect(await found({ text: 'one' })).toEqual(seqs)
  })

  it('could not be made anew at once: is as soon as the disk works', async () => {
    const seqs = await append('one')
    await index.ready()
    const file = searchFile(stage.folder.dir)
    index.db.prepare("delete from meta where key = 'reached'").run()
    rmSync(file)
    mkdirSync(join(file, 'x'), { recursive: true })
    for (let i = 0; i < 2; i++) await expect(index.ready()).rejects.toMatchObject({ code: 'index-unwritable' })
    rmSync(file, { recursive: true })
    for (const rest of ['-wal', '-shm']) rmSync(file + rest, { force: true })
    expect(await found({ text: 'one' })).toEqual(seqs)
  })

  it('was made anew while somebody was reading: they are told to come again', async () => {
    const seqs = await append(...Array.from({ length: 30 }, () => 'one'))
    await index.ready()
    const reading = matching(index, search({ text: 'one' }), { order: 'asc', slice: 10 })
    expect((await reading.next()).value).toHaveLength(10)
    index.db.prepare("update meta set value = 'another' where key = 'of'").run()
    await index.catchUp()
    await expect(reading.next()).rejects.toMatchObject({ code: 'index-behind' })
    expect(await found({ text: 'one' })).toEqual(seqs)
    const counting = expect(quarters(index, search({ text: 'one' }))).rejects.toMatchObject({ code: 'index-behind' })
    index.db.prepare("update meta set value = 'another' where key = 'of'").run()
    await Promise.all([index.catchUp(), counting])
  })

  it('waits for ever where it is told to', async () => {
    for (let i = 0; i < 5; i++) await append(...Array.from({ length: 2_000 }, (_, n) => `word${n}`))
    const searching = searchingIn(stage.folder, stage.db, Number.POSITIVE_INFINITY)
    const page = await searching.page({ filter: { text: 'word7' }, except: [], paging: { limit: 1 } })
    expect(page.rows).toHaveLength(1)
    searching.close()
  })
})

it('a note of a search holds no reason, origin or actor that the journal does not: it may be a name', async () => {
  await append('one')
  stage.op('record', { at: NOON, event: { kind: 'pin.set', person: 'p-1', by: 'cli:claire' } })
  await index.ready()
  const note = { reason: 'Jean.Dupont', origin: 'x:Dupont', by: 'cli:Dupont', zone: 'ward' }
  expect(known(index.db, note)).toEqual({ reason: true, origin: true, by: true, zone: 'ward' })
  const plain = { by: 'cli:claire', from: 1 }
  expect(known(index.db, plain)).toEqual(plain)
  expect(known(index.db, { by: 'o-1234' })).toEqual({ by: 'o-1234' })
})
