/** One backup, from the copy to the rows that tell of it: for the hub and for the command line alike. */
import type { VigieEvent } from '../events.ts'
import { encrypt } from '../export/age.ts'
import { backupDone, type FailedBackup, type MadeBackup } from '../flows/backup-done.ts'
import { type BackupOutcome, type BackupWish, makeBackup } from '../record/backup.ts'
import { isBackupName, removeBackup } from '../record/backup-file.ts'
import { needRecipient } from '../record/backup-recipient.ts'
import { backupsMade } from '../record/backups-made.ts'
import type { OpArgs, OpName } from '../record/ops.ts'
import type { Db } from '../record/sql.ts'

export interface BackupNeeds {
  readonly db: Db
  readonly op: <N extends OpName>(name: N, args: OpArgs<N>) => unknown
  readonly tell: (event: VigieEvent) => unknown
  /** Good ones kept in each folder. */
  readonly most: number
  readonly now: () => number
}

/** In this process. @throws VigieError backup-key-missing, backup-copy-failed, journal-damaged */
export function makeHere(wish: BackupWish): Promise<BackupOutcome[]> {
  const recipient = needRecipient(wish.folder.dir)
  return makeBackup(wish, plain => encrypt(plain, [recipient]))
}

/** Rows and rotation. @param by `hub`, an operator's pseudonym or `cli:<user>` */
export function keepOutcomes(outcomes: readonly BackupOutcome[], by: string, needs: BackupNeeds): Promise<void> {
  const { db, op, tell, now } = needs
  return backupDone(outcomes.map(plain), by, needs.most, {
    keep: (made, event) => op('backupMade', { at: now(), made, event }),
    tell: event => tell(event),
    kept: destination => backupsMade(db, destination),
    remove: async (destination, file) => isBackupName(file) && (await removeBackup(destination, file)),
    forget: (destination, files) => op('backupsGone', { destination, files }),
  })
}

function plain(outcome: BackupOutcome): MadeBackup | FailedBackup {
  if ('cause' in outcome) return { destination: outcome.destination, error: outcome.code ?? outcome.cause }
  const { at, destination, file, rows, bytes, sha256 } = outcome
  return { at, destination, file, rows, bytes, sha256 }
}
