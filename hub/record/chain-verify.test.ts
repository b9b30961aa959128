import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GENESIS, link } from './chain.ts'
import { verify } from './chain-verify.ts'
import { newestCheckpoint } from './checkpoints.ts'
import { journalKeys } from './signing.ts'
import { SignedJournal } from './testing/signed-journal.ts'

let journal: SignedJournal
beforeEach(() => {
  journal = new SignedJournal()
})
afterEach(() => journal.close())

/** From row `from` on, as an intruder with the database key but without the signing key can. */
function rebuild(from: number): void {
  journal.tamper(`update journal set at = at + 1 where seq = ${from}`)
  let previous = journal.db
    .prepare<[number], Buffer>('select hash from journal where seq = ?')
    .pluck()
    .get(from - 1)
  const rows = journal.db
    .prepare<[number], { seq: number; at: number; kind: string; commitment: Buffer }>(
      'select seq, at, kind, commitment from journal where seq >= ? order by seq',
    )
    .all(from)
  for (const { seq, at, kind, commitment } of rows) {
    previous = link(previous ?? GENESIS, seq, at, kind, commitment)
    journal.db.prepare('update journal set hash = ? where seq = ?').run(previous, seq)
  }
}

describe('the signed journal', () => {
  it('verifies: rows, checkpoints, and what is not signed yet', async () => {
    journal.append(300)
    await journal.sign()
    journal.append(700)
    await journal.sign()
    journal.append(5)
    expect(verify(journal.db)).toMatchObject({ ok: true, rows: 1005, checkpoints: 2, signed: 1000, erased: 0 })
  })

  it('verifies over several stretches, with a checkpoint in each and on their edges', async () => {
    for (const rows of [10_000, 6_384, 1, 16_383, 16_384, 16_384, 10_000]) {
      journal.append(rows)
      await journal.sign()
    }
    expect(verify(journal.db)).toMatchObject({ ok: true, rows: 75_536, checkpoints: 7, signed: 75_536 })
    journal.tamper('update merkle_node set hash = zeroblob(32) where level = 16')
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 1, cause: expect.stringMatching(/stored hash/) })
  })

  it('that was rebuilt without the signing key is damaged from the last good checkpoint on', async () => {
    for (const rows of [100, 50, 50]) {
      journal.append(rows)
      await journal.sign()
    }
    rebuild(120)
    const cause = 'a signed checkpoint does not match: the rows were written anew'
    expect(verify(journal.db)).toEqual({ ok: false, row: 101, until: 150, cause })
  })

  it('that was rebuilt together with its checkpoints does not match what a witness kept', async () => {
    journal.append(100)
    const { note, size } = await journal.sign()
    rebuild(60)
    journal.db.exec('delete from checkpoint')
    journal.append(10)
    await journal.sign()
    expect(verify(journal.db)).toMatchObject({ ok: true })
    expect(verify(journal.db, [{ size, note }])).toMatchObject({ ok: false, row: 1, until: 100 })
  })

  it('whose tail was cut, payloads and checkpoints with it, is short of what a witness kept', async () => {
    journal.append(100)
    await journal.sign()
    journal.append(10)
    const { note, size } = await journal.sign()
    const cut = (table: string, column: string): void => journal.tamper(`delete from ${table} where ${column} > 104`)
    cut('journal', 'seq')
    cut('journal_payload', 'seq')
    const cause = 'the tail was cut: a signed checkpoint counts more rows'
    expect(verify(journal.db)).toEqual({ ok: false, row: 105, until: 110, cause })
    cut('checkpoint', 'size')
    expect(verify(journal.db)).toMatchObject({ ok: true, rows: 104 })
    expect(verify(journal.db, [{ size, note }])).toEqual({ ok: false, row: 105, until: 110, cause })
  })

  it.each([
    ['signature', `update checkpoint set note = replace(note, '— ', '— x')`],
    ['time', 'update checkpoint set at = at + 1'],
    ['root', 'update checkpoint set root = zeroblob(32)'],
    ['head', 'update checkpoint set head = zeroblob(32)'],
  ])('whose stored checkpoint has another %s is damaged', async (_, sql) => {
    journal.append(10)
    await journal.sign()
    journal.append(10)
    journal.tamper(sql)
    const cause = 'a stored checkpoint is not as it was signed'
    expect(verify(journal.db)).toEqual({ ok: false, row: 1, until: 10, cause })
  })

  it('without any of its checkpoints is damaged', async () => {
    journal.append(10)
    await journal.sign()
    journal.tamper('delete from checkpoint')
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 1, cause: 'all signed checkpoints are gone' })
  })

  it('names the stretch whose kept hash was changed', async () => {
    journal.append(600)
    await journal.sign()
    journal.tamper('update merkle_node set hash = zeroblob(32) where level = 8 and idx = 1')
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 512, cause: expect.stringMatching(/stored hash/) })
  })
})

