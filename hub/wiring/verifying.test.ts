import { afterEach, beforeEach, expect, it } from 'vitest'
import { verify } from '../record/chain-verify.ts'
import { SignedJournal } from '../record/testing/signed-journal.ts'
import { verifyJournal } from './verifying.ts'

let journal: SignedJournal
beforeEach(async () => {
  journal = new SignedJournal()
  for (const rows of [20_000, 20_000, 17_000]) {
    journal.append(rows)
    await journal.sign()
  }
})
afterEach(() => journal.close())

it('threads find what one reader finds, whole or damaged in any stretch', async () => {
  expect(await verifyJournal(journal.folder, [], 2)).toEqual(verify(journal.db))
  for (const [row, sql] of [
    [50_000, `update journal_payload set body = '{}' where seq = 50000`],
    [33_000, 'delete from journal_payload where seq = 33000'],
    [16_385, 'update journal set at = at + 1 where seq = 16385'],
    [5, `update journal set kind = 'x' where seq = 5`],
  ] as const) {
    journal.tamper(sql)
    const verdict = await verifyJournal(journal.folder, [], 2)
    expect(verdict).toMatchObject({ ok: false, row })
    expect(verdict).toEqual(verify(journal.db))
  }
}, 60_000)
