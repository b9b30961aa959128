/** Which good backups there are, as far as this hub knows: one row a file. What keeps them, and what says that one is late. */

import type { VigieEvent } from '../events.ts'
import type { OpContext } from './op-context.ts'
import { append } from './op-context.ts'
import { meta, setMeta } from './site.ts'
import { all, type Db, first, run, sql } from './sql.ts'

export interface BackupRow {
  /** When its copy was taken, ms. */
  readonly at: number
  /** Folder. */
  readonly destination: string
  readonly file: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

/** Newest first. @param destination absent: of every folder */
export function backupsMade(db: Db, destination?: string): BackupRow[] {
  const query = sql.selectFrom('backup').selectAll().orderBy('at', 'desc').orderBy('destination')
  return all(db, destination === undefined ? query : query.where('destination', '=', destination))
}
export const newestBackup = (db: Db, destination: string): BackupRow | undefined =>
  first(db, sql.selectFrom('backup').selectAll().where('destination', '=', destination).orderBy('at', 'desc').limit(1))

/** When the journal began, ms. */
export const firstRowAt = (db: Db): number | undefined =>
  first(db, sql.selectFrom('journal').select('at').where('seq', '=', 1))?.at

const saidKey = (destination: string): string => `backup_overdue ${destination}`
/** When it was last said that a folder's newest backup is too old, ms. */
export const overdueSaid = (db: Db, destination: string): number | undefined => {
  const at = meta(db, saidKey(destination))
  return at === undefined ? undefined : Number(at)
}

export const BACKUP_OPS = {
  /** A file that is there and was read back: with its row in the journal. */
  backupMade: (c: OpContext, a: { at: number; made: BackupRow; event: VigieEvent }) => {
    run(
      c.db,
      sql
        .insertInto('backup')
        .values(a.made)
        .onConflict(o => o.columns(['destination', 'file']).doUpdateSet(a.made)),
    )
    run(c.db, sql.deleteFrom('meta').where('key', '=', saidKey(a.made.destination)))
    return append(c, a.at, a.event)
  },
  /** Files that rotation removed. */
  backupsGone: (c: OpContext, a: { destination: string; files: readonly string[] }) => {
    for (const file of a.files)
      run(c.db, sql.deleteFrom('backup').where('destination', '=', a.destination).where('file', '=', file))
  },
  backupOverdue: (c: OpContext, a: { at: number; destination: string; event: VigieEvent }) => {
    setMeta(c.db, saidKey(a.destination), String(a.at))
    return append(c, a.at, a.event)
  },
} as const
