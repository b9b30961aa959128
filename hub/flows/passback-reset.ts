/**
 * The count of who is inside is set right by hand: somebody left by a way nobody counts, and is refused for it.
 *
 *   check    the zone or the person is of the site
 *   record   what is forgotten, and how many people it was about, in one commit
 *
 * Forgotten is where they were last seen to go, and the places kept for them. Nothing opens by it.
 */
import type { SituationChange } from '../access/situations.ts'
import { VigieError } from '../errors.ts'
import { type ActFacts, type ActNeeds, needPerson, shown, zonesWithin } from './acting.ts'

/** One of the two, or everybody. */
export interface ResetWish {
  /** It and the zones below it. */
  readonly zone?: string
  readonly person?: string
}

export class PassbackReset {
  readonly #needs: ActNeeds

  constructor(needs: ActNeeds) {
    this.#needs = needs
  }

  /** @returns how many people it was about @throws VigieError zone-unknown, person-unknown, journal-unavailable */
  async reset({ zone, person }: ResetWish, by: string): Promise<{ readonly count: number; readonly revision: number }> {
    const { facts, write, now } = this.#needs
    const seen = facts()
    const subject = person === undefined ? undefined : needPerson(seen, person)
    const situations = rowsOf(seen, zone, subject)
    const count = new Set(situations.map(s => s.key)).size
    const about = { ...(zone === undefined ? {} : { zone }), ...(subject === undefined ? {} : { person: subject }) }
    const revision = await write({ at: now(), situations, events: [{ kind: 'passback.reset', by, ...about, count }] })
    return { count, revision }
  }
}

function rowsOf(facts: ActFacts, zone: string | undefined, person: string | undefined): SituationChange[] {
  const { site, situations } = facts
  if (zone !== undefined && !site.zones.some(z => z.id === zone))
    throw new VigieError('zone-unknown', { zone: shown(zone) })
  const within = zone === undefined ? undefined : zonesWithin(site, [zone])
  const concerned = (key: string, where: string): boolean =>
    (person === undefined || key === person) && (within === undefined || within.has(where))
  return [
    ...[...situations.position]
      .filter(([key, row]) => concerned(key, row.zone))
      .map(([key]) => ({ kind: 'position' as const, key })),
    ...[...situations.passage]
      .filter(([key, row]) => concerned(key, row.to))
      .map(([key]) => ({ kind: 'passage' as const, key })),
  ]
}
