/**
 * Somebody leaves: for good, or for as long as the directory says. One action:
 *
 *   check    a person of the site, who does not see themselves out
 *   record   badges revoked, grants revoked, PIN cleared, account ended with its sessions, links and tokens, the person given
 *            an end, and the row `person.departed` with what was live: one commit
 *   act      locks that a badge of theirs has released are called back, open sockets are told: before the answer
 *   answer   what ended
 *
 * A running hub does it whatever its disk does (without-disk.ts): badges open nothing from then on, and sessions end; the row
 * in the spool brings the rest with it.
 *
 * Whoever comes back is given a period again; their badges stay revoked, and a new one is issued.
 */
import type { SituationChange } from '../access/situations.ts'
import { VigieError } from '../errors.ts'
import type { PersonDeparted as Row } from '../events.ts'
import { type ActFacts, type Awaitable, needPerson } from './acting.ts'
import { type WithoutDisk, type Written, writtenOrInForce } from './without-disk.ts'

export interface DepartureWish {
  /** Of the site, by id. */
  readonly person: string
  /** As the journal names it: an operator's pseudonym, `cli:<user>`, `directory:<token>`. */
  readonly by: string
  readonly statedReason?: string
  /** `directory`: an account that was made in Vigie stays as it is. Default all. */
  readonly accounts?: 'all' | 'directory'
}
export interface DepartureWrite extends DepartureWish {
  readonly at: number
  readonly accounts: 'all' | 'directory'
}
/** What the store ended. */
export interface DepartureWritten {
  readonly revision: number
  readonly badges: number
  readonly grants: number
  /** Accounts, by pseudonym. */
  readonly operators: readonly string[]
}
export interface Departed extends Written {
  readonly person: string
  /** That opened something until now; 0, as the next two, for somebody who had left before. */
  readonly badges: number
  readonly grants: number
  readonly accounts: number
}
type Write = (departure: DepartureWrite) => Awaitable<DepartureWritten>

interface Needs {
  readonly facts: () => ActFacts
  /** @throws VigieError person-unknown, operator-last, journal-unavailable */
  readonly write: Write
  /** How many grants of theirs stand. @param person by id */
  readonly standing: (person: string, at: number) => number
  /** Accounts of theirs that have not ended. @param person by id @throws VigieError operator-last */
  readonly accounts: (person: string, which: DepartureWrite['accounts']) => readonly string[]
  /** At once, sockets too. */
  readonly endSessions: (operator: string) => Awaitable<unknown>
  /** Keeps an account out that the store still calls active. */
  readonly suspend: (operator: string) => void
  /** Resolves when the running hub decides by what is stored, or there is none. */
  readonly inForce: () => Awaitable<unknown>
  /** Only in a running hub: its memory is what decides. */
  readonly withoutDisk?: WithoutDisk | undefined
  readonly now: () => number
}

export class PersonDeparted {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * @param write in place of the usual, where more goes into the same commit
   * @throws VigieError person-unknown, operator-own, operator-last, not-in-force; journal-unavailable where no hub runs here
   */
  async depart(wish: DepartureWish, write: Write = this.#needs.write): Promise<Departed> {
    const { facts, accounts, inForce, endSessions, withoutDisk, now } = this.#needs
    const seen = facts()
    const pseudonym = needPerson(seen, wish.person)
    const departure = { ...wish, at: now(), accounts: wish.accounts ?? 'all' }
    const own = accounts(wish.person, departure.accounts)
    if (own.includes(wish.by)) throw new VigieError('operator-own', { login: wish.person })
    const plan = this.#inMemory(seen, pseudonym, departure, own)
    let done: DepartureWritten = { ...plan.ends, revision: 0 }
    const store = async (): Promise<number> => {
      done = await write(departure)
      return done.revision
    }
    const told = { at: departure.at, situations: plan.situations, events: [plan.row] }
    const written = await writtenOrInForce(store, told, withoutDisk, () => this.#goOn(plan))
    if (written.recorded === 'journal') for (const operator of done.operators) await endSessions(operator)
    await inForce()
    const { badges, grants, operators } = done
    return { person: wish.person, badges, grants, accounts: operators.length, ...written }
  }

  /** What ends where the disk does not take it. */
  #inMemory(seen: ActFacts, person: string, { person: id, at, by, statedReason }: DepartureWrite, own: Own): Plan {
    const badges = seen.site.badges.filter(b => b.person === id && OPENS.has(b.status)).map(b => b.uid)
    const ends = { badges: badges.length, grants: this.#needs.standing(id, at), operators: own }
    const row: Row = {
      ...{ kind: 'person.departed', person, by, badges: ends.badges, grants: ends.grants },
      ...(own[0] !== undefined && { operator: own[0] }),
      ...(statedReason !== undefined && { statedReason }),
    }
    return { badges, ends, row, situations: goingOn(seen, person, badges) }
  }

  #goOn({ badges, ends, situations }: Plan): void {
    const { withoutDisk, endSessions, suspend } = this.#needs
    withoutDisk?.apply(situations)
    for (const uid of badges) withoutDisk?.loseBadge(uid, [])
    for (const operator of ends.operators) {
      suspend(operator)
      void endSessions(operator)
    }
  }
}

type Own = readonly string[]
interface Plan {
  /** By uid. */
  readonly badges: readonly string[]
  readonly ends: Omit<DepartureWritten, 'revision'>
  readonly row: Row
  readonly situations: readonly SituationChange[]
}
const OPENS: ReadonlySet<string> = new Set(['active', 'suspended'])

/** A second person awaited on one of their badges, and their emergency openings. */
function goingOn({ situations: now, credentialOf }: ActFacts, person: string, badges: Own): SituationChange[] {
  const credentials = new Set(badges.map(uid => credentialOf(uid)))
  const witness = [...now.witness].filter(([, row]) => credentials.has(row.credential))
  const glass = [...now['break-glass']].filter(([key]) => key.startsWith(`${person}/`))
  return [
    ...witness.map(([key]) => ({ kind: 'witness' as const, key })),
    ...glass.map(([key]) => ({ kind: 'break-glass' as const, key })),
  ]
}
