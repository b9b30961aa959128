/** A journal goes on under another name: after a restore, so that no two histories are ever signed under one. */
import { randomBytes } from 'node:crypto'
import { type JournalKey, journalKeys, KEYS_META, originOf } from './signing.ts'
import { meta, setMeta } from './site.ts'
import { type Db, first, run, sql } from './sql.ts'

/** What the journal was called up to row `rows`, and the keys it signed with. */
export interface FormerJournal {
  readonly origin: string
  readonly rows: number
  readonly keys: readonly JournalKey[]
}

const BEFORE_META = 'journal_before'
/** Oldest first. */
export const formerJournals = (db: Db): readonly FormerJournal[] =>
  JSON.parse(meta(db, BEFORE_META) ?? '[]') as FormerJournal[]

/**
 * Within the caller's transaction, in a database that nobody else has open. Checkpoints and cosignatures of the former name
 * go: they say nothing of this one. The signing key stays, and is the first of the new name from its first checkpoint on.
 * @returns the new name
 */
export function newOrigin(db: Db): string {
  const rows = first(db, sql.selectFrom('journal').select(sql.fn.max('seq').as('seq')))?.seq ?? 0
  const former: FormerJournal = { origin: originOf(db), rows, keys: journalKeys(db) }
  setMeta(db, BEFORE_META, JSON.stringify([...formerJournals(db), former]))
  clearCheckpoints(db)
  run(db, sql.deleteFrom('cosignature'))
  run(db, sql.deleteFrom('meta').where('key', '=', KEYS_META))
  const origin = `vigie-journal/${randomBytes(8).toString('hex')}`
  setMeta(db, 'journal_origin', origin)
  return origin
}

/** The trigger that refuses it is taken away for that one statement, and is back in the same commit. */
function clearCheckpoints(db: Db): void {
  const trigger = db.prepare<[], string>(
    "select sql from sqlite_master where type = 'trigger' and name = 'checkpoint_no_delete'",
  )
  const text = trigger.pluck().get()
  db.exec('drop trigger if exists checkpoint_no_delete')
  run(db, sql.deleteFrom('checkpoint'))
  if (text !== undefined) db.exec(text)
}
