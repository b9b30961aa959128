/** Which folders have no good backup of the last 26 hours: said once a day for each, until there is one. Pure. */
import type { BackupEvent } from '../events.ts'

/** A day and two hours: a daily one that takes its time, and the hour that a clock is put back, are no alarm. */
export const OVERDUE_MS = 26 * 3_600_000
export const SAID_AGAIN_MS = 24 * 3_600_000

export interface BackupFacts {
  readonly destination: string
  /** When the newest good one was taken, ms. */
  readonly newest?: number
  /** When it was last said that it is too old, ms. */
  readonly said?: number
}

/** @param since when this hub began to look, ms: a folder that never had one gets its 26 hours too */
export const isOverdue = ({ newest }: BackupFacts, since: number, now: number): boolean =>
  now - (newest ?? since) > OVERDUE_MS

/** Rows to be written now. */
export function overdueNow(facts: readonly BackupFacts[], since: number, now: number): BackupEvent[] {
  return facts
    .filter(f => isOverdue(f, since, now) && (f.said === undefined || now - f.said >= SAID_AGAIN_MS))
    .map(({ destination, newest }) => {
      const told = newest === undefined ? {} : { newest }
      return { kind: 'backup.overdue', destination, by: 'hub', ...told }
    })
}
