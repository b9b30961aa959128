/**
 * A backup to one or more folders has been tried:
 *
 *   record   for each folder a row: made, or failed and why; a good one also in the table of backups
 *   rotate   where it was made: older ones beyond the number that is kept go, only such as this hub made itself
 *
 * One folder that fails stops no other.
 */
import type { BackupEvent, VigieEvent } from '../events.ts'
import type { Awaitable } from './acting.ts'

export interface MadeBackup {
  /** When its copy was taken, ms. */
  readonly at: number
  readonly destination: string
  readonly file: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}
export interface FailedBackup {
  readonly destination: string
  /** Code of the error table, or the system's words. */
  readonly error: string
}

export interface BackupPorts {
  /** The row in the table and the one in the journal, together. @throws VigieError journal-unavailable */
  readonly keep: (made: MadeBackup, event: VigieEvent) => Awaitable<unknown>
  /** The journal, else the spool. */
  readonly tell: (event: VigieEvent) => Awaitable<unknown>
  /** Of a folder, newest first. */
  readonly kept: (destination: string) => readonly MadeBackup[]
  /** @returns true if the file is gone */
  readonly remove: (destination: string, file: string) => Promise<boolean>
  readonly forget: (destination: string, files: readonly string[]) => Awaitable<unknown>
}

export async function backupDone(
  outcomes: readonly (MadeBackup | FailedBackup)[],
  by: string,
  most: number,
  ports: BackupPorts,
): Promise<void> {
  for (const outcome of outcomes) {
    if ('error' in outcome) {
      await ports.tell({ kind: 'backup.failed', destination: outcome.destination, by, error: outcome.error })
      continue
    }
    await ports.keep(outcome, rowOf(outcome, by))
    await rotate(outcome.destination, most, ports)
  }
}

function rowOf({ destination, rows, sha256, bytes }: MadeBackup, by: string): BackupEvent {
  return { kind: 'backup.made', destination, by, rows, sha256, bytes }
}

/** A file that can't be removed now is tried again after the next backup. */
async function rotate(destination: string, most: number, ports: BackupPorts): Promise<void> {
  const gone: string[] = []
  for (const { file } of ports.kept(destination).slice(most)) if (await ports.remove(destination, file)) gone.push(file)
  if (gone.length > 0) await ports.forget(destination, gone)
}
