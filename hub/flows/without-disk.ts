/**
 * Acts that a running hub carries out whatever its disk does: those that let people out, and those that close.
 *
 *   write     in one transaction, as ever
 *   go on     where that fails, or takes longer than people can wait: in force in memory, and at the doors, from now on
 *   spool     its rows with their situations, once it is known that the write has failed
 *
 * What opens, or lifts what is closed, has no such way: it waits for the disk.
 */
import type { SituationChange, SituationKind } from '../access/situations.ts'
import { isVigieError } from '../errors.ts'
import type { Entry } from '../ports.ts'
import type { ActWrite, Awaitable, WriteAct } from './acting.ts'

/** How a running hub goes on without its disk. */
export interface WithoutDisk {
  /** In force in memory, from now on. */
  readonly apply: (changes: readonly SituationChange[]) => void
  /** Releases doors, or calls locks back, as after a change that was written. */
  readonly onActs: (changes: readonly SituationChange[]) => void
  /** A badge opens nothing from now on, and its locks are called back. */
  readonly loseBadge: (uid: string, changes: readonly SituationChange[]) => void
  /** Rejects where even the spool failed; the rows are then kept, and offered to it again. */
  readonly spool: (entries: readonly Entry[]) => Promise<void>
  readonly onFailure: (error: unknown) => void
}
/** Longer, and people wait before closed doors for a disk. */
export const DISK_PATIENCE_MS = 1_000

export interface Written {
  /** Absent where the disk did not take it in time. */
  readonly revision?: number
  /** Where its row stands: `pending` is in memory only, and on its way. */
  readonly recorded: 'journal' | 'spool' | 'pending'
}

type Told = Pick<ActWrite, 'at' | 'situations' | 'events'>

/**
 * @param without absent: no hub runs here, and what can't be written is not done
 * @param goOn called at most once, where the disk did not take it in time
 * @throws VigieError what the write was refused with; journal-unavailable only where no hub runs here
 */
export async function writtenOrInForce(
  write: () => Awaitable<number>,
  told: Told,
  without: Pick<WithoutDisk, 'spool' | 'onFailure'> | undefined,
  goOn: () => void,
): Promise<Written> {
  const written = (async () => write())()
  if (!without) return { revision: await written, recorded: 'journal' }
  try {
    return { revision: await inTime(written), recorded: 'journal' }
  } catch (error) {
    if (isVigieError(error) && error.code !== 'journal-unavailable') throw error
    goOn()
    return { recorded: await spooled(told, written, without, error) }
  }
}

/** An order to the disk that hangs may still be carried out: its rows are spooled only when it is known to have failed. */
async function spooled(
  told: Told,
  written: Promise<number>,
  { spool, onFailure }: Pick<WithoutDisk, 'spool' | 'onFailure'>,
  error: unknown,
): Promise<'spool' | 'pending'> {
  const kept = written.then(
    () => undefined,
    () => spool(entriesOf(told)),
  )
  kept.catch(onFailure)
  if (error instanceof TooSlow) return 'pending'
  return kept.then(
    () => 'spool' as const,
    () => 'pending' as const,
  )
}

/** The situations go with the first row: they are written together. */
const entriesOf = ({ at, events, situations }: Told): Entry[] =>
  events.map((event, i) => ({ event, at, ...(i === 0 ? { situations } : {}) }))

class TooSlow extends Error {}

function inTime(written: Promise<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new TooSlow('no answer from the disk')), DISK_PATIENCE_MS)
    written.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * Writes acts. Where memory has gone ahead of the disk, what an act expects to find there is left out: memory is what the
 * flow has looked at already.
 */
export class ActWriter {
  readonly #write: WriteAct
  readonly #without: WithoutDisk | undefined
  readonly #ahead = new Set<string>()

  constructor(write: WriteAct, without: WithoutDisk | undefined) {
    this.#write = write
    this.#without = without
  }

  /** What lets people out, or closes. @throws VigieError situation-changed; journal-unavailable where no hub runs here */
  async orGoOn(act: ActWrite): Promise<Written> {
    const without = this.#without
    const written = await writtenOrInForce(
      () => this.#writeNow(act),
      act,
      without,
      () => {
        for (const row of act.situations) this.#ahead.add(idOf(row))
        without?.apply(act.situations)
        without?.onActs(act.situations)
      },
    )
    return written
  }

  /** What opens. @throws VigieError situation-changed, journal-unavailable */
  async orFail(act: ActWrite): Promise<{ readonly revision: number; readonly recorded: 'journal' }> {
    return { revision: await this.#writeNow(act), recorded: 'journal' }
  }

  async #writeNow(act: ActWrite): Promise<number> {
    const expect = act.expect?.filter(row => !this.#ahead.has(idOf(row)))
    const revision = await this.#write(expect ? { ...act, expect } : act)
    for (const row of act.situations) this.#ahead.delete(idOf(row))
    return revision
  }
}

const idOf = ({ kind, key }: { readonly kind: SituationKind; readonly key: string }): string => `${kind} ${key}`