it('a byte moved from a payload to its salt is damage, although they hash alike', () => {
  // As text a salt of more than 16 bytes may have 16 characters: many salts, so that some do.
  for (const typed of ['text', 'blob']) {
    const shifted = new SignedJournal()
    shifted.append(100)
    shifted.tamper('create table kept as select * from journal_payload')
    for (let seq = 1; seq <= 100; seq++) {
      shifted.tamper(
        `update journal_payload set salt = cast(salt || x'7b' as ${typed}), body = substr(body, 2) where seq = ${seq}`,
      )
      expect(verify(shifted.db), `${typed} ${seq}`).toMatchObject({ ok: false, row: seq })
      shifted.tamper(`replace into journal_payload select * from kept where seq = ${seq}`)
    }
    shifted.close()
  }
})

describe('erased payloads', () => {
  beforeEach(() => journal.append(20))

  it('are vouched for by a row, and the journal verifies', async () => {
    journal.erase([3, 4, 5, 9], '3-5,9')
    await journal.sign()
    expect(verify(journal.db)).toMatchObject({ ok: true, rows: 21, erased: 4 })
  })

  it('that no row names are damage, whatever the table of the erased says', () => {
    journal.erase([3, 4], '3')
    expect(verify(journal.db)).toEqual({ ok: false, row: 4, cause: 'its content is gone' })
  })

  it('that a row names but the table does not are damage', () => {
    journal.erase([3])
    journal.tamper('delete from erased')
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 3, cause: 'its content is gone' })
  })

  it('of a row that vouches for others are damage', () => {
    const first = journal.erase([3])
    journal.erase([first])
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 3, cause: 'its content is gone' })
  })

  it('vouched for by a changed row are damage', () => {
    const row = journal.erase([3])
    const body = JSON.stringify({ kind: 'payloads.erased', cause: 'term', ranges: '1-20', count: 20 })
    journal.tamper(`update journal_payload set body = '${body}' where seq = ${row}`)
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 3 })
  })
})

describe('the signing key', () => {
  it('changes by a note of the one before, and the journal verifies across changes', async () => {
    journal.append(10)
    expect(await journal.rotate()).toBe(11)
    journal.append(10)
    await journal.rotate()
    await journal.sign()
    expect(journalKeys(journal.db)).toHaveLength(3)
    expect(verify(journal.db)).toMatchObject({ ok: true, rows: 22, checkpoints: 3 })
  })

  it('put in its place without that note is damage', async () => {
    journal.append(10)
    await journal.rotate()
    await journal.sign()
    const other = new SignedJournal()
    other.append(1)
    await other.sign()
    const [stranger] = journalKeys(other.db)
    other.close()
    const keys = journalKeys(journal.db).with(1, { ...journalKeys(journal.db)[1]!, vkey: stranger!.vkey })
    journal.tamper(`update meta set value = '${JSON.stringify(keys)}' where key = 'journal_keys'`)
    const cause = 'the change of the signing key is not signed by the key before'
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 11, cause })
  })

  it('of an earlier time does not sign what comes after its change', async () => {
    journal.append(10)
    await journal.sign()
    const keys = journalKeys(journal.db)
    journal.append(10)
    await journal.rotate()
    await journal.sign()
    const signed = newestCheckpoint(journal.db)!
    journal.tamper(`update meta set value = '${JSON.stringify(keys)}' where key = 'journal_keys'`)
    expect(verify(journal.db)).toMatchObject({ ok: false, row: 21 })
    expect(signed.size).toBe(21)
  })
})
