/** What questions about rights read: small capabilities, handed in. Nothing here writes. Times are ms since 1970, UTC. */
import type { NamedId } from '../access/ask.ts'
import { Book } from '../access/ask-book.ts'
import type { Used } from '../access/ask-unused.ts'
import type { BadgeEvent } from '../access/ask-why.ts'
import { compile } from '../access/compile.ts'
import type { Grant } from '../access/grants.ts'
import type { Site } from '../access/site.ts'
import type { Situations } from '../access/situations.ts'
import type { Pseudonyms } from '../access/snapshot.ts'
import type { Knows } from '../access/validate.ts'
import type { Recorded } from '../events.ts'

/** Rights as the registry holds or held them. */
export interface Held {
  readonly revision: number
  readonly site: Site
  readonly pseudonyms: Pseudonyms
  /** Known at that revision and not revoked; those long over may be missing. */
  readonly grants: readonly Grant[]
}

export interface QuestionPorts {
  now(): number
  held(): Held
  /** Undefined where that revision is not kept. */
  heldAt(revision: number): Held | undefined
  /** The revision in force at a time; undefined before the first one. */
  revisionAt(at: number): number | undefined
  /** In force at `from` or later, each with the end it came to: one that was revoked ends there. */
  grantsSince(from: number): readonly Grant[]
  /** The person of the site a pseudonym stands for or stood for. */
  subject(pseudonym: string): NamedId | undefined
  /** A badge event; undefined for any other row, and for none. */
  badgeRow(seq: number): Recorded<BadgeEvent> | undefined
  /** `from` inclusive, `until` exclusive; oldest first, a slice at a time, others having their turn in between. */
  badgeRows(from: number, until: number): AsyncIterable<readonly Recorded<BadgeEvent>[]>
  /** Time of the oldest row; undefined while there is none. */
  journalSince(): number | undefined
  /** When the oldest of the present roles came to be as it is. */
  rolesSince(): number | undefined
  /** Rights that opened something, by their present place; `knownSince`: from when on that is the whole truth. */
  rightsUsed(since: number): Promise<{ readonly knownSince: number; readonly rights: Used['rights'] }>
  /** What is going on now. */
  situations(): Situations
  /** Ids of people with a PIN on record now. */
  pinHolders(): ReadonlySet<string>
  readonly knows: Knows
  /** Others have their turn. */
  pause(): Promise<unknown>
}

/** An answer, and how many journal rows about people were read for it. */
export interface Told<T> {
  readonly answer: T
  readonly rows: number
}

export const bookOf = ({ site, revision, pseudonyms, grants }: Held, at: number): Book =>
  new Book({ site, pseudonyms, snapshot: compile(site, revision, pseudonyms, grants, at) })

/** Who a pseudonym stands for; the pseudonym itself where that was erased. */
export const personNamed =
  (ports: Pick<QuestionPorts, 'subject'>) =>
  (pseudonym: string): NamedId =>
    ports.subject(pseudonym) ?? { id: pseudonym, name: pseudonym }
