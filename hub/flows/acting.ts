/** What the flows of operators' acts are handed: the small common part. */
import type { Site } from '../access/site.ts'
import type { SituationChange, SituationKind, Situations } from '../access/situations.ts'
import { VigieError } from '../errors.ts'
import type { VigieEvent } from '../events.ts'

export type Awaitable<T> = T | Promise<T>

/** What an act looks at: the site as it stands, what is going on, and who stands behind a pseudonym. */
export interface ActFacts {
  readonly site: Site
  readonly situations: Situations
  /** Pseudonym of a person of the site, by id. */
  personOf(id: string): string | undefined
  /** Pseudonym of a badge, by uid. */
  credentialOf(uid: string): string | undefined
  /** The person behind a pseudonym; `id` is absent for somebody who is not in the site any more. */
  nameOf(pseudonym: string): Someone | undefined
}
export interface Someone {
  readonly id?: string
  readonly name: string
}

/** What an act writes, in one transaction with the journal rows that tell of it. */
export interface ActWrite {
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  /** Rows that must be there, or must not: refused with `situation-changed` otherwise, and nothing is written. */
  readonly expect?: readonly { readonly kind: SituationKind; readonly key: string; readonly present: boolean }[]
  readonly situations: readonly SituationChange[]
  readonly events: readonly VigieEvent[]
}
/** @returns the revision it made @throws VigieError situation-changed, journal-unavailable */
export type WriteAct = (act: ActWrite) => Awaitable<number>

export interface ActNeeds {
  readonly facts: () => ActFacts
  readonly write: WriteAct
  readonly now: () => number
}

/** Pseudonym of a person of the site. @throws VigieError person-unknown */
export function needPerson(facts: ActFacts, id: string): string {
  const pseudonym = facts.site.people.some(p => p.id === id) ? facts.personOf(id) : undefined
  if (pseudonym === undefined) throw new VigieError('person-unknown', { person: shown(id) })
  return pseudonym
}

/** @throws VigieError plan-unknown, naming the plans there are */
export function needPlan<P extends { readonly id: string }>(plans: readonly P[] | undefined, id: string): P {
  const plan = plans?.find(p => p.id === id)
  const all = plans?.map(p => p.id).join(', ') ?? ''
  const none = { en: 'none in this site', fr: 'aucun dans ce site' }
  if (!plan) throw new VigieError('plan-unknown', { plan: shown(id), expected: all || none })
  return plan
}

/** The zones and the zones below them. */
export function zonesWithin(site: Pick<Site, 'zones'>, tops: readonly string[]): Set<string> {
  const within = new Set(tops)
  for (let size = -1; size !== within.size; ) {
    size = within.size
    for (const { id, parent } of site.zones) if (parent !== undefined && within.has(parent)) within.add(id)
  }
  return within
}

/** What somebody typed, short enough and harmless enough for a message. */
export const shown = (text: string): string => text.replace(/[^\p{L}\p{N}_.:-]/gu, '?').slice(0, 63)
