/**
 * A person's PIN is set, with or without a duress PIN, or is cleared.
 *
 *   check    4 to 8 digits that are not the first anybody would try; the duress PIN is another one, as long as the first,
 *            so that nobody beside the reader can tell them apart
 *   hash     salted, slow; the PIN itself is kept nowhere, and stands in no message, log or row
 *   record   the hashes and their journal row, in one commit
 */
import type { SituationChange } from '../access/situations.ts'
import type { PinSet as PinSetEvent } from '../events.ts'
import { type ActFacts, type Awaitable, needPerson } from './acting.ts'

export interface PinRecord {
  readonly salt: string
  readonly hash: string
  readonly duressHash: string
}
export interface PinChanged {
  readonly changed: boolean
  readonly revision?: number
}
interface Needs {
  readonly facts: () => ActFacts
  /** @throws VigieError pin-weak, naming `pin` or `duressPin`, never their digits */
  readonly hash: (pin: string, duressPin: string | undefined) => Awaitable<PinRecord>
  readonly write: (set: {
    readonly at: number
    /** Person of the site, by id. */
    readonly person: string
    /** Absent: there is none any more. */
    readonly record?: PinRecord
    readonly situations: readonly SituationChange[]
    readonly event: PinSetEvent
  }) => Awaitable<number | false>
  readonly now: () => number
}

export class PinSet {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Wrong tries of before are forgotten. @throws VigieError person-unknown, pin-weak, journal-unavailable */
  async set(person: string, pin: string, duressPin: string | undefined, by: string): Promise<PinChanged> {
    const { facts, hash, write, now } = this.#needs
    const seen = facts()
    const pseudonym = needPerson(seen, person)
    const record = await hash(pin, duressPin)
    const event: PinSetEvent = { kind: 'pin.set', person: pseudonym, by }
    const revision = await write({ at: now(), person, record, situations: triesOf(seen, person), event })
    return { changed: true, ...(revision === false ? {} : { revision }) }
  }

  /** @returns `changed` false if there was none @throws VigieError person-unknown, journal-unavailable */
  async clear(person: string, by: string): Promise<PinChanged> {
    const { facts, write, now } = this.#needs
    const seen = facts()
    const event: PinSetEvent = { kind: 'pin.cleared', person: needPerson(seen, person), by }
    const revision = await write({ at: now(), person, situations: triesOf(seen, person), event })
    return revision === false ? { changed: false } : { changed: true, revision }
  }
}

/** Counted by badge. */
function triesOf({ site, situations, credentialOf }: ActFacts, person: string): SituationChange[] {
  const credentials = site.badges.flatMap(b => (b.person === person ? (credentialOf(b.uid) ?? []) : []))
  return credentials.filter(key => situations.pin.has(key)).map(key => ({ kind: 'pin' as const, key }))
}
