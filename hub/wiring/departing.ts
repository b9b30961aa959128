/**
 * People who leave, put together: the same for the command line, HTTP, the directory and what is due by itself. Left out are
 * `withoutDisk` and `endSessions` where no hub runs in this process, or not yet: sockets then notice within a second.
 */
import type { ActFacts } from '../flows/acting.ts'
import { type DepartureWrite, PersonDeparted } from '../flows/person-departed.ts'
import type { WithoutDisk } from '../flows/without-disk.ts'
import { standingOf } from '../record/grants.ts'
import { openAccountsOf } from '../record/leaving.ts'
import type { Db } from '../record/sql.ts'
import type { PerformOp } from './enrolment.ts'

export interface DepartingNeeds {
  /** For reading. */
  readonly db: Db
  readonly op: PerformOp
  readonly facts: () => ActFacts
  /** Resolves when the running hub decides by what was just written, or none is running. */
  readonly inForce: () => unknown
  /** Of one account, by pseudonym: at once, whatever the disk does. Must not reject. */
  readonly endSessions?: ((operator: string) => unknown) | undefined
  /** Keeps an account out that has ended without the disk, until the store says so. */
  readonly suspend?: ((operator: string) => void) | undefined
  readonly withoutDisk?: WithoutDisk | undefined
  readonly now: () => number
}

export const departing = ({ db, op, endSessions, suspend, ...needs }: DepartingNeeds): PersonDeparted =>
  new PersonDeparted({
    ...needs,
    write: a => op('departPerson', a),
    standing: (person, at) => standingOf(db, person, at).length,
    accounts: (person, which: DepartureWrite['accounts']) => openAccountsOf(db, person, which),
    endSessions: operator => endSessions?.(operator),
    suspend: operator => suspend?.(operator),
  })
