/** Rows of what has happened whatever the disk does: the journal, else the spool, so that they are told later rather than never. */
import type { VigieEvent } from '../events.ts'
import { Owed } from '../flows/owed.ts'
import { withToken } from '../http/acting-token.ts'
import type { Entry, JournalWriter, Recorded } from '../ports.ts'

interface Needs {
  readonly journal: Pick<JournalWriter, 'append'>
  /** What it rejects is lost to this row's teller; whoever hands it in may keep it and try again. */
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly notify?: (recorded: Recorded) => void
  readonly onFailure: (error: unknown) => void
  readonly now: () => number
}

/** @returns a function that never rejects */
export function recorder({ journal, spool, notify, onFailure, now }: Needs) {
  return async (event: VigieEvent): Promise<void> => {
    const entry: Entry = { event: withToken(event), at: now() }
    try {
      const recorded = await journal.append(entry)
      notify?.(recorded)
    } catch {
      await spool([entry]).catch(onFailure)
    }
  }
}

/** Where rows wait for the journal: `add` rejects if the spool fails, `keep` too, but goes on trying. */
export interface SpoolRows {
  readonly add: (entries: readonly Entry[]) => Promise<void>
  readonly keep: (entries: readonly Entry[]) => Promise<void>
  readonly waiting: () => number
  stop(): Promise<void>
}

/** Observers hear at once of what waits for the journal: an alarm is for now. */
export function spoolRows(
  spool: { add(entries: readonly Entry[]): Promise<void>; readonly waiting: number },
  { notify, onFailure }: Required<Pick<Needs, 'notify' | 'onFailure'>>,
): SpoolRows {
  const add = (entries: readonly Entry[]): Promise<void> => {
    for (const { at, event } of entries) notify({ seq: 0, at, event, unrecorded: true })
    return spool.add(entries)
  }
  const owed = new Owed({ spool: add, onFailure })
  return { add, keep: owed.add, waiting: () => spool.waiting, stop: () => owed.stop() }
}
